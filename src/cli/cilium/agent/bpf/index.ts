/** `cilium bpf`: the maps of the agent's node. Source: cilium/cmd/bpf*.go @ v1.12.1, v1.18.3. */
import { type PolicyEntry, type PolicyKey, policyPort, twoColumns } from '../../../../sim/cilium/index.ts';
import { formatIp, formatMac, parseIp } from '../../../../sim/wire/index.ts';
import type { Command, Run } from '../../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../../text/index.ts';
import { type Agent, endpointIds, endpointsOf, reading } from '../context.ts';
import { identityLabels, printable, reservedId } from '../labels.ts';
import { dropText, eventsOf, forgetMetrics, policyCount } from '../monitor/index.ts';
import { ipmasqCommand } from '../optional.ts';
import { OUTPUT, structured } from '../output.ts';
import { refusing } from '../refusing.ts';
import { featureCommands } from './features.ts';

import { lbList, maglev } from './lb.ts';
import { missingMap } from './listed.ts';
import { ct, egress, ipcache, nat, tunnel } from './lists.ts';
import { policyRecord } from './records.ts';

const endpoint: Command = {
	name: 'endpoint',
	short: 'Local endpoint map',
	commands: [
		{
			name: 'delete',
			short: 'Delete local endpoint entries',
			run: reading((run, agent) => {
				const [text = ''] = run.args;
				if (text === '') return 'Please specify the endpoint to delete';
				const ip = parseIp(text);
				if (ip === undefined) return `Unable to parse IP '${text}'`;
				if (!agent.maps.lxc.peek(agent.ns(), ip)) return `Unable to delete endpoint entry: key does not exist`;
				agent.change((ns) => agent.maps.lxc.remove(ns, ip));
				return 0;
			}),
		},
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List local endpoint entries',
			flags: [OUTPUT],
			run: reading((run, agent) => {
				const rows = lxcRows(agent);
				const printed = structured(run, () => new Map(rows));
				if (printed !== undefined) return printed;
				run.call.out(`${twoColumns('IP ADDRESS', 'LOCAL ENDPOINT INFO', rows).join('\n')}\n`);
				return 0;
			}),
		},
	],
};

/** pkg/maps/lxcmap/lxcmap.go String(); from 1.14 with the endpoint's identity. */
function lxcRows(agent: Agent): readonly (readonly [string, readonly string[]])[] {
	return [...agent.maps.lxc.dump(agent.ns())].map(([ip, info]) => {
		const id = String(info.lxcId).padEnd(5);
		const identity = agent.minor >= 14 ? `sec_id=${String(info.identity).padEnd(5)} ` : '';
		const parent = agent.minor >= 18 ? ' parent_ifindex=0  ' : '';
		const text = info.host
			? '(localhost)'
			: `id=${id} ${identity}flags=0x0000 ifindex=${String(info.ifindex).padEnd(3)} mac=${formatMac(info.mac).toUpperCase()} nodemac=${formatMac(info.nodeMac).toUpperCase()}${parent}`;
		return [`${formatIp(ip)}:0`, [text]];
	});
}

export interface PolicyRow {
	readonly key: PolicyKey;
	readonly deny: boolean;
	readonly egress: boolean;
	readonly identity: number;
	readonly port: string;
	/** Bits of protocol and port that count. */
	readonly prefix: number;
	readonly proxyPort: number;
	readonly packets: number;
	readonly bytes: number;
}

type Entry = readonly [PolicyKey, PolicyEntry];

/** PolicyEntriesDump.Less(): denials first, then by direction and identity. */
const bySide = ([a, x]: Entry, [b, y]: Entry): number =>
	Number(y.deny) - Number(x.deny) ||
	Number(a.egress) - Number(b.egress) ||
	a.identity - b.identity ||
	a.proto - b.proto ||
	a.dport - b.dport;

/** What an endpoint's policy map holds. */
export function policyRows(agent: Agent, id: number): readonly PolicyRow[] | undefined {
	const found = endpointsOf(agent).find((e) => e.id === id);
	if (!found) return undefined;
	const ns = agent.ns();
	const info = found.ip === undefined ? undefined : agent.maps.lxc.peek(ns, found.ip);
	// The host's and the health endpoint's maps are not modelled: no policy selects them.
	const entries: readonly Entry[] =
		info && !info.host
			? [...agent.maps.policy(info.lxcId).dump(ns)]
			: [false, true].map(
					(egressSide) =>
						[
							{ identity: 0, egress: egressSide, proto: 0, dport: 0, prefix: 0 },
							{ proxyPort: 0, deny: false },
						] as const,
				);
	return [...entries].sort(bySide).map(([key, entry]) => ({
		key,
		deny: entry.deny,
		egress: key.egress,
		identity: key.identity,
		port: policyPort(key),
		prefix: key.proto === 0 ? 0 : 8 + key.prefix,
		proxyPort: entry.proxyPort,
		...(entry.derived
			? { packets: entry.packets ?? 0, bytes: entry.bytes ?? 0 }
			: policyCount(agent, id, key.egress ? 'egress' : 'ingress')),
	}));
}

/** What is said with `-o`: entries as the kernel has them, ports in the network's order. */
const policyRecords = (agent: Agent, id: number): readonly object[] =>
	(policyRows(agent, id) ?? []).map((row) => policyRecord(row, agent.minor));

/** From 1.14 with how peers authenticate, and how much of the port counts; from 1.19 with the cookie of the policy's log. */
function policyTable(agent: Agent, rows: readonly PolicyRow[], numeric: boolean): string {
	const later = agent.minor >= 14;
	const cookie = agent.minor >= 19;
	const who = numeric ? 'IDENTITY' : 'LABELS (source:key[=value])';
	const title = [
		'POLICY',
		'DIRECTION',
		who,
		'PORT/PROTO',
		'PROXY PORT',
		...(later ? ['AUTH TYPE'] : []),
		'BYTES',
		'PACKETS',
		...(later ? ['PREFIX'] : []),
		...(cookie ? ['COOKIE'] : []),
	];
	const lines = rows.flatMap((row) => {
		const known = numeric
			? [String(row.identity)]
			: printable(identityLabels(agent, row.identity) ?? [String(row.identity)]);
		const labels = known.map((label) => (agent.minor >= 18 && label === 'reserved:unknown' ? 'ANY' : label));
		const [first = '', ...more] = labels;
		const cells = [
			row.deny ? 'Deny' : 'Allow',
			row.egress ? 'Egress' : 'Ingress',
			first,
			row.port,
			row.proxyPort === 0 ? 'NONE' : String(row.proxyPort),
			...(later ? ['disabled'] : []),
			String(row.bytes),
			String(row.packets),
			...(later ? [String(row.prefix)] : []),
			...(cookie ? ['0'] : []),
		];
		const rest = ['', '', '', '', ...(later ? ['', ''] : []), ...(cookie ? [''] : [])];
		return [cells, ...more.map((label) => ['', '', label, ...rest])];
	});
	return tabulate(
		[title, ...lines]
			// The cookie is the line's last word, no cell.
			.map((cells) => `${cells.join('\t')}${cookie && cells.at(-1) !== '' ? '' : '\t'}\n`)
			.join(''),
		CILIUM_AGENT,
	);
}

const POLICY_FLAGS = [
	{ name: 'all', type: 'bool', usage: 'Dump all policy maps' } as const,
	{ name: 'numeric', short: 'n', type: 'bool', usage: 'Do not resolve IDs' } as const,
	OUTPUT,
];

const policyMapName = (minor: number, id: number): string =>
	`cilium_policy_${minor >= 17 ? 'v2_' : ''}${String(id).padStart(5, '0')}`;

function allPolicies(run: Run, agent: Agent): number | string {
	const ids = endpointsOf(agent).map(({ id }) => id);
	const path = (id: number): string => `/sys/fs/bpf/tc/globals/${policyMapName(agent.minor, id)}`;
	if (agent.minor <= 12 && run.flags.text('output') !== '') {
		for (const id of ids) {
			run.call.out(`${path(id)}:\n\n`);
			structured(run, () => policyRecords(agent, id));
			run.call.out('\n\n');
		}
		return 0;
	}
	const printed = structured(run, () =>
		ids.map((id) => ({
			EndpointID: String(id),
			Path: path(id),
			Content: policyRecords(agent, id),
		})),
	);
	if (printed !== undefined) return printed;
	for (const id of ids) {
		const head = agent.minor >= 14 ? `Endpoint ID: ${id}\nPath: ${path(id)}\n` : `${path(id)}:\n`;
		run.call.out(`${head}\n${policyTable(agent, policyRows(agent, id) ?? [], run.flags.on('numeric'))}\n\n`);
	}
	return 0;
}

const policy = (minor: number): Command => ({
	name: 'policy',
	short: 'Manage policy related BPF maps',
	commands: [
		{
			name: 'get',
			short: minor >= 15 ? 'Get contents of a policy BPF map' : 'List contents of a policy BPF map',
			flags: POLICY_FLAGS,
			complete: endpointIds,
			run: reading((run, agent) => {
				if (run.flags.on('all')) return allPolicies(run, agent);
				const [text] = run.args;
				if (text === undefined) return 'Missing endpoint id argument';
				const reserved = reservedId(text);
				if (reserved === undefined && !/^\d+$/.test(text))
					return `Cannot parse endpoint id "${text}": invalid endpoint id`;
				const rows = reserved === undefined ? policyRows(agent, Number(text)) : undefined;
				if (!rows) {
					// No endpoint's map is named after an identity any more.
					const name =
						reserved === undefined ? policyMapName(agent.minor, Number(text)) : `cilium_policy_reserved_${reserved}`;
					return `Failed to open map: ${missingMap(agent.minor, name)}\n`;
				}
				const printed = structured(run, () => policyRecords(agent, Number(text)));
				if (printed !== undefined) return printed;
				run.call.out(policyTable(agent, rows, run.flags.on('numeric')));
				return 0;
			}),
		},
		...(minor >= 13
			? [
					{
						name: 'list',
						aliases: ['ls'],
						short: minor >= 15 ? 'List all policy BPF maps' : 'Dump all policy maps',
						flags: POLICY_FLAGS,
						run: reading(allPolicies),
					},
				]
			: []),
		...(
			[
				['add', '<endpoint id> <traffic-direction> <identity> [port/proto]', 'Add/update policy entry'],
				['delete', '<endpoint id> <identity> [port/proto]', 'Delete a policy entry'],
			] as const
		).map(([name, use, short]) =>
			refusing(name, short, 'the simulator’s policy maps are what policies make of them: apply a policy', {
				use,
				flags: [{ name: 'deny', type: 'bool', usage: 'Sets deny mode' }],
			}),
		),
	],
});

type Metrics = ReturnType<typeof eventsOf>['metrics'];

/** To 1.14: reasons with what was counted in each direction (listJSONMetrics()). */
function metricsByReason(all: Metrics): readonly object[] {
	const reasons = new Map<number, Map<string, object>>();
	for (const { reason, direction, packets, bytes } of all) {
		const values = reasons.get(reason) ?? new Map<string, object>();
		reasons.set(reason, values);
		values.set(direction.toLowerCase(), { packets, bytes });
	}
	return [...reasons].map(([reason, values]) => ({ reason, description: dropText(reason), values }));
}

const metricRows = (all: Metrics, minor: number): readonly object[] =>
	all.map(({ reason, direction, packets, bytes, line, file }) => ({
		reason: dropText(reason),
		direction: direction.toLowerCase(),
		packets,
		bytes,
		...(minor >= 16 ? { line, file } : {}),
	}));

const metrics = (minor: number): Command => ({
	name: 'metrics',
	short: 'BPF datapath traffic metrics',
	commands: [
		...(minor >= 19
			? [
					{
						name: 'flush',
						short: 'Flush BPF datapath traffic metrics',
						run: reading((_run, agent) => {
							forgetMetrics(agent);
							return 0;
						}),
					} satisfies Command,
				]
			: []),
		{
			name: 'list',
			short: 'List BPF datapath traffic metrics',
			flags: [OUTPUT],
			run: reading((run, agent) => {
				const { metrics: all } = eventsOf(agent);
				const rows = all
					.map(
						(m) =>
							[dropText(m.reason), m.direction, String(m.packets), String(m.bytes), String(m.line), m.file] as const,
					)
					.sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1));
				const printed = structured(run, () =>
					agent.minor <= 14 ? metricsByReason(all) : metricRows(all, agent.minor),
				);
				if (printed !== undefined) return printed;
				if (rows.length === 0) {
					run.call.err('No entries found.\n');
					return 0;
				}
				const width = agent.minor >= 16 ? 6 : 4;
				const title = ['REASON', 'DIRECTION', 'PACKETS', 'BYTES', 'LINE', 'FILE'];
				run.call.out(
					tabulate([title, ...rows].map((row) => `${row.slice(0, width).join('\t')}\n`).join(''), CILIUM_AGENT),
				);
				return 0;
			}),
		},
	],
});

/** The mount the agent's pod finds at /sys/fs/bpf. Its numbers (MountID, ParentID) are left out: the lab has none. */
const fs: Command = {
	name: 'fs',
	short: 'Manage bpf filesystem mount',
	commands: [
		{
			name: 'show',
			short: 'Show bpf filesystem mount details',
			example: 'cilium bpf fs show',
			flags: [OUTPUT],
			run: reading((run) => {
				const facts = [
					['Mounted State', 'true'],
					['MountPoint', '/sys/fs/bpf'],
					['MountOptions', 'rw,relatime'],
					['FilesystemType', 'bpf'],
					['MountSource', 'bpf'],
					['SuperOptions', 'rw,mode=700'],
				] as const;
				const printed = structured(run, () => Object.fromEntries(facts));
				if (printed !== undefined) return printed;
				run.call.out(
					tabulate(facts.map(([key, value]) => `${key}:\t${value}\n`).join(''), {
						minWidth: 2,
						tabWidth: 0,
						padding: 3,
					}),
				);
				return 0;
			}),
		},
	],
};

/** `bpf` of an agent of that minor. */
export const bpfCommand = (minor: number): Command => ({
	name: 'bpf',
	short: 'Direct access to local BPF maps',
	commands: [
		ct(minor),
		egress,
		endpoint,
		fs,
		ipcache(minor),
		ipmasqCommand,
		{ name: 'lb', short: 'Load-balancing configuration', commands: [lbList(minor), maglev] },
		metrics(minor),
		nat(minor),
		policy(minor),
		...(minor <= 17 ? [tunnel] : []),
		...featureCommands(minor),
	],
});
