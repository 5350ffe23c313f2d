/**
 * What the build packs and the browser unpacks. Every packed file is a classic script that calls
 * `packetwalkSearch(name, value)`, so that it loads the same way over http and from `file://`.
 */

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

/** `search/<language>.js`: all that is needed before the first query, and the names of the rest. */
export interface PackedLanguage {
	/** File of the engine. */
	engine: string;
	/** Pagefind's entry, metadata and WebAssembly: name -> base64. */
	files: Record<string, string>;
	/** Packed file in which each chunk of the index is: Pagefind's name -> file. */
	chunks: Record<string, string>;
	pages: PackedPage[];
	/** Pagefind's id of a record -> the section. */
	sections: Record<string, PackedSection>;
	/** Words that mean the same, from the glossary; each group in lower case. */
	synonyms: string[][];
}

/** A chunk of the index: Pagefind's name -> base64. */
export type PackedChunk = Record<string, string>;

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

/** One language's index, opened. */
export interface EngineInstance {
	search(term: string): Promise<{ results: EngineResult[] }>;
}

/** The engine script's one global: opens an index whose files `provide` hands over. */
export interface Engine {
	open(language: string, provide: (name: string) => Promise<Uint8Array>): EngineInstance;
}
