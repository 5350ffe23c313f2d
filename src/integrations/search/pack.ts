import { createHash } from 'node:crypto';
import { deflateRawSync, gunzipSync } from 'node:zlib';
import { toText } from '../../search/fifteen.ts';
import {
	ENGINE_ENTRY,
	LANGUAGE_ENTRY,
	META_ENTRY,
	type PackedFile,
	type PackedLanguage,
	type PackedPage,
	type PackedTexts,
	TEXTS_ENTRY,
} from '../../search/packed.ts';
import { type IndexedPage, type LanguageIndex, SIGNATURE } from './index-language.ts';

const deflated = (content: Uint8Array | string): string => toText(deflateRawSync(content, { level: 9 }));
const asJson = (value: object): string => deflated(JSON.stringify(value));

/** One of Pagefind's files, without its signature. They are zipped already: unzipped first, so that the browser's own inflate does it all. */
const entry = (content: Uint8Array): string => {
	const bytes = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : Buffer.from(content);
	if (bytes.subarray(0, SIGNATURE.length).toString() !== SIGNATURE) throw new Error('search: no file of Pagefind’s');
	return deflated(bytes.subarray(SIGNATURE.length));
};

/** A classic script that hands entries over under its file's name. */
const script = (name: string, entries: PackedFile): string =>
	`packetwalkSearch(${JSON.stringify(name)},${JSON.stringify(entries)});\n`;

/** `stem.hash.js`: a changed content gets a new name, so that no cache mixes two builds. */
function named(stem: string, entries: PackedFile): [string, string] {
	const hash = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 8);
	const name = `${stem}.${hash}.js`;
	return [name, script(name, entries)];
}

/** Packed files of one language: name -> script. Only `<language>.js` keeps a name that is known beforehand. */
export function packLanguage(
	language: string,
	pages: IndexedPage[],
	index: LanguageIndex,
	synonyms: string[][],
): Map<string, string> {
	const out = new Map<string, string>();
	const put = ([name, text]: [string, string]): string => {
		out.set(name, text);
		return name;
	};

	const listed = JSON.parse(Buffer.from(index.files.get('pagefind-entry.json')!).toString('utf8')) as {
		languages: Record<string, { wasm: string | null }>;
	};
	const wasm = `wasm.${Object.values(listed.languages)[0]?.wasm ?? 'unknown'}.pagefind`;
	const files: PackedFile = {};
	const chunks: Record<string, string> = {};
	for (const [name, content] of [...index.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const chunk = /^index\/(.*)\.pf_index$/.exec(name)?.[1];
		if (name === wasm) files[ENGINE_ENTRY] = entry(content);
		else if (name.endsWith('.pf_meta')) files[META_ENTRY] = entry(content);
		else if (chunk !== undefined)
			chunks[chunk] = put(named(`${language}-i${Object.keys(chunks).length}`, { [chunk]: entry(content) }));
	}

	const sections: PackedLanguage['sections'] = {};
	const packedPages: PackedPage[] = pages.map(({ path, title }, at) => {
		const texts: PackedTexts = {};
		for (const { id, page, section, text, skip } of index.records) {
			if (page !== at) continue;
			texts[id] = text;
			sections[id] = { page, anchor: section.anchor, heading: section.heading, skip };
		}
		return { path, title, texts: put(named(`${language}-t${at}`, { [TEXTS_ENTRY]: asJson(texts) })) };
	});

	const packed: PackedLanguage = { chunks, pages: packedPages, sections, synonyms };
	out.set(`${language}.js`, script(`${language}.js`, { [LANGUAGE_ENTRY]: asJson(packed), ...files }));
	return out;
}
