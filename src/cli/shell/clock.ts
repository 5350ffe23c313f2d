/**
 * How the lab's time goes on while commands wait. A command that runs stops it; when all wait, it goes on to what the
 * first of them waits for. How fast is the pace's business: at once in batch, as the learner sets it in the page.
 */
import type { Lab } from '../../sim/lab/index.ts';
import { Interrupted } from '../tool.ts';

/** How far the lab may go now, in virtual microseconds: at once, or after a while of real time. */
export type Pace = (now: number, target: number) => number | Promise<number>;

/** No waiting at all. */
export const AT_ONCE: Pace = (_now, target) => target;

/** Anything that can wait and be interrupted: a line, a job. */
export interface Thread {
	/** Set when it was interrupted: what it waits for is over. */
	interrupted: boolean;
	/** Time at which it has waited long enough. */
	readonly interruptAt?: number;
	interrupt(): void;
	/** The line that it is a part of: when time is over for one of its parts, it is over for the line. */
	readonly whole?: Thread;
	/** Whether time may pass for its sake alone; a job in the background waits along. */
	readonly foreground: boolean;
}

interface Sleeper {
	readonly at: number;
	readonly thread: Thread;
	readonly done?: () => boolean;
	wake(held: boolean): void;
	fail(error: Error): void;
}

/** The lab's clock goes on by so much at a time, microseconds, when much happens in it. */
const SLICE = 2_000_000;
/** Real milliseconds after which whoever else has something to do gets to do it. */
const HOLD = 40;

/** What waits for nothing in the lab waits this long at most: then nothing will ever happen. */
export const FOREVER = 365 * 86_400_000_000;

export class Clock {
	pace: Pace;
	readonly #lab: Lab;
	#sleepers: Sleeper[] = [];
	/** Those who wait for one another and not for the lab. */
	readonly #parked = new Map<Thread, (error?: Error) => void>();
	/** Who wants to begin something at a time, when all that is due by then was done. */
	#turns: { readonly at: number; readonly give: (release: () => void) => void }[] = [];
	/** Ends the wait of the pace: there is something sooner. */
	#poke: (() => void) | undefined;
	/** How far the pace lets time go, for those in front. */
	#granted = 0;
	/** Somebody began to wait, or to run, while the lab went on. */
	#stirred = false;
	/** Commands between two waits. */
	#busy = 0;
	#moving = false;
	/** Since when nobody else got to do what he has to do, in real milliseconds. */
	#holding: number | undefined;
	/** What is to be done before time goes on. */
	before: { readonly pending: boolean; settle(): Promise<void> } | undefined;

	constructor(lab: Lab, pace: Pace = AT_ONCE) {
		this.#lab = lab;
		this.pace = pace;
	}

	/** Marks a run as busy; time stands until it waits or ends. */
	begin(): void {
		this.#busy++;
		this.#stirred = true;
	}

	/** Whether something runs and does not wait. */
	get working(): boolean {
		return this.#busy > 0;
	}

	end(): void {
		this.#busy--;
		this.#move();
	}

	/** Whether nothing runs, in front at least, and nobody waits for a turn. */
	get calm(): boolean {
		return this.#busy <= 0 && this.#turns.length === 0 && !this.#inFront;
	}

	get #inFront(): boolean {
		return this.#sleepers.some((s) => s.thread.foreground);
	}

	/**
	 * Resolves at a time, now when absent, once all wait that run and nothing is due; time stands then until `release` is
	 * called, and does not go past it before. So what several people begin has one order. Where nothing goes on by
	 * itself, it does not wait for a time.
	 */
	turn(at = this.#lab.now): Promise<() => void> {
		const given = new Promise<() => void>((give) => {
			this.#turns.push({ at, give });
		});
		if (this.#busy <= 0 && !this.#due()) this.#give();
		this.#move();
		return given;
	}

	#give(): boolean {
		const now = this.#lab.now;
		const next = this.#inFront ? this.#turns.find((t) => t.at <= now) : this.#turns[0];
		if (!next) return false;
		this.#turns = this.#turns.filter((t) => t !== next);
		this.#busy++;
		this.#granted = 0;
		this.#poke?.();
		let held = true;
		next.give(() => {
			if (held) this.end();
			held = false;
		});
		return true;
	}

	/** Whether somebody waits for what is there. */
	#due(): boolean {
		const now = this.#lab.now;
		return this.#sleepers.some((s) => s.at <= now || s.done?.());
	}

	/** Waits; rejects with `Interrupted`. */
	sleep(thread: Thread, microseconds: number): Promise<void> {
		return this.#wait(thread, this.#lab.now + Math.max(0, Math.round(microseconds)), undefined).then(() => undefined);
	}

	/** Waits until it holds or the timeout is over; answers whether it held. */
	until(thread: Thread, done: () => boolean, timeout: number): Promise<boolean> {
		if (done()) return Promise.resolve(true);
		return this.#wait(thread, this.#lab.now + Math.min(FOREVER, Math.max(0, Math.round(timeout))), done);
	}

	/** Waits until somebody calls `wake`, who is at work himself; rejects with `Interrupted`. One at a time for each thread. */
	park(thread: Thread): { readonly until: Promise<void>; wake(): void } {
		if (thread.interrupted) return { until: Promise.reject(new Interrupted()), wake: () => {} };
		let settle: ((error?: Error) => void) | undefined;
		const until = new Promise<void>((resolve, reject) => {
			settle = (error) => {
				this.#parked.delete(thread);
				this.#busy++;
				settle = undefined;
				if (error) reject(error);
				else resolve();
			};
		});
		this.#parked.set(thread, (error) => settle?.(error));
		this.#busy--;
		this.#move();
		return { until, wake: () => settle?.() };
	}

	/** Whether it waits for an event that may never come. */
	waitsForever(thread: Thread): boolean {
		return this.#sleepers.some((s) => s.thread === thread && s.at - this.#lab.now >= FOREVER / 2);
	}

	/** Whatever the thread waits for is over. */
	interrupt(thread: Thread): void {
		thread.interrupted = true;
		this.cut(thread);
	}

	/** What the thread waits for just now is over, and nothing else of it. */
	cut(thread: Thread): void {
		this.#parked.get(thread)?.(new Interrupted());
		const mine = this.#sleepers.filter((s) => s.thread === thread);
		this.#sleepers = this.#sleepers.filter((s) => s.thread !== thread);
		for (const sleeper of mine) {
			this.#busy++;
			sleeper.fail(new Interrupted());
		}
		this.#poke?.();
	}

	#wait(thread: Thread, at: number, done: (() => boolean) | undefined): Promise<boolean> {
		if (thread.interrupted) return Promise.reject(new Interrupted());
		return new Promise((wake, fail) => {
			this.#sleepers.push({ at, thread, done, wake, fail });
			this.#busy--;
			this.#stirred = true;
			// Whoever is in the background goes on as time does, and does not change its pace.
			if (thread.foreground) this.#poke?.();
			this.#move();
		});
	}

	/** The next time at which something is due; for those in front alone, that is what time goes on for. */
	#target(front: boolean): number {
		let target = Infinity;
		for (const { at, thread } of this.#sleepers)
			if (!front || thread.foreground) target = Math.min(target, at, thread.interruptAt ?? Infinity);
		for (const turn of this.#turns) target = Math.min(target, turn.at);
		return target;
	}

	/** How far time may go now; not at all when something came up meanwhile. */
	async #paced(now: number, target: number): Promise<number> {
		const far = this.pace(now, target);
		if (typeof far === 'number') return far;
		const poked = new Promise<number>((resolve) => {
			this.#poke = () => resolve(now);
		});
		try {
			return await Promise.race([far, poked]);
		} finally {
			this.#poke = undefined;
		}
	}

	/** Goes on in time, as long as all wait and a line in the foreground is among them. */
	async #move(): Promise<void> {
		if (this.#moving) return;
		this.#moving = true;
		if (this.#holding === undefined) {
			this.#holding = performance.now();
			setTimeout(() => {
				this.#holding = undefined;
			});
		}
		try {
			// Whoever was just woken gets to say that it goes on.
			await Promise.resolve();
			while (this.#busy <= 0 && (this.#inFront || this.#turns.length > 0)) {
				// Two that wake each other without end, as both ends of a pipe do, leave room between them.
				if (this.#holding !== undefined && performance.now() - this.#holding >= HOLD) {
					await new Promise((go) => setTimeout(go));
					continue;
				}
				if ((!this.#inFront || !this.#due()) && this.#give()) {
					await Promise.resolve();
					continue;
				}
				if (this.#sleepers.some((s) => s.done?.())) {
					this.#wake();
					await Promise.resolve();
					continue;
				}
				// Ctrl-C at a time comes after all that happened by then.
				const over = this.#sleepers.find(
					(s) => !s.thread.interrupted && (s.thread.interruptAt ?? Infinity) <= this.#lab.now,
				);
				if (over && !this.#sleepers.some((s) => s.at <= this.#lab.now)) {
					(over.thread.whole ?? over.thread).interrupt();
					await Promise.resolve();
					continue;
				}
				if (this.before?.pending) {
					await this.before.settle();
					continue;
				}
				const now = this.#lab.now;
				const target = this.#target(true);
				if (this.#granted <= now) this.#granted = target > now ? await this.#paced(now, target) : target;
				// Another terminal may have begun to wait for something sooner.
				const far = Math.min(this.#granted, this.#target(false));
				if (far > this.#lab.now) await this.#advance(far);
				if (this.#busy > 0) continue;
				this.#wake();
				await Promise.resolve();
			}
		} finally {
			this.#moving = false;
		}
	}

	/** Runs the lab up to `goal`, in slices: the page is asked whether it wants something in between. */
	async #advance(goal: number): Promise<void> {
		const done = (): boolean => this.#sleepers.some((s) => s.done?.());
		let since = performance.now();
		this.#stirred = false;
		// A slice may hold thousands of things that happen: then it is cut short. What begins to run stops it at once.
		const long = (): boolean => this.#stirred || done() || performance.now() - since >= HOLD;
		while (this.#lab.now < goal && this.#busy <= 0) {
			const next = this.#lab.next() ?? goal;
			this.#lab.run(Math.min(goal, Math.max(next, this.#lab.now + SLICE)), long);
			if (this.#stirred || done()) return;
			if (performance.now() - since < HOLD) continue;
			await new Promise((go) => setTimeout(go));
			since = performance.now();
		}
	}

	/**
	 * Wakes whoever waited longest for what is there now. One at a time: the next one goes on when this one waits again
	 * or is over, so that all that happens has one order.
	 */
	#wake(): void {
		const now = this.#lab.now;
		const at = this.#sleepers.findIndex((s) => s.at <= now || s.done?.());
		const sleeper = this.#sleepers[at];
		if (!sleeper) return;
		this.#sleepers.splice(at, 1);
		this.#busy++;
		if (sleeper.thread.foreground) this.#granted = 0;
		sleeper.wake(sleeper.done?.() ?? true);
	}
}
