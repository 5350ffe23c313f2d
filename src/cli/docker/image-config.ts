/**
 * What an image says of the container it wants: its entrypoint, command, ports, signal. Of the official images' Dockerfiles at
 * the lab's time (docker-library, nginxinc/docker-nginx, kubernetes-sigs/kind images/base).
 */
import { type Container, commandOf, imageFacts, knownDocker, type Lab, programOf } from '../../sim/lab/index.ts';

/** Command and entrypoint of images whose program the lab does not run by itself. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
	alpine: ['/bin/sh'],
	busybox: ['sh'],
	debian: ['bash'],
	ubuntu: ['bash'],
	'nicolaka/netshoot': ['zsh'],
	python: ['python3'],
};
const ENTRYPOINTS: Readonly<Record<string, readonly string[]>> = {
	'curlimages/curl': ['/entrypoint.sh'],
	'quay.io/cilium/alpine-curl': ['/usr/bin/curl'],
	'kindest/node': ['/usr/local/bin/entrypoint', '/sbin/init'],
};

/** `EXPOSE` */
const PORTS: Readonly<Record<string, string>> = {
	nginx: '80',
	'nginxinc/nginx-unprivileged': '8080',
	httpd: '80',
	wordpress: '80',
	'traefik/whoami': '80',
	traefik: '80',
	redis: '6379',
	mysql: '3306 33060',
	mariadb: '3306',
	postgres: '5432',
	mongo: '27017',
	memcached: '11211',
	rabbitmq: '4369 5671 5672 15691 15692 25672',
	'grafana/grafana': '3000',
	'prom/prometheus': '9090',
	'prom/node-exporter': '9100',
	'jenkins/jenkins': '8080 50000',
	registry: '5000',
	'paulbouwer/hello-kubernetes': '8080',
};

/** `STOPSIGNAL` */
const SIGNALS: Readonly<Record<string, string>> = {
	nginx: 'SIGQUIT',
	'nginxinc/nginx-unprivileged': 'SIGQUIT',
	httpd: 'SIGWINCH',
	postgres: 'SIGINT',
	'kindest/node': 'SIGRTMIN+3',
};

export interface ImageConfig {
	readonly entrypoint?: readonly string[];
	readonly cmd?: readonly string[];
	/** `80/tcp` */
	readonly ports: readonly string[];
	readonly signal?: string;
	readonly env: Readonly<Record<string, string>>;
	readonly directory: string;
	readonly user: string;
}

const repository = (image: string): string =>
	image
		.replace(/@sha256:.*$/, '')
		.replace(/:[^/:]*$/, '')
		.replace(/^docker\.io\/(?:library\/)?/, '');

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
	Object.hasOwn(table, name) ? table[name] : undefined;

/** What is known of an image by its reference. */
export function imageConfig(image: string): ImageConfig {
	const name = repository(image);
	const facts = imageFacts(image);
	const program = programOf({ image });
	const whole = program.entrypoint ?? [];
	// What the lab runs is one command line; a script of the image's is its entrypoint, and what follows the command.
	const script = /entrypoint/.test(whole[0] ?? '');
	const begins = own(ENTRYPOINTS, name) ?? (script ? whole.slice(0, 1) : name === 'httpd' ? [] : whole);
	const entrypoint = begins.length > 0 ? begins : undefined;
	const rest = script ? whole.slice(1) : name === 'httpd' ? whole : [];
	const behind = [...rest, ...(program.cmd ?? [])];
	const cmd = own(SHELLS, name) ?? (own(ENTRYPOINTS, name) || behind.length === 0 ? undefined : behind);
	const signal = own(SIGNALS, name);
	return {
		...(entrypoint ? { entrypoint } : {}),
		...(cmd ? { cmd } : {}),
		ports: (own(PORTS, name) ?? '')
			.split(' ')
			.filter((port) => port !== '')
			.map((port) => `${port}/tcp`),
		...(signal === undefined ? {} : { signal }),
		env: facts.env,
		directory: facts.directory ?? '',
		user: facts.user === undefined ? '' : (facts.user.name ?? String(facts.user.uid)),
	};
}

/** What runs: `docker run`'s words behind the image's entrypoint, or the image's own. */
export function argvOf(image: string, entrypoint: string | undefined, words: readonly string[]): readonly string[] {
	if (entrypoint !== undefined && entrypoint !== '') return [entrypoint, ...words];
	const name = repository(image);
	const first = own(ENTRYPOINTS, name) ?? [];
	if (words.length > 0) return [...first, ...words];
	const known = commandOf({ image });
	return first.length > 0 ? first : known.length > 0 ? known : (own(SHELLS, name) ?? ['sh']);
}

/** Ports of a container's image and those of `--expose`, in their order. */
export const exposedPorts = (lab: Lab, container: Container): readonly string[] => {
	const asked = knownDocker(lab, container.id)?.settings.ports ?? [];
	return [...new Set([...imageConfig(container.base ?? container.image).ports, ...asked])].sort(
		(a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10),
	);
};
