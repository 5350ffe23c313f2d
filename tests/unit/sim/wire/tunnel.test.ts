import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	cloneIpv4,
	decodeIpv4,
	dsrGeneveOption,
	dsrIpOption,
	EMPTY,
	encodeIpv4,
	fragment,
	type Ipv4,
	ipLength,
	parseIp,
	readDsrGeneveOption,
	readDsrIpOption,
	reassemble,
	TCP_SYN,
	type Transport,
} from '../../../../src/sim/wire/index.ts';
import { tunnelled, u16, u32 } from './arbitrary.ts';

const ip = (text: string) => parseIp(text)!;
const hex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
const around = (payload: Transport, more: Partial<Ipv4> = {}): Ipv4 => ({
	kind: 'ipv4',
	src: ip('172.18.0.2'),
	dst: ip('172.18.0.3'),
	ttl: 64,
	protocol: 17,
	id: 7,
	tos: 0,
	df: false,
	mf: false,
	offset: 0,
	options: EMPTY,
	payload,
	...more,
});
const syn: Transport = {
	kind: 'tcp',
	sport: 111,
	dport: 8080,
	seq: 0,
	ack: 0,
	flags: TCP_SYN,
	window: 8192,
	data: new Uint8Array(20),
};
const inner = { dst: 0x0202, src: 0x0101, type: 0x0800, payload: around(syn, { protocol: 6 }) };

describe('tunnels', () => {
	test('come back from their octets as they were, frame and options included', () => {
		fc.assert(
			fc.property(tunnelled, (udp) => {
				const packet = around(udp);
				expect(encodeIpv4(packet)).toHaveLength(ipLength(packet));
				expect(decodeIpv4(encodeIpv4(packet))).toEqual({ value: packet });
			}),
		);
	});

	test('take 50 octets with the Ethernet, IP and UDP headers of the outside', () => {
		const packet = around({
			kind: 'udp',
			sport: 1,
			dport: 8472,
			noChecksum: true,
			tunnel: { kind: 'vxlan', vni: 0xa755, inner },
			data: EMPTY,
		});
		expect(ipLength(packet) - ipLength(inner.payload)).toBe(50);
		expect(hex(encodeIpv4(packet).subarray(20, 36))).toBe('00 01 21 18 00 5a 00 00 08 00 00 00 00 a7 55 00');
	});

	test('survive being cut and put together again', () => {
		const packet = around({
			kind: 'udp',
			sport: 1,
			dport: 6081,
			tunnel: { kind: 'geneve', vni: 2, options: [dsrGeneveOption({ ip: ip('172.16.10.2'), port: 80 })], inner },
			data: EMPTY,
		});
		expect(reassemble(fragment(packet, 68))).toEqual(packet);
	});

	test('are copied whole: rewriting a copy leaves the original', () => {
		const packet = around({
			kind: 'udp',
			sport: 1,
			dport: 8472,
			tunnel: { kind: 'vxlan', vni: 1, inner },
			data: EMPTY,
		});
		const copy = cloneIpv4(packet);
		if (copy.payload.kind === 'udp' && copy.payload.tunnel?.inner.payload.kind === 'ipv4')
			copy.payload.tunnel.inner.payload.ttl = 1;
		expect(inner.payload.ttl).toBe(64);
	});

	test('whose octets make no sense stay octets', () => {
		const data = Uint8Array.from([8, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3]);
		const packet = around({ kind: 'udp', sport: 1, dport: 8472, data });
		expect(decodeIpv4(encodeIpv4(packet)).value).toEqual(packet);
	});
});

describe('direct server return', () => {
	const frontend = { ip: ip('172.16.10.2'), port: 80 };

	test('writes port and address byte-swapped into the IP option, in network order into the Geneve option', () => {
		expect(hex(dsrIpOption(frontend))).toBe('9a 08 50 00 02 0a 10 ac');
		const { class: optClass, type, data } = dsrGeneveOption(frontend);
		expect([optClass, type, hex(data)]).toEqual([0x014b, 0x81, 'ac 10 0a 02 00 50 00 00']);
	});

	test('a SYN with the option has the header checksum of the upstream test', () => {
		// bpf/tests/tc_nodeport_lb4_dsr_lb.c @ v1.18.0: TTL 63, 68 octets, 110.0.11.1 to 192.168.0.2.
		const packet = around(syn, {
			src: ip('110.0.11.1'),
			dst: ip('192.168.0.2'),
			ttl: 63,
			id: 0,
			protocol: 6,
			options: dsrIpOption(frontend),
		});
		const bytes = encodeIpv4(packet);
		expect([bytes.length, hex(bytes.subarray(10, 12))]).toEqual([68, '43 4a']);
	});

	test('reads back what it wrote, and nothing else', () => {
		fc.assert(
			fc.property(u32, u16, (address, port) => {
				const written = { ip: address, port };
				expect(readDsrIpOption(dsrIpOption(written))).toEqual(written);
				expect(readDsrGeneveOption([dsrGeneveOption(written)])).toEqual(written);
			}),
		);
		expect(readDsrIpOption(Uint8Array.from([0x94, 4, 0, 0]))).toBeUndefined();
		expect(readDsrGeneveOption([])).toBeUndefined();
	});
});
