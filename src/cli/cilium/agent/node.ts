/** `cilium node`. Source: cilium/cmd/node_list.go @ v1.12.1, v1.18.3. */
import type { Command } from '../../cobra/index.ts';
import { CILIUM_STATUS, tabulate } from '../../text/index.ts';
import { asking } from './context.ts';
import { OUTPUT, structured } from './output.ts';

export const nodeCommand: Command = {
	name: 'node',
	short: 'Manage cluster nodes',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List nodes',
			flags: [OUTPUT],
			run: asking('', 'cluster/nodes', (run, agent) => {
				const { cluster, state, minor } = agent;
				const name = state.config['cluster-name'] ?? 'default';
				const resource = cluster.api.find('ciliumnodes');
				const nodes = (resource ? cluster.api.list(resource) : []).map((object) => {
					const spec = (object.spec ?? {}) as {
						readonly addresses?: readonly { readonly ip: string; readonly type: string }[];
						readonly ipam?: { readonly podCIDRs?: readonly string[] };
					};
					return {
						name: name === 'default' ? object.metadata.name : `${name}/${object.metadata.name}`,
						ip: spec.addresses?.find(({ type }) => type === 'InternalIP')?.ip ?? '',
						cidr: spec.ipam?.podCIDRs?.[0] ?? '',
						source: object.metadata.name === state.node ? 'local' : 'custom-resource',
					};
				});
				const printed = structured(run, () =>
					nodes.map((node) => ({
						name: node.name,
						'primary-address': { ipv4: { 'alloc-range': node.cidr, enabled: true, ip: node.ip } },
						...(minor >= 15 ? { source: node.source } : {}),
					})),
				);
				if (printed !== undefined) return printed;
				const rows = nodes
					.map((node) => `${node.name}\t${node.ip}\t${node.cidr}\t\t${minor >= 15 ? `\t${node.source}` : ''}\n`)
					.sort();
				const head = `Name\tIPv4 Address\tEndpoint CIDR\tIPv6 Address\tEndpoint CIDR${minor >= 15 ? '\tSource' : ''}\n`;
				if (rows.length > 0) run.call.out(tabulate(head + rows.join(''), CILIUM_STATUS));
				return 0;
			}),
		},
	],
};
