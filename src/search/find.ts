import { splitWords } from './apart.ts';
import type { OpenIndex } from './load.ts';
import type { EngineResult, PackedSection } from './packed.ts';
import { readQuery, type Term } from './query/index.ts';
import { isSingle, wordsFirst } from './single.ts';

/** A section that answers a query. */
export interface Hit {
	/** The index's id of the section. */
	id: string;
	section: PackedSection;
	score: number;
	/** Positions of matching words in the section's text, the heading's included; ascending. */
	words: number[];
}

interface Match {
	score: number;
	words: number[];
}

/** How much a heading that holds the term adds to what its text earns. */
const HEADING = 0.6;
/** And one that is the term, as the glossary's are. */
const ALONE = 1.2;
/** How much of a term counts as found when it stands in the page's title only. */
const PAGE_TITLE = 0.25;

const plain = (text: string): string =>
	text
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.normalize('NFC')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * True when the index found what was asked. For a word that it does not hold, Pagefind takes the longest word that
 * the asked one begins with: "onerror" finds "one". That shows in any one of the results.
 */
async function isFound(index: OpenIndex, ask: string, { id, words }: EngineResult): Promise<boolean> {
	if (ask.startsWith('"')) return true;
	const texts = await index.texts(index.packed.sections[id]!.page);
	const text = splitWords(texts[id] ?? '');
	const matched = words.map((word) => plain(text[word]?.word ?? ''));
	return ask.split(' ').every((part) => {
		const asked = plain(part);
		const stem = asked.slice(0, Math.max(3, Math.ceil(0.6 * asked.length)));
		return matched.some((word) => word.includes(stem));
	});
}

/** Sections that match a term, each with its best alternative's share, 0 to 1. */
async function matches(index: OpenIndex, term: Term): Promise<Map<string, Match>> {
	const best = new Map<string, Match>();
	const answers = await Promise.all(term.alternatives.map(({ ask }) => index.engine.search(ask)));
	for (const [at, { results }] of answers.entries()) {
		if (results[0] && !(await isFound(index, term.alternatives[at]!.ask, results[0]))) continue;
		const factor = term.alternatives[at]!.factor;
		const top = results.reduce((most, { score }) => Math.max(most, score), 0);
		for (const { id, score, words } of results) {
			// Being there matters more than being there often: the floor keeps a single mention in sight.
			const share = factor * (top > 0 ? 0.4 + 0.6 * (score / top) : 1);
			const before = best.get(id);
			if (!before || before.score < share) best.set(id, { score: share, words });
		}
	}
	return best;
}

/** True when a title holds one of a term's good alternatives. */
function inTitle(title: string, term: Term): boolean {
	return term.alternatives.some(({ ask, factor }) => factor >= 0.6 && plain(ask) !== '' && title.includes(plain(ask)));
}

/** Sections that answer a query, best first. Empty for a query without a word in it. */
export async function find(index: OpenIndex, text: string, most = 20): Promise<Hit[]> {
	const terms = readQuery(text, index.language, index.packed.synonyms);
	const entries = Object.entries(index.packed.sections);
	const wanted = terms.reduce((sum, term) => sum + (term.bonus ? 0 : term.weight), 0) || 1;
	const totals = new Map<string, { score: number; covered: number; matched: boolean; words: Set<number> }>();
	const titles = index.packed.pages.map(({ title }) => plain(title));

	const found = await Promise.all(terms.map((term) => matches(index, term)));
	const rarities = found.map((byId) => 0.3 + Math.log((entries.length + 1) / (byId.size + 0.5)));
	// Another name says no more than the rarest word that was typed.
	const rarest = Math.max(...rarities.filter((_, at) => !terms[at]!.synonym));
	for (const [at, byId] of found.entries()) {
		const term = terms[at]!;
		const rarity = term.synonym ? Math.min(rarities[at]!, rarest) : rarities[at]!;
		for (const [id, section] of entries) {
			const match = byId.get(id);
			const titled = section.anchor !== '' && inTitle(titles[section.page]!, term);
			if (!match && !titled) continue;
			const total = totals.get(id) ?? { score: 0, covered: 0, matched: false, words: new Set<number>() };
			const heading = plain(section.heading);
			const headed = !inTitle(heading, term)
				? 0
				: term.alternatives.some(({ ask }) => plain(ask) === heading)
					? ALONE
					: HEADING;
			const share = match ? match.score + headed : PAGE_TITLE;
			total.score += term.weight * rarity * share;
			total.covered += term.weight * Math.min(1, share);
			// Words that say nothing are not worth a mark.
			if (term.weight >= 0.3) for (const word of match?.words ?? []) total.words.add(word);
			total.matched ||= match !== undefined;
			totals.set(id, total);
		}
	}

	const hits: Hit[] = [];
	for (const [id, { score, covered, matched, words }] of totals) {
		if (!matched) continue;
		const coverage = Math.min(1, covered / wanted);
		hits.push({
			id,
			section: index.packed.sections[id]!,
			score: score * (0.15 + 0.85 * coverage ** 1.5),
			words: [...words].sort((a, b) => a - b),
		});
	}
	hits.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
	const query = text.trim().normalize('NFC');
	return (isSingle(query) ? await wordsFirst(index, hits, query) : hits).slice(0, most);
}
