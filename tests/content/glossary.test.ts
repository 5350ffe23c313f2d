import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LANGUAGES, type Language } from '../../src/content/index.ts';
import { lessonsIn } from './lessons.ts';

interface Term {
	id: string;
	[language: string]: string | { term: string; text: string; also?: string[]; forbidden?: string[] };
}

const terms = parse(readFileSync('content/glossary.yaml', 'utf8')) as Term[];
const of = (term: Term, language: string) => term[language] as { term: string; text: string; forbidden?: string[] };

/** The lessons' pages in a language, as they are written. */
const pagesOf = (language: Language) =>
	lessonsIn(language).map(({ lesson }) => readFileSync(`content/${lesson.id}/${language}.mdx`, 'utf8'));

describe('the glossary', () => {
	it('has each term once, in the order of its ids', () => {
		const ids = terms.map((t) => t.id);
		expect(ids).toEqual([...new Set(ids)].sort());
		for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
	});
	it.each(LANGUAGES)('has a term and a sentence for each in %s', (language) => {
		for (const term of terms) {
			expect(of(term, language)?.term, term.id).toBeTruthy();
			expect(of(term, language).text, term.id).toMatch(/[.。다]\.?$/);
		}
	});
	it.each(['fr', 'zh', 'ko'] as const)('no lesson uses a rendering that it forbids, in %s', (language) => {
		for (const page of pagesOf(language)) {
			for (const term of terms) for (const word of of(term, language).forbidden ?? []) expect(page).not.toContain(word);
		}
	});
	it('Chinese text has no space between Chinese characters', () => {
		for (const term of terms) expect(of(term, 'zh').text).not.toMatch(/[一-鿿] [一-鿿]/);
		for (const page of pagesOf('zh')) expect(page.replace(/```[\s\S]*?```/g, '')).not.toMatch(/[一-鿿] [一-鿿]/);
	});
	it('French punctuation stands after a narrow no-break space', () => {
		for (const page of pagesOf('fr')) {
			const prose = page
				.replace(/^---[\s\S]*?\n---/, '')
				.replace(/```[\s\S]*?```/g, '')
				.replace(/`[^`]*`|<[^>]*>/g, '');
			expect(prose.match(/ [;:!?»]|« /g) ?? []).toEqual([]);
		}
	});
});
