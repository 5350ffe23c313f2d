/** `bpftool map` 5.15 (tools/bpf/bpftool/map.c). */
import type { BpfMap, Namespace } from '../../sim/linux/index.ts';
import type { Call } from '../tool.ts';
import { type Json, jsonText, matches, missing, usage } from './bpftool-words.ts';
import { CPUS } from './hardware.ts';
import { entryOctets, hexLines } from './map-octets.ts';
import { mapIds, nodeSpaces } from './programs.ts';
import type { Space } from './space.ts';

interface NamedMap {
	readonly id: number;
	readonly ns: Namespace;
	readonly map: BpfMap;
}

function allMaps(space: Space): readonly NamedMap[] {
	const ids = mapIds(space);
	return nodeSpaces(space)
		.flatMap((ns) => [...ns.bpfMaps.values()].map((map) => ({ id: ids.get(`${ns.name} ${map.name}`) ?? 0, ns, map })))
		.sort((a, b) => a.id - b.id);
}

const PAGE = 4096;

/** bpf_map_memory_footprint() of kernel/bpf/syscall.c @ v5.15: octets its entries would take. */
function footprint({ type, keySize, valueSize, maxEntries }: BpfMap): number {
	const value = type.includes('percpu') ? Math.ceil(valueSize / 8) * 8 * CPUS : valueSize;
	return Math.ceil((maxEntries * Math.ceil((keySize + value) / 8) * 8) / PAGE) * PAGE;
}

/** The agent of the node whose map it is. */
const agentOf = (space: Space, ns: Namespace) =>
	space.lab
		.clusters()
		.flatMap((cluster) => cluster.agents())
		.find(({ node }) => ns.name === `node/${node}`);

/** BPF_F_NO_PREALLOC (GetPreAllocateMapFlags() of pkg/bpf/bpf.go @ v1.12.1): LRU tables cannot do without. */
function flagsOf(space: Space, { ns, map }: NamedMap): number {
	if (map.type === 'lpm_trie') return 1;
	const plain = map.type === 'hash' || map.type === 'percpu_hash';
	return plain && agentOf(space, ns)?.config['preallocate-bpf-maps'] !== 'true' ? 1 : 0;
}

function mapEntries({ map }: NamedMap): readonly (readonly [unknown, unknown])[] {
	const out = new Map<string, readonly [unknown, unknown]>();
	for (const block of map.blocks) for (const [k, v] of block.entries()) out.set(JSON.stringify(k), [k, v]);
	for (const [k, v] of map.entries.values()) out.set(JSON.stringify(k), [k, v]);
	return [...out.values()];
}

/**
 * print_entry_plain() and print_entry_json() (map.c): the agent makes its maps without BTF, so entries are octets. Counters
 * of one processor are all there is: the simulator keeps their sum.
 */
function dump(space: Space, found: NamedMap): Entries | string {
	const { map, ns } = found;
	const minor = Number(agentOf(space, ns)?.version.split('.')[1] ?? 12);
	if (map.name === 'cilium_metrics')
		return 'the simulator has the counters of cilium_metrics in "cilium bpf metrics list" only';
	const rows = mapEntries(found).map(([key, value]) => entryOctets(map, key, value, minor));
	if (rows.some((row) => row === undefined)) return `the simulator knows no octets of ${map.name}`;
	return rows.flatMap((row) => (row ? [row] : []));
}

type Entries = readonly (readonly [key: Uint8Array, value: Uint8Array])[];

/** Values of each processor: what there is has the first. */
const perProcessor = ({ map }: NamedMap, value: Uint8Array): readonly Uint8Array[] =>
	Array.from({ length: CPUS }, (_, cpu) => (cpu === 0 ? value : new Uint8Array(map.valueSize)));

function jsonOf(row: NamedMap, entries: Entries): readonly object[] {
	const hex = (octets: Uint8Array): readonly string[] =>
		[...octets].map((octet) => `0x${octet.toString(16).padStart(2, '0')}`);
	return entries.map(([key, value]) => ({
		key: hex(key),
		...(row.map.type.startsWith('percpu')
			? { values: perProcessor(row, value).map((one, cpu) => ({ cpu, value: hex(one) })) }
			: { value: hex(value) }),
	}));
}

function plainOf(row: NamedMap, entries: Entries): string {
	const { keySize, valueSize, type } = row.map;
	const perCpu = type.startsWith('percpu');
	const breaks = keySize > 16 || valueSize > 16;
	const single = keySize + valueSize <= 24 && !breaks && !perCpu;
	const lines = entries.flatMap(([key, value]) => [
		`key:${breaks ? '\n' : ' '}${hexLines(key)}${single ? '  ' : '\n'}`,
		...(perCpu
			? perProcessor(row, value).map(
					(one, cpu) => `value (CPU ${String(cpu).padStart(2, '0')}):${valueSize > 16 ? '\n' : ' '}${hexLines(one)}\n`,
				)
			: [`value:${breaks ? '\n' : ' '}${hexLines(value)}\n`]),
	]);
	return `${lines.join('')}Found ${entries.length} element${entries.length === 1 ? '' : 's'}\n`;
}

export function map(call: Call, space: Space, words: readonly string[], json: Json): number {
	const [command = 'show', key, value] = words;
	const verb = matches(
		command,
		'show',
		'list',
		'dump',
		'create',
		'update',
		'lookup',
		'getnext',
		'delete',
		'pin',
		'event_pipe',
		'peek',
		'push',
		'pop',
		'enqueue',
		'dequeue',
		'freeze',
		'help',
	);
	if (verb !== 'show' && verb !== 'list' && verb !== 'dump')
		return verb === undefined || verb === 'help' ? usage(call, 'map') : missing(call, `map ${verb}`);
	let rows = allMaps(space);
	if (key !== undefined) {
		if (key !== 'id' && key !== 'name' && key !== 'pinned') {
			call.err(`Error: expected 'id', 'name' or 'pinned', got: '${key}'?\n`);
			return 255;
		}
		if (value === undefined) {
			call.err(`Error: '${key}' needs at least 1 arguments, 0 found\n`);
			return 255;
		}
		const own = space.name.startsWith('node/') ? space.name : undefined;
		const pinned = value.slice(value.lastIndexOf('/') + 1);
		rows = rows.filter((m) =>
			key === 'id'
				? String(m.id) === value
				: key === 'name'
					? m.map.name.slice(0, 15) === value.slice(0, 15)
					: m.map.name === pinned && (own === undefined || m.ns.name === own),
		);
		if (rows.length === 0) {
			call.err(
				key === 'id'
					? `Error: get map by id (${value}): No such file or directory\n`
					: key === 'name'
						? `Error: can't parse name: no map named ${value}\n`
						: `Error: bpf obj get (${value.slice(0, value.lastIndexOf('/')) || value}): No such file or directory\n`,
			);
			return 254;
		}
	}
	if (verb === 'dump') {
		if (key === undefined) {
			call.err("Error: 'map' needs at least 2 arguments, 0 found\n");
			return 255;
		}
		const several = rows.length > 1;
		const all: object[] = [];
		for (const [i, row] of rows.entries()) {
			const entries = dump(space, row);
			if (typeof entries === 'string') {
				call.err(`bpftool: ${entries}\n`);
				return 255;
			}
			// map_dump(): several of one name have their first line in front.
			if (json) all.push(several ? { ...mapObject(space, row), elements: jsonOf(row, entries) } : jsonOf(row, entries));
			else
				call.out(`${several ? mapHeader(space, row) : ''}${plainOf(row, entries)}${i < rows.length - 1 ? '\n' : ''}`);
		}
		if (json) call.out(jsonText(json, several ? all : all[0]));
		return 0;
	}
	if (json)
		call.out(
			jsonText(
				json,
				rows.map((row) => mapObject(space, row)),
			),
		);
	else
		for (const row of rows)
			call.out(
				`${mapHeader(space, row)}\tkey ${row.map.keySize}B  value ${row.map.valueSize}B  max_entries ${row.map.maxEntries}  memlock ${footprint(row.map)}B\n`,
			);
	return 0;
}

const mapHeader = (space: Space, row: NamedMap): string =>
	`${row.id}: ${row.map.type}  name ${row.map.name.slice(0, 15)}  flags 0x${flagsOf(space, row)}\n`;

const mapObject = (space: Space, row: NamedMap): object => ({
	id: row.id,
	type: row.map.type,
	name: row.map.name.slice(0, 15),
	flags: flagsOf(space, row),
	bytes_key: row.map.keySize,
	bytes_value: row.map.valueSize,
	max_entries: row.map.maxEntries,
	bytes_memlock: footprint(row.map),
	frozen: 0,
});
