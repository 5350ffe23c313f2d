/** One of the terminals of a machine: its session and what it shows. It knows no DOM; the view listens. */
import { type EditedFile, type LogEntry, type Octets, readable, type Session, type View } from '../../cli/index.ts';
import { LineEditor } from './line.ts';
import { type Line, Screen } from './screen.ts';
import type { Block } from './scrollback.tsx';

/** Commands kept in sight. */
const MAX_BLOCKS = 500;
/** Lines kept in sight, of all commands but the last. */
const MAX_KEPT = 6000;

interface OpenBlock {
	readonly id: number;
	readonly prompt?: string;
	readonly line?: string;
	readonly screen: Screen;
	code?: number;
	mark?: () => void;
	/** As it was drawn last. */
	drawn?: Block;
}

/** A file that is edited over the terminal. */
export interface Edit {
	readonly id: number;
	readonly file: EditedFile;
	/** Text as it stands in the editor. */
	readonly draft: string;
	/** Text as it was saved, or found. */
	readonly saved: string;
	/** Changes the draft. */
	write(text: string): void;
	/** Saves the draft; rejects when it cannot be written. */
	save(): Promise<void>;
	/** Closes the editor; what is not saved is lost. */
	leave(): void;
}

let edits = 0;

export class Tab {
	readonly session: Session;
	readonly editor = new LineEditor();
	/** The line that is being written. */
	draft = '';
	/** The file that is edited; the command line waits. */
	edit: Edit | undefined;
	#blocks: OpenBlock[] = [];
	#ids = 0;
	readonly #changed: () => void;
	/** A program wrote something. */
	readonly #wrote: () => void;
	/** Who waits for a prompt, or for something that reads. */
	#waiting: (() => void)[] = [];
	/** Counts pastes, and what ended one. */
	#pastes = 0;

	/** `open` makes the session, given what it writes to. */
	constructor(open: (view: View) => Session, changed: () => void, wrote: () => void) {
		this.#wrote = wrote;
		this.#changed = () => {
			const waiting = this.#waiting;
			this.#waiting = [];
			for (const go of waiting) go();
			changed();
		};
		this.session = open({
			write: (octets) => this.#write(octets),
			reads: () => this.#changed(),
			edit: (file, signal) =>
				new Promise((resolve) => {
					const leave = (): void => {
						if (this.edit === edit) this.edit = undefined;
						resolve(undefined);
						changed();
					};
					const edit = {
						id: ++edits,
						file,
						draft: file.text,
						saved: file.text,
						write: (text: string): void => {
							edit.draft = text;
							changed();
						},
						save: async (): Promise<void> => {
							const text = edit.draft;
							await file.save(text);
							edit.saved = text;
							changed();
						},
						leave,
					};
					this.edit = edit;
					signal.addEventListener('abort', leave);
					changed();
				}),
		});
		this.editor.begin([]);
	}

	get number(): number {
		return this.session.tab;
	}

	/** Whether an editor holds what was not saved. */
	get unsaved(): boolean {
		return this.edit !== undefined && this.edit.draft !== this.edit.saved;
	}

	/** Name of the command that runs; undefined at a prompt. */
	get running(): string | undefined {
		if (!this.session.busy) return undefined;
		return /^\s*(\S+)/.exec(this.session.shell.current?.text ?? '')?.[1];
	}

	get blocks(): readonly Block[] {
		return this.#blocks.map((block) => {
			const all = block.screen.lines;
			const lines = all.length === 1 && all[0]!.spans.length === 0 ? [] : all;
			const { drawn } = block;
			if (drawn && drawn.code === block.code && drawn.mark === block.mark && same(drawn.lines, lines)) return drawn;
			const { id, prompt, line, code, mark } = block;
			block.drawn = { id, prompt, line, code, mark, lines };
			return block.drawn;
		});
	}

	/** The command that runs, or was the last, has a place in a figure; `go` leads there. */
	mark(go: () => void): void {
		this.#last().mark = go;
		this.#changed();
	}

	/** All that is in sight, as text. */
	textOf(prompts: boolean): string {
		return this.blocks
			.map(({ prompt, line, lines }) => {
				const entered = line === undefined ? [] : [(prompts ? (prompt ?? '') : '') + line];
				return [...entered, ...lines.map((l) => l.spans.map((s) => s.text).join(''))].join('\n');
			})
			.join('\n');
	}

	write(text: string): void {
		this.draft = text;
		this.#changed();
	}

	async submit(): Promise<void> {
		const line = this.draft;
		this.draft = '';
		await this.#run(line);
	}

	/** Several lines: all that are whole are run, the rest stays to be written on. */
	async paste(text: string): Promise<void> {
		const lines = text.split('\n');
		const rest = lines.pop()!;
		const turn = ++this.#pastes;
		while (lines.length > 0) {
			if (this.session.reading) await this.type(`${lines.shift()}\n`);
			else if (this.session.busy) await this.#idle();
			else void this.#run(lines.shift()!);
			await this.#idle();
			// As in a terminal, Ctrl-C throws away what was not read yet.
			if (this.session.code !== undefined || turn !== this.#pastes) return;
		}
		this.write(rest);
	}

	/** Until it can be typed: at a prompt, or into what runs. */
	async #idle(): Promise<void> {
		const { session } = this;
		while (session.busy && !session.reading) await new Promise<void>((resolve) => this.#waiting.push(resolve));
	}

	/** Into what runs and reads: a line, or what there is of one before Ctrl-D. */
	async type(text: string): Promise<void> {
		if (!this.session.reading) return;
		this.draft = '';
		this.#last().screen.write(text);
		this.#changed();
		await this.session.type(text);
	}

	/** Ctrl-D while something reads: an end at the begin of a line, else what is written of it. */
	async endInput(): Promise<void> {
		if (this.draft !== '') return this.type(this.draft);
		await this.session.endInput();
	}

	/** Does one thing of a log. */
	async tell(entry: LogEntry): Promise<void> {
		const { session } = this;
		if (entry.kind !== 'line' && entry.kind !== 'eof') {
			if (entry.kind === 'interrupt' && session.busy) this.#last().screen.write('^C\n');
			if (entry.kind === 'input') this.#last().screen.write(entry.text);
			return session.tell(entry);
		}
		if (session.code !== undefined) return;
		const block = this.#open(session.prompt, entry.kind === 'line' ? entry.text : '');
		await session.tell(entry);
		if (entry.kind === 'line') block.code = session.shell.lastCode;
		this.#atPrompt();
	}

	async #run(line: string): Promise<void> {
		const { session } = this;
		if (session.busy || session.code !== undefined) return;
		const block = this.#open(session.prompt, line);
		const running = session.submit(line);
		this.#changed();
		await running;
		// A line that goes on has no code yet; one that opened a shell is not over.
		if (!session.prompt.startsWith('> ') && line.trim() !== '') block.code = session.shell.lastCode;
		this.#atPrompt();
	}

	interrupt(): void {
		const { session } = this;
		this.#pastes++;
		if (session.busy) {
			this.draft = '';
			this.#last().screen.write('^C\n');
			session.interrupt();
			this.#changed();
			return;
		}
		this.#open(session.prompt, `${this.draft}^C`);
		session.interrupt();
		this.draft = '';
		this.#atPrompt();
	}

	async eof(): Promise<void> {
		this.#open(this.session.prompt, '');
		const over = this.session.eof();
		this.#changed();
		await over;
		this.#atPrompt();
	}

	clear(): void {
		this.#blocks = [];
		this.#changed();
	}

	/** Says something that no program did. */
	say(text: string): void {
		this.#last().screen.write(`${text}\n`);
		this.#changed();
	}

	showChoices(words: readonly string[]): void {
		const block = this.#open(this.session.prompt, this.draft);
		const width = Math.max(...words.map((word) => word.length)) + 2;
		const columns = Math.max(1, Math.floor(80 / width));
		const rows = Math.ceil(words.length / columns);
		for (let row = 0; row < rows; row++) {
			const line = Array.from({ length: columns }, (_, c) => (words[c * rows + row] ?? '').padEnd(width)).join('');
			block.screen.write(`${line.trimEnd()}\n`);
		}
		this.#changed();
	}

	#atPrompt(): void {
		this.editor.begin(this.session.shell.history);
		this.#changed();
	}

	#open(prompt: string, line: string): OpenBlock {
		const block: OpenBlock = { id: this.#ids++, prompt, line, screen: new Screen() };
		this.#blocks.push(block);
		let kept = 0;
		const over = this.#blocks.findLastIndex(({ screen }, i) => {
			kept += screen.lines.length;
			return kept > MAX_KEPT || i < this.#blocks.length - MAX_BLOCKS;
		});
		// The one before the last is always there.
		this.#blocks.splice(0, Math.min(over + 1, this.#blocks.length - 2));
		return block;
	}

	#last(): OpenBlock {
		const last = this.#blocks.at(-1);
		if (last) return last;
		const block: OpenBlock = { id: this.#ids++, screen: new Screen() };
		this.#blocks.push(block);
		return block;
	}

	#write(octets: Octets): void {
		const text = readable(octets);
		// `clear` is for the whole terminal, not for one block of it.
		const at = text.lastIndexOf('\u001b[3J');
		if (at >= 0) {
			this.#blocks = [];
			const rest = text.slice(at + 4);
			if (rest) this.#last().screen.write(rest);
		} else this.#last().screen.write(text);
		this.#wrote();
	}
}

const same = (a: readonly Line[], b: readonly Line[]): boolean =>
	a === b || (a.length === b.length && a.every((line, i) => line === b[i]));
