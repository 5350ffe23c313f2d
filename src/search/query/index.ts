import { isApart } from '../apart.ts';
import { chineseTerms } from './chinese.ts';
import { koreanTerm } from './korean.ts';
import { latinTerms } from './latin.ts';
import type { Alternative, Term } from './term.ts';

export type { Alternative, Term } from './term.ts';

/** Longest query that is looked at (characters): beyond it nobody types. */
const LONGEST = 200;

const RUNS = /\p{Script=Hangul}+|\p{Script=Han}+|[^\p{Script=Hangul}\p{Script=Han}]+/gu;

const tidy = (text: string): string =>
	text
		.normalize('NFC')
		.replace(/\u200B/g, '')
		.slice(0, LONGEST)
		.toLowerCase()
		.replace(/\s+/g, ' ')
		.trim();

function termsOf(text: string, language: string): Term[] {
	const terms: Term[] = [];
	for (const token of text.split(' ')) {
		for (const [run] of isApart(language) ? token.matchAll(RUNS) : [[token] as const]) {
			if (/^\p{Script=Hangul}/u.test(run) && isApart(language)) terms.push(koreanTerm(run));
			else if (/^\p{Script=Han}/u.test(run) && isApart(language)) terms.push(...chineseTerms(run));
			else terms.push(...latinTerms(run, language));
		}
	}
	return terms;
}

/** True when a name stands in a text, between word limits where its script has them. */
function contains(text: string, name: string): boolean {
	const at = text.indexOf(name);
	if (at < 0) return false;
	const letter = /[a-z0-9à-ÿ]/;
	const joins = (one: string | undefined, other: string | undefined): boolean =>
		one !== undefined && other !== undefined && letter.test(one) && letter.test(other);
	return !joins(text[at - 1], name[0]) && !joins(name.at(-1), text[at + name.length]);
}

/** Korean is written with spaces or without: 외부 트래픽 정책, 외부트래픽정책. */
function names(query: string, name: string): boolean {
	if (contains(query, name)) return true;
	return /\p{Script=Hangul}/u.test(name) && query.replaceAll(' ', '').includes(name.replaceAll(' ', ''));
}

/** How a name is asked as one alternative: its words, each of which must be there. */
function askName(name: string, language: string): Alternative[] {
	const asks = termsOf(name, language)
		.filter((found) => !found.bonus && found.weight > 0.2)
		.map((found) => found.alternatives[0]!.ask.replace(/"/g, ''));
	if (asks.length === 0) return [];
	const quoted = isApart(language) ? `"${asks.join(' ')}"` : asks.join(' ');
	return [{ ask: quoted, factor: 1 }];
}

/**
 * What a query asks for, in one language: its words in the forms the index knows, and what the glossary says is
 * another name for them. `synonyms` are groups of lower-case names.
 */
export function readQuery(text: string, language: string, synonyms: readonly (readonly string[])[] = []): Term[] {
	const query = tidy(text);
	if (query === '') return [];
	const terms = termsOf(query, language);
	for (const group of synonyms) {
		const said = group.find((name) => names(query, name));
		if (said === undefined) continue;
		const alternatives = group.filter((name) => name !== said).flatMap((name) => askName(name, language));
		if (alternatives.length > 0) terms.push({ alternatives, weight: 0.7, bonus: true, synonym: true });
	}
	// A query of nothing but faint words still asks for something.
	if (terms.every((found) => found.weight < 0.3)) for (const found of terms) found.weight = 1;
	return terms;
}
