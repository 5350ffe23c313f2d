/**
 * A learner's session: shells one inside the other. Lines go to the innermost; `docker exec -it`, `kubectl exec -it` and
 * `bash` open one more, `exit` and Ctrl-D leave it. What was typed and written is logged, so that it can be told again.
 */
import type { Place } from '../tool.ts';
import type { TypingScreen } from './call.ts';
import { complete } from './complete.ts';
import { SessionCore, type SessionOptions } from './core.ts';
import { STOPPED } from './limits.ts';
import type { Octets, Routes } from './routes.ts';
import { Shell } from './shell.ts';
import { unfinished } from './unfinished.ts';

/** A thing the learner did. */
export type LogEntry =
	| {
			readonly kind: 'line';
			/** With its continuation lines. */
			readonly text: string;
			/** Virtual microseconds at which Ctrl-C came. */
			readonly interruptedAt?: number;
			/** What its editors saved, one after another; null for one that was left without saving. */
			readonly edits?: readonly (string | null)[];
	  }
	| { readonly kind: 'eof' }
	| { readonly kind: 'file'; readonly place: Place; readonly path: string; readonly content: string };

export interface TerminalOptions extends SessionOptions {
	/** What is written, as it is written. */
	readonly write: (octets: Octets, stream: 'out' | 'err') => void;
	/** Shows an editor over the terminal; see `Call.edit`. Settles with undefined once the signal is aborted. */
	readonly edit?: TypingScreen['edit'];
	/** Whether a terminal shows it; tools then show progress and colours. True when absent. */
	readonly tty?: boolean;
	/** Says nothing of `exit` and of jobs that ended: a script is read, nobody types. */
	readonly quiet?: boolean;
}

export class Session {
	readonly core: SessionCore;
	/** The session's end: the outermost shell's exit code. */
	code: number | undefined;
	readonly #log: LogEntry[] = [];
	readonly #options: TerminalOptions;
	readonly #routes: Routes;
	readonly #screen: TypingScreen;
	/** The innermost shell last, each with who waits for its end. */
	readonly #stack: { readonly shell: Shell; readonly closed?: (code: number) => void }[] = [];
	/** Lines of a command that is not finished. */
	#pending = '';
	#settled: (() => void) | undefined;
	#busy = false;
	#replaying: number | undefined;
	/** Where in the log the line is that runs. */
	#running = 0;
	/** Of a line that is told again: what its editors saved. */
	#saved: (string | null)[] | undefined;

	constructor(options: TerminalOptions) {
		this.#options = options;
		this.core = new SessionCore(options);
		const { write } = options;
		this.#routes = { out: (o) => write(o, 'out'), err: (o) => write(o, 'err') };
		this.#stack.push({ shell: new Shell(this.core, { kind: 'laptop' }, { interactive: true }) });
		const { edit } = options;
		this.#screen = {
			open: (shell) =>
				new Promise((closed) => {
					this.#stack.push({ shell, closed });
					this.#settle();
				}),
			...(edit ? { edit: (file, signal) => this.#edit(edit, file, signal) } : {}),
		};
	}

	/** The innermost shell. */
	get shell(): Shell {
		return this.#stack.at(-1)!.shell;
	}

	get place(): Place {
		return this.shell.place;
	}

	/** How many shells one is inside of. */
	get depth(): number {
		return this.#stack.length;
	}

	/** What stands before the cursor; `> ` while a command is not finished. */
	get prompt(): string {
		return this.#pending === '' ? this.shell.prompt : '> ';
	}

	/** Whether a line runs. */
	get busy(): boolean {
		return this.#busy;
	}

	get log(): readonly LogEntry[] {
		return this.#log;
	}

	/** Runs lines before the learner comes: nothing is shown, logged or remembered. */
	async prepare(text: string): Promise<void> {
		await this.shell.run(text, { routes: { out: () => {}, err: () => {} }, tty: false });
		this.shell.forgetCode();
	}

	/** Takes one line. Resolves when the next prompt may be shown. */
	async submit(line: string): Promise<void> {
		if (this.code !== undefined || this.#busy) return;
		const text = this.#pending + line;
		const { shell } = this;
		if (unfinished(text, shell)) {
			this.#pending = `${text}\n`;
			return;
		}
		this.#pending = '';
		await this.run(text);
	}

	/** Runs a whole command, however many lines it has, in the innermost shell. */
	async run(text: string): Promise<void> {
		const { shell } = this;
		if (text.trim() === '') {
			this.#news(shell);
			return;
		}
		shell.history.push(text.replace(/\n+$/, ''));
		const index = this.#log.push({ kind: 'line', text }) - 1;
		this.#running = index;
		await this.#until(() => this.#line(shell, text, index));
	}

	async #line(shell: Shell, text: string, index: number): Promise<void> {
		await shell.run(text, {
			routes: this.#routes,
			tty: this.#options.tty ?? true,
			screen: this.#screen,
			...(this.#replaying === undefined ? {} : { interruptAt: this.#replaying }),
		});
		const entry = this.#log[index]!;
		if (this.#interruptedAt !== undefined && entry.kind === 'line')
			this.#log[index] = { ...entry, interruptedAt: this.#interruptedAt };
		this.#interruptedAt = undefined;
		this.#news(shell);
		if (shell.left === undefined) this.#settle();
		else this.#close(shell.left);
	}

	/** What somebody made of a file, or had made of it when the line is told again. */
	async #edit(
		edit: NonNullable<TypingScreen['edit']>,
		file: Parameters<typeof edit>[0],
		signal: AbortSignal,
	): Promise<string | undefined> {
		const told = this.#saved?.shift();
		// Told again, and nothing was saved or left: it had been interrupted.
		if (this.#saved && told === undefined) this.interrupt();
		const text = this.#saved ? (told ?? undefined) : await edit(file, signal);
		const entry = this.#log[this.#running];
		if (!signal.aborted && entry?.kind === 'line')
			this.#log[this.#running] = { ...entry, edits: [...(entry.edits ?? []), text ?? null] };
		return text;
	}

	#interruptedAt: number | undefined;

	/** Ctrl-C: what runs ends with 130; a line that is being written is thrown away. */
	interrupt(): void {
		this.#pending = '';
		if (!this.#busy) return;
		this.#interruptedAt = this.core.lab.now;
		this.shell.current?.interrupt();
	}

	/** Ctrl-D on an empty line: leaves the innermost shell. */
	async eof(): Promise<void> {
		if (this.code !== undefined || this.#busy) return;
		if (this.#pending !== '') {
			this.#pending = '';
			this.#routes.err?.({ text: 'bash: syntax error: unexpected end of file\n', binary: false });
			return;
		}
		this.#log.push({ kind: 'eof' });
		await this.#until(async () => this.#close(this.shell.lastCode));
	}

	/** A file that the learner wrote outside of the shell: in an editor, by dropping it there. */
	async writeFile(place: Place, path: string, content: string): Promise<void> {
		this.#log.push({ kind: 'file', place, path, content });
		this.core.turn++;
		await this.core.files(place).writeFile(path, content);
	}

	/** Text of a file, for an editor; undefined when there is none. */
	async readFile(place: Place, path: string): Promise<string | undefined> {
		this.core.turn++;
		const files = this.core.files(place);
		return (await files.exists(path)) ? files.readFile(path) : undefined;
	}

	/** Does again what a log says, on a fresh session. */
	async replay(log: readonly LogEntry[]): Promise<void> {
		for (const entry of log) {
			if (entry.kind === 'file') await this.writeFile(entry.place, entry.path, entry.content);
			else if (entry.kind === 'eof') await this.eof();
			else {
				this.#replaying = entry.interruptedAt;
				this.#saved = [...(entry.edits ?? [])];
				this.#interruptedAt = entry.interruptedAt;
				await this.run(entry.text);
				this.#replaying = undefined;
				this.#saved = undefined;
			}
		}
	}

	/** Words that may stand at the cursor. */
	complete(line: string): Promise<Completion> {
		return complete(line, this.shell);
	}

	/** Leaves the innermost shell; who opened it goes on. */
	#close(code: number): void {
		const { closed } = this.#stack.at(-1)!;
		if (!this.#options.quiet) this.#routes.err?.({ text: 'exit\n', binary: false });
		if (!closed) {
			this.code = code;
			this.#settle();
			return;
		}
		this.#stack.pop();
		closed(code);
	}

	#news(shell: Shell): void {
		const text = shell.jobs.news();
		if (text && !this.#options.quiet) this.#routes.err?.({ text, binary: false });
	}

	/** Starts something and waits until the next prompt may be shown: at its end, or when it opened a shell. */
	async #until(start: () => Promise<void>): Promise<void> {
		this.#busy = true;
		await new Promise<void>((resolve) => {
			this.#settled = resolve;
			start().catch((error: Error) => {
				this.#routes.err?.({ text: STOPPED(error.message), binary: false });
				this.#settle();
			});
		});
	}

	#settle(): void {
		this.#busy = false;
		this.#settled?.();
		this.#settled = undefined;
	}
}

export interface Completion {
	/** Where in the line the words begin. */
	readonly from: number;
	/** Whole words, as they would be written; a directory ends with `/`. */
	readonly words: readonly string[];
}
