/** Capture files as libpcap writes them (pcap-savefile(5)): microseconds, little-endian, Ethernet or Linux cooked v2. */
import { decodeFrame, type Frame } from '../../../sim/wire/index.ts';

export const SNAPLEN = 262_144;
const MAGIC = 0xa1b2c3d4;
const MAGIC_NANO = 0xa1b23c4d;
export const EN10MB = 1;
export const LINUX_SLL2 = 276;

export function pcapHeader(linkType: number, snaplen = SNAPLEN): Uint8Array {
	const out = new Uint8Array(24);
	const view = new DataView(out.buffer);
	view.setUint32(0, MAGIC, true);
	view.setUint16(4, 2, true);
	view.setUint16(6, 4, true);
	view.setUint32(16, snaplen, true);
	view.setUint32(20, linkType, true);
	return out;
}

/** `time`: microseconds since 1970. */
export function pcapRecord(time: number, octets: Uint8Array): Uint8Array {
	const out = new Uint8Array(16 + octets.length);
	const view = new DataView(out.buffer);
	view.setUint32(0, Math.floor(time / 1e6), true);
	view.setUint32(4, Math.floor(time % 1e6), true);
	view.setUint32(8, octets.length, true);
	view.setUint32(12, octets.length, true);
	out.set(octets, 16);
	return out;
}

export const PACKET_TYPES = { host: 0, broadcast: 1, multicast: 2, otherhost: 3, outgoing: 4 } as const;

/** struct sll2_header in front of what follows the Ethernet header. */
export function cooked(ethernet: Uint8Array, ifindex: number, type: keyof typeof PACKET_TYPES): Uint8Array {
	const out = new Uint8Array(20 + ethernet.length - 14);
	const view = new DataView(out.buffer);
	out.set(ethernet.subarray(12, 14), 0);
	view.setUint32(4, ifindex);
	view.setUint16(8, 1);
	out[10] = PACKET_TYPES[type];
	out[11] = 6;
	out.set(ethernet.subarray(6, 12), 12);
	out.set(ethernet.subarray(14), 20);
	return out;
}

export interface PcapPacket {
	/** Microseconds since 1970. */
	readonly time: number;
	readonly octets: Uint8Array;
	/** Undefined for what is neither IPv4 nor ARP. */
	readonly frame: Frame | undefined;
	/** Of cooked captures. */
	readonly ifindex?: number;
	readonly type?: number;
}

export interface PcapFile {
	readonly linkType: number;
	readonly snaplen: number;
	readonly packets: readonly PcapPacket[];
	/** The last record is cut. */
	readonly truncated: boolean;
}

/** Reads a file; a text says why it is none. */
export function readPcap(octets: Uint8Array): PcapFile | string {
	if (octets.length < 24)
		return octets.length < 4
			? `truncated dump file; tried to read 4 file header bytes, only got ${octets.length}`
			: 'unknown file format';
	const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
	const little = [MAGIC, MAGIC_NANO].includes(view.getUint32(0, true));
	const magic = view.getUint32(0, little);
	if (magic !== MAGIC && magic !== MAGIC_NANO) return 'unknown file format';
	const scale = magic === MAGIC_NANO ? 1000 : 1;
	const linkType = view.getUint32(20, little) & 0xffff;
	const packets: PcapPacket[] = [];
	let at = 24;
	for (; at + 16 <= octets.length; ) {
		const length = view.getUint32(at + 8, little);
		if (at + 16 + length > octets.length)
			return { linkType, snaplen: view.getUint32(16, little), packets, truncated: true };
		const time = view.getUint32(at, little) * 1e6 + Math.floor(view.getUint32(at + 4, little) / scale);
		const data = octets.subarray(at + 16, at + 16 + length);
		at += 16 + length;
		if (linkType === LINUX_SLL2) {
			const ethernet = new Uint8Array(14 + data.length - 20);
			ethernet.set(data.subarray(12, 18), 6);
			ethernet.set(data.subarray(0, 2), 12);
			ethernet.set(data.subarray(20), 14);
			packets.push({
				time,
				octets: ethernet,
				frame: decodeFrame(ethernet, { checksums: false }).value,
				ifindex: new DataView(data.buffer, data.byteOffset).getUint32(4),
				type: data[10]!,
			});
		} else packets.push({ time, octets: data, frame: decodeFrame(data, { checksums: false }).value });
	}
	return { linkType, snaplen: view.getUint32(16, little), packets, truncated: at < octets.length };
}
