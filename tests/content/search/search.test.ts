import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/i18n/index.ts';
import { find } from '../../../src/search/find.ts';
import { openIndex } from '../../../src/search/load.ts';
import { SEARCH_FOLDER } from '../../../src/search/packed.ts';
import { DIST } from '../../../tools/shared/index.ts';
import { QUERIES } from './queries.ts';

/** The packed index of the built site, by the same code as in a page; only the script tags are Node's. */
const folder = join(resolve(process.env.PACKETWALK_DIST || DIST), SEARCH_FOLDER);
const load = async (file: string): Promise<void> => {
	runInThisContext(new TextDecoder('utf-16le').decode(readFileSync(join(folder, file))));
};
/** Characters that are words, and within other words too. */
const SINGLE: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
	zh: [
		['表', 'glossary#table'],
		['跳', 'glossary#hop'],
		['桥', 'glossary#bridge'],
	],
	ko: [
		['홉', 'glossary#hop'],
		['맵', 'glossary#bpf-map'],
	],
};
const SHORT: Readonly<Record<string, string>> = { 'tp1-kind': 'tp1', 'tp2-client-address': 'tp2', 'tp2-ebpf': 'ebpf' };

describe.each(LANGUAGES)('search in %s', (language) => {
	it('is asked at least 30 different questions', () => {
		expect(new Set(QUERIES[language].map(([query]) => query)).size).toBeGreaterThanOrEqual(30);
	});

	it('finds the section among the first three for at least 95 % of them', async () => {
		const index = await openIndex(language, load);
		const lost: string[] = [];
		for (const [query, ...expected] of QUERIES[language]) {
			const found = (await find(index, query)).map(({ section }) => {
				const page = index.packed.pages[section.page]!.path.split('/')[1]!;
				return `${SHORT[page] ?? page}#${section.anchor}`;
			});
			if (!found.slice(0, 3).some((place) => expected.includes(place)))
				lost.push(
					`${query}: ${expected[0]} is ${found.indexOf(expected[0]!) + 1 || 'not'} in ${found.slice(0, 4).join(', ')}`,
				);
		}
		const share = 1 - lost.length / QUERIES[language].length;
		expect(share, `\n${lost.join('\n')}`).toBeGreaterThanOrEqual(0.95);
	});

	it.each(SINGLE[language] ?? [])('finds %s, a single character, in the first place: %s', async (query, place) => {
		const index = await openIndex(language, load);
		const [first] = await find(index, query);
		expect(`${index.packed.pages[first!.section.page]!.path.split('/')[1]}#${first!.section.anchor}`).toBe(place);
	});

	it('is light: all there is to read of it, of which a query needs a part', () => {
		const mine = readdirSync(folder).filter(
			(name) => name.startsWith(`${language}.`) || name.startsWith(`${language}-`),
		);
		expect(mine.length).toBeGreaterThan(4);
		expect(mine.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThanOrEqual(180_000);
	});

	it('leads to places that exist', async () => {
		const index = await openIndex(language, load);
		for (const { page, anchor } of Object.values(index.packed.sections)) {
			const html = readFileSync(join(folder, '..', index.packed.pages[page]!.path), 'utf8');
			if (anchor !== '') expect(html).toContain(`id="${anchor}"`);
		}
	});
});
