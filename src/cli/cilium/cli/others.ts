/** `cilium bgp`, `cilium encryption`: what the agents say of what they do not do here. Source: cilium-cli bgp, encrypt @ v0.15.14. */
import type { Command } from '../../cobra/index.ts';
import { withCluster } from './common.ts';

const peers: Command = {
	name: 'peers',
	short: 'Lists BGP peering state',
	long: 'This command lists the BGP state from all nodes in the cluster',
	run: withCluster(async (_run, client) => {
		const on = client.cluster.agents().some(({ config }) => config['enable-bgp-control-plane'] === 'true');
		return on
			? 'the simulator speaks no BGP: the agents are told to, and have no sessions'
			: 'BGP Control Plane is disabled: enable-bgp-control-plane is not "true" in cilium-config (and the simulator speaks no BGP)';
	}),
};

export const bgp: Command = { name: 'bgp', short: 'Access to BGP control plane', commands: [peers] };

export const encryption: Command = {
	name: 'encryption',
	aliases: ['encrypt'],
	short: 'Cilium encryption',
	commands: [
		{
			name: 'status',
			short: 'Display encryption status',
			run: withCluster(async ({ call }, client) => {
				const agents = client.cluster.agents();
				const ready = agents.filter(({ state }) => state === 'ready').length;
				if (ready === 0) return 'Unable to get encrypt status: failed to get Cilium agents';
				call.out(`Encryption: Disabled (${ready}/${agents.length} nodes)\n`);
				return 0;
			}),
		},
	],
};

export const features: Command = {
	name: 'features',
	short: 'Report which features are enabled in Cilium agents',
	commands: [
		{
			name: 'status',
			short: 'Display status of Cilium features',
			run: withCluster(
				async () =>
					'the simulator counts no features as metrics: "cilium config view" and "cilium-dbg status --verbose" in an agent say what is on',
			),
		},
	],
};
