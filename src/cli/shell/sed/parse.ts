/** Reads sed's scripts, one behind the other (sed/compile.c @ v4.8): its words for what is wrong, and where. */
import { PatternError } from '../grep/tree.ts';
import { numberedOctets, numberedPattern, unescaped } from './escapes.ts';
import { Panic, ScriptFault } from './faults.ts';
import { type PatternOptions, patternOf } from './pattern.ts';
import type { Address, Command, Program, Substitution } from './program.ts';
import { DIGIT, END, Reader, type Script, SPACE } from './reader.ts';
import { replacementOf } from './replacement.ts';
import { charactersOf } from './text.ts';

export interface ScriptOptions {
	readonly extended: boolean;
	readonly posix: boolean;
	readonly sandbox: boolean;
	/** `-z` */
	readonly zero: boolean;
}

/** Braces inside each other. */
const MOST_DEEP = 1000;

const EXPECTED_SLASH = "expected \\ after `a', `c' or `i'";
const SANDBOX = 'e/r/w commands disabled in sandbox mode';

export class Parser {
	readonly #commands: Command[] = [];
	readonly #labels = new Map<string, number>();
	readonly #open: { readonly command: Command; readonly where: string }[] = [];
	#quiet = false;
	#first = true;
	/** Whose text goes on in the next script. */
	#unfinished: Command | undefined;
	#where = '';
	#reader!: Reader;
	#options!: ScriptOptions;

	/** @throws ScriptFault */
	read(script: Script, options: ScriptOptions): void {
		const reader = new Reader(script);
		this.#reader = reader;
		this.#options = options;
		this.#where = reader.where(true);
		if (this.#unfinished) this.#text(this.#unfinished, this.#unfinished.text ?? '');
		for (;;) {
			let octet = reader.next();
			while (octet !== END && (octet === ';' || SPACE.test(octet))) octet = reader.next();
			if (octet === END) break;
			this.#command(octet);
		}
		this.#where = reader.where(true);
		this.#first = false;
	}

	/** @throws ScriptFault, Panic */
	program(): Program {
		const open = this.#open.at(-1);
		if (open) throw new ScriptFault(open.where, "unmatched `{'");
		// The last one that leads nowhere is told of.
		for (const command of this.#commands.toReversed()) {
			if (!'btT'.includes(command.name)) continue;
			const { label } = command;
			const to = label === '' ? this.#commands.length : this.#labels.get(label!);
			if (to === undefined) throw new Panic(`can't find label for jump to \`${charactersOf(label!)}'`);
			command.jump = to;
		}
		return { commands: this.#commands, quiet: this.#quiet, where: this.#where };
	}

	#command(begin: string): void {
		const reader = this.#reader;
		const { posix } = this.#options;
		let octet = begin;
		let to: Address | undefined;
		const from = this.#address(octet);
		if (from) {
			if (from.kind === 'more' || from.kind === 'multiple' || from.kind === 'here')
				throw reader.fault('invalid usage of +N or ~N as first address');
			octet = reader.solid();
			if (octet === ',') {
				to = this.#address(reader.solid());
				if (!to) throw reader.fault("unexpected `,'");
				octet = reader.solid();
			}
			if (from.kind === 'line' && from.line === 0 && (to?.kind !== 'match' || posix))
				throw reader.fault('invalid usage of line address 0');
		}
		const not = octet === '!';
		if (not) {
			octet = reader.solid();
			if (octet === '!') throw reader.fault("multiple `!'s");
		}
		if (octet === END) throw reader.fault('missing command');
		if (posix && 'eFvzLQTRW'.includes(octet)) throw reader.fault(`unknown command: \`${octet}'`);
		if (posix && to && 'ail=r'.includes(octet)) throw reader.fault('command only uses one address');
		this.#one(octet, { from, to, not });
	}

	#one(name: string, addressed: Pick<Command, 'from' | 'to' | 'not'>): void {
		const reader = this.#reader;
		const { from, to } = addressed;
		const make = (more: Partial<Command> = {}): Command => ({
			name,
			state: from?.kind === 'line' && from.line === 0 ? 'within' : 'before',
			end: 0,
			jump: 0,
			text: undefined,
			label: undefined,
			number: undefined,
			file: undefined,
			substitution: undefined,
			map: undefined,
			...addressed,
			...more,
		});
		const add = (command: Command): void => {
			this.#commands.push(command);
		};
		switch (name) {
			case '#':
				if (from) throw reader.fault("comments don't accept any addresses");
				this.#comment();
				return;
			case 'v':
				if (/^(?:[5-9]|\d\d|4\.(?:9\.|\d\d))/.test(reader.label())) throw reader.fault('expected newer version of sed');
				return;
			case '{': {
				const command = make();
				if (this.#open.length >= MOST_DEEP) throw new Panic('the script is nested too deeply');
				this.#open.push({ command, where: reader.where(true) });
				add(command);
				return;
			}
			case '}': {
				const open = this.#open.pop();
				if (!open) throw reader.fault("unexpected `}'");
				if (from) throw reader.fault("`}' doesn't want any addresses");
				this.#end();
				open.command.jump = this.#commands.length;
				return;
			}
			case 'a':
			case 'i':
			case 'c':
			case 'e':
				add(make());
				this.#texts(this.#commands.at(-1)!);
				return;
			case ':': {
				if (from) throw reader.fault(": doesn't want any addresses");
				const label = reader.label();
				if (label === '') throw reader.fault('":" lacks a label');
				if (!this.#labels.has(label)) this.#labels.set(label, this.#commands.length);
				return;
			}
			case 'b':
			case 't':
			case 'T':
				add(make({ label: reader.label() }));
				return;
			case 'q':
			case 'Q':
				if (to) throw reader.fault('command only uses one address');
				add(make({ number: this.#argument() }));
				return;
			case 'l':
			case 'L':
				add(make({ number: this.#argument() }));
				return;
			case 'r':
			case 'R':
			case 'w':
			case 'W':
				add(make({ file: this.#file() }));
				return;
			case 's':
				add(make({ substitution: this.#substitution() }));
				return;
			case 'y':
				add(make({ map: this.#map() }));
				this.#end();
				return;
			default:
				if (!'=dDFgGhHnNpPzx'.includes(name)) throw reader.fault(`unknown command: \`${charactersOf(name)}'`);
				this.#end();
				add(make());
		}
	}

	/** `#n` at the very beginning is `-n`. */
	#comment(): void {
		const reader = this.#reader;
		const early = this.#first && reader.at === 1;
		let text = '';
		for (let octet = reader.next(); octet !== END && octet !== '\n'; octet = reader.next()) text += octet;
		if (early && text.startsWith('n')) this.#quiet = true;
	}

	/** Nothing may stand behind a command but the next one. */
	#end(): void {
		const octet = this.#reader.solid();
		if (octet === '}' || octet === '#') this.#reader.back(octet);
		else if (octet !== END && octet !== '\n' && octet !== ';')
			throw this.#reader.fault('extra characters after command');
	}

	#argument(): number | undefined {
		const octet = this.#reader.solid();
		const number = DIGIT.test(octet) && !this.#options.posix ? this.#reader.number(octet) : undefined;
		if (number === undefined) this.#reader.back(octet);
		this.#end();
		return number;
	}

	#file(): string {
		if (this.#options.sandbox) throw this.#reader.fault(SANDBOX);
		const name = this.#reader.line();
		if (name === '') throw this.#reader.fault('missing filename in r/R/w/W commands');
		return name;
	}

	/** Of `a`, `i`, `c` and `e`. */
	#texts(command: Command): void {
		const reader = this.#reader;
		if (command.name === 'e' && this.#options.sandbox) throw reader.fault(SANDBOX);
		let octet = reader.solid();
		if (command.name === 'e' && (octet === END || octet === '\n')) return;
		if (octet === END) throw reader.fault(EXPECTED_SLASH);
		if (octet === '\\') {
			octet = reader.next();
			if (octet === END) {
				this.#unfinished = command;
				return;
			}
			// One line: what stands behind the backslash, blanks and all.
			if (octet !== '\n') reader.back(octet);
		} else {
			if (this.#options.posix) throw reader.fault(EXPECTED_SLASH);
			reader.back(octet);
		}
		this.#text(command, '');
	}

	/** Up to the end of a line that no backslash stands before. @param before what another script had of it */
	#text(command: Command, before: string): void {
		const reader = this.#reader;
		this.#unfinished = undefined;
		let text = '';
		let octet = reader.next();
		while (octet !== END && octet !== '\n') {
			text += octet;
			if (octet === '\\') {
				const next = reader.next();
				if (next === END) {
					this.#unfinished = command;
					text = text.slice(0, -1);
					break;
				}
				text += next;
			}
			octet = reader.next();
		}
		command.text = `${before}${unescaped(numberedOctets(text))}\n`;
	}

	#address(begin: string): Address | undefined {
		const reader = this.#reader;
		const { posix } = this.#options;
		if (begin === '/' || begin === '\\') {
			const delimiter = begin === '\\' ? reader.next() : begin;
			const source = delimiter === END ? undefined : reader.delimited(delimiter, true);
			if (source === undefined) throw reader.fault('unterminated address regex');
			let anyCase = false;
			let lines = false;
			for (;;) {
				const octet = reader.solid();
				if (octet === 'I' && !posix) anyCase = true;
				else if (octet === 'M' && !posix) lines = true;
				else {
					reader.back(octet);
					return { kind: 'match', pattern: this.#pattern(source, { anyCase, lines }) };
				}
			}
		}
		if (begin === '$') return { kind: 'last' };
		if (DIGIT.test(begin)) {
			const line = reader.number(begin);
			const octet = reader.solid();
			if (octet !== '~' || posix) {
				reader.back(octet);
				return { kind: 'line', line };
			}
			const step = reader.number(reader.solid());
			return step > 0 ? { kind: 'step', first: line, step } : { kind: 'line', line };
		}
		if ((begin === '+' || begin === '~') && !posix) {
			const count = reader.number(reader.solid());
			if (count === 0) return { kind: 'here' };
			return begin === '+' ? { kind: 'more', count } : { kind: 'multiple', of: count };
		}
		return undefined;
	}

	#pattern(source: string, how: Pick<PatternOptions, 'anyCase' | 'lines'>): ReturnType<typeof patternOf> | undefined {
		const { extended, posix, zero } = this.#options;
		if (source === '') {
			if (how.anyCase || how.lines) throw this.#reader.fault('cannot specify modifiers on empty regexp');
			return undefined;
		}
		if (/^\[([:.=]).*\1\]$/s.test(source) && !source.slice(1).includes('['))
			throw new Panic('character class syntax is [[:space:]], not [:space:]');
		try {
			return patternOf(numberedPattern(source), { extended, posix, ...how, lines: how.lines && !zero });
		} catch (error) {
			if (error instanceof PatternError) throw this.#reader.fault(error.message);
			throw error;
		}
	}

	#substitution(): Substitution {
		const reader = this.#reader;
		const { posix } = this.#options;
		const unterminated = (): Error => reader.fault("unterminated `s' command");
		const delimiter = reader.next();
		const source = delimiter === END ? undefined : reader.delimited(delimiter, true);
		if (source === undefined) throw unterminated();
		const by = reader.delimited(delimiter, false);
		if (by === undefined) throw unterminated();
		const replacement = replacementOf(charactersOf(numberedOctets(by)), posix);
		const { anyCase, lines, ...flags } = this.#flags();
		const pattern = this.#pattern(source, { anyCase, lines });
		if (pattern && pattern.groups < replacement.groups)
			throw reader.fault(`invalid reference \\${replacement.groups} on \`s' command's RHS`);
		return { pattern, replacement, ...flags };
	}

	#flags(): Omit<Substitution, 'pattern' | 'replacement'> & { readonly anyCase: boolean; readonly lines: boolean } {
		const reader = this.#reader;
		const { posix } = this.#options;
		let [anyCase, lines, all, evaluate] = [false, false, false, false];
		let from = 0;
		let print: Substitution['print'];
		let file: string | undefined;
		for (;;) {
			const octet = reader.solid();
			if ((octet === 'i' || octet === 'I') && !posix) anyCase = true;
			else if ((octet === 'm' || octet === 'M') && !posix) lines = true;
			else if (octet === 'e' && !posix) {
				if (this.#options.sandbox) throw reader.fault(SANDBOX);
				evaluate = true;
			} else if (octet === 'p') {
				if (print) throw reader.fault("multiple `p' options to `s' command");
				print = evaluate ? 'after' : 'before';
			} else if (octet === 'g') {
				if (all) throw reader.fault("multiple `g' options to `s' command");
				all = true;
			} else if (DIGIT.test(octet)) {
				if (from > 0) throw reader.fault("multiple number options to `s' command");
				from = reader.number(octet);
				if (from === 0) throw reader.fault("number option to `s' command may not be zero");
			} else if (octet === 'w') {
				file = this.#file();
				break;
			} else if (octet === '}' || octet === '#') {
				reader.back(octet);
				break;
			} else if (octet === END || octet === '\n' || octet === ';') break;
			else throw reader.fault("unknown option to `s'");
		}
		return { anyCase, lines, all, from, print, evaluate, file };
	}

	#map(): ReadonlyMap<string, string> {
		const reader = this.#reader;
		const delimiter = reader.next();
		const part = (): string[] => {
			const text = delimiter === END ? undefined : reader.delimited(delimiter, false);
			if (text === undefined) throw reader.fault("unterminated `y' command");
			return [...charactersOf(unescaped(numberedOctets(text)))];
		};
		const from = part();
		const to = part();
		if (from.length !== to.length) throw reader.fault("strings for `y' command are different lengths");
		const map = new Map<string, string>();
		for (const [i, letter] of from.entries()) if (!map.has(letter)) map.set(letter, to[i]!);
		return map;
	}
}
