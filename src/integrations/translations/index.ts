/** Translations: drift between the languages of a page fails the build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AstroIntegration } from 'astro';
import { type Drift, driftOf, type Stamps } from './check.ts';

export { type Block, blocksOf, hashOf } from './blocks.ts';
export { type Drift, driftOf, type Stamps, stampsOf } from './check.ts';

/** Languages that are translated; English is what they are translated from. */
export const TRANSLATIONS = ['fr', 'zh', 'ko'] as const;

/** Folders of `content/` that hold a page in several languages. */
export function pagesIn(content: string): readonly string[] {
	return readdirSync(content, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(content, entry.name, 'en.mdx')))
		.map((entry) => join(content, entry.name));
}

/** Every drift of one page in these languages, with the file it is in. */
export function checkPage(
	folder: string,
	languages: readonly (typeof TRANSLATIONS)[number][] = TRANSLATIONS,
): readonly (Drift & { readonly file: string })[] {
	const english = readFileSync(join(folder, 'en.mdx'), 'utf8');
	const stampFile = join(folder, 'stamps.json');
	const stamps: Stamps = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
	return languages.flatMap((language) => {
		const file = join(folder, `${language}.mdx`);
		if (!existsSync(file)) {
			return [{ file, language, line: 1, key: 'head/0', problem: 'missing' as const, detail: 'no such file' }];
		}
		return driftOf(english, readFileSync(file, 'utf8'), language, stamps).map((drift) => ({ ...drift, file }));
	});
}

/**
 * Astro integration: stops the build where translations drifted, and says where. A lesson may be in some languages only:
 * whether a file lacks is for the tests to say, which read the lessons.
 */
export function translations(content: string): AstroIntegration {
	const there = (folder: string) => TRANSLATIONS.filter((language) => existsSync(join(folder, `${language}.mdx`)));
	return {
		name: 'packetwalk:translations',
		hooks: {
			'astro:build:start': () => {
				const drifts = pagesIn(content).flatMap((folder) => checkPage(folder, there(folder)));
				if (drifts.length === 0) return;
				const lines = drifts.map((d) => `  ${d.file}:${d.line} (${d.key}) ${d.problem}: ${d.detail}`);
				throw new Error(`translations differ from the English\n${lines.join('\n')}`);
			},
		},
	};
}
