/** A session with what its terminal shows. It knows no DOM; the view listens. */
import { type LogEntry, type Octets, readable, retell, Session, type SessionOptions } from '../../cli/index.ts';
import { LineEditor } from './line.ts';
import { Pacer, type Speed } from './pace.ts';
import { type Line, Screen } from './screen.ts';
import type { Block } from './scrollback.tsx';

/** Commands kept in sight. */
const MAX_BLOCKS = 500;

interface OpenBlock {
	readonly id: number;
	readonly prompt?: string;
	readonly line?: string;
	readonly screen: Screen;
	code?: number;
	/** As it was drawn last. */
	drawn?: Block;
}

let machines = 0;

export class Machine {
	readonly id = ++machines;
	readonly session: Session;
	readonly pacer: Pacer;
	readonly editor = new LineEditor();
	/** The line that is being written. */
	draft = '';
	#blocks: OpenBlock[] = [];
	#ids = 0;
	readonly #listeners = new Set<() => void>();
	#asked = false;

	constructor(options: Omit<SessionOptions, 'pace'>, speed: Speed = 'fast') {
		this.pacer = new Pacer(speed, () => this.#changed());
		this.session = new Session({
			...options,
			pace: this.pacer.pace,
			write: (octets) => this.#write(octets),
		});
		this.editor.begin([]);
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

	get blocks(): readonly Block[] {
		return this.#blocks.map((block) => {
			const all = block.screen.lines;
			const lines = all.length === 1 && all[0]!.spans.length === 0 ? [] : all;
			const { drawn } = block;
			if (drawn && drawn.code === block.code && same(drawn.lines, lines)) return drawn;
			const { id, prompt, line, code } = block;
			block.drawn = { id, prompt, line, code, lines };
			return block.drawn;
		});
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
		for (const line of lines) {
			await this.#run(line);
			if (this.session.code !== undefined) return;
		}
		this.write(rest);
	}

	/**
	 * Does again what a log says, as fast as it goes. `told` is called before each entry, with its number from 1, and says
	 * whether to go on. Answers how many were begun.
	 */
	async replay(log: readonly LogEntry[], told: (n: number) => boolean = () => true): Promise<number> {
		const { session, pacer } = this;
		const { speed } = pacer;
		const all = new Map([[session.tab, session]]);
		let begun = 0;
		let on = true;
		pacer.setSpeed('instant');
		try {
			await retell(
				session.core,
				log,
				({ tab = 0 }) => {
					const one = all.get(tab) ?? session.beside({ write: (octets) => this.#write(octets) }, tab);
					all.set(tab, one);
					return one;
				},
				async (entry, one) => {
					on &&= told(begun + 1) && session.code === undefined;
					if (!on) return;
					begun++;
					await this.#tell(entry, one);
				},
			);
		} finally {
			pacer.setSpeed(speed);
		}
		return begun;
	}

	async #tell(entry: LogEntry, one: Session): Promise<void> {
		if (entry.kind === 'interrupt') this.#last().screen.write('^C\n');
		const block =
			entry.kind === 'line' || entry.kind === 'eof'
				? this.#open(one.prompt, entry.kind === 'line' ? entry.text : '')
				: undefined;
		await one.tell(entry);
		if (block && entry.kind === 'line') block.code = one.shell.lastCode;
		this.editor.begin(one.shell.history);
		this.#changed();
	}

	async #run(line: string): Promise<void> {
		const { session } = this;
		if (session.busy || session.code !== undefined) return;
		const block = this.#open(session.prompt, line);
		const running = session.submit(line);
		this.#changed();
		await running;
		const code = session.shell.lastCode;
		// A line that goes on has no code yet; one that opened a shell is not over.
		if (!session.prompt.startsWith('> ') && line.trim() !== '') block.code = code;
		this.editor.begin(session.shell.history);
		this.#changed();
	}

	interrupt(): void {
		if (this.session.busy) {
			this.#last().screen.write('^C\n');
			this.session.interrupt();
			this.pacer.release();
		} else {
			this.#open(this.session.prompt, `${this.draft}^C`);
			this.session.interrupt();
			this.draft = '';
			this.editor.begin(this.session.shell.history);
		}
		this.#changed();
	}

	async eof(): Promise<void> {
		this.#open(this.session.prompt, '');
		const over = this.session.eof();
		this.#changed();
		await over;
		this.editor.begin(this.session.shell.history);
		this.#changed();
	}

	clear(): void {
		this.#blocks = [];
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

	setSpeed(speed: Speed): void {
		this.pacer.setSpeed(speed);
	}

	#open(prompt: string, line: string): OpenBlock {
		const block: OpenBlock = { id: this.#ids++, prompt, line, screen: new Screen() };
		this.#blocks.push(block);
		if (this.#blocks.length > MAX_BLOCKS) this.#blocks.splice(0, this.#blocks.length - MAX_BLOCKS);
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
		this.#changed();
	}

	/** Many writes are one drawing. */
	#changed(): void {
		if (this.#asked) return;
		this.#asked = true;
		queueMicrotask(() => {
			this.#asked = false;
			for (const listener of this.#listeners) listener();
		});
	}
}

const same = (a: readonly Line[], b: readonly Line[]): boolean =>
	a.length === b.length && a.every((line, i) => line === b[i]);
