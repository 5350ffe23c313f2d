/** What an awk program works on: its variables, its record with its fields, and the world outside of it. */
import { patternOf } from './patterns.ts';
import { AwkFault } from './scan.ts';
import { MOST_TEXT, numberOf, Read, textOf, UsedUp, type Value } from './values.ts';

/** A value now, or later: only what waits for input, a command or the page makes a promise. */
export type Maybe<T> = T | Promise<T>;

export const onward = <T, U>(value: Maybe<T>, act: (value: T) => Maybe<U>): Maybe<U> =>
	value instanceof Promise ? value.then(act) : act(value);

/** Each of some, one after the other. */
export function inTurn<T>(parts: readonly ((m: Machine) => Maybe<T>)[], m: Machine): Maybe<T[]> {
	const values: T[] = [];
	const from = (start: number): Maybe<T[]> => {
		for (let i = start; i < parts.length; i++) {
			const value = parts[i]!(m);
			if (value instanceof Promise)
				return value.then((known) => {
					values.push(known);
					return from(i + 1);
				});
			values.push(value);
		}
		return values;
	};
	return from(0);
}

/** Where lines come from. */
export interface Source {
	/** The next record; undefined at the end. -1 for what cannot be read. */
	next(separator: string): Maybe<string | undefined>;
}

export interface World {
	/** Of the command line's files or standard input. */
	readonly main: Source & { skipFile(): void; readonly file: string; readonly first: boolean };
	/** Undefined when there is no such file. */
	file(name: string): Promise<Source | undefined>;
	command(text: string): Promise<Source>;
	write(how: '>' | '>>' | '|' | undefined, name: string, octets: string): Maybe<void>;
	/** Its exit code; -1 when nothing of this name was open. */
	close(name: string): Promise<number>;
	flush(): Promise<void>;
	system(text: string): Promise<number>;
	/** Seconds since 1970. */
	now(): number;
	date(format: string, seconds: number): string;
	/** A number from 0 below 1. */
	draw(): number;
	breathe(): Promise<void>;
}

/** Steps between two looks at whether the page has to breathe. */
const PATIENCE = 2000;
const MOST_STEPS = 50_000_000;
/** Items of arrays. */
const MOST_ITEMS = 200_000;
/** Fields of a record (MAX_SPLIT of mawk 1.3.4). */
const MOST_FIELDS = 32_767;

export type Cell = Value | Map<string, Value>;

export class Machine {
	readonly world: World;
	readonly globals = new Map<string, Cell>();
	/** Of the function at work. */
	locals: Map<string, Cell> | undefined;
	depth = 0;
	readonly sources = new Map<string, Source>();
	seed: number;
	given: Value = 0;
	readonly ranges = new Set<object>();
	exitCode = 0;
	#steps = 0;
	#items = 0;
	#record = '';
	#fields: Value[] | undefined = [];
	/** Whether fields were changed since the record was made of them. */
	#stale = false;

	constructor(world: World) {
		this.world = world;
		this.seed = 1 + Math.floor(world.draw() * 2_147_483_645);
		for (const [name, value] of Object.entries({
			FS: ' ',
			OFS: ' ',
			ORS: '\n',
			RS: '\n',
			SUBSEP: '\x1c',
			CONVFMT: '%.6g',
			OFMT: '%.6g',
			FILENAME: '',
			NR: 0,
			FNR: 0,
			RSTART: 0,
			RLENGTH: -1,
		}))
			this.globals.set(name, value);
	}

	/** Counts a step; something to wait for when it is time to breathe. @throws UsedUp */
	step(): Promise<void> | undefined {
		if (++this.#steps % PATIENCE !== 0) return undefined;
		if (this.#steps > MOST_STEPS) throw new UsedUp('the loop does not end');
		return this.world.breathe();
	}

	text(name: string): string {
		return textOf(this.globals.get(name) as Value);
	}

	get(name: string): Value {
		if (name === 'NF') return this.fields.length;
		const value = this.locals?.has(name) ? this.locals.get(name) : this.globals.get(name);
		if (value instanceof Map) throw new Fatal(`can't read value of ${name} (it's an array name)`);
		return value;
	}

	set(name: string, value: Value): void {
		if (this.locals?.has(name)) this.locals.set(name, value);
		else if (name === 'NF') this.#resize(numberOf(value));
		else this.globals.set(name, value);
	}

	array(name: string): Map<string, Value> {
		const where = this.locals?.has(name) ? this.locals : this.globals;
		let value = where.get(name);
		if (value === undefined) {
			value = new Map<string, Value>();
			where.set(name, value);
		}
		if (!(value instanceof Map)) throw new Fatal(`can't access variable ${name}: it's no array`);
		return value;
	}

	setItem(array: Map<string, Value>, key: string, value: Value): void {
		if (!array.has(key) && ++this.#items > MOST_ITEMS) throw new UsedUp('its arrays are too large');
		array.set(key, value);
	}

	forget(count: number): void {
		this.#items -= count;
	}

	get record(): string {
		if (this.#stale) {
			this.#record = this.fields.map((v) => textOf(v, this.text('CONVFMT'))).join(this.text('OFS'));
			if (this.#record.length > MOST_TEXT) throw new UsedUp('the output is too large');
			this.#stale = false;
		}
		return this.#record;
	}

	set record(text: string) {
		this.#record = text;
		this.#fields = undefined;
		this.#stale = false;
	}

	get fields(): Value[] {
		if (!this.#fields) {
			const separator = this.text('FS');
			// Of a paragraph, lines are fields as well.
			const lines = this.text('RS') === '' && separator !== ' ' ? this.#record.split('\n') : [this.#record];
			this.#fields = lines.flatMap((line) => this.split(line, separator)).map((text) => new Read(text));
		}
		return this.#fields;
	}

	field(index: number): Value {
		if (index === 0) return new Read(this.record);
		if (!(index > 0)) throw new Fatal(`negative field index $${Math.trunc(index)}`);
		return this.fields[Math.trunc(index) - 1];
	}

	setField(index: number, value: Value): void {
		const at = Math.trunc(index);
		if (at === 0) {
			this.record = textOf(value, this.text('CONVFMT'));
			return;
		}
		if (!(at > 0)) throw new Fatal(`negative field index $${at}`);
		if (at > this.fields.length) this.#resize(at);
		this.fields[at - 1] = value;
		this.#stale = true;
	}

	#resize(count: number): void {
		if (count > MOST_FIELDS) throw new AwkFault(`program limit exceeded: maximum number of fields size=${MOST_FIELDS}`);
		const { fields } = this;
		while (fields.length < count) fields.push('');
		fields.length = Math.max(0, Math.trunc(count));
		this.#stale = true;
	}

	/** By a field separator: a blank is any blanks, one character itself, anything else a pattern. */
	split(text: string, separator: string): string[] {
		if (separator === ' ')
			return text.split(/[ \t\n]+/).filter((part, i, all) => part !== '' || (i > 0 && i < all.length - 1));
		if (text === '') return [];
		if (separator === '') return [...text];
		if (separator.length === 1 && separator !== '|' && /[^\\.[(){}*+?^$|]/.test(separator))
			return text.split(separator);
		const pattern = patternOf(separator.length === 1 ? `\\${separator}` : separator);
		const parts: string[] = [];
		let at = 0;
		for (let from = 0; from < text.length; ) {
			const match = pattern.find(text, from);
			if (!match) break;
			if (match.to === match.from) {
				from = match.from + 1;
				continue;
			}
			parts.push(text.slice(at, match.from));
			at = match.to;
			from = at;
		}
		parts.push(text.slice(at));
		return parts;
	}
}

/** Ends the program: mawk's run-time errors. */
export class Fatal extends Error {}
