/** Sockets of a namespace, and `ss` (iproute2 6.1 misc/ss.c) over them. */
import { formatIp, IPPROTO_TCP, type Ip } from '../../sim/wire/index.ts';
import { podsOf } from '../../sim/world/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { pidOf } from './nsenter.ts';
import { nodeProcesses, programName } from './servers.ts';
import { type Space, withSpace } from './space.ts';
import { getopt, getoptText } from './words.ts';

export interface SocketRow {
	readonly protocol: 'tcp' | 'udp';
	/** The kernel's name: LISTEN, ESTABLISHED, TIME_WAIT …; of UDP UNCONN or ESTABLISHED. */
	readonly state: string;
	readonly local: { readonly ip: Ip; readonly port: number };
	readonly remote: { readonly ip: Ip; readonly port: number };
	/** The connections a listener lets wait. */
	readonly backlog: number;
	readonly process?: { readonly name: string; readonly pid: number; readonly fd: number };
	/** Of TIME_WAIT: microseconds left. */
	readonly left?: number;
}

/** Go's and nginx's listen() with somaxconn, which is 4096 from Linux 5.4 on. */
const BACKLOG = 4096;
const NOBODY = { ip: 0, port: 0 };

/** All sockets, listeners first as the kernel dumps them. */
export function socketsOf(space: Space): readonly SocketRow[] {
	const { cluster } = space;
	const net = space.net();
	const ns = space.ns();
	const out: SocketRow[] = [];
	const images = new Map((cluster?.running() ?? []).map((c) => [c.pod.name, c] as const));
	const named = new Set(cluster ? podsOf(cluster.world()).map((p) => p.metadata.name) : []);
	const processOf = (owner: string): NonNullable<SocketRow['process']> => {
		const running = images.get(owner);
		return {
			name: programName(named.has(owner) ? owner.replace(/-[^-]*$/, '') : owner, running?.image),
			pid: pidOf(running?.id ?? `${space.name}/${owner}`),
			fd: 3,
		};
	};
	for (const list of ns.sockets.listeners.values())
		for (const { protocol, ip, port, owner } of list)
			out.push({
				protocol: protocol === IPPROTO_TCP ? 'tcp' : 'udp',
				state: protocol === IPPROTO_TCP ? 'LISTEN' : 'UNCONN',
				local: { ip, port },
				remote: NOBODY,
				backlog: protocol === IPPROTO_TCP ? BACKLOG : 0,
				process: processOf(owner),
			});
	if (cluster && space.name.startsWith('node/'))
		for (const { name, protocol, ip, port } of nodeProcesses(cluster, space.name.slice(5))) {
			// Some of them are ports of pods on the host network.
			if (out.some((r) => r.protocol === protocol && r.local.port === port)) continue;
			out.push({
				protocol,
				state: protocol === 'tcp' ? 'LISTEN' : 'UNCONN',
				local: { ip, port },
				remote: NOBODY,
				backlog: protocol === 'tcp' ? BACKLOG : 0,
				process: processOf(name),
			});
		}
	for (const remotes of ns.sockets.tcp.values())
		for (const end of remotes.values()) {
			if (end.state === 'TIME_WAIT' && end.expires <= net.now) continue;
			if (end.state === 'CLOSE') continue;
			out.push({
				protocol: 'tcp',
				state: end.state,
				local: { ip: end.localIp, port: end.localPort },
				remote: { ip: end.remoteIp, port: end.remotePort },
				backlog: 0,
				...(end.state === 'TIME_WAIT'
					? { left: end.expires - net.now }
					: end.listener
						? { process: processOf(end.listener.owner) }
						: {}),
			});
		}
	for (const remotes of ns.sockets.udp.values())
		for (const { local, remote } of remotes.values())
			out.push({ protocol: 'udp', state: remote.port ? 'ESTABLISHED' : 'UNCONN', local, remote, backlog: 0 });
	return out;
}

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

type Test = (row: SocketRow) => boolean;

/** `sport = :80`, `dst 10.0.0.0/8`, `and`, `or`, `not`, brackets: as far as ss's grammar is usual. */
function readFilter(words: readonly string[]): Test | undefined {
	const tokens = words
		.flatMap((w) =>
			w
				.replace(/([()!])/g, ' $1 ')
				.trim()
				.split(/\s+/),
		)
		.filter(Boolean);
	let at = 0;
	const or = (): Test | undefined => {
		let left = and();
		while (left && (tokens[at] === 'or' || tokens[at] === '|')) {
			at++;
			const right = and();
			if (!right) return undefined;
			const first = left;
			left = (row) => first(row) || right(row);
		}
		return left;
	};
	const and = (): Test | undefined => {
		let left = not();
		while (left && at < tokens.length && tokens[at] !== 'or' && tokens[at] !== '|' && tokens[at] !== ')') {
			if (tokens[at] === 'and' || tokens[at] === '&') at++;
			const right = not();
			if (!right) return undefined;
			const first = left;
			left = (row) => first(row) && right(row);
		}
		return left;
	};
	const not = (): Test | undefined => {
		if (tokens[at] === 'not' || tokens[at] === '!') {
			at++;
			const inner = not();
			return inner && ((row) => !inner(row));
		}
		if (tokens[at] === '(') {
			at++;
			const inner = or();
			if (tokens[at++] !== ')') return undefined;
			return inner;
		}
		return atom();
	};
	const atom = (): Test | undefined => {
		const key = tokens[at++];
		if (key === undefined || !['sport', 'dport', 'src', 'dst'].includes(key)) return undefined;
		const op = /^(?:==?|!=|eq|ne|neq|>=?|<=?|gt|lt|ge|le)$/.test(tokens[at] ?? '') ? tokens[at++]! : '=';
		const value = tokens[at++];
		if (value === undefined) return undefined;
		const side = (row: SocketRow) => (key === 'sport' || key === 'src' ? row.local : row.remote);
		const [, address, port] =
			/^([^:]*?)(?::?(\d+|\*))?$/.exec(key.endsWith('port') ? `:${value.replace(/^.*:/, '')}` : value) ?? [];
		const compare = (a: number, b: number): boolean =>
			op === '!=' || op === 'ne' || op === 'neq'
				? a !== b
				: op === '>=' || op === 'ge'
					? a >= b
					: op === '<=' || op === 'le'
						? a <= b
						: op === '>' || op === 'gt'
							? a > b
							: op === '<' || op === 'lt'
								? a < b
								: a === b;
		if (key.endsWith('port')) {
			if (port === undefined || port === '*') return port === '*' ? () => true : undefined;
			return (row) => compare(side(row).port, Number(port));
		}
		const [, host = '', , length] = /^([\d.]+)(\/(\d+))?(?::\d+)?$/.exec(value) ?? [];
		void address;
		const parts = host.split('.').map(Number);
		if (parts.length !== 4 || parts.some((p) => !(p < 256))) return undefined;
		const ip = parts.reduce((sum, p) => sum * 256 + p, 0);
		const bits = length === undefined ? 32 : Number(length);
		const wantedPort = /:(\d+)$/.exec(value)?.[1];
		return (row) =>
			Math.floor(side(row).ip / 2 ** (32 - bits)) === Math.floor(ip / 2 ** (32 - bits)) &&
			(wantedPort === undefined || side(row).port === Number(wantedPort));
	};
	const filter = or();
	return at === tokens.length ? filter : undefined;
}

const hostText = (ip: Ip): string => formatIp(ip);
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
		.filter(() => !has('6') || has('4'))
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
	const table = rows.map((r) => ({
		cells: [...(netid ? [r.protocol] : []), ...(oneState ? [] : [STATES[r.state] ?? r.state]), '0', String(r.backlog)],
		local: [hostText(r.local.ip), portText(r.local.port)] as const,
		peer: [hostText(r.remote.ip), portText(r.remote.port)] as const,
		tail: `${has('p') && r.process ? ` users:(("${r.process.name}",pid=${r.process.pid},fd=${r.process.fd}))` : ''}${has('o') && r.left !== undefined ? ` timer:(timewait,${Math.ceil(r.left / 1e6)}sec,0)` : ''}`,
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
