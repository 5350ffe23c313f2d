/** Checksums as tcpdump -v judges them, and the first piece of a fragmented datagram. */
import { checksum, decodeIpv4, encodeIpv4, IPPROTO_UDP, type Ipv4, type Transport } from '../../../sim/wire/index.ts';
import { u16 } from './print-app.ts';

/** What a first fragment says of itself. */
export function firstPiece(ip: Ipv4, body: Uint8Array): Transport {
	const read = decodeIpv4(encodeIpv4({ ...ip, mf: false }), 0, false).value?.payload;
	if (read && read.kind !== 'raw') return read;
	if (ip.protocol !== IPPROTO_UDP) return ip.payload;
	return { kind: 'udp', sport: u16(body, 0), dport: u16(body, 2), data: body.subarray(8) };
}

/** Whether the checksum of TCP or UDP is right, as the tool words it for TCP. */
export function checksumRight(ip: Ipv4, octets: Uint8Array): boolean {
	const pseudo = new Uint8Array(12 + octets.length + (octets.length & 1));
	const view = new DataView(pseudo.buffer);
	view.setUint32(0, ip.src);
	view.setUint32(4, ip.dst);
	pseudo[9] = ip.protocol;
	view.setUint16(10, octets.length);
	pseudo.set(octets, 12);
	return checksum(pseudo) === 0;
}

export const checkText = (ip: Ipv4, octets: Uint8Array, _at: number): string =>
	checksumRight(ip, octets) ? '(correct)' : '(incorrect)';
