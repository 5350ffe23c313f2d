/**
 * Routing, neighbours, TTL, MTU and ICMP errors: small networks built in the simulator, rebuilt in the real kernel,
 * and the same connections made in both.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addRule, createNet, setDevice } from '../../src/sim/linux/index.ts';
import { parsePrefix } from '../../src/sim/wire/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';
import { Builder } from './harness/build.ts';
import { describeNetwork } from './harness/describe.ts';
import { createKernelNet } from './harness/kernel-net.ts';
import { type Attempt, attemptName, type Observation, observeKernel, observeSimulator } from './harness/observe.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/routing: skipped, ${reason}`);

interface Case {
	readonly title: string;
	readonly build: (b: Builder) => void;
	/** `from` is a namespace of the case. */
	readonly attempts: readonly Omit<Attempt, 'proto'>[];
	readonly protocols?: readonly ('tcp' | 'udp')[];
}

const FORWARD = { ip_forward: true };

/** a — r1 — r2 — b, 10.0.1.0/24 to 10.0.3.0/24, servers on port 80 everywhere. */
const line = (b: Builder, { mtu = 1500, ttl = 64 } = {}): Builder =>
	b
		.ns('a', { ip_default_ttl: ttl })
		.ns('r1', FORWARD)
		.ns('r2', FORWARD)
		.ns('b')
		.link('a:eth0', 'r1:left')
		.link('r1:right', 'r2:left', { mtu })
		.link('r2:right', 'b:eth0')
		.address('a:eth0', '10.0.1.10/24')
		.address('r1:left', '10.0.1.1/24')
		.address('r1:right', '10.0.2.1/24')
		.address('r2:left', '10.0.2.2/24')
		.address('r2:right', '10.0.3.1/24')
		.address('b:eth0', '10.0.3.10/24')
		.route('a', 'default', { via: '10.0.1.1' })
		.route('b', 'default', { via: '10.0.3.1' })
		.route('r1', '10.0.3.0/24', { via: '10.0.2.2' })
		.route('r2', '10.0.1.0/24', { via: '10.0.2.1' })
		.server('a', 80)
		.server('r1', 80)
		.server('r2', 80)
		.server('b', 80);

const CASES: readonly Case[] = [
	{
		title: 'routers count TTL down, and answer on every address they own',
		build: line,
		attempts: ['10.0.3.10', '10.0.3.1', '10.0.2.2', '10.0.2.1', '10.0.1.1', '10.0.1.10', '127.0.0.1'].map((ip) => ({
			from: 'a',
			ip,
			port: 80,
		})),
	},
	{
		title: 'no address at all is the machine itself; broadcasts take no connection, and no datagram without leave',
		build: line,
		attempts: ['0.0.0.0', '255.255.255.255', '10.0.1.255', '10.0.1.0', '10.0.3.255', '127.255.255.255', '0.1.2.3'].map(
			(ip) => ({ from: 'a', ip, port: 80 }),
		),
	},
	{
		title: 'a closed port is refused, by RST or ICMP 3/3',
		build: line,
		attempts: ['10.0.3.10', '10.0.2.2', '10.0.1.10'].map((ip) => ({ from: 'a', ip, port: 81 })),
	},
	...[1, 2, 3].map((ttl) => ({
		title: `TTL ${ttl} ends where it is used up, and the router there says so`,
		build: (b: Builder) => {
			line(b, { ttl });
		},
		attempts: [{ from: 'a', ip: '10.0.3.10', port: 80 }],
	})),
	{
		title: 'a router without a route answers ICMP 3/0, a host without one fails by itself',
		build: (b) => {
			line(b).ns('c').link('c:eth0', 'r1:third').address('c:eth0', '10.0.4.10/24');
		},
		attempts: [
			{ from: 'a', ip: '10.9.9.9', port: 80 },
			{ from: 'c', ip: '10.9.9.9', port: 80 },
		],
	},
	{
		title: 'unreachable, prohibit and blackhole routes answer as they are called',
		build: (b) => {
			line(b)
				.route('r1', '10.7.1.0/24', { type: 'unreachable' })
				.route('r1', '10.7.2.0/24', { type: 'prohibit' })
				.route('r1', '10.7.3.0/24', { type: 'blackhole' })
				.route('a', '10.8.1.0/24', { type: 'unreachable' })
				.route('a', '10.8.2.0/24', { type: 'prohibit' })
				.route('a', '10.8.3.0/24', { type: 'blackhole' });
		},
		attempts: ['10.7.1.1', '10.7.2.1', '10.7.3.1', '10.8.1.1', '10.8.2.1', '10.8.3.1'].map((ip) => ({
			from: 'a',
			ip,
			port: 80,
		})),
	},
	{
		title: 'a neighbour that does not answer: the router sends ICMP 3/1, the host fails by itself',
		build: line,
		attempts: [
			{ from: 'a', ip: '10.0.3.77', port: 80 },
			{ from: 'a', ip: '10.0.1.77', port: 80 },
		],
	},
	{
		title: 'a host that does not forward drops in silence',
		build: (b) => {
			b.ns('a')
				.ns('h')
				.ns('c')
				.link('a:eth0', 'h:left')
				.link('h:right', 'c:eth0')
				.address('a:eth0', '10.0.1.10/24')
				.address('h:left', '10.0.1.1/24')
				.address('h:right', '10.0.2.1/24')
				.address('c:eth0', '10.0.2.10/24')
				.route('a', 'default', { via: '10.0.1.1' })
				.route('c', 'default', { via: '10.0.2.1' })
				.server('c', 80)
				.server('h', 80);
		},
		attempts: [
			{ from: 'a', ip: '10.0.2.10', port: 80 },
			{ from: 'a', ip: '10.0.2.1', port: 80 },
		],
	},
	{
		title: 'the longest prefix wins, then the lowest metric, and `src` is taken',
		build: (b) => {
			b.ns('a')
				.ns('r', FORWARD)
				.ns('s', FORWARD)
				.ns('c')
				.link('a:eth0', 'r:left')
				.link('a:eth1', 's:left')
				.link('r:right', 'c:eth0')
				.link('s:right', 'c:eth1')
				.address('a:eth0', '10.0.1.10/24')
				.address('a:eth0', '10.0.1.11/24')
				.address('r:left', '10.0.1.1/24')
				.address('a:eth1', '10.0.2.10/24')
				.address('s:left', '10.0.2.1/24')
				.address('r:right', '10.0.3.1/24')
				.address('c:eth0', '10.0.3.10/24')
				.address('s:right', '10.0.4.1/24')
				.address('c:eth1', '10.0.4.10/24')
				.address('c:lo', '10.5.0.1/32')
				.address('c:lo', '10.5.1.1/32')
				.address('c:lo', '10.6.0.1/32')
				.route('a', '10.5.0.0/16', { via: '10.0.1.1' })
				.route('a', '10.5.1.0/24', { via: '10.0.2.1' })
				.route('a', '10.6.0.0/16', { via: '10.0.1.1', metric: 100, src: '10.0.1.11' })
				.route('a', '10.6.0.0/16', { via: '10.0.2.1', metric: 200 })
				.route('r', '10.0.0.0/8', { via: '10.0.3.10' })
				.route('s', '10.0.0.0/8', { via: '10.0.4.10' })
				.route('c', '10.0.1.0/24', { via: '10.0.3.1' })
				.route('c', '10.0.2.0/24', { via: '10.0.4.1' })
				.server('c', 80);
		},
		attempts: ['10.5.0.1', '10.5.1.1', '10.6.0.1'].map((ip) => ({ from: 'a', ip, port: 80 })),
	},
	{
		title: 'rules choose the table by source, device and mark',
		build: (b) => {
			line(b)
				.route('r1', '10.9.0.0/16', { via: '10.0.2.2', table: 100 })
				.address('r2:lo', '10.9.0.1/32')
				.route('a', '10.9.0.0/16', { via: '10.0.1.1' });
			addRule(b.net, b.name('r1'), { priority: 100, from: parsePrefix('10.0.1.0/24'), table: 100 });
			addRule(b.net, b.name('r1'), { priority: 50, fwmark: { value: 4, mask: 4 }, table: 101 });
			b.rules('r1', '*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -j MARK --set-xmark 0x4/0x4\nCOMMIT\n');
			b.route('r1', '10.9.0.0/16', { type: 'prohibit', table: 101 });
		},
		attempts: [
			{ from: 'a', ip: '10.9.0.1', port: 80 },
			{ from: 'r1', ip: '10.9.0.1', port: 80 },
		],
	},
	// Each attempt on its own: what one learns of a neighbour would help the other.
	...([0, 1, 2] as const).flatMap((mode) =>
		['10.0.3.1', '10.0.3.10'].map((ip) => ({
			title: `rp_filter ${mode} on a packet that came by another way than the answer would go, to ${ip}`,
			build: (b: Builder) => {
				b.ns('a')
					.ns('r', { ...FORWARD, rp_filter: mode })
					.ns('c')
					.link('a:eth0', 'r:one')
					.link('a:eth1', 'r:two')
					.link('r:right', 'c:eth0')
					.address('a:eth0', '10.0.1.10/24')
					.address('r:one', '10.0.1.1/24')
					.address('a:eth1', '10.0.2.10/24')
					.address('r:two', '10.0.2.1/24')
					.address('r:right', '10.0.3.1/24')
					.address('c:eth0', '10.0.3.10/24')
					.address('a:lo', '10.4.4.4/32')
					.route('a', '10.0.3.0/24', { via: '10.0.2.1', src: '10.0.1.10' })
					.route('a', '10.0.3.10/32', { via: '10.0.2.1', src: '10.4.4.4' })
					.route('c', 'default', { via: '10.0.3.1' })
					.server('c', 80)
					.server('r', 80);
			},
			attempts: [{ from: 'a', ip, port: 80 }],
		})),
	),
	{
		title: '127.0.0.0/8 leaves or enters no machine unless route_localnet says so',
		build: (b) => {
			b.ns('a')
				.ns('c')
				.link('a:eth0', 'c:eth0')
				.address('a:eth0', '10.0.1.10/24')
				.address('c:eth0', '10.0.1.1/24')
				.server('c', 80)
				.server('a', 80)
				.rules(
					'a',
					'*nat\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A OUTPUT -d 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.1.1:80\nCOMMIT\n',
				);
		},
		attempts: [
			{ from: 'a', ip: '127.0.0.1', port: 80 },
			{ from: 'a', ip: '127.0.0.1', port: 8080 },
			{ from: 'a', ip: '127.0.0.2', port: 80 },
		],
	},
	{
		title: 'proxy ARP answers for what the machine can reach by another device',
		build: (b) => {
			b.ns('a')
				.ns('r', FORWARD)
				.ns('c')
				.link('a:eth0', 'r:left')
				.link('r:right', 'c:eth0')
				.address('a:eth0', '10.0.0.10/8')
				.address('r:left', '10.0.1.1/24')
				.address('r:right', '10.0.2.1/24')
				.address('c:eth0', '10.0.2.10/24')
				.route('r', '10.0.0.10/32', { dev: 'left', scope: 'link' })
				.route('c', 'default', { via: '10.0.2.1' })
				.server('c', 80);
			setDevice(b.net, b.name('r'), 'left', { proxyArp: true });
		},
		attempts: [{ from: 'a', ip: '10.0.2.10', port: 80 }],
	},
	{
		title: 'a bridge forwards without counting TTL down, and delivers to its own address',
		build: (b) => {
			b.ns('sw')
				.ns('a')
				.ns('c')
				.link('a:eth0', 'sw:p1')
				.link('c:eth0', 'sw:p2')
				.bridge('sw', 'br0', ['p1', 'p2'])
				.address('a:eth0', '10.0.0.1/24')
				.address('c:eth0', '10.0.0.2/24')
				.address('sw:br0', '10.0.0.254/24')
				.server('c', 80)
				.server('sw', 80);
		},
		attempts: [
			{ from: 'a', ip: '10.0.0.2', port: 80 },
			{ from: 'a', ip: '10.0.0.254', port: 80 },
			{ from: 'sw', ip: '10.0.0.2', port: 80 },
		],
	},
	...[1372, 1373].map(
		(size): Case => ({
			title: `a datagram of ${size} octets for a link of 1400 further on: what is too big gets ICMP 3/4 with its MTU`,
			build: (b) => {
				line(b, { mtu: 1400 });
			},
			protocols: ['udp'],
			attempts: [{ from: 'a', ip: '10.0.3.10', port: 80, size }],
		}),
	),
	{
		title: 'a datagram too big for the first link is cut by its sender',
		build: line,
		protocols: ['udp'],
		attempts: [{ from: 'a', ip: '10.0.3.10', port: 80, size: 4000 }],
	},
	{
		title: 'rules that refuse: each REJECT has its own error',
		build: (b) => {
			line(b).rules(
				'r1',
				[
					'*filter',
					':FORWARD ACCEPT [0:0]',
					':INPUT ACCEPT [0:0]',
					':OUTPUT ACCEPT [0:0]',
					...[
						'icmp-port-unreachable',
						'icmp-host-unreachable',
						'icmp-net-unreachable',
						'icmp-proto-unreachable',
						'icmp-admin-prohibited',
					].flatMap((w, i) =>
						['tcp', 'udp'].map((p) => `-A FORWARD -p ${p} -m ${p} --dport ${101 + i} -j REJECT --reject-with ${w}`),
					),
					'-A FORWARD -p tcp -m tcp --dport 106 -j REJECT --reject-with tcp-reset',
					'-A FORWARD -p udp -m udp --dport 106 -j DROP',
					'-A INPUT -p tcp -m tcp --dport 107 -j REJECT --reject-with tcp-reset',
					'-A INPUT -p udp -m udp --dport 107 -j REJECT --reject-with icmp-port-unreachable',
					'-A OUTPUT -p tcp -m tcp --dport 108 -j REJECT --reject-with tcp-reset',
					'-A OUTPUT -p udp -m udp --dport 108 -j REJECT --reject-with icmp-port-unreachable',
					'-A OUTPUT -p tcp -m tcp --dport 109 -j DROP',
					'-A OUTPUT -p udp -m udp --dport 109 -j DROP',
					'-A OUTPUT -p tcp -m tcp --dport 110 -j REJECT --reject-with icmp-port-unreachable',
					'COMMIT',
					'',
				].join('\n'),
			);
		},
		attempts: [
			...[101, 102, 103, 104, 105, 106].map((port) => ({ from: 'a', ip: '10.0.3.10', port })),
			{ from: 'a', ip: '10.0.1.1', port: 107 },
			{ from: 'r1', ip: '10.0.3.10', port: 108 },
			{ from: 'r1', ip: '10.0.3.10', port: 109 },
			{ from: 'r1', ip: '10.0.3.10', port: 110 },
		],
	},
	{
		title: 'translation in OUTPUT asks for the way again, and without one the sender is told so',
		build: (b) =>
			line(b).rules(
				'r1',
				[
					'*nat',
					':OUTPUT ACCEPT [0:0]',
					'-A OUTPUT -p tcp -m tcp --dport 99 -j DNAT --to-destination 10.0.1.10:80',
					'-A OUTPUT -p udp -m udp --dport 99 -j DNAT --to-destination 10.0.1.10:80',
					'-A OUTPUT -p udp -m udp --dport 98 -j DNAT --to-destination 10.7.7.7:80',
					'COMMIT',
					'',
				].join('\n'),
			),
		attempts: [
			{ from: 'r1', ip: '10.0.3.10', port: 99 },
			{ from: 'r1', ip: '10.0.1.1', port: 99 },
			{ from: 'r1', ip: '127.0.0.1', port: 99 },
			{ from: 'r1', ip: '10.0.3.10', port: 98 },
		],
	},
	{
		title: 'errors come back through NAT with both headers put right',
		build: (b) => {
			line(b)
				.rules(
					'r1',
					[
						'*nat',
						':PREROUTING ACCEPT [0:0]',
						':POSTROUTING ACCEPT [0:0]',
						'-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.3.10:81',
						'-A PREROUTING -p udp -m udp --dport 8080 -j DNAT --to-destination 10.0.3.10:81',
						'-A PREROUTING -p udp -m udp --dport 8081 -j DNAT --to-destination 10.0.3.99:81',
						'-A PREROUTING -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.7.7.7:81',
						'-A POSTROUTING -o right -j MASQUERADE',
						'COMMIT',
						'',
					].join('\n'),
				)
				.route('r1', '10.7.0.0/16', { via: '10.0.2.2' });
		},
		attempts: [
			{ from: 'a', ip: '10.0.1.1', port: 8080 },
			{ from: 'a', ip: '10.0.1.1', port: 8081 },
			{ from: 'a', ip: '10.0.3.10', port: 80 },
		],
	},
];

describe.skipIf(reason !== undefined)('routing in the kernel and in the simulator', () => {
	const net = createNet({ seed: 7 });
	const all = CASES.map(({ build, attempts, protocols = ['tcp', 'udp'] }, i) => {
		const builder = new Builder(net, `c${i}`);
		build(builder);
		return attempts.flatMap((a) =>
			protocols.map((proto): Attempt => ({ timeout: 4, ...a, from: builder.name(a.from), proto })),
		);
	});
	const flat = all.flat();
	let agent: Agent;
	let real: Map<Attempt, Observation>;
	beforeAll(async () => {
		agent = startAgent();
		await createKernelNet(agent).sync(describeNetwork(net));
		const seen = await observeKernel(agent, net, flat);
		real = new Map(flat.map((attempt, i) => [attempt, seen[i]!]));
	});
	afterAll(() => agent.close());

	for (const [i, { title }] of CASES.entries())
		test(title, () => {
			const named = (see: (a: Attempt) => Observation) =>
				Object.fromEntries(all[i]!.map((a) => [`${attemptName(a)} ${a.size ?? ''}`, see(a)]));
			expect(named((a) => observeSimulator(net, a))).toEqual(named((a) => real.get(a)!));
		});
});
