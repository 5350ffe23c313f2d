/**
 * Parts of the agent that are off in every lab, and what its tool says of them.
 *
 * Source: cilium-dbg/cmd/{encrypt_status,lrp_list,recorder_list,bgp_peer_get,bgp_route_get,bpf_ipmasq_list}.go @ v1.15.4.
 */
import { formatPrefix } from '../../../sim/wire/index.ts';
import type { Command } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { asking, reading } from './context.ts';
import { OUTPUT, structured } from './output.ts';

/** An agent with IPsec or WireGuard is refused by the lab: whoever can ask has none. */
export const encryptCommand = (minor: number): Command => ({
	name: 'encrypt',
	short: 'Manage transparent encryption',
	commands: [
		{
			name: 'flush',
			short: 'Flushes the current IPsec state',
			flags: [{ name: 'force', short: 'f', type: 'bool', usage: 'Skip confirmation' }],
			run: reading(() => 'the simulator encrypts nothing, and has no XFRM states to flush'),
		},
		{
			name: 'status',
			short: 'Display the current encryption state',
			flags: [OUTPUT],
			run: asking('Cannot get daemon encryption status: ', 'healthz', (run) => {
				const printed = structured(run, () => ({ mode: 'Disabled' }));
				if (printed !== undefined) return printed;
				run.call.out(`Encryption: ${'Disabled'.padEnd(26)}\n`);
				return 0;
			}),
		},
		...(minor >= 19
			? [
					{
						name: 'dump-xfrm',
						short: 'Dump structured XFRM states for test facilitation (internal use only)',
						hidden: true,
						run: reading(() => 'the simulator encrypts nothing, and has no XFRM states to dump'),
					} satisfies Command,
				]
			: []),
	],
});

export const lrpCommand: Command = {
	name: 'lrp',
	short: 'Manage local redirect policies',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List local redirect policies',
			flags: [OUTPUT],
			run: asking('Cannot get lrp list: ', 'lrp', (run, { state }) => {
				if (state.config['enable-local-redirect-policy'] === 'true')
					return 'the simulator redirects nothing by local redirect policies, and does not list them';
				const printed = structured(run, () => []);
				if (printed !== undefined) return printed;
				run.call.out(tabulate('LRP namespace\tLRP name\tFrontendType\tMatching Service\n', CILIUM_AGENT));
				return 0;
			}),
		},
	],
};

export const recorderCommand: Command = {
	name: 'recorder',
	short: 'Introspect or mangle pcap recorder',
	commands: [
		...(['delete', 'get'] as const).map(
			(name): Command => ({
				name,
				use: '<recorder id>',
				short: name === 'get' ? 'Display individual pcap recorder' : 'Delete individual pcap recorder',
				run: asking('', 'recorder', ({ args: [id] }) =>
					id === undefined
						? 'Missing recorder id argument'
						: /^\d+$/.test(id)
							? `Cannot ${name} recorder '${id}': [${name === 'get' ? 'GET' : 'DELETE'} /recorder/{id}][404] ${name}RecorderIdNotFound \n`
							: `Unable to parse recorder ID: ${id}`,
				),
			}),
		),
		{
			name: 'update',
			short: 'Update individual pcap recorder',
			flags: [
				{ name: 'caplen', type: 'int', usage: 'Capture Length (0 is full capture)' },
				{ name: 'filters', type: 'strings', usage: 'List of filters' },
				{ name: 'id', type: 'int', usage: 'Identifier' },
			],
			run: asking('', 'recorder', () => 'the simulator records no packets: use tcpdump'),
		},
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List current pcap recorders',
			flags: [OUTPUT],
			run: asking('Cannot get recorder list: ', 'recorder', (run) => {
				const printed = structured(run, () => []);
				if (printed !== undefined) return printed;
				run.call.out(tabulate('ID\tCapture Length\tWildcard Filters\t\n\n', CILIUM_AGENT));
				run.call.out(tabulate('Users\tPriority   \tWildcard Masks\t\n', CILIUM_AGENT));
				return 0;
			}),
		},
	],
};

const bgp = (name: string, short: string, aliases: readonly string[] = []): Command => ({
	name,
	aliases,
	short,
	flags: [OUTPUT],
	run: asking('cannot get peers list: ', 'bgp', (run, { state }) => {
		if (state.config['enable-bgp-control-plane'] === 'true') return 'the simulator has no routers to speak BGP with';
		run.call.out('BGP Control Plane is disabled\n');
		return 0;
	}),
});

export const bgpCommand = (minor: number): Command => ({
	name: 'bgp',
	short: 'Access to BGP control plane',
	commands: [
		bgp('peers', 'List current state of all peers', ['neighbors']),
		...(minor >= 15
			? [
					bgp('route-policies', 'List state of route policies'),
					bgp('routes', "List routes in the BGP Control Plane's RIBs"),
				]
			: []),
	],
});

/** Destinations the eBPF masquerade leaves alone: those of ip-masq-agent's configuration. */
export const ipmasqCommand: Command = {
	name: 'ipmasq',
	short: 'ip-masq-agent CIDRs',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List ip-masq-agent CIDRs',
			long: 'List ip-masq-agent CIDRs. Packets sent from pods to IPs from these CIDRs avoid masquerading.',
			flags: [OUTPUT],
			run: reading((run, agent) => {
				const cidrs = agent.settings.ipMasq
					? [...agent.maps.ipmasq.dump(agent.ns())].map(([prefix]) => formatPrefix(prefix)).sort()
					: [];
				const printed = structured(run, () => cidrs);
				if (printed !== undefined) return printed;
				if (cidrs.length === 0) run.call.err('No entries found.\n');
				else
					run.call.out(tabulate(['IP PREFIX/ADDRESS', ...cidrs].map((cidr) => `${cidr}\t\n`).join(''), CILIUM_AGENT));
				return 0;
			}),
		},
	],
};
