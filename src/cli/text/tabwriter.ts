/**
 * Columns with elastic tab stops, by the rules of Go's text/tabwriter (package documentation and `format`, go1.18), which
 * nearly all tools of the course print with.
 *
 * A cell is text that ends with a tab; the text after a line's last tab belongs to no column. A column is a run of
 * adjacent lines that all have a cell in it; it is as wide as its widest cell plus padding, and at least the minimum.
 * Widths count code points, as Go counts runes.
 */
export interface TabOptions {
	/** Least width of a cell, padding included. */
	readonly minWidth: number;
	/** Width of a tab, where the padding character is a tab: cells are then as wide as a multiple of it. */
	readonly tabWidth: number;
	/** Added to the widest cell. */
	readonly padding: number;
	/** What cells are filled with: a blank, or a tab. A blank when absent. */
	readonly padChar?: string;
	/** Text stands at the right of its cell (`tabwriter.AlignRight`). */
	readonly alignRight?: boolean;
	/** Empty columns take no room at all (`tabwriter.DiscardEmptyColumns`), when their cells end with `\v`. */
	readonly discardEmptyColumns?: boolean;
	/** A bar between columns (`tabwriter.Debug`). */
	readonly debug?: boolean;
	/** Leading empty cells are indented with tabs (`tabwriter.TabIndent`). */
	readonly tabIndent?: boolean;
	/**
	 * Widths of columns are kept from one flush to the next (`RememberWidths` of the fork that kubectl uses,
	 * github.com/liggitt/tabwriter).
	 */
	readonly rememberWidths?: boolean;
}

interface Cell {
	readonly text: string;
	readonly width: number;
	/** Ended by `\t` rather than by `\v`: such a column is never discarded. */
	readonly hard: boolean;
}

const widthOf = (text: string): number => {
	let width = 0;
	for (const _ of text) width++;
	return width;
};

/** Takes text piece by piece; what is complete can be taken out again with `flush`. */
export class TabWriter {
	readonly #options: TabOptions;
	#text = '';
	#remembered: number[] = [];

	constructor(options: TabOptions) {
		this.#options = options;
	}

	write(text: string): void {
		this.#text += text;
	}

	/** All that was written since the last time, in columns. */
	flush(): string {
		const text = this.#text;
		this.#text = '';
		// A form feed ends all columns.
		return text
			.split('\f')
			.map((part, i, parts) => this.#format(i < parts.length - 1 ? `${part}\n` : part))
			.join(this.#options.debug ? '---\n' : '');
	}

	#format(text: string): string {
		const lines = text.split('\n').map(cellsOf);
		// A last line that ends with a tab has no cell after it, so that the one before it is its last.
		const last = lines.at(-1)!;
		if (last.length > 1 && last.at(-1)!.width === 0) last.pop();
		const widths: number[] = [];
		const out: string[] = [];
		this.#block(lines, 0, lines.length, widths, out);
		return out.join('\n');
	}

	/** Lines `from` to `to` share the columns before `widths.length`: finds the runs that share one more. */
	#block(lines: readonly (readonly Cell[])[], from: number, to: number, widths: number[], out: string[]): void {
		const { minWidth, padding, discardEmptyColumns, rememberWidths } = this.#options;
		const column = widths.length;
		let line = from;
		let written = from;
		while (line < to) {
			// The last cell of a line is no part of a column.
			if (column >= lines[line]!.length - 1) {
				line++;
				continue;
			}
			for (; written < line; written++) out.push(this.#line(lines[written]!, widths));
			let width = minWidth;
			let discardable = discardEmptyColumns === true;
			let end = line;
			for (; end < to && column < lines[end]!.length - 1; end++) {
				const cell = lines[end]![column]!;
				width = Math.max(width, cell.width + padding);
				if (cell.width > 0 || cell.hard) discardable = false;
			}
			if (discardable) width = 0;
			if (rememberWidths) {
				width = Math.max(width, this.#remembered[column] ?? 0);
				this.#remembered[column] = width;
			}
			widths.push(width);
			this.#block(lines, line, end, widths, out);
			widths.pop();
			line = end;
			written = end;
		}
		for (; written < to; written++) out.push(this.#line(lines[written]!, widths));
	}

	#line(cells: readonly Cell[], widths: readonly number[]): string {
		const { alignRight, debug, padChar = ' ', tabIndent } = this.#options;
		let text = '';
		let useTabs = tabIndent === true;
		for (const [i, cell] of cells.entries()) {
			if (i > 0 && debug) text += '|';
			const width = widths[i];
			if (cell.width === 0) {
				if (width !== undefined) text += this.#pad(0, width, useTabs);
				continue;
			}
			useTabs = false;
			if (alignRight !== true || padChar === '\t') {
				text += cell.text;
				if (width !== undefined) text += this.#pad(cell.width, width, false);
			} else {
				if (width !== undefined) text += this.#pad(cell.width, width, false);
				text += cell.text;
			}
		}
		return text;
	}

	#pad(textWidth: number, cellWidth: number, useTabs: boolean): string {
		const { padChar = ' ', tabWidth } = this.#options;
		if (padChar === '\t' || useTabs) {
			if (tabWidth === 0) return '';
			const rounded = Math.ceil(cellWidth / tabWidth) * tabWidth;
			return '\t'.repeat(Math.ceil((rounded - textWidth) / tabWidth));
		}
		return padChar.repeat(Math.max(0, cellWidth - textWidth));
	}
}

function cellsOf(line: string): Cell[] {
	const cells: Cell[] = [];
	let text = '';
	const close = (hard: boolean): void => {
		cells.push({ text, width: widthOf(text), hard });
		text = '';
	};
	for (const char of line) {
		if (char === '\t') close(true);
		else if (char === '\v') close(false);
		else text += char;
	}
	close(false);
	return cells;
}

/** Text with tabs in columns, at once. */
export function tabulate(text: string, options: TabOptions): string {
	const writer = new TabWriter(options);
	writer.write(text);
	return writer.flush();
}
