/** Runs a sed program over its input (execute_program of sed/execute.c @ v4.8). */
import { PatternError } from '../grep/tree.ts';
import { ScriptFault, UsedUp } from './faults.ts';
import type { Input, Line } from './input.ts';
import { listed } from './listed.ts';
import type { Outputs } from './outputs.ts';
import type { Pattern } from './pattern.ts';
import type { Address, Command, Program, Substitution } from './program.ts';
import { bounded, substituted } from './substitute.ts';
import { charactersOf, octetsFor } from './text.ts';

export interface World {
	/** Octets of a file; undefined when it cannot be read. */
	file(path: string): Promise<string | undefined>;
	/** What a command writes. Octets. */
	output(command: string): Promise<string>;
	breathe(): Promise<void>;
}

export interface RunOptions {
	readonly quiet: boolean;
	readonly posix: boolean;
	readonly end: '\n' | '\0';
	/** `-l` */
	readonly width: number;
}

/** Steps of commands and of patterns in one run. */
const MOST_STEPS = 30_000_000;
/** Steps between two looks at whether the page has to breathe. */
const PATIENCE = 20_000;

/** What becomes of a line behind its program: the next one, or the end. */
type Left = 'next' | 'deleted' | 'again' | number;

export class Run {
	readonly #program: Program;
	readonly #input: Input;
	readonly #out: Outputs;
	readonly #world: World;
	readonly #o: RunOptions;
	/** Pattern space and hold space, with whether their last line had its end. */
	#line: Line = { text: '', ended: true };
	#hold: Line = { text: '', ended: true };
	#replaced = false;
	#queue: ({ readonly octets: string } | { readonly file: string })[] = [];
	#last: Pattern | undefined;
	/** Of files of `R`, what is left. */
	readonly #rests = new Map<string, string>();
	#steps = 0;
	#rested = 0;

	constructor(program: Program, input: Input, out: Outputs, world: World, options: RunOptions) {
		this.#program = program;
		this.#input = input;
		this.#out = out;
		this.#world = world;
		this.#o = options;
	}

	/** Its exit code; 0 when it says none. @throws ScriptFault, Panic, UsedUp */
	async run(): Promise<number> {
		try {
			while (await this.#read(false)) {
				let left: Left;
				do {
					left = await this.#cycle();
					if (left === 'next' && !this.#o.quiet) this.#out.line(undefined, this.#line.text, this.#line.ended);
					await this.#append();
				} while (left === 'again');
				if (typeof left === 'number') return left;
			}
			return 0;
		} catch (error) {
			if (error instanceof PatternError) throw new UsedUp('the pattern takes too long');
			throw error;
		}
	}

	/** Counts; waits when it is time to. @throws UsedUp */
	#spend(steps: number): Promise<void> | undefined {
		this.#steps += steps;
		if (this.#steps - this.#rested < PATIENCE) return undefined;
		this.#rested = this.#steps;
		if (this.#steps > MOST_STEPS) throw new UsedUp('the loop does not end');
		return this.#world.breathe();
	}

	/** The next line into the pattern space, or behind what is there. */
	async #read(more: boolean): Promise<boolean> {
		if (this.#queue.length > 0) await this.#append();
		this.#replaced = false;
		const next = this.#input.next();
		const line = next instanceof Promise ? await next : next;
		if (line === undefined) return false;
		if (this.#input.turned()) this.#begin();
		this.#line = more ? { text: bounded(this.#line.text + this.#o.end + line.text), ended: line.ended } : line;
		const wait = this.#spend(5);
		if (wait) await wait;
		return true;
	}

	/** A file for itself begins: ranges and the hold space are as at the beginning. */
	#begin(): void {
		this.#hold = { text: '', ended: this.#hold.ended };
		for (const command of this.#program.commands)
			command.state = command.from?.kind === 'line' && command.from.line === 0 ? 'within' : 'before';
	}

	async #append(): Promise<void> {
		const queue = this.#queue;
		this.#queue = [];
		for (const item of queue) {
			const octets = 'file' in item ? await this.#contents(item.file) : item.octets;
			if (octets !== undefined && octets !== '') this.#out.octets(octets);
		}
	}

	async #contents(path: string): Promise<string | undefined> {
		// What `w` wrote there may be read again.
		await this.#out.flush();
		return this.#world.file(path);
	}

	#find(pattern: Pattern | undefined, needed = 0): Pattern {
		const { where } = this.#program;
		const meant = pattern ?? this.#last;
		if (!meant) throw new ScriptFault(where, 'no previous regular expression');
		if (meant.groups < needed) throw new ScriptFault(where, `invalid reference \\${needed} on \`s' command's RHS`);
		this.#last = meant;
		return meant;
	}

	#meets(address: Address, end: number): boolean | Promise<boolean> {
		const line = this.#input.number;
		switch (address.kind) {
			case 'line':
				return address.line === line;
			case 'step':
				return line >= address.first && (line - address.first) % address.step === 0;
			case 'last':
				return this.#input.last();
			case 'match': {
				const pattern = this.#find(address.pattern);
				const before = pattern.spent;
				const found = pattern.find(this.#line.text, 0) !== undefined;
				this.#steps += pattern.spent - before;
				return found;
			}
			case 'here':
				return true;
			default:
				return end <= line;
		}
	}

	/** Whether a command's addresses mean this line (match_address_p). */
	async #within(command: Command, from: Address, to: Address): Promise<boolean> {
		const line = this.#input.number;
		if (command.state !== 'within') {
			// A number is a place: a range begins there also when that line was passed.
			if (from.kind === 'line') {
				if (command.state === 'behind' || line < from.line) return false;
			} else if (!(await this.#meets(from, 0))) return false;
			command.state = 'within';
			switch (to.kind) {
				case 'match':
					return true;
				case 'line':
					if (line >= to.line) command.state = 'behind';
					return line <= to.line || (await this.#meets(from, 0));
				case 'more':
					command.end = line + to.count;
					return true;
				case 'multiple':
					command.end = line + to.of - (line % to.of);
					return true;
			}
		}
		if (to.kind === 'line') {
			if (line >= to.line) command.state = 'behind';
			return line <= to.line;
		}
		if (await this.#meets(to, command.end)) command.state = 'behind';
		return true;
	}

	#means(command: Command): boolean | Promise<boolean> {
		const { from, to } = command;
		if (!from) return true;
		return to ? this.#within(command, from, to) : this.#meets(from, 0);
	}

	async #cycle(): Promise<Left> {
		const { commands } = this.#program;
		for (let at = 0; at < commands.length; ) {
			const command = commands[at++]!;
			const wait = this.#spend(1);
			if (wait) await wait;
			const means = this.#means(command);
			const meant = means instanceof Promise ? await means : means;
			if (meant === command.not) {
				if (command.name === '{') at = command.jump;
				continue;
			}
			const done = this.#do(command);
			const left = done instanceof Promise ? await done : done;
			if (left === 'jump') at = command.jump;
			else if (left !== undefined) return left;
		}
		return 'next';
	}

	#put(text: string): void {
		this.#line = { text, ended: this.#line.ended };
	}

	/** What goes on with the next command is undefined. */
	#do(command: Command): Left | 'jump' | undefined | Promise<Left | undefined> {
		const { end, quiet } = this.#o;
		const { text, ended } = this.#line;
		const head = (): number => text.indexOf(end);
		switch (command.name) {
			case '{':
				return undefined;
			case 'b':
				return 'jump';
			case 't':
			case 'T': {
				const jumps = this.#replaced === (command.name === 't');
				this.#replaced = false;
				return jumps ? 'jump' : undefined;
			}
			case 'a':
				this.#queue.push({ octets: command.text ?? '' });
				return undefined;
			case 'i':
				this.#out.octets(command.text ?? '');
				return undefined;
			case 'c':
				if (command.state !== 'within' || !command.to) this.#out.octets(command.text ?? '');
				return 'deleted';
			case 'd':
				return 'deleted';
			case 'D':
				if (head() < 0) return 'deleted';
				this.#put(text.slice(head() + 1));
				return 'again';
			case 'e':
				return this.#execute(command);
			case 'F':
				this.#out.octets(`${octetsFor(this.#input.name)}${end}`);
				return undefined;
			case '=':
				this.#out.octets(`${this.#input.number}${end}`);
				return undefined;
			case 'g':
				this.#line = this.#hold;
				return undefined;
			case 'G':
				this.#line = { text: bounded(text + end + this.#hold.text), ended: this.#hold.ended };
				return undefined;
			case 'h':
				this.#hold = this.#line;
				return undefined;
			case 'H':
				this.#hold = { text: bounded(this.#hold.text + end + text), ended };
				return undefined;
			case 'x':
				[this.#line, this.#hold] = [this.#hold, this.#line];
				return undefined;
			case 'l':
			case 'L':
				this.#out.octets(listed(octetsFor(text), command.number ?? this.#o.width, end));
				return undefined;
			case 'n':
			case 'N':
				return this.#next(command.name === 'N');
			case 'p':
				this.#out.line(undefined, text, ended);
				return undefined;
			case 'P':
				this.#out.line(undefined, head() < 0 ? text : text.slice(0, head()), head() >= 0 || ended);
				return undefined;
			case 'q':
				if (!quiet) this.#out.line(undefined, text, ended);
				return command.number ?? 0;
			case 'Q':
				this.#queue = [];
				return command.number ?? 0;
			case 'r':
				this.#queue.push({ file: command.file! });
				return undefined;
			case 'R':
				return this.#oneOf(command.file!);
			case 's':
				return this.#substitute(command.substitution!);
			case 'w':
				this.#out.line(command.file!, text, ended);
				return undefined;
			case 'W':
				this.#out.line(command.file!, head() < 0 ? text : text.slice(0, head()), head() >= 0 || ended);
				return undefined;
			case 'y': {
				const map = command.map!;
				this.#steps += text.length >> 3;
				this.#put([...text].map((letter) => map.get(letter) ?? letter).join(''));
				return undefined;
			}
			case 'z':
				this.#put('');
				return undefined;
		}
		return undefined;
	}

	async #next(more: boolean): Promise<Left | undefined> {
		if (await this.#input.last()) {
			// POSIX: what is there is not written then.
			return this.#o.posix ? 'deleted' : 'next';
		}
		if (!more && !this.#o.quiet) this.#out.line(undefined, this.#line.text, this.#line.ended);
		return (await this.#read(more)) ? undefined : 'deleted';
	}

	/** The next line of a file of `R`. */
	async #oneOf(path: string): Promise<undefined> {
		const rest = this.#rests.get(path) ?? (await this.#contents(path)) ?? '';
		const stop = rest.indexOf(this.#o.end);
		const line = stop < 0 ? rest : rest.slice(0, stop);
		this.#rests.set(path, stop < 0 ? '' : rest.slice(stop + 1));
		if (rest !== '') this.#queue.push({ octets: line + this.#o.end });
	}

	async #execute({ text }: Command): Promise<undefined> {
		if (text !== undefined) {
			this.#out.octets(await this.#world.output(text));
			return;
		}
		this.#put(await this.#answer());
	}

	/** What the pattern space writes when it is run. */
	async #answer(): Promise<string> {
		const { end } = this.#o;
		const answer = await this.#world.output(octetsFor(this.#line.text));
		return bounded(charactersOf(answer.endsWith(end) ? answer.slice(0, -1) : answer));
	}

	#substitute(sub: Substitution): undefined | Promise<undefined> {
		const pattern = this.#find(sub.pattern, sub.replacement.groups);
		const before = pattern.spent;
		const work = substituted(sub, pattern, this.#line.text);
		const spend = (): void => {
			this.#steps += pattern.spent - before + (this.#line.text.length >> 3);
		};
		const first = work.next();
		if (first.done) {
			spend();
			return first.value === undefined ? undefined : this.#substituted(sub, first.value);
		}
		return (async () => {
			let step: IteratorResult<void, string | undefined> = first;
			while (!step.done) {
				await this.#world.breathe();
				step = work.next();
			}
			spend();
			return step.value === undefined ? undefined : this.#substituted(sub, step.value);
		})();
	}

	#substituted(sub: Substitution, text: string): undefined | Promise<undefined> {
		this.#replaced = true;
		this.#put(text);
		const print = (): undefined => {
			if (sub.file !== undefined) this.#out.line(sub.file, this.#line.text, this.#line.ended);
			return undefined;
		};
		if (sub.print === 'before') this.#out.line(undefined, text, this.#line.ended);
		if (!sub.evaluate) return print();
		return this.#answer().then((answer) => {
			this.#put(answer);
			if (sub.print === 'after') this.#out.line(undefined, answer, this.#line.ended);
			return print();
		});
	}
}
