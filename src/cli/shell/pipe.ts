/**
 * What is between two commands of a pipeline. Lines can be read as soon as they are written; who waits for one lets the
 * lab's time go on. As in a kernel, a reader that leaves ends the writer at its next write (SIGPIPE).
 */
import type { Clock, Thread } from './clock.ts';
import { bytesOf, latin1, type Octets } from './routes.ts';

/** Octets that a pipe of Linux holds (pipe(7)): a writer that is done but wrote more would have waited for its reader. */
const CAPACITY = 65_536;
/** Octets that may wait here: a writer cannot be held up, so that what never ends is ended. */
const MOST = 4 * 1024 * 1024;

export interface PipeEnds {
	readonly clock: Clock;
	/** Who reads. */
	readonly reader: Thread;
	/** Nobody reads any more and the writer writes. */
	broken(): void;
	/** Nobody reads any more. */
	left(): void;
	/** Too much is waiting to be read. */
	flooded(): void;
	/** Somebody begins to wait for what will be written, or no longer does. */
	waits?(waiting: boolean): void;
	/** It is a terminal: behind an end of input more may come, for whoever reads next. */
	readonly again?: boolean;
}

/** Input that is there altogether: what one command reads the next has not. */
export function filled(text: string, clock: Clock, reader: Thread): Pipe {
	const pipe = new Pipe({ clock, reader, broken() {}, left() {}, flooded() {} });
	pipe.write({ text, binary: false });
	pipe.end();
	return pipe;
}

export class Pipe {
	readonly #ends: PipeEnds;
	/** Octets, one a character. */
	#held: string[] = [];
	#size = 0;
	/** Whether nothing more will be written. */
	#done = false;
	/** Whether nobody reads any more. */
	#left = false;
	#wake: (() => void) | undefined;

	constructor(ends: PipeEnds) {
		this.#ends = ends;
	}

	/** Whether somebody types it. */
	get typed(): boolean {
		return this.#ends.again === true;
	}

	write(octets: Octets): void {
		if (octets.text === '') return;
		if (this.#left) {
			this.#ends.broken();
			return;
		}
		const text = octets.binary ? octets.text : latin1(bytesOf(octets));
		this.#held.push(text);
		this.#size += text.length;
		if (this.#size > MOST) this.#ends.flooded();
		this.#wake?.();
	}

	/** Nothing more will be written. */
	end(): void {
		this.#done = true;
		this.#wake?.();
	}

	/** Nobody will read any more. */
	leave(): void {
		if (this.#left) return;
		this.#left = true;
		if (this.#size > CAPACITY) this.#ends.broken();
		else if (!this.#done) this.#ends.left();
		this.#held = [];
	}

	/** What nobody has read. */
	get held(): string {
		return this.#held.join('');
	}

	/** What was read and not used. */
	unread(text: string): void {
		if (text === '') return;
		this.#held.unshift(text);
		this.#size += text.length;
	}

	/** All whole lines that are there, at least one; at the end what is left, and then undefined. Rejects with `Interrupted`. */
	async lines(): Promise<string | undefined> {
		for (;;) {
			const text = this.#all();
			const end = this.#done ? text.length : text.lastIndexOf('\n') + 1;
			if (end > 0) {
				this.unread(text.slice(end));
				return text.slice(0, end);
			}
			this.unread(text);
			if (this.#done) return this.#over();
			await this.#wait();
		}
	}

	/** All that is there, at least one octet; undefined at the end. Rejects with `Interrupted`. */
	async some(): Promise<string | undefined> {
		for (;;) {
			const text = this.#all();
			if (text !== '') return text;
			if (this.#done) return this.#over();
			await this.#wait();
		}
	}

	/** Up to and with the next mark; at the end what is left. Rejects with `Interrupted`. */
	async until(mark: string): Promise<string> {
		for (;;) {
			const text = this.#all();
			const at = text.indexOf(mark);
			const end = at >= 0 ? at + mark.length : this.#done ? text.length : 0;
			this.unread(text.slice(end));
			if (end > 0) return text.slice(0, end);
			if (this.#done) return this.#over() ?? '';
			await this.#wait();
		}
	}

	/** Waits for a mark for so long; answers whether it, or the end, has come. Rejects with `Interrupted`. */
	async within(mark: string, microseconds: number): Promise<boolean> {
		const { clock, reader, waits } = this.#ends;
		waits?.(true);
		try {
			return await clock.until(reader, () => this.#done || this.#held.join('').includes(mark), microseconds);
		} finally {
			waits?.(false);
		}
	}

	/** All that will ever come. Rejects with `Interrupted`. */
	async rest(): Promise<string> {
		while (!this.#done) await this.#wait();
		this.#over();
		return this.#all();
	}

	#over(): undefined {
		if (this.#ends.again) this.#done = false;
	}

	#all(): string {
		const text = this.#held.join('');
		this.#held = [];
		this.#size = 0;
		return text;
	}

	async #wait(): Promise<void> {
		const { clock, reader } = this.#ends;
		const parked = clock.park(reader);
		this.#wake = parked.wake;
		this.#ends.waits?.(true);
		try {
			await parked.until;
		} finally {
			this.#wake = undefined;
			this.#ends.waits?.(false);
		}
	}
}
