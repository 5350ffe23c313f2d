/** Sockets of a namespace, and `ss` (iproute2 6.1 misc/ss.c) over them. */
import { routeOutput } from '../../sim/linux/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { inodeOf } from './proc-sockets.ts';
import { hostOf, type SocketRow, socketsOf } from './sockets.ts';
import { type Space, withSpace } from './space.ts';
import { readFilter } from './ss-filter.ts';
import { getopt, getoptText } from './words.ts';

const STATES: Readonly<Record<string, string>> = {
	ESTABLISHED: 'ESTAB',
	SYN_SENT: 'SYN-SENT',
	SYN_RECV: 'SYN-RECV',
	FIN_WAIT1: 'FIN-WAIT-1',
	FIN_WAIT2: 'FIN-WAIT-2',
	TIME_WAIT: 'TIME-WAIT',
	CLOSE_WAIT: 'CLOSE-WAIT',
	LAST_ACK: 'LAST-ACK',
};

const STATE_NAMES: Readonly<Record<string, readonly string[]>> = {
	established: ['ESTABLISHED'],
	'syn-sent': ['SYN_SENT'],
	'syn-recv': ['SYN_RECV'],
	'fin-wait-1': ['FIN_WAIT1'],
	'fin-wait-2': ['FIN_WAIT2'],
	'time-wait': ['TIME_WAIT'],
	'close-wait': ['CLOSE_WAIT'],
	'last-ack': ['LAST_ACK'],
	listening: ['LISTEN'],
	listen: ['LISTEN'],
	closing: ['CLOSING'],
	unconnected: ['UNCONN'],
	connected: [
		'ESTABLISHED',
		'SYN_SENT',
		'SYN_RECV',
		'FIN_WAIT1',
		'FIN_WAIT2',
		'TIME_WAIT',
		'CLOSE_WAIT',
		'LAST_ACK',
		'CLOSING',
	],
};

const hostText = (row: SocketRow, end: 'local' | 'remote'): string => {
	const text = hostOf(row, end, '*');
	return text.includes(':') ? `[${text}]` : text;
};

const portText = (port: number): string => (port === 0 ? '*' : String(port));

async function run(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, {
		short: 'hVnrlatuwxpoemisHON460f:A:EKZzbSdMQT',
		long: [
			'numeric=>n',
			'listening=>l',
			'all=>a',
			'tcp=>t',
			'udp=>u',
			'processes=>p',
			'options=>o',
			'extended=>e',
			'memory=>m',
			'info=>i',
			'summary=>s',
			'no-header=>H',
			'oneline=>O',
			'ipv4=>4',
			'ipv6=>6',
			'unix=>x',
			'raw=>w',
			'version=>V',
			'help=>h',
			'resolve=>r',
			'query=>A',
			'socket=>A',
			'family=>f',
			'events=>E',
			'kill=>K',
			'tipcinfo',
			'cgroup',
			'tos',
			'bpf=>b',
			'sctp=>S',
			'dccp=>d',
			'mptcp=>M',
			'packet=>0',
			'numeric-addrs',
			'net=>N',
		],
	});
	if ('fault' in parsed) {
		call.err(
			`${getoptText('ss', parsed.fault)}Usage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n   -h, --help          this message\n   -V, --version       output version information\n   -n, --numeric       don't resolve service names\n   -a, --all           display all sockets\n   -l, --listening     display listening sockets\n   -p, --processes     show process using socket\n   -t, --tcp           display only TCP sockets\n   -u, --udp           display only UDP sockets\n`,
		);
		return 255;
	}
	const { values, args } = parsed;
	const has = (name: string): boolean => values.has(name);
	if (has('V')) {
		call.out('ss utility, iproute2-6.1.0\n');
		return 0;
	}
	const unknown = ['E', 'K', 'N', 'D', 'F'].find(has);
	if (unknown !== undefined) {
		call.err(`ss: the simulator has no "ss -${unknown}"\n`);
		return 1;
	}
	const queries = values.get('A')?.split(',') ?? [];
	const asks = (letter: string, ...names: readonly string[]): boolean =>
		has(letter) || queries.some((query) => names.includes(query));
	if (
		asks('x', 'unix', 'u_str', 'u_stream', 'u_dgr', 'u_dgram', 'u_seq', 'u_seqpacket') ||
		values.get('f') === 'unix'
	) {
		call.err('ss: the simulator knows sockets of TCP and UDP: -t, -u\n');
		if (!has('t') && !has('u')) return 1;
	}
	const four = has('4') || values.get('f') === 'inet';
	const six = has('6') || values.get('f') === 'inet6';
	const all = socketsOf(space);
	if (has('s')) {
		summary(call, all);
		return 0;
	}
	const words = [...args];
	let wanted: readonly string[] | undefined;
	if (words[0] === 'state' || words[0] === 'exclude') {
		const kind = words.shift();
		const name = words.shift() ?? '';
		const list =
			STATE_NAMES[name] ?? (name === 'all' ? Object.keys(STATES).concat('LISTEN', 'UNCONN', 'CLOSING') : undefined);
		if (!list) {
			call.err(`ss: wrong state name: ${name}\n`);
			return 255;
		}
		wanted =
			kind === 'state'
				? list
				: [...Object.keys(STATES), 'LISTEN', 'UNCONN', 'CLOSING'].filter((s) => !list.includes(s));
	}
	const filter = words.length > 0 ? readFilter(words) : () => true;
	if (!filter) {
		call.err(`Error: an inet prefix is expected rather than "${words[0]}".\nCannot parse dst/src address.\n`);
		return 255;
	}
	const kinds = [
		asks('t', 'tcp', 'inet', 'all'),
		asks('u', 'udp', 'inet', 'all'),
		asks('w', 'raw', 'inet', 'all'),
		has('x'),
		...['S', 'd', 'M', '0'].map(has),
	];
	const some = kinds.some(Boolean);
	const rows = all
		.filter((r) => (some ? kinds[r.protocol === 'tcp' ? 0 : 1] : true))
		.filter((r) => four === six || (r.v6 || r.text ? six : four))
		.filter((r) => {
			if (wanted) return wanted.includes(r.state);
			if (has('a')) return true;
			const idle = r.state === 'LISTEN' || r.state === 'UNCONN';
			// Neither listening nor on their way out.
			return has('l') ? idle : !idle && r.state !== 'TIME_WAIT' && r.state !== 'SYN_RECV';
		})
		.filter(filter)
		.sort((a, b) => (a.protocol === b.protocol ? 0 : a.protocol === 'udp' ? -1 : 1));
	// With one kind of socket there is no column for it, with one state none for that.
	const netid = kinds.filter(Boolean).length !== 1;
	const oneState = wanted?.length === 1;
	const table = rows.map((r, i) => ({
		cells: [...(netid ? [r.protocol] : []), ...(oneState ? [] : [STATES[r.state] ?? r.state]), '0', String(r.backlog)],
		local: [hostText(r, 'local'), portText(r.local.port)] as const,
		peer: [hostText(r, 'remote'), portText(r.remote.port)] as const,
		tail: `${has('p') && r.processes.length > 0 ? ` users:(${r.processes.map(({ name, pid, fd }) => `("${name}",pid=${pid},fd=${fd})`).join(',')})` : ''}${has('o') && r.left !== undefined ? ` timer:(timewait,${Math.ceil(r.left / 1e6)}sec,0)` : ''}${has('e') ? ` ino:${inodeOf(space, r)} sk:${(i + 1).toString(16)}${r.state !== 'LISTEN' && r.state !== 'UNCONN' ? '' : r.v6 === 'dual' ? ' v6only:0' : r.v6 === 'only' ? ' v6only:1' : ''} <->` : ''}`,
		more: [
			...(has('m') && r.state !== 'TIME_WAIT'
				? [`skmem:(r0,rb${r.protocol === 'udp' ? 212992 : 131072},t0,tb${sendBuffer(space, r)},f0,w0,o0,bl0,d0)`]
				: []),
			...(has('i') && r.protocol === 'tcp' ? [infoText(space, r)] : []),
		].join(' '),
	}));
	print(
		call,
		table,
		[...(netid ? ['Netid'] : []), ...(oneState ? [] : ['State']), 'Recv-Q', 'Send-Q'],
		!has('H'),
		has('O'),
	);
	return 0;
}

interface Line {
	readonly cells: readonly string[];
	readonly local: readonly [string, string];
	readonly peer: readonly [string, string];
	readonly tail: string;
	/** What stands in a line of its own, unless -O. */
	readonly more: string;
}

/**
 * ss's columns: address and port are two columns with a colon between, addresses at the right, everything else at the left
 * (struct column of misc/ss.c: `Local Address` and `Peer Address` align right; Process has no separator).
 */
function print(call: Call, lines: readonly Line[], heads: readonly string[], header: boolean, oneline: boolean): void {
	const rows = oneline ? lines.map((l) => ({ ...l, tail: l.more ? `${l.tail} ${l.more}` : l.tail, more: '' })) : lines;
	const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((r) => r.cells[i]!.length)));
	const wide = (head: string, cell: (row: Line) => string): number =>
		Math.max(header ? head.length : 0, ...rows.map((r) => cell(r).length));
	const la = wide('Local Address', (r) => r.local[0]);
	const lp = wide('Port', (r) => r.local[1]);
	const pa = wide('Peer Address', (r) => r.peer[0]);
	const pp = wide('Port', (r) => r.peer[1]);
	const line = (
		cells: readonly string[],
		local: readonly [string, string],
		peer: readonly [string, string],
		tail: string,
	): string =>
		`${cells.map((c, i) => c.padEnd(widths[i]!)).join(' ')} ${local[0].padStart(la)}:${local[1].padEnd(lp)} ${peer[0].padStart(pa)}:${peer[1].padEnd(pp)}${tail}`;
	if (header) call.out(`${line(heads, ['Local Address', 'Port'], ['Peer Address', 'Port'], 'Process')}\n`);
	for (const { cells, local, peer, tail, more } of rows)
		call.out(
			`${header ? line(cells, local, peer, tail === '' ? ''.padEnd(7) : tail) : line(cells, local, peer, tail)}\n${more === '' ? '' : `\t ${more}\n`}`,
		);
}

/** What may be in one packet there, as its route says. */
const pathMtu = (space: Space, row: SocketRow): number =>
	routeOutput(space.net(), space.ns(), { dst: row.remote.ip, src: row.local.ip, anySource: true }).mtu ?? 1500;

/** Headers of IPv4 and TCP, and the option of timestamps in each segment. */
const HEADERS = 40;
const TIMESTAMPS = 12;
const INITIAL_WINDOW = 10;

/** What both ends agreed on; of connections that stood before anybody looked, what this kernel's agree on. */
const agreed = (space: Space, row: SocketRow): NonNullable<SocketRow['tcp']> =>
	row.tcp ?? {
		mss: pathMtu(space, row) - HEADERS - TIMESTAMPS,
		cwnd: INITIAL_WINDOW,
		timestamps: true,
		scales: '7,7',
	};

/** tcp_sndbuf_expand(): twice the window, in segments with what the kernel adds to each (net/ipv4/tcp_input.c). */
function sendBuffer(space: Space, row: SocketRow): number {
	if (row.protocol === 'udp') return 212_992;
	if (row.state === 'LISTEN' || row.state === 'SYN_SENT') return 16_384;
	const { mss } = agreed(space, row);
	const one = 2 ** Math.ceil(Math.log2(mss + 320 + 320)) + 256;
	return 2 * INITIAL_WINDOW * one;
}

/** tcp_stats_print(): as far as the simulator knows it, which is not rates and round trips. */
function infoText(space: Space, row: SocketRow): string {
	if (row.state === 'LISTEN') return `cubic cwnd:${INITIAL_WINDOW}`;
	if (row.state === 'TIME_WAIT') return '';
	const { mss, cwnd, timestamps, scales } = agreed(space, row);
	return [
		...(timestamps ? ['ts'] : []),
		'sack cubic',
		...(scales === '' ? [] : [`wscale:${scales}`]),
		`mss:${mss}`,
		`pmtu:${pathMtu(space, row)}`,
		`cwnd:${cwnd}`,
	].join(' ');
}

function summary(call: Call, rows: readonly SocketRow[]): void {
	const tcp = rows.filter((r) => r.protocol === 'tcp');
	const waits = tcp.filter((r) => r.state === 'TIME_WAIT').length;
	const estab = tcp.filter((r) => r.state === 'ESTABLISHED').length;
	const count = (protocol: string | undefined, six: boolean): number =>
		rows.filter(
			(r) =>
				r.state !== 'TIME_WAIT' &&
				(protocol === undefined || r.protocol === protocol) &&
				(r.v6 !== undefined || r.text !== undefined) === six,
		).length;
	const row = (name: string, four: number, six: number): string =>
		`${name}\t  ${String(four + six).padEnd(9)} ${String(four).padEnd(9)} ${String(six).padEnd(9)}\n`;
	const of = (name: string, protocol: string | undefined): string =>
		row(name, count(protocol, false), count(protocol, true));
	call.out(
		`Total: ${rows.length - waits}\nTCP:   ${tcp.length} (estab ${estab}, closed ${waits}, orphaned 0, timewait ${waits})\n\nTransport Total     IP        IPv6\n${row('RAW', 0, 0)}${of('UDP', 'udp')}${of('TCP', 'tcp')}${of('INET', undefined)}${row('FRAG', 0, 0)}\n`,
	);
}

export const ss: Tool = { name: 'ss', at: hasTool('ss'), run: (call) => withSpace(call, (space) => run(call, space)) };
