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
}

const refused = (url: string): NoClient => ({ why: 'refused', server: url.replace(/^https?:\/\//, ''), url });

const normal = (server: string): string => (/^https?:\/\//.test(server) ? server : `https://${server}`);

const LOCAL = ['0.0.0.0', 'localhost', '127.0.0.1'];

/** The cluster that answers at an address: at the port Docker publishes, or at its node's own. */
function at(lab: Call['lab'], server: string): Cluster | undefined {
	const [, host = '', port = ''] = /^https:\/\/([^:/]+):(\d+)/.exec(server) ?? [];
	return lab.clusters().find((cluster) => {
		if (LOCAL.includes(host)) return LOCAL.some((name) => cluster.server === `https://${name}:${port}`);
		const node = cluster.nodes().find((machine) => machine.role === 'control-plane');
		return port === '6443' && node?.ip !== undefined && formatIp(node.ip) === host;
	});
}

/** The dialer of Go's HTTP client gives up after this long, microseconds. */
const DIAL = 30e6;

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
	if (ip === undefined) return { why: 'failed', message: `dial tcp: lookup ${host}: no such host` };
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

/** Finds the API server behind the current context (or the one asked for). */
export async function connectKube(call: Call, options: ClientOptions = {}): Promise<Client | NoClient> {
	const config = await readKubeconfig(call, options.kubeconfig);
	if ('error' in config) return { why: 'bad-config', message: config.error };
	const name = options.context || config['current-context'];
	const context = config.contexts.find((item) => item.name === name);
	if (options.context && !context) return { why: 'no-context', context: options.context };
	// Without a configuration every tool falls back to the port an insecure API server once had.
	if (!context) return refused('http://localhost:8080');
	const wanted = options.cluster || context.context.cluster;
	const known = config.clusters.find((item) => item.name === wanted)?.cluster.server ?? '';
	const server = options.server ? normal(options.server) : known;
	const cluster = call.lab.clusters().find((item) => item.server === server) ?? at(call.lab, server);
	if (!cluster && options.server) return nobody(call, server, options.timeout ?? 0);
	if (!cluster?.reachable) return refused(server || 'http://localhost:8080');
	// The certificate authority is the context's, and each cluster has its own.
	if (options.server && known !== '' && cluster.server !== known)
		return { why: 'failed', message: 'x509: certificate signed by unknown authority' };
	return {
		cluster,
		api: cluster.api,
		namespace: options.namespace || context.context.namespace || 'default',
		context: name,
	};
}
