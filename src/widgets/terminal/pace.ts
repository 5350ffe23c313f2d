/** How fast the lab's time goes while a command waits: the reader's choice. */
import type { Pace } from '../../cli/index.ts';

export const SPEEDS = ['real', 'fast', 'instant', 'step'] as const;
export type Speed = (typeof SPEEDS)[number];

/** Virtual seconds for each real one. */
const RATE: Readonly<Record<'real' | 'fast', number>> = { real: 1, fast: 10 };
/** What waits longer waits for something to happen, such as `tcpdump`: no time is skipped for it. Virtual microseconds. */
const EVENTUALLY = 86_400_000_000;
/** Real milliseconds between two looks. */
const TICK = 50;

export class Pacer {
	speed: Speed;
	#paused = false;
	#wake: (() => void) | undefined;
	/** Tells that time went on, or that it waits for somebody. */
	readonly #changed: () => void;

	constructor(speed: Speed, changed: () => void) {
		this.speed = speed;
		this.#changed = changed;
	}

	get paused(): boolean {
		return this.#paused;
	}

	/** Whether a command waits for `step`. */
	get held(): boolean {
		return this.#wake !== undefined;
	}

	readonly pace: Pace = async (now, target) => {
		if (this.#paused || this.speed === 'step') {
			await this.#hold();
			if (this.speed === 'step') return target;
		}
		if (this.speed === 'instant' && target - now < EVENTUALLY) {
			await pause(0);
			return target;
		}
		await pause(TICK);
		this.#changed();
		return Math.min(target, now + TICK * 1000 * RATE[this.speed === 'real' ? 'real' : 'fast']);
	};

	/** Goes on to the next thing that something waits for. */
	step(): void {
		this.#release();
	}

	setPaused(paused: boolean): void {
		this.#paused = paused;
		if (!paused) this.#release();
		this.#changed();
	}

	setSpeed(speed: Speed): void {
		this.speed = speed;
		this.#release();
		this.#changed();
	}

	/** Lets go of whatever is held: it was interrupted. */
	release(): void {
		this.#release();
	}

	#release(): void {
		const wake = this.#wake;
		this.#wake = undefined;
		wake?.();
	}

	async #hold(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.#wake = resolve;
			this.#changed();
		});
		this.#changed();
	}
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
