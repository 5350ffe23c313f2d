/** Sockets of a namespace, and `ss` (iproute2 6.1 misc/ss.c) over them. */
import { formatIp, type Ip } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { inodeOf } from './proc-sockets.ts';
import { type SocketRow, socketsOf } from './sockets.ts';
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

const hostText = (ip: Ip, v6: string | undefined): string => (v6 === undefined ? formatIp(ip) : `[${v6}]`);

const portText = (port: number): string => (port === 0 ? '*' : String(port));

async function run(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, {
		short: 'hVnrlatuwxpoemisHON460f:A:EKZz',
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
	const some = has('t') || has('u') || has('x') || has('w');
	const rows = all
		.filter((r) => (some ? (r.protocol === 'tcp' ? has('t') : has('u')) : true))
		.filter((r) => has('4') === has('6') || has(r.v6 ? '6' : '4'))
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
	const netid = [has('t'), has('u'), has('w'), has('x')].filter(Boolean).length !== 1;
	const oneState = wanted?.length === 1;
	const table = rows.map((r, i) => ({
		cells: [...(netid ? [r.protocol] : []), ...(oneState ? [] : [STATES[r.state] ?? r.state]), '0', String(r.backlog)],
		local: [hostText(r.local.ip, r.v6?.local), portText(r.local.port)] as const,
		peer: [hostText(r.remote.ip, r.v6?.remote), portText(r.remote.port)] as const,
		tail: `${has('p') && r.process ? ` users:(("${r.process.name}",pid=${r.process.pid},fd=${r.process.fd}))` : ''}${has('e') ? ` ino:${inodeOf(space, r)} sk:${(i + 1).toString(16)} <->` : ''}${has('o') && r.left !== undefined ? ` timer:(timewait,${Math.ceil(r.left / 1e6)}sec,0)` : ''}`,
	}));
	print(call, table, [...(netid ? ['Netid'] : []), ...(oneState ? [] : ['State']), 'Recv-Q', 'Send-Q'], !has('H'));
	return 0;
}

interface Line {
	readonly cells: readonly string[];
	readonly local: readonly [string, string];
	readonly peer: readonly [string, string];
	readonly tail: string;
}

/**
 * ss's columns: address and port are two columns with a colon between, addresses at the right, everything else at the left
 * (struct column of misc/ss.c: `Local Address` and `Peer Address` align right; Process has no separator).
 */
function print(call: Call, rows: readonly Line[], heads: readonly string[], header: boolean): void {
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
	for (const { cells, local, peer, tail } of rows)
		call.out(
			`${header ? line(cells, local, peer, tail === '' ? ''.padEnd(7) : tail) : line(cells, local, peer, tail)}\n`,
		);
}

function summary(call: Call, rows: readonly SocketRow[]): void {
	const tcp = rows.filter((r) => r.protocol === 'tcp');
	const udp = rows.length - tcp.length;
	const open = tcp.filter((r) => r.state !== 'TIME_WAIT').length;
	const waits = tcp.length - open;
	const estab = tcp.filter((r) => r.state === 'ESTABLISHED').length;
	const row = (name: string, n: number): string =>
		`${name}\t  ${String(n).padEnd(9)} ${String(n).padEnd(9)} ${'0'.padEnd(9)}\n`;
	call.out(
		`Total: ${open + udp}\nTCP:   ${tcp.length} (estab ${estab}, closed ${waits}, orphaned 0, timewait ${waits})\n\nTransport Total     IP        IPv6\n${row('RAW', 0)}${row('UDP', udp)}${row('TCP', open)}${row('INET', open + udp)}${row('FRAG', 0)}\n`,
	);
}

export const ss: Tool = { name: 'ss', at: hasTool('ss'), run: (call) => withSpace(call, (space) => run(call, space)) };
