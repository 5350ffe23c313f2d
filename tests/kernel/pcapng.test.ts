/** Capture files as tshark reads them: nothing malformed, no wrong checksum, the metadata where it belongs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kindBasic } from '../../src/sim/scenarios/kind-basic.ts';
import {
	EMPTY,
	ETH_P_ARP,
	ETH_P_IP,
	encodeFrame,
	encodePcapng,
	type Frame,
	fragment,
	type Ipv4,
	ipLength,
	type PcapngPacket,
	parseIp,
	TCP_ACK,
	TCP_FIN,
	TCP_PSH,
	TCP_SYN,
	type Tcp,
	type Transport,
	utf8,
} from '../../src/sim/wire/index.ts';
import { apply, createWorld, type Probe, type Settings } from '../../src/sim/world/index.ts';
import { plain } from '../unit/sim/wire/arbitrary.ts';

const CHECK = ['ip', 'tcp', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'packetwalk-pcapng-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Rows of the fields asked for, one per frame, as tshark prints them. */
const tshark = (file: Uint8Array, fields: readonly string[], filter?: string): string[][] => {
	const path = join(folder, 'capture.pcapng');
	writeFileSync(path, file);
	const out = execFileSync(
		'tshark',
		[
			'-n',
			'-r',
			path,
			...CHECK,
			...(filter ? ['-Y', filter] : []),
			'-T',
			'fields',
			'-E',
			'separator=|',
			...fields.flatMap((f) => ['-e', f]),
		],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 },
	);
	return out
		.split('\n')
		.filter(Boolean)
		.map((line) => line.split('|'));
};

const client = parseIp('172.18.0.1')!;
const node = parseIp('172.18.0.2')!;
const macs = { [client]: 0x0242ac120001, [node]: 0x0242ac120002 };

const packet = (src: number, dst: number, payload: Transport, more: Partial<Ipv4> = {}): Ipv4 => ({
	kind: 'ipv4',
	src,
	dst,
	ttl: 64,
	protocol: { tcp: 6, udp: 17, icmp: 1, raw: 253 }[payload.kind],
	id: 1,
	tos: 0,
	df: true,
	mf: false,
	offset: 0,
	options: EMPTY,
	payload,
	...more,
});
const framed = (payload: Ipv4): Frame => ({
	src: macs[payload.src]!,
	dst: macs[payload.dst]!,
	type: ETH_P_IP,
	payload,
});
const packets = (frames: readonly Frame[]): PcapngPacket[] =>
	frames.map((f, i) => ({ interface: 0, time: 1000 * i, frame: encodeFrame(f), direction: i % 2 ? 'rx' : 'tx' }));

describe('a connection, an error and an ARP exchange', () => {
	const tcp = (up: boolean, seq: number, ack: number, flags: number, more: Partial<Tcp> = {}) =>
		framed(
			packet(up ? client : node, up ? node : client, {
				kind: 'tcp',
				sport: up ? 40000 : 32017,
				dport: up ? 32017 : 40000,
				seq,
				ack,
				flags,
				window: 64240,
				timestamps: { val: 1, ecr: 1 },
				data: EMPTY,
				...more,
			}),
		);
	const syn = { mss: 1460, sackOk: true, wscale: 7 };
	const dns = packet(client, node, { kind: 'udp', sport: 40001, dport: 9, data: new Uint8Array(1400).fill(97) });
	const frames: Frame[] = [
		{
			src: macs[client]!,
			dst: 0xffffffffffff,
			type: ETH_P_ARP,
			payload: { kind: 'arp', op: 1, senderMac: macs[client]!, senderIp: client, targetMac: 0, targetIp: node },
		},
		{
			src: macs[node]!,
			dst: macs[client]!,
			type: ETH_P_ARP,
			payload: {
				kind: 'arp',
				op: 2,
				senderMac: macs[node]!,
				senderIp: node,
				targetMac: macs[client]!,
				targetIp: client,
			},
		},
		tcp(true, 100, 0, TCP_SYN, syn),
		tcp(false, 900, 101, TCP_SYN | TCP_ACK, syn),
		tcp(true, 101, 901, TCP_ACK),
		tcp(true, 101, 901, TCP_PSH | TCP_ACK, { data: utf8('GET / HTTP/1.0\r\n\r\n') }),
		tcp(false, 901, 119, TCP_FIN | TCP_ACK),
		tcp(true, 119, 902, TCP_FIN | TCP_ACK),
		tcp(false, 902, 120, TCP_ACK),
		framed(dns),
		framed(
			packet(node, client, { kind: 'icmp', type: 3, code: 3, data: EMPTY, quoted: dns }, { tos: 0xc0, df: false }),
		),
		framed(
			packet(
				node,
				client,
				{ kind: 'icmp', type: 3, code: 4, mtu: 1450, data: EMPTY, quoted: dns },
				{ tos: 0xc0, df: false },
			),
		),
		framed(packet(client, node, { kind: 'icmp', type: 8, code: 0, id: 7, seq: 1, data: utf8('abcdefgh') })),
		framed(packet(node, client, { kind: 'icmp', type: 0, code: 0, id: 7, seq: 1, data: utf8('abcdefgh') })),
	];
	const file = () =>
		encodePcapng(
			[{ name: 'node/basic-worker:eth0', description: 'réseau kind' }],
			packets(frames),
			'scenario kind-basic',
		);

	test('have no expert item above a note, and no checksum but good ones', () => {
		const rows = tshark(
			file(),
			['frame.number', '_ws.expert.message', '_ws.expert.severity'],
			'_ws.expert.severity >= 0x00600000 || _ws.malformed',
		);
		expect(rows).toEqual([]);
		const sums = tshark(file(), [
			'ip.checksum.status',
			'tcp.checksum.status',
			'udp.checksum.status',
			'icmp.checksum.status',
		]);
		expect(sums.length).toBe(frames.length);
		// 1 is good; a datagram cut short inside an ICMP error is 2, unverified.
		expect(new Set(sums.flat().flatMap((s) => s.split(',')))).toEqual(new Set(['', '1', '2']));
	});

	test('keep interface, time and direction', () => {
		const rows = tshark(file(), [
			'frame.interface_name',
			'frame.interface_description',
			'frame.time_epoch',
			'frame.packet_flags_direction',
		]);
		expect(rows[0]!.slice(0, 2)).toEqual(['node/basic-worker:eth0', 'réseau kind']);
		expect(Number(rows[3]![2])).toBeCloseTo(0.003, 9);
		expect(Number(rows[2]![3])).toBe(2);
		expect(Number(rows[3]![3])).toBe(1);
	});

	test('are told apart by tshark as what they are', () => {
		const inside = tshark(file(), ['frame.protocols']).map(([p]) => p!.split(':').slice(2, 4).join(':'));
		expect(inside).toEqual(['arp', 'arp', ...Array(7).fill('ip:tcp'), 'ip:udp', ...Array(4).fill('ip:icmp')]);
		expect(tshark(file(), ['ip.len', 'icmp.mtu'], 'icmp.code == 4')[0]).toEqual([`576,${ipLength(dns)}`, '1450']);
	});
});

/** Ports and ICMP types whose payload tshark would look into further are none of this file's business. */
const tame = (payload: Transport): Transport => {
	if (payload.kind === 'tcp' || payload.kind === 'udp') return { ...payload, sport: 40000, dport: 40001 };
	return payload.kind === 'icmp' ? { ...payload, type: 8, code: 0 } : payload;
};

test('500 random packets and their fragments are read with every checksum good', () => {
	const random = fc.sample(plain, { numRuns: 500, seed: 2024 }).map((p) => ({
		...p,
		options: EMPTY,
		protocol: p.payload.kind === 'raw' ? 253 : p.protocol,
		payload: tame(p.payload),
	}));
	const big = random
		.slice(0, 100)
		.map((p) => ({ ...p, payload: { ...p.payload, data: new Uint8Array(1000).fill(97) } }));
	const frames = [...random, ...big.flatMap((p) => fragment(p, 576))].map((payload) => ({
		src: 2,
		dst: 4,
		type: ETH_P_IP,
		payload,
	}));
	const file = encodePcapng([{ name: 'eth0' }], packets(frames));
	const rows = tshark(file, ['frame.number', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status']);
	expect(rows.length).toBe(frames.length);
	expect(new Set(rows.map((r) => r[1]))).toEqual(new Set(['1']));
	expect(rows.filter((r) => r[2] === '0' || r[3] === '0')).toEqual([]);
	expect(
		tshark(
			file,
			['frame.number', '_ws.expert.message'],
			'_ws.malformed || ip.checksum_bad.expert || tcp.checksum_bad.expert || udp.checksum.bad',
		),
	).toEqual([]);
});

describe('the capture of a whole simulated connection', () => {
	const ways: readonly [string, Partial<Settings>, Probe][] = [
		[
			'answered through a NodePort',
			{},
			{ from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32017 }, protocol: 'tcp' },
		],
		['refused', {}, { from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32018 }, protocol: 'tcp' }],
		[
			'dropped by policy Local',
			{ externalTrafficPolicy: 'Local' },
			{ from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32017 }, protocol: 'tcp' },
		],
		[
			'of a datagram to nobody',
			{ replicas: 0, protocol: 'UDP' },
			{ from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32017 }, protocol: 'udp' },
		],
		...(['udp', 'tcp'] as const).map((protocol): [string, Partial<Settings>, Probe] => [
			`of a question to CoreDNS over ${protocol}`,
			{},
			{ from: 'node/basic-worker', to: { ip: parseIp('10.96.0.10')!, port: 53 }, protocol },
		]),
		[
			'of a question to a server of names that is not there',
			{},
			{ from: 'node/basic-worker', to: { ip: parseIp('172.18.0.9')!, port: 53 }, protocol: 'udp' },
		],
		[
			'of plain HTTP to the API server',
			{},
			{ from: 'node/basic-worker', to: { ip: parseIp('10.96.0.1')!, port: 443 }, protocol: 'tcp' },
		],
	];

	/** What tshark remarks on, and why it is right to. */
	const EXPLAINED: readonly [RegExp, string][] = [
		[/^Connection (establish|finish)|^This frame (initiates|undergoes) the connection closing/, 'it begins and ends'],
		[/^Connection reset/, 'nobody listens'],
		[
			/retransmission|out-of-order|previous segment|ACKed segment|Duplicate ACK/i,
			'a segment is seen at every device it passes',
		],
		[/port numbers reused/, 'a dropped SYN is sent again'],
		[/^Duplicate IP address/, 'a node answers ARP on eth0 and towards its pods, with the address of each device'],
		[/^GET |^HTTP\/1\.[01] /, 'the request and its answer'],
	];

	for (const bundle of ['bare-1.24', 'cilium-1.12'])
		test.each(ways)(`on ${bundle}, %s, has only remarks the scenario explains`, (_title, settings, probe) => {
			const made = createWorld(kindBasic, { bundle, ...settings });
			if ('error' in made) throw new Error(JSON.stringify(made.error));
			const names: string[] = [];
			const captured: PcapngPacket[] = [];
			const done = apply(
				made.world,
				{ kind: 'connect', probe },
				{
					capture: ({ ns, dev, direction, time, frame }) => {
						const name = `${ns}:${dev}`;
						if (!names.includes(name)) names.push(name);
						captured.push({ interface: names.indexOf(name), time, direction, frame: encodeFrame(frame) });
					},
				},
			);
			if ('error' in done) throw new Error(JSON.stringify(done.error));
			expect(captured.length).toBeGreaterThan(3);
			const file = encodePcapng(
				names.map((name) => ({ name })),
				captured,
			);
			const sums = ['ip', 'tcp', 'udp', 'icmp'].map((p) => `${p}.checksum.status`);
			const rows = tshark(file, ['_ws.malformed', '_ws.expert.message', ...sums]);
			expect(rows.length).toBe(captured.length);
			expect(rows.filter(([malformed]) => malformed !== '')).toEqual([]);
			// 0 is bad.
			expect(rows.filter((row) => row.slice(2).some((status) => status.split(',').includes('0')))).toEqual([]);
			const remarks = rows.flatMap((row) => row[1]!.split(',')).filter(Boolean);
			expect(remarks.filter((text) => !EXPLAINED.some(([pattern]) => pattern.test(text)))).toEqual([]);
		});
});
