/**
 * Rows of equal length in columns: what text/tabwriter makes of them, without its runs of lines. 36,000 pods are a
 * table like any other.
 */
import { cellText, KUBECTL_GET, kubectlTable, TabWriter } from '../../text/index.ts';

type Cell = string | number;

/** Anything that is not one column wide, ends a line or a cell, or is shown otherwise. */
const SPECIAL = /[^\x20-\x7e]/;

const widthOf = (text: string): number => {
	if (!SPECIAL.test(text)) return text.length;
	let width = 0;
	for (const _ of text) width++;
	return width;
};

/** Prints rows as `kubectl get` does; widths are kept from one call to the next (`RememberWidths`). */
export class RowPrinter {
	#widths: number[] = [];

	print(rows: readonly (readonly Cell[])[]): string {
		if (rows.length === 0) return '';
		const last = rows[0]!.length - 1;
		const widths = Array.from({ length: last }, (_, column) =>
			Math.max(KUBECTL_GET.minWidth, this.#widths[column] ?? 0),
		);
		let plain = true;
		const cells = rows.map((row) => {
			if (row.length !== last + 1) plain = false;
			const out: string[] = [];
			for (let column = 0; column < row.length; column++) {
				let cell = String(row[column]);
				let width = cell.length;
				if (SPECIAL.test(cell)) {
					if (cell.includes('\t') || cell.includes('\v')) plain = false;
					cell = cellText(cell);
					width = widthOf(cell);
				}
				if (column < last && width + KUBECTL_GET.padding > widths[column]!)
					widths[column] = width + KUBECTL_GET.padding;
				out.push(cell);
			}
			return out;
		});
		if (!plain) return kubectlTable({ columns: [], rows }, { headers: false, writer: new TabWriter(KUBECTL_GET) });
		this.#widths = widths;
		const blanks = Array.from({ length: Math.max(0, ...widths) + 1 }, (_, length) => ' '.repeat(length));
		let out = '';
		for (const row of cells) {
			for (let column = 0; column < last; column++) {
				const cell = row[column]!;
				out += cell + blanks[widths[column]! - widthOf(cell)]!;
			}
			out += `${row[last]}\n`;
		}
		return out;
	}
}
