import { type Entries, FORGOTTEN, formatEntries, type Json, mergeEntries, parseEntries } from './entries.ts';

/** Why something may not be kept. It is shown to the reader, never thrown. */
export type Problem = 'refused' | 'full' | 'corrupt';

/** The part of `localStorage` that is used. */
export interface Shelf {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
	removeItem(key: string): void;
}

export const STORAGE_KEY = 'packetwalk';
/** Where text we could not read is set aside, so that nothing of the reader's is destroyed. */
export const ASIDE_KEY = 'packetwalk.unreadable';

/**
 * The reader's state: what is in memory always works, what the browser keeps is best effort.
 * Each write first takes in what another tab has written meanwhile.
 */
export class Store {
	#entries: Entries = {};
	#problem: Problem | undefined;
	readonly #shelf: () => Shelf;
	readonly #now: () => number;
	readonly #listeners = new Set<() => void>();

	/** `shelf` is called on each use, since merely reading `localStorage` may throw. `now` is in milliseconds. */
	constructor(shelf: () => Shelf, now: () => number = Date.now) {
		this.#shelf = shelf;
		this.#now = now;
		this.#load();
	}

	get problem(): Problem | undefined {
		return this.#problem;
	}

	get entries(): Entries {
		return this.#entries;
	}

	read(key: string): Json | undefined {
		const value = this.#entries[key]?.[1];
		return value === null ? undefined : value;
	}

	/** `undefined` removes the key. */
	write(key: string, value: Json | undefined): void {
		this.#load();
		const after = Math.max(this.#now(), (this.#entries[FORGOTTEN]?.[0] ?? 0) + 1, (this.#entries[key]?.[0] ?? 0) + 1);
		this.#entries = { ...this.#entries, [key]: [after, value ?? null] };
		this.#save();
	}

	/** Takes in entries from elsewhere: another page, a file. */
	absorb(entries: Entries): void {
		this.#load();
		this.#entries = mergeEntries(this.#entries, entries);
		this.#save();
	}

	/** Forgets every key, also in copies that come back later from another page. */
	forget(): void {
		this.#load();
		const latest = Math.max(this.#now(), ...Object.values(this.#entries).map(([time]) => time));
		this.#entries = { [FORGOTTEN]: [latest, null] };
		this.#problem = undefined;
		this.#save();
	}

	/** Another tab has written: read again. */
	refresh(): void {
		this.#load();
		this.#tell();
	}

	/** Called after each change. Returns the way to stop it. */
	watch(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#load(): void {
		try {
			const shelf = this.#shelf();
			const text = shelf.getItem(STORAGE_KEY);
			if (text === null) return;
			const kept = parseEntries(text);
			if (kept) {
				this.#entries = mergeEntries(this.#entries, kept);
			} else {
				this.#problem = 'corrupt';
				shelf.setItem(ASIDE_KEY, text);
				shelf.removeItem(STORAGE_KEY);
			}
		} catch {
			this.#problem ??= 'refused';
		}
	}

	#save(): void {
		try {
			this.#shelf().setItem(STORAGE_KEY, formatEntries(this.#entries));
			if (this.#problem !== 'corrupt') this.#problem = undefined;
		} catch (error) {
			this.#problem = error instanceof Error && /quota/i.test(error.name) ? 'full' : 'refused';
		}
		this.#tell();
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}
}
