/**
 * ICMPv4 messages (RFC 792): echo, and the errors that quote a packet. The quoted packet is meaning too; ipv4.ts
 * hands its own writer and reader in, because the two formats contain each other.
 */
import { checksum } from './checksum.ts';
import { type Decoded, fail } from './error.ts';
import { ICMP_FRAG_NEEDED, ICMP_UNREACHABLE, isIcmpError } from './icmp-types.ts';
import { ICMP_HEADER as HEADER } from './length.ts';
import { EMPTY, get16 } from './octets.ts';
import { put16 } from './octets-write.ts';
import type { Icmp, Ipv4 } from './packet.ts';

/** Writes the message into `out[at, end)`, `end` being as `ipLength` says. */
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
