/** How the glossary's terms appear in running text. */

/** What the glossary says of a term in one language. */
interface Rendering {
	readonly term: string;
	/** Other words for it. */
	readonly also?: readonly string[];
	/** Words that hold the term and mean something else. */
	readonly except?: readonly string[];
}

/** A term as `content/glossary.yaml` has it. `help: false`: a word that readers of a lesson know, or an everyday one. */
export interface Entry {
	readonly id: string;
	readonly help?: boolean;
	readonly [language: string]: Rendering | string | boolean | undefined;
}

/** A place in a text where a term is used. */
export interface Use {
	readonly id: string;
	readonly start: number;
	readonly end: number;
}

/** Finds the uses of terms in a text, in order; where two could begin, the longer one. */
export type Finder = (text: string) => Use[];

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** "connection tracking (conntrack)" is two names. */
const split = (name: string): string[] =>
	name
		.split(/[()（）]/)
		.map((part) => part.trim())
		.filter((part) => part !== '');

/** A name may begin a sentence; the rest of it is written as the glossary writes it. */
const withCapital = (name: string): string => {
	const first = name[0]!;
	const upper = first.toUpperCase();
	return upper === first ? literal(name) : `[${first}${upper}]${literal(name.slice(1))}`;
};

/**
 * Latin names stand between word limits, with or without a plural's s; Korean ones begin a word and carry any particle;
 * Chinese ones stand anywhere. A single Han or Hangul character is part of too many other words to be a name.
 */
function pattern(name: string): string | undefined {
	if (/^\p{Script=Han}$/u.test(name) || /^\p{Script=Hangul}$/u.test(name)) return undefined;
	const start = /^[\p{Script=Latin}\d]/u.test(name)
		? '(?<![\\p{Script=Latin}\\d_-])'
		: /^\p{Script=Hangul}/u.test(name)
			? '(?<!\\p{Script=Hangul})'
			: '';
	const end = /[\p{Script=Latin}\d]$/u.test(name) ? 's?(?![\\p{Script=Latin}\\d_-])' : '';
	return `${start}${withCapital(name)}${end}`;
}

/** The finder of one language's terms. */
export function finderOf(glossary: readonly Entry[], language: string): Finder {
	const names = new Map<string, string | undefined>();
	for (const entry of glossary) {
		const rendering = entry[language];
		if (entry.help === false || typeof rendering !== 'object') continue;
		for (const name of [rendering.term, ...(rendering.also ?? [])].flatMap(split)) names.set(name, entry.id);
		for (const name of rendering.except ?? []) names.set(name, undefined);
	}
	const patterns = [...names]
		.sort(([a], [b]) => b.length - a.length)
		.flatMap(([name, id]) => {
			const found = pattern(name);
			return found ? [{ id, found }] : [];
		});
	const all = new RegExp(patterns.map(({ found }) => `(${found})`).join('|') || '(?!)', 'gu');
	return (text) =>
		[...text.matchAll(all)].flatMap((match) => {
			const { id } = patterns[match.slice(1).findIndex((group) => group !== undefined)]!;
			return id === undefined ? [] : [{ id, start: match.index, end: match.index + match[0].length }];
		});
}
