/**
 * CoreDNS. What it reads, serves and logs is `coredns/server.ts`, which is there as soon as anybody can change or ask
 * something; one that started before has kubeadm's Corefile, and is known by what it read.
 */
import { one, type Pod } from '../cluster/kinds.ts';
import { peoplesContainers } from '../containers/later.ts';
import { hasServers } from '../containers/servers.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Program, ProgramContext } from './program.ts';
import { podApiFault } from './reach.ts';

const servers = () => (hasServers() ? peoplesContainers() : undefined);

/** A CoreDNS that runs, and what it knows so far. */
export interface CoreDnsRun {
	readonly context: ProgramContext;
	/** As it was mounted at the start. */
	readonly corefile: string | undefined;
	readonly startedAt: number;
	/** Its ports are open. */
	serving: boolean;
	/** It has read the API. */
	synced: boolean;
}

interface MountedMap {
	readonly name: string;
	readonly configMap?: { readonly name: string };
}

/** The Corefile out of the ConfigMap that the container has mounted. */
export function mountedCorefile({ cluster, pod, container }: ProgramContext): string | undefined {
	const mount = ((container.volumeMounts ?? []) as readonly { name: string; mountPath: string }[]).find(
		({ mountPath }) => mountPath === '/etc/coredns',
	);
	const volume = ((pod.spec.volumes ?? []) as unknown as readonly MountedMap[]).find(
		({ name }) => name === mount?.name,
	);
	const map = volume?.configMap?.name;
	if (map === undefined) return undefined;
	const found = one<Pod & { readonly data?: Readonly<Record<string, string>> }>(
		cluster.api,
		'configmaps',
		pod.metadata.namespace,
		map,
	);
	return found?.data?.Corefile;
}

export const coredns: Program = {
	entrypoint: ['/coredns'],
	paths: ['/coredns'],
	// Its end is at hand at once, unless `health` has it wait.
	stops: [100 * MILLISECOND, 600 * MILLISECOND],
	listensOnly: true,
	listens: () => [
		{ port: 53, protocol: 'UDP', speaks: 'dns' },
		{ port: 53, protocol: 'TCP', speaks: 'dns' },
		{ port: 8080, protocol: 'TCP' },
		{ port: 8181, protocol: 'TCP' },
		{ port: 9153, protocol: 'TCP' },
	],
	start(context) {
		const { cluster, machine } = context;
		const run: CoreDnsRun = {
			context,
			corefile: mountedCorefile(context),
			startedAt: cluster.timeline.now,
			serving: false,
			synced: false,
		};
		machine.coredns.set(context.id, run);
		const end = (): void => {
			machine.coredns.delete(context.id);
		};
		context.onFiles(() => servers()?.corednsFiles(run));
		context.onTerm(() => {
			context.log('[INFO] SIGTERM: Shutting down servers then terminating');
			const containers = servers();
			const wait = containers ? containers.corednsLameduck(run) : 5 * SECOND;
			if (wait > 0) context.log(`[INFO] plugin/health: Going into lameduck mode for ${wait / SECOND}s`);
			return wait;
		});
		const containers = servers();
		if (containers) {
			containers.startCoreDns(run);
			return end;
		}
		const serve = (): void => {
			run.serving = true;
			// Written out when somebody reads it.
			for (const i of [0, 1, 2, 3]) context.logLater(() => servers()?.corednsBanner(run)[i] ?? '');
		};
		let waited = 0;
		const ask = (): void => {
			if (!podApiFault(cluster, machine)) {
				run.synced = true;
				if (!run.serving) serve();
				context.healthy();
				return;
			}
			waited++;
			context.log('[INFO] plugin/ready: Still waiting on: "kubernetes"');
			context.unhealthy('HTTP probe failed with statuscode: 503');
			if (waited === 5) {
				context.log('[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API');
				serve();
			}
			context.after(waited <= 5 ? SECOND : 10 * SECOND, ask);
		};
		context.after(context.between(200 * MILLISECOND, 800 * MILLISECOND, 'start'), ask);
		return end;
	},
};
