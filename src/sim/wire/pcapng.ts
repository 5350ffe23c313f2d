/**
 * Capture files in the pcapng format (draft-ietf-opsawg-pcapng): one section, one interface description per
 * device, one enhanced packet block per frame. Little-endian, times in microseconds.
 */
import { utf8 } from './octets.ts';

export interface PcapngInterface {
	/** if_name, at will with its namespace: `node/basic-worker:eth0`. */
	readonly name: string;
	/** if_description. */
	readonly description?: string;
}

export interface PcapngPacket {
	/** 0-based index into the interfaces. */
	readonly interface: number;
	/** Microseconds since 1970-01-01T00:00:00Z. */
	readonly time: number;
	/** Octets of the frame, from `encodeFrame`. */
	readonly frame: Uint8Array;
	/** `rx` is inbound, `tx` outbound (epb_flags). */
	readonly direction: 'rx' | 'tx';
	readonly comment?: string;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const LINKTYPE_ETHERNET = 1;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;

const le16 = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff];
const le32 = (value: number): number[] => [...le16(value), ...le16(value >>> 16)];

const pad = (length: number): number => (4 - (length % 4)) % 4;

/** One option: code, length, value padded to four octets. */
const option = (code: number, value: Uint8Array | readonly number[]): number[] => [
	...le16(code),
	...le16(value.length),
	...value,
	...new Array<number>(pad(value.length)).fill(0),
];

/** A text option, or nothing for no text. */
const textOption = (code: number, text: string | undefined): number[] => (text ? option(code, utf8(text)) : []);

/** Options with their end mark, or nothing for none. */
const optionList = (options: number[]): number[] => (options.length ? [...options, 0, 0, 0, 0] : []);

const block = (type: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
	const total = 12 + parts.reduce((sum, part) => sum + part.length, 0);
	const out = new Uint8Array(total);
	out.set(le32(type), 0);
	out.set(le32(total), 4);
	let at = 8;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	out.set(le32(total), at);
	return out;
};

const packetBlock = (packet: PcapngPacket): Uint8Array => {
	const { frame, time } = packet;
	const head = [
		packet.interface,
		Math.floor(time / 0x100000000),
		time % 0x100000000,
		frame.length,
		frame.length,
	].flatMap(le32);
	const options = [
		...textOption(OPT_COMMENT, packet.comment),
		...option(EPB_FLAGS, le32(packet.direction === 'rx' ? 1 : 2)),
	];
	return block(ENHANCED_PACKET, head, frame, new Uint8Array(pad(frame.length)), optionList(options));
};

/** The octets of a capture file with these interfaces and packets, in the order given. */
export const encodePcapng = (
	interfaces: readonly PcapngInterface[],
	packets: readonly PcapngPacket[],
	comment?: string,
): Uint8Array => {
	const blocks = [
		block(
			SECTION_HEADER,
			// Byte-order magic, version 1.0, section length not given.
			[...le32(0x1a2b3c4d), ...le16(1), ...le16(0), ...new Array<number>(8).fill(0xff)],
			optionList([...textOption(OPT_COMMENT, comment), ...textOption(SHB_USERAPPL, 'Packetwalk')]),
		),
		...interfaces.map((i) =>
			block(
				INTERFACE_DESCRIPTION,
				// Link type, reserved, no snapshot limit.
				[...le16(LINKTYPE_ETHERNET), 0, 0, ...le32(0)],
				optionList([
					...textOption(IF_NAME, i.name),
					...textOption(IF_DESCRIPTION, i.description),
					...option(IF_TSRESOL, [6]),
				]),
			),
		),
		...packets.map(packetBlock),
	];
	const out = new Uint8Array(blocks.reduce((sum, b) => sum + b.length, 0));
	let at = 0;
	for (const b of blocks) {
		out.set(b, at);
		at += b.length;
	}
	return out;
};
