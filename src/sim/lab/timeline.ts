/** The lab's clock, its queue and its chance: what every part of the lab is given. */

import { formatTime } from '../api/index.ts';
import { drawFrom, hashText } from '../linux/index.ts';
import { createQueue } from './queue.ts';
import { SECOND } from './time.ts';
import type { LabError } from './types.ts';

export interface Timeline {
	/** Virtual microseconds since the lab began. */
	readonly now: number;
	/** Seconds since 1970 when `now` is 0. */
	readonly epoch: number;
	/** Calls `act` so many microseconds from now; answers how to call it off. */
	after(delay: number, act: () => void): () => void;
	/** A draw below `bound` that depends on the seed, the purpose and the key only. */
	random(purpose: string, key: string, bound: number): number;
	/** `from` to `to` microseconds, evenly. */
	between(from: number, to: number, purpose: string, key: string): number;
	/** RFC 3339, of now or another time. */
	stamp(at?: number): string;
	/** Hexadecimal digits that depend on purpose and key. */
	hex(digits: number, purpose: string, key: string): string;
	/** See `Lab.run`. */
	run(until: number, done?: () => boolean): LabError | undefined;
	next(): number | undefined;
}

/** Events one `run` may take: days of a quiet cluster, and minutes of a busy one. */
export const RUN_BUDGET = 400_000;

export function createTimeline(options: {
	readonly seed: number;
	readonly epoch: number;
	readonly budget?: number;
}): Timeline {
	const { seed, epoch } = options;
	const queue = createQueue();
	let now = 0;
	const random = (purpose: string, key: string, bound: number): number =>
		bound <= 1 ? 0 : drawFrom(hashText(seed, `${purpose}\0${key}`), 0, bound);
	return {
		get now() {
			return now;
		},
		epoch,
		after(delay, act) {
			if (!Number.isFinite(delay)) throw new RangeError(`a delay of ${delay}`);
			return queue.push(now + Math.max(0, Math.round(delay)), act);
		},
		random,
		between: (from, to, purpose, key) => from + random(purpose, key, to - from + 1),
		stamp: (at = now) => formatTime(epoch + Math.floor(at / SECOND)),
		hex(digits, purpose, key) {
			let out = '';
			for (let i = 0; out.length < digits; i++)
				out += hashText(seed, `${purpose}\0${key}\0${i}`).toString(16).padStart(8, '0');
			return out.slice(0, digits);
		},
		next: () => queue.next(),
		run(until, done): LabError | undefined {
			let left = options.budget ?? RUN_BUDGET;
			for (;;) {
				const at = queue.next();
				if (at === undefined || at > until) break;
				if (left-- <= 0) return { code: 'budget', params: { events: options.budget ?? RUN_BUDGET, now } };
				const event = queue.pop()!;
				now = Math.max(now, event.at);
				try {
					event.act();
				} catch (thrown) {
					const message =
						thrown instanceof Error ? `${thrown.name}: ${thrown.message}\n${thrown.stack ?? ''}` : String(thrown);
					return { code: 'internal', params: { message, now } };
				}
				if (done?.()) return undefined;
			}
			now = Math.max(now, until);
			return undefined;
		},
	};
}
