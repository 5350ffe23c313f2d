import { fromBase85 } from './base85.ts';
import {
	type Engine,
	type EngineInstance,
	LANGUAGE_ENTRY,
	type PackedFile,
	type PackedLanguage,
	type PackedTexts,
	SEARCH_FOLDER,
	TEXTS_ENTRY,
} from './packed.ts';

/** Runs one classic script of the search folder. Rejects when it cannot be had. */
export type LoadScript = (file: string) => Promise<void>;

/** Loads by script tag, which works over http and from `file://`. `root`: address of the site, ending in a slash. */
export function scriptTags(root: string): LoadScript {
	return (file) =>
		new Promise((resolve, reject) => {
			const script = document.createElement('script');
			script.src = `${root}${SEARCH_FOLDER}/${file}`;
			script.onload = () => {
				script.remove();
				resolve();
			};
			script.onerror = () => {
				script.remove();
				reject(new Error(`cannot load ${file}`));
			};
			document.head.append(script);
		});
}

interface Globals {
	/** Called by each packed file. */
	packetwalkSearch?: (name: string, entries: PackedFile) => void;
	packetwalkEngine?: Engine;
}

const globals = globalThis as Globals;
const received = new Map<string, PackedFile>();
/** Each language has WebAssembly of its own (stemmers), of which one run of the engine's script takes only the first. */
const engines = new Map<string, Engine>();

/** What a packed file holds; loaded once, and again after a failure. */
async function packed(file: string, load: LoadScript): Promise<PackedFile> {
	globals.packetwalkSearch ??= (name, entries) => {
		received.set(name, entries);
	};
	if (!received.has(file)) await load(file);
	const entries = received.get(file);
	if (!entries) throw new Error(`${file} holds nothing`);
	return entries;
}

/** The bytes of an entry, as text or as they are, by the browser's own inflate. */
function unpack(file: PackedFile, name: string): Response {
	const text = file[name];
	if (text === undefined) throw new Error(`not in the index: ${name}`);
	return new Response(new Blob([fromBase85(text)]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
}

/** One language's index, ready to be asked. */
export interface OpenIndex {
	language: string;
	packed: PackedLanguage;
	engine: EngineInstance;
	/** Texts of a page's sections. */
	texts: (page: number) => Promise<PackedTexts>;
}

/** Open a language's index: its first file, then the engine. The rest comes when a query needs it. */
export async function openIndex(language: string, load: LoadScript): Promise<OpenIndex> {
	const file = await packed(`${language}.js`, load);
	const first = (await unpack(file, LANGUAGE_ENTRY).json()) as PackedLanguage;
	let engine = engines.get(language);
	if (!engine) {
		await load(first.engine);
		engine = globals.packetwalkEngine!;
		engines.set(language, engine);
	}
	const provide = async (name: string): Promise<Uint8Array> => {
		const chunk = first.chunks[name];
		return new Uint8Array(await unpack(chunk === undefined ? file : await packed(chunk, load), name).arrayBuffer());
	};
	const texts = new Map<number, Promise<PackedTexts>>();
	const textsOf = async (page: number): Promise<PackedTexts> =>
		unpack(await packed(first.pages[page]!.texts, load), TEXTS_ENTRY).json();
	return {
		language,
		packed: first,
		engine: engine.open(language, provide),
		texts: (page) => {
			const known = texts.get(page) ?? textsOf(page);
			texts.set(page, known);
			known.catch(() => texts.delete(page));
			return known;
		},
	};
}
