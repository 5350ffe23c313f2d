/** Frames collected while the simulator runs, as a pcapng file. */
import type { Capture } from '../../src/sim/linux/index.ts';
import { encodeFrame, encodePcapng, type PcapngPacket } from '../../src/sim/wire/index.ts';

/** Virtual time 0 in capture files: 1 September 2022, 00:00 UTC, in microseconds. */
const EPOCH = 1_661_990_400_000_000;

/** `capture` is what the World calls; `file` gives the octets of all it was told. */
export function captureFile(): { capture: (c: Capture) => void; file: () => Uint8Array } {
	const interfaces: string[] = [];
	const packets: PcapngPacket[] = [];
	return {
		capture({ time, ns, dev, direction, frame }) {
			const name = `${ns}:${dev}`;
			let index = interfaces.indexOf(name);
			if (index < 0) index = interfaces.push(name) - 1;
			// Encoded at once: the frame goes on and is rewritten.
			packets.push({ interface: index, time: EPOCH + time, frame: encodeFrame(frame), direction });
		},
		file: () =>
			encodePcapng(
				interfaces.map((name) => ({ name })),
				packets,
			),
	};
}
