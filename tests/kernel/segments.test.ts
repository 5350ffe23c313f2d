/**
 * What stands on the wire of one connection, from the first ARP request to the last ACK, and when: the client's own
 * device in the kernel and in the simulator.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, createNet, forkNet, isLinuxError, listen, type Network, run } from '../../src/sim/linux/index.ts';
import { decodeFrame, type Frame, formatIp, parseIp, TCP_PSH, utf8 } from '../../src/sim/wire/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';
import { Builder } from './harness/build.ts';
import { describeNetwork } from './harness/describe.ts';
import { createKernelNet } from './harness/kernel-net.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/segments: skipped, ${reason}`);

interface Seen {
	/** Microseconds since the first frame. */
	readonly at: number;
	readonly direction: 'rx' | 'tx';
	readonly frame: Frame;
}

const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'];

/** One line a frame: numbers of TCP relative to the first of their side, addresses left to the tests of routing. */
const transcript = (seen: readonly Seen[]): string[] => {
	const start: Partial<Record<'rx' | 'tx', number>> = {};
	return seen.map(({ direction, frame: { payload } }) => {
		if (payload.kind === 'arp')
			return `${direction} ${payload.op === 1 ? `who has ${formatIp(payload.targetIp)} tell` : 'is at, says'} ${formatIp(payload.senderIp)}`;
		const inside = payload.payload;
		if (inside.kind !== 'tcp') return `${direction} ${inside.kind}`;
		start[direction] ??= inside.seq;
		const other = start[direction === 'tx' ? 'rx' : 'tx'];
		const flags = FLAG_NAMES.filter((_, bit) => inside.flags & (1 << bit));
		const ack = flags.includes('ACK') ? ` ack ${(inside.ack - (other ?? inside.ack)) >>> 0}` : '';
		const options = flags.includes('SYN')
			? ` mss ${inside.mss} wscale ${inside.wscale} sack ${inside.sackOk} timestamps ${inside.timestamps !== undefined}`
			: '';
		return `${direction} ${flags.join(',')} seq ${(inside.seq - start[direction]!) >>> 0}${ack} len ${inside.data.length}${options} df ${payload.df} ttl ${payload.ttl} tos ${payload.tos}`;
	});
};

describe.skipIf(reason !== undefined)('the frames of one connection', () => {
	const net = createNet({ seed: 3 });
	const ANSWER = 'server 10.0.0.1:40000\n';
	const b = new Builder(net, 's');
	b.ns('a')
		.ns('server')
		.ns('r', { ip_forward: true })
		.ns('b')
		.link('a:eth0', 'server:eth0')
		.link('a:eth1', 'r:left')
		.link('r:right', 'b:eth0')
		.address('a:eth0', '10.0.0.1/24')
		.address('server:eth0', '10.0.0.2/24')
		.address('a:eth1', '10.0.1.1/24')
		.address('r:left', '10.0.1.2/24')
		.address('r:right', '10.0.2.1/24')
		.address('b:eth0', '10.0.2.2/24')
		.route('a', '10.0.2.0/24', { via: '10.0.1.2' })
		.route('b', 'default', { via: '10.0.2.1' })
		.rules('r', '*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p tcp -m tcp --dport 99 -j DROP\nCOMMIT\n');
	for (const protocol of ['tcp', 'udp'] as const)
		listen(net, 's/server', { protocol, port: 80, owner: 'server', respond: () => utf8(ANSWER) });

	let agent: Agent;
	beforeAll(async () => {
		agent = startAgent();
		await createKernelNet(agent).sync(describeNetwork(net));
	});
	afterAll(() => agent.close());

	const inKernel = async (dev: string, ip: string, port: number, timeout: number): Promise<Seen[]> => {
		await agent.run(
			[...net.namespaces.keys()].map((ns) => ({ ns, argv: ['ip', 'neigh', 'flush', 'all'] })),
			true,
		);
		await agent.drain();
		await agent.probe({ ns: 's/a', proto: 'tcp', ip, port, timeout, sport: 40000 });
		await new Promise((resolve) => setTimeout(resolve, 100));
		const frames = (await agent.drain()).filter((f) => f.ns === 's/a' && f.dev === dev);
		return frames.flatMap((f) => {
			const frame = decodeFrame(f.octets, { checksums: false }).value;
			return frame
				? [
						{
							at: Math.round((f.time - frames[0]!.time) / 1000),
							direction: f.kind === 4 ? ('tx' as const) : ('rx' as const),
							frame,
						},
					]
				: [];
		});
	};

	const inSimulator = (base: Network, dev: string, ip: string, port: number, timeout: number): Seen[] => {
		const seen: Seen[] = [];
		const fork = forkNet(base, {
			capture: (c) => {
				if (c.ns === 's/a' && c.dev === dev)
					seen.push({ at: c.time - base.now, direction: c.direction, frame: structuredClone(c.frame) });
			},
		});
		const client = connect(fork, 's/a', {
			protocol: 'tcp',
			dst: parseIp(ip)!,
			dport: port,
			sport: 40000,
			data: utf8('hello\n'),
			deadline: timeout * 1e6,
		});
		if (isLinuxError(client)) throw new Error(JSON.stringify(client));
		run(fork, { until: fork.now + timeout * 1e6 });
		return seen.map((s) => ({ ...s, at: s.at - seen[0]!.at }));
	};

	/** The client's MSS is the harness's mark; everything else must be equal. */
	const plain = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^(tx SYN .*) mss \d+/, '$1'));

	test('a request and its answer: ARP, handshake, data, close', async () => {
		expect(plain(transcript(inSimulator(net, 'eth0', '10.0.0.2', 80, 1)))).toEqual(
			plain(transcript(await inKernel('eth0', '10.0.0.2', 80, 1))),
		);
	});

	test('a closed port: SYN and RST', async () => {
		expect(plain(transcript(inSimulator(net, 'eth0', '10.0.0.2', 81, 1)))).toEqual(
			plain(transcript(await inKernel('eth0', '10.0.0.2', 81, 1))),
		);
	});

	test('no answer at all: ARP is asked three times, a second apart', async () => {
		const [ours, real] = [inSimulator(net, 'eth0', '10.0.0.9', 80, 5), await inKernel('eth0', '10.0.0.9', 80, 5)];
		expect(transcript(ours)).toEqual(transcript(real));
		const seconds = (seen: readonly Seen[]) => seen.map((s) => Math.round(s.at / 1e6));
		expect(seconds(ours)).toEqual(seconds(real));
	});

	test('a dropped SYN is sent again when the kernel of this version sends it again', async () => {
		const syns = (seen: readonly Seen[]) => seen.filter((s) => s.frame.payload.kind === 'ipv4');
		const [ours, real] = [
			syns(inSimulator(net, 'eth1', '10.0.2.2', 99, 8)),
			syns(await inKernel('eth1', '10.0.2.2', 99, 8)),
		];
		const seconds = (seen: readonly Seen[]) => seen.map((s) => Math.round((s.at - seen[0]!.at) / 1e6));
		expect(seconds(ours)).toEqual(seconds(real));
		expect(plain(transcript(ours))).toEqual(plain(transcript(real)));
		expect(
			real.every(
				(s) =>
					s.frame.payload.kind === 'ipv4' &&
					s.frame.payload.payload.kind === 'tcp' &&
					!(s.frame.payload.payload.flags & TCP_PSH),
			),
		).toBe(true);
	});
});
