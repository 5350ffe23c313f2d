/** Whole frames as octets and back. */
import { readArp, writeArp } from './arp.ts';
import { type Decoded, fail } from './error.ts';
import { readEthernet, writeEthernet } from './ethernet.ts';
import { decodeIpv4, writeIpv4 } from './ipv4.ts';
import { ETHERNET_HEADER, frameLength } from './length.ts';
import { type Arp, ETH_P_ARP, ETH_P_IP, type Frame, type Ipv4 } from './packet.ts';

/** The frame's octets, every length and checksum right. The type written is the payload's. */
export const encodeFrame = (frame: Frame): Uint8Array => {
	const out = new Uint8Array(frameLength(frame));
	const { payload } = frame;
	writeEthernet(out, 0, { ...frame, type: payload.kind === 'arp' ? ETH_P_ARP : ETH_P_IP });
	if (payload.kind === 'arp') writeArp(out, ETHERNET_HEADER, payload);
	else writeIpv4(out, ETHERNET_HEADER, payload);
	return out;
};

/**
 * Reads a frame. Lengths and checksums must be right; padding behind the packet is ignored. Never throws.
 * `checksums: false` takes TCP's, UDP's and ICMP's as they are: a capture on the sending machine may show a frame
 * before the device has filled them in (checksum offload).
 */
export const decodeFrame = (bytes: Uint8Array, { checksums = true } = {}): Decoded<Frame> => {
	const header = readEthernet(bytes, 0);
	if (header.error) return header;
	const { type } = header.value;
	if (type !== ETH_P_IP && type !== ETH_P_ARP) return fail('ethertype', 12);
	const payload: Decoded<Ipv4 | Arp> =
		type === ETH_P_ARP ? readArp(bytes, ETHERNET_HEADER) : decodeIpv4(bytes, ETHERNET_HEADER, checksums);
	return payload.error ? payload : { value: { ...header.value, payload: payload.value } };
};
