/** Goes through the lines of one file after the other, and writes what grep writes. */
import type { Match } from './machine.ts';
import type { Finder } from './matcher.ts';
import type { GrepOptions } from './options.ts';

/** GREP_COLORS when it is not set (grep.info, "Environment Variables"). */
const COLORS = { match: '01;31', name: '35', number: '32', mark: '36' } as const;
const painted = (text: string, color: string): string => `\u001b[${color}m\u001b[K${text}\u001b[m\u001b[K`;

const width = new TextEncoder();

export class Search {
	readonly #o: GrepOptions;
	readonly #find: Finder;
	readonly #write: (text: string) => void;
	readonly #say: (text: string) => void;
	readonly #color: boolean;
	readonly #withNames: boolean;
	/** Whether anything was selected in any file. */
	found = false;
	/** Whether something was written that a separator has to follow. */
	#wrote = false;
	#name = '';
	#binary = false;
	#line = 0;
	#offset = 0;
	#count = 0;
	#last = 0;
	#before: { readonly line: string; readonly number: number; readonly offset: number }[] = [];

	constructor(
		o: GrepOptions,
		find: Finder,
		to: { write(text: string): void; say(text: string): void },
		color: boolean,
		withNames: boolean,
	) {
		this.#o = o;
		this.#say = to.say;
		this.#find = find;
		this.#write = to.write;
		this.#color = color;
		this.#withNames = withNames;
	}

	begin(name: string): void {
		this.#name = name;
		this.#binary = false;
		this.#line = 0;
		this.#offset = 0;
		this.#count = 0;
		this.#last = -1;
		this.#before = [];
	}

	/** Whether nothing more of this file can matter. */
	get enough(): boolean {
		const { show, most, after } = this.#o;
		if (this.#count === 0) return most === 0;
		if (show === 'nothing' || show === 'with' || show === 'without' || this.#binary) return true;
		if (this.#count < most) return false;
		return show !== 'lines' || this.#line - this.#last >= after;
	}

	/** One line without its end. `binary` says that it is no text. */
	take(line: string, binary: boolean): void {
		const o = this.#o;
		this.#line++;
		const offset = this.#offset;
		if (o.offsets) this.#offset += width.encode(line).length + 1;
		const match = this.#count >= o.most ? undefined : this.#find(line, 0);
		const selected = this.#count < o.most && (match !== undefined) !== o.invert;
		if (!selected) {
			if (
				this.#last >= 0 &&
				this.#line - this.#last <= o.after &&
				o.show === 'lines' &&
				!this.#binary &&
				!o.onlyMatching
			)
				this.#put(line, '-', this.#line, offset);
			else if (o.before > 0 && o.show === 'lines') {
				this.#before.push({ line, number: this.#line, offset });
				if (this.#before.length > o.before) this.#before.shift();
			}
			return;
		}
		this.found = true;
		this.#count++;
		const context = o.after > 0 || o.before > 0;
		const gap = this.#last < 0 || this.#line - this.#before.length > this.#shown + 1;
		if (o.show === 'lines') {
			if (binary && !o.text) {
				this.#binary = true;
				this.#say(`grep: ${this.#name}: binary file matches\n`);
			} else {
				if (context && this.#wrote && gap && o.separator !== undefined)
					this.#write(`${this.#color ? painted(o.separator, COLORS.mark) : o.separator}\n`);
				if (!o.onlyMatching) for (const b of this.#before) this.#put(b.line, '-', b.number, b.offset);
				if (o.onlyMatching) this.#matches(line, match, offset);
				else this.#put(line, ':', this.#line, offset, o.invert ? undefined : match);
				this.#wrote = true;
			}
		}
		this.#before = [];
		this.#last = this.#line;
	}

	/** The last line of this file that was written. */
	get #shown(): number {
		return this.#last + this.#o.after;
	}

	/** What stands before a line. */
	#head(mark: string, number: number, offset: number): string {
		const o = this.#o;
		const paint = (text: string, color: string): string => (this.#color ? painted(text, color) : text);
		let head = '';
		if (this.#withNames) head += paint(this.#name, COLORS.name) + (o.nullNames ? '\0' : paint(mark, COLORS.mark));
		if (o.numbers)
			head += paint(o.tab ? String(number).padStart(4) : String(number), COLORS.number) + paint(mark, COLORS.mark);
		if (o.offsets) head += paint(String(offset), COLORS.number) + paint(mark, COLORS.mark);
		return head !== '' && o.tab ? `${head}\t` : head;
	}

	#put(line: string, mark: string, number: number, offset: number, match?: Match): void {
		let text = line;
		if (this.#color && match) {
			text = '';
			let at = 0;
			for (let m: Match | undefined = match; m; ) {
				if (m.to > m.from) {
					text += line.slice(at, m.from) + painted(line.slice(m.from, m.to), COLORS.match);
					at = m.to;
				}
				m = m.to >= line.length ? undefined : this.#find(line, Math.max(m.to, m.from + (m.to === m.from ? 1 : 0)));
			}
			text += line.slice(at);
		}
		this.#write(`${this.#head(mark, number, offset)}${text}${this.#o.end}`);
	}

	#matches(line: string, first: Match | undefined, offset: number): void {
		if (this.#o.invert) return;
		for (let m = first; m; ) {
			if (m.to > m.from) {
				const part = line.slice(m.from, m.to);
				const at = this.#o.offsets ? offset + width.encode(line.slice(0, m.from)).length : 0;
				this.#write(
					`${this.#head(':', this.#line, at)}${this.#color ? painted(part, COLORS.match) : part}${this.#o.end}`,
				);
			}
			const next = m.to > m.from ? m.to : m.to + 1;
			m = next > line.length ? undefined : this.#find(line, next);
		}
	}

	/** The file is over. */
	end(): void {
		const { show, nullNames } = this.#o;
		const name = this.#color ? painted(this.#name, COLORS.name) : this.#name;
		const close = nullNames ? '\0' : '\n';
		if (show === 'count') {
			const mark = this.#color ? painted(':', COLORS.mark) : ':';
			this.#write(`${this.#withNames ? name + (nullNames ? '\0' : mark) : ''}${this.#count}\n`);
		} else if ((show === 'with' && this.#count > 0) || (show === 'without' && this.#count === 0))
			this.#write(`${name}${close}`);
	}
}
