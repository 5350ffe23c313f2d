/**
 * What a terminal shows: lines of styled text, made of what programs write. As much of a VT100 as the lab's programs use:
 * colours, carriage return, backspace, tabs, going up and home, and erasing. Text is text: nothing in it is ever markup.
 */

/** Looks of a piece of text; each is a class. */
export interface Style {
	/** 0–15, as SGR 30–37 and 90–97 name them. */
	readonly fg?: number;
	readonly bg?: number;
	readonly bold?: boolean;
	readonly dim?: boolean;
	readonly italic?: boolean;
	readonly underline?: boolean;
	readonly inverse?: boolean;
}

export interface Span {
	readonly text: string;
	readonly style: Style;
}

export interface Line {
	/** Stable as long as the line is there. */
	readonly id: number;
	readonly spans: readonly Span[];
}

const PLAIN: Style = {};

/** Lines kept above the cursor. */
export const MAX_LINES = 4000;
/** Lines beyond them before those that are too many go, all at once. */
const SLACK = 1000;

const sameStyle = (a: Style, b: Style): boolean =>
	a === b ||
	(a.fg === b.fg &&
		a.bg === b.bg &&
		a.bold === b.bold &&
		a.dim === b.dim &&
		a.italic === b.italic &&
		a.underline === b.underline &&
		a.inverse === b.inverse);

interface Cell {
	readonly char: string;
	readonly style: Style;
}

interface Row {
	readonly id: number;
	/** Absent when nobody has written into it since its line was made. */
	cells?: Cell[] | undefined;
	/** Made of the cells when asked for. */
	line?: Line | undefined;
}

/** The cells of a row, to be written into. */
function cellsOf(row: Row): Cell[] {
	row.cells ??= (row.line?.spans ?? []).flatMap(({ text, style }) => Array.from(text, (char) => ({ char, style })));
	row.line = undefined;
	return row.cells;
}

const isEmpty = ({ cells, line }: Row): boolean => (cells ?? line?.spans ?? []).length === 0;

export class Screen {
	#rows: Row[] = [];
	#row = 0;
	#column = 0;
	#style: Style = PLAIN;
	#rest = '';
	#ids = 0;
	#lines: readonly Line[] | undefined;

	constructor() {
		this.#rows.push(this.#newRow());
	}

	/** Whether the cursor stands behind text that no line break ended: a prompt then begins a line of its own. */
	get midLine(): boolean {
		return this.#column > 0;
	}

	/** The same as long as nothing is written. */
	get lines(): readonly Line[] {
		if (this.#lines) return this.#lines;
		const end = this.#rows.length - (this.#rows.length > 1 && isEmpty(this.#rows.at(-1)!) ? 1 : 0);
		const rows = this.#rows.slice(Math.max(0, end - MAX_LINES), end);
		this.#lines = rows.map((row) => {
			row.line ??= { id: row.id, spans: spansOf(row.cells ?? []) };
			row.cells = undefined;
			return row.line;
		});
		return this.#lines;
	}

	/** All text, as somebody would copy it. */
	get text(): string {
		return this.lines.map((line) => line.spans.map((span) => span.text).join('')).join('\n');
	}

	write(text: string): void {
		const all = this.#seen(this.#rest + text);
		this.#rest = '';
		this.#lines = undefined;
		for (let i = 0; i < all.length; ) {
			const char = all[i]!;
			if (char === '\u001b') {
				const length = this.#escape(all, i);
				if (length === 0) {
					this.#rest = all.slice(i);
					return;
				}
				i += length;
				continue;
			}
			const point = String.fromCodePoint(all.codePointAt(i)!);
			i += point.length;
			this.#put(point);
		}
	}

	/** Without what would be out of sight at once, where it does nothing but that. */
	#seen(text: string): string {
		if (text.length <= MAX_LINES || text.includes('\u001b')) return text;
		let at = text.length;
		for (let lines = 0; lines <= MAX_LINES; lines++) {
			at = text.lastIndexOf('\n', at - 1);
			if (at <= 0) return text;
		}
		// The same numbers again: what is drawn is written anew, and not exchanged.
		this.#ids = 0;
		this.clear();
		return text.slice(at + 1);
	}

	/** Everything goes. */
	clear(): void {
		this.#lines = undefined;
		this.#rows = [this.#newRow()];
		this.#row = 0;
		this.#column = 0;
	}

	#newRow(): Row {
		return { id: this.#ids++, cells: [] };
	}

	#put(char: string): void {
		switch (char) {
			case '\n':
				this.#column = 0;
				this.#down();
				return;
			case '\r':
				this.#column = 0;
				return;
			case '\b':
				this.#column = Math.max(0, this.#column - 1);
				return;
			case '\t': {
				const to = (Math.floor(this.#column / 8) + 1) * 8;
				while (this.#column < to) this.#cell(' ');
				return;
			}
			case '\u0007':
			case '\u0000':
			case '\f':
			case '\v':
				return;
		}
		this.#cell(char);
	}

	#cell(char: string): void {
		const cells = cellsOf(this.#rows[this.#row]!);
		while (cells.length < this.#column) cells.push({ char: ' ', style: PLAIN });
		cells[this.#column++] = { char, style: this.#style };
	}

	#down(): void {
		this.#row++;
		if (this.#row === this.#rows.length) this.#rows.push(this.#newRow());
		if (this.#rows.length > MAX_LINES + SLACK) {
			const over = this.#rows.length - MAX_LINES;
			this.#rows.splice(0, over);
			this.#row -= over;
		}
	}

	/** Does what an escape sequence says; answers its length, 0 when its end has not come. */
	#escape(text: string, at: number): number {
		const kind = text[at + 1];
		if (kind === undefined) return 0;
		if (kind === ']') {
			// Title and links of the operating system's own: ends with BEL or ST.
			const ends = ['\u0007', '\u001b\\'].map((mark) => [text.indexOf(mark, at + 2), mark.length] as const);
			const [end, length] = ends.filter(([i]) => i >= 0).sort((a, b) => a[0] - b[0])[0] ?? [-1, 0];
			return end >= 0 ? end + length - at : text.length - at > 4096 ? text.length - at : 0;
		}
		if (kind !== '[') return 2;
		const match = /^[0-9:;<=>?]*[@-~]/.exec(text.slice(at + 2, at + 40));
		if (!match) return text.length - at >= 40 ? 2 : 0;
		const code = match[0].at(-1)!;
		const numbers = match[0]
			.slice(0, -1)
			.replace('?', '')
			.split(';')
			.map((n) => Number(n));
		this.#control(code, numbers);
		return 2 + match[0].length;
	}

	#control(code: string, numbers: readonly number[]): void {
		const n = numbers[0] || 0;
		switch (code) {
			case 'm':
				this.#style = styleOf(this.#style, numbers);
				return;
			case 'A':
				this.#row = Math.max(0, this.#row - (n || 1));
				return;
			case 'B':
				this.#row = Math.min(this.#rows.length - 1, this.#row + (n || 1));
				return;
			case 'C':
				this.#column += n || 1;
				return;
			case 'D':
				this.#column = Math.max(0, this.#column - (n || 1));
				return;
			case 'G':
				this.#column = Math.max(0, n - 1);
				return;
			case 'H':
				this.#row = 0;
				this.#column = 0;
				return;
			case 'K': {
				const cells = cellsOf(this.#rows[this.#row]!);
				if (n === 0) cells.length = Math.min(cells.length, this.#column);
				else if (n === 2) cells.length = 0;
				return;
			}
			case 'J':
				if (n >= 2) this.clear();
				else this.#rows.splice(this.#row + 1);
				return;
		}
	}
}

function spansOf(cells: readonly Cell[]): readonly Span[] {
	const spans: { text: string; style: Style }[] = [];
	for (const { char, style } of cells) {
		const last = spans.at(-1);
		if (last && sameStyle(last.style, style)) last.text += char;
		else spans.push({ text: char, style });
	}
	return spans;
}

/** SGR (ECMA-48 8.3.117), and the bright colours of aixterm. Colours of a palette or of three numbers are left out. */
export function styleOf(style: Style, numbers: readonly number[]): Style {
	let next: { -readonly [K in keyof Style]: Style[K] } = { ...style };
	for (let i = 0; i < numbers.length; i++) {
		const n = numbers[i]!;
		if (n === 0) next = {};
		else if (n === 1) next.bold = true;
		else if (n === 2) next.dim = true;
		else if (n === 3) next.italic = true;
		else if (n === 4) next.underline = true;
		else if (n === 7) next.inverse = true;
		else if (n === 22) {
			delete next.bold;
			delete next.dim;
		} else if (n === 23) delete next.italic;
		else if (n === 24) delete next.underline;
		else if (n === 27) delete next.inverse;
		else if (n >= 30 && n <= 37) next.fg = n - 30;
		else if (n >= 90 && n <= 97) next.fg = n - 82;
		else if (n === 39) delete next.fg;
		else if (n >= 40 && n <= 47) next.bg = n - 40;
		else if (n >= 100 && n <= 107) next.bg = n - 92;
		else if (n === 49) delete next.bg;
		else if (n === 38 || n === 48) {
			const palette = numbers[i + 1] === 5;
			const color = palette ? numbers[i + 2] : undefined;
			if (color !== undefined && color < 16) next[n === 38 ? 'fg' : 'bg'] = color;
			i += palette ? 2 : 4;
		}
	}
	return next;
}

/** Classes of a style; none for plain text. */
export function classOf(style: Style): string | undefined {
	const names = [
		...(style.fg === undefined ? [] : [`tm-fg${style.fg}`]),
		...(style.bg === undefined ? [] : [`tm-bg${style.bg}`]),
		...(['bold', 'dim', 'italic', 'underline', 'inverse'] as const).filter((k) => style[k]).map((k) => `tm-${k}`),
	];
	return names.length > 0 ? names.join(' ') : undefined;
}
