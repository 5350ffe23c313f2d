/**
 * `conntrack` (conntrack-tools 1.4.6, src/conntrack.c; libnetfilter_conntrack src/conntrack/snprintf_default.c): the table of
 * the namespace, and what happens to it.
 */
import { type Connection, deleteConnections, formatConntrack } from '../../sim/linux/index.ts';
import { IPPROTO_TCP, IPPROTO_UDP, parseIp } from '../../sim/wire/index.ts';
import { FOREVER } from '../shell/clock.ts';
import { type Call, Interrupted, type Tool } from '../tool.ts';
import { CPUS } from './hardware.ts';
import { trackedAt } from './held-connections.ts';
import { hasTool } from './images.ts';
import { may } from './rights.ts';
import { type Space, withSpace } from './space.ts';
import { listenIn } from './traffic.ts';
import { counted } from './traffic-log.ts';
import { clock, getopt, whole } from './words.ts';

const VERSION = 'conntrack v1.4.6 (conntrack-tools)';
const TRY = "Try `conntrack -h' or 'conntrack --help' for more information.\n";

/** From the kernel's line to the tool's: no layer-3 column, another count of users. */
const toolLine = (line: string, extended: boolean): string =>
	(extended ? line : line.replace(/^ipv4 {5}2 /, '')).replace(' zone=0', '').replace(/use=\d+$/, 'use=1');

const LONG = [
	'src=>s',
	'orig-src=>s',
	'dst=>d',
	'orig-dst=>d',
	'reply-src=>r',
	'reply-dst=>q',
	'proto=>p',
	'protonum=>p',
	'family=>f',
	'output=>o',
	'mark=>m',
	'status=>u',
	'zero=>z',
	'event-mask=>e',
	'dump=>L',
	'delete=>D',
	'flush=>F',
	'count=>C',
	'stats=>S',
	'event=>E',
	'version=>V',
	'help=>h',
	'src-nat=>n',
	'dst-nat=>g',
	'any-nat=>j',
	'sport=',

	'dport=',

	'reply-port-src=',
	'reply-port-dst=',
	'state=',
	'icmp-type=',
	'icmp-code=',
	'icmp-id=',
	'timeout=>t',
	'zone=>w',
];

/** output_flags (src/conntrack.c parse_parameter()). */
const FORMATS: readonly string[] = ['xml', 'extended', 'timestamp', 'id', 'ktimestamp', 'labels', 'userspace', 'save'];

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: IPPROTO_TCP, udp: IPPROTO_UDP, icmp: 1, sctp: 132 };

function usage(call: Call, why: string): number {
	call.err(`${VERSION}: ${why}\n${TRY}`);
	return 2;
}

async function run(call: Call, space: Space): Promise<number> {
	// -n and -g may stand alone: any address at all.
	const given = call.args.map((word) =>
		word.replace(/^--orig-port-src(?==|$)/, '--sport').replace(/^--orig-port-dst(?==|$)/, '--dport'),
	);
	const words = given.flatMap((word, i) =>
		/^(?:-[ngj]|--(?:src|dst|any)-nat)$/.test(word) && (given[i + 1] === undefined || given[i + 1]!.startsWith('-'))
			? [word, '0.0.0.0']
			: [word],
	);
	const parsed = getopt(words, { short: 'LDFCSEGIUVhs:d:r:q:p:f:o:m:u:ze:n:g:j:t:w:b:', long: LONG });
	if ('fault' in parsed) {
		const { kind, option } = parsed.fault;
		return usage(call, kind === 'unknown' ? `unknown option \`${option}'` : `option \`${option}' requires an argument`);
	}
	const { values, args } = parsed;
	const commands = ['L', 'D', 'F', 'C', 'S', 'E', 'G', 'I', 'U', 'V', 'h'].filter((c) => values.has(c));
	const [command] = commands;
	if (commands.length > 1) return usage(call, 'Unknown command');
	if (command === undefined || command === 'h') {
		call.out(
			'Command line interface for the connection tracking system. Version 1.4.6\nUsage: conntrack [commands] [options]\n\nCommands:\n  -L [table] [options]\t\tList conntrack or expectation table\n  -G [table] parameters\t\tGet conntrack or expectation\n  -D [table] parameters\t\tDelete conntrack or expectation\n  -I [table] parameters\t\tCreate a conntrack or expectation\n  -U [table] parameters\t\tUpdate a conntrack\n  -E [table] [options]\t\tShow events\n  -F [table]\t\t\tFlush table\n  -C [table]\t\t\tShow counter\n  -S\t\t\t\tShow statistics\n',
		);
		return command === undefined ? 1 : 0;
	}
	if (command === 'V') {
		call.out(`${VERSION}\n`);
		return 0;
	}
	if (!may(call, 'NET_ADMIN')) {
		call.err(`${VERSION}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`);
		return 1;
	}
	if (command === 'G' || command === 'I' || command === 'U') {
		call.err(`conntrack: the simulator has no -${command}\n`);
		return 1;
	}
	const [table = 'conntrack'] = args;
	if (!['conntrack', 'expect', 'dying', 'unconfirmed'].includes(table)) return usage(call, `Bad parameter \`${table}'`);
	const match = selector(parsed.values);
	if (typeof match === 'string') return usage(call, match);
	const six = values.get('f') === 'ipv6';
	const now = space.net().now;
	const entries = (): readonly Connection[] => (table !== 'conntrack' || six ? [] : trackedAt(space).filter(match));
	const formats = (values.get('o') ?? '').split(',').filter(Boolean);
	const strange = formats.find((format) => !FORMATS.includes(format));
	if (strange !== undefined) return usage(call, `Unknown type \`${strange}'`);
	if (formats.includes('xml') || formats.includes('save')) {
		call.err(`conntrack: the simulator writes no -o ${formats.includes('xml') ? 'xml' : 'save'}: lines only\n`);
		return 1;
	}
	const written = (entry: Connection): string =>
		`${toolLine(formatConntrack(entry, now), formats.includes('extended'))}${formats.includes('id') ? ` id=${entry.id}` : ''}\n`;
	switch (command) {
		case 'L': {
			const list = entries();
			for (const entry of list) call.out(written(entry));
			call.err(`${VERSION}: ${list.length} flow entries have been shown.\n`);
			return 0;
		}
		case 'C':
			call.out(`${entries().length}\n`);
			return 0;
		case 'S':
			for (let cpu = 0; cpu < CPUS; cpu++) {
				const of = (name: string): number => (cpu === 0 ? counted(space, `ct ${name}`) : 0);
				call.out(
					`cpu=${String(cpu).padEnd(4)}\tfound=0 invalid=${of('invalid')} ignore=0 insert=0 insert_failed=${of('insert_failed')} drop=${of('drop')} early_drop=0 error=0 search_restart=0 \n`,
				);
			}
			return 0;
		case 'F':
			space.change((net, name) => deleteConnections(net.namespaces.get(name)!.conntrack, now, () => true));
			call.err(`${VERSION}: connection tracking table has been emptied.\n`);
			return 0;
		case 'D': {
			const list = entries();
			for (const entry of list) call.out(written(entry));
			const ids = new Set(list.map((e) => e.id));
			space.change((net, name) => deleteConnections(net.namespaces.get(name)!.conntrack, now, (c) => ids.has(c.id)));
			call.err(`${VERSION}: ${list.length} flow entries have been deleted.\n`);
			return list.length > 0 ? 0 : 1;
		}
		default:
			return events(call, space, values);
	}
}

/** What the parameters select; a text says what is wrong with them. */
function selector(values: ReadonlyMap<string, string>): ((c: Connection) => boolean) | string {
	const tests: ((c: Connection) => boolean)[] = [];
	const ip = (name: string, test: (c: Connection, ip: number) => boolean): string | undefined => {
		const text = values.get(name);
		if (text === undefined) return undefined;
		const [address = '', length] = text.split('/');
		const value = parseIp(address);
		if (value === undefined) return `Invalid IP address \`${text}'`;
		const shift = 2 ** (32 - (length === undefined ? 32 : Number(length)));
		tests.push((c) => (shift > 1 ? test({ ...c }, value) || prefixTest(c, name, value, shift) : test(c, value)));
		return undefined;
	};
	const faults = [
		ip('s', (c, v) => c.original.src === v),
		ip('d', (c, v) => c.original.dst === v),
		ip('r', (c, v) => c.reply.src === v),
		ip('q', (c, v) => c.reply.dst === v),
		ip('n', (c, v) => c.reply.dst !== c.original.src && (v === 0 || c.reply.dst === v)),
		ip('g', (c, v) => c.reply.src !== c.original.dst && (v === 0 || c.reply.src === v)),
		ip(
			'j',
			(c, v) =>
				(c.reply.dst !== c.original.src && (v === 0 || c.reply.dst === v)) ||
				(c.reply.src !== c.original.dst && (v === 0 || c.reply.src === v)),
		),
	].find((f) => f !== undefined);
	if (faults !== undefined) return faults;
	const proto = values.get('p');
	let number: number | undefined;
	if (proto !== undefined) {
		number = Object.hasOwn(PROTOCOLS, proto.toLowerCase()) ? PROTOCOLS[proto.toLowerCase()] : whole(proto, 0, 255);
		if (number === undefined) return `\`${proto}' unsupported protocol`;
		tests.push((c) => c.original.protocol === number);
	}
	const port = (name: string, of: (c: Connection) => number): string | undefined => {
		const text = values.get(name);
		if (text === undefined) return undefined;
		if (number !== IPPROTO_TCP && number !== IPPROTO_UDP) return `unknown option \`--${name}'`;
		const value = whole(text, 0, 65_535);
		if (value === undefined) return `Invalid port number \`${text}'`;
		tests.push((c) => of(c) === value);
		return undefined;
	};
	const bad =
		port('sport', (c) => c.original.sport) ??
		port('dport', (c) => c.original.dport) ??
		port('reply-port-src', (c) => c.reply.sport) ??
		port('reply-port-dst', (c) => c.reply.dport);
	if (bad !== undefined) return bad;
	const state = values.get('state');
	if (state !== undefined) tests.push((c) => c.tcp?.state === state.toUpperCase());
	const mark = values.get('m');
	if (mark !== undefined) {
		const [value, mask] = mark.split('/').map(Number);
		tests.push((c) => (c.mark & (mask ?? 0xffffffff)) >>> 0 === value);
	}
	for (const status of (values.get('u') ?? '').split(',').filter(Boolean)) {
		const bits = STATUS[status.toUpperCase()];
		if (bits === undefined) return `Bad status \`${status}'`;
		tests.push(bits);
	}
	return (c) => tests.every((test) => test(c));
}

const SEEN_REPLY = 2;
const ASSURED = 4;
const SRC_NAT = 16;
const DST_NAT = 32;

const STATUS: Readonly<Record<string, (c: Connection) => boolean>> = {
	SEEN_REPLY: (c) => (c.status & SEEN_REPLY) !== 0,
	UNREPLIED: (c) => (c.status & SEEN_REPLY) === 0,
	ASSURED: (c) => (c.status & ASSURED) !== 0,
	SRC_NAT: (c) => (c.status & SRC_NAT) !== 0,
	DST_NAT: (c) => (c.status & DST_NAT) !== 0,
};

function prefixTest(c: Connection, name: string, value: number, shift: number): boolean {
	const of = { s: c.original.src, d: c.original.dst, r: c.reply.src, q: c.reply.dst }[name];
	return of !== undefined && Math.floor(of / shift) === Math.floor(value / shift);
}

/** `conntrack -E`: entries as they are made and as they change, when they do. */
async function events(call: Call, space: Space, values: ReadonlyMap<string, string>): Promise<number> {
	const queue: { readonly at: number; readonly text: string }[] = [];
	const last = new Map<string, string>();
	const mask = (values.get('e') ?? 'ALL').toUpperCase().split(',');
	const wants = (kind: string): boolean => mask.includes('ALL') || mask.includes(kind);
	const wanted = [
		...(values.has('p') ? [`${values.get('p')!.toLowerCase()} `] : []),
		...(values.has('s') ? [`src=${values.get('s')} `] : []),
		...(values.has('d') ? [`dst=${values.get('d')} `] : []),
		...(values.has('dport') ? [`dport=${values.get('dport')} `] : []),
	];
	const stop = listenIn(space.lab, {
		cluster: space.cluster?.name,
		decision({ ns, table, entry, verdict, time, key }) {
			if (ns !== space.name || table !== 'conntrack' || entry === undefined || key === undefined) return;
			const line = toolLine(entry, false)
				.replace(/ mark=\d+ use=1$/, '')
				.trimEnd();
			const state = line.replace(/^(\S+ +\d+) \d+/, '$1');
			const flow = /src=\S+ dst=\S+ (?:sport=\S+ dport=\S+|type=\S+ code=\S+ id=\S+)/.exec(line)?.[0] ?? line;
			if (last.get(flow) === state || !wanted.every((w) => line.includes(w))) return;
			last.set(flow, state);
			const kind = verdict === 'create' ? 'NEW' : 'UPDATE';
			// The NEW event comes before an answer was seen.
			if (wants(kind)) queue.push({ at: time, text: `${`[${kind}]`.padStart(9)} ${line}` });
		},
	});
	try {
		for (;;) {
			// A year went by and nothing came: nobody waits longer.
			if (!(await call.until(() => queue.length > 0, FOREVER))) throw new Interrupted();
			queue.sort((a, b) => a.at - b.at);
			const next = queue.shift();
			if (!next) continue;
			if (next.at > call.lab.now) await call.sleep(next.at - call.lab.now);
			const stamp = (values.get('o') ?? '').includes('timestamp') ? `[${clock(call.lab.epoch + next.at / 1e6)}]\t` : '';
			call.out(`${stamp}${next.text}\n`);
		}
	} finally {
		stop();
	}
}

export const conntrack: Tool = {
	name: 'conntrack',
	at: hasTool('conntrack'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
