/**
 * What the build packs and the browser unpacks. Every packed file is a classic script that calls
 * `packetwalkSearch(name, entries)`, so that it loads the same way over http and from `file://`. An entry is
 * deflated and written as text (`fifteen.ts`), since a script is text.
 */

/** Entries of a packed file: name -> text for `unpack`. */
export type PackedFile = Record<string, string>;

/** Names of entries: a language's `PackedLanguage`, its engine and the index's metadata; a page's `PackedTexts`. */
export const LANGUAGE_ENTRY = 'language';
export const ENGINE_ENTRY = 'engine';
export const META_ENTRY = 'meta';
export const TEXTS_ENTRY = 'texts';

/** A place a search can lead to: a page, or one of its sections. */
export interface PackedSection {
	/** Index into `PackedLanguage.pages`. */
	page: number;
	/** Id of the heading; empty for the top of the page. */
	anchor: string;
	/** Text of the heading; the page's title for its top. */
	heading: string;
	/** Words of the heading as the index counts them: the text's own words follow. */
	skip: number;
}

export interface PackedPage {
	/** Path below the site's root, `index.html` included. */
	path: string;
	title: string;
	/** Packed file with the texts of this page's sections. */
	texts: string;
}

/** In `search/<language>.js`, beside Pagefind's metadata and WebAssembly: what the other files are. */
export interface PackedLanguage {
	/** Packed file in which each chunk of the index is: Pagefind's name -> file. */
	chunks: Record<string, string>;
	pages: PackedPage[];
	/** Pagefind's id of a record -> the section. */
	sections: Record<string, PackedSection>;
	/** Words that mean the same, from the glossary; each group in lower case. */
	synonyms: string[][];
}

/** The text of each section of a page, words apart as the index counts them: record id -> text. */
export type PackedTexts = Record<string, string>;

/** Folder of the packed files below the site's root. */
export const SEARCH_FOLDER = 'search';

/** The part of Pagefind's answer that is used. */
export interface EngineResult {
	id: string;
	score: number;
	/** Positions of the matching words in the record's text. */
	words: number[];
}

/** One language's index, opened. In quotes: the words next to each other, in this order. */
export interface EngineInstance {
	search(term: string): Promise<{ results: EngineResult[] }>;
}
