/**
 * `cilium bpf …` of parts that are off in every lab, or whose maps the simulator derives: what a tool finds where no map
 * is pinned. Source: cilium-dbg/cmd/bpf_{auth,bandwidth,config,frag,multicast*,nat_retries*,nodeid,recorder,sha,socknat,srv6_*,
 * vtep}*.go @ v1.18.3, the versions that have each: cilium/cmd @ v1.12.1 to cilium-dbg/cmd where v1.19 branched off.
 */

import { twoColumns } from '../../../../sim/cilium/index.ts';
import { hashText } from '../../../../sim/linux/index.ts';
import { formatIp } from '../../../../sim/wire/index.ts';
import type { Command, Run } from '../../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../../text/index.ts';
import { type Agent, endpointsOf, reading } from '../context.ts';
import { nodeIds } from '../node-ids.ts';
import { OUTPUT, structured } from '../output.ts';
import { missingMap } from './listed.ts';

const LS = { name: 'list', aliases: ['ls'], flags: [OUTPUT] } as const;

const none = ({ call }: Run): number => {
	call.err('No entries found.\n');
	return 0;
};

const empty = (run: Run, value: unknown = []): number | string => structured(run, () => value) ?? none(run);

/** A table of the agent's, or what it says without rows. */
const rowsOf = (run: Run, title: string, rows: readonly string[], value: () => unknown): number | string => {
	const printed = structured(run, value);
	if (printed !== undefined) return printed;
	if (rows.length === 0) return none(run);
	run.call.out(tabulate([title, ...rows].map((row) => `${row}\n`).join(''), CILIUM_AGENT));
	return 0;
};

const says = ({ call }: Run, text: string, code = 0): number => {
	call.err(`${text}\n`);
	return code;
};

/** Mutual authentication: its map is there unless that is off. */
const auth = (minor: number): Command => {
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

const bandwidth: Command = {
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

/** cilium_runtime_config: when the agent last said that it lives, each second, and what makes time of day of the kernel's clock. */
const config: Command = {
	name: 'config',
	short: 'Manage runtime config',
	commands: [
		{
			...LS,
			short: 'List all runtime config entries',
			run: reading((run, agent) => {
				const { lab, state } = agent;
				const booted = 86_400;
				const alive = state.state === 'ready' ? Math.floor(lab.now / 1e6) : Math.floor(state.startedAt / 1e6);
				const entries = [
					{ Key: 'AgentLiveness', Value: (booted + alive) * 1_000_000_000 },
					// In units of 512 ns (pkg/maps/configmap, pkg/utime).
					{ Key: 'UTimeOffset', Value: (lab.epoch - booted) * 1_953_125 },
				].filter(({ Key }) => agent.minor >= 15 || Key === 'UTimeOffset');
				return rowsOf(
					run,
					'KEY\tVALUE',
					entries.map(({ Key, Value }) => `${Key}\t${Value}`),
					() => entries,
				);
			}),
		},
	],
};

const frag: Command = {
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
const multicast: Command = {
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
			],
		},
	],
};

/** How often a port for a connection had to be sought, by tries. */
const retries: Command = {
	name: 'retries',
	short: 'NAT retries histogram',
	commands: [
		{
			...LS,
			short: 'Show the NAT retries histogram',
			run: reading((run, { maps, ns, minor }) => {
				if (!maps.snatRetries.exists(ns()))
					return says(
						run,
						`Unable to open /sys/fs/bpf/tc/globals/cilium_snat_v4_alloc_retries: ${missingMap(minor, 'cilium_snat_v4_alloc_retries')}. Skipping.`,
					);
				const counts = new Map(
					[...maps.snatRetries.dump(ns())].map(([tries, count]) => [Number(tries), Number(count)]),
				);
				const all = Array.from({ length: 33 }, (_, tries) => [tries, counts.get(tries) ?? 0] as const);
				const printed = structured(run, () => all.map(([Key, Value]) => ({ Key: { Key }, Value: { Value } })));
				if (printed !== undefined) return printed;
				run.call.out(all.map(([tries, count]) => `${tries}:\t${count}\n`).join(''));
				return 0;
			}),
		},
	],
};

const nodeid: Command = {
	name: 'nodeid',
	short: 'Manage the node IDs',
	commands: [
		{
			...LS,
			aliases: [],
			short: 'List node IDs and their IP addresses',
			run: reading((run, agent) => {
				const all = nodeIds(agent).flatMap(({ id, ips }) => ips.map((ip) => ({ ID: id, Address: ip, SPI: 0 })));
				const later = agent.minor >= 15;
				return rowsOf(
					run,
					`NODE ID\tIP ADDRESSES${later ? '\tSPI' : ''}`,
					all.map(({ ID, Address }) => `0x${ID.toString(16)}\t${Address}${later ? '\t0' : ''}`),
					() => all,
				);
			}),
		},
	],
};

const recorder: Command = {
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

/** Endpoints with the same program share a template, which is named after what was compiled (pkg/datapath/loader/cache.go). */
function templates(agent: Agent): readonly (readonly [sha: string, ids: readonly number[]])[] {
	const { state } = agent;
	const text = JSON.stringify(Object.entries(state.config).sort()) + state.release;
	const shaOf = (kind: string): string =>
		Array.from({ length: 8 }, (_, i) =>
			hashText(i + 1, kind + text)
				.toString(16)
				.padStart(8, '0'),
		).join('');
	const out = new Map<string, number[]>();
	for (const { id, kind } of endpointsOf(agent)) {
		const sha = shaOf(kind === 'host' ? 'host' : 'lxc');
		out.set(sha, [...(out.get(sha) ?? []), id]);
	}
	return [...out].sort(([a], [b]) => (a < b ? -1 : 1));
}

const sha: Command = {
	name: 'sha',
	short: 'Manage compiled BPF template objects',
	commands: [
		{
			...LS,
			short: 'List BPF template objects.',
			run: reading((run, agent) => {
				const all = templates(agent);
				const printed = structured(run, () => Object.fromEntries(all.map(([name, ids]) => [name, ids.map(String)])));
				if (printed !== undefined) return printed;
				const rows = all.map(([name, ids]) => [name, ids.map(String)] as const);
				run.call.out(`${twoColumns('Datapath SHA', 'Endpoint(s)', rows).join('\n')}\n`);
				return 0;
			}),
		},
		{
			name: 'get',
			use: '<sha>',
			short: 'Get datapath SHA header',
			run: reading((run, agent) => {
				const [name] = run.args;
				if (name === undefined) return 'Missing sha argument';
				const path = `/var/run/cilium/state/templates/${name}/ep_config.h`;
				return templates(agent).some(([known]) => known === name)
					? 'the simulator compiles no programs, and has no header of them'
					: `Failed to describe datapath object: open ${path}: no such file or directory`;
			}),
		},
	],
};

/** Translations of the socket load balancer, by the socket's cookie. */
const socknat: Command = {
	name: 'socknat',
	short: 'Socket NAT operations',
	commands: [
		{
			...LS,
			short: 'List socket NAT entries',
			run: reading((run, { maps, ns }) => {
				const rows = [...maps.reverseSk.dump(ns())].map(
					([key, value]) =>
						[
							String(key.cookie),
							[
								`${formatIp(key.address)}:${key.port} -> ${formatIp(value.address)}:${value.port} (revnat=${value.revNatIndex})`,
							],
						] as const,
				);
				const printed = structured(run, () => Object.fromEntries(rows));
				if (printed !== undefined) return printed;
				run.call.out(`${twoColumns('Socket Cookie', 'Backend -> Frontend', rows).join('\n')}\n`);
				return 0;
			}),
		},
	],
};

const srv6 = (minor: number): Command => {
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

const vtep = (minor: number): Command => ({
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

/** Those a version has, unsorted. */
export const featureCommands = (minor: number): readonly Command[] => [
	bandwidth,
	sha,
	vtep(minor),
	...(minor <= 18 ? [recorder] : []),
	...(minor >= 13 ? [nodeid, srv6(minor)] : []),
	...(minor >= 14 ? [auth(minor), config] : []),
	...(minor >= 16 ? [multicast] : []),
	...(minor >= 17 ? [frag] : []),
	...(minor >= 18 ? [socknat] : []),
];

export const natRetries = (minor: number): readonly Command[] => (minor >= 18 ? [retries] : []);
