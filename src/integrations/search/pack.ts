import { createHash } from 'node:crypto';
import type { PackedChunk, PackedLanguage, PackedPage, PackedTexts } from '../../search/packed.ts';
import { bundleEngine } from './engine/bundle.ts';
import type { IndexedPage, LanguageIndex } from './index-language.ts';

const base64 = (content: Uint8Array): string => Buffer.from(content).toString('base64');

/** A classic script that hands a value over under its file's name. */
const script = (name: string, value: unknown): string =>
	`packetwalkSearch(${JSON.stringify(name)},${JSON.stringify(value)});\n`;

/** `stem.hash.js`: a changed content gets a new name, so that no cache mixes two builds. */
function named(stem: string, value: unknown): [string, string] {
	const hash = createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
	const name = `${stem}.${hash}.js`;
	return [name, script(name, value)];
}

/** Packed files of one language: name -> script. Only `<language>.js` keeps a name that is known beforehand. */
export async function packLanguage(
	language: string,
	pages: IndexedPage[],
	index: LanguageIndex,
	synonyms: string[][],
): Promise<Map<string, string>> {
	const out = new Map<string, string>();
	const put = ([name, text]: [string, string]): string => {
		out.set(name, text);
		return name;
	};

	const code = await bundleEngine(Buffer.from(index.files.get('pagefind.js')!).toString('utf8'));
	const hash = createHash('sha256').update(code).digest('hex').slice(0, 8);
	const engine = put([`engine.${hash}.js`, code]);

	const entry = JSON.parse(Buffer.from(index.files.get('pagefind-entry.json')!).toString('utf8')) as {
		languages: Record<string, { wasm: string | null }>;
	};
	const wasm = `wasm.${Object.values(entry.languages)[0]?.wasm ?? 'unknown'}.pagefind`;
	const files: Record<string, string> = {};
	const chunks: Record<string, string> = {};
	for (const [name, content] of [...index.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
		if (name === 'pagefind-entry.json' || name === wasm || name.endsWith('.pf_meta')) files[name] = base64(content);
		else if (name.startsWith('index/')) {
			const chunk: PackedChunk = { [name]: base64(content) };
			chunks[name] = put(named(`${language}-i${Object.keys(chunks).length}`, chunk));
		}
	}

	const sections: PackedLanguage['sections'] = {};
	const packedPages: PackedPage[] = pages.map(({ path, title }, at) => {
		const texts: PackedTexts = {};
		for (const { id, page, section, text, skip } of index.records) {
			if (page !== at) continue;
			texts[id] = text;
			sections[id] = { page, anchor: section.anchor, heading: section.heading, skip };
		}
		return { path, title, texts: put(named(`${language}-t${at}`, texts)) };
	});

	const packed: PackedLanguage = { engine, files, chunks, pages: packedPages, sections, synonyms };
	out.set(`${language}.js`, script(`${language}.js`, packed));
	return out;
}
