/** A captured frame as a line: time, packet type, device, dump. */
import { type Capture, deviceByName } from '../../../sim/linux/index.ts';
import { type Frame, MAC_BROADCAST } from '../../../sim/wire/index.ts';
import type { Space } from '../space.ts';
import { clock, isoDate } from '../words.ts';
import { cooked, type PACKET_TYPES } from './pcap.ts';
import type { Printer } from './print.ts';

export type PacketType = keyof typeof PACKET_TYPES;

export interface Seen {
	/** Microseconds since the lab began. */
	readonly time: number;
	readonly frame: Frame;
	readonly octets: Uint8Array;
	readonly device: string;
	readonly ifindex: number;
	readonly type: PacketType;
}

const DIRECTION: Readonly<Record<PacketType, string>> = {
	host: 'In',
	broadcast: 'B',
	multicast: 'M',
	otherhost: 'P',
	outgoing: 'Out',
};

export function typeOf(space: Space, { direction, dev, frame }: Capture): PacketType {
	if (direction === 'tx') return 'outgoing';
	if (frame.dst === MAC_BROADCAST) return 'broadcast';
	if (Math.floor(frame.dst / 2 ** 40) & 1) return 'multicast';
	const device = deviceByName(space.ns(), dev);
	return !device || device.kind === 'loopback' || frame.dst === device.mac ? 'host' : 'otherhost';
}

export interface Settings {
	readonly printer: Printer;
	readonly any: boolean;
	readonly times: number;
	readonly dump:
		| { readonly hex: boolean; readonly text: boolean; readonly link: boolean; readonly only: boolean }
		| undefined;
	readonly number: boolean;
	/** Nine figures behind the seconds. */
	readonly nano: boolean;
	readonly epoch: number;
}

/** Time in front of a line, by the number of `t`s. */
function stamp({ times, epoch, nano }: Settings, time: number, before: number | undefined): string {
	const micro = (n: number): string => `${String(Math.floor(n % 1e6)).padStart(6, '0')}${nano ? '000' : ''}`;
	const at = epoch * 1e6 + time;
	const day = (n: number): string => `${clock(n / 1e6)}.${micro(n)}`;
	switch (times) {
		case 0:
			return `${day(at)} `;
		case 1:
			return '';
		case 2:
			return `${Math.floor(at / 1e6)}.${micro(at)} `;
		case 3:
		case 5: {
			const passed = before === undefined ? 0 : time - before;
			return ` ${day(passed)} `;
		}
		default:
			return `${isoDate(at / 1e6)} ${day(at)} `;
	}
}

/** hex_and_ascii_print(): sixteen octets a line. */
function dumpText(octets: Uint8Array, { hex, text, only }: NonNullable<Settings['dump']>): string {
	const char = (b: number): string => (b > 0x20 && b < 0x7f ? String.fromCharCode(b) : '.');
	if (only) {
		// ascii_print() leaves out a CR before a line's end, and one that less than two octets follow.
		const bare = (i: number): string => (octets[i + 1] === 10 || i >= octets.length - 2 ? '' : '.');
		const one = (b: number, i: number): string =>
			b === 10 ? '\n' : b === 13 ? bare(i) : b === 9 ? '\t' : b === 32 ? ' ' : char(b);
		return `\n${[...octets].map(one).join('')}`;
	}
	let out = '';
	for (let at = 0; at < octets.length; at += 16) {
		const row = octets.subarray(at, at + 16);
		let pairs = '';
		for (let i = 0; i < row.length; i += 2)
			pairs += ` ${row[i]!.toString(16).padStart(2, '0')}${i + 1 < row.length ? row[i + 1]!.toString(16).padStart(2, '0') : ''}`;
		out += `\n\t0x${at.toString(16).padStart(4, '0')}: ${text ? pairs.padEnd(40) : pairs}${text ? `  ${[...row].map(char).join('')}` : ''}`;
	}
	void hex;
	return out;
}

export function lineOf(settings: Settings, seen: Seen, count: number, before: number | undefined): string {
	const { printer, any, dump, number } = settings;
	const text = any
		? printer.cooked(seen.frame, seen.device, seen.ifindex, DIRECTION[seen.type], seen.octets)
		: printer.frame(seen.frame, seen.octets);
	const whole = any ? cooked(seen.octets, seen.ifindex, seen.type) : seen.octets;
	const octets = dump?.link ? whole : seen.octets.subarray(14);
	return `${number ? `${String(count).padStart(5)}  ` : ''}${stamp(settings, seen.time, before)}${text}${dump ? dumpText(octets, dump) : ''}\n`;
}
