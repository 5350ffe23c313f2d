import { openEngine } from './engine.ts';
import { fromText } from './fifteen.ts';
import {
	ENGINE_ENTRY,
	type EngineInstance,
	LANGUAGE_ENTRY,
	META_ENTRY,
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
}

const globals = globalThis as Globals;
const received = new Map<string, PackedFile>();

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
	return new Response(new Blob([fromText(text)]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
}

/** One language's index, ready to be asked. */
export interface OpenIndex {
	language: string;
	packed: PackedLanguage;
	engine: EngineInstance;
	/** Texts of a page's sections. */
	texts: (page: number) => Promise<PackedTexts>;
}

const bytesOf = async (file: PackedFile, name: string): Promise<Uint8Array<ArrayBuffer>> =>
	new Uint8Array(await unpack(file, name).arrayBuffer());

/** Open a language's index: its list of sections and the engine, which has stemmers of its language. The rest comes when a query needs it. */
export async function openIndex(language: string, load: LoadScript): Promise<OpenIndex> {
	const file = await packed(`${language}.js`, load);
	const [first, module, meta] = await Promise.all([
		unpack(file, LANGUAGE_ENTRY).json() as Promise<PackedLanguage>,
		bytesOf(file, ENGINE_ENTRY),
		bytesOf(file, META_ENTRY),
	]);
	const engine = await openEngine(module, meta, async (name) => bytesOf(await packed(first.chunks[name]!, load), name));
	const texts = new Map<number, Promise<PackedTexts>>();
	const textsOf = async (page: number): Promise<PackedTexts> =>
		unpack(await packed(first.pages[page]!.texts, load), TEXTS_ENTRY).json();
	return {
		language,
		packed: first,
		engine,
		texts: (page) => {
			const known = texts.get(page) ?? textsOf(page);
			texts.set(page, known);
			known.catch(() => texts.delete(page));
			return known;
		},
	};
}
