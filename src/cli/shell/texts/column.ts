/** column (util-linux text-utils/column.c @ v2.37): lists in columns, tables, trees. */
import { asText, type Desk, type Given, Leave, octets } from '../coreutils/desk.ts';
import { lineGroups, quoted } from './lines.ts';

/** Columns of a terminal that a character takes: two of those of East Asia (wcwidth(3)). */
const wide = (char: string): number =>
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
		char,
	)
		? 2
		: 1;
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + wide(char), 0);

const fail = (what: string): Leave => new Leave(`column: ${what}\n`);

/** In lists: down, or across with `-x`. */
function filled(cells: readonly string[], width: number, across: boolean): string {
	const longest = Math.max(0, ...cells.map(widthOf));
	const step = (longest + 8) & ~7;
	if (longest >= width || step > width) return cells.map((cell) => `${cell}\n`).join('');
	const columns = Math.max(1, Math.floor(width / step));
	const rows = Math.ceil(cells.length / columns);
	const to = (cell: string): string => cell + '\t'.repeat(Math.ceil((step - widthOf(cell)) / 8));
	const lines: string[][] = [];
	if (across) for (let i = 0; i < cells.length; i += columns) lines.push(cells.slice(i, i + columns));
	else for (let row = 0; row < rows; row++) lines.push(cells.filter((_, i) => i % rows === row));
	// Across, every cell but the last of a full line is followed by tabs, the last of all as well.
	return lines.map((line) => `${line.map((cell, i) => (i < line.length - 1 ? to(cell) : cell)).join('')}\n`).join('');
}

interface Column {
	readonly name: string;
	right: boolean;
	hidden: boolean;
}

function cells(line: string, separators: string | undefined, most: number): string[] {
	if (separators === undefined) {
		const words: string[] = [];
		let rest = line.replace(/^[ \t]+/, '');
		while (rest !== '') {
			if (words.length === most - 1) {
				words.push(rest.replace(/\s+$/, ''));
				break;
			}
			const [word = ''] = /^[^ \t]+/.exec(rest) ?? [];
			words.push(word);
			rest = rest.slice(word.length).replace(/^[ \t]+/, '');
		}
		return words;
	}
	const words: string[] = [];
	let from = 0;
	for (let i = 0; i <= line.length; i++) {
		if (i < line.length && !separators.includes(line[i]!)) continue;
		if (words.length === most - 1) {
			words.push(line.slice(from));
			return words;
		}
		words.push(line.slice(from, i));
		from = i + 1;
	}
	return words;
}

/** Rows under their parents, the column of the tree with its branches. */
function treeRows(
	rows: readonly (readonly string[])[],
	tree: number,
	id: number,
	parent: number,
): { readonly row: readonly string[]; readonly before: string }[] {
	const ids = new Set(rows.map((row) => row[id] ?? ''));
	const out: { row: readonly string[]; before: string }[] = [];
	const below = (name: string | undefined, before: string): void => {
		const of = rows.filter((row) =>
			name === undefined
				? !ids.has(row[parent] ?? '') || row[parent] === row[id]
				: row[parent] === name && row[id] !== name,
		);
		for (const [i, row] of of.entries()) {
			const last = i === of.length - 1;
			out.push({ row, before: name === undefined ? '' : before + (last ? '└─' : '├─') });
			below(row[id] ?? '', name === undefined ? '' : before + (last ? '  ' : '│ '));
		}
	};
	below(undefined, '');
	return out.map(({ row, before }) => ({ row: row.map((cell, i) => (i === tree ? before + cell : cell)), before }));
}

const jsonText = (text: string): string => JSON.stringify(text).replace(/[\u007f]/g, '\\u007f');

async function table(desk: Desk, given: Given, lines: readonly string[]): Promise<void> {
	const limit = given.value('l');
	if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw fail(`invalid columns limit argument: '${limit}'`);
	const rows = lines.map((line) => cells(line, given.value('s'), limit === undefined ? Infinity : Number(limit)));
	const named = given.value('N')?.split(',');
	const count = Math.max(named?.length ?? 0, ...rows.map((row) => row.length));
	const columns: Column[] = Array.from({ length: count }, (_, i) => ({
		name: named?.[i] ?? '',
		right: false,
		hidden: false,
	}));
	const at = (word: string): number => {
		const byName = columns.findIndex(({ name }) => name !== '' && name === word);
		if (byName >= 0) return byName;
		if (/^\d+$/.test(word) && Number(word) >= 1 && Number(word) <= count) return Number(word) - 1;
		throw fail(`undefined column name '${word}'`);
	};
	/** `-` are columns that have no name, `0` all of them. */
	const each = (words: string | undefined, mark: (column: Column) => void): void => {
		for (const word of words?.split(',') ?? []) {
			if (word === '0') columns.forEach(mark);
			else if (word === '-') columns.filter(({ name }) => name === '').forEach(mark);
			else mark(columns[at(word)]!);
		}
	};
	each(given.value('H'), (column) => {
		column.hidden = true;
	});
	each(given.value('R'), (column) => {
		column.right = true;
	});
	let order = columns.map((_, i) => i);
	const wanted = given.value('O')?.split(',').map(at);
	if (wanted) order = [...wanted, ...order.filter((i) => !wanted.includes(i))];
	let shown = rows.map((row) => ({ row: row as readonly string[], before: '' }));
	if (given.has('r')) {
		const [id, parent] = [given.value('i'), given.value('p')];
		if (id === undefined || parent === undefined)
			throw fail('options --tree-id and --tree-parent are required for tree formatting');
		shown = treeRows(rows, at(given.value('r')!), at(id), at(parent));
	}
	if (given.has('J')) {
		const visible = order.filter((i) => !columns[i]!.hidden);
		const objects = rows.map((row) => {
			const fields = visible.map(
				(i) =>
					`         ${jsonText(columns[i]!.name.toLowerCase())}: ${row[i] === undefined || row[i] === '' ? 'null' : jsonText(row[i]!)}`,
			);
			return `{\n${fields.join(',\n')}\n      }`;
		});
		desk.write(octets(`{\n   ${jsonText(given.value('n') ?? 'table')}: [\n      ${objects.join(',')}\n   ]\n}\n`));
		return;
	}
	const visible = order.filter((i) => !columns[i]!.hidden);
	const all =
		named && !given.has('d')
			? [columns.map(({ name }) => name), ...shown.map(({ row }) => row)]
			: shown.map(({ row }) => row);
	const widths = visible.map((i) => Math.max(0, ...all.map((row) => widthOf(row[i] ?? ''))));
	const apart = given.value('o') ?? '  ';
	const out = all.map((row) =>
		visible
			.map((i, n) => {
				const cell = row[i] ?? '';
				const pad = ' '.repeat(widths[n]! - widthOf(cell));
				if (columns[i]!.right) return pad + cell;
				return n === visible.length - 1 ? cell : cell + pad;
			})
			.join(apart),
	);
	desk.write(octets(out.map((line) => `${line}\n`).join('')));
}

const OF_TABLES = 'NdeEHlORTWrip';

export async function column(desk: Desk): Promise<void> {
	const given = desk.options('c:dE:ehH:i:Jl:LN:n:O:o:p:R:r:s:T:tVW:x', [
		'columns=>c',
		'json>J',
		'fillrows>x',
		'help>h',
		'keep-empty-lines>L',
		'output-separator=>o',
		'output-width=>c',
		'separator=>s',
		'table>t',
		'table-columns=>N',
		'table-columns-limit=>l',
		'table-hide=>H',
		'table-name=>n',
		'table-maxout>m',
		'table-noextreme=>E',
		'table-noheadings>d',
		'table-order=>O',
		'table-right=>R',
		'table-truncate=>T',
		'table-wrap=>W',
		'table-empty-lines>L',
		'table-header-repeat>e',
		'tree=>r',
		'tree-id=>i',
		'tree-parent=>p',
		'version>V',
	]);
	const [cut] = given.all.find(([name]) => name === 'W' || name === 'T') ?? [];
	if (given.has('J') && !given.has('N')) throw fail('option --table-columns required for --json');
	if (!given.has('t') && !given.has('J') && given.all.some(([name]) => OF_TABLES.includes(name)))
		throw fail('option --table required for all --table-*');
	const width = given.value('c');
	if (width !== undefined && !/^(?:\d+|unlimited)$/.test(width)) throw fail(`invalid columns argument: '${width}'`);
	const lines: string[] = [];
	const files: string[] = [];
	for (const file of given.operands) {
		const found = await desk.tryRead(file === '-' ? './-' : file);
		if ('wrong' in found) desk.fault(`${quoted(file)}: ${found.wrong}`);
		else files.push(file);
	}
	if (given.operands.length > 0 && files.length === 0) return;
	for await (const group of lineGroups(desk, files)) lines.push(...group.map(asText));
	const kept = given.has('L') ? lines : lines.filter((line) => /[^ \t]/.test(line));
	if (kept.length === 0) return;
	if (given.has('t') || given.has('J')) {
		const screen = width === undefined ? Number(desk.call.state.env.get('COLUMNS') ?? 80) : Number(width);
		if (cut !== undefined && kept.some((line) => widthOf(line) >= screen))
			throw fail(`the simulator does not cut or wrap cells (-${cut}) of tables wider than the screen`);
		return table(desk, given, kept);
	}
	const screen = width === 'unlimited' ? Infinity : Number(width ?? desk.call.state.env.get('COLUMNS') ?? 80);
	desk.write(
		octets(
			filled(
				kept.map((line) => line.replace(/^[ \t]+/, '')),
				screen,
				given.has('x'),
			),
		),
	);
}
