/**
 * VXLAN as the kernel sends it: two namespaces, a cable, a tunnel. The frames on the cable are read by the simulator's
 * own code, written back octet for octet, and compared field by field with what its tunnel device sends for the same
 * inner frame. Geneve and DSR's options go to tshark.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	addAddress,
	addNamespace,
	addNeighbour,
	addTunnel,
	addVeth,
	type Capture,
	createNet,
	deviceByName,
	type Program,
	ping,
	run,
	setDevice,
} from '../../src/sim/linux/index.ts';
import {
	decodeFrame,
	dsrGeneveOption,
	dsrIpOption,
	EMPTY,
	encodeFrame,
	encodePcapng,
	type Frame,
	type Ipv4,
	ipLength,
	parseIp,
	TCP_SYN,
	type Transport,
	type Udp,
	type Vxlan,
} from '../../src/sim/wire/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';

const ip = (text: string): number => parseIp(text)!;
const A = '192.0.2.1';
const B = '192.0.2.2';
const INNER_A = '10.77.0.1';
const INNER_B = '10.77.0.2';

const reason = whyNot();
if (reason) console.log(`tests/kernel/vxlan: skipped, ${reason}`);

/** The outer packet of a frame, when it is a tunnel's. */
const outerOf = (frame: Frame | undefined): (Ipv4 & { payload: Udp & { tunnel: Vxlan } }) | undefined => {
	const packet = frame?.payload;
	return packet?.kind === 'ipv4' && packet.payload.kind === 'udp' && packet.payload.tunnel?.kind === 'vxlan'
		? (packet as Ipv4 & { payload: Udp & { tunnel: Vxlan } })
		: undefined;
};

describe.skipIf(reason !== undefined)('VXLAN frames', () => {
	let agent: Agent;
	beforeAll(async () => {
		agent = startAgent();
		const paths = { a: await agent.create('a'), b: await agent.create('b') };
		const ipIn = (ns: string, words: string) => agent.run([{ ns, argv: ['ip', ...words.split(' ')] }]);
		await ipIn('a', `link add wire type veth peer name wire netns ${paths.b}`);
		for (const [ns, own, other, inner] of [
			['a', A, B, INNER_A],
			['b', B, A, INNER_B],
		] as const) {
			await agent.sysctl(ns, { 'net/ipv6/conf/all/disable_ipv6': 1, 'net/ipv6/conf/default/disable_ipv6': 1 });
			await ipIn(ns, 'link set lo up');
			await ipIn(ns, `address add ${own}/24 dev wire`);
			await ipIn(ns, 'link set wire up');
			await ipIn(ns, `link add tun type vxlan id 42837 remote ${other} dstport 8472 noudpcsum`);
			await ipIn(ns, 'link set tun mtu 1500');
			await ipIn(ns, `address add ${inner}/24 dev tun`);
			await ipIn(ns, 'link set tun up');
			await agent.offload(ns, ['wire', 'tun']);
			await agent.listen(ns, 'udp', '0.0.0.0', 7000, ns);
			await agent.listen(ns, 'tcp', '0.0.0.0', 7000, ns);
		}
		await agent.capture('b');
	});
	afterAll(async () => {
		await agent?.close();
	});

	/** Frames that b's cable received, by what a's program did. */
	const received = async (proto: 'tcp' | 'udp', more: { size?: number; df?: boolean } = {}): Promise<Uint8Array[]> => {
		await agent.drain();
		const result = await agent.probe({ ns: 'a', proto, ip: INNER_B, port: 7000, timeout: 3, ...more });
		expect(result.result).toBe('connected');
		await agent.settle();
		return (await agent.drain()).filter(({ dev, kind }) => dev === 'wire' && kind !== 4).map(({ octets }) => octets);
	};

	test('are read, and written back octet for octet', async () => {
		for (const proto of ['udp', 'tcp'] as const) {
			const frames = await received(proto);
			const tunnels = frames.filter((octets) => outerOf(decodeFrame(octets).value));
			expect(tunnels.length).toBeGreaterThan(0);
			for (const octets of tunnels) expect(encodeFrame(decodeFrame(octets).value!)).toEqual(octets);
		}
	});

	test('carry the fields that the simulator’s tunnel device gives them', async () => {
		const frames = await received('udp');
		const real = frames
			.map((octets) => outerOf(decodeFrame(octets).value))
			.find((packet) => packet?.payload.tunnel.inner.payload.kind === 'ipv4')!;
		const [low, high] = (await agent.read('a', '/proc/sys/net/ipv4/ip_local_port_range')).split(/\s+/).map(Number);
		const ours = simulated(real.payload.tunnel.inner, real.payload.tunnel.vni);
		const { id: _, payload, ...header } = real;
		const { id: __, payload: ourPayload, ...ourHeader } = ours;
		expect(ourHeader).toEqual(header);
		const { sport, ...udp } = payload;
		const { sport: ourSport, ...ourUdp } = ourPayload as Udp;
		expect(ourUdp).toEqual(udp);
		for (const port of [sport, ourSport]) {
			expect(port).toBeGreaterThanOrEqual(low!);
			expect(port).toBeLessThanOrEqual(high!);
		}
		expect(header).toMatchObject({ ttl: 64, df: false, tos: 0 });
		expect(udp).toMatchObject({ dport: 8472, noChecksum: true, tunnel: { vni: 42837 } });
	});

	test('are 50 octets longer than what they carry', async () => {
		for (const octets of await received('tcp')) {
			const packet = outerOf(decodeFrame(octets).value);
			const inner = packet?.payload.tunnel.inner.payload;
			if (packet && inner?.kind === 'ipv4') expect(ipLength(packet) - ipLength(inner)).toBe(50);
		}
	});

	test('one flow keeps one source port', async () => {
		const ports = new Set(
			(await received('tcp')).flatMap((octets) => {
				const packet = outerOf(decodeFrame(octets).value);
				return packet?.payload.tunnel.inner.payload.kind === 'ipv4' ? [packet.payload.sport] : [];
			}),
		);
		expect(ports.size).toBe(1);
	});

	test('are cut where the cable is too narrow: the outer packet may be', async () => {
		const frames = await received('udp', { size: 1472, df: false });
		const pieces = frames.map((octets) => decodeFrame(octets).value!.payload).filter((p) => p.kind === 'ipv4');
		expect(pieces.some((piece) => piece.mf && !piece.df)).toBe(true);
		expect(pieces.some((piece) => piece.offset > 0)).toBe(true);
	});
});

/** The same inner frame through the simulator's tunnel device. */
const simulated = (inner: Frame, vni: number): Ipv4 => {
	const net = createNet({ seed: 3 });
	addNamespace(net, 'a', {});
	addNamespace(net, 'b', {});
	addVeth(net, { ns: 'a', name: 'wire' }, { ns: 'b', name: 'wire' });
	addAddress(net, 'a', 'wire', { ip: ip(A), length: 24 });
	addNeighbour(net, 'a', 'wire', ip(B), 0x020000000002);
	addTunnel(net, { ns: 'a', name: 'tun' }, 'vxlan', 8472);
	addVeth(net, { ns: 'a', name: 'in' }, { ns: 'b', name: 'in' });
	const ns = net.namespaces.get('a')!;
	const into: Program = {
		name: 'into',
		run(skb) {
			skb.net = structuredClone(inner.payload);
			skb.frame = { src: inner.src, dst: inner.dst };
			skb.tunnel = { id: vni, remote: ip(B) };
			return { action: 'redirect', ifindex: deviceByName(ns, 'tun')!.ifindex, ingress: false };
		},
	};
	setDevice(net, 'a', 'in', { tcIngress: into });
	const seen: Capture[] = [];
	net.capture = (capture) => seen.push(capture);
	// Anything that arrives at `in` becomes the frame.
	addAddress(net, 'b', 'in', { ip: ip('198.51.100.2'), length: 24 });
	addNeighbour(net, 'b', 'in', ip('198.51.100.1'), deviceByName(ns, 'in')!.mac);
	ping(net, 'b', { dst: ip('198.51.100.1') });
	run(net);
	const sent = seen.find(({ ns: where, dev, direction }) => where === 'a' && dev === 'wire' && direction === 'tx')!;
	return sent.frame.payload as Ipv4;
};

const tunnelFrame = (payload: Transport): Frame => ({
	dst: 0x020000000002,
	src: 0x020000000001,
	type: 0x0800,
	payload: {
		kind: 'ipv4',
		src: ip(A),
		dst: ip(B),
		ttl: 64,
		protocol: payload.kind === 'udp' ? 17 : 6,
		id: 1,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options: EMPTY,
		payload,
	},
});

const SYN: Transport = {
	kind: 'tcp',
	sport: 40000,
	dport: 8080,
	seq: 1,
	ack: 0,
	flags: TCP_SYN,
	window: 64240,
	mss: 1460,
	data: EMPTY,
};
const FRONTEND = { ip: ip('172.18.0.2'), port: 32017 };

describe.skipIf(reason !== undefined)('captures of tunnels and of DSR, as tshark reads them', () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'packetwalk-tunnel-'));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	const tshark = (frame: Frame, fields: readonly string[]): string[] => {
		const file = join(folder, 'a.pcapng');
		const octets = encodeFrame(frame);
		writeFileSync(file, encodePcapng([{ name: 'eth0' }], [{ interface: 0, time: 0, direction: 'tx', frame: octets }]));
		const checks = ['ip', 'tcp', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);
		const words = [
			'-n',
			'-r',
			file,
			'-d',
			'udp.port==8472,vxlan',
			...checks,
			'-T',
			'fields',
			'-E',
			'separator=|',
			...fields.flatMap((f) => ['-e', f]),
		];
		return execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
			.trim()
			.split('|');
	};
	const inner = tunnelFrame(SYN);

	test('VXLAN: its number, and the packet inside', () => {
		const udp: Udp = {
			kind: 'udp',
			sport: 50000,
			dport: 8472,
			noChecksum: true,
			tunnel: { kind: 'vxlan', vni: 42837, inner },
			data: EMPTY,
		};
		expect(tshark(tunnelFrame(udp), ['vxlan.vni', 'tcp.dstport', 'tcp.checksum.status', '_ws.malformed'])).toEqual([
			'42837',
			'8080',
			'1',
			'',
		]);
	});

	test('Geneve: its number, and the option that says which address was asked', () => {
		const udp: Udp = {
			kind: 'udp',
			sport: 50000,
			dport: 6081,
			noChecksum: true,
			tunnel: { kind: 'geneve', vni: 2, options: [dsrGeneveOption(FRONTEND)], inner },
			data: EMPTY,
		};
		const fields = [
			'geneve.vni',
			'geneve.option.class',
			'geneve.option.type',
			'geneve.option.unknown.data',
			'tcp.dstport',
		];
		const [vni, optionClass, type, data, port] = tshark(tunnelFrame(udp), fields);
		expect(Number(vni)).toBe(2);
		expect(Number(optionClass)).toBe(0x014b);
		expect(Number(type)).toBe(0x81);
		expect(data!.replaceAll(':', '')).toBe('ac1200027d110000');
		expect(port).toBe('8080');
	});

	test('DSR’s IP option: type, length and eight octets, the checksum right', () => {
		const frame = tunnelFrame(SYN);
		(frame.payload as Ipv4).options = dsrIpOption(FRONTEND);
		expect(tshark(frame, ['ip.hdr_len', 'ip.checksum.status', 'tcp.checksum.status', '_ws.malformed'])).toEqual([
			'28',
			'1',
			'1',
			'',
		]);
		// tshark has no name for it.
		const text = execFileSync('tshark', ['-n', '-r', join(folder, 'a.pcapng'), '-V'], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		expect(text).toContain('Unknown (0x9a) (8 bytes)');
	});
});
