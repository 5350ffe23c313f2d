/** The frames of a run, by running it again with a listener: same settings, same seed, same octets. */
import type { Run } from '../exercises/index.ts';
import { encodeFrame, encodePcapng, type PcapngPacket } from '../sim/wire/index.ts';
import { apply } from '../sim/world/index.ts';

export interface Frame {
	/** Virtual time, microseconds. */
	readonly time: number;
	readonly ns: string;
	readonly dev: string;
	readonly direction: 'rx' | 'tx';
	readonly packet: number;
	readonly octets: Uint8Array;
}

const cache = new WeakMap<Run, readonly Frame[]>();

/** Every frame a device sent or received while this run's connection was made, in order. */
export function framesOf(run: Run): readonly Frame[] {
	const known = cache.get(run);
	if (known) return known;
	const frames: Frame[] = [];
	apply(
		run.before,
		{ kind: 'connect', probe: run.situation.probe },
		{
			records: false,
			// Encoded at once: the frame goes on and is rewritten.
			capture: ({ time, ns, dev, direction, packet, frame }) =>
				frames.push({ time, ns, dev, direction, packet, octets: encodeFrame(frame) }),
		},
	);
	cache.set(run, frames);
	return frames;
}

/** Virtual time 0 in capture files: 1 September 2022, 00:00 UTC, in microseconds. */
const EPOCH = 1_661_990_400_000_000;

/** A capture file of the whole connection, one interface per device that saw it. */
export function captureOf(run: Run): Uint8Array<ArrayBuffer> {
	const interfaces: string[] = [];
	const packets = framesOf(run).map((f): PcapngPacket => {
		const name = `${f.ns}:${f.dev}`;
		let index = interfaces.indexOf(name);
		if (index < 0) index = interfaces.push(name) - 1;
		return { interface: index, time: EPOCH + f.time, frame: f.octets, direction: f.direction };
	});
	const names = interfaces.map((name) => ({ name }));
	return new Uint8Array(encodePcapng(names, packets));
}
