/** Patterns as trees, whatever language they were written in. */

export type Test = (codePoint: number) => boolean;

export type Assertion =
	| 'begin'
	| 'end'
	| 'lineBegin'
	| 'lineEnd'
	| 'word'
	| 'inside'
	| 'wordBegin'
	| 'wordEnd'
	| 'noWordBefore'
	| 'noWordAfter';

export type Tree =
	| { readonly kind: 'char'; readonly test: Test }
	| { readonly kind: 'all'; readonly parts: readonly Tree[] }
	| { readonly kind: 'either'; readonly parts: readonly Tree[] }
	| {
			readonly kind: 'repeat';
			readonly part: Tree;
			readonly min: number;
			readonly max: number;
			readonly lazy?: boolean;
	  }
	| { readonly kind: 'group'; readonly number: number; readonly part: Tree }
	| { readonly kind: 'assert'; readonly what: Assertion }
	| { readonly kind: 'same'; readonly number: number }
	| { readonly kind: 'look'; readonly ahead: boolean; readonly not: boolean; readonly part: Tree }
	/** `\K`: what came before is no part of the match. */
	| { readonly kind: 'keep' };

export const EMPTY: Tree = { kind: 'all', parts: [] };

/** What is wrong with a pattern, in the words of GNU's regcomp(3). */
export class PatternError extends Error {}

export const isWord: Test = (c) =>
	(c >= 48 && c <= 57) ||
	(c >= 65 && c <= 90) ||
	c === 95 ||
	(c >= 97 && c <= 122) ||
	(c > 127 && LETTER.test(String.fromCodePoint(c)));
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const by =
	(pattern: RegExp): Test =>
	(c) =>
		pattern.test(String.fromCodePoint(c));

/** `[:alpha:]` and so on, in a UTF-8 locale. */
export const CLASSES: Readonly<Record<string, Test>> = {
	alpha: by(/\p{L}/u),
	digit: by(/[0-9]/),
	alnum: by(/[\p{L}\p{Nd}]/u),
	upper: by(/\p{Lu}/u),
	lower: by(/\p{Ll}/u),
	space: by(/\s/),
	blank: by(/[ \t]/),
	punct: by(/[!-/:-@[-`{-~\p{P}]/u),
	print: (c) => c >= 32 && c !== 127,
	graph: (c) => c > 32 && c !== 127,
	cntrl: (c) => c < 32 || c === 127,
	xdigit: by(/[0-9A-Fa-f]/),
};

export const not =
	(test: Test): Test =>
	(c) =>
		!test(c);

/** One character, or its other case. */
export function only(codePoint: number, anyCase: boolean): Test {
	if (!anyCase) return (c) => c === codePoint;
	const fold = (c: number): string => String.fromCodePoint(c).toLowerCase();
	const wanted = fold(codePoint);
	return (c) => c === codePoint || fold(c) === wanted;
}

/** A class that also has the other cases of its members. */
export function caseless(test: Test, anyCase: boolean): Test {
	if (!anyCase) return test;
	return (c) => {
		const text = String.fromCodePoint(c);
		return test(c) || test(text.toLowerCase().codePointAt(0)!) || test(text.toUpperCase().codePointAt(0)!);
	};
}

export const char = (test: Test): Tree => ({ kind: 'char', test });

export const literal = (text: string, anyCase: boolean): Tree => ({
	kind: 'all',
	parts: [...text].map((one) => char(only(one.codePointAt(0)!, anyCase))),
});
