/** ARP for IPv4 over Ethernet (RFC 826). */
import { type Decoded, fail } from './error.ts';
import { ARP_LENGTH } from './length.ts';
import { get16, get32, get48 } from './octets.ts';
import { put16, put32, put48 } from './octets-write.ts';
import { type Arp, ETH_P_IP } from './packet.ts';

const HARDWARE_ETHERNET = 1;
/** Address lengths, as one word: 6 octets of hardware, 4 of protocol. */
const LENGTHS = 0x0604;

export const writeArp = (out: Uint8Array, at: number, arp: Arp): void => {
	put16(out, at, HARDWARE_ETHERNET);
	put16(out, at + 2, ETH_P_IP);
	put16(out, at + 4, LENGTHS);
	put16(out, at + 6, arp.op);
	put48(out, at + 8, arp.senderMac);
	put32(out, at + 14, arp.senderIp);
	put48(out, at + 18, arp.targetMac);
	put32(out, at + 24, arp.targetIp);
};

export const readArp = (bytes: Uint8Array, at: number): Decoded<Arp> => {
	if (bytes.length < at + ARP_LENGTH) return fail('truncated', at);
	if (get16(bytes, at) !== HARDWARE_ETHERNET || get16(bytes, at + 2) !== ETH_P_IP || get16(bytes, at + 4) !== LENGTHS)
		return fail('arp', at);
	const op = get16(bytes, at + 6);
	if (op !== 1 && op !== 2) return fail('arp', at + 6);
	return {
		value: {
			kind: 'arp',
			op,
			senderMac: get48(bytes, at + 8),
			senderIp: get32(bytes, at + 14),
			targetMac: get48(bytes, at + 18),
			targetIp: get32(bytes, at + 24),
		},
	};
};
