/**
 * `bpftool` 5.15 (tools/bpf/bpftool/{prog,map,net,cgroup}.c): programs and maps of the machine's kernel, which all its containers share.
 * What the simulator has no number for (sizes of compiled code, memory) is not printed.
 */
import type { BpfMap, Namespace } from '../../sim/linux/index.ts';
import type { Call, Tool } from '../tool.ts';
import { CPUS } from './hardware.ts';
import { hasTool } from './images.ts';
import { entryOctets, hexLines } from './map-octets.ts';
import { type Attached, kernelName, mapIds, nodeSpaces, programsIn } from './programs.ts';
import { may } from './rights.ts';
import { type Space, withSpace } from './space.ts';
import { clock, isoDate } from './words.ts';

const matches = (word: string, ...commands: readonly string[]): string | undefined =>
	commands.find((c) => c.startsWith(word));

/** Programs of the kernel: those of every node, pods' devices on it among them. */
function allPrograms(space: Space): readonly Attached[] {
	return nodeSpaces(space)
		.flatMap((ns) => programsIn(space, ns))
		.sort((a, b) => a.id - b.id);
}

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

function programLines(call: Call, { id, type, program, tag, loadedAt }: Attached): string {
	const at = call.lab.epoch + Math.floor(loadedAt / 1e6);
	return `${id}: ${type}  name ${kernelName(program)}  tag ${tag}  gpl\n\tloaded_at ${isoDate(at)}T${clock(at)}+0000  uid 0\n`;
}

function prog(call: Call, space: Space, words: readonly string[], json: boolean): number {
	const [command = 'show', key, value] = words;
	const verb = matches(
		command,
		'show',
		'list',
		'dump',
		'pin',
		'load',
		'attach',
		'detach',
		'tracelog',
		'run',
		'profile',
		'help',
	);
	if (verb !== 'show' && verb !== 'list')
		return verb === undefined || verb === 'help' ? usage(call, 'prog') : missing(call, `prog ${verb}`);
	let rows = allPrograms(space);
	if (key !== undefined) {
		if (key !== 'id' && key !== 'name' && key !== 'tag') {
			call.err(`Error: expected 'id', 'tag', 'name' or 'pinned', got: '${key}'?\n`);
			return 255;
		}
		if (value === undefined) {
			call.err(`Error: '${key}' needs at least 1 arguments, 0 found\n`);
			return 255;
		}
		rows = rows.filter((p) =>
			key === 'id'
				? String(p.id) === value
				: key === 'tag'
					? p.tag === value
					: kernelName(p.program) === value.slice(0, 15),
		);
		if (rows.length === 0) {
			call.err(
				key === 'id'
					? `Error: get by id (${value}): No such file or directory\n`
					: `Error: can't get prog by ${key} (${value}): No such file or directory\n`,
			);
			return 254;
		}
	}
	if (json)
		call.out(
			`${JSON.stringify(rows.map((p) => ({ id: p.id, type: p.type, name: kernelName(p.program), tag: p.tag, gpl_compatible: true, uid: 0 })))}\n`,
		);
	else for (const row of rows) call.out(programLines(call, row));
	return 0;
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
function dump(call: Call, space: Space, found: NamedMap, json: boolean): number {
	const { map, ns } = found;
	const version = space.lab
		.clusters()
		.flatMap((cluster) => cluster.agents())
		.find(({ node }) => ns.name === `node/${node}`)?.version;
	const minor = Number(version?.split('.')[1] ?? 12);
	const perCpu = map.type.startsWith('percpu');
	const cpus = perCpu ? CPUS : 1;
	if (map.name === 'cilium_metrics') {
		call.err('bpftool: the simulator has the counters of cilium_metrics in "cilium bpf metrics list" only\n');
		return 255;
	}
	const rows = mapEntries(found).map(([key, value]) => entryOctets(map, key, value, minor));
	if (rows.some((row) => row === undefined)) {
		call.err(`bpftool: the simulator knows no octets of ${map.name}\n`);
		return 255;
	}
	const none = new Uint8Array(map.valueSize);
	const known = rows.flatMap((row) => (row ? [row] : []));
	if (json) {
		const hex = (octets: Uint8Array): readonly string[] =>
			[...octets].map((octet) => `0x${octet.toString(16).padStart(2, '0')}`);
		call.out(
			`${JSON.stringify(known.map(([key, value]) => (perCpu ? { key: hex(key), values: Array.from({ length: cpus }, (_, cpu) => ({ cpu, value: hex(cpu === 0 ? value : none) })) } : { key: hex(key), value: hex(value) })))}\n`,
		);
		return 0;
	}
	const breaks = map.keySize > 16 || map.valueSize > 16;
	const single = map.keySize + map.valueSize <= 24 && !breaks;
	for (const [key, value] of known) {
		call.out(`key:${breaks ? '\n' : ' '}${hexLines(key)}${single && !perCpu ? '  ' : '\n'}`);
		if (!perCpu) call.out(`value:${breaks ? '\n' : ' '}${hexLines(value)}\n`);
		else
			for (let cpu = 0; cpu < cpus; cpu++)
				call.out(
					`value (CPU ${String(cpu).padStart(2, '0')}):${map.valueSize > 16 ? '\n' : ' '}${hexLines(cpu === 0 ? value : none)}\n`,
				);
	}
	call.out(`Found ${known.length} element${known.length === 1 ? '' : 's'}\n`);
	return 0;
}

function map(call: Call, space: Space, words: readonly string[], json: boolean): number {
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
		for (const row of rows) {
			const code = dump(call, space, row, json);
			if (code !== 0) return code;
		}
		return 0;
	}
	if (json)
		call.out(
			`${JSON.stringify(rows.map(({ id, map: m }) => ({ id, type: m.type, name: m.name.slice(0, 15), bytes_key: m.keySize, bytes_value: m.valueSize, max_entries: m.maxEntries })))}\n`,
		);
	else
		for (const { id, map: m } of rows)
			call.out(
				`${id}: ${m.type}  name ${m.name.slice(0, 15)}  flags 0x${m.type === 'lpm_trie' ? '1' : '0'}\n\tkey ${m.keySize}B  value ${m.valueSize}B  max_entries ${m.maxEntries}\n`,
			);
	return 0;
}

/** Attachments of this network namespace. */
function net(call: Call, space: Space, words: readonly string[], json: boolean): number {
	const [command = 'show'] = words;
	const verb = matches(command, 'show', 'list', 'attach', 'detach', 'help');
	if (verb !== 'show' && verb !== 'list')
		return verb === undefined || verb === 'help' ? usage(call, 'net') : missing(call, `net ${verb}`);
	const rows = programsIn(space, space.ns()).filter((p) => p.device);
	rows.sort((a, b) => a.device!.ifindex - b.device!.ifindex || a.id - b.id);
	const xdp = rows.filter((p) => p.type === 'xdp');
	const tc = rows
		.filter((p) => p.type === 'sched_cls')
		.sort((a, b) => a.device!.ifindex - b.device!.ifindex || (a.hook === 'ingress' ? -1 : 1));
	if (json) {
		call.out(
			`${JSON.stringify([{ xdp: xdp.map((p) => ({ devname: p.device!.name, ifindex: p.device!.ifindex, mode: 'driver', id: p.id })), tc: tc.map((p) => ({ devname: p.device!.name, ifindex: p.device!.ifindex, kind: `clsact/${p.hook}`, name: p.shown, id: p.id })), flow_dissector: [] }])}\n`,
		);
		return 0;
	}
	call.out('xdp:\n');
	for (const p of xdp) call.out(`${p.device!.name}(${p.device!.ifindex}) driver id ${p.id}\n`);
	call.out('\ntc:\n');
	for (const p of tc) call.out(`${p.device!.name}(${p.device!.ifindex}) clsact/${p.hook} ${p.shown} id ${p.id}\n`);
	call.out('\nflow_dissector:\n\n');
	return 0;
}

/** Programs at the root of Cilium's cgroup (pkg/cgroups: /run/cilium/cgroupv2). */
function cgroup(call: Call, space: Space, words: readonly string[]): number {
	const [command = 'tree', path] = words;
	const verb = matches(command, 'tree', 'show', 'list', 'attach', 'detach', 'help');
	if (verb !== 'tree' && verb !== 'show' && verb !== 'list')
		return verb === undefined || verb === 'help' ? usage(call, 'cgroup') : missing(call, `cgroup ${verb}`);
	if (verb !== 'tree' && path === undefined) {
		call.err("Error: 'cgroup' needs at least 1 arguments, 0 found\n");
		return 255;
	}
	const own = nodeSpaces(space).find((ns) => ns.name === space.name) ?? space.ns();
	const rows = programsIn(space, own).filter((p) => !p.device);
	const line = (p: Attached, indent: string): string =>
		`${indent}${String(p.id).padEnd(8)} ${p.hook.padEnd(15)} ${''.padEnd(15)} ${kernelName(p.program).padEnd(15)}\n`;
	call.out(
		`${verb === 'tree' ? 'CgroupPath\n' : ''}${'ID'.padEnd(8)} ${'AttachType'.padEnd(15)} ${'AttachFlags'.padEnd(15)} ${'Name'.padEnd(15)}\n`,
	);
	if (rows.length > 0 && verb === 'tree') call.out('/run/cilium/cgroupv2\n');
	for (const p of rows) call.out(line(p, verb === 'tree' ? '    ' : ''));
	return 0;
}

const missing = (call: Call, what: string): number => {
	call.err(`bpftool: the simulator has no "bpftool ${what}"\n`);
	return 255;
};

function usage(call: Call, object: string): number {
	call.err(
		`Usage: bpftool ${object} { show | list } [${object === 'net' ? 'dev <devname>' : object.toUpperCase()}]\n       bpftool ${object} help\n`,
	);
	return 255;
}

export const bpftool: Tool = {
	name: 'bpftool',
	at: hasTool('bpftool'),
	run: (call) =>
		withSpace(call, (space) => {
			const flags = call.args.filter((w) => w.length > 1 && w.startsWith('-'));
			const bad = flags.find((w) => !/^-(?:-json|-pretty|j|p|jp|pj|-version|V|-help|h|-bpffs|f|n|-nomount|d)$/.test(w));
			if (bad !== undefined) {
				call.err(
					`bpftool: ${bad.startsWith('--') ? `unrecognized option '${bad}'` : `invalid option -- '${bad[1]}'`}\nError: unrecognized option '${bad}'\n`,
				);
				return 255;
			}
			if (flags.includes('-V') || flags.includes('--version')) {
				call.out('bpftool v5.15.0\nfeatures:\n');
				return 0;
			}
			if (!may(call, 'SYS_ADMIN')) {
				call.err(
					`Error: can't get next ${/^m/.test(call.args[0] ?? '') ? 'map' : 'program'}: Operation not permitted\n`,
				);
				return 255;
			}
			const json = flags.some((w) => /^-(?:-json|-pretty|[jp]+)$/.test(w));
			const [object, ...rest] = call.args.filter((w) => !w.startsWith('-'));
			const kind =
				object === undefined
					? undefined
					: matches(
							object,
							'prog',
							'map',
							'net',
							'cgroup',
							'link',
							'perf',
							'feature',
							'btf',
							'gen',
							'struct_ops',
							'iter',
							'batch',
							'version',
							'help',
						);
			switch (kind) {
				case 'prog':
					return prog(call, space, rest, json);
				case 'map':
					return map(call, space, rest, json);
				case 'net':
					return net(call, space, rest, json);
				case 'cgroup':
					return cgroup(call, space, rest);
				case 'version':
					call.out('bpftool v5.15.0\nfeatures:\n');
					return 0;
				case undefined:
				case 'help':
					call.err(
						'Usage: bpftool [OPTIONS] OBJECT { COMMAND | help }\n       bpftool batch file FILE\n       bpftool version\n\n       OBJECT := { prog | map | link | cgroup | perf | net | feature | btf | gen | struct_ops | iter }\n',
					);
					return kind === 'help' ? 0 : 255;
				default:
					return missing(call, kind);
			}
		}),
};
