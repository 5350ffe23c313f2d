/** Options of grep by their names, and what holds when none is given. */

export interface GrepOptions {
	/** Patterns, one a line; undefined when they come from the first operand only. */
	patterns: string[] | undefined;
	/** Files with patterns, in their place among the others. */
	language: 'basic' | 'extended' | 'perl' | 'fixed';
	anyCase: boolean;
	invert: boolean;
	words: boolean;
	whole: boolean;
	/** What is written for a selected line. */
	show: 'lines' | 'count' | 'with' | 'without' | 'nothing';
	onlyMatching: boolean;
	numbers: boolean;
	offsets: boolean;
	tab: boolean;
	names: boolean | undefined;
	most: number;
	after: number;
	before: number;
	separator: string | undefined;
	color: 'always' | 'never' | 'auto';
	recursive: boolean;
	directories: 'read' | 'skip';
	include: string[];
	exclude: string[];
	excludeDirs: string[];
	silent: boolean;
	text: boolean;
	end: string;
	label: string;
	nullNames: boolean;
	files: string[];
}

export const VALUED = 'efABCmdD';
export const LONG: Readonly<Record<string, string>> = {
	'after-context': 'A',
	'basic-regexp': 'G',
	'before-context': 'B',
	binary: 'U',
	'byte-offset': 'b',
	context: 'C',
	count: 'c',
	'dereference-recursive': 'R',
	directories: 'd',
	'extended-regexp': 'E',
	file: 'f',
	'files-with-matches': 'l',
	'files-without-match': 'L',
	'fixed-strings': 'F',
	'ignore-case': 'i',
	'initial-tab': 'T',
	'invert-match': 'v',
	'line-number': 'n',
	'line-regexp': 'x',
	'max-count': 'm',
	'no-filename': 'h',
	'no-messages': 's',
	null: 'Z',
	'null-data': 'z',
	'only-matching': 'o',
	'perl-regexp': 'P',
	quiet: 'q',
	recursive: 'r',
	regexp: 'e',
	silent: 'q',
	text: 'a',
	'with-filename': 'H',
	'word-regexp': 'w',
};

export const unset = (name: string): GrepOptions => ({
	patterns: undefined,
	language: name === 'egrep' ? 'extended' : name === 'fgrep' ? 'fixed' : 'basic',
	anyCase: false,
	invert: false,
	words: false,
	whole: false,
	show: 'lines',
	onlyMatching: false,
	numbers: false,
	offsets: false,
	tab: false,
	names: undefined,
	most: Infinity,
	after: -1,
	before: -1,
	separator: '--',
	color: 'never',
	recursive: false,
	directories: 'read',
	include: [],
	exclude: [],
	excludeDirs: [],
	silent: false,
	text: false,
	end: '\n',
	label: '(standard input)',
	nullNames: false,
	files: [],
});

/** A long option by its name or the beginning of it that only it has. */
export function longOf(text: string): [string, string | undefined] {
	const at = text.indexOf('=');
	const name = at < 0 ? text : text.slice(0, at);
	const value = at < 0 ? undefined : text.slice(at + 1);
	const all = [
		...Object.keys(LONG),
		'color',
		'colour',
		'include',
		'exclude',
		'exclude-dir',
		'label',
		'line-buffered',
		'no-group-separator',
		'group-separator',
		'binary-files',
	];
	const fits = all.filter((known) => known.startsWith(name));
	return [all.includes(name) ? name : fits.length === 1 ? fits[0]! : name, value];
}

/** Long options that have no letter; whether it was one. */
export function other(o: GrepOptions, name: string, value: string | undefined): boolean {
	switch (name) {
		case 'color':
		case 'colour':
			o.color = value === 'always' || value === 'never' ? value : 'auto';
			return true;
		case 'include':
			o.include.push(value ?? '');
			return true;
		case 'exclude':
			o.exclude.push(value ?? '');
			return true;
		case 'exclude-dir':
			o.excludeDirs.push(value ?? '');
			return true;
		case 'label':
			o.label = value ?? '';
			return true;
		case 'binary-files':
			o.text = value === 'text';
			return true;
		case 'no-group-separator':
			o.separator = undefined;
			return true;
		case 'group-separator':
			o.separator = value ?? '--';
			return true;
		case 'line-buffered':
			return true;
		default:
			return false;
	}
}
