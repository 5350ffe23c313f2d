/**
 * Rows of equal length in columns: what text/tabwriter makes of them, without its runs of lines. 36,000 pods are a
 * table like any other.
 */
import { cellText, KUBECTL_GET, kubectlTable, TabWriter } from '../../text/index.ts';

type Cell = string | number;

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what this asks for
const ASCII = /^[\x00-\x7f]*$/;

const widthOf = (text: string): number => {
	if (ASCII.test(text)) return text.length;
	let width = 0;
	for (const _ of text) width++;
	return width;
};

/** Prints rows as `kubectl get` does; widths are kept from one call to the next (`RememberWidths`). */
export class RowPrinter {
	#widths: number[] = [];

	/** Columns begin anew. */
	forget(): void {
		this.#widths = [];
	}

	print(rows: readonly (readonly Cell[])[]): string {
		if (rows.length === 0) return '';
		const count = rows[0]!.length;
		const cells = rows.map((row) => row.map(cellText));
		if (cells.some((row) => row.length !== count || row.some((cell) => /[\t\v]/.test(cell))))
			return kubectlTable({ columns: [], rows }, { headers: false, writer: new TabWriter(KUBECTL_GET) });
		const widths = Array.from({ length: count - 1 }, (_, column) => {
			let width = KUBECTL_GET.minWidth;
			for (const row of cells) width = Math.max(width, widthOf(row[column]!) + KUBECTL_GET.padding);
			return Math.max(width, this.#widths[column] ?? 0);
		});
		for (const [column, width] of widths.entries()) this.#widths[column] = width;
		let out = '';
		for (const row of cells) {
			for (let column = 0; column < count - 1; column++) {
				const cell = row[column]!;
				out += cell + ' '.repeat(widths[column]! - widthOf(cell));
			}
			out += `${row[count - 1]}\n`;
		}
		return out;
	}
}
