/**
 * Images of people's that registries have: which tags, how large, what runs in them.
 *
 * A line is a repository, megabytes over the network, tags that are words, versions, and what may follow a version after
 * a hyphen. A version `1.23.0-4` stands for 1.23.0 to 1.23.4 and for 1.23 and 1; `*` for any number. Source: the tags of
 * the official images (docker-library/official-images) and of each project, as far as the lab goes.
 */
import { type ImageName, repositoryOf } from '../machine/image-names.ts';
import { NGINX_LAST } from './image-facts.ts';

const DEBIAN = 'bookworm|bullseye|buster|stretch|trixie|slim|slim-bookworm|slim-bullseye|slim-buster';
const ALPINE = 'alpine|alpine3\\.\\d+';

const nginxVersions = Object.entries(NGINX_LAST)
	.map(([minor, last]) => `${minor}.${minor === '1.7' ? 1 : 0}-${last}`)
	.join(' ');

const LINES = `nginx|57|latest stable mainline alpine perl bookworm bullseye alpine-slim alpine-perl stable-alpine mainline-alpine stable-perl stable-alpine-slim stable-bookworm stable-bullseye mainline-bookworm mainline-alpine-slim|${nginxVersions}|${ALPINE}|perl|alpine-perl|alpine-slim|alpine3\\.\\d+-slim|bookworm|bullseye|trixie|otel|alpine-otel
busybox|2.2|latest stable glibc musl uclibc unstable stable-glibc stable-musl stable-uclibc|1.21.0 1.22.0 1.23.0-2 1.24.0-2 1.25.0-1 1.26.0-2 1.27.0-2 1.28.0-4 1.29.0-3 1.30.0-1 1.31.0-1 1.32.0-1 1.33.0-1 1.34.0-1 1.35.0 1.36.0-1 1.37.0|glibc|musl|uclibc
alpine|3.4|latest edge|2.6-7 3.1-4 3.5.2 3.6.0-5 3.7.0-3 3.8.0-5 3.9.0-6 3.10.0-9 3.11.0-13 3.12.0-12 3.13.0-12 3.14.0-10 3.15.0-11 3.16.0-9 3.17.0-10 3.18.0-12 3.19.0-8 3.20.0-6 3.21.0-3 3.22.0-1|
ubuntu|29|latest rolling devel trusty xenial bionic focal jammy noble plucky oracular mantic lunar kinetic impish hirsute groovy eoan|14.4.0-6 16.4.0-7 14.4 16.4 18.4 20.4 22.4 22.10 23.4 23.10 24.4 24.10 25.4|
debian|50|latest stable testing unstable sid oldstable oldoldstable stable-slim testing-slim ${DEBIAN.replaceAll('|', ' ')} bookworm-slim bullseye-slim buster-slim stretch-slim trixie-slim|8.0-11 9.0-13 10.0-13 11.0-11 12.0-12 13.0-1|slim
httpd|58|latest alpine bookworm bullseye|2.2.29-34 2.4.9-65|${ALPINE}|bookworm|bullseye|trixie
redis|40|latest alpine bookworm bullseye|3.0.0-7 3.2.0-13 4.0.0-14 5.0.0-14 6.0.0-20 6.2.0-19 7.0.0-15 7.2.0-10 7.4.0-5 8.0.0-3 8.2.0-1|${ALPINE}|${DEBIAN}
mysql|155|latest debian oracle lts innovation|5.5.40-62 5.6.20-51 5.7.5-44 8.0.0-43 8.1.0 8.2.0 8.3.0 8.4.0-6 9.0.0-1 9.1.0 9.2.0 9.3.0 9.4.0|debian|oracle|oraclelinux[789]
mariadb|128|latest lts jammy focal noble|5.5.40-68 10.0.1-38 10.1.1-48 10.2.1-44 10.3.0-39 10.4.1-34 10.5.1-29 10.6.0-22 10.7.1-8 10.8.2-8 10.9.1-8 10.10.1-7 10.11.2-13 11.0.2-6 11.1.2-6 11.2.2-6 11.3.2 11.4.2-7 11.5.2 11.6.2 11.7.2 11.8.2-3 12.0.2|jammy|focal|bionic|noble|ubi
postgres|150|latest alpine bookworm bullseye|9.3.0-25 9.4.0-26 9.5.0-25 9.6.0-24 10.0-23 11.0-22 12.0-22 13.0-22 14.0-19 15.0-14 16.0-10 17.0-6 18.0|${ALPINE}|${DEBIAN}
mongo|260|latest focal jammy noble|3.6.0-23 4.0.0-28 4.2.0-24 4.4.0-29 5.0.0-31 6.0.0-25 7.0.0-23 8.0.0-13 8.2.0|xenial|bionic|focal|jammy|noble
memcached|32|latest alpine bookworm|1.4.20-39 1.5.0-22 1.6.0-39|${ALPINE}|${DEBIAN}
rabbitmq|110|latest alpine management management-alpine|3.6.0-16 3.7.0-28 3.8.0-34 3.9.0-29 3.10.0-25 3.11.0-28 3.12.0-14 3.13.0-7 4.0.2-9 4.1.0-4|management|${ALPINE}|management-alpine
haproxy|38|latest alpine lts bookworm|1.5.0-19 1.6.0-16 1.7.0-14 1.8.0-31 1.9.0-16 2.0.0-34 2.1.0-12 2.2.0-33 2.3.0-21 2.4.0-28 2.5.0-14 2.6.0-22 2.7.0-11 2.8.0-15 2.9.0-15 3.0.0-11 3.1.0-8 3.2.0-4|${ALPINE}|${DEBIAN}
traefik|32|latest|v1.7.0-34 v2.0-11.* v3.0-5.* 1.7.0-34 2.0-11.* 3.0-5.*|${ALPINE}
python|360|latest slim alpine bookworm bullseye slim-bookworm slim-bullseye ${'alpine3.16 alpine3.17 alpine3.18'}|2.7.7-18 3.4.0-10 3.5.0-10 3.6.0-15 3.7.0-17 3.8.0-20 3.9.0-23 3.10.0-18 3.11.0-13 3.12.0-11 3.13.0-7 3.14.0|${ALPINE}|${DEBIAN}
node|360|latest lts current slim alpine lts-alpine lts-slim current-alpine bookworm bullseye|8.0-17.0-9 9.0-11.0-2 10.0-24.0-9 11.0-15.0-9 12.0-22.0-12 13.0-14.0-9 14.0-21.0-9 15.0-14.0-9 16.0-20.0-9 17.0-9.0-9 18.0-20.0-8 19.0-9.0-9 20.0-19.0-9 21.0-7.0-9 22.0-19.0-9 23.0-11.0-9 24.0-8.0-9|${ALPINE}|${DEBIAN}
golang|310|latest alpine bookworm bullseye|1.7-25.0-15|${ALPINE}|${DEBIAN}
ruby|330|latest slim alpine|2.0-7.0-10 3.0-4.0-9|${ALPINE}|${DEBIAN}
perl|330|latest slim stable|5.18-42.0-5|${DEBIAN}|threaded|slim-threaded
php|150|latest cli fpm apache alpine fpm-alpine zts|5.4-6.0-45 7.0-4.0-33 8.0-4.0-30|cli|fpm|apache|zts|${ALPINE}|cli-alpine|fpm-alpine|apache-bookworm|fpm-bookworm
openjdk|240|latest slim alpine|7 8 9 10 11 12 13 14 15 16 17 18|jdk|jre|slim|jdk-slim|jre-slim|jdk-alpine|jre-alpine|alpine|slim-buster
eclipse-temurin|200|latest|8 11 16 17 18 19 20 21 22 23 24|jdk|jre|jdk-alpine|jre-alpine|jdk-jammy|jre-jammy
tomcat|200|latest|7.0.* 8.0.* 8.5.0-99 9.0.0-99 10.0.* 10.1.0-45 11.0.0-11|jdk\\d+.*|jre\\d+.*
wordpress|200|latest apache fpm fpm-alpine php8.1 php8.2 php8.3|4.0-9.* 5.0-9.* 6.0-8.*|apache|fpm|fpm-alpine|php\\d\\.\\d(?:-(?:apache|fpm|fpm-alpine))?
registry|10|latest|2.0-8.0-3 3.0.0|
hello-world|0.01|latest linux nanoserver||
caddy|17|latest alpine builder|2.0-10.*|alpine|builder
nats|5|latest alpine linux|2.0-11.*|alpine|linux|scratch
zookeeper|120|latest|3.4-9.*|temurin
elasticsearch|560||7.17.0-28 8.0-19.*|
consul|48|latest|1.0-15.*|
vault|80|latest|1.0-13.*|
influxdb|120|latest alpine|1.8.* 2.0-7.*|alpine
amazonlinux|60|latest|1 2 2023|
centos|80|latest centos7 centos8|6 7 8 7.9.2009|
fedora|65|latest rawhide|32-42|
rockylinux|60||8 9 8.* 9.*|minimal
bash|6|latest|3.0-2.* 4.0-4.* 5.0-3.*|${ALPINE}
docker|130|latest dind cli stable|17-28.*|dind|cli
jenkins/jenkins|260|latest lts lts-jdk11 lts-jdk17 lts-alpine alpine jdk11 jdk17|2.200-520.*|lts|lts-jdk\\d+|jdk\\d+|alpine
curlimages/curl|7|latest|7.65-88.0-2 8.0-16.0-2|
nicolaka/netshoot|190|latest|v0.1-14 v0.1-14|
praqma/network-multitool|30|latest minimal extra alpine-minimal||
wbitt/network-multitool|30|latest minimal extra alpine-minimal alpine-extra||
nginxinc/nginx-unprivileged|57|latest stable mainline alpine perl alpine-slim stable-alpine mainline-alpine stable-perl stable-alpine-slim|${nginxVersions}|${ALPINE}|perl|alpine-perl|alpine-slim|bookworm|bullseye
nginxdemos/hello|20|latest plain-text|0.1-4|plain-text
traefik/whoami|3|latest|v1.0-11.* v1.0-11|
containous/whoami|3|latest|v1.0-5.*|
ealen/echo-server|42|latest|0.1-9.*|
hashicorp/http-echo|4|latest alpine|0.2.0-3 1.0.0|
jmalloc/echo-server|4|latest|0.1-3.*|
mendhak/http-https-echo|55|latest|1-37|
kennethreitz/httpbin|200|latest||
mccutchen/go-httpbin|10|latest|v2.0-18.* 2.0-18.*|
stefanprodan/podinfo|25|latest|4.0.* 5.0-2.* 6.0-9.*|
paulbouwer/hello-kubernetes|45||1.0-10 1.10.0-1|
jocatalin/kubernetes-bootcamp|83|v1 v2 latest||
gcr.io/google-samples/kubernetes-bootcamp|83|v1 v2||
gcr.io/google-samples/hello-app|5||1.0 2.0|
us-docker.pkg.dev/google-samples/containers/gke/hello-app|5||1.0 2.0|
gcr.io/google-samples/node-hello|240||1.0|
gcr.io/google-samples/gb-frontend|160||v3-6|
gcr.io/google_samples/gb-frontend|160||v3-6|
gcr.io/google_samples/gb-redis-follower|40||v1-3|
gcr.io/google_containers/echoserver|48||1.0-10|
gcr.io/kubernetes-e2e-test-images/dnsutils|10||1.0-3|
tutum/dnsutils|70|latest||
infoblox/dnstools|15|latest|v1-3|
tgraf/netperf|40|latest v1.0||
networkstatic/iperf3|25|latest||
polinux/stress|5|latest|1.0.4|
vish/stress|2|latest||
progrium/stress|280|latest||
bitnami/kubectl|80|latest|1.18-33.*|
bitnami/nginx|35|latest|1.18-29.*|debian-\\d+-r\\d+
grafana/grafana|95|latest main|7.0-5.* 8.0-5.* 9.0-5.* 10.0-4.* 11.0-6.* 12.0-1.*|ubuntu
prom/prometheus|85|latest main|v2.0-55.* v3.0-5.*|
prom/node-exporter|11|latest|v0.15-18.* v1.0-9.*|
prom/alertmanager|27|latest|v0.15-28.*|
jaegertracing/all-in-one|25|latest|1.0-76.* 1.0-76|
minio/minio|75|latest edge|RELEASE|
rancher/hello-world|5|latest||
cilium/starwars|5|latest|v1.0 v2.0-1|
registry.k8s.io/e2e-test-images/agnhost|50||2.1-56|
registry.k8s.io/e2e-test-images/jessie-dnsutils|55||1.3-7|
registry.k8s.io/e2e-test-images/busybox|1||1.29-36|\\d
registry.k8s.io/e2e-test-images/echoserver|48||2.2-5|
registry.k8s.io/e2e-test-images/nginx|50||1.14-15|\\d|alpine
registry.k8s.io/e2e-test-images/httpd|50||2.4.38-39|\\d
registry.k8s.io/echoserver|48||1.0-10|
registry.k8s.io/busybox|1|latest|1.24 1.27.2|
registry.k8s.io/goproxy|6||0.1|
gcr.io/google-containers/busybox|1|latest|1.24 1.27.2|
gcr.io/google_containers/busybox|1|latest|1.24 1.27.2|
registry.k8s.io/nginx-slim|40||0.7-27|
registry.k8s.io/hpa-example|180|latest||
registry.k8s.io/serve_hostname|5|latest|1.1-4 v1.1-4|
registry.k8s.io/metrics-server/metrics-server|26||v0.3-8.*|
registry.k8s.io/ingress-nginx/controller|110||v1.0-13.*|
registry.k8s.io/git-sync/git-sync|30||v3.0-6.* v4.0-4.*|
gcr.io/distroless/static|1|latest nonroot debug||
gcr.io/distroless/base|8|latest nonroot debug||
ghcr.io/stefanprodan/podinfo|25|latest|6.0-9.*|
quay.io/jetstack/cert-manager-controller|20||v1.0-18.*|
quay.io/prometheus/prometheus|85|latest|v2.0-55.* v3.0-5.*|
quay.io/prometheus/node-exporter|11|latest|v1.0-9.*|
quay.io/coreos/etcd|60|latest|v3.2-6.*|
gcr.io/google-containers/pause|0.3|latest|3.0-2|
k8s.gcr.io/e2e-test-images/agnhost|50||2.1-40|
k8s.gcr.io/e2e-test-images/jessie-dnsutils|55||1.3-6|
k8s.gcr.io/e2e-test-images/echoserver|48||2.2-5|
k8s.gcr.io/echoserver|48||1.0-10|
k8s.gcr.io/busybox|1|latest|1.24 1.27.2|
k8s.gcr.io/nginx-slim|40||0.7-9|
k8s.gcr.io/hpa-example|180|latest||
k8s.gcr.io/serve_hostname|5|latest|1.1-4 v1.1-4|`;

interface Entry {
	readonly mb: number;
	readonly patterns: readonly string[];
	has(tag: string): boolean;
}

let table: ReadonlyMap<string, Entry> | undefined;

const range = (pattern: string, number: string): boolean => {
	if (pattern === '*') return true;
	const [from, to = from] = pattern.split('-');
	return Number(number) >= Number(from) && Number(number) <= Number(to);
};

/** Whether a version is one of a pattern's, or shorter. */
function isVersion(pattern: string, version: string): boolean {
	const wanted = pattern.startsWith('v');
	if (wanted !== version.startsWith('v')) return false;
	const parts = pattern.slice(wanted ? 1 : 0).split('.');
	const given = version.slice(wanted ? 1 : 0).split('.');
	return given.length <= parts.length && given.every((part, i) => range(parts[i]!, part));
}

function entries(): ReadonlyMap<string, Entry> {
	if (table) return table;
	table = new Map(
		LINES.split('\n').map((line) => {
			const [repository = '', mb = '', words = '', versions = '', ...suffixes] = line.split('|');
			const own = new Set(words.split(' ').filter(Boolean));
			const patterns = versions.split(' ').filter(Boolean);
			const after = suffixes.length > 0 && suffixes[0] !== '' ? new RegExp(`^-(?:${suffixes.join('|')})$`) : undefined;
			const has = (tag: string): boolean => {
				if (own.has(tag)) return true;
				if (patterns.includes('RELEASE') && /^RELEASE\.\d{4}-\d\d-\d\dT[\d-]+Z$/.test(tag)) return true;
				const [, version, rest = ''] = /^(v?\d+(?:\.\d+)*)(-.*)?$/.exec(tag) ?? [];
				return (
					version !== undefined &&
					patterns.some((pattern) => isVersion(pattern, version)) &&
					(rest === '' || after?.test(rest) === true)
				);
			};
			return [repository, { mb: Number(mb), patterns, has }] as const;
		}),
	);
	return table;
}

/** Megabytes over the network of an image of people's; undefined of one that is not there. `anyTag`: of the repository. */
export function peoplesImage(name: ImageName, anyTag: boolean): number | undefined {
	const entry = entries().get(repositoryOf(name));
	if (!entry || !(anyTag || entry.has(name.tag))) return undefined;
	// A smaller system below the same program.
	if (entry.mb > 20 && /alpine/.test(name.tag)) return entry.mb * 0.2;
	return entry.mb > 60 && /slim/.test(name.tag) ? entry.mb * 0.25 : entry.mb;
}

/** The newest version that a short tag means: `15` of postgres is 15.14. Undefined of tags that are no numbers. */
export function newestVersion(repository: string, tag: string): string | undefined {
	const [, version] = /^(\d+(?:\.\d+)*)(?:-|$)/.exec(tag) ?? [];
	const all = (entries().get(repository)?.patterns ?? []).filter(
		(pattern) => version !== undefined && !pattern.includes('*') && isVersion(pattern, version),
	);
	const given = version?.split('.') ?? [];
	const newest = all.map((pattern) => pattern.split('.').map((part, i) => Number(given[i] ?? part.split('-').at(-1))));
	newest.sort((a, b) => {
		for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (b[i] ?? 0) - (a[i] ?? 0);
		return 0;
	});
	return newest[0]?.join('.');
}

/** Hosts of registries that answer. */
const HOSTS = new Set(
	'docker.io registry-1.docker.io index.docker.io quay.io gcr.io k8s.gcr.io registry.k8s.io ghcr.io mcr.microsoft.com public.ecr.aws registry.gitlab.com docker.elastic.co us-docker.pkg.dev'.split(
		' ',
	),
);

/** What containerd says of an image it cannot pull (remotes/docker/resolver.go, pusher.go @ v1.6, v1.7). */
export function pullRefusal(
	name: ImageName,
	there: boolean,
	at: { readonly full: string; readonly containerd: string; readonly dns: string },
): { readonly code: string; readonly text: string } {
	const { full } = at;
	const what = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
	const ref = name.digest ?? name.tag;
	const host = name.registry;
	const old = /^1\.[0-6]\./.test(at.containerd);
	if (host === 'localhost' || /^(?:localhost|127\.0\.0\.1):/.test(host) || /^\d+\.\d+\.\d+\.\d+(?::\d+)?$/.test(host)) {
		const [address = '', port] = host.split(':');
		const loopback = address === 'localhost' || address === '127.0.0.1';
		const dial = loopback
			? `${address === 'localhost' ? '[::1]' : address}:${port ?? (loopback ? '80' : '443')}: connect: connection refused`
			: `${address}:${port ?? '443'}: i/o timeout`;
		return {
			code: 'Unknown',
			text: `${what}: failed to do request: Head "${loopback ? 'http' : 'https'}://${host}/v2/${name.path}/manifests/${ref}": dial tcp ${dial}`,
		};
	}
	if (!HOSTS.has(host)) {
		const bare = host.replace(/:\d+$/, '');
		return {
			code: 'Unknown',
			text: `${what}: failed to do request: Head "https://${host}/v2/${name.path}/manifests/${ref}": dial tcp: lookup ${bare} on ${at.dns}: no such host`,
		};
	}
	if (there || host === 'registry.k8s.io' || host === 'k8s.gcr.io' || host === 'mcr.microsoft.com')
		return { code: 'NotFound', text: `${what}: ${full}: not found` };
	if (host === 'quay.io')
		return {
			code: 'Unknown',
			text: old
				? `${what}: pulling from host quay.io failed with status code [manifests ${ref}]: 401 UNAUTHORIZED`
				: `${what}: unexpected status from HEAD request to https://quay.io/v2/${name.path}/manifests/${ref}: 401 UNAUTHORIZED`,
		};
	if (host === 'ghcr.io')
		return {
			code: 'Unknown',
			text: old
				? `${what}: failed to authorize: failed to fetch anonymous token: unexpected status: 403 Forbidden`
				: `${what}: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3A${encodeURIComponent(name.path)}%3Apull&service=ghcr.io: 403 Forbidden`,
		};
	return {
		code: 'Unknown',
		text: `${what}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
	};
}

/** What Docker says of a registry it does not reach; undefined of those that answer (docker 20.10 registry/). */
export function dockerDial({ registry }: ImageName): string | undefined {
	if (/^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(registry)) {
		const [host, port = '80'] = registry.split(':');
		return `Get "http://${registry}/v2/": dial tcp ${host === 'localhost' ? '127.0.0.1' : host}:${port}: connect: connection refused`;
	}
	if (HOSTS.has(registry)) return undefined;
	return `Get "https://${registry}/v2/": dial tcp: lookup ${registry.replace(/:\d+$/, '')}: no such host`;
}
