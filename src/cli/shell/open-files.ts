/**
 * Files that something writes into as it goes: the output of a command behind `>`. What was written is put into the file
 * when somebody looks at a file, before the lab's time goes on, and when the command is over, so that all see it at once
 * and a loop of many small writes does not copy its file for each.
 */
import type { Person } from '../tool.ts';
import { MAX_FILES } from './limits.ts';
import { bytesOf, latin1, type Octets } from './routes.ts';

/** Whose files they are. */
export interface Filing {
	/** Adds to a file that is open, whoever may write it by now. */
	add(path: string, octets: string, as: Person | undefined): Promise<void>;
}

export class OpenFile {
	/** Where it is by now; undefined when it is gone. */
	path: string | undefined;
	readonly files: Filing;
	readonly #as: Person | undefined;
	readonly #all: OpenFiles;
	readonly #flooded: () => void;
	#held: string[] = [];
	#fault: unknown;
	/** Characters written at one time of the lab. */
	#size = 0;
	#at = -1;

	constructor(all: OpenFiles, files: Filing, path: string | undefined, as: Person | undefined, flooded: () => void) {
		this.#all = all;
		this.files = files;
		this.path = path;
		this.#as = as;
		this.#flooded = flooded;
	}

	/** Writes. It is in the file before anybody looks. */
	readonly write = (octets: Octets): void => {
		if (octets.text === '') return;
		const now = this.#all.now();
		this.#size = (now === this.#at ? this.#size : 0) + octets.text.length;
		this.#at = now;
		if (this.#size > MAX_FILES) this.#flooded();
		else if (this.path !== undefined) {
			this.#held.push(octets.binary ? octets.text : latin1(bytesOf(octets)));
			this.#all.written(this);
		}
	};

	/** Puts what was written into the file; the first error is kept for `close`. */
	async put(): Promise<void> {
		const text = this.#held.join('');
		this.#held = [];
		if (text === '' || this.path === undefined || this.#fault !== undefined) return;
		try {
			await this.files.add(this.path, text, this.#as);
		} catch (error) {
			this.#fault = error;
		}
	}

	/** Whoever opened it is over. @throws what went wrong with the file */
	async close(): Promise<void> {
		if (this.#held.length > 0) await this.#all.settle();
		const fault = this.#fault;
		this.#fault = undefined;
		if (fault !== undefined) throw fault;
	}
}

/** All of them, in all places over a lab. */
export class OpenFiles {
	readonly now: () => number;
	/** Those that were written to and not put into their file. */
	readonly #written = new Set<OpenFile>();
	readonly #open = new Set<WeakRef<OpenFile>>();
	#settling: Promise<void> | undefined;

	/** @param now the lab's time */
	constructor(now: () => number) {
		this.now = now;
	}

	/** Opens a file of a place, by the path that it really has; what is written to one without a path is gone. */
	open(files: Filing, path: string | undefined, as: Person | undefined, flooded: () => void): OpenFile {
		const file = new OpenFile(this, files, path, as, flooded);
		if (path !== undefined) this.#open.add(new WeakRef(file));
		return file;
	}

	written(file: OpenFile): void {
		this.#written.add(file);
	}

	/** Whether something was written that is not in its file yet. */
	get pending(): boolean {
		return this.#written.size > 0 || this.#settling !== undefined;
	}

	/** Puts all that was written into the files. */
	settle(): Promise<void> {
		this.#settling ??= this.#settle().finally(() => {
			this.#settling = undefined;
		});
		return this.#settling;
	}

	async #settle(): Promise<void> {
		for (const file of this.#written) {
			this.#written.delete(file);
			await file.put();
		}
	}

	/** A file, or what is in a directory, has another name, or none any more. */
	moved(files: Filing, from: string, to: string | undefined): void {
		for (const ref of this.#open) {
			const file = ref.deref();
			if (!file?.path) this.#open.delete(ref);
			else if (file.files !== files) continue;
			// What was there before is no longer at this name.
			else if (to !== undefined && file.path === to) file.path = undefined;
			else if (file.path === from || file.path.startsWith(`${from}/`))
				file.path = to === undefined ? undefined : to + file.path.slice(from.length);
		}
	}
}
