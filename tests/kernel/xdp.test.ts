/**
 * What XDP sends leaves by the driver alone: the same verdicts at the same end of a veth pair, in the kernel and in the
 * simulator. A native program's frames come through only when the other end has a program too; no capture point sees
 * them leave.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	addAddress,
	addNamespace,
	addNeighbour,
	addVeth,
	connect,
	createNet,
	deviceByName,
	isLinuxError,
	type ProgramVerdict,
	run,
	setDevice,
	xdpProgram,
} from '../../src/sim/linux/index.ts';
import { decodeFrame, type Frame, formatMac, parseIp } from '../../src/sim/wire/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/xdp: skipped, ${reason}`);

/** Programs at the two ends of a veth pair: at `there` one that sends every frame back, at `here` one that passes all. */
interface Setup {
	readonly there: 'native' | 'generic' | undefined;
	readonly here: boolean;
}

/** Capture points that saw the datagram, in order. */
type Sightings = readonly string[];

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
/** Locally administered, the same on both sides. */
const MACS = { here: 0x02_00_00_00_77_01, there: 0x02_00_00_00_77_02 } as const;

const sighting = (ns: string, direction: string, frame: Frame | undefined): string[] => {
	const packet = frame?.payload;
	return packet?.kind === 'ipv4' && packet.payload.kind === 'udp' && packet.payload.dport === 7000
		? [`${ns} ${direction}`]
		: [];
};

const inSimulator = ({ there, here }: Setup): Sightings => {
	const net = createNet({ seed: 5 });
	for (const ns of ['here', 'there']) addNamespace(net, ns, {});
	addVeth(net, { ns: 'here', name: 'eth0', mac: MACS.here }, { ns: 'there', name: 'eth0', mac: MACS.there });
	addAddress(net, 'here', 'eth0', { ip: parseIp(HERE)!, length: 24 });
	addAddress(net, 'there', 'eth0', { ip: parseIp(THERE)!, length: 24 });
	addNeighbour(net, 'here', 'eth0', parseIp(THERE)!, MACS.there);
	const { ifindex } = deviceByName(net.namespaces.get('there')!, 'eth0')!;
	const tx = { name: 'tx', run: (): ProgramVerdict => ({ action: 'redirect', ifindex, ingress: false }) };
	const pass = { name: 'pass', run: (): ProgramVerdict => ({ action: 'ok' }) };
	if (there) setDevice(net, 'there', 'eth0', { xdp: xdpProgram(tx, there) });
	if (here) setDevice(net, 'here', 'eth0', { xdp: xdpProgram(pass, 'native') });
	const seen: string[] = [];
	net.capture = ({ ns, direction, frame }) => seen.push(...sighting(ns, direction, frame));
	const client = connect(net, 'here', { protocol: 'udp', dst: parseIp(THERE)!, dport: 7000, deadline: 300_000 });
	if (isLinuxError(client)) throw new Error(client.code);
	run(net, { until: net.now + 400_000 });
	return seen;
};

describe.skipIf(reason !== undefined)('a frame that XDP sends back', () => {
	let agent: Agent;
	beforeAll(async () => {
		agent = startAgent();
		const paths = { here: await agent.create('here'), there: await agent.create('there') };
		const ip = (ns: string, words: string) => agent.run([{ ns, argv: ['ip', ...words.split(' ')] }]);
		await ip('here', `link add eth0 type veth peer name eth0 netns ${paths.there}`);
		for (const [ns, own] of [
			['here', HERE],
			['there', THERE],
		] as const) {
			await agent.sysctl(ns, { 'net/ipv6/conf/all/disable_ipv6': 1, 'net/ipv6/conf/default/disable_ipv6': 1 });
			await ip(ns, `link set eth0 address ${formatMac(MACS[ns])} up`);
			await ip(ns, `address add ${own}/24 dev eth0`);
			await agent.offload(ns, ['eth0']);
		}
		await ip('here', `neigh add ${THERE} lladdr ${formatMac(MACS.there)} dev eth0`);
		for (const ns of ['here', 'there']) await agent.capture(ns);
	});
	afterAll(async () => {
		await agent?.close();
	});

	const inKernel = async ({ there, here }: Setup): Promise<Sightings> => {
		await agent.attachXdp('there', 'eth0', there && 'tx', there ?? 'native');
		await agent.attachXdp('here', 'eth0', here ? 'pass' : undefined, 'native');
		await agent.drain();
		await agent.probe({ ns: 'here', proto: 'udp', ip: THERE, port: 7000, timeout: 0.3 });
		await agent.settle();
		return (await agent.drain()).flatMap(({ ns, kind, octets }) =>
			sighting(ns, kind === 4 ? 'tx' : 'rx', decodeFrame(octets).value),
		);
	};

	test.each<[string, Setup, Sightings]>([
		['without programs it arrives', { there: undefined, here: false }, ['here tx', 'there rx']],
		['native, and nothing at the other end: it is lost', { there: 'native', here: false }, ['here tx']],
		['native, and a program at the other end: it comes back', { there: 'native', here: true }, ['here tx', 'here rx']],
		['generic: it comes back', { there: 'generic', here: false }, ['here tx', 'here rx']],
	])('%s', async (_, setup, expected) => {
		expect(await inKernel(setup)).toEqual(expected);
		expect(inSimulator(setup)).toEqual(expected);
	});
});
