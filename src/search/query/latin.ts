import { type Term, term } from './term.ts';

const FAINT: Record<string, Set<string>> = {
	en: new Set(
		'a an and are as at be by can did do does for from how i if in into is it its my not of on or so that the then there this to was we what when where which who why will with you'.split(
			' ',
		),
	),
	fr: new Set(
		'a au autre autres aux avec ce ces cet cette comment dans de des du elle en est et il ils je la le les leur lui ma mes mon ne nous on ou où par pas pour pourquoi que quel quelle quelles quels qui quoi sa se ses son sont sur te tu un une vers vous y'.split(
			' ',
		),
	),
};

const isFaint = (word: string, language: string): boolean => (FAINT[language] ?? FAINT.en!).has(word);

/** French elision: what stands before the apostrophe says nothing. */
const ELISION = /^(?:c|d|j|l|m|n|qu|s|t|lorsqu|puisqu|jusqu)'(?=\p{L})/u;

const ADDRESS = /^[\d.:/]*\d[.:]\d[\d.:/]*$/;

/** A token in a script with spaces: a word, an option, a path, a chain's name, an address. */
export function latinTerms(token: string, language: string): Term[] {
	const bare = token.replace(/[’ʼ]/g, "'").replace(ELISION, '');
	const parts = bare.split(/[^\p{L}\p{N}\p{M}_]+/u).filter((part) => part !== '');
	if (parts.length === 0) return [];
	if (parts.length === 1) {
		const [word = ''] = parts;
		const faint = isFaint(word, language);
		const found = term(word, faint ? 0.1 : word.length === 1 ? 0.3 : 1);
		// The English and French indexes stem; the others do not, and quote English in the plural too.
		if (word.length > 3 && word.endsWith('s')) found.alternatives.push({ ask: word.slice(0, -1), factor: 0.9 });
		return [found];
	}
	// A compound is in the index both whole and in parts.
	const whole = term(parts.join(''), 1);
	whole.bonus = true;
	if (ADDRESS.test(bare))
		return [{ ...whole, alternatives: [...whole.alternatives, { ask: parts.join(' '), factor: 0.8 }] }];
	const each = parts.filter((part) => part.length > 1 || /\d/.test(part));
	return [whole, ...each.map((part) => term(part, isFaint(part, language) ? 0.1 : 1 / Math.sqrt(each.length)))];
}
