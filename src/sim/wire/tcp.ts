/** TCP segments (RFC 9293; options of RFC 7323 and RFC 2018). */
import { addWords, finishChecksum, pseudoHeaderSum } from './checksum.ts';
import { type Decoded, fail } from './error.ts';
import { TCP_HEADER as HEADER, tcpOptionsLength } from './length.ts';
import { get16, get32 } from './octets.ts';
import { put16, put32 } from './octets-write.ts';
import { IPPROTO_TCP, type Ip, type Tcp } from './packet.ts';

const OPT_END = 0;
const OPT_NOP = 1;
const OPT_MSS = 2;
const OPT_WSCALE = 3;
const OPT_SACK_OK = 4;
const OPT_TIMESTAMPS = 8;

/** Order and padding of net/ipv4/tcp_output.c, tcp_options_write(): MSS, SACK permitted with timestamps, scale. */
const writeOptions = (out: Uint8Array, at: number, tcp: Tcp): void => {
	if (tcp.mss !== undefined) {
		put16(out, at, (OPT_MSS << 8) | 4);
		put16(out, at + 2, tcp.mss);
		at += 4;
	}
	if (tcp.timestamps || tcp.sackOk) {
		put16(out, at, tcp.sackOk && tcp.timestamps ? (OPT_SACK_OK << 8) | 2 : (OPT_NOP << 8) | OPT_NOP);
		put16(out, at + 2, tcp.timestamps ? (OPT_TIMESTAMPS << 8) | 10 : (OPT_SACK_OK << 8) | 2);
		at += 4;
	}
	if (tcp.timestamps) {
		put32(out, at, tcp.timestamps.val);
		put32(out, at + 4, tcp.timestamps.ecr);
		at += 8;
	}
	if (tcp.wscale !== undefined) {
		put16(out, at, (OPT_NOP << 8) | OPT_WSCALE);
		put16(out, at + 2, (3 << 8) | tcp.wscale);
	}
};

/** Writes the segment with its checksum; the addresses are those of the packet that carries it. */
export const writeTcp = (out: Uint8Array, at: number, tcp: Tcp, src: Ip, dst: Ip): void => {
	const header = HEADER + tcpOptionsLength(tcp);
	const length = header + tcp.data.length;
	put16(out, at, tcp.sport);
	put16(out, at + 2, tcp.dport);
	put32(out, at + 4, tcp.seq);
	put32(out, at + 8, tcp.ack);
	out[at + 12] = (header / 4) << 4;
	out[at + 13] = tcp.flags;
	put16(out, at + 14, tcp.window);
	put16(out, at + 16, 0);
	put16(out, at + 18, 0);
	writeOptions(out, at + HEADER, tcp);
	out.set(tcp.data, at + header);
	put16(out, at + 16, finishChecksum(addWords(out, at, at + length, pseudoHeaderSum(src, dst, IPPROTO_TCP, length))));
};

/** Length each known option must have, whole. */
const LENGTH_OF: Readonly<Record<number, number>> = {
	[OPT_MSS]: 4,
	[OPT_WSCALE]: 3,
	[OPT_SACK_OK]: 2,
	[OPT_TIMESTAMPS]: 10,
};

/** Reads the known options into `tcp`, skips the others; the offset of a bad one, or undefined. */
const readOptions = (bytes: Uint8Array, at: number, end: number, tcp: Tcp): number | undefined => {
	while (at < end) {
		const option = bytes[at]!;
		if (option === OPT_END) return undefined;
		if (option === OPT_NOP) {
			at++;
			continue;
		}
		const length = at + 1 < end ? bytes[at + 1]! : 0;
		if (length < 2 || at + length > end) return at;
		if (LENGTH_OF[option] !== undefined && LENGTH_OF[option] !== length) return at;
		if (option === OPT_MSS) tcp.mss = get16(bytes, at + 2);
		else if (option === OPT_WSCALE) tcp.wscale = bytes[at + 2]!;
		else if (option === OPT_SACK_OK) tcp.sackOk = true;
		else if (option === OPT_TIMESTAMPS) tcp.timestamps = { val: get32(bytes, at + 2), ecr: get32(bytes, at + 6) };
		at += length;
	}
	return undefined;
};

/**
 * Reads the segment in `bytes[at, end)`. Urgent pointer, reserved bits and unknown options are not kept.
 * `verify` is off for a segment that an ICMP error quotes, which may be cut short.
 */
export const readTcp = (
	bytes: Uint8Array,
	at: number,
	end: number,
	src: Ip,
	dst: Ip,
	verify: boolean,
): Decoded<Tcp> => {
	if (end < at + HEADER) return fail('truncated', at);
	const header = (bytes[at + 12]! >> 4) * 4;
	if (header < HEADER) return fail('length', at + 12);
	if (at + header > end) return fail('truncated', at + 12);
	if (verify && finishChecksum(addWords(bytes, at, end, pseudoHeaderSum(src, dst, IPPROTO_TCP, end - at))) !== 0)
		return fail('checksum', at + 16);
	const tcp: Tcp = {
		kind: 'tcp',
		sport: get16(bytes, at),
		dport: get16(bytes, at + 2),
		seq: get32(bytes, at + 4),
		ack: get32(bytes, at + 8),
		flags: bytes[at + 13]!,
		window: get16(bytes, at + 14),
		data: bytes.slice(at + header, end),
	};
	const bad = readOptions(bytes, at + HEADER, at + header, tcp);
	return bad === undefined ? { value: tcp } : fail('option', bad);
};
