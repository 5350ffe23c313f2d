/** Lines of the input, one file behind the other or each for itself; files that are edited in place. */
import type { Desk } from '../coreutils/desk.ts';
import { Panic } from './faults.ts';
import type { Edited, Outputs } from './outputs.ts';
import { charactersOf } from './text.ts';

export interface Line {
	readonly text: string;
	/** Whether its end was there. */
	readonly ended: boolean;
}

export interface InputOptions {
	readonly separate: boolean;
	/** What is put behind the names of backups; undefined when nothing is edited in place. */
	readonly inPlace: string | undefined;
	readonly followLinks: boolean;
	/** Says that a file is not there; the next one is read. */
	missing(what: string): void;
	readonly end: '\n' | '\0';
}

type Maybe<T> = T | Promise<T>;

/** Lines out of octets that come piece by piece. */
class Lines {
	readonly #pull: () => Promise<string | undefined>;
	readonly #end: string;
	#held = '';
	#at = 0;
	#done = false;

	constructor(end: string, pull: () => Promise<string | undefined>) {
		this.#end = end;
		this.#pull = pull;
	}

	/** Whether there is any more. */
	more(): Maybe<boolean> {
		if (this.#at < this.#held.length) return true;
		if (this.#done) return false;
		return this.#fill().then(() => this.more());
	}

	next(): Maybe<Line | undefined> {
		const stop = this.#held.indexOf(this.#end, this.#at);
		if (stop >= 0) return this.#line(stop, stop + 1);
		if (!this.#done) return this.#fill().then(() => this.next());
		return this.#at < this.#held.length ? this.#line(this.#held.length, this.#held.length) : undefined;
	}

	/** Octets that came and were not used. */
	get rest(): string {
		return this.#held.slice(this.#at);
	}

	#line(stop: number, next: number): Line {
		const text = charactersOf(this.#held.slice(this.#at, stop));
		this.#at = next;
		return { text, ended: next > stop };
	}

	async #fill(): Promise<void> {
		const piece = await this.#pull();
		if (piece === undefined) this.#done = true;
		else {
			this.#held = this.#held.slice(this.#at) + piece;
			this.#at = 0;
		}
	}
}

const whole = (text: string): (() => Promise<string | undefined>) => {
	let left: string | undefined = text;
	return async () => {
		const piece = left;
		left = undefined;
		return piece;
	};
};

export class Input {
	readonly #desk: Desk;
	readonly #outputs: Outputs;
	readonly #options: InputOptions;
	readonly #files: string[];
	#lines: Lines | undefined;
	#edited: Edited | undefined;
	/** `F` */
	name = '-';
	number = 0;
	/** Whether another file has begun since it was asked last, where each is for itself. */
	#turned = false;

	constructor(desk: Desk, outputs: Outputs, files: readonly string[], options: InputOptions) {
		this.#desk = desk;
		this.#outputs = outputs;
		this.#options = options;
		this.#files = [...files];
	}

	get #apart(): boolean {
		return this.#options.separate || this.#options.inPlace !== undefined;
	}

	/** Whether a file for itself has begun. */
	turned(): boolean {
		const turned = this.#turned;
		this.#turned = false;
		return turned;
	}

	/** The next line; undefined behind the last one. */
	next(): Maybe<Line | undefined> {
		const line = this.#lines?.next();
		if (line instanceof Promise) return line.then((l) => (l ? this.#count(l) : this.#onward()));
		return line ? this.#count(line) : this.#onward();
	}

	#count(line: Line): Line {
		this.number++;
		return line;
	}

	async #onward(): Promise<Line | undefined> {
		await this.#close();
		if (this.#files.length === 0) return undefined;
		await this.#open(this.#files.shift()!);
		return this.next();
	}

	/** Whether the line that was read last is the last one (`$`). */
	last(): Maybe<boolean> {
		const more = this.#lines?.more() ?? false;
		if (more instanceof Promise) return more.then((m) => (m ? false : this.#lastOfAll()));
		return more ? false : this.#lastOfAll();
	}

	#lastOfAll(): Maybe<boolean> {
		if (this.#apart || this.#files.length === 0) return true;
		return this.#others();
	}

	/** Goes to the next file that has a line. */
	async #others(): Promise<boolean> {
		while (this.#files.length > 0) {
			await this.#open(this.#files.shift()!);
			if (await this.#lines?.more()) return false;
		}
		return true;
	}

	async #open(path: string): Promise<void> {
		const { inPlace, end } = this.#options;
		const desk = this.#desk;
		this.name = path;
		this.#lines = undefined;
		if (path === '-' && inPlace === undefined) {
			const { input } = desk;
			this.#begun();
			const pull = async (): Promise<string | undefined> => {
				await this.#outputs.flush();
				return end === '\n' ? input!.lines() : input!.some();
			};
			this.#lines = new Lines(end, input ? pull : whole(desk.call.stdin()));
			return;
		}
		const found = await desk.tryRead(path, 1);
		if ('wrong' in found && found.wrong !== 'Is a directory') {
			this.#options.missing(`can't read ${path}: ${found.wrong}`);
			return;
		}
		if ('wrong' in found && inPlace === undefined) throw new Panic(`read error on ${path}: Is a directory`);
		if (inPlace !== undefined) {
			if ('wrong' in found || /^\/dev\//.test(desk.resolve(path)))
				throw new Panic(`couldn't edit ${path}: not a regular file`);
			this.#edited = await this.#outputs.edit(path, inPlace, this.#options.followLinks);
		}
		this.#begun();
		this.#lines = new Lines(end, whole('text' in found ? found.text : ''));
	}

	#begun(): void {
		if (!this.#apart) return;
		this.number = 0;
		this.#turned = true;
	}

	async #close(): Promise<void> {
		this.#lines = undefined;
		const edited = this.#edited;
		this.#edited = undefined;
		if (edited) await this.#outputs.edited(edited);
	}

	/** It ends early. @param back whether what it had not looked at is there for who reads next */
	async quit(back: boolean): Promise<void> {
		if (back && this.name === '-') this.#desk.input?.unread(this.#lines?.rest ?? '');
		await this.#close();
	}
}
