/** A laptop with its terminals: one lab, one time, several shells beside each other. It knows no DOM; the view listens. */
import { type LogEntry, retell, Session, type SessionOptions } from '../../cli/index.ts';
import { Pacer, type Speed } from './pace.ts';
import { Tab } from './tab.ts';

let machines = 0;

/** Real milliseconds between two drawings. */
const FRAME = 25;

export class Machine {
	readonly id = ++machines;
	readonly pacer: Pacer;
	/** The terminal that is in front. */
	shown: Tab;
	#tabs: readonly Tab[];
	readonly #listeners = new Set<() => void>();
	#asked = false;
	/** Real milliseconds at which it was drawn last. */
	#drawn = Number.NEGATIVE_INFINITY;
	#later: ReturnType<typeof setTimeout> | undefined;

	constructor(options: Omit<SessionOptions, 'pace'>, speed: Speed = 'fast') {
		this.pacer = new Pacer(speed, () => this.redraw());
		this.shown = new Tab(
			(view) => new Session({ ...options, pace: this.pacer.pace, ...view }),
			this.redraw,
			this.#wrote,
		);
		this.#tabs = [this.shown];
	}

	get tabs(): readonly Tab[] {
		return this.#tabs;
	}

	/** The session in front. */
	get session(): Session {
		return this.shown.session;
	}

	/** Whether a line runs in any terminal. */
	get busy(): boolean {
		return this.#tabs.some(({ session }) => session.busy);
	}

	/** Whether an editor holds what was not saved. */
	get unsaved(): boolean {
		return this.#tabs.some((tab) => tab.unsaved);
	}

	listen(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	/** The lab's time, as `date` has it. */
	get time(): string {
		const { lab } = this.session.core;
		return new Date((lab.epoch + Math.floor(lab.now / 1e6)) * 1000).toISOString().slice(0, 19).replace('T', ' ');
	}

	/** One more terminal, in front; the next number when none is given. */
	open(number?: number): Tab {
		const tab = new Tab((view) => this.session.beside(view, number), this.redraw, this.#wrote);
		this.#tabs = [...this.#tabs, tab];
		this.show(tab);
		return tab;
	}

	/** Closes a terminal that is not the only one; what runs in it is interrupted. */
	close(tab: Tab): void {
		const at = this.#tabs.indexOf(tab);
		if (at < 0 || this.#tabs.length === 1) return;
		tab.session.close();
		this.#tabs = this.#tabs.filter((other) => other !== tab);
		if (this.shown === tab) this.shown = this.#tabs[Math.min(at, this.#tabs.length - 1)]!;
		this.redraw();
	}

	show(tab: Tab): void {
		this.shown = tab;
		this.redraw();
	}

	/** Interrupts whatever runs in any terminal. */
	stop(): void {
		for (const tab of this.#tabs) if (tab.session.busy) tab.interrupt();
		this.pacer.release();
	}

	/** Ctrl-C in the terminal in front. */
	interrupt(): void {
		this.shown.interrupt();
		this.pacer.release();
	}

	/**
	 * Does again what a log says, as fast as it goes. `told` is called before each entry, with its number from 1, and says
	 * whether to go on. Answers how many were begun.
	 */
	async replay(log: readonly LogEntry[], told: (n: number) => boolean = () => true): Promise<number> {
		const { pacer } = this;
		const { speed } = pacer;
		const tabOf = ({ tab = 0 }: LogEntry): Tab => this.#tabs.find(({ number }) => number === tab) ?? this.open(tab);
		let begun = 0;
		let on = true;
		pacer.setSpeed('instant');
		try {
			await retell(
				this.session.core,
				log,
				(entry) => tabOf(entry).session,
				async (entry) => {
					on &&= told(begun + 1);
					if (!on) return;
					begun++;
					const tab = tabOf(entry);
					if (entry.kind === 'close') this.close(tab);
					else await tab.tell(entry);
				},
			);
		} finally {
			pacer.setSpeed(speed);
		}
		this.show(this.#tabs[0]!);
		return begun;
	}

	setSpeed(speed: Speed): void {
		this.pacer.setSpeed(speed);
	}

	/** Many changes are one drawing. */
	readonly redraw = (): void => {
		if (this.#asked) return;
		this.#asked = true;
		queueMicrotask(() => {
			this.#asked = false;
			clearTimeout(this.#later);
			this.#later = undefined;
			this.#drawn = performance.now();
			for (const listener of this.#listeners) listener();
		});
	};

	/** Of what programs write: not again before the page had its turn. */
	readonly #wrote = (): void => {
		if (this.#later !== undefined) return;
		if (performance.now() - this.#drawn >= FRAME) this.redraw();
		else this.#later = setTimeout(this.redraw, FRAME);
	};
}
