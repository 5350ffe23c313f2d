/** What ls was asked for: the last of options that exclude each other counts (coreutils src/ls.c decode_switches @ v8.32). */
import { mark } from '../found.ts';
import { type Desk, type Given, Leave } from './desk.ts';
import { QUOTING } from './ls-names.ts';
import { oneOf, styleOf, type Unit, unitOf } from './ls-values.ts';

export type Format = 'long' | 'one' | 'many' | 'across' | 'commas';

export interface Wanted {
	readonly format: Format;
	readonly sort: string;
	readonly hidden: 'none' | 'almost' | 'all';
	readonly quoting: string;
	readonly hide: boolean;
	readonly marks: 'none' | 'slash' | 'file-type' | 'classify';
	readonly color: boolean;
	readonly unit: Unit;
	readonly sizes: Unit;
	readonly width: number;
	readonly tab: number;
	readonly style: string;
	/** Patterns of names that are left out always, and unless hidden ones are shown. */
	readonly ignored: readonly string[];
	readonly veiled: readonly string[];
	readonly numeric: boolean;
	readonly owner: boolean;
	readonly group: boolean;
	readonly author: boolean;
	readonly context: boolean;
	readonly inode: boolean;
	readonly blocks: boolean;
	readonly reverse: boolean;
	readonly recursive: boolean;
	readonly itself: boolean;
	/** What ends a line. */
	readonly end: string;
	readonly foldersFirst: boolean;
	/** Links that are followed: none, those on the line, those on the line to directories, all. */
	readonly follow: 'never' | 'line' | 'folders' | 'always';
}

const SHORT = 'abcdfghiklmnopqrstuvw:xABCDFGHI:LNQRST:UXZ1';
const LONG = [
	'all>a',
	'escape>b',
	'directory>d',
	'dired>D',
	'full-time',
	'group-directories-first',
	'human-readable>h',
	'inode>i',
	'kibibytes>k',
	'numeric-uid-gid>n',
	'no-group>G',
	'hide-control-chars>q',
	'reverse>r',
	'size>s',
	'width=>w',
	'almost-all>A',
	'ignore-backups>B',
	'classify>F',
	'file-type',
	'si',
	'dereference-command-line>H',
	'dereference-command-line-symlink-to-dir',
	'hide=',
	'ignore=>I',
	'indicator-style=',
	'dereference>L',
	'literal>N',
	'quote-name>Q',
	'quoting-style=',
	'recursive>R',
	'format=',
	'show-control-chars',
	'sort=',
	'tabsize=>T',
	'time=',
	'time-style=',
	'color?',
	'hyperlink?',
	'block-size=',
	'context>Z',
	'author',
	'zero',
];

/** @param tty whether a terminal shows it. @throws Leave */
export function wanted(desk: Desk, tty: boolean): Wanted & { readonly given: Given } {
	const given = desk.options(SHORT, LONG, 2);
	const { env } = desk.call.state;
	const number = (word: string, what: string): number => {
		if (!/^(?:0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(word))
			throw new Leave(`${desk.name}: invalid ${what}: ${mark(desk.call.state, word)}\n`, 2);
		return /^0\d/.test(word) ? Number.parseInt(word, 8) : Number(word);
	};
	const w: { -readonly [K in keyof Wanted]: Wanted[K] } = {
		format: tty ? 'many' : 'one',
		sort: 'name',
		hidden: 'none',
		quoting:
			env.has('QUOTING_STYLE') && QUOTING.includes(env.get('QUOTING_STYLE')!)
				? env.get('QUOTING_STYLE')!
				: tty
					? 'shell-escape'
					: 'literal',
		hide: tty,
		marks: 'none',
		color: false,
		unit: { octets: 1024, suffix: '' },
		sizes: { octets: 1, suffix: '' },
		width: /^\d+$/.test(env.get('COLUMNS') ?? '') ? Number(env.get('COLUMNS')) : 80,
		tab: 8,
		style: 'locale',
		ignored: [],
		veiled: [],
		numeric: false,
		owner: true,
		group: true,
		author: false,
		context: false,
		inode: false,
		blocks: false,
		reverse: false,
		recursive: false,
		itself: false,
		end: '\n',
		foldersFirst: false,
		follow: 'folders',
	};
	let chosen: string | undefined;
	let byTime = false;
	let style = env.get('TIME_STYLE');
	let follow: Wanted['follow'] | undefined;
	const people = (step: 1000 | 1024): void => {
		w.unit = w.sizes = { people: step };
	};
	const own = env.get('LS_BLOCK_SIZE') ?? env.get('BLOCK_SIZE');
	const ownUnit = own === undefined ? undefined : unitOf(own);
	if (ownUnit !== undefined) w.unit = w.sizes = ownUnit;
	else if (env.has('POSIXLY_CORRECT')) w.unit = { octets: 512, suffix: '' };
	const does: Readonly<Record<string, (value: string) => void>> = {
		a: () => {
			w.hidden = 'all';
		},
		b: () => {
			w.quoting = 'escape';
		},
		c: () => {
			byTime = true;
		},
		d: () => {
			w.itself = true;
		},
		f: () => {
			w.hidden = 'all';
			chosen = 'none';
			if (w.format === 'long') w.format = tty ? 'many' : 'one';
			w.blocks = false;
			w.color = false;
		},
		'file-type': () => {
			w.marks = 'file-type';
		},
		g: () => {
			w.format = 'long';
			w.owner = false;
		},
		h: () => people(1024),
		i: () => {
			w.inode = true;
		},
		k: () => {
			w.unit = { octets: 1024, suffix: '' };
		},
		l: () => {
			w.format = 'long';
		},
		m: () => {
			w.format = 'commas';
		},
		n: () => {
			w.numeric = true;
			w.format = 'long';
		},
		o: () => {
			w.format = 'long';
			w.group = false;
		},
		p: () => {
			w.marks = 'slash';
		},
		q: () => {
			w.hide = true;
		},
		r: () => {
			w.reverse = true;
		},
		s: () => {
			w.blocks = true;
		},
		t: () => {
			chosen = 'time';
		},
		u: () => {
			byTime = true;
		},
		v: () => {
			chosen = 'version';
		},
		w: (value) => {
			w.width = number(value, 'line width');
		},
		x: () => {
			w.format = 'across';
		},
		A: () => {
			w.hidden = 'almost';
		},
		B: () => {
			w.ignored = [...w.ignored, '*~', '.*~'];
		},
		C: () => {
			w.format = 'many';
		},
		D: () => {
			throw new Leave(`${desk.name}: --dired is not simulated\n`, 2);
		},
		F: () => {
			w.marks = 'classify';
		},
		G: () => {
			w.group = false;
		},
		H: () => {
			follow = 'line';
		},
		I: (value) => {
			w.ignored = [...w.ignored, value];
		},
		L: () => {
			follow = 'always';
		},
		N: () => {
			w.quoting = 'literal';
		},
		Q: () => {
			w.quoting = 'c';
		},
		R: () => {
			w.recursive = true;
		},
		S: () => {
			chosen = 'size';
		},
		T: (value) => {
			w.tab = number(value, 'tab size');
		},
		U: () => {
			chosen = 'none';
		},
		X: () => {
			chosen = 'extension';
		},
		Z: () => {
			w.context = true;
		},
		'1': () => {
			if (w.format !== 'long') w.format = 'one';
		},
		author: () => {
			w.author = true;
		},
		'block-size': (value) => {
			const unit = unitOf(value);
			if (unit === undefined) {
				const suffix = /^\d+/.test(value) && !/^0+$/.test(value);
				throw new Leave(
					`${desk.name}: ${suffix ? 'invalid suffix in' : 'invalid'} --block-size argument '${value}'\n`,
					2,
				);
			}
			w.unit = w.sizes = unit;
		},
		color: (value) => {
			const when = value === '' ? 'always' : oneOf(desk, 'color', value);
			w.color = when === 'always' || (when === 'auto' && tty);
		},
		'dereference-command-line-symlink-to-dir': () => {
			follow = 'folders';
		},
		format: (value) => {
			const name = oneOf(desk, 'format', value);
			w.format = name === 'vertical' ? 'many' : name === 'single-column' ? 'one' : (name as Format);
		},
		'full-time': () => {
			w.format = 'long';
			style = 'full-iso';
		},
		'group-directories-first': () => {
			w.foldersFirst = true;
		},
		hide: (value) => {
			w.veiled = [...w.veiled, value];
		},
		hyperlink: (value) => {
			if (value === '' || oneOf(desk, 'color', value) === 'always')
				throw new Leave(`${desk.name}: --hyperlink is not simulated\n`, 2);
		},
		'indicator-style': (value) => {
			w.marks = oneOf(desk, 'indicator-style', value) as Wanted['marks'];
		},
		'quoting-style': (value) => {
			w.quoting = oneOf(desk, 'quoting-style', value);
		},
		'show-control-chars': () => {
			w.hide = false;
		},
		si: () => people(1000),
		sort: (value) => {
			chosen = oneOf(desk, 'sort', value);
		},
		time: (value) => {
			oneOf(desk, 'time', value);
			byTime = true;
		},
		'time-style': (value) => {
			style = value;
		},
		zero: () => {
			w.end = '\0';
			w.color = false;
			if (w.format !== 'long') w.format = 'one';
			w.quoting = 'literal';
			w.hide = false;
		},
	};
	for (const [name, value] of given.all) does[name]!(value);
	// Which time is asked for makes it the order, unless it is shown.
	w.sort = chosen ?? (byTime && w.format !== 'long' ? 'time' : 'name');
	if (w.format === 'long' && style !== undefined) w.style = styleOf(desk, style);
	w.follow = follow ?? (w.itself || w.marks === 'classify' || w.format === 'long' ? 'never' : 'folders');
	if (w.color || w.width === 0) w.tab = 0;
	return { ...w, given };
}
