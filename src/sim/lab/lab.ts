/** A lab: one machine with Docker and kind, a seed, and a clock that only `run` moves. */
import type { Pins } from './cluster/context.ts';
import { createGuests } from './guests.ts';
import { createKind } from './kind/kind.ts';
import { createDocker } from './machine/docker.ts';
import { parseImage } from './machine/image-names.ts';
import { createImageStore } from './machine/image-store.ts';
import { createTimeline } from './timeline.ts';
import type { Lab } from './types.ts';

export interface LabOptions {
	readonly seed: number;
	/** Seconds since 1970 when the lab begins. */
	readonly epoch: number;
	/** Release of kind: `v0.14.0`. */
	readonly kind?: string;
	/** Kernel of the machine: `5.15.0-46-generic`. */
	readonly kernel?: string;
	/** Images Docker has at the beginning. */
	readonly images?: readonly string[];
	/** Docker's networks at the beginning, beside its own: kind's comes behind them. */
	readonly networks?: readonly string[];
	/** What the seed does not draw. */
	readonly pins?: Pins;
	/** Events one `run` may take. */
	readonly budget?: number;
}

/** A lab before anything was typed: no cluster, no container. */
export function createLab(options: LabOptions): Lab {
	const { seed, epoch } = options;
	const timeline = createTimeline({ seed, epoch, ...(options.budget === undefined ? {} : { budget: options.budget }) });
	const images = createImageStore();
	for (const text of options.images ?? []) {
		const name = parseImage(text);
		if (name) images.add(name);
	}
	const docker = createDocker(timeline, images, options.networks);
	const guests = createGuests();
	const kind = createKind({
		timeline,
		guests,
		docker,
		release: options.kind ?? 'v0.14.0',
		kernel: options.kernel ?? '5.15.0-46-generic',
		pins: options.pins ?? {},
	});
	return {
		get now() {
			return timeline.now;
		},
		epoch,
		docker,
		kind,
		guests,
		clusters: () => [...kind.states.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
		cluster: (name) => kind.states.get(name),
		run: timeline.run,
		next: timeline.next,
		after: timeline.after,
		random: timeline.random,
	};
}
