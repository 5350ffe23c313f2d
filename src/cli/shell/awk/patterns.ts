/** Extended regular expressions of awk, on octets. mawk's 1.3.4-20200120 knows no intervals: a brace is itself. */
import { Machine, type Match } from '../grep/machine.ts';
import { PosixReader } from '../grep/posix.ts';
import { PatternError } from '../grep/tree.ts';
import { AwkFault, unescaped } from './scan.ts';

export interface Pattern {
	/** The longest of the matches that begin first. */
	find(text: string, from: number): Match | undefined;
}

/** What needs no machine: characters and what is in brackets, some repeated, where the first match is the longest. */
const SIMPLE = /^\^?(?:(?:[^\\[\](){}|*+?.^$]|\\[.[\]()*+?|^$/\\]|\.|\[\^?[^\]\\[]+\])[*+?]?)*\$?$/;

const known = new Map<string, Pattern>();

/** @throws AwkFault */
export function patternOf(source: string): Pattern {
	let pattern = known.get(source);
	if (!pattern) {
		if (known.size > 500) known.clear();
		pattern = made(source);
		known.set(source, pattern);
	}
	return pattern;
}

function made(source: string): Pattern {
	if (SIMPLE.test(source) && (source.match(/[*+]/g) ?? []).length < 3) {
		// A dot is any character, a newline too; in brackets it is itself.
		const quick = new RegExp(
			source.replace(/\\.|\[\^?[^\]]+\]|\./g, (c) => (c === '.' ? '[^]' : c)),
			'g',
		);
		return {
			find(text, from) {
				quick.lastIndex = from;
				const found = quick.exec(text);
				return found ? { from: found.index, to: found.index + found[0].length, slots: [] } : undefined;
			},
		};
	}
	try {
		const machine = new Machine(new PosixReader(forReader(source), true, false).read(), true);
		return { find: (text, from) => machine.find(text, from) };
	} catch (error) {
		if (error instanceof RangeError) throw new AwkFault('regular expression nested too deeply');
		if (error instanceof PatternError)
			throw new AwkFault(`regular expression compile failed (${words(error.message)})\n${source.slice(0, 200)}`);
		throw error;
	}
}

const words = (message: string): string =>
	/Unmatched \(|Unmatched \)/.test(message)
		? "missing ')'"
		: /\[/.test(message)
			? 'missing ]'
			: 'syntax error ^* or ^+';

/** In grep's language: awk's escapes are characters, its braces too. */
function forReader(source: string): string {
	return source.replace(
		/(\[\^?\]?(?:\[:[a-z]+:\]|\\.|[^\]\\])*\])|\\([0-7]{1,3}|[\s\S])|([{}])/g,
		(whole, bracket?: string, what?: string, brace?: string) => {
			if (bracket) return bracket.replace(/\\([\\\]]|.)/g, (one) => unescaped(one).replace(/^\\/, ''));
			if (brace) return `\\${brace}`;
			if (/^[0-7]/.test(what!)) return escapedChar(String.fromCharCode(Number.parseInt(what!, 8) & 255));
			const char = unescaped(whole);
			if (char !== whole) return escapedChar(char);
			return /[A-Za-z]/.test(what!) ? what! : whole;
		},
	);
}

const escapedChar = (char: string): string => (/[\\[\](){}|*+?.^$]/.test(char) ? `\\${char}` : char);
