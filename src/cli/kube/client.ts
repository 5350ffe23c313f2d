/** The cluster a tool of Kubernetes talks to: by flags, by the kubeconfig, or nobody. */
import type { ApiServer } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { formatIp, parseIp, parsePrefix, prefixContains } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { readKubeconfig } from './kubeconfig.ts';

export interface Client {
	readonly cluster: Cluster;
	readonly api: ApiServer;
	/** Namespace of the context, or `default`. */
	readonly namespace: string;
	readonly context: string;
	/** What the kubeconfig has of the user; undefined without one. */
	readonly user: { readonly [key: string]: unknown } | undefined;
	/** Its name there. */
	readonly userName: string;
	/** Where requests go: `https://0.0.0.0:6443`. */
	readonly server: string;
}

/** Why there is nobody to talk to. Each tool has its own words for it. */
export type NoClient =
	/** Nothing listens at `host:port`. */
	| { readonly why: 'refused'; readonly server: string; readonly url: string }
	| { readonly why: 'no-context'; readonly context: string }
	| { readonly why: 'bad-config'; readonly message: string }
	/** Whoever was named does not answer, in Go's words. */
	| { readonly why: 'failed'; readonly message: string };

export interface ClientOptions {
	readonly kubeconfig?: string;
	readonly context?: string;
	readonly namespace?: string;
	/** In the place of the context's: `localhost:8080`, `https://172.18.0.4:6443`. */
	readonly server?: string;
	/** Name of another cluster of the kubeconfig. */
	readonly cluster?: string;
	/** How long a request may take, microseconds; 0 for as long as it takes. */
	readonly timeout?: number;
	/** Name of another user of the kubeconfig. */
	readonly user?: string;
	/** Whoever asks knows what becomes of requests to an API server whose etcd is away (`Cluster.etcdFault`). */
	readonly withoutEtcd?: boolean;
	/** The server's certificate is not looked at. */
	readonly insecure?: boolean;
}

const refused = (url: string): NoClient => ({ why: 'refused', server: url.replace(/^https?:\/\//, ''), url });

const normal = (server: string): string => (/^https?:\/\//.test(server) ? server : `https://${server}`);

const LOCAL = ['0.0.0.0', 'localhost', '127.0.0.1'];

/** The cluster that answers at an address: at the port Docker publishes, or at its node's own. */
function at({ lab, place }: Pick<Call, 'lab' | 'place'>, server: string): Cluster | undefined {
	const [, host = '', port = ''] = /^https:\/\/([^:/]+):(\d+)/.exec(server) ?? [];
	return lab.clusters().find((cluster) => {
		// Beside the cluster's own nodes its names and its port are those inside.
		if (place.kind === 'node' && place.cluster === cluster.name && port === '6443') {
			const first = cluster.nodes().find((machine) => machine.role === 'control-plane');
			if (LOCAL.includes(host)) return first?.name === place.node;
			if (host === first?.name) return true;
		}
		if (LOCAL.includes(host)) return LOCAL.some((name) => cluster.server === `https://${name}:${port}`);
		const node = cluster.nodes().find((machine) => machine.role === 'control-plane');
		return port === '6443' && node?.ip !== undefined && formatIp(node.ip) === host;
	});
}

/** The dialer of Go's HTTP client gives up after this long, microseconds. */
const DIAL = 30e6;

/** What Go's own resolver says of a name that nobody knows: whom it asked (net/dnsclient_unix.go, net.DNSError). */
export async function unresolved(call: Call, host: string): Promise<string> {
	const server = /^nameserver\s+(\S+)/m.exec((await call.files.read('/etc/resolv.conf')) ?? '')?.[1];
	return `dial tcp: lookup ${host}${server === undefined ? '' : ` on ${server}:53`}: no such host`;
}

/** What comes of asking where no API server is. */
async function nobody(call: Call, server: string, timeout: number): Promise<NoClient> {
	const address = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
	const host = address.replace(/:\d+$/, '');
	const ip = parseIp(host);
	const near = call.lab.docker.networks().some(({ subnet }) => {
		const prefix = parsePrefix(subnet ?? '');
		return prefix !== undefined && ip !== undefined && prefixContains(prefix, ip);
	});
	const there = call.lab.docker.containers().some((container) => container.ip === ip && container.state === 'running');
	if (LOCAL.includes(host) || (near && (there || ip === call.lab.docker.networks()[0]?.gateway)))
		return refused(server);
	if (ip === undefined) return { why: 'failed', message: await unresolved(call, host) };
	const full = /:\d+$/.test(address) ? address : `${address}:443`;
	await call.sleep(Math.min(near ? 3e6 : DIAL, timeout || DIAL));
	if (timeout > 0 && timeout < (near ? 3e6 : DIAL))
		return {
			why: 'failed',
			message:
				'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
		};
	return { why: 'failed', message: `dial tcp ${full}: ${near ? 'connect: no route to host' : 'i/o timeout'}` };
}

/** Files of a pod's service account. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What a program in a pod has of the cluster (client-go rest/config.go InClusterConfig). */
async function inCluster(call: Call, options: ClientOptions): Promise<Client | NoClient | undefined> {
	const host = call.env.get('KUBERNETES_SERVICE_HOST');
	const port = call.env.get('KUBERNETES_SERVICE_PORT');
	if (!host || !port || call.place.kind !== 'pod' || options.kubeconfig || options.server) return undefined;
	const token = await call.files.read(`${ACCOUNT}/token`);
	const cluster = call.lab.cluster(call.place.cluster);
	if (token === undefined || !cluster) return undefined;
	const server = `https://${host}:${port}`;
	const failed = await dialled(call, host, Number(port), options.timeout ?? 0);
	if (failed) return failed;
	if (!cluster.reachable && !(options.withoutEtcd && cluster.etcdFault)) return refused(server);
	const namespace = (await call.files.read(`${ACCOUNT}/namespace`))?.trim();
	return {
		cluster,
		api: cluster.api,
		namespace: options.namespace || namespace || 'default',
		context: '',
		user: { token: token.trim() },
		userName: '',
		server,
	};
}

/** What comes of connecting from where the tool runs; undefined when somebody answers. */
async function dialled(call: Call, host: string, port: number, timeout: number): Promise<NoClient | undefined> {
	const { reach } = await import('./reach.ts');
	const why = await reach(call, host, port, timeout > 0 ? Math.min(timeout, DIAL) : DIAL);
	if (why === undefined) return undefined;
	return why === 'ECONNREFUSED'
		? refused(`https://${host}:${port}`)
		: { why: 'failed', message: `dial tcp ${host}:${port}: ${why}` };
}

/** What a configuration's own current context is told by that is not in it (clientcmd/validation.go errContextNotFound). */
export const NO_CONTEXT = 'context was not found for specified context: ';

/** Finds the API server behind the current context (or the one asked for). */
export async function connectKube(call: Call, options: ClientOptions = {}): Promise<Client | NoClient> {
	const config = await readKubeconfig(call, options.kubeconfig);
	if ('error' in config) return { why: 'bad-config', message: config.error };
	const name = options.context || config['current-context'];
	const context = config.contexts.find((item) => item.name === name);
	if (options.context && !context) return { why: 'no-context', context: options.context };
	const named = options.user || context?.context.user;
	const user = config.users.find((item) => item.name === named)?.user;
	if (options.user && !user)
		return { why: 'bad-config', message: `auth info ${JSON.stringify(options.user)} does not exist` };
	if (options.cluster && !config.clusters.some((item) => item.name === options.cluster))
		return { why: 'bad-config', message: `cluster ${JSON.stringify(options.cluster)} does not exist` };
	if (!context && !options.cluster) {
		const inside = config.clusters.length === 0 ? await inCluster(call, options) : undefined;
		if (inside) return inside;
	}
	if (!context && name !== '') return { why: 'bad-config', message: `${NO_CONTEXT}${name}` };
	// Without a configuration every tool falls back to the port an insecure API server once had.
	if (!context && !options.server && !options.cluster) return refused('http://localhost:8080');
	const wanted = options.cluster || context?.context.cluster;
	const found = config.clusters.find((item) => item.name === wanted)?.cluster;
	const known = found?.server ?? '';
	const server = options.server ? normal(options.server) : known;
	const cluster = call.lab.clusters().find((item) => item.server === server) ?? at(call, server);
	if (!cluster && (options.server || !call.lab.clusters().some((item) => item.server === server)) && server !== '')
		if (options.server || /^https?:\/\/(?!0\.0\.0\.0|localhost|127\.)/.test(server))
			return nobody(call, server, options.timeout ?? 0);
	if (!cluster || !(cluster.reachable || (options.withoutEtcd && cluster.etcdFault)))
		return refused(server || 'http://localhost:8080');
	const insecure = options.insecure || found?.['insecure-skip-tls-verify'] === true;
	// The certificate authority is the context's, and each cluster has its own.
	const mistrust = await mistrusted(call, { name: wanted ?? '', entry: found, user, insecure }, cluster);
	if (mistrust) return mistrust;
	return {
		cluster,
		api: cluster.api,
		namespace: options.namespace || context?.context.namespace || 'default',
		context: name,
		user,
		userName: named ?? '',
		server,
	};
}

const PEM = /-----BEGIN [A-Z ]+-----[\s\S]*-----END /;

/** What base64 stands for; nothing where it is none. */
function plain(data: string): string {
	try {
		return atob(data);
	} catch {
		return '';
	}
}

/**
 * What a client says whose file has no good certificates, or not the authority of the cluster that answers (client-go
 * transport/transport.go, crypto/tls X509KeyPair()).
 */
async function mistrusted(
	call: Call,
	said: {
		readonly name: string;
		readonly entry: { readonly [key: string]: unknown } | undefined;
		readonly user: { readonly [key: string]: unknown } | undefined;
		readonly insecure: boolean;
	},
	cluster: Cluster,
): Promise<NoClient | undefined> {
	const { name, entry, user, insecure } = said;
	const config = call.lab.kind?.kubeconfig?.(cluster.name) as
		| { readonly clusters: readonly { readonly cluster: { readonly [key: string]: unknown } }[] }
		| undefined;
	const own = config?.clusters[0]?.cluster['certificate-authority-data'];
	if (typeof own !== 'string') return undefined;
	for (const [key, what] of [
		['client-certificate-data', 'certificate'],
		['client-key-data', 'key'],
	] as const) {
		const data = user?.[key];
		if (typeof data === 'string' && data !== '' && !PEM.test(plain(data)))
			return { why: 'bad-config', message: `tls: failed to find any PEM data in ${what} input` };
	}
	if (insecure) return undefined;
	const data = entry?.['certificate-authority-data'];
	const file = entry?.['certificate-authority'];
	const text =
		typeof data === 'string' && data !== ''
			? plain(data)
			: typeof file === 'string' && file !== ''
				? await call.files.read(file)
				: undefined;
	if (typeof file === 'string' && file !== '' && text === undefined)
		return {
			why: 'bad-config',
			message: `unable to read certificate-authority ${file} for ${name} due to open ${file}: no such file or directory`,
		};
	if (text !== undefined && !PEM.test(text))
		return { why: 'bad-config', message: 'unable to load root certificates: unable to parse bytes as PEM block' };
	return text?.includes(plain(own).trim())
		? undefined
		: { why: 'failed', message: 'x509: certificate signed by unknown authority' };
}
