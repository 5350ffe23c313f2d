/**
 * ICMPv4 messages (RFC 792): echo, and the errors that quote a packet. The quoted packet is meaning too; ipv4.ts
 * hands its own writer and reader in, because the two formats contain each other.
 */
import { checksum } from './checksum.ts';
import { type Decoded, fail } from './error.ts';
import { EMPTY, get16, put16 } from './octets.ts';
import type { Icmp, Ipv4 } from './packet.ts';

const HEADER = 8;
/** net/ipv4/icmp.c, icmp_send(): the whole error is at most this many octets (RFC 1812 4.3.2.3). */
const ERROR_MAX = 576;

export const ICMP_ECHO_REPLY = 0;
export const ICMP_UNREACHABLE = 3;
export const ICMP_ECHO = 8;
export const ICMP_TIME_EXCEEDED = 11;
/** Codes of ICMP_UNREACHABLE. */
export const ICMP_NET_UNREACH = 0;
export const ICMP_HOST_UNREACH = 1;
export const ICMP_PROT_UNREACH = 2;
export const ICMP_PORT_UNREACH = 3;
export const ICMP_FRAG_NEEDED = 4;
export const ICMP_PKT_FILTERED = 13;

/** The errors this simulator speaks: destination unreachable and time exceeded. */
export const isIcmpError = (icmp: { readonly type: number }): boolean =>
	icmp.type === ICMP_UNREACHABLE || icmp.type === ICMP_TIME_EXCEEDED;

/** Octets of the quoted packet that fit behind an IP header of `ipHeader` octets. */
const room = (ipHeader: number): number => ERROR_MAX - ipHeader - HEADER;

/** Octets of header and payload. `ipHeader` is the length of the header in front; `quotedLength` of the packet quoted. */
export const icmpLength = (icmp: Icmp, ipHeader: number, quotedLength: (packet: Ipv4) => number): number =>
	HEADER + (icmp.quoted ? Math.min(quotedLength(icmp.quoted), room(ipHeader)) : icmp.data.length);

/** Writes the message into `out[at, end)`, `end` being as `icmpLength` says. */
export const writeIcmp = (
	out: Uint8Array,
	at: number,
	end: number,
	icmp: Icmp,
	encodeQuoted: (packet: Ipv4) => Uint8Array,
): void => {
	out[at] = icmp.type;
	out[at + 1] = icmp.code;
	put16(out, at + 2, 0);
	put16(out, at + 4, icmp.id ?? 0);
	put16(out, at + 6, icmp.mtu ?? icmp.seq ?? 0);
	out.set(icmp.quoted ? encodeQuoted(icmp.quoted).subarray(0, end - at - HEADER) : icmp.data, at + HEADER);
	put16(out, at + 2, checksum(out, at, end));
};

/**
 * Reads the message in `bytes[at, end)`. An error whose quote is no IPv4 packet keeps its octets in `data`.
 * Messages other than echo and errors keep the second half of their header as `id` and `seq`.
 */
export const readIcmp = (
	bytes: Uint8Array,
	at: number,
	end: number,
	verify: boolean,
	readQuoted: (at: number, end: number) => Decoded<Ipv4>,
): Decoded<Icmp> => {
	if (end < at + HEADER) return fail('truncated', at);
	if (verify && checksum(bytes, at, end) !== 0) return fail('checksum', at + 2);
	const icmp: Icmp = { kind: 'icmp', type: bytes[at]!, code: bytes[at + 1]!, data: EMPTY };
	if (!isIcmpError(icmp)) {
		icmp.id = get16(bytes, at + 4);
		icmp.seq = get16(bytes, at + 6);
		icmp.data = bytes.slice(at + HEADER, end);
		return { value: icmp };
	}
	if (icmp.type === ICMP_UNREACHABLE && icmp.code === ICMP_FRAG_NEEDED) icmp.mtu = get16(bytes, at + 6);
	const quoted = readQuoted(at + HEADER, end).value;
	if (quoted) icmp.quoted = quoted;
	else icmp.data = bytes.slice(at + HEADER, end);
	return { value: icmp };
};
