/** UDP datagrams (RFC 768). */
import { addWords, finishChecksum, pseudoHeaderSum } from './checksum.ts';
import { type Decoded, fail } from './error.ts';
import { UDP_HEADER as HEADER, udpLength } from './length.ts';
import { EMPTY, get16 } from './octets.ts';
import { put16 } from './octets-write.ts';
import { IPPROTO_UDP, type Ip, type Udp } from './packet.ts';
import { readTunnel, writeTunnel } from './tunnel.ts';

/** Writes the datagram with its checksum: a computed 0 goes out as 0xffff, because 0 means none was computed. */
export const writeUdp = (out: Uint8Array, at: number, udp: Udp, src: Ip, dst: Ip): void => {
	const length = udpLength(udp);
	put16(out, at, udp.sport);
	put16(out, at + 2, udp.dport);
	put16(out, at + 4, length);
	put16(out, at + 6, 0);
	if (udp.tunnel) writeTunnel(out, at + HEADER, udp.tunnel);
	else out.set(udp.data, at + HEADER);
	if (udp.noChecksum) return;
	put16(
		out,
		at + 6,
		finishChecksum(addWords(out, at, at + length, pseudoHeaderSum(src, dst, IPPROTO_UDP, length))) || 0xffff,
	);
};

/**
 * Reads the datagram in `bytes[at, end)`; octets after its own length are not kept. `verify` is off for a
 * datagram that an ICMP error quotes, which may be cut short.
 */
export const readUdp = (
	bytes: Uint8Array,
	at: number,
	end: number,
	src: Ip,
	dst: Ip,
	verify: boolean,
): Decoded<Udp> => {
	if (end < at + HEADER) return fail('truncated', at);
	const length = get16(bytes, at + 4);
	if (length < HEADER) return fail('length', at + 4);
	if (verify && at + length > end) return fail('truncated', at + 4);
	const stop = Math.min(at + length, end);
	const sum = get16(bytes, at + 6);
	if (
		verify &&
		sum !== 0 &&
		finishChecksum(addWords(bytes, at, stop, pseudoHeaderSum(src, dst, IPPROTO_UDP, length))) !== 0
	)
		return fail('checksum', at + 6);
	const dport = get16(bytes, at + 2);
	const data = bytes.slice(at + HEADER, stop);
	const udp: Udp = { kind: 'udp', sport: get16(bytes, at), dport, data };
	const tunnel = readTunnel(dport, data, verify);
	if (tunnel) {
		udp.tunnel = tunnel;
		udp.data = EMPTY;
	}
	if (sum === 0) udp.noChecksum = true;
	return { value: udp };
};
