/** Random packets as meaning, well formed: what `encodeFrame` must be able to write. */
import fc from 'fast-check';
import {
	type Arp,
	EMPTY,
	ETH_P_ARP,
	ETH_P_IP,
	type Frame,
	GENEVE_PORT,
	type GeneveOption,
	type Icmp,
	IPPROTO_ICMP,
	IPPROTO_TCP,
	IPPROTO_UDP,
	type Ipv4,
	isIcmpError,
	type Tcp,
	type Transport,
	type Udp,
	VXLAN_PORT,
} from '../../../../src/sim/wire/index.ts';

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffffffff });
export const u48 = fc.integer({ min: 0, max: 0xffffffffffff });
export const octets = (maxLength: number) => fc.uint8Array({ maxLength });

/** Drops keys whose value is undefined, so that results compare with toEqual and toStrictEqual alike. */
const present = <T extends object>(value: T): T => {
	for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key];
	return value;
};

export const tcp: fc.Arbitrary<Tcp> = fc
	.record({
		kind: fc.constant('tcp' as const),
		sport: u16,
		dport: u16,
		seq: u32,
		ack: u32,
		flags: u8,
		window: u16,
		mss: fc.option(u16, { nil: undefined }),
		wscale: fc.option(fc.integer({ min: 0, max: 14 }), { nil: undefined }),
		sackOk: fc.constantFrom(true, undefined),
		timestamps: fc.option(fc.record({ val: u32, ecr: u32 }), { nil: undefined }),
		data: octets(60),
	})
	.map(present);

export const udp: fc.Arbitrary<Udp> = fc
	.record({
		kind: fc.constant('udp' as const),
		sport: u16,
		dport: u16,
		noChecksum: fc.constantFrom(undefined, undefined, true),
		data: octets(60),
	})
	.map(present);

const header = {
	src: u32,
	dst: u32,
	ttl: u8,
	id: u16,
	tos: u8,
	df: fc.boolean(),
};

const options = fc.uint8Array({ maxLength: 10 }).map((b) => {
	const padded = new Uint8Array(Math.ceil(b.length / 4) * 4);
	padded.set(b);
	return padded;
});

const PROTOCOL = { tcp: IPPROTO_TCP, udp: IPPROTO_UDP, icmp: IPPROTO_ICMP };

const around = (payload: fc.Arbitrary<Transport>): fc.Arbitrary<Ipv4> =>
	fc
		.tuple(fc.record(header), options, payload, fc.integer({ min: 100, max: 255 }))
		.map(([fields, opts, inside, other]) => ({
			kind: 'ipv4' as const,
			...fields,
			protocol: inside.kind === 'raw' ? other : PROTOCOL[inside.kind],
			mf: false,
			offset: 0,
			options: opts,
			payload: inside,
		}));

const echo: fc.Arbitrary<Icmp> = fc.record({
	kind: fc.constant('icmp' as const),
	type: u8.filter((type) => !isIcmpError({ type })),
	code: u8,
	id: u16,
	seq: u16,
	data: octets(60),
});

const raw = fc.record({ kind: fc.constant('raw' as const), data: octets(60) });

/** Packets that are no ICMP error. */
export const plain: fc.Arbitrary<Ipv4> = fc.oneof(around(tcp), around(udp), around(echo), around(raw));

const icmpError: fc.Arbitrary<Icmp> = fc
	.record({
		kind: fc.constant('icmp' as const),
		type: fc.constantFrom(3, 11),
		code: fc.integer({ min: 0, max: 15 }),
		mtu: u16,
		data: fc.constant(EMPTY),
		quoted: plain,
	})
	.map(({ mtu, ...rest }) => (rest.type === 3 && rest.code === 4 ? { ...rest, mtu } : rest));

/** A fragment: its payload is octets whatever the protocol. */
const piece: fc.Arbitrary<Ipv4> = fc
	.tuple(
		around(raw),
		fc.constantFrom(IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP),
		fc.boolean(),
		fc.integer({ min: 1, max: 100 }),
	)
	.map(([packet, protocol, mf, n]) => ({ ...packet, protocol, mf, offset: 8 * n }));

export const ipv4: fc.Arbitrary<Ipv4> = fc.oneof({ arbitrary: plain, weight: 4 }, around(icmpError), piece);

export const arp: fc.Arbitrary<Arp> = fc.record({
	kind: fc.constant('arp' as const),
	op: fc.constantFrom(1 as const, 2 as const),
	senderMac: u48,
	senderIp: u32,
	targetMac: u48,
	targetIp: u32,
});

export const frame: fc.Arbitrary<Frame> = fc
	.tuple(u48, u48, fc.oneof({ arbitrary: ipv4, weight: 5 }, arp))
	.map(([dst, src, payload]) => ({ dst, src, type: payload.kind === 'arp' ? ETH_P_ARP : ETH_P_IP, payload }));

const geneveOption: fc.Arbitrary<GeneveOption> = fc.record({
	class: u16,
	type: u8,
	data: fc.integer({ min: 0, max: 4 }).chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
});

/** A VXLAN or Geneve datagram with a frame in it. */
export const tunnelled: fc.Arbitrary<Udp> = fc
	.tuple(
		u16,
		fc.constantFrom(undefined, true as const),
		fc.integer({ min: 0, max: 0xffffff }),
		frame,
		fc.option(fc.array(geneveOption, { maxLength: 3 }), { nil: undefined }),
	)
	.map(([sport, noChecksum, vni, inner, options]) =>
		present({
			kind: 'udp' as const,
			sport,
			dport: options ? GENEVE_PORT : VXLAN_PORT,
			noChecksum,
			tunnel: options ? { kind: 'geneve' as const, vni, options, inner } : { kind: 'vxlan' as const, vni, inner },
			data: EMPTY,
		}),
	);
