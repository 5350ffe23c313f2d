/** Ethernet II header: destination, source, type. No frame check sequence, as captures show it. */
import { type Decoded, fail } from './error.ts';
import { ETHERNET_HEADER } from './length.ts';
import { get16, get48 } from './octets.ts';
import { put16, put48 } from './octets-write.ts';
import type { Mac } from './packet.ts';

export interface EthernetHeader {
	readonly dst: Mac;
	readonly src: Mac;
	readonly type: number;
}

export const writeEthernet = (out: Uint8Array, at: number, header: EthernetHeader): void => {
	put48(out, at, header.dst);
	put48(out, at + 6, header.src);
	put16(out, at + 12, header.type);
};

export const readEthernet = (bytes: Uint8Array, at: number): Decoded<EthernetHeader> =>
	bytes.length < at + ETHERNET_HEADER
		? fail('truncated', at)
		: { value: { dst: get48(bytes, at), src: get48(bytes, at + 6), type: get16(bytes, at + 12) } };
