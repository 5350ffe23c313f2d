import { describe, expect, test } from 'vitest';
import { connectionsAt, forkConntrack, formatConntrack } from '../../../../src/sim/linux/index.ts';
import { find, remove } from '../../../../src/sim/linux/netfilter/conntrack.ts';
import type { Ipv4 } from '../../../../src/sim/wire/index.ts';
import { bench, icmp, rules, tcp, udp } from './fixture.ts';

/** The smallest rule set that has a namespace track connections. */
const TRACK = '*nat\nCOMMIT\n';
const CLIENT = '10.0.0.2:1000';
const SERVER = '10.0.1.2:80';
const SECOND = 1_000_000;

/** A packet of a conversation: who speaks, flags, sequence, acknowledgement, octets. */
type Line = readonly [who: 'c' | 's', flags: string, seq: number, ack: number, octets?: number];

const HANDSHAKE: readonly Line[] = [
	['c', 'S', 100, 0],
	['s', 'SA', 500, 101],
	['c', 'A', 101, 501],
];

function talk(lines: readonly Line[]) {
	const b = bench({ rules: TRACK });
	const states = lines.map(([who, flags, seq, ack, octets]) => {
		const packet =
			who === 'c' ? tcp(CLIENT, SERVER, flags, seq, ack, octets) : tcp(SERVER, CLIENT, flags, seq, ack, octets);
		b.forward(packet, who === 's');
		const [entry] = connectionsAt(b.ns.conntrack, b.net.now);
		if (!entry) return 'none';
		const line = formatConntrack(entry, b.net.now);
		const flag = /\[(UNREPLIED|ASSURED)\]/.exec(line)?.[1] ?? 'seen';
		const seconds = /tcp {6}6 (\d+)/.exec(line)![1];
		return `${typeof packet.ct === 'object' ? packet.ct.info : packet.ct} ${entry.tcp!.state} ${seconds} ${flag}`;
	});
	return { ...b, states };
}

describe('a TCP connection is followed from the middle', () => {
	const CASES: readonly [name: string, lines: readonly Line[], states: readonly string[]][] = [
		[
			'opened, used and closed',
			[
				...HANDSHAKE,
				['c', 'PA', 101, 501, 10],
				['s', 'A', 501, 111],
				['c', 'FA', 111, 501],
				['s', 'A', 501, 112],
				['s', 'FA', 501, 112],
				['c', 'A', 112, 502],
			],
			[
				'NEW SYN_SENT 120 UNREPLIED',
				'ESTABLISHED SYN_RECV 60 seen',
				'ESTABLISHED ESTABLISHED 432000 ASSURED',
				'ESTABLISHED ESTABLISHED 300 ASSURED',
				'ESTABLISHED ESTABLISHED 432000 ASSURED',
				'ESTABLISHED FIN_WAIT 120 ASSURED',
				'ESTABLISHED CLOSE_WAIT 60 ASSURED',
				'ESTABLISHED LAST_ACK 30 ASSURED',
				'ESTABLISHED TIME_WAIT 120 ASSURED',
			],
		],
		[
			'refused: the entry goes with the reset',
			[
				['c', 'S', 100, 0],
				['s', 'RA', 0, 101],
			],
			['NEW SYN_SENT 120 UNREPLIED', 'none'],
		],
		[
			'reset while established: closed for ten seconds',
			[...HANDSHAKE, ['s', 'R', 501, 0]],
			[
				'NEW SYN_SENT 120 UNREPLIED',
				'ESTABLISHED SYN_RECV 60 seen',
				'ESTABLISHED ESTABLISHED 432000 ASSURED',
				'ESTABLISHED CLOSE 10 ASSURED',
			],
		],
		[
			'a reset outside the window is not of the connection',
			[...HANDSHAKE, ['s', 'R', 400, 0]],
			[
				'NEW SYN_SENT 120 UNREPLIED',
				'ESTABLISHED SYN_RECV 60 seen',
				'ESTABLISHED ESTABLISHED 432000 ASSURED',
				'invalid ESTABLISHED 432000 ASSURED',
			],
		],
		[
			'data nobody has acknowledged yet is far ahead of the window: invalid',
			[...HANDSHAKE, ['c', 'A', 200_000, 501, 10]],
			[
				'NEW SYN_SENT 120 UNREPLIED',
				'ESTABLISHED SYN_RECV 60 seen',
				'ESTABLISHED ESTABLISHED 432000 ASSURED',
				'invalid ESTABLISHED 432000 ASSURED',
			],
		],
		[
			'met midway: picked up, for five minutes until the other end speaks',
			[
				['c', 'A', 101, 501],
				['s', 'A', 501, 101],
				['c', 'A', 101, 501],
			],
			['NEW ESTABLISHED 300 UNREPLIED', 'ESTABLISHED ESTABLISHED 300 seen', 'ESTABLISHED ESTABLISHED 432000 ASSURED'],
		],
		['a SYN/ACK out of nothing', [['s', 'SA', 500, 101]], ['none']],
		['impossible flags', [['c', 'SF', 100, 0]], ['none']],
		[
			'the same ports again after the close: a new connection',
			[...HANDSHAKE, ['c', 'FA', 101, 501], ['s', 'FA', 501, 102], ['c', 'A', 102, 502], ['c', 'S', 900_000, 0]],
			[
				'NEW SYN_SENT 120 UNREPLIED',
				'ESTABLISHED SYN_RECV 60 seen',
				'ESTABLISHED ESTABLISHED 432000 ASSURED',
				'ESTABLISHED FIN_WAIT 120 ASSURED',
				'ESTABLISHED LAST_ACK 30 ASSURED',
				'ESTABLISHED TIME_WAIT 120 ASSURED',
				'NEW SYN_SENT 120 UNREPLIED',
			],
		],
	];
	test.each(CASES)('%s', (_name, lines, states) => expect(talk(lines).states).toEqual(states));

	test('a sysctl changes how long a state lives', () => {
		const b = bench({ rules: TRACK, timeouts: { SYN_SENT: 7 } });
		b.forward(tcp(CLIENT, SERVER, 'S'));
		b.net.now = 7 * SECOND - 1;
		expect(connectionsAt(b.ns.conntrack, b.net.now)).toHaveLength(1);
		b.net.now = 7 * SECOND;
		expect(connectionsAt(b.ns.conntrack, b.net.now)).toHaveLength(0);
	});
});

test.each([
	['6.18.0', 'CLOSE'],
	['5.15.0', 'ESTABLISHED'],
])('a REJECT with a reset on kernel %s leaves an established connection in %s', (kernel, state) => {
	const b = bench({ rules: TRACK });
	for (const [who, flags, seq, ack] of HANDSHAKE) {
		b.forward(who === 'c' ? tcp(CLIENT, SERVER, flags, seq, ack) : tcp(SERVER, CLIENT, flags, seq, ack), who === 's');
	}
	const text = `${TRACK}*filter\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n`;
	Object.assign(b.ns, { kernel, ruleset: rules(text) });
	expect(b.forward(tcp(CLIENT, SERVER, 'PA', 101, 501, 10))).toBe('drop in FORWARD');
	expect([...b.ns.conntrack.connections.values()][0]!.tcp!.state).toBe(state);
});

describe('UDP and ICMP', () => {
	test('a UDP flow is assured only when it still talks two seconds after it began', () => {
		const b = bench({ rules: TRACK });
		const line = () => formatConntrack([...b.ns.conntrack.connections.values()][0]!, b.net.now);
		b.forward(udp(CLIENT, SERVER));
		expect(line()).toBe(
			'ipv4     2 udp      17 30 src=10.0.0.2 dst=10.0.1.2 sport=1000 dport=80 [UNREPLIED] src=10.0.1.2 dst=10.0.0.2 sport=80 dport=1000 mark=0 zone=0 use=2',
		);
		b.forward(udp(SERVER, CLIENT), true);
		b.forward(udp(CLIENT, SERVER));
		expect(line()).toContain('udp      17 30 ');
		expect(line()).not.toContain('[');
		b.net.now = 2.5 * SECOND;
		b.forward(udp(CLIENT, SERVER));
		expect(line()).toContain('udp      17 120 ');
		expect(line()).toContain('[ASSURED]');
	});

	test('an echo and its answer are one connection, told by the identifier', () => {
		const b = bench({ rules: TRACK });
		b.forward(icmp('10.0.0.2', '10.0.1.2', { type: 8, id: 77, seq: 1 }));
		const answer = icmp('10.0.1.2', '10.0.0.2', { type: 0, id: 77, seq: 1 });
		b.forward(answer, true);
		expect(answer.ct).toMatchObject({ info: 'ESTABLISHED', direction: 'reply' });
		const stray = icmp('10.0.1.2', '10.0.0.2', { type: 0, id: 78, seq: 1 });
		b.forward(stray, true);
		expect(stray.ct).toBe('invalid');
	});

	test('an error is related to the connection it quotes, if it is sent to the end that packet came from', () => {
		const b = bench({ rules: TRACK });
		const asked = tcp(CLIENT, SERVER, 'S', 100);
		b.forward(asked);
		const quoted: Ipv4 = asked.net;
		const error = icmp('10.0.1.1', '10.0.0.2', { type: 3, code: 1, quoted });
		b.forward(error, true);
		expect(error.ct).toMatchObject({ info: 'RELATED', direction: 'reply' });
		const elsewhere = icmp('10.0.1.1', '10.0.0.9', { type: 3, code: 1, quoted });
		b.forward(elsewhere, true);
		expect(elsewhere.ct).toBe('invalid');
		const unknown = icmp('10.0.1.1', '10.0.0.2', { type: 3, code: 1, quoted: tcp('10.0.0.2:9', SERVER, 'S').net });
		b.forward(unknown, true);
		expect(unknown.ct).toBe('invalid');
	});
});

describe('the table', () => {
	test('an entry is entered when its packet got through, not before', () => {
		const b = bench({ rules: `${TRACK}*filter\n:FORWARD DROP [0:0]\nCOMMIT\n` });
		expect(b.forward(tcp(CLIENT, SERVER, 'S'))).toBe('drop in FORWARD');
		expect(b.ns.conntrack.connections.size).toBe(0);
	});

	test('nothing is tracked where no rule asks for it', () => {
		const b = bench({ rules: '*filter\n-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n' });
		const packet = tcp(CLIENT, SERVER, 'S');
		b.forward(packet);
		expect(packet.ct).toBeUndefined();
		expect(b.ns.conntrack.connections.size).toBe(0);
	});

	test('two packets of one new UDP flow that meet before either is entered become one entry', () => {
		const b = bench({ rules: TRACK });
		const [first, second] = [udp(CLIENT, SERVER), udp(CLIENT, SERVER)];
		b.hook('PREROUTING', first);
		b.hook('PREROUTING', second);
		expect(b.hook('POSTROUTING', first)).toBe('accept');
		expect(b.hook('POSTROUTING', second)).toBe('accept');
		expect(b.ns.conntrack.connections.size).toBe(1);
	});

	test('of two TCP packets that want the same tuples, the later is dropped', () => {
		const b = bench({ rules: TRACK });
		const [first, second] = [tcp(CLIENT, SERVER, 'S'), tcp(CLIENT, SERVER, 'S')];
		b.hook('PREROUTING', first);
		b.hook('PREROUTING', second);
		expect(b.hook('POSTROUTING', first)).toBe('accept');
		expect(b.hook('POSTROUTING', second)).toBe('drop');
		expect(b.records.at(-1)).toMatchObject({ why: { code: 'ct.clash' }, verdict: 'drop' });
	});

	test('a full table lets go of what is not assured, and drops when all is', () => {
		const b = bench({ rules: TRACK, max: 1 });
		b.forward(tcp('10.0.0.2:1', SERVER, 'S', 100));
		b.forward(tcp('10.0.0.2:2', SERVER, 'S', 100));
		expect([...b.ns.conntrack.connections.values()].map((c) => c.original.sport)).toEqual([2]);
		b.forward(tcp(SERVER, '10.0.0.2:2', 'SA', 500, 101), true);
		b.forward(tcp('10.0.0.2:2', SERVER, 'A', 101, 501));
		expect(b.forward(tcp('10.0.0.2:3', SERVER, 'S', 100))).toBe('drop in PREROUTING');
		expect(b.records.at(-1)?.why).toEqual({ code: 'ct.full', max: 1 });
	});

	test('a fork goes its own way', () => {
		const { ns, net } = talk(HANDSHAKE);
		const fork = forkConntrack(ns.conntrack);
		const [entry] = connectionsAt(ns.conntrack, net.now);
		const { connection } = find(fork, entry!.reply, net.now)!;
		connection.mark = 5;
		connection.tcp!.state = 'CLOSE';
		expect(connectionsAt(fork, net.now)).toEqual([connection]);
		expect(entry).toMatchObject({ mark: 0, tcp: { state: 'ESTABLISHED' } });
		const other = forkConntrack(fork);
		remove(other, connectionsAt(other, net.now)[0]!);
		expect([other, fork, ns.conntrack].map((table) => connectionsAt(table, net.now).length)).toEqual([0, 1, 1]);
		expect(find(fork, entry!.original, net.now)!.connection).toBe(connection);
		expect(find(other, entry!.original, net.now)).toBeUndefined();
	});
});
