/** How much of its input a sed script has to see before it can write. GNU sed's language (sed.info, "sed scripts"). */

export interface SedFacts {
	/** It looks ahead (`N`, `$`) or does more than to write: nothing can be said before the end. */
	readonly ahead: boolean;
	/** What it does with a line depends on lines before it. */
	readonly remembers: boolean;
	/** It may end before its input does. */
	readonly quits: boolean;
}

/** Commands that see one line and nothing else. */
const PLAIN = new Set('{}spdylcai:bz');

const AHEAD: SedFacts = { ahead: true, remembers: true, quits: false };

/** Reads a script roughly; what is not understood counts as looking ahead. */
export function sedFacts(script: string): SedFacts {
	let remembers = false;
	let quits = false;
	let i = 0;
	const skip = (pattern: RegExp): string => {
		pattern.lastIndex = i;
		const found = pattern.exec(script)?.[0] ?? '';
		i += found.length;
		return found;
	};
	/** Behind the next unescaped mark. */
	const past = (mark: string): boolean => {
		let set = false;
		for (; i < script.length; i++) {
			const char = script[i]!;
			if (char === '\\') i++;
			else if (char === '[') set = true;
			else if (char === ']') set = false;
			else if (char === mark && !(set && mark === '/')) {
				i++;
				return true;
			}
		}
		return false;
	};
	const address = (): boolean | undefined => {
		if (skip(/\d+(?:~\d+)?|[+~]\d+/y)) remembers = true;
		else if (script[i] === '$') return undefined;
		else if (script[i] === '/' || script[i] === '\\') {
			if (script[i] === '\\') i++;
			const mark = script[i++] ?? '';
			if (!past(mark)) return undefined;
			skip(/[IM]+/y);
		} else return false;
		return true;
	};
	while (skip(/[\s;]+/y) || i < script.length) {
		if (i >= script.length) break;
		if (script[i] === '#') {
			skip(/[^\n]*/y);
			continue;
		}
		const first = address();
		if (first === undefined) return AHEAD;
		skip(/\s+/y);
		if (first && script[i] === ',') {
			i++;
			skip(/\s+/y);
			remembers = true;
			if (!address()) return AHEAD;
		}
		skip(/[\s!]+/y);
		const command = script[i++] ?? '';
		if (command === 's' || command === 'y') {
			const mark = script[i++] ?? '';
			if (!past(mark) || !past(mark)) return AHEAD;
			if (/[ewm]/i.test(skip(/[gpiIemM0-9w]*/y).replace(/[iI]/g, ''))) return AHEAD;
		} else if ('aic'.includes(command)) {
			// The text goes on behind a backslash.
			while (skip(/[^\n]*\n?/y).endsWith('\\\n'));
		} else if (':btT'.includes(command)) skip(/[^;\n}]*/y);
		else if (command === 'q' || command === 'Q') {
			quits = true;
			remembers = true;
			skip(/\s*\d*/y);
		}
		if (command === '' || 'NDrRwWeF'.includes(command)) return AHEAD;
		if (!PLAIN.has(command)) remembers = true;
	}
	return { ahead: false, remembers, quits };
}
