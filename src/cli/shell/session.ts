/**
 * A learner's terminal: shells one inside the other. Lines go to the innermost; `docker exec -it`, `kubectl exec -it` and
 * `bash` open one more, `exit` and Ctrl-D leave it. Several terminals may stand side by side over one lab and its clock;
 * what is done in them is in one log, so that it can be told again.
 */
import type { Place } from '../tool.ts';
import type { LineRun, TypingScreen } from './call.ts';
import { complete } from './complete.ts';
import { SessionCore, type SessionOptions } from './core.ts';
import { Editing } from './editing.ts';
import { type Expanded, expandHistory, isOf, remember } from './history.ts';
import { STOPPED } from './limits.ts';
import type { Done, LogEntry } from './log.ts';
import { Pipe } from './pipe.ts';
import { retell } from './retell.ts';
import type { Routes } from './routes.ts';
import { Shell } from './shell.ts';
import { unfinished } from './unfinished.ts';
import type { EditedFile, ShowEditor, View } from './view.ts';

export interface TerminalOptions extends SessionOptions, View {}

export class Session {
	readonly core: SessionCore;
	/** Number of the terminal in the log. */
	readonly tab: number;
	/** The session's end: the outermost shell's exit code. */
	code: number | undefined;
	readonly #view: View;
	readonly #routes: Routes;
	readonly #screen: TypingScreen;
	/** The innermost shell last, each with who waits for its end. */
	readonly #stack: { readonly shell: Shell; readonly closed?: (code: number) => void }[] = [];
	/** Lines of a command that is not finished. */
	#pending = '';
	#settled: (() => void) | undefined;
	#busy = false;
	/** A line that waits for its turn; set to false by Ctrl-C. */
	#asked: { wanted: boolean } | undefined;
	#editing: Editing | undefined;
	/** What reads from the terminal just now. */
	#reader: Pipe | undefined;
	/** Who waits for this to be ready for something. */
	#watchers: (() => void)[] = [];

	constructor(options: TerminalOptions);
	constructor(view: View, core: SessionCore, tab: number);
	constructor(view: View | TerminalOptions, core = new SessionCore(view as TerminalOptions), tab = 0) {
		this.#view = view;
		this.core = core;
		this.tab = tab;
		core.sessions.add(this);
		const { write, edit, reads } = view;
		this.#routes = { out: (o) => write(o, 'out'), err: (o) => write(o, 'err') };
		this.#stack.push({ shell: new Shell(this.core, { kind: 'laptop' }, { interactive: true }) });
		this.#screen = {
			tab,
			open: (shell) =>
				new Promise((closed) => {
					this.#stack.push({ shell, closed });
					if (shell.visit) shell.visit.ended = () => this.#ended();
					this.#settle();
				}),
			...(reads ? { keyboard: (line) => this.#keyboard(line, reads) } : {}),
			...(edit ? { edit: (file, signal) => this.#edit(edit, file, signal) } : {}),
		};
	}

	/** One more terminal over the same lab; the next number when none is given. */
	beside(view: View, tab = Math.max(...[...this.core.sessions].map((s) => s.tab)) + 1): Session {
		return new Session(view, this.core, tab);
	}

	/** The innermost shell. */
	get shell(): Shell {
		return this.#stack.at(-1)!.shell;
	}

	get place(): Place {
		return this.shell.place;
	}

	/** All of them, the innermost last. */
	get shells(): readonly Shell[] {
		return this.#stack.map(({ shell }) => shell);
	}

	/** Whether a terminal shows it. */
	get tty(): boolean {
		return this.#view.tty ?? true;
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

	/** Whether what runs waits for something to be typed. */
	get reading(): boolean {
		return this.#reader !== undefined;
	}

	/** What was done here and in the terminals beside. */
	get log(): readonly LogEntry[] {
		return this.core.log;
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
		if (this.code !== undefined || this.#busy) return;
		const { shell } = this;
		if (text.trim() === '') {
			this.#news(shell);
			return;
		}
		const { quiet, tty = true } = this.#view;
		const asIs = quiet || shell.state.options.histexpand === false;
		const meant: Expanded = asIs ? { text, changed: false } : expandHistory(text, shell.history);
		if ('error' in meant) {
			this.#routes.err?.({ text: meant.error, binary: false });
			return;
		}
		if (meant.changed) this.#routes.err?.({ text: `${meant.text}\n`, binary: false });
		if (shell.state.options.history !== false)
			remember(shell.history, meant.text.replace(/\n+$/, ''), shell.state.env, isOf);
		if (meant.shown) return;
		await this.#until({ kind: 'line', text }, () =>
			shell.run(meant.text, {
				routes: this.#routes,
				tty,
				screen: this.#screen,
				ended: () => {
					this.#news(shell);
					if (shell.visit?.code !== undefined) this.#close(shell.visit.code);
					else if (shell.left === undefined) this.#settle();
					else this.#close(shell.left);
				},
			}),
		);
	}

	/** Ctrl-C: what runs ends with 130; a line that is being written is thrown away. */
	interrupt(): void {
		this.#pending = '';
		if (!this.#busy) return;
		if (this.#asked) {
			this.#asked.wanted = false;
			this.#settle();
			return;
		}
		const { current } = this.shell;
		if (!current) return;
		if (!current.interrupted) this.#record({ kind: 'interrupt' }, true);
		current.interrupt();
	}

	/** Types a line for what reads from the terminal, or what is written of one before Ctrl-D. */
	type(text: string): Promise<void> {
		return this.#type({ kind: 'input', text });
	}

	/** Ctrl-D at the begin of a line, for what reads from the terminal. */
	endInput(): Promise<void> {
		return this.#type({ kind: 'input-end' });
	}

	async #type(done: Done & { readonly kind: 'input' | 'input-end' }): Promise<void> {
		const { clock } = this.core;
		const release = clock.calm || this.core.telling ? undefined : await clock.turn();
		const reader = this.#reader;
		if (reader) {
			this.#record(done, true);
			if (done.kind === 'input') reader.write({ text: done.text, binary: false });
			else reader.end();
		}
		release?.();
	}

	#keyboard(line: LineRun, reads: (waiting: boolean) => void): Pipe {
		const pipe: Pipe = new Pipe({
			clock: this.core.clock,
			reader: line,
			broken: () => {},
			left: () => {},
			flooded: () => line.interrupt(),
			again: true,
			waits: (waiting) => {
				this.#reader = waiting ? pipe : undefined;
				reads(waiting);
				this.#changed();
			},
		});
		return pipe;
	}

	/** Ctrl-D on an empty line: leaves the innermost shell. */
	async eof(): Promise<void> {
		if (this.code !== undefined || this.#busy) return;
		if (this.#pending !== '') {
			this.#pending = '';
			this.#routes.err?.({ text: 'bash: syntax error: unexpected end of file\n', binary: false });
			return;
		}
		await this.#until({ kind: 'eof' }, async () => {
			const { shell } = this;
			await shell.leave(this.#routes, this.#view.tty ?? true);
			this.#close(shell.lastCode);
		});
	}

	/** Closes the terminal: what runs is interrupted, its shells are gone. */
	close(): void {
		this.interrupt();
		if (!this.core.sessions.delete(this)) return;
		this.code ??= 129;
		if (this.core.log.some(({ tab = 0 }) => tab === this.tab)) this.#record({ kind: 'close' });
	}

	/** A file that the learner wrote outside of the shell: by dropping it there. */
	async writeFile(place: Place, path: string, content: string): Promise<void> {
		this.#record({ kind: 'file', place, path, content });
		this.core.turn++;
		await this.core.files(place).lay(path, content);
	}

	/** Text of a file; undefined when there is none. */
	async readFile(place: Place, path: string): Promise<string | undefined> {
		this.core.turn++;
		const files = this.core.files(place);
		return (await files.exists(path)) ? files.readFile(path) : undefined;
	}

	/** Does again what a log says, on a fresh session. */
	async replay(log: readonly LogEntry[]): Promise<void> {
		const others = new Map<number, Session>([[this.tab, this]]);
		await retell(this.core, log, ({ tab = 0 }) => {
			const known = others.get(tab) ?? this.beside(this.#view, tab);
			others.set(tab, known);
			return known;
		});
	}

	/** Does one thing of a log; resolves when it is over. `retell` says when. */
	async tell(entry: Done): Promise<void> {
		switch (entry.kind) {
			case 'line':
				return this.run(entry.text);
			case 'eof':
				return this.eof();
			case 'interrupt':
				return this.interrupt();
			case 'input':
			case 'input-end':
				return this.#type(entry);
			case 'close':
				return this.close();
			case 'file':
				return this.writeFile(entry.place, entry.path, entry.content);
			case 'save':
			case 'leave':
				if (this.#editing) this.#record(entry);
				return entry.kind === 'save' ? this.#editing?.save(entry.text) : this.#editing?.leave();
		}
	}

	/** Whether it may be told such a thing now. */
	readyFor(kind: Done['kind']): boolean {
		if (kind === 'input' || kind === 'input-end') return this.reading || !this.#busy;
		if (kind === 'save' || kind === 'leave') return this.#editing !== undefined || !this.#busy;
		if (kind !== 'line' && kind !== 'eof') return true;
		// A log that does not say how its editor was left is another version's.
		if (this.core.telling) {
			this.#editing?.leave();
			this.#reader?.end();
		}
		return !this.#busy;
	}

	async ready(kind: Done['kind']): Promise<void> {
		while (!this.readyFor(kind)) await new Promise<void>((resolve) => this.#watchers.push(resolve));
	}

	/** Words that may stand at the cursor. */
	complete(line: string): Promise<Completion> {
		return complete(line, this.shell);
	}

	/** Leaves the innermost shell; who opened it goes on. */
	#close(code: number): void {
		const { closed } = this.#stack.at(-1)!;
		if (!this.#view.quiet && this.shell.visit?.code === undefined)
			this.#routes.err?.({ text: 'exit\n', binary: false });
		if (!closed) {
			this.code = code;
			this.#settle();
			return;
		}
		this.#stack.pop();
		this.core.clock.begin();
		closed(code);
	}

	/** A container ended with the shells in it: what runs in the innermost is over, or that shell is. */
	#ended(): void {
		const { shell } = this;
		if (shell.visit?.code === undefined) return;
		if (shell.current) shell.current.interrupt();
		else if (!this.#busy) {
			this.#busy = true;
			this.#close(shell.visit.code);
		}
	}

	#news(shell: Shell): void {
		const text = shell.jobs.news();
		if (text && !this.#view.quiet) this.#routes.err?.({ text, binary: false });
	}

	async #edit(show: ShowEditor, file: EditedFile, signal: AbortSignal): Promise<string | undefined> {
		const editing = new Editing(file, this.core.clock, signal, () => {
			this.#editing = undefined;
		});
		this.#editing = editing;
		this.#changed();
		if (!this.core.telling) void editing.show(show, signal, (done) => this.#record(done));
		return editing.left;
	}

	/** Writes into the log; with the time when something else runs, or always. */
	#record(done: Done, timed = [...this.core.sessions].some((s) => s !== this && s.busy)): void {
		this.core.log.push({
			...done,
			...(this.tab === 0 ? {} : { tab: this.tab }),
			...(timed ? { at: this.core.lab.now } : {}),
		});
	}

	/** Starts something in its turn and waits until the next prompt may be shown: at its end, or when it opened a shell. */
	async #until(done: Done, start: () => Promise<unknown>): Promise<void> {
		const { clock, telling } = this.core;
		this.#busy = true;
		const ended = new Promise<void>((resolve) => {
			this.#settled = resolve;
		});
		const begin = (): void => {
			this.#record(done);
			start().catch((error: Error) => {
				this.#routes.err?.({ text: STOPPED(error.message), binary: false });
				this.#settle();
			});
		};
		// What a container does just now comes first, as it did.
		if (clock.calm || (telling && !clock.working)) begin();
		else {
			const asked = { wanted: true };
			this.#asked = asked;
			void clock.turn().then((release) => {
				if (asked.wanted) {
					this.#asked = undefined;
					begin();
				}
				release();
			});
		}
		await ended;
	}

	#settle(): void {
		this.#busy = false;
		this.#asked = undefined;
		this.#settled?.();
		this.#settled = undefined;
		this.#changed();
	}

	#changed(): void {
		const watchers = this.#watchers;
		this.#watchers = [];
		for (const tell of watchers) tell();
	}
}

export interface Completion {
	/** Where in the line the words begin. */
	readonly from: number;
	/** Whole words, as they would be written; a directory ends with `/`. */
	readonly words: readonly string[];
}
