/** An editor over a terminal, from its opening until it is left: by somebody, or as a log has it. */
import type { Clock } from './clock.ts';
import type { Done } from './log.ts';
import type { EditedFile, ShowEditor } from './view.ts';

export class Editing {
	/** Resolves with what was saved last when it is left. */
	readonly left: Promise<string | undefined>;
	readonly #file: EditedFile;
	readonly #clock: Clock;
	readonly #leave: (saved: string | undefined) => void;
	#saved: string | undefined;
	#over = false;

	/** Whoever opens it waits from now on, and is busy again when it is left; `left` is called then. */
	constructor(file: EditedFile, clock: Clock, signal: AbortSignal, left: () => void) {
		this.#file = file;
		this.#clock = clock;
		let resolve: (saved: string | undefined) => void = () => {};
		this.left = new Promise((settle) => {
			resolve = settle;
		});
		this.#leave = (saved) => {
			left();
			clock.begin();
			resolve(saved);
		};
		signal.addEventListener('abort', () => this.leave());
		clock.end();
	}

	async save(text: string): Promise<void> {
		this.#saved = text;
		await this.#file.save?.(text);
	}

	leave(): void {
		if (this.#over) return;
		this.#over = true;
		this.#leave(this.#saved);
	}

	/** Somebody edits; what is saved and when it is left is recorded, each in its turn when something else runs. */
	async show(show: ShowEditor, signal: AbortSignal, record: (done: Done) => void): Promise<void> {
		const now = async (done: Done, act: () => Promise<void> | void): Promise<void> => {
			const release = this.#clock.calm ? undefined : await this.#clock.turn();
			try {
				if (this.#over) return;
				record(done);
				await act();
			} finally {
				release?.();
			}
		};
		const save = (text: string): Promise<void> => now({ kind: 'save', text }, () => this.save(text));
		const rest = await show({ ...this.#file, save }, signal);
		if (rest !== undefined) await save(rest);
		await now({ kind: 'leave' }, () => this.leave());
	}
}
