/**
 * `bpftool` 5.15 (tools/bpf/bpftool/{prog,net,cgroup}.c; maps are `bpftool-maps.ts`): programs and maps of the machine's kernel, which all its containers share.
 * What the simulator has no number for (sizes of compiled code) is not printed.
 */
import type { Call, Tool } from '../tool.ts';
import { map } from './bpftool-maps.ts';
import { type Json, jsonText, matches, missing, usage } from './bpftool-words.ts';
import { hasTool } from './images.ts';
import { type Attached, kernelName, nodeSpaces, programsIn } from './programs.ts';
import { may } from './rights.ts';
import { type Space, withSpace } from './space.ts';
import { clock, isoDate } from './words.ts';

/** Programs of the kernel: those of every node, pods' devices on it among them. */
function allPrograms(space: Space): readonly Attached[] {
	return nodeSpaces(space)
		.flatMap((ns) => programsIn(space, ns))
		.sort((a, b) => a.id - b.id);
}

function programLines(call: Call, { id, type, program, tag, loadedAt }: Attached): string {
	const at = call.lab.epoch + Math.floor(loadedAt / 1e6);
	return `${id}: ${type}  name ${kernelName(program)}  tag ${tag}  gpl\n\tloaded_at ${isoDate(at)}T${clock(at)}+0000  uid 0\n`;
}

function prog(call: Call, space: Space, words: readonly string[], json: Json): number {
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
			jsonText(
				json,
				rows.map((p) => ({
					id: p.id,
					type: p.type,
					name: kernelName(p.program),
					tag: p.tag,
					gpl_compatible: true,
					loaded_at: call.lab.epoch + Math.floor(p.loadedAt / 1e6),
					uid: 0,
				})),
			),
		);
	else for (const row of rows) call.out(programLines(call, row));
	return 0;
}

/** Attachments of this network namespace. */
function net(call: Call, space: Space, words: readonly string[], json: Json): number {
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
		const device = (p: Attached) => ({ devname: p.device!.name, ifindex: p.device!.ifindex });
		call.out(
			jsonText(json, [
				{
					xdp: xdp.map((p) => ({ ...device(p), mode: 'driver', id: p.id })),
					tc: tc.map((p) => ({ ...device(p), kind: `clsact/${p.hook}`, name: p.shown, id: p.id })),
					flow_dissector: [],
				},
			]),
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
			const json: Json = flags.some((w) => /^-(?:-pretty|[jp]*p[jp]*)$/.test(w))
				? 'pretty'
				: flags.some((w) => /^-(?:-json|j+)$/.test(w)) && 'plain';
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
