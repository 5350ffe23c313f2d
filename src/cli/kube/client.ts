/** The cluster a tool of Kubernetes talks to: by flags, by the kubeconfig, or nobody. */
import type { ApiServer } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
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
	| { readonly why: 'bad-config'; readonly message: string };

export interface ClientOptions {
	readonly kubeconfig?: string;
	readonly context?: string;
	readonly namespace?: string;
}

const refused = (url: string): NoClient => ({ why: 'refused', server: url.replace(/^https?:\/\//, ''), url });

/** Finds the API server behind the current context (or the one asked for). */
export async function connectKube(call: Call, options: ClientOptions = {}): Promise<Client | NoClient> {
	const config = await readKubeconfig(call, options.kubeconfig);
	if ('error' in config) return { why: 'bad-config', message: config.error };
	const name = options.context || config['current-context'];
	const context = config.contexts.find((item) => item.name === name);
	if (options.context && !context) return { why: 'no-context', context: options.context };
	// Without a configuration every tool falls back to the port an insecure API server once had.
	if (!context) return refused('http://localhost:8080');
	const server = config.clusters.find((item) => item.name === context.context.cluster)?.cluster.server ?? '';
	const cluster = call.lab.clusters().find((item) => item.server === server);
	if (!cluster?.reachable) return refused(server || 'http://localhost:8080');
	return {
		cluster,
		api: cluster.api,
		namespace: options.namespace || context.context.namespace || 'default',
		context: name,
	};
}
