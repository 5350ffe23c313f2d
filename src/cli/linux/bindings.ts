/** Where programs bind their ports: the World opens a pod's port on every address, a program may take fewer. */
import { type Cluster, listensOf, type RunningContainer, stateOf } from '../../sim/lab/index.ts';
import { type Ip, parseIp } from '../../sim/wire/index.ts';

export interface Bound {
	/** 0 for every address. */
	readonly ip: Ip;
	/** A wildcard of IPv6: `dual` takes IPv4's connections too (Go's net.Listen(), Node, Apache), `only` does not. */
	readonly v6?: 'dual' | 'only';
}

const LOOPBACK: Ip = 0x7f000001;
const ANY_V4: readonly Bound[] = [{ ip: 0 }];
const DUAL: readonly Bound[] = [{ ip: 0, v6: 'dual' }];

/** Value of `--name=value` on a command line. */
export const flagOf = (argv: readonly string[], name: string): string | undefined =>
	argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);

/** The last part of an image's name: `nginx`, `kube-apiserver`. */
export const imageName = (image: string): string => image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');

/** What a pod's manifest tells a container to run. */
export function commandLine(
	cluster: Cluster,
	{ pod, name }: Pick<RunningContainer, 'pod' | 'name'>,
): readonly string[] {
	const pods = cluster.api.find?.('pods');
	const spec = (pods && cluster.api.get(pods, pod.namespace, pod.name)?.spec) as
		| { readonly containers?: readonly { name: string; command?: string[]; args?: string[] }[] }
		| undefined;
	const { command = [], args = [] } = spec?.containers?.find((c) => c.name === name) ?? {};
	return [...command, ...args];
}

/** Of the containers of a pod, whose image listens at a port; the first where nobody's does. */
export function listeningAt(
	containers: readonly RunningContainer[],
	port: number,
	cluster?: Cluster,
): RunningContainer | undefined {
	const own = containers.filter(({ image }) => !/pause/.test(image));
	const web = cluster && own.find((c) => stateOf(cluster, c)?.web?.listens.some((l) => l.port === port));
	return web ?? own.find(({ image }) => listensOf({ image }).some((l) => l.port === port)) ?? own[0];
}

/** Addresses of a list of URLs that have this port (etcd's flags). */
const urlsAt = (urls: string | undefined, port: number): readonly Bound[] | undefined =>
	urls?.split(',').flatMap((url) => {
		const [, host = '', at = ''] = /^https?:\/\/([^:/]*):(\d+)/.exec(url) ?? [];
		const ip = parseIp(host);
		return ip === undefined || Number(at) !== port ? [] : [{ ip }];
	});

/** What listens on IPv4's wildcard: nginx and what is made of it, Python's servers, BusyBox's httpd told so. */
const V4 = /^(?:echoserver|openresty|python|httpd-v4|starwars)$/;

/**
 * Addresses of a program's port. `program` is the last part of its image's name; its flags decide where there are any. Defaults:
 * kubeadm's manifests (cmd/kubeadm/app/phases/controlplane/manifests.go @ v1.24.0), kube-proxy's metricsBindAddress and
 * healthzBindAddress; Docker's images of nginx listen on both families apart (10-listen-on-ipv6-by-default.sh).
 */
export function boundAddresses(program: string, port: number, argv: readonly string[], node: Ip): readonly Bound[] {
	switch (program) {
		case 'kube-controller-manager':
		case 'kube-scheduler': {
			const flag = flagOf(argv, 'bind-address');
			const ip = flag === undefined ? LOOPBACK : (parseIp(flag) ?? 0);
			return ip === 0 ? DUAL : [{ ip }];
		}
		case 'etcd':
			return urlsAt(flagOf(argv, 'listen-client-urls'), port) ?? [{ ip: LOOPBACK }, { ip: node }];
		case 'kube-proxy':
			return port === 10249 ? [{ ip: LOOPBACK }] : DUAL;
		case 'nginx':
			return [{ ip: 0 }, { ip: 0, v6: 'only' }];
		default: {
			const told = argv.some((word) => word === '0.0.0.0' || word === `0.0.0.0:${port}`);
			return told || V4.test(program) ? ANY_V4 : DUAL;
		}
	}
}
