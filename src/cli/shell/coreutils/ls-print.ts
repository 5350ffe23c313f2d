/** Lines and columns of ls (coreutils src/ls.c @ v8.32; busybox coreutils/ls.c @ 1_35_0). */
import { formatInstant } from '../date/format.ts';
import type { Zone } from '../date/zone.ts';
import { colorOf, type Palette, quoted, type Shape, widthOf } from './ls-names.ts';
import type { Wanted } from './ls-options.ts';
import type { Unit } from './ls-values.ts';
import { byVersion } from './order.ts';

export interface Entry {
	/** As it is shown. */
	readonly name: string;
	readonly path: string;
	readonly kind: 'file' | 'directory' | 'link';
	readonly mode: number;
	/** Numbers of a device that characters go through. */
	readonly device?: string;
	readonly links: number;
	readonly inode: number;
	readonly owner: string;
	readonly group: string;
	readonly size: number;
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly target?: string;
	/** What a link leads to. */
	readonly leads?: Shape;
}

const HALF_YEAR = 15_778_476_000;

const bits = ({ kind, mode, device }: Entry): string => {
	const type = kind === 'directory' ? 'd' : kind === 'link' ? 'l' : device ? 'c' : '-';
	const three = (shift: number, special: number, set: string, bare: string): string => {
		const part = (mode >> shift) & 7;
		const x = (mode & special) !== 0 ? ((part & 1) !== 0 ? set : bare) : (part & 1) !== 0 ? 'x' : '-';
		return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${x}`;
	};
	return `${type}${three(6, 0o4000, 's', 'S')}${three(3, 0o2000, 's', 'S')}${three(0, 0o1000, 't', 'T')}`;
};

/** Octets on the disk. */
const onDisk = ({ kind, size }: Entry): number => (kind === 'link' ? 0 : Math.ceil(size / 4096) * 4096);

const isFolder = (entry: Entry): boolean => entry.kind === 'directory' || entry.leads?.kind === 'directory';

export function sorted(entries: readonly Entry[], want: Wanted): readonly Entry[] {
	if (want.sort === 'none' && !want.foldersFirst) return entries;
	const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
	const byName = (a: Entry, b: Entry): number => byText(a.name, b.name);
	const ending = ({ name }: Entry): string => /\.[^.]*$/.exec(name)?.[0] ?? '';
	const orders: Readonly<Record<string, (a: Entry, b: Entry) => number>> = {
		name: byName,
		none: () => 0,
		time: (a, b) => b.at - a.at || byName(a, b),
		size: (a, b) => b.size - a.size || byName(a, b),
		extension: (a, b) => byText(ending(a), ending(b)) || byName(a, b),
		version: (a, b) => byVersion(a.name, b.name) || byName(a, b),
		width: (a, b) => widthOf(a.name) - widthOf(b.name) || byName(a, b),
	};
	const order = orders[want.sort]!;
	const sign = want.reverse ? -1 : 1;
	return [...entries].sort(
		(a, b) => (want.foldersFirst ? Number(isFolder(b)) - Number(isFolder(a)) : 0) || sign * order(a, b),
	);
}

/** Octets in a unit, rounded up (gnulib lib/human.c). */
function inUnits(octets: number, unit: Unit): string {
	if (!('people' in unit)) return `${Math.ceil(octets / unit.octets)}${unit.suffix}`;
	const step = unit.people;
	let value = octets;
	let power = 0;
	while (value >= step && power < 6) {
		value /= step;
		power++;
	}
	if (power === 0) return String(octets);
	let tenths = Math.ceil(value * 10);
	if (tenths >= 100) tenths = Math.ceil(value) * 10;
	if (tenths >= step * 10 && power < 6) {
		tenths = 10;
		power++;
	}
	return `${tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : tenths / 10}${(step === 1000 ? 'kMGTPE' : 'KMGTPE')[power - 1]}`;
}

const number = (text: string): string =>
	({ root: '0', learner: '1000', nogroup: '65534', nobody: '65534', nginx: '101' })[text] ?? text;

export interface Listing {
	entries(list: readonly Entry[]): string;
	name(text: string): string;
	total(list: readonly Entry[]): string;
}

interface Around {
	readonly busybox: boolean;
	/** Milliseconds since 1970. */
	readonly now: number;
	readonly zone: Zone;
	/** Columns from one stop to the next; 0 for spaces only. */
	readonly tab: number;
	readonly palette: Palette | undefined;
}

interface Cell {
	readonly text: string;
	readonly width: number;
}

/** Writes as it was asked for. */
export function listing(want: Wanted, { busybox, now, zone, tab, palette }: Around): Listing {
	let colored = false;
	const name = (text: string): string => quoted(text, want.quoting, want.hide);
	const paint = (text: string, shape: Shape, of: string): string => {
		const color = palette === undefined ? '' : colorOf(palette, of, shape);
		if (color === '') return text;
		// What was left on by others is put off before the first colour.
		const before = colored ? '' : '\x1b[0m';
		colored = true;
		return `${before}\x1b[${color}m${text}\x1b[0m`;
	};
	const marked = ({ kind, mode, device }: Shape): string => {
		if (want.marks === 'none') return '';
		if (kind === 'directory') return '/';
		if (want.marks === 'slash') return '';
		if (kind === 'link') return '@';
		return want.marks === 'classify' && kind === 'file' && device === undefined && (mode & 0o111) !== 0 ? '*' : '';
	};
	const blocks = (entry: Entry): string => inUnits(onDisk(entry), want.unit);
	const when = (at: number): string => {
		const recent = now - at < HALF_YEAR && at <= now + 60_000;
		const [older = '', newer = older] = want.style.slice(1).split('\n');
		const format = want.style.startsWith('+')
			? recent
				? newer
				: older
			: ({
					'full-iso': '%Y-%m-%d %H:%M:%S.%N %z',
					'long-iso': '%Y-%m-%d %H:%M',
					iso: recent ? '%m-%d %H:%M' : '%Y-%m-%d ',
				}[want.style] ?? (recent ? '%b %e %H:%M' : '%b %e  %Y'));
		const seconds = Math.floor(at / 1000);
		return formatInstant(format, { seconds, nanos: Math.round((at - seconds * 1000) * 1e6) }, zone);
	};

	function long(entries: readonly Entry[], pad: (text: string) => string): string {
		const widest = (text: (entry: Entry) => string): number => Math.max(...entries.map((entry) => text(entry).length));
		const column = (of: (entry: Entry) => string, left: boolean): ((entry: Entry) => string) => {
			const width = widest(of);
			return (entry) => (left ? of(entry).padEnd(width) : of(entry).padStart(width));
		};
		const owner = (entry: Entry): string => (want.numeric ? number(entry.owner) : entry.owner);
		const group = (entry: Entry): string => (want.numeric ? number(entry.group) : entry.group);
		const size = (entry: Entry): string => entry.device ?? inUnits(entry.size, want.sizes);
		const columns = [
			...(want.inode ? [column(({ inode }) => String(inode), false)] : []),
			...(want.blocks ? [column(blocks, false)] : []),
			bits,
			column(({ links }) => String(links), false),
			...(want.owner ? [column(owner, !want.numeric)] : []),
			...(want.group ? [column(group, !want.numeric)] : []),
			...(want.author ? [column(owner, !want.numeric)] : []),
			...(want.context ? [() => '?'] : []),
			column(size, false),
		];
		const asBusybox = (entry: Entry): string =>
			`${want.inode ? `${entry.inode} ` : ''}${want.blocks ? `${blocks(entry)} ` : ''}${bits(entry)} ${String(entry.links).padStart(4)} ${owner(entry).padEnd(8)} ${group(entry).padEnd(8)} ${size(entry).padStart(9)}`;
		const link = ({ target, leads }: Entry): string =>
			target === undefined ? '' : ` -> ${paint(name(target), leads!, target)}${marked(leads!)}`;
		return entries
			.map((entry) => {
				const words = busybox ? asBusybox(entry) : columns.map((of) => of(entry)).join(' ');
				const shown = paint(pad(name(entry.name)), entry, entry.name);
				return `${words} ${when(entry.at)} ${shown}${entry.target === undefined ? marked(entry) : link(entry)}${want.end}`;
			})
			.join('');
	}

	function indent(from: number, to: number): string {
		let text = '';
		for (let at = from; at < to; ) {
			if (tab !== 0 && Math.floor(to / tab) > Math.floor((at + 1) / tab)) {
				text += '\t';
				at += tab - (at % tab);
			} else {
				text += ' ';
				at++;
			}
		}
		return text;
	}

	/** As many columns as fit, filled downwards or across. */
	function inColumns(cells: readonly Cell[], down: boolean): string {
		const n = cells.length;
		const line = want.width === 0 ? Infinity : want.width;
		const plan = (count: number): number[] | undefined => {
			const rows = Math.ceil(n / count);
			const widths = new Array<number>(count).fill(3);
			for (const [i, { width }] of cells.entries()) {
				const at = down ? Math.floor(i / rows) : i % count;
				widths[at] = Math.max(widths[at]!, width + (at === count - 1 ? 0 : 2));
			}
			return widths.reduce((sum, width) => sum + width, 0) < line ? widths : undefined;
		};
		let count = Math.min(n, Math.max(1, Math.floor(line / 3)));
		let widths = plan(count);
		while (count > 1 && widths === undefined) widths = plan(--count);
		const rows = Math.ceil(n / count);
		let text = '';
		for (let row = 0; row < rows; row++) {
			let at = 0;
			let end = 0;
			for (let i = 0; i < count; i++) {
				const cell = cells[down ? i * rows + row : row * count + i];
				if (cell === undefined) break;
				text += `${indent(end, at)}${cell.text}`;
				end = at + cell.width;
				at += widths?.[i] ?? 0;
			}
			text += want.end;
		}
		return text;
	}

	function withCommas(cells: readonly Cell[]): string {
		let text = '';
		let at = 0;
		for (const [i, cell] of cells.entries()) {
			if (i > 0) {
				const fits = want.width === 0 || at + cell.width + 2 < want.width;
				text += fits ? ', ' : ',\n';
				at = fits ? at + 2 : 0;
			}
			text += cell.text;
			at += cell.width;
		}
		return `${text}${want.end}`;
	}

	return {
		name,
		total: (list) =>
			`total ${inUnits(
				list.reduce((sum, entry) => sum + onDisk(entry), 0),
				want.unit,
			)}`,
		entries(list) {
			// Names without quotes stand below the first letters of those that have them.
			const outer =
				/^(?:shell|shell-escape|c-maybe)$/.test(want.quoting) &&
				want.width !== 0 &&
				want.format !== 'one' &&
				want.format !== 'commas';
			const some = outer && list.some((entry) => name(entry.name) !== entry.name);
			const pad = (text: string): string => (some && !/^['"]/.test(text) ? ` ${text}` : text);
			if (want.format === 'long') return long(list, pad);
			const inodes = Math.max(...list.map(({ inode }) => String(inode).length));
			const sizes = Math.max(...list.map((entry) => blocks(entry).length));
			const commas = want.format === 'commas';
			const cells = list.map((entry): Cell => {
				const before = [
					...(want.inode ? [String(entry.inode).padStart(commas ? 0 : inodes)] : []),
					...(want.blocks ? [blocks(entry).padStart(commas ? 0 : sizes)] : []),
					...(want.context ? ['?'] : []),
				]
					.map((word) => `${word} `)
					.join('');
				const bare = pad(name(entry.name));
				const shape: Shape = entry.leads?.kind === 'nowhere' && palette?.kinds.get('or') ? entry.leads : entry;
				return {
					text: `${before}${paint(bare, shape, entry.name)}${marked(entry)}`,
					width: before.length + widthOf(bare) + marked(entry).length,
				};
			});
			if (commas) return withCommas(cells);
			if (want.format === 'one') return cells.map(({ text }) => `${text}${want.end}`).join('');
			return inColumns(cells, want.format === 'many');
		},
	};
}
