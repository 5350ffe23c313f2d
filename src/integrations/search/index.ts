import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close } from 'pagefind';
import { parse } from 'yaml';
import { utf16 } from '../../search/fifteen.ts';
import { SEARCH_FOLDER } from '../../search/packed.ts';
import { type IndexedPage, indexLanguage } from './index-language.ts';
import { packLanguage } from './pack.ts';
import { pageText } from './sections.ts';
import { synonymGroups } from './synonyms.ts';

export interface SearchSummary {
	pages: number;
	sections: number;
	files: number;
	/** Bytes of all packed files. */
	bytes: number;
}

function readPages(root: string): Map<string, IndexedPage[]> {
	const languages = new Map<string, IndexedPage[]>();
	const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.html'))
		.map((name) => relative(root, join(root, name)).split(sep).join('/'))
		.sort();
	for (const path of paths) {
		const text = pageText(readFileSync(join(root, path), 'utf8'));
		if (!text) continue;
		const pages = languages.get(text.language) ?? [];
		pages.push({ path, ...text });
		languages.set(text.language, pages);
	}
	return languages;
}

/**
 * Index the pages under `root` that have a `data-pagefind-body` and write the packed index to `root/search`.
 * `glossary` is the parsed glossary, for synonyms.
 */
export async function packSearch(root: string, glossary: unknown): Promise<SearchSummary> {
	const folder = join(root, SEARCH_FOLDER);
	const written = new Map<string, string>();
	const summary = { pages: 0, sections: 0, files: 0, bytes: 0 };
	try {
		for (const [language, pages] of readPages(root)) {
			const index = await indexLanguage(language, pages);
			const packed = packLanguage(language, pages, index, synonymGroups(glossary, language));
			for (const [name, text] of packed) written.set(name, text);
			summary.pages += pages.length;
			summary.sections += index.records.length;
		}
	} finally {
		await close();
	}
	mkdirSync(folder, { recursive: true });
	for (const [name, text] of written) {
		const bytes = utf16(text);
		writeFileSync(join(folder, name), bytes);
		summary.bytes += bytes.length;
	}
	summary.files = written.size;
	return summary;
}

/**
 * Search over the built pages: Pagefind's index, packed into classic scripts that load on demand, one path for http
 * and `file://`. Stands before `portable` in the list of integrations: it reads the pages as Astro wrote them.
 */
export function search(): AstroIntegration {
	let glossaryFile = '';
	return {
		name: 'packetwalk:search',
		hooks: {
			'astro:config:done': ({ config }) => {
				glossaryFile = fileURLToPath(new URL('./content/glossary.yaml', config.root));
			},
			'astro:build:done': async ({ dir, logger }) => {
				const started = performance.now();
				const glossary = existsSync(glossaryFile) ? parse(readFileSync(glossaryFile, 'utf8')) : {};
				const done = await packSearch(fileURLToPath(dir), glossary);
				const seconds = ((performance.now() - started) / 1000).toFixed(1);
				logger.info(
					`${done.sections} sections of ${done.pages} pages in ${done.files} files, ${Math.round(done.bytes / 1000)} kB, ${seconds} s`,
				);
			},
		},
	};
}
