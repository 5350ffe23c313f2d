/** etcdctl's tables, and sizes as it writes them (ctlv3/command/printer_table.go @ v3.5.3). */

/** olekukonko/tablewriter as etcdctl sets it up: headers in the middle, cells to the right. */
export function table(rows: readonly (readonly string[])[]): string {
	const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
	const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
	const middle = (text: string, width: number): string => {
		const left = Math.ceil((width - text.length) / 2);
		return `${' '.repeat(left)}${text}`.padEnd(width);
	};
	const [header, ...cells] = rows as [readonly string[], ...(readonly string[])[]];
	const line = (row: readonly string[], put: (text: string, width: number) => string): string =>
		`|${row.map((text, i) => ` ${put(text, widths[i]!)} `).join('|')}|\n`;
	const body = cells.map((row) => line(row, (text, width) => text.padStart(width))).join('');
	return `${rule}${line(header, middle)}${rule}${body}${cells.length > 0 ? rule : ''}`;
}

/** dustin/go-humanize Bytes. */
export function bytes(n: number): string {
	const units = ['B', 'kB', 'MB', 'GB'];
	let at = 0;
	let tenths = n * 10;
	for (; tenths >= 10_000 && at < 3; at++) tenths = Math.floor(tenths / 1000);
	const whole = Math.floor(tenths / 10);
	return at === 0 || whole >= 10 ? `${whole} ${units[at]}` : `${whole}.${tenths % 10} ${units[at]}`;
}
