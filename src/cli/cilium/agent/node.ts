/** `cilium node`. Source: cilium/cmd/node_list.go @ v1.12.1, v1.18.3. */
import type { Command } from '../../cobra/index.ts';
import { CILIUM_STATUS, tabulate } from '../../text/index.ts';
import { asking } from './context.ts';
import { NIL, NO_TEXT, orEmpty, UNSET } from './go-output.ts';
import { OUTPUT, structured } from './output.ts';

/** models.NodeAddressingElement. */
const element = (ip: string, range = ''): object => ({
	'address-type': NO_TEXT,
	'alloc-range': orEmpty(range),
	enabled: true,
	ip,
});

/** models.NodeAddressing, without IPv6. */
const both = (ipv4: object): object => ({
	ipv4,
	ipv6: { 'address-type': NO_TEXT, 'alloc-range': NO_TEXT, enabled: UNSET, ip: NO_TEXT },
});

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
						readonly health?: { readonly ipv4?: string };
					};
					return {
						name: name === 'default' ? object.metadata.name : `${name}/${object.metadata.name}`,
						ip: spec.addresses?.find(({ type }) => type === 'InternalIP')?.ip ?? '',
						cidr: spec.ipam?.podCIDRs?.[0] ?? '',
						source: object.metadata.name === state.node ? 'local' : 'custom-resource',
						health: spec.health?.ipv4 ?? '',
						others: (spec.addresses ?? []).filter(({ type }) => type !== 'InternalIP').map(({ ip }) => ip),
					};
				});
				const printed = structured(run, () =>
					nodes.map((node) => ({
						'health-endpoint-address': node.health === '' ? NIL : both(element(node.health)),
						'ingress-address': NIL,
						name: node.name,
						'primary-address': both(element(node.ip, node.cidr)),
						'secondary-addresses': node.others.map((ip) => ({
							'address-type': NO_TEXT,
							'alloc-range': NO_TEXT,
							enabled: UNSET,
							ip,
						})),
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
