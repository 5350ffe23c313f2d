/**
 * What images say of themselves, beside their programs: who runs them, where, with which variables, and the version
 * behind their tag. Of the official images' Dockerfiles at the lab's time, the end of August 2022.
 */
import { parseImage, repositoryOf } from '../machine/image-names.ts';

export interface ImageFacts {
	/** `docker.io/library/` is left out. */
	readonly repository: string;
	readonly tag: string;
	/** `USER`: a number, or a name with the number /etc/passwd has for it; root where absent. */
	readonly user?: { readonly name?: string; readonly uid: number; readonly gid: number };
	/** `WORKDIR`; the root where absent. */
	readonly directory?: string;
	/** `ENV`. */
	readonly env: Readonly<Record<string, string>>;
	/** Of the program it is named after, where its tag says it. */
	readonly version?: string;
	readonly system: 'alpine' | 'busybox' | 'debian' | 'ubuntu' | 'none';
	/** It has its program and nothing else. */
	readonly alone: boolean;
}

export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Last patches of nginx's minors, as far as they were published as images. */
export const NGINX_LAST: Readonly<Record<string, number>> = {
	'1.7': 12,
	'1.8': 1,
	'1.9': 15,
	'1.10': 3,
	'1.11': 13,
	'1.12': 2,
	'1.13': 12,
	'1.14': 2,
	'1.15': 12,
	'1.16': 1,
	'1.17': 10,
	'1.18': 0,
	'1.19': 10,
	'1.20': 2,
	'1.21': 6,
	'1.22': 1,
	'1.23': 4,
	'1.24': 0,
	'1.25': 5,
	'1.26': 3,
	'1.27': 5,
	'1.28': 0,
	'1.29': 4,
};

/** What `latest` and such were in the lab's time: the mainline, and the stable branch. */
const MAINLINE = '1.23.1';
const STABLE = '1.22.0';
const HTTPD = '2.4.54';

function nginxVersion(tag: string): string {
	const [, exact, minor] = /^((\d+\.\d+)\.\d+)/.exec(tag) ?? [];
	if (exact !== undefined && Number(minor!.split('.')[1]) > 0) return exact;
	const [, short] = /^(\d+\.\d+)(?!\.\d)/.exec(tag) ?? [];
	if (short === '1.23') return MAINLINE;
	if (short === '1.22') return STABLE;
	if (short !== undefined && NGINX_LAST[short] !== undefined) return `${short}.${NGINX_LAST[short]}`;
	return /^stable/.test(tag) ? STABLE : MAINLINE;
}

/** On Alpine's system, whatever their tag says; by the last part of their names. */
const ON_ALPINE =
	/^(?:alpine|alpine-curl|bash|curl|netshoot|agnhost|podinfo|hello|hello-kubernetes|network-multitool|dnstools|docker|caddy|registry|traefik|grafana|controller|hello-app|http-https-echo|stress)$/;

/** One program and nothing else, not even a shell: images from nothing, and distroless ones. */
const ALONE =
	/^(?:hashicorp\/http-echo|(?:traefik|containous)\/whoami|jmalloc\/echo-server|mccutchen\/go-httpbin|hello-world|vish\/stress|quay\.io\/jetstack\/.*|gcr\.io\/distroless\/.*|(?:registry\.k8s\.io|k8s\.gcr\.io|gcr\.io\/google[-_]containers)\/(?:pause|serve_hostname|metrics-server\/metrics-server))$/;

const isAlone = (repository: string, tag: string): boolean =>
	ALONE.test(repository) ? !/alpine|debug/.test(tag) : repository === 'nats' && !/alpine/.test(tag);

const systemOf = (repository: string, tag: string): ImageFacts['system'] => {
	const last = repository.slice(repository.lastIndexOf('/') + 1);
	if (isAlone(repository, tag)) return 'none';
	if (last === 'busybox' || last === 'local-path-helper' || /^(?:quay\.io\/)?prom(?:etheus)?\//.test(repository))
		return 'busybox';
	if (repository.startsWith('gcr.io/distroless/')) return 'busybox';
	const echoserver = last === 'echoserver' && tag.startsWith('2');
	if (/alpine/.test(tag) || echoserver || ON_ALPINE.test(last)) return 'alpine';
	if (/^(?:ubuntu|cilium|kindnetd|rabbitmq|nginx-slim)$/.test(last)) return 'ubuntu';
	if (/^(?:pause|coredns|etcd|kube-|operator)/.test(last)) return 'none';
	return 'debian';
};

const USERS: Readonly<Record<string, NonNullable<ImageFacts['user']>>> = {
	'curlimages/curl': { name: 'curl_user', uid: 100, gid: 101 },
	'nginxinc/nginx-unprivileged': { uid: 101, gid: 101 },
	'grafana/grafana': { uid: 472, gid: 0 },
	'prom/prometheus': { name: 'nobody', uid: 65534, gid: 65534 },
	'prom/node-exporter': { name: 'nobody', uid: 65534, gid: 65534 },
	'jenkins/jenkins': { name: 'jenkins', uid: 1000, gid: 1000 },
	'stefanprodan/podinfo': { name: 'app', uid: 100, gid: 101 },
	haproxy: { name: 'haproxy', uid: 99, gid: 99 },
	'paulbouwer/hello-kubernetes': { name: 'node', uid: 1000, gid: 1000 },
};

const DIRECTORIES: Readonly<Record<string, string>> = {
	'quay.io/cilium/cilium': '/home/cilium',
	'nicolaka/netshoot': '/root',
	httpd: '/usr/local/apache2',
	redis: '/data',
	golang: '/go',
	wordpress: '/var/www/html',
	'curlimages/curl': '/home/curl_user',
	'stefanprodan/podinfo': '/home/app',
	'grafana/grafana': '/usr/share/grafana',
	'prom/prometheus': '/prometheus',
};

/** A version in a tag, whole: `7.0.4-alpine` is 7.0.4. */
const exactly = (tag: string): string | undefined => /^v?(\d+\.\d+(?:\.\d+)?)/.exec(tag)?.[1];

/** Which njs an image of nginx brings along (nginxinc/docker-nginx at its tags). */
const NJS: Readonly<Record<string, string>> = {
	'1.19.10': '0.5.3',
	'1.20.2': '0.7.0',
	'1.23.0': '0.7.5',
	'1.23.1': '0.7.6',
	'1.23.2': '0.7.7',
	'1.23.3': '0.7.9',
	'1.23.4': '0.7.11',
	'1.24.0': '0.7.12',
	'1.25.0': '0.7.12',
	'1.25.1': '0.7.12',
	'1.25.2': '0.8.0',
	'1.25.3': '0.8.2',
	'1.25.4': '0.8.3',
	'1.25.5': '0.8.4',
	'1.26.0': '0.8.4',
	'1.26.1': '0.8.4',
	'1.27.0': '0.8.4',
};

/** Kubernetes' own nginx of the tutorials, built from its source. */
export const isNginxSlim = (repository: string): boolean =>
	/^(?:registry\.k8s\.io|k8s\.gcr\.io|gcr\.io\/google[-_]containers)\/nginx-slim$/.test(repository);

/**
 * nginx in nginx-slim from a tag on: NGINX_VERSION of images/nginx-slim/build.sh beside TAG of its Makefile, in
 * kubernetes-retired/contrib and kubernetes/ingress-nginx (0.9: pull 1575, 0.16: 006bb047, 0.23: pull 1087).
 */
const SLIM: readonly (readonly [number, string])[] = [
	[23, '1.13.4'],
	[16, '1.11.12'],
	[9, '1.11.3'],
	[0, '1.11.1'],
];

/** What is known of an image by its reference; of one that is no reference, nothing but that. */
export function imageFacts(image: string): ImageFacts {
	const name = parseImage(image);
	if (!name) return { repository: image, tag: '', env: { PATH }, system: 'none', alone: false };
	const repository = repositoryOf(name);
	const { tag } = name;
	const env: Record<string, string> = { PATH };
	let version: string | undefined;
	if (repository === 'nginx' || repository === 'nginxinc/nginx-unprivileged') {
		version = nginxVersion(tag);
		const [, minor = '0'] = version.split('.');
		Object.assign(env, {
			NGINX_VERSION: version,
			NJS_VERSION: NJS[version] ?? (version === MAINLINE ? '0.7.6' : '0.7.5'),
			PKG_RELEASE: /alpine/.test(tag) ? '1' : Number(minor) >= 25 ? '1~bookworm' : '1~bullseye',
		});
		if (Number(minor) < 15) delete env.PKG_RELEASE;
	} else if (isNginxSlim(repository)) {
		const number = Number(/^0\.(\d+)/.exec(tag)?.[1] ?? 0);
		version = SLIM.find(([from]) => number >= from)![1];
	} else if (repository === 'httpd') {
		version = /^2\.4\.\d+/.exec(tag)?.[0] ?? HTTPD;
		env.PATH = `/usr/local/apache2/bin:${PATH}`;
		Object.assign(env, { HTTPD_PREFIX: '/usr/local/apache2', HTTPD_VERSION: version });
	} else {
		version = exactly(tag);
		const named: Readonly<Record<string, Readonly<Record<string, string>>>> = {
			redis: { REDIS_VERSION: version ?? '7.0.4' },
			mysql: {
				MYSQL_MAJOR: (version ?? '8.0').split('.').slice(0, 2).join('.'),
				MYSQL_VERSION: version ?? '8.0.30-1.el8',
			},
			mariadb: { MARIADB_VERSION: `1:${version ?? '10.9.2'}+maria~ubu2204`, LANG: 'C.UTF-8' },
			postgres: {
				PG_MAJOR: (version ?? '14').split('.')[0]!,
				PG_VERSION: `${version ?? '14.5'}-1.pgdg110+1`,
				PGDATA: '/var/lib/postgresql/data',
				LANG: 'en_US.utf8',
			},
			mongo: { MONGO_VERSION: version ?? '6.0.1', MONGO_MAJOR: (version ?? '6.0').split('.').slice(0, 2).join('.') },
			python: { PYTHON_VERSION: version ?? '3.10.6', LANG: 'C.UTF-8' },
			node: { NODE_VERSION: version ?? '18.8.0' },
			golang: { GOLANG_VERSION: version ?? '1.19', GOPATH: '/go' },
			memcached: { MEMCACHED_VERSION: version ?? '1.6.17' },
			rabbitmq: { RABBITMQ_VERSION: version ?? '3.10.7', RABBITMQ_HOME: '/opt/rabbitmq' },
			haproxy: { HAPROXY_VERSION: version ?? '2.6.4' },
			// Dockerfile @ v1.0.0
			'hashicorp/http-echo': /^1/.test(tag) ? { ECHO_TEXT: 'hello-world' } : {},
			'gcr.io/google-samples/kubernetes-bootcamp': { NPM_CONFIG_LOGLEVEL: 'info', NODE_VERSION: '6.3.1' },
			'gcr.io/google-samples/node-hello': { NPM_CONFIG_LOGLEVEL: 'info', NODE_VERSION: '4.4.2' },
			'jocatalin/kubernetes-bootcamp': { NPM_CONFIG_LOGLEVEL: 'info', NODE_VERSION: '6.3.1' },
		};
		Object.assign(env, Object.hasOwn(named, repository) ? named[repository] : {});
		if (repository === 'golang') env.PATH = `/go/bin:/usr/local/go/bin:${PATH}`;
		if (repository === 'postgres') env.PATH = `${PATH}:/usr/lib/postgresql/${env.PG_MAJOR}/bin`;
	}
	return {
		repository,
		tag,
		env,
		system: systemOf(repository, tag),
		alone: isAlone(repository, tag),
		...(Object.hasOwn(USERS, repository) ? { user: USERS[repository]! } : {}),
		...(Object.hasOwn(DIRECTORIES, repository) ? { directory: DIRECTORIES[repository]! } : {}),
		...(version === undefined ? {} : { version }),
	};
}
