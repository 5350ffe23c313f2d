/**
 * What bpf_redirect_peer and bpf_redirect_neigh pass by: the same small programs on the same two devices, in the kernel
 * and in the simulator. A client asks a pod through a node whose rules would drop everything that is forwarded.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	addAddress,
	addNamespace,
	addRoute,
	addVeth,
	type Capture,
	connect,
	connectionsAt,
	createNet,
	deviceByName,
	isLinuxError,
	listen,
	type Network,
	type Program,
	type ProgramVerdict,
	parseIptablesSave,
	run,
	setDevice,
	setRuleset,
} from '../../src/sim/linux/index.ts';
import { decodeFrame, type Frame, formatMac, parseInterface, parseIp, utf8 } from '../../src/sim/wire/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/redirect: skipped, ${reason}`);

const RULES = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
const POD = '10.1.0.2';
/** Node: `out` towards the client, `lxc` towards the pod. */
const ADDRESSES = [
	['client', 'eth0', '192.0.2.1/24'],
	['node', 'out', '192.0.2.2/24'],
	['node', 'lxc', '10.1.0.1/24'],
	['pod', 'eth0', `${POD}/24`],
] as const;

type Helper = 'redirect_neigh' | 'redirect_peer';
/** In by `out` straight to the pod; back by `lxc` out of `out`. */
interface Setup {
	readonly request: Helper | undefined;
	readonly answer: 'redirect_neigh' | undefined;
}

/** Who saw the datagrams, and with which TTL: `node/lxc tx request 64`. */
type Sightings = string[];

const sighting = (ns: string, dev: string, direction: string, frame: Frame | undefined): string | undefined => {
	const packet = frame?.payload;
	if (packet?.kind !== 'ipv4' || packet.payload.kind !== 'udp') return undefined;
	const what = packet.payload.dport === 7000 ? 'request' : packet.payload.sport === 7000 ? 'answer' : undefined;
	return what && `${ns}/${dev} ${direction} ${what} ${packet.ttl}`;
};

const inKernel = async (agent: Agent, setup: Setup): Promise<{ seen: Sightings; result: string; tracked: number }> => {
	await agent.attach('node', 'out', 'ingress', setup.request, 'lxc');
	await agent.attach('node', 'lxc', 'ingress', setup.answer, 'out');
	await agent.flush('node');
	await agent.drain();
	const { result } = await agent.probe({ ns: 'client', proto: 'udp', ip: POD, port: 7000, timeout: 0.5 });
	await agent.settle();
	const frames = await agent.drain();
	const seen = frames.flatMap(({ ns, dev, kind, octets }) => {
		const text = sighting(ns, dev, kind === 4 ? 'tx' : 'rx', decodeFrame(octets).value);
		return text ? [text] : [];
	});
	const tracked = (await agent.conntrack('node')).filter((line) => line.includes('dport=7000')).length;
	return { seen, result, tracked };
};

const build = (setup: Setup): { net: Network; seen: Sightings } => {
	const net = createNet({ seed: 5 });
	const seen: Sightings = [];
	net.capture = ({ ns, dev, direction, frame }: Capture) => {
		const text = sighting(ns, dev, direction, frame);
		if (text) seen.push(text);
	};
	for (const ns of ['client', 'node', 'pod']) addNamespace(net, ns, { sysctls: { ip_forward: ns === 'node' } });
	addVeth(net, { ns: 'client', name: 'eth0' }, { ns: 'node', name: 'out' });
	addVeth(net, { ns: 'node', name: 'lxc' }, { ns: 'pod', name: 'eth0' });
	for (const [ns, dev, text] of ADDRESSES) {
		const { address: ip, length } = parseInterface(text)!;
		addAddress(net, ns, dev, { ip, length });
	}
	for (const [ns, via] of [
		['client', '192.0.2.2'],
		['pod', '10.1.0.1'],
	] as const)
		addRoute(net, ns, { dst: { address: 0, length: 0 }, via: parseIp(via)!, dev: 'eth0' });
	const parsed = parseIptablesSave(RULES);
	if (parsed.ok) setRuleset(net, 'node', parsed.ruleset);
	const node = net.namespaces.get('node')!;
	const program = (helper: Helper, target: string): Program => ({
		name: helper,
		run: (skb): ProgramVerdict =>
			skb.net.kind !== 'ipv4'
				? { action: 'ok' }
				: {
						action: helper === 'redirect_peer' ? 'redirect-peer' : 'redirect-neigh',
						ifindex: deviceByName(node, target)!.ifindex,
					},
	});
	if (setup.request) setDevice(net, 'node', 'out', { tcIngress: program(setup.request, 'lxc') });
	if (setup.answer) setDevice(net, 'node', 'lxc', { tcIngress: program(setup.answer, 'out') });
	listen(net, 'pod', { protocol: 'udp', port: 7000, owner: 'pod', respond: () => utf8('here') });
	return { net, seen };
};

const inSimulator = (setup: Setup): { seen: Sightings; result: string; tracked: number } => {
	const { net, seen } = build(setup);
	const client = connect(net, 'client', {
		protocol: 'udp',
		dst: parseIp(POD)!,
		dport: 7000,
		data: utf8('hello'),
		deadline: 500_000,
	});
	if (isLinuxError(client)) throw new Error(client.code);
	run(net, { until: net.now + 600_000 });
	const { conntrack } = net.namespaces.get('node')!;
	return { seen, result: client.outcome?.result ?? 'timeout', tracked: connectionsAt(conntrack, net.now).length };
};

describe.skipIf(reason !== undefined)('a redirected packet', () => {
	let agent: Agent;
	beforeAll(async () => {
		agent = startAgent();
		const paths: Record<string, string> = {};
		for (const ns of ['client', 'node', 'pod']) {
			paths[ns] = await agent.create(ns);
			await agent.sysctl(ns, { 'net/ipv6/conf/all/disable_ipv6': 1, 'net/ipv6/conf/default/disable_ipv6': 1 });
		}
		const ip = (ns: string, words: string) => agent.run([{ ns, argv: ['ip', ...words.split(' ')] }]);
		// The same addresses on both sides: redirect_neigh must find them by itself all the same.
		const { net } = build({ request: undefined, answer: undefined });
		const mac = (ns: string, dev: string) => formatMac(deviceByName(net.namespaces.get(ns)!, dev)!.mac);
		await ip('node', `link add out address ${mac('node', 'out')} type veth peer name eth0 netns ${paths.client}`);
		await ip('node', `link add lxc address ${mac('node', 'lxc')} type veth peer name eth0 netns ${paths.pod}`);
		for (const ns of ['client', 'node', 'pod']) await ip(ns, 'link set lo up');
		for (const [ns, dev, address] of ADDRESSES) {
			await ip(ns, `address add ${address} dev ${dev}`);
			await ip(ns, `link set ${dev} up`);
			await agent.offload(ns, [dev]);
		}
		await ip('client', 'route add default via 192.0.2.2');
		await ip('pod', 'route add default via 10.1.0.1');
		await agent.sysctl('node', { 'net/ipv4/ip_forward': 1 });
		await agent.run([{ ns: 'node', argv: ['iptables-restore'], stdin: RULES }]);
		await agent.listen('pod', 'udp', '0.0.0.0', 7000, 'pod');
		for (const ns of ['client', 'node', 'pod']) await agent.capture(ns);
	});
	afterAll(async () => {
		await agent?.close();
	});

	for (const [name, setup, result] of [
		['without programs the rules drop it', { request: undefined, answer: undefined }, 'timeout'],
		[
			'by redirect_peer and redirect_neigh: no rule, no connection, no TTL',
			{ request: 'redirect_peer', answer: 'redirect_neigh' },
			'connected',
		],
		[
			'by redirect_neigh both ways: the device of the pod sees it',
			{ request: 'redirect_neigh', answer: 'redirect_neigh' },
			'connected',
		],
		['by redirect_peer alone: the answer meets the rules', { request: 'redirect_peer', answer: undefined }, 'timeout'],
	] as const)
		test(name, async () => {
			const real = await inKernel(agent, setup);
			const ours = inSimulator(setup);
			expect(real.result).toBe(result);
			expect(ours.result).toBe(result);
			expect([...ours.seen].sort()).toEqual([...real.seen].sort());
			expect(ours.tracked).toBe(real.tracked);
		});
});
