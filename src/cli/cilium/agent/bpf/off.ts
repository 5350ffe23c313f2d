/**
 * `cilium bpf …` of parts that are off in every lab: what a tool finds where no map is pinned, or an empty one.
 * Source: cilium-dbg/cmd/bpf_{auth,bandwidth,frag,multicast*,recorder,srv6_*,vtep}*.go @ v1.18.3.
 */
import type { Command } from '../../../cobra/index.ts';
import { type Agent, reading } from '../context.ts';
import { OUTPUT, structured } from '../output.ts';
import { says } from '../refusing.ts';
import { missingMap } from './listed.ts';
import { empty, LS } from './listing.ts';

/** Mutual authentication: its map is there unless that is off. */
export const auth = (minor: number): Command => {
	const absent = ({ state }: Agent): boolean => (state.config['mesh-auth-enabled'] ?? 'true') !== 'true';
	return {
		name: 'auth',
		short: 'Manage authenticated connections between identities',
		commands: [
			{
				...LS,
				short: 'List all authenticated connections between identities',
				run: reading((run, agent) => (absent(agent) ? says(run, 'Cannot find auth bpf map') : empty(run))),
			},
			...(minor >= 15
				? [
						{
							name: 'flush',
							short: 'Deletes all entries for authenticated connections between identities',
							run: reading((run, agent) => {
								if (absent(agent)) return says(run, 'Cannot find auth bpf map');
								run.call.out('Flushed 0 entries\n');
								return 0;
							}),
						} satisfies Command,
					]
				: []),
		],
	};
};

export const bandwidth: Command = {
	name: 'bandwidth',
	short: 'BPF datapath bandwidth settings',
	commands: [
		{
			...LS,
			aliases: [],
			short: 'List BPF datapath bandwidth settings',
			run: reading((run, { minor }) =>
				says(run, `error dumping contents of map: ${missingMap(minor, 'cilium_throttle')}`, 1),
			),
		},
	],
};

export const frag: Command = {
	name: 'frag',
	short: 'Manage the IPv4 and IPv6 datagram fragments',
	commands: [
		{
			...LS,
			short: 'List IPv4 and IPv6 fragments',
			run: reading((run) => {
				run.call.err("IPv6 map doesn't exist, skipping\n");
				return empty(run);
			}),
		},
	],
};

const OFF = 'multicast not enabled';
export const multicast: Command = {
	name: 'multicast',
	aliases: ['mcast'],
	short: 'Manage multicast BPF programs',
	commands: [
		{
			name: 'group',
			short: 'Manage the multicast groups.',
			commands: [
				{ ...LS, short: 'List the multicast groups.', run: reading(() => `failed to get multicast bpf map: ${OFF}`) },
				...(['add', 'delete'] as const).map(
					(name): Command => ({
						name,
						use: '<group>',
						short: `${name === 'add' ? 'Add' : 'Delete'} a multicast group.`,
						run: reading(({ args }) =>
							args.length === 1
								? `failed to get multicast bpf map: ${OFF}`
								: `Invalid arguments: expecting group IP as argument, got ${args.length} arguments`,
						),
					}),
				),
			],
		},
		{
			name: 'subscriber',
			aliases: ['sub'],
			short: 'Manage the multicast subscribers.',
			commands: [
				{
					...LS,
					use: '< group | all >',
					short: 'List the multicast subscribers for the given group.',
					run: reading(({ args }) =>
						args.length === 1
							? `Failed to get multicast bpf map: ${OFF}`
							: `invalid argument: expected group address or 'all' as argument, got ${args.length} arguments`,
					),
				},
				...(['add', 'delete'] as const).map(
					(name): Command => ({
						name,
						aliases: name === 'delete' ? ['del'] : [],
						use: '<group> <subscriber-address>',
						short:
							name === 'add'
								? 'Add a remote subscriber to the multicast group.'
								: 'Delete a subscriber from the multicast group.',
						run: reading(() => `Failed to get multicast bpf map: ${OFF}`),
					}),
				),
			],
		},
	],
};

export const recorder: Command = {
	name: 'recorder',
	short: 'PCAP recorder',
	commands: [
		{
			...LS,
			short: 'List PCAP recorder entries',
			run: reading((run, { minor }) => {
				const path = '/sys/fs/bpf/tc/globals/cilium_capture4_rules';
				says(run, `Unable to open ${path}: ${missingMap(minor, 'cilium_capture4_rules')}. Skipping.`);
				return structured(run, () => []) ?? 0;
			}),
		},
	],
};

export const srv6 = (minor: number): Command => {
	const part = (name: string, short: string, what: string, aliases: readonly string[] = []): Command => ({
		name,
		aliases,
		short,
		flags: [OUTPUT],
		run: reading((run) => says(run, `Cannot find SRv6 ${what}`)),
	});
	return {
		name: 'srv6',
		short: 'Manage the SRv6 routing rules',
		commands: [
			part('policy', 'List SRv6 policy entries', 'policy maps', ['pol']),
			part('sid', 'List SRv6 SID entries', 'SID map'),
			...(minor <= 15 ? [part('state', 'List SRv6 state entries', 'state maps')] : []),
			part('vrf', 'List SRv6 VRF mappings', 'VRF maps'),
		],
	};
};

export const vtep = (minor: number): Command => ({
	name: 'vtep',
	short: 'Manage the VTEP mappings for IP/CIDR <-> VTEP MAC/IP',
	commands: [
		{
			...LS,
			short: 'List VTEP CIDR and their corresponding VTEP MAC/IP',
			run: reading((run) => says(run, `error dumping contents of map: ${missingMap(minor, 'cilium_vtep_map')}`, 1)),
		},
		...(minor >= 13
			? (['update', 'delete'] as const).map(
					(name): Command => ({
						name,
						short: name === 'update' ? 'Update vtep entries' : 'Delete vtep entries',
						run: reading((run) =>
							says(
								run,
								`error ${name === 'update' ? 'updating' : 'deleting'} contents of map: ${missingMap(minor, 'cilium_vtep_map')}`,
								1,
							),
						),
					}),
				)
			: []),
	],
});
