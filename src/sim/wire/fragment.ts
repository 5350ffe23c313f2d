/** Cutting a datagram into fragments and putting it together again (RFC 791 2.3, 3.2). */
import { decodeTransport, encodeTransport } from './ipv4.ts';
import { ipHeaderLength, ipLength } from './length.ts';
import { EMPTY } from './octets.ts';
import type { Ipv4 } from './packet.ts';

/** Only options with the copied flag go into fragments after the first (RFC 791 3.1, ip_options_fragment()). */
const copiedOptions = (options: Uint8Array): Uint8Array => {
	const out: number[] = [];
	let at = 0;
	while (at < options.length) {
		const option = options[at]!;
		if (option === 0) break;
		if (option === 1) {
			at++;
			continue;
		}
		const length = options[at + 1] ?? 0;
		if (length < 2 || at + length > options.length) break;
		if (option & 0x80) out.push(...options.subarray(at, at + length));
		at += length;
	}
	if (out.length === 0) return EMPTY;
	while (out.length % 4) out.push(0);
	return Uint8Array.from(out);
};

/**
 * The fragments of `packet` for a link of `mtu` octets, or the packet itself when it fits. Whether DF forbids it
 * is the caller's question. An MTU with no room for eight octets of data gives no fragments.
 */
export const fragment = (packet: Ipv4, mtu: number): Ipv4[] => {
	if (ipLength(packet) <= mtu) return [packet];
	const data = encodeTransport(packet);
	const step = Math.floor((mtu - ipHeaderLength(packet)) / 8) * 8;
	if (step < 8) return [];
	const options = copiedOptions(packet.options);
	const out: Ipv4[] = [];
	for (let from = 0; from < data.length; from += step)
		out.push({
			...packet,
			options: from === 0 ? packet.options : options,
			mf: packet.mf || from + step < data.length,
			offset: packet.offset + from,
			payload: { kind: 'raw', data: data.slice(from, from + step) },
		});
	return out;
};

/**
 * The datagram that these fragments (same source, destination, protocol and id; any order) make up, or undefined
 * while one is missing or when the whole is not a datagram of its protocol.
 */
export const reassemble = (fragments: readonly Ipv4[]): Ipv4 | undefined => {
	const sorted = [...fragments].sort((a, b) => a.offset - b.offset);
	const first = sorted[0];
	if (first?.offset !== 0 || sorted.at(-1)!.mf) return undefined;
	const data: number[] = [];
	for (const piece of sorted) {
		if (piece.payload.kind !== 'raw' || piece.offset > data.length) return undefined;
		// What arrived already wins over a piece that comes again.
		for (const octet of piece.payload.data.subarray(data.length - piece.offset)) data.push(octet);
	}
	const payload = decodeTransport(Uint8Array.from(data), first.protocol, first.src, first.dst).value;
	return payload && { ...first, mf: false, offset: 0, payload };
};

/** In the browser this fetches the two functions (`fragment-later.ts`). */
export const loadFragments = (): Promise<void> => Promise.resolve();
