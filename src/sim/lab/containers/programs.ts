/**
 * Servers of people's images. Some are programs the lab has (`apps`); the others listen where their image does, and tell
 * whoever asks that nobody is there (`apps/unsimulated.ts`).
 */
import { formatMicroTime } from '../../api/index.ts';
import type { Listening, Program } from '../software/program.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { type AppBegun, type AppName, beginApp } from './apps/index.ts';
import { logSentence, unsimulated } from './apps/unsimulated.ts';
import { newestVersion } from './catalog.ts';
import { mysqlStarts, postgresStarts, type Start, type Started } from './databases.ts';
import { imageFacts } from './image-facts.ts';
import { askAt } from './serving.ts';
import { containerState } from './states.ts';
import { hostOf } from './web.ts';

interface Server {
	readonly ports: readonly number[];
	readonly argv: readonly string[];
	/** Names its command line may begin with. */
	readonly names?: readonly string[];
	/** Version of the lab's time. */
	readonly version?: string;
	/** Seconds until it listens. */
	readonly takes?: readonly [from: number, to: number];
	/** The program the lab has of it. */
	readonly app?: AppName;
	/** Lines it writes; a code when it gives up. */
	start?(start: Start): Started;
}

const HELLO = `
Hello from Docker!
This message shows that your installation appears to be working correctly.

To generate this message, Docker took the following steps:
 1. The Docker client contacted the Docker daemon.
 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.
    (amd64)
 3. The Docker daemon created a new container from that image which runs the
    executable that produces the output you are currently reading.
 4. The Docker daemon streamed that output to the Docker client, which sent it
    to your terminal.

To try something more ambitious, you can run an Ubuntu container with:
 $ docker run -it ubuntu bash

Share images, automate workflows, and more with a free Docker ID:
 https://hub.docker.com/

For more examples and ideas, visit:
 https://docs.docker.com/get-started/
`;

const script = 'docker-entrypoint.sh';

const BOOTCAMP: Server = { ports: [8080], argv: ['/bin/sh', '-c', 'node server.js'], app: 'bootcamp' };
const HELLO_APP: Server = { ports: [8080], argv: ['./hello-app'], app: 'hello-app' };
const GB_FRONTEND: Server = { ports: [80], argv: ['docker-php-entrypoint', 'apache2-foreground'] };
const WHOAMI: Server = { ports: [80], argv: ['/whoami'], app: 'whoami' };

/** By the last part of their names, in Kubernetes' own registries. */
const OF_KUBERNETES: Readonly<Record<string, Server>> = {
	agnhost: { ports: [], argv: ['/agnhost', 'pause'], app: 'agnhost' },
	echoserver: { ports: [8080], argv: ['/usr/local/bin/run.sh'], app: 'echoserver' },
	serve_hostname: { ports: [9376], argv: ['/serve_hostname'], app: 'serve-hostname' },
};

const SERVERS: Readonly<Record<string, Server>> = {
	mysql: {
		ports: [3306],
		argv: [script, 'mysqld'],
		names: [script, 'mysqld'],
		version: '8.0.30',
		takes: [6, 11],
		start: (s) => mysqlStarts(s, false),
	},
	mariadb: {
		ports: [3306],
		argv: [script, 'mariadbd'],
		names: [script, 'mariadbd', 'mysqld'],
		version: '10.9.2',
		takes: [4, 8],
		start: (s) => mysqlStarts(s, true),
	},
	postgres: {
		ports: [5432],
		argv: [script, 'postgres'],
		names: [script, 'postgres'],
		version: '14.5',
		takes: [2, 4],
		start: postgresStarts,
	},
	mongo: { ports: [27017], argv: [script, 'mongod'], names: [script, 'mongod'], takes: [1, 3] },
	redis: {
		ports: [6379],
		argv: [script, 'redis-server'],
		names: [script, 'redis-server'],
		version: '7.0.4',
		app: 'redis',
	},
	memcached: { ports: [11211], argv: [script, 'memcached'], names: [script, 'memcached'] },
	rabbitmq: {
		ports: [5672, 15692],
		argv: [script, 'rabbitmq-server'],
		names: [script, 'rabbitmq-server'],
		takes: [6, 12],
	},
	traefik: { ports: [80], argv: ['/entrypoint.sh', 'traefik'], names: ['entrypoint.sh', 'traefik'] },
	registry: {
		ports: [5000],
		argv: ['/entrypoint.sh', '/etc/docker/registry/config.yml'],
		names: ['entrypoint.sh', 'registry'],
	},
	caddy: { ports: [80], argv: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'] },
	nats: { ports: [4222, 8222], argv: ['/nats-server', '--config', 'nats-server.conf'] },
	zookeeper: { ports: [2181, 8080], argv: ['/docker-entrypoint.sh', 'zkServer.sh', 'start-foreground'], takes: [2, 4] },
	elasticsearch: {
		ports: [9200, 9300],
		argv: ['/bin/tini', '--', '/usr/local/bin/docker-entrypoint.sh', 'eswrapper'],
		takes: [15, 30],
	},
	tomcat: { ports: [8080], argv: ['catalina.sh', 'run'], takes: [2, 5] },
	wordpress: { ports: [80], argv: [script, 'apache2-foreground'], names: [script, 'apache2-foreground'] },
	'jenkins/jenkins': {
		ports: [8080, 50_000],
		argv: ['/usr/bin/tini', '--', '/usr/local/bin/jenkins.sh'],
		takes: [15, 30],
	},
	'grafana/grafana': { ports: [3000], argv: ['/run.sh'], takes: [2, 5] },
	'prom/prometheus': {
		ports: [9090],
		argv: ['/bin/prometheus', '--config.file=/etc/prometheus/prometheus.yml'],
		takes: [1, 2],
	},
	'prom/node-exporter': { ports: [9100], argv: ['/bin/node_exporter'] },
	'prom/alertmanager': { ports: [9093], argv: ['/bin/alertmanager'] },
	'jaegertracing/all-in-one': { ports: [16_686, 14_268], argv: ['/go/bin/all-in-one-linux'] },
	'kennethreitz/httpbin': { ports: [80], argv: ['gunicorn', '-b', '0.0.0.0:80', 'httpbin:app', '-k', 'gevent'] },
	'mccutchen/go-httpbin': { ports: [8080], argv: ['/bin/go-httpbin'] },
	'stefanprodan/podinfo': { ports: [9898], argv: ['./podinfo'] },
	'ghcr.io/stefanprodan/podinfo': { ports: [9898], argv: ['./podinfo'] },
	'paulbouwer/hello-kubernetes': { ports: [8080], argv: ['npm', 'start'] },
	'jocatalin/kubernetes-bootcamp': BOOTCAMP,
	'gcr.io/google-samples/kubernetes-bootcamp': BOOTCAMP,
	'gcr.io/google-samples/hello-app': HELLO_APP,
	'us-docker.pkg.dev/google-samples/containers/gke/hello-app': HELLO_APP,
	'gcr.io/google-samples/gb-frontend': GB_FRONTEND,
	'gcr.io/google_samples/gb-frontend': GB_FRONTEND,
	'gcr.io/google_samples/gb-redis-follower': { ports: [6379], argv: ['/bin/sh', '-c', '/run.sh'] },
	'gcr.io/google-samples/node-hello': {
		ports: [8080],
		argv: ['/bin/sh', '-c', 'node server.js'],
		app: 'node-hello',
	},
	'hashicorp/http-echo': { ports: [5678], argv: ['/http-echo'], app: 'http-echo' },
	'traefik/whoami': WHOAMI,
	'containous/whoami': WHOAMI,
	'ealen/echo-server': { ports: [80], argv: ['docker-entrypoint.sh', 'node', 'webserver'] },
	'jmalloc/echo-server': { ports: [8080], argv: ['/bin/echo-server'] },
	'mendhak/http-https-echo': { ports: [8080, 8443], argv: ['docker-entrypoint.sh', 'node', './index.js'] },
	'nginxdemos/hello': { ports: [80], argv: ['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'] },
	'praqma/network-multitool': {
		ports: [80],
		argv: ['/docker/entrypoint.sh', 'nginx', '-g', 'daemon off;'],
		names: ['entrypoint.sh', 'nginx'],
	},
	'wbitt/network-multitool': {
		ports: [80],
		argv: ['/docker/entrypoint.sh', 'nginx', '-g', 'daemon off;'],
		names: ['entrypoint.sh', 'nginx'],
	},
	'registry.k8s.io/goproxy': { ports: [8080], argv: ['/goproxy'] },
	'registry.k8s.io/hpa-example': { ports: [80], argv: ['docker-php-entrypoint', 'apache2-foreground'] },
	'k8s.gcr.io/hpa-example': { ports: [80], argv: ['docker-php-entrypoint', 'apache2-foreground'] },
	'rancher/hello-world': { ports: [80], argv: ['/bin/sh', '-c', 'start.sh'] },
	'bitnami/nginx': {
		ports: [8080],
		argv: ['/opt/bitnami/scripts/nginx/entrypoint.sh', '/opt/bitnami/scripts/nginx/run.sh'],
	},
	influxdb: { ports: [8086], argv: ['/entrypoint.sh', 'influxd'], names: ['entrypoint.sh', 'influxd'] },
	consul: { ports: [8500, 8600], argv: [script, 'agent', '-dev', '-client', '0.0.0.0'] },
	vault: { ports: [8200], argv: [script, 'server', '-dev'] },
	'minio/minio': { ports: [9000], argv: ['/usr/bin/docker-entrypoint.sh', 'minio'] },
};

const programs = new Map<string, Program>();

/** It answers a question and is no server then; its words are not in the lab. */
const QUESTION = /^--(?:version|help)$/;

function program(server: Server, repository: string): Program {
	const { ports, argv, takes = [0.05, 1], app } = server;
	const listens: readonly Listening[] = ports.map((port) => ({ port, protocol: 'TCP' }));
	return {
		entrypoint: argv.slice(0, 1),
		cmd: argv.slice(1),
		...(server.names ? { names: server.names } : {}),
		stops: [100 * MILLISECOND, 900 * MILLISECOND],
		listens: () => listens,
		listensOnly: true,
		...(app === undefined ? {} : { answers: true }),
		access: (access, at, connection) => access.lines?.(at, connection) ?? [],
		start(context) {
			const { cluster, machine, pod, container, id, log } = context;
			const state = containerState(cluster, machine, pod, container, id);
			// Nobody listens until it is up.
			state.web = { listens: [], answer: () => undefined };
			const host = hostOf(cluster, state, askAt(cluster));
			const { tag } = imageFacts(container.image);
			const asked = (container.args ?? []).find((word) => QUESTION.test(word));
			if (asked !== undefined && (app === undefined || app === 'redis')) {
				log(`${(container.args ?? [])[0]}: the simulator has this server, but not its ${asked}`);
				context.after(50 * MILLISECOND, () => context.exit(1));
				return;
			}
			const stamp = formatMicroTime(host.epoch + Math.floor(host.now / SECOND), host.now % SECOND);
			const version = newestVersion(repository, tag) ?? server.version ?? '';
			const begun: AppBegun =
				app === undefined
					? {
							lines: [],
							...server.start?.({
								state,
								env: state.env,
								version,
								time: stamp.slice(0, 19).replace('T', ' '),
								micros: stamp.slice(20, 26),
							}),
						}
					: beginApp(app, {
							argv: context.argv,
							env: state.env,
							tag,
							version,
							host,
							draw: (from, to) => context.between(from, to, 'draw'),
							exit: (code) => context.after(MILLISECOND, () => context.exit(code)),
						});
			for (const line of begun.lines) log(line);
			const { code } = begun;
			if (code !== undefined) {
				const delay = app === undefined ? context.between(100 * MILLISECOND, 400 * MILLISECOND, 'gives up') : 0;
				context.after(20 * MILLISECOND + delay, () => context.exit(code));
				return;
			}
			if (app === undefined) log(logSentence(repository));
			context.onTerm(() => {
				for (const line of begun.ends?.(host.epoch * SECOND + host.now) ?? []) log(line);
				return begun.stays ? DAY : 0;
			});
			context.after(context.between(takes[0] * SECOND, takes[1] * SECOND, 'start'), () => {
				state.web = begun.web ?? unsimulated(repository, listens);
				cluster.packetsChanged();
				context.healthy();
			});
		},
	};
}

/** Longer than any pod is given to end. */
const DAY = 86_400 * SECOND;

const hello: Program = {
	entrypoint: ['/hello'],
	alone: true,
	start(context) {
		for (const line of HELLO.split('\n')) context.log(line);
		context.after(20 * MILLISECOND, () => context.exit(0));
	},
};

/** haproxy without a configuration ends (docker-library/haproxy; src/haproxy.c). */
const haproxy: Program = {
	entrypoint: ['docker-entrypoint.sh'],
	cmd: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
	names: ['docker-entrypoint.sh', 'haproxy'],
	stops: [100 * MILLISECOND, 900 * MILLISECOND],
	start(context) {
		const { cluster, machine, pod, container, id } = context;
		const conf = '/usr/local/etc/haproxy/haproxy.cfg';
		const text = containerState(cluster, machine, pod, container, id).disk.read(conf);
		if (text === undefined) {
			context.log(`[NOTICE]   (1) : haproxy version is ${imageFacts(container.image).env.HAPROXY_VERSION}`);
			context.log(
				`[ALERT]    (1) : config : Cannot open configuration file/directory ${conf} : No such file or directory`,
			);
			context.after(50 * MILLISECOND, () => context.exit(1));
			return;
		}
		context.log('(this lab runs no haproxy: its configuration is not read)');
		context.after(100 * MILLISECOND, context.healthy);
	},
};

/** The program of an image of people's; undefined of those that are shells and tools. */
export function peoplesProgram(repository: string): Program | undefined {
	if (repository === 'hello-world') return hello;
	if (repository === 'haproxy') return haproxy;
	const known = programs.get(repository);
	if (known) return known;
	const [, last = ''] = OWN.exec(repository) ?? [];
	const server = Object.hasOwn(SERVERS, repository)
		? SERVERS[repository]!
		: Object.hasOwn(OF_KUBERNETES, last)
			? OF_KUBERNETES[last]!
			: undefined;
	if (!server) return undefined;
	const made = program(server, repository);
	programs.set(repository, made);
	return made;
}

const OWN =
	/^(?:registry\.k8s\.io|k8s\.gcr\.io|gcr\.io\/(?:google[-_]containers|kubernetes-e2e-test-images))\/(?:[^/]+\/)*([^/]+)$/;
