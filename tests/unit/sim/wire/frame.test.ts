import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	checksum,
	cloneFrame,
	decodeFrame,
	decodeIpv4,
	ETH_P_ARP,
	ETH_P_IP,
	encodeFrame,
	encodeIpv4,
	type Frame,
	frameLength,
	type Ipv4,
	ipHeaderLength,
	ipLength,
	parseIp,
	parseMac,
	TCP_SYN,
	utf8,
} from '../../../../src/sim/wire/index.ts';
import { frame, ipv4, plain } from './arbitrary.ts';

const bytes = (text: string) => Uint8Array.from(text.trim().split(/\s+/), (h) => Number.parseInt(h, 16));
const ip = (text: string) => parseIp(text)!;
const base = {
	kind: 'ipv4' as const,
	id: 0,
	tos: 0,
	df: true,
	mf: false,
	offset: 0,
	ttl: 64,
	options: new Uint8Array(),
};

/** Adds up a TCP or UDP segment with its pseudo header the slow way: 0xffff when the checksum is right. */
const verify = (packet: Uint8Array): number => {
	const header = (packet[0]! & 15) * 4;
	const length = packet.length - header;
	const whole = [...packet.subarray(12, 20), 0, packet[9]!, length >> 8, length & 255, ...packet.subarray(header)];
	if (whole.length % 2) whole.push(0);
	let sum = 0;
	for (let i = 0; i < whole.length; i += 2) {
		sum += whole[i]! * 256 + whole[i + 1]!;
		if (sum > 0xffff) sum -= 0xffff;
	}
	return sum;
};

describe('frames', () => {
	test('come back from their octets as they were', () => {
		fc.assert(
			fc.property(frame, (f) => {
				const decoded = decodeFrame(encodeFrame(f));
				expect(decoded.error).toBeUndefined();
				expect(decoded.value).toEqual(f);
			}),
			{ numRuns: 2000 },
		);
	});

	test('are as long as they say without being written', () => {
		fc.assert(fc.property(frame, (f) => encodeFrame(f).length === frameLength(f)));
	});

	test('carry only right checksums', () => {
		fc.assert(
			fc.property(ipv4, (packet) => {
				const octets = encodeIpv4(packet);
				const header = ipHeaderLength(packet);
				expect(checksum(octets, 0, header)).toBe(0);
				const { payload } = packet;
				if (payload.kind === 'icmp') expect(checksum(octets, header)).toBe(0);
				if (payload.kind === 'tcp' || (payload.kind === 'udp' && !payload.noChecksum))
					expect(verify(octets)).toBe(0xffff);
				if (payload.kind === 'udp')
					expect(octets[header + 6]! + octets[header + 7]! === 0).toBe(payload.noChecksum === true);
			}),
			{ numRuns: 1000 },
		);
	});

	test('are read through Ethernet padding', () => {
		fc.assert(
			fc.property(frame, fc.uint8Array({ maxLength: 46 }), (f, padding) => {
				const octets = encodeFrame(f);
				const padded = new Uint8Array(octets.length + padding.length);
				padded.set(octets);
				padded.set(padding, octets.length);
				expect(decodeFrame(padded).value).toEqual(f);
			}),
		);
	});

	test('that are not one give an error inside the octets, and never throw', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
				const { error } = decodeFrame(noise);
				if (error) expect(error.offset).toBeLessThanOrEqual(noise.length);
			}),
			{ numRuns: 2000 },
		);
	});

	test('that lost octets or bits are refused or differ', () => {
		fc.assert(
			fc.property(frame, fc.nat(), fc.nat({ max: 7 }), (f, at, bit) => {
				const octets = encodeFrame(f);
				expect(decodeFrame(octets.subarray(0, at % octets.length)).error).toBeDefined();
				octets[at % octets.length]! ^= 1 << bit;
				const decoded = decodeFrame(octets);
				if (decoded.value && f.payload.kind === 'ipv4' && f.payload.payload.kind === 'tcp')
					expect(at % octets.length).toBeLessThan(14);
			}),
			{ numRuns: 1000 },
		);
	});

	test('can be copied and rewritten without changing the original', () => {
		fc.assert(
			fc.property(frame, (f) => {
				const before = encodeFrame(f);
				const copy = cloneFrame(f);
				expect(copy).toEqual(f);
				copy.dst = 1;
				if (copy.payload.kind === 'arp') copy.payload.targetIp = 1;
				else {
					copy.payload.src ^= 1;
					const inside = copy.payload.payload;
					if (inside.kind === 'tcp') {
						inside.sport ^= 1;
						if (inside.timestamps) inside.timestamps.val ^= 1;
					}
					if (inside.kind === 'icmp' && inside.quoted) inside.quoted.ttl ^= 1;
				}
				expect(encodeFrame(f)).toEqual(before);
			}),
		);
	});
});

describe('known octets', () => {
	test('ARP who-has 172.18.0.1 tell 172.18.0.2', () => {
		const f: Frame = {
			dst: parseMac('ff:ff:ff:ff:ff:ff')!,
			src: parseMac('02:42:ac:12:00:02')!,
			type: ETH_P_ARP,
			payload: {
				kind: 'arp',
				op: 1,
				senderMac: parseMac('02:42:ac:12:00:02')!,
				senderIp: ip('172.18.0.2'),
				targetMac: 0,
				targetIp: ip('172.18.0.1'),
			},
		};
		const octets = bytes(`ff ff ff ff ff ff 02 42 ac 12 00 02 08 06 00 01 08 00 06 04 00 01
			02 42 ac 12 00 02 ac 12 00 02 00 00 00 00 00 00 ac 12 00 01`);
		expect(encodeFrame(f)).toEqual(octets);
		expect(decodeFrame(octets).value).toEqual(f);
	});

	test("IPv4 header checksum of Wikipedia's and RFC 1071's worked examples", () => {
		expect(checksum(bytes('45 00 00 73 00 00 40 00 40 11 00 00 c0 a8 00 01 c0 a8 00 c7'))).toBe(0xb861);
		expect(checksum(bytes('00 01 f2 03 f4 f5 f6 f7'))).toBe(~0xddf2 & 0xffff);
		expect(checksum(bytes('ff'))).toBe(0x00ff);
	});

	test('SYN of Linux: option order MSS, SACK permitted, timestamps, NOP, window scale', () => {
		const packet: Ipv4 = {
			...base,
			src: ip('172.18.0.1'),
			dst: ip('172.18.0.2'),
			protocol: 6,
			payload: {
				kind: 'tcp',
				sport: 40000,
				dport: 32017,
				seq: 0x11223344,
				ack: 0,
				flags: TCP_SYN,
				window: 64240,
				mss: 1460,
				sackOk: true,
				timestamps: { val: 0x01020304, ecr: 0 },
				wscale: 7,
				data: new Uint8Array(),
			},
		};
		const octets = encodeIpv4(packet);
		expect(octets.subarray(20, 24)).toEqual(bytes('9c 40 7d 11'));
		expect(octets.subarray(32, 36)).toEqual(bytes('a0 02 fa f0'));
		expect(octets.subarray(40)).toEqual(bytes('02 04 05 b4 04 02 08 0a 01 02 03 04 00 00 00 00 01 03 03 07'));
		expect(decodeIpv4(octets).value).toEqual(packet);
	});

	test('an echo request of ping, captured', () => {
		const octets = bytes('45 00 00 1d 00 01 00 00 40 01 7c dd 7f 00 00 01 7f 00 00 01 08 00 96 fc 00 01 00 02 61');
		const decoded = decodeIpv4(octets);
		expect(decoded.value).toEqual({
			...base,
			df: false,
			id: 1,
			src: ip('127.0.0.1'),
			dst: ip('127.0.0.1'),
			protocol: 1,
			payload: { kind: 'icmp', type: 8, code: 0, id: 1, seq: 2, data: utf8('a') },
		});
		expect(encodeIpv4(decoded.value!)).toEqual(octets);
	});

	test('a UDP checksum that comes out as 0 is written as 0xffff', () => {
		const packet = (last: number): Ipv4 => ({
			...base,
			src: ip('10.0.0.1'),
			dst: ip('10.0.0.2'),
			protocol: 17,
			payload: { kind: 'udp', sport: 1, dport: 2, data: Uint8Array.from([last >> 8, last & 255]) },
		});
		const sum = (p: Ipv4) => (encodeIpv4(p)[26]! << 8) | encodeIpv4(p)[27]!;
		// Adding what the checksum was leaves a sum of 0xffff, whose complement is 0.
		const zero = packet(sum(packet(0)));
		expect(sum(zero)).toBe(0xffff);
		expect(decodeIpv4(encodeIpv4(zero)).value).toEqual(zero);
	});
});

describe('ICMP errors', () => {
	const error = (quoted: Ipv4): Ipv4 => ({
		...base,
		df: false,
		tos: 0xc0,
		src: ip('172.18.0.3'),
		dst: ip('172.18.0.1'),
		protocol: 1,
		payload: { kind: 'icmp', type: 3, code: 4, mtu: 1450, data: new Uint8Array(), quoted },
	});
	const big: Ipv4 = {
		...base,
		src: ip('172.18.0.1'),
		dst: ip('10.244.1.5'),
		protocol: 17,
		payload: { kind: 'udp', sport: 1, dport: 2, data: new Uint8Array(1423).fill(0x61) },
	};

	test('are at most 576 octets, as icmp_send() makes them', () => {
		expect(ipLength(big)).toBe(1451);
		expect(ipLength(error(big))).toBe(576);
		expect(encodeIpv4(error(big)).length).toBe(576);
	});

	test('quote the length and checksum the packet had before it was cut', () => {
		const octets = encodeIpv4(error(big));
		expect(octets.subarray(28)).toEqual(encodeIpv4(big).subarray(0, 548));
		const inside = decodeIpv4(octets).value?.payload;
		expect(inside).toMatchObject({
			type: 3,
			code: 4,
			mtu: 1450,
			quoted: { src: big.src, dst: big.dst, payload: { kind: 'udp', sport: 1, dport: 2 } },
		});
	});

	test('keep a quote that is no packet as octets', () => {
		const packet = error(big);
		const odd: Ipv4 = { ...packet, payload: { kind: 'icmp', type: 11, code: 0, data: utf8('not a packet') } };
		expect(decodeIpv4(encodeIpv4(odd)).value).toEqual(odd);
	});

	test('may quote errors made up without end', () => {
		let packet: Ipv4 = big;
		for (let i = 0; i < 12; i++) packet = error(packet);
		expect(decodeIpv4(encodeIpv4(packet)).value).toBeDefined();
		fc.assert(fc.property(plain, (p) => ipLength(error(p)) === encodeIpv4(error(p)).length));
	});
});

describe('bad octets are named', () => {
	const good = encodeFrame({
		dst: 1,
		src: 2,
		type: ETH_P_IP,
		payload: {
			...base,
			src: 3,
			dst: 4,
			protocol: 6,
			payload: { kind: 'tcp', sport: 1, dport: 2, seq: 3, ack: 4, flags: 16, window: 5, mss: 1460, data: utf8('x') },
		},
	});
	const changed = (at: number, value: number, fixHeader = false) => {
		const copy = good.slice();
		copy[at] = value;
		if (fixHeader) {
			copy[24] = copy[25] = 0;
			const sum = checksum(copy, 14, 34);
			copy[24] = sum >> 8;
			copy[25] = sum & 255;
		}
		return decodeFrame(copy).error;
	};
	test.each([
		['type', changed(13, 0x07), { code: 'ethertype', offset: 12 }],
		['version', changed(14, 0x65), { code: 'version', offset: 14 }],
		['header length', changed(14, 0x44), { code: 'length', offset: 14 }],
		['header checksum', changed(22, 63), { code: 'checksum', offset: 24 }],
		['total length', changed(17, 200, true), { code: 'truncated', offset: 16 }],
		['TCP header length', changed(46, 0x40), { code: 'length', offset: 46 }],
		['TCP data', changed(58, 0x79), { code: 'checksum', offset: 50 }],
	])('%s', (_name, error, expected) => {
		expect(error).toEqual(expected);
	});

	test('unless the reader says that checksums are not there yet', () => {
		const offloaded = good.slice();
		offloaded[50] = 0;
		expect(decodeFrame(offloaded).error).toEqual({ code: 'checksum', offset: 50 });
		expect(decodeFrame(offloaded, { checksums: false }).value).toEqual(decodeFrame(good).value);
	});

	test('lengths that no field can hold are a mistake of the caller', () => {
		const huge: Ipv4 = {
			...base,
			src: 1,
			dst: 2,
			protocol: 200,
			payload: { kind: 'raw', data: new Uint8Array(65536) },
		};
		expect(() => encodeIpv4(huge)).toThrow(RangeError);
	});
});
