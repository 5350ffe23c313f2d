/** `tcpdump -r`: frames of a pcap file. */
import type { Call } from '../../tool.ts';
import type { Space } from '../space.ts';
import type { FrameTest } from './filter.ts';
import { lineOf, type PacketType, type Seen, type Settings } from './line.ts';
import { cooked, EN10MB, LINUX_SLL2, PACKET_TYPES, pcapHeader, pcapRecord, readPcap } from './pcap.ts';

export function joined(parts: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
}

export async function readFile(
	call: Call,
	space: Space,
	path: string,
	test: FrameTest,
	make: (any: boolean) => Settings,
	count: number,
	write: string | undefined,
	total: boolean,
): Promise<number> {
	const octets = path === '-' ? latin(call.stdin) : await call.files.readBytes(path);
	if (!octets) {
		call.err(`tcpdump: ${path}: No such file or directory\n`);
		return 1;
	}
	const file = readPcap(octets);
	if (typeof file === 'string') {
		call.err(`tcpdump: ${file}\n`);
		return 1;
	}
	const any = file.linkType === LINUX_SLL2;
	if (!any && file.linkType !== EN10MB) {
		call.err(`tcpdump: the simulator reads Ethernet and LINUX_SLL2 captures, not link type ${file.linkType}\n`);
		return 1;
	}
	call.err(
		`reading from file ${path}, link-type ${any ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)'}, snapshot length ${file.snaplen}\n`,
	);
	// A file does not say what devices were called: names are those of this machine, by number.
	if (any) call.err('Warning: interface names might be incorrect\n');
	const settings = make(any);
	const records = [pcapHeader(file.linkType)];
	let seen = 0;
	let before: number | undefined;
	const types = Object.keys(PACKET_TYPES) as PacketType[];
	for (const packet of file.packets) {
		if (seen >= count) break;
		if (!packet.frame || !test(packet.frame)) continue;
		seen++;
		const ifindex = packet.ifindex ?? 0;
		const type = types[packet.type ?? 0] ?? 'host';
		const shown: Seen = {
			time: packet.time - settings.epoch * 1e6,
			frame: packet.frame,
			octets: packet.octets,
			device: space.ns().devices.get(ifindex)?.name ?? `${ifindex}`,
			ifindex,
			type,
		};
		if (write === undefined) {
			if (!total) call.out(lineOf(settings, shown, seen, before));
		} else records.push(pcapRecord(packet.time, any ? cooked(packet.octets, ifindex, type) : packet.octets));
		before = settings.times > 4 ? (before ?? shown.time) : shown.time;
	}
	if (write === '-') call.outBytes(joined(records));
	else if (write !== undefined) await call.files.write(write, joined(records));
	if (total) call.out(`${seen} packet${seen === 1 ? '' : 's'}\n`);
	if (file.truncated) {
		call.err('tcpdump: pcap_loop: truncated dump file; tried to read captured bytes, only got fewer\n');
		return 1;
	}
	return 0;
}

/** Octets that came as text, one character each. */
const latin = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);
