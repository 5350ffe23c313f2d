/** Words of grep (GNU grep 3.8, src/grep.c). */

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

/** Words that are wrong, or a file of patterns that is to be read. */
export type GrepWords = GrepOptions | { readonly error: string };

export const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n";

const VALUED = 'efABCmdD';
const LONG: Readonly<Record<string, string>> = {
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

/** @param read the text of a file of patterns; undefined when there is none */
export async function grepWords(
	name: string,
	args: readonly string[],
	read: (path: string) => Promise<string | undefined>,
): Promise<GrepWords> {
	const o: GrepOptions = {
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
	};
	let context = -1;
	const length = (value: string): number => {
		if (!/^\d+$/.test(value)) throw new Error(`grep: ${value}: invalid context length argument\n`);
		return Number(value);
	};
	const add = (text: string): void => {
		o.patterns = [...(o.patterns ?? []), ...text.split('\n')];
	};
	const one = async (letter: string, value: string): Promise<void> => {
		switch (letter) {
			case 'E':
				o.language = 'extended';
				break;
			case 'F':
				o.language = 'fixed';
				break;
			case 'G':
				o.language = 'basic';
				break;
			case 'P':
				o.language = 'perl';
				break;
			case 'i':
			case 'y':
				o.anyCase = true;
				break;
			case 'v':
				o.invert = true;
				break;
			case 'w':
				o.words = true;
				break;
			case 'x':
				o.whole = true;
				break;
			case 'c':
				o.show = 'count';
				break;
			case 'l':
				o.show = 'with';
				break;
			case 'L':
				o.show = 'without';
				break;
			case 'q':
				o.show = 'nothing';
				break;
			case 'o':
				o.onlyMatching = true;
				break;
			case 'n':
				o.numbers = true;
				break;
			case 'b':
				o.offsets = true;
				break;
			case 'T':
				o.tab = true;
				break;
			case 'H':
				o.names = true;
				break;
			case 'h':
				o.names = false;
				break;
			case 'r':
			case 'R':
				o.recursive = true;
				break;
			case 's':
				o.silent = true;
				break;
			case 'a':
				o.text = true;
				break;
			case 'z':
				o.end = '\0';
				break;
			case 'Z':
				o.nullNames = true;
				break;
			case 'U':
				break;
			case 'A':
				o.after = length(value);
				break;
			case 'B':
				o.before = length(value);
				break;
			case 'C':
				context = length(value);
				break;
			case 'm':
				if (!/^-?\d+$/.test(value)) throw new Error('grep: invalid max count\n');
				o.most = Number(value) < 0 ? Infinity : Number(value);
				break;
			case 'e':
				add(value);
				break;
			case 'f': {
				const text = await read(value);
				if (text === undefined) throw new Error(`grep: ${value}: No such file or directory\n`);
				if (text === '') o.patterns ??= [];
				else add(text.replace(/\n$/, ''));
				break;
			}
			case 'd':
				if (value === 'recurse') o.recursive = true;
				else if (value === 'skip' || value === 'read') o.directories = value;
				else throw new Error(`grep: invalid argument '${value}' for '--directories'\n${USAGE}`);
				break;
			case 'D':
				break;
			default:
				throw new Error(`grep: invalid option -- '${letter}'\n${USAGE}`);
		}
	};
	const operands: string[] = [];
	try {
		for (let i = 0; i < args.length; i++) {
			const word = args[i]!;
			const digits = /^-(\d+)$/.exec(word);
			if (digits) context = Number(digits[1]);
			else if (word === '--') {
				operands.push(...args.slice(i + 1));
				break;
			} else if (word.startsWith('--')) {
				const [known, value] = longOf(word.slice(2));
				if (other(o, known, value)) continue;
				const letter = LONG[known];
				if (!letter) throw new Error(`grep: unrecognized option '${word.split('=')[0]}'\n${USAGE}`);
				const takes = VALUED.includes(letter);
				if (!takes && value !== undefined)
					throw new Error(`grep: option '--${known}' doesn't allow an argument\n${USAGE}`);
				if (takes && value === undefined && i + 1 >= args.length)
					throw new Error(`grep: option '--${known}' requires an argument\n${USAGE}`);
				await one(letter, takes ? (value ?? args[++i]!) : '');
			} else if (word.startsWith('-') && word !== '-') {
				for (let at = 1; at < word.length; at++) {
					const letter = word[at]!;
					const number = /^\d+/.exec(word.slice(at))?.[0];
					if (number) {
						context = Number(number);
						at += number.length - 1;
						continue;
					}
					if (!VALUED.includes(letter)) {
						await one(letter, '');
						continue;
					}
					const rest = word.slice(at + 1);
					if (rest === '' && i + 1 >= args.length)
						throw new Error(`grep: option requires an argument -- '${letter}'\n${USAGE}`);
					await one(letter, rest || args[++i]!);
					break;
				}
			} else operands.push(word);
		}
	} catch (error) {
		return { error: (error as Error).message };
	}
	if (!o.patterns) {
		const first = operands.shift();
		if (first === undefined) return { error: USAGE };
		o.patterns = first.split('\n');
	}
	if (o.language === 'perl' && o.patterns.length > 1)
		return { error: 'grep: the -P option only supports a single pattern\n' };
	o.files = operands;
	o.after = o.after < 0 ? Math.max(0, context) : o.after;
	o.before = o.before < 0 ? Math.max(0, context) : o.before;
	return o;
}

/** A long option by its name or the beginning of it that only it has. */
function longOf(text: string): [string, string | undefined] {
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
function other(o: GrepOptions, name: string, value: string | undefined): boolean {
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
