/**
 * Servers of people's images: they listen where their image does, say what it says when it starts, and give up as it
 * does when they are not told what they need. What they keep, they keep in their files: a volume there is found again.
 */
import { formatMicroTime } from '../../api/index.ts';
import type { Listening, Program, ProgramContext } from '../software/program.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { newestVersion } from './catalog.ts';
import { imageFacts } from './image-facts.ts';
import { type ContainerState, containerState } from './states.ts';

interface Start {
	readonly context: ProgramContext;
	readonly state: ContainerState;
	readonly env: Readonly<Record<string, string>>;
	/** Version of its tag, or of the lab's time. */
	readonly version: string;
	/** `2022-08-31 10:00:05`, and what may follow a second. */
	readonly time: string;
	readonly micros: string;
	/** `31 Aug 2022 10:00:05`. */
	readonly day: string;
}

interface Server {
	readonly ports: readonly number[];
	readonly argv: readonly string[];
	/** Names its command line may begin with. */
	readonly names?: readonly string[];
	/** Version of the lab's time. */
	readonly version?: string;
	/** Seconds until it listens. */
	readonly takes?: readonly [from: number, to: number];
	/** Lines it writes; a code when it gives up. */
	start?(start: Start): { readonly lines: readonly string[]; readonly code?: number };
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const given = (env: Readonly<Record<string, string>>, ...names: readonly string[]): boolean =>
	names.some((name) => (env[name] ?? '') !== '' || env[`${name}_FILE`] !== undefined);

/** docker-entrypoint.sh of docker-library/mysql @ 8.0 and MariaDB/mariadb-docker @ 10.9. */
function mysqlStarts({ state, env, version, time }: Start, maria: boolean): ReturnType<NonNullable<Server['start']>> {
	const name = maria ? 'MariaDB' : 'MySQL';
	const prefix = maria ? 'MARIADB' : 'MYSQL';
	const shown = maria ? `1:${version}+maria~ubu2204` : `${version}-1.el8`;
	const stamp = `${time}+00:00`;
	const note = (text: string): string => `${stamp} [Note] [Entrypoint]: ${text}`;
	const lines = [note(`Entrypoint script for ${name} Server ${shown} started.`)];
	if (state.user.uid === 0)
		lines.push(
			note("Switching to dedicated user 'mysql'"),
			note(`Entrypoint script for ${name} Server ${shown} started.`),
		);
	const known = state.disk.stat('/var/lib/mysql/mysql') !== undefined;
	const names = ['ROOT_PASSWORD', maria ? 'ALLOW_EMPTY_ROOT_PASSWORD' : 'ALLOW_EMPTY_PASSWORD', 'RANDOM_ROOT_PASSWORD'];
	const told = given(
		env,
		...names.flatMap((n) => [`MYSQL_${n}`, `${prefix}_${n}`]),
		'MYSQL_ALLOW_EMPTY_PASSWORD',
		'MARIADB_ROOT_PASSWORD_HASH',
	);
	if (!known && !told)
		return {
			lines: [
				...lines,
				`${stamp} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified`,
				...(maria
					? [
							'\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD',
						]
					: [
							'    You need to specify one of the following as an environment variable:',
							'    - MYSQL_ROOT_PASSWORD',
							'    - MYSQL_ALLOW_EMPTY_PASSWORD',
							'    - MYSQL_RANDOM_ROOT_PASSWORD',
						]),
			],
			code: 1,
		};
	if (!known) {
		const fault = state.disk.mkdir('/var/lib/mysql/mysql', { parents: true });
		if (fault)
			return {
				lines: [...lines, `mysqld: Can't create directory '/var/lib/mysql/' (OS errno ${fault === 'EROFS' ? 30 : 13})`],
				code: 1,
			};
		lines.push(note('Initializing database files'), note('Database files initialized'));
		const database = env[`${prefix}_DATABASE`] ?? env.MYSQL_DATABASE;
		if (database) {
			lines.push(note(`Creating database ${database}`));
			state.disk.mkdir(`/var/lib/mysql/${database}`, { parents: true });
		}
		const user = env[`${prefix}_USER`] ?? env.MYSQL_USER;
		if (user) lines.push(note(`Creating user ${user}`));
		lines.push('', note(`${name} init process done. Ready for start up.`), '');
	}
	const short = version.split('-')[0];
	lines.push(
		maria
			? `${time} 0 [Note] mariadbd: ready for connections.`
			: `${time.replace(' ', 'T')}.000000Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '${short}'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.`,
	);
	if (maria)
		lines.push(
			`Version: '${short}-MariaDB-1:${short}+maria~ubu2204'  socket: '/run/mysqld/mysqld.sock'  port: 3306  mariadb.org binary distribution`,
		);
	return { lines };
}

/** docker-entrypoint.sh of docker-library/postgres @ 14. */
function postgresStarts({ state, env, version, time, micros }: Start): ReturnType<NonNullable<Server['start']>> {
	const data = env.PGDATA ?? '/var/lib/postgresql/data';
	const known = state.disk.stat(`${data}/PG_VERSION`) !== undefined;
	const log = (pid: number, text: string): string => `${time}.${micros.slice(0, 3)} UTC [${pid}] LOG:  ${text}`;
	if (!known && !given(env, 'POSTGRES_PASSWORD') && env.POSTGRES_HOST_AUTH_METHOD !== 'trust')
		return {
			lines: `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html`.split('\n'),
			code: 1,
		};
	const lines: string[] = [];
	if (known) lines.push('', 'PostgreSQL Database directory appears to contain a database; Skipping initialization', '');
	else {
		lines.push(
			'The files belonging to this database system will be owned by user "postgres".',
			'This user must also own the server process.',
			'',
		);
		const fault =
			state.disk.mkdir(data, { parents: true }) ?? state.disk.write(`${data}/PG_VERSION`, `${version.split('.')[0]}\n`);
		if (fault && fault !== 'EEXIST')
			return {
				lines: [
					`chmod: changing permissions of '${data}': ${fault === 'EROFS' ? 'Read-only file system' : 'Operation not permitted'}`,
				],
				code: 1,
			};
		lines.push('PostgreSQL init process complete; ready for start up.', '');
	}
	lines.push(
		log(
			1,
			`starting PostgreSQL ${version} (Debian ${version}-1.pgdg110+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 10.2.1-6) 10.2.1 20210110, 64-bit`,
		),
		log(1, 'listening on IPv4 address "0.0.0.0", port 5432'),
		log(1, 'listening on IPv6 address "::", port 5432'),
		log(1, 'listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"'),
		log(known ? 26 : 60, `database system was shut down at ${time} UTC`),
		log(1, 'database system is ready to accept connections'),
	);
	return { lines };
}

const redisStarts = ({ version, day, micros }: Start): ReturnType<NonNullable<Server['start']>> => {
	const at = (role: string, mark: string, text: string): string =>
		`1:${role} ${day}.${micros.slice(0, 3)} ${mark} ${text}`;
	return {
		lines: [
			at('C', '#', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo'),
			at('C', '#', `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=1, just started`),
			at(
				'C',
				'#',
				'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
			),
			at('M', '*', 'monotonic clock: POSIX clock_gettime'),
			at('M', '*', 'Running mode=standalone, port=6379.'),
			at('M', '#', 'Server initialized'),
			at('M', '*', 'Ready to accept connections'),
		],
	};
};

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
		start: redisStarts,
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
	'jocatalin/kubernetes-bootcamp': { ports: [8080], argv: ['/bin/sh', '-c', 'node server.js'] },
	'gcr.io/google-samples/kubernetes-bootcamp': { ports: [8080], argv: ['/bin/sh', '-c', 'node server.js'] },
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
	'registry.k8s.io/hpa-example': { ports: [80], argv: ['docker-php-entrypoint', 'apache2-foreground'] },
	'k8s.gcr.io/hpa-example': { ports: [80], argv: ['docker-php-entrypoint', 'apache2-foreground'] },
	'registry.k8s.io/nginx-slim': { ports: [80], argv: ['nginx', '-g', 'daemon off;'] },
	'k8s.gcr.io/nginx-slim': { ports: [80], argv: ['nginx', '-g', 'daemon off;'] },
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

function program(server: Server): Program {
	const { ports, argv, takes = [0.05, 1] } = server;
	const listens: readonly Listening[] = ports.map((port) => ({ port, protocol: 'TCP' }));
	return {
		entrypoint: argv.slice(0, 1),
		cmd: argv.slice(1),
		...(server.names ? { names: server.names } : {}),
		stops: [100 * MILLISECOND, 900 * MILLISECOND],
		listens: () => listens,
		listensOnly: true,
		start(context) {
			const { cluster, machine, pod, container, id } = context;
			const state = containerState(cluster, machine, pod, container, id);
			const { timeline } = cluster;
			const [date = '', rest = ''] = formatMicroTime(
				timeline.epoch + Math.floor(timeline.now / SECOND),
				timeline.now % SECOND,
			).split('T');
			const [year, month, dayOf] = date.split('-');
			const clock = rest.slice(0, 8);
			const { repository, tag } = imageFacts(container.image);
			const version = newestVersion(repository, tag) ?? server.version ?? '';
			// It answers a question and is no server then; its words are not in the lab.
			const asked = (container.args ?? []).find((word) => word === '--version' || word === '--help');
			if (asked !== undefined) {
				context.log(`${(container.args ?? [])[0]}: the simulator has this server, but not its ${asked}`);
				context.after(50 * MILLISECOND, () => context.exit(1));
				return;
			}
			const begun = server.start?.({
				context,
				state,
				env: state.env,
				version,
				time: `${date} ${clock}`,
				micros: rest.slice(9, 15),
				day: `${dayOf} ${MONTHS[Number(month) - 1]} ${year} ${clock}`,
			});
			for (const line of begun?.lines ?? []) context.log(line);
			if (begun?.code !== undefined) {
				const { code } = begun;
				context.after(context.between(100 * MILLISECOND, 400 * MILLISECOND, 'gives up'), () => context.exit(code));
				return;
			}
			context.after(context.between(takes[0] * SECOND, takes[1] * SECOND, 'start'), context.healthy);
		},
	};
}

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
	const server = Object.hasOwn(SERVERS, repository) ? SERVERS[repository]! : undefined;
	if (!server) return undefined;
	const made = program(server);
	programs.set(repository, made);
	return made;
}
