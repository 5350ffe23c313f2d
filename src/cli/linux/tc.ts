/** `tc` (iproute2 6.1 tc/tc_qdisc.c, tc_filter.c, f_bpf.c, lib/bpf_legacy.c): queueing and the filters that are BPF programs. */
import { type Device, deviceByName } from '../../sim/linux/index.ts';
import type { Call, Tool } from '../tool.ts';
import { devicesIn, qdiscOf } from './devices.ts';
import { hasTool } from './images.ts';
import { type Attached, programsIn } from './programs.ts';
import { may } from './rights.ts';
import { type Space, withSpace } from './space.ts';
import { octetsOf } from './traffic.ts';

const matches = (word: string, ...commands: readonly string[]): string | undefined =>
	commands.find((c) => c.startsWith(word));

/** Section names are printed as they were to Cilium 1.12; named programs come with their name twice from iproute2 5.9 on. */
const filterLine = ({ shown, id, tag, program }: Attached): string =>
	`filter protocol all pref 1 bpf chain 0 handle 0x1 ${shown} direct-action not_in_hw id ${id} ${program.startsWith('cil_') ? `name ${program.slice(0, 15)} ` : ''}tag ${tag} jited `;

function showFilters(call: Call, space: Space, words: readonly string[]): number {
	let dev: string | undefined;
	let side: 'ingress' | 'egress' | undefined;
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		if (word === 'dev') {
			dev = words[++i];
			if (dev === undefined) return incomplete(call);
		} else if (word === 'ingress' || word === 'egress') side = word;
		else if (['parent', 'root', 'protocol', 'pref', 'priority', 'block', 'chain'].includes(word)) {
			const value = word === 'root' ? '' : words[++i];
			if (word === 'parent')
				side = value === 'ffff:fff3' ? 'egress' : value === 'ffff:fff2' || value === 'ffff:' ? 'ingress' : side;
		} else {
			call.err(`What is "${word}"? Try "tc filter help"\n`);
			return 1;
		}
	}
	if (dev === undefined) {
		call.err('Must specify network device "dev" for filters\n');
		return 1;
	}
	if (!deviceByName(space.ns(), dev)) return noDevice(call, dev);
	// Without a side tc asks for the root qdisc's filters, and there are none.
	if (!side) return 0;
	for (const program of programsIn(space, space.ns())) {
		if (program.device?.name !== dev || program.hook !== side) continue;
		call.out('filter protocol all pref 1 bpf chain 0 \n');
		call.out(`${filterLine(program)}\n`);
	}
	return 0;
}

const incomplete = (call: Call): number => {
	call.err('Command line is not complete. Try option "help"\n');
	return 255;
};

const noDevice = (call: Call, dev: string): number => {
	call.err(`Cannot find device "${dev}"\n`);
	return 1;
};

const hasClsact = (device: Device): boolean => device.tcIngress !== undefined || device.tcEgress !== undefined;

function showQdiscs(call: Call, space: Space, words: readonly string[], stats: boolean): number {
	let dev: string | undefined;
	for (let i = 0; i < words.length; i++) {
		if (words[i] === 'dev') {
			dev = words[++i];
			if (dev === undefined) return incomplete(call);
		} else if (words[i] !== 'ingress' && words[i] !== 'clsact' && words[i] !== 'invisible') {
			call.err(`What is "${words[i]}"? Try "tc qdisc help".\n`);
			return 1;
		}
	}
	if (dev !== undefined && !deviceByName(space.ns(), dev)) return noDevice(call, dev);
	const sent = (bytes: number, packets: number): string =>
		stats
			? ` Sent ${bytes} bytes ${packets} pkt (dropped 0, overlimits 0 requeues 0) \n backlog 0b 0p requeues 0\n`
			: '';
	for (const device of devicesIn(space.ns())) {
		if (dev !== undefined && device.name !== dev) continue;
		const count = space.ns().counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
		// A device without a queue has no qdisc to speak of unless one looks at it by name.
		const name = dev === undefined ? `dev ${device.name} ` : '';
		if (qdiscOf(space, device) === 'noop') continue;
		call.out(`qdisc ${qdiscOf(space, device)} 0: ${name}root refcnt 2 \n${sent(0, 0)}`);
		if (hasClsact(device))
			call.out(
				`qdisc clsact ffff: ${name}parent ffff:fff1 \n${sent(octetsOf(space, device.name, 'rx') + octetsOf(space, device.name, 'tx'), count.rx + count.tx)}`,
			);
	}
	return 0;
}

export const tc: Tool = {
	name: 'tc',
	at: hasTool('tc'),
	run: (call) =>
		withSpace(call, (space) => {
			const words = [...call.args];
			let stats = false;
			while (words[0]?.startsWith('-')) {
				const option = words.shift()!.replace(/^--?/, '');
				if (/^s(tatistics)?$/.test(option)) stats = true;
				else if (/^V(ersion)?$/.test(option)) {
					call.out('tc utility, iproute2-6.1.0, libbpf 1.1.2\n');
					return 0;
				} else if (
					/^(?:j|json|o|oneline|t|timestamp|ts|tshort|i|iec|g|graph|b|batch|force|n|netns|Numeric|cf|conf|br|brief|nm)$/.test(
						option,
					) &&
					option !== 'n'
				) {
					call.err(`tc: the simulator does not take -${option}\n`);
					return 1;
				} else if (!['d', 'details', 'r', 'raw', 'n', 'N', 'p', 'pretty', 'color', 'c'].includes(option)) {
					call.err(`Option "-${option}" is unknown, try "tc -help".\n`);
					return 255;
				}
			}
			const [object, command = 'show', ...rest] = words;
			if (object === undefined) {
				call.err(
					'Usage:\ttc [ OPTIONS ] OBJECT { COMMAND | help }\n\ttc [-force] -batch filename\nwhere  OBJECT := { qdisc | class | filter | chain |\n\t\t    action | monitor | exec }\n',
				);
				return 0;
			}
			const kind = matches(object, 'qdisc', 'class', 'filter', 'chain', 'action', 'actions', 'monitor', 'exec', 'help');
			if (kind === undefined) {
				call.err(`Object "${object}" is unknown, try "tc help".\n`);
				return 1;
			}
			const verb = matches(command, 'show', 'list', 'lst', 'add', 'delete', 'replace', 'change', 'get', 'help');
			if (verb === undefined || (kind !== 'qdisc' && kind !== 'filter')) {
				if (verb === undefined) call.err(`Command "${command}" is unknown, try "tc ${kind} help".\n`);
				else if (kind !== 'class' && kind !== 'chain') call.err(`tc: the simulator has no "tc ${kind}"\n`);
				return kind === 'class' || kind === 'chain' ? 0 : 1;
			}
			if (verb !== 'show' && verb !== 'list' && verb !== 'lst') {
				if (!may(call, 'NET_ADMIN')) {
					call.err('RTNETLINK answers: Operation not permitted\nWe have an error talking to the kernel\n');
					return 2;
				}
				if (verb === 'delete') return remove(call, space, kind, rest);
				call.err(`tc: the simulator attaches no programs or queues by "tc ${kind} ${verb}"\n`);
				return 1;
			}
			return kind === 'filter' ? showFilters(call, space, rest) : showQdiscs(call, space, rest, stats);
		}),
};

/** `tc filter del dev D ingress`, `tc qdisc del dev D clsact`: programs are detached, and packets go on without them. */
function remove(call: Call, space: Space, kind: 'qdisc' | 'filter', words: readonly string[]): number {
	const dev = words[words.indexOf('dev') + 1];
	if (!words.includes('dev') || dev === undefined) return incomplete(call);
	const device = deviceByName(space.ns(), dev);
	if (!device) return noDevice(call, dev);
	const all = kind === 'qdisc';
	if (all && !words.includes('clsact')) {
		call.err('RTNETLINK answers: No such file or directory\n');
		return 2;
	}
	if ((all && !hasClsact(device)) || (!all && !words.includes('ingress') && !words.includes('egress'))) {
		call.err(
			all
				? 'Error: Cannot find specified qdisc on specified device.\n'
				: 'RTNETLINK answers: No such file or directory\n',
		);
		return 2;
	}
	space.change((net, name) => {
		const ns = net.namespaces.get(name)!;
		const changed = { ...device };
		if (all || words.includes('ingress')) delete (changed as { tcIngress?: unknown }).tcIngress;
		if (all || words.includes('egress')) delete (changed as { tcEgress?: unknown }).tcEgress;
		ns.devices = new Map([...ns.devices, [device.ifindex, changed]]);
	});
	return 0;
}
