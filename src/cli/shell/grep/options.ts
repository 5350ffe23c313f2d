/** Words of grep (GNU grep 3.8, src/grep.c). */

/** Words that are wrong, or a file of patterns that is to be read. */
export type GrepWords = GrepOptions | { readonly error: string };

import { type GrepOptions, LONG, longOf, other, unset, VALUED } from './known.ts';

export type { GrepOptions };

export const USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n";

/** @param read the text of a file of patterns; undefined when there is none */
export async function grepWords(
	name: string,
	args: readonly string[],
	read: (path: string) => Promise<string | undefined>,
): Promise<GrepWords> {
	const o = unset(name);
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
