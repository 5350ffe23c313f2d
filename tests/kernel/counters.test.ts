/** /proc/net/snmp and netstat of a real kernel beside what the lab counts out of the same exchange's packets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Counting } from '../../src/cli/linux/mib/count.ts';
import {
	connect,
	forkNet,
	isLinuxError,
	type Network,
	parseIptablesSave,
	ping,
	run,
	setRuleset,
} from '../../src/sim/linux/index.ts';
import { kindBasic } from '../../src/sim/scenarios/kind-basic.ts';
import { formatIp, parseIp, utf8 } from '../../src/sim/wire/index.ts';
import { createWorld, podsOf, type World } from '../../src/sim/world/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';
import { describeNetwork } from './harness/describe.ts';
import { createKernelNet, type KernelNet } from './harness/kernel-net.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/counters: skipped, ${reason}`);

type Counts = Readonly<Record<string, number>>;

/** `Ip: A B` over `Ip: 1 2`, as `nstat` names them. */
function countersIn(text: string): Counts {
	const out: Record<string, number> = {};
	const lines = text.trim().split('\n');
	for (let i = 0; i + 1 < lines.length; i += 2) {
		const [table = '', ...names] = lines[i]!.split(' ');
		const [, ...values] = lines[i + 1]!.split(' ');
		for (const [at, name] of names.entries()) out[`${table.replace(':', '')}${name}`] = Number(values[at]);
	}
	return out;
}

/** What is compared; the rest of TcpExt is the kernel's own economy (delayed acknowledgements, fast paths). */
const COMPARED =
	/^(Ip(?!Ext)|IpExt(In|Out)(Octets|NoRoutes)|Icmp|Tcp(?!Ext|CurrEstab)|Udp(?!Lite)|TcpExt(IPReversePathFilter|TCPSynRetrans|TCPTimeouts|TCPOrigDataSent))/;

/** `octets`: whether lengths are compared; the two echo servers say different things. */
const interesting = (counts: Counts, octets: boolean): Counts =>
	Object.fromEntries(
		Object.entries(counts)
			.filter(([name, n]) => n !== 0 && COMPARED.test(name) && (octets || !name.endsWith('Octets')))
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);

interface Attempt {
	readonly from: string;
	readonly proto: 'tcp' | 'udp' | 'ping';
	readonly ip: string;
	readonly port?: number;
	readonly ttl?: number;
	readonly size?: number;
}

function simulate(base: Network, { from, proto, ip, port = 0, ttl, size }: Attempt): Readonly<Record<string, Counts>> {
	const counts: Record<string, Record<string, number>> = {};
	const net = forkNet(base);
	const counting = new Counting(net, (ns, name, by) => {
		counts[ns] ??= {};
		counts[ns][name] = (counts[ns][name] ?? 0) + by;
	});
	net.recorder = { record: (draft) => counting.decision(draft) };
	net.capture = (capture) => counting.frame(capture);
	net.hooked = (skb) => counting.hooked(skb);
	const dst = parseIp(ip)!;
	const client =
		proto === 'ping'
			? ping(net, from, { dst, ttl, size })
			: connect(net, from, {
					protocol: proto,
					dst,
					dport: port,
					data: proto === 'tcp' ? utf8('hello\n') : new Uint8Array(size ?? 4).fill(120),
					deadline: 1_200_000,
					sport: 41_000,
				});
	if (isLinuxError(client)) throw new Error(JSON.stringify(client));
	run(net, { until: net.now + 1_200_000 });
	return counts;
}

describe.skipIf(reason !== undefined)('counters of the kernel and of the lab', () => {
	let agent: Agent;
	let kernel: KernelNet;
	let world: World;
	beforeAll(async () => {
		agent = startAgent();
		kernel = createKernelNet(agent);
		const made = createWorld(
			{
				...kindBasic,
				id: 'kernel-counters',
				bundles: [{ id: 'bare-1.24', kubernetes: '1.24.0', kernel: '6.18.0', proxy: '1.24', cni: 'bare' }],
				start: { ...kindBasic.start, bundle: 'bare-1.24' },
			},
			{},
		);
		if ('error' in made) throw new Error(JSON.stringify(made.error));
		world = made.world;
		await kernel.sync(describeNetwork(world.net));
		await agent.run(
			[...world.net.namespaces.keys()].map((ns) => ({ ns, argv: ['ip', 'neigh', 'flush', 'all'] })),
			true,
		);
	});
	afterAll(() => agent.close());

	const read = async (): Promise<Readonly<Record<string, Counts>>> => {
		const out: Record<string, Counts> = {};
		for (const ns of world.net.namespaces.keys())
			out[ns] = {
				...countersIn(await agent.read(ns, '/proc/thread-self/net/snmp')),
				...countersIn(await agent.read(ns, '/proc/thread-self/net/netstat')),
			};
		return out;
	};

	const compare = async (attempt: Attempt): Promise<void> => {
		const before = await read();
		if (attempt.proto === 'ping')
			await agent.run(
				[
					{
						ns: attempt.from,
						argv: [
							'ping',
							'-c1',
							'-W1',
							...(attempt.ttl ? ['-t', String(attempt.ttl)] : []),
							...(attempt.size ? ['-s', String(attempt.size)] : []),
							attempt.ip,
						],
					},
				],
				true,
			);
		else
			await agent.probe({
				ns: attempt.from,
				proto: attempt.proto,
				ip: attempt.ip,
				port: attempt.port!,
				timeout: 1.2,
				...(attempt.size ? { size: attempt.size } : {}),
			});
		await agent.settle();
		const after = await read();
		const wanted: Record<string, Counts> = {};
		for (const [ns, counts] of Object.entries(after)) {
			const delta = interesting(
				Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n - (before[ns]![name] ?? 0)])),
				attempt.proto !== 'tcp',
			);
			if (Object.keys(delta).length > 0) wanted[ns] = delta;
		}
		const got: Record<string, Counts> = {};
		for (const [ns, counts] of Object.entries(simulate(world.net, attempt))) {
			const some = interesting(counts, attempt.proto !== 'tcp');
			if (Object.keys(some).length > 0) got[ns] = some;
		}
		expect(got, JSON.stringify(attempt)).toEqual(wanted);
	};

	const echo = (): string =>
		formatIp(podsOf(world).find((p) => p.metadata.name.startsWith('deploy-echoserver'))!.podIP!);

	test('a ping to a node', () => compare({ from: 'host', proto: 'ping', ip: '172.18.0.3' }));
	test('a ping to oneself', () => compare({ from: 'node/basic-worker', proto: 'ping', ip: '127.0.0.1' }));
	test('a ping through two nodes', () => compare({ from: 'node/basic-worker2', proto: 'ping', ip: echo() }));
	test('a ping whose TTL ends on the way', () =>
		compare({ from: 'node/basic-worker2', proto: 'ping', ip: echo(), ttl: 1 }));
	test('a ping in fragments', () => compare({ from: 'node/basic-worker2', proto: 'ping', ip: echo(), size: 3000 }));
	test('a ping nobody knows the way for', () =>
		compare({ from: 'node/basic-worker2', proto: 'ping', ip: '172.18.0.1', ttl: 3 }));
	test('a connection', () => compare({ from: 'node/basic-worker2', proto: 'tcp', ip: echo(), port: 8080 }));
	test('a closed port', () => compare({ from: 'node/basic-worker2', proto: 'tcp', ip: echo(), port: 81 }));
	test('a datagram nobody waits for', () =>
		compare({ from: 'node/basic-worker2', proto: 'udp', ip: echo(), port: 81 }));
	test('a service', () => compare({ from: 'node/basic-worker2', proto: 'tcp', ip: '10.96.101.186', port: 8080 }));
	test('an address of the services that none has', () =>
		compare({ from: 'node/basic-worker2', proto: 'udp', ip: '10.96.0.77', port: 80 }));
	test('what rules drop on the way in, through and out', async () => {
		const rules = (lines: readonly string[]): void => {
			const parsed = parseIptablesSave(`*filter\n${lines.join('\n')}\nCOMMIT\n`);
			if (!parsed.ok) throw new Error(JSON.stringify(parsed));
			setRuleset(world.net, 'node/basic-worker', parsed.ruleset);
		};
		for (const lines of [
			[':INPUT DROP [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]'],
			[':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT DROP [0:0]'],
			[
				':INPUT ACCEPT [0:0]',
				':FORWARD ACCEPT [0:0]',
				':OUTPUT ACCEPT [0:0]',
				'-A INPUT -p tcp -j REJECT --reject-with tcp-reset',
				'-A FORWARD -j REJECT',
			],
		]) {
			rules(lines);
			await kernel.sync(describeNetwork(world.net));
			await compare({ from: 'node/basic-worker2', proto: 'ping', ip: '172.18.0.3' });
			await compare({ from: 'node/basic-worker', proto: 'ping', ip: '172.18.0.2' });
			await compare({ from: 'node/basic-worker', proto: 'udp', ip: '172.18.0.2', port: 81 });
			await compare({ from: 'node/basic-worker2', proto: 'ping', ip: echo() });
			await compare({ from: 'node/basic-worker2', proto: 'tcp', ip: '172.18.0.3', port: 81 });
		}
	});
	test('an address of no network', () => compare({ from: 'host', proto: 'tcp', ip: '8.8.8.8', port: 53 }));
});
