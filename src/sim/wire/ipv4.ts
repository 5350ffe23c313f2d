/** IPv4 packets (RFC 791) with what they carry. */
import { checksum } from './checksum.ts';
import { type Decoded, fail } from './error.ts';
import { readIcmp, writeIcmp } from './icmp.ts';
import { IPV4_HEADER, ipHeaderLength, ipLength } from './length.ts';
import { get16, get32 } from './octets.ts';
import { put16, put32 } from './octets-write.ts';
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip, type Ipv4, type Transport } from './packet.ts';
import { readTcp, writeTcp } from './tcp.ts';
import { readUdp, writeUdp } from './udp.ts';

const DF = 0x4000;
const MF = 0x2000;
const OFFSET_MASK = 0x1fff;
/** Errors that quote errors that quote errors exist only in made-up input; deeper than this they stay octets. */
const MAX_QUOTE_DEPTH = 3;

/** Writes the packet at `out[at]`. Throws a RangeError for one that no total length field can tell. */
export const writeIpv4 = (out: Uint8Array, at: number, packet: Ipv4): void => {
	const header = ipHeaderLength(packet);
	const total = ipLength(packet);
	if (total > 0xffff || header > 60 || header % 4 !== 0)
		throw new RangeError(`no IPv4 packet has a header of ${header} and a length of ${total}`);
	out[at] = 0x40 | (header / 4);
	out[at + 1] = packet.tos;
	put16(out, at + 2, total);
	put16(out, at + 4, packet.id);
	put16(out, at + 6, (packet.df ? DF : 0) | (packet.mf ? MF : 0) | (packet.offset / 8));
	out[at + 8] = packet.ttl;
	out[at + 9] = packet.protocol;
	put16(out, at + 10, 0);
	put32(out, at + 12, packet.src);
	put32(out, at + 16, packet.dst);
	out.set(packet.options, at + IPV4_HEADER);
	put16(out, at + 10, checksum(out, at, at + header));
	const { payload } = packet;
	if (payload.kind === 'tcp') writeTcp(out, at + header, payload, packet.src, packet.dst);
	else if (payload.kind === 'udp') writeUdp(out, at + header, payload, packet.src, packet.dst);
	else if (payload.kind === 'icmp') writeIcmp(out, at + header, at + total, payload, encodeIpv4);
	else out.set(payload.data, at + header);
};

/** The packet's octets, every length and checksum right. */
export const encodeIpv4 = (packet: Ipv4): Uint8Array => {
	const out = new Uint8Array(ipLength(packet));
	writeIpv4(out, 0, packet);
	return out;
};

/** Octets of the payload alone, as they stand behind this packet's header: what fragments are cut from. */
export const encodeTransport = (packet: Ipv4): Uint8Array => encodeIpv4(packet).subarray(ipHeaderLength(packet));

const readTransport = (
	bytes: Uint8Array,
	at: number,
	end: number,
	protocol: number,
	src: Ip,
	dst: Ip,
	verify: boolean,
	depth: number,
): Decoded<Transport> => {
	if (protocol === IPPROTO_TCP) return readTcp(bytes, at, end, src, dst, verify);
	if (protocol === IPPROTO_UDP) return readUdp(bytes, at, end, src, dst, verify);
	if (protocol === IPPROTO_ICMP)
		return readIcmp(bytes, at, end, verify, (from, to) =>
			depth < MAX_QUOTE_DEPTH ? readPacket(bytes, from, to, true, true, depth + 1) : fail('length', from),
		);
	return { value: { kind: 'raw', data: bytes.slice(at, end) } };
};

/** Payload octets of a whole datagram as meaning: what reassembly ends with. */
export const decodeTransport = (bytes: Uint8Array, protocol: number, src: Ip, dst: Ip): Decoded<Transport> =>
	readTransport(bytes, 0, bytes.length, protocol, src, dst, true, 0);

/**
 * `quoted` packets may be cut short and are taken as they are: no checksum but the header's is looked at, and
 * what is missing of the data stays missing. A transport header that is cut is kept as octets.
 */
const readPacket = (
	bytes: Uint8Array,
	at: number,
	end: number,
	trusting: boolean,
	quoted: boolean,
	depth: number,
): Decoded<Ipv4> => {
	if (end < at + IPV4_HEADER) return fail('truncated', at);
	if (bytes[at]! >> 4 !== 4) return fail('version', at);
	const header = (bytes[at]! & 15) * 4;
	const total = get16(bytes, at + 2);
	if (header < IPV4_HEADER) return fail('length', at);
	if (total < header) return fail('length', at + 2);
	if (at + header > end || (!quoted && at + total > end)) return fail('truncated', at + 2);
	if (checksum(bytes, at, at + header) !== 0) return fail('checksum', at + 10);
	const stop = Math.min(at + total, end);
	const word = get16(bytes, at + 6);
	const protocol = bytes[at + 9]!;
	const src = get32(bytes, at + 12);
	const dst = get32(bytes, at + 16);
	const mf = (word & MF) !== 0;
	const offset = (word & OFFSET_MASK) * 8;
	const raw: Decoded<Transport> = { value: { kind: 'raw', data: bytes.slice(at + header, stop) } };
	let payload = mf || offset > 0 ? raw : readTransport(bytes, at + header, stop, protocol, src, dst, !trusting, depth);
	if (payload.error) {
		if (!quoted) return payload;
		payload = raw;
	}
	return {
		value: {
			kind: 'ipv4',
			src,
			dst,
			ttl: bytes[at + 8]!,
			protocol,
			id: get16(bytes, at + 4),
			tos: bytes[at + 1]!,
			df: (word & DF) !== 0,
			mf,
			offset,
			options: bytes.slice(at + IPV4_HEADER, at + header),
			payload: payload.value,
		},
	};
};

/**
 * Reads the packet that starts at `at`; octets behind its total length (Ethernet padding) are not looked at.
 * `verify` says whether the payload's checksum must be right; the header's must always be.
 */
export const decodeIpv4 = (bytes: Uint8Array, at = 0, verify = true): Decoded<Ipv4> =>
	readPacket(bytes, at, bytes.length, !verify, false, 0);
