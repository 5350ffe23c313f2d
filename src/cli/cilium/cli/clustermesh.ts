/**
 * `cilium clustermesh`, where no cluster is meshed; `cilium sysdump`.
 *
 * Source: cilium-cli clustermesh/clustermesh.go (GetClusterConfig(), extractAccessInformation(), Status()) @ v0.12.2, v0.16.0.
 */
import type { Command } from '../../cobra/index.ts';
import { withCluster } from './common.ts';
import { cliRelease } from './release.ts';

const SERVICE = 'clustermesh-apiserver';

const status: Command = {
	name: 'status',
	short: 'Show status of ClusterMesh',
	flags: [
		{ name: 'wait', type: 'bool', usage: 'Wait until status is successful' },
		{ name: 'wait-duration', type: 'duration', default: '15m0s', usage: 'Maximum time to wait' },
	],
	run: withCluster(async ({ call, flags }, { api }) => {
		const namespace = flags.text('namespace') || 'kube-system';
		const maps = api.find('configmaps')!;
		const config = api.get(maps, namespace, 'cilium-config');
		if (!config)
			return 'Unable to determine status: unable to retrieve ConfigMap "cilium-config": configmaps "cilium-config" not found';
		const data = (config.data ?? {}) as Readonly<Record<string, string>>;
		const id = data['cluster-id'] || '0';
		const name = data['cluster-name'] || 'default';
		const options = cliRelease(call.lab).helm
			? "'--set cluster.id' and '--set cluster.name'"
			: "'--cluster-id' and '--cluster-name'";
		if (id === '0' || name === 'default')
			call.err(
				`⚠️  Cluster not configured for clustermesh, use ${options} with 'cilium install'. External workloads may still be configured.\n`,
			);
		const missing = `unable to get clustermesh service "${SERVICE}": services "${SERVICE}" not found`;
		const there = (): boolean => api.get(api.find('services')!, namespace, SERVICE) !== undefined;
		if (!there() && flags.on('wait')) {
			call.err(`⌛ Waiting (0s) for access information: ${missing}\n`);
			await call.until(there, flags.duration('wait-duration'));
		}
		return there() ? 'the simulator meshes no clusters' : `Unable to determine status: ${missing}`;
	}),
};

const refused = (name: string, short: string): Command => ({
	name,
	short,
	run: async () => 'the simulator meshes no clusters: each has its own network',
});

export const clustermesh: Command = {
	name: 'clustermesh',
	short: 'Multi Cluster Management',
	commands: [
		refused('connect', 'Connect to a remote cluster'),
		refused('disable', 'Disable clustermesh ability in a cluster'),
		refused('disconnect', 'Disconnect from a remote cluster'),
		refused('enable', 'Enable clustermesh ability in a cluster using Helm'),
		status,
	],
};

export const sysdump: Command = {
	name: 'sysdump',
	short: 'Collects information required to troubleshoot issues with Cilium and Hubble',
	run: async () =>
		'the simulator packs no archive: kubectl get and describe, kubectl logs, and "cilium status --verbose" in an agent show what it would hold',
};
