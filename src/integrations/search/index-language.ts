import { gunzipSync } from 'node:zlib';
import { createIndex } from 'pagefind';
import { apart, isApart, SEPARATOR, splitWords, unelided } from '../../search/apart.ts';
import type { PageSection, PageText } from './sections.ts';

/** A built page: where it is, below the site's root, and its text. */
export interface IndexedPage extends PageText {
	path: string;
}

/** One language's index as Pagefind wrote it, and what each of its records is. */
export interface LanguageIndex {
	/** Pagefind's files by name, as it would have them on a server. */
	files: Map<string, Uint8Array>;
	records: { id: string; page: number; section: PageSection; text: string; skip: number }[];
}

const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The HTML Pagefind is given for one section: heading first, so that its words come first in the record. */
function recordHtml(section: PageSection, prepare: (text: string) => string): string {
	const level = Math.min(section.level, 3);
	const blocks = section.blocks.map(({ text, level: inner, weight }) => {
		const name = inner > 0 ? `h${inner}` : 'p';
		const attribute = weight === 1 ? '' : ` data-pagefind-weight="${weight}"`;
		return `<${name}${attribute}>${escapeHtml(prepare(text))}</${name}>`;
	});
	const heading = `<h${level}>${escapeHtml(prepare(section.heading))}</h${level}>`;
	return `<html><body><main data-pagefind-body>${heading}${blocks.join('')}</main></body></html>`;
}

/** Pagefind's files start with a signature, zipped or not. */
export const SIGNATURE = 'pagefind_dcd';
function unpack(content: Uint8Array): string {
	const bytes = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : Buffer.from(content);
	return bytes.subarray(SIGNATURE.length).toString('utf8');
}

/**
 * The text of a record word by word as the index counts it, with the spaces of the original: cutting Chinese and
 * Korean into words, Pagefind loses some. It also ends a block with a full stop, which the original does not have;
 * Chinese has one of its own, with no space after it.
 */
function respace(counted: string, original: string, language: string): string {
	let text = '';
	let at = 0;
	let stopped = false;
	for (const { word } of splitWords(counted)) {
		const start = at;
		while (/\s/.test(original[at] ?? '')) at++;
		const known = original.startsWith(word, at) ? word : word.replace(/\.$/, '');
		const added = known === '' || !original.startsWith(known, at);
		if (text !== '') text += start < at && !added && !stopped ? ' ' : SEPARATOR;
		stopped = language === 'zh' && known !== word;
		text += stopped ? `${known}。` : word;
		at = added ? start : at + known.length;
	}
	return text;
}

/**
 * Index the sections of one language's pages, each a record of its own: results are then ranked by section. Chinese
 * and Korean are indexed character by character (`apart`) with Pagefind's Chinese setting, whose wasm stems nothing.
 */
export async function indexLanguage(language: string, pages: IndexedPage[]): Promise<LanguageIndex> {
	const { index, errors } = await createIndex({ forceLanguage: isApart(language) ? 'zh-cn' : language });
	if (!index) throw new Error(`search: ${errors.join('; ')}`);
	const prepare = isApart(language) ? apart : language === 'fr' ? unelided : (text: string) => text;
	const sections = pages.flatMap((page, at) => page.sections.map((section) => ({ page: at, section })));
	for (const [at, { section }] of sections.entries()) {
		const added = await index.addHTMLFile({ url: `/${at}`, content: recordHtml(section, prepare) });
		if (added.errors.length > 0) throw new Error(`search: ${added.errors.join('; ')}`);
	}
	const written = await index.getFiles();
	if (written.errors.length > 0) throw new Error(`search: ${written.errors.join('; ')}`);
	await index.deleteIndex();

	const files = new Map(written.files.map((file) => [file.path, file.content]));
	const records: LanguageIndex['records'] = [];
	for (const [name, content] of files) {
		const id = /^fragment\/(.*)\.pf_fragment$/.exec(name)?.[1];
		if (id === undefined) continue;
		const fragment = JSON.parse(unpack(content)) as { url: string; content: string };
		const { page, section } = sections[Number(fragment.url.slice(1))]!;
		// The index splits Latin compounds too: count the heading's words in the text it counted.
		const length = splitWords(prepare(section.heading))
			.map(({ word }) => word)
			.join('').length;
		let skip = 0;
		const words = splitWords(fragment.content).map(({ word }) => word);
		for (let seen = 0; seen < length; skip++) seen += words[skip]?.length ?? length;
		if (words[skip] === '.') skip++;
		const original = [section.heading, ...section.blocks.map((block) => block.text)].join(' ').normalize('NFC');
		records.push({ id, page, section, text: respace(fragment.content, original, language), skip });
	}
	records.sort((a, b) => (a.id < b.id ? -1 : 1));
	return { files, records };
}
