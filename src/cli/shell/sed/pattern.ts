/** Regular expressions of sed (sed/regexp.c, normalize_text of sed/compile.c @ v4.8), by grep's engine. */
import { Machine, type Match } from '../grep/machine.ts';
import { PosixReader } from '../grep/posix.ts';
import { escapeAt } from './escapes.ts';
import { charactersOf } from './text.ts';

export interface PatternOptions {
	readonly extended: boolean;
	readonly anyCase: boolean;
	/** `M` */
	readonly lines: boolean;
	readonly posix: boolean;
}

export interface Pattern {
	/** How many parentheses it has. */
	readonly groups: number;
	/** Steps of all searches so far. */
	readonly spent: number;
	/** The longest of the matches that begin first. @throws PatternError when it takes too long */
	find(text: string, from: number): Match | undefined;
}

/** Steps of one search: about half a second. */
const MOST_STEPS = 15_000_000;

/** Characters and sets of them, of which the first match is the longest; what is repeated is counted. */
const PLAIN = /^\^?(?:[^\\[\](){}|*+?.^$\n\u0080-\uffff]|\\[./\-,:"]|\.|\[\^?[\w ./:;,="'-]+\])*\$?$/;
const REPEATED = /^\^?(?:(?:[^\\[\](){}|*+?.^$\n\u0080-\uffff]|\\[./\-,:"]|\.|\[\^?[\w ./:;,="'-]+\])\*?)*\$?$/;

/** The longest text that the host's own engine is given: it may need as much as the square of it. */
function reach(source: string, { anyCase, lines }: PatternOptions): number {
	if (anyCase || lines || /\[\^?[^\]]*(?:[a-zA-Z0-9]-[^a-zA-Z0-9\]]|--)/.test(source)) return 0;
	if (PLAIN.test(source)) return Infinity;
	return REPEATED.test(source) && source.split('*').length === 2 ? 4000 : 0;
}

/** @param source octets @throws PatternError */
export function patternOf(source: string, options: PatternOptions): Pattern {
	const text = charactersOf(source);
	const reader = new PosixReader(text, options.extended, options.anyCase, {
		strict: !options.posix,
		lines: options.lines,
		plain: options.posix,
		escape: escapeAt,
	});
	const machine = new Machine(reader.read(), true, MOST_STEPS);
	const most = reach(text, options);
	const quick = most > 0 ? quickly(text) : undefined;
	let quickSteps = 0;
	return {
		groups: reader.groups,
		get spent() {
			return machine.spent + quickSteps;
		},
		find(line, from) {
			if (!quick || line.length > most) return machine.find(line, from);
			const found = quick(line, from);
			quickSteps += 5 + (((found?.to ?? line.length) - from) >> 3);
			return found;
		},
	};
}

function quickly(source: string): Pattern['find'] | undefined {
	let pattern: RegExp;
	try {
		pattern = new RegExp(
			source.replace(/\\(.)|\[[^\]]*\]|[./]/g, (part, escaped?: string) => {
				if (escaped !== undefined)
					return /[\w\s]/.test(escaped) ? escaped : `\\x${escaped.charCodeAt(0).toString(16).padStart(2, '0')}`;
				if (part === '.') return '[^\\u{dc80}-\\u{dcff}]';
				if (part === '/') return '\\/';
				return part.startsWith('[^') ? `${part.slice(0, -1)}\\u{dc80}-\\u{dcff}]` : part;
			}),
			'gu',
		);
	} catch {
		return undefined;
	}
	return (line, from) => {
		pattern.lastIndex = from;
		const found = pattern.exec(line);
		return found ? { from: found.index, to: found.index + found[0].length, slots: [] } : undefined;
	};
}
