import {
	type Engine,
	type EngineInstance,
	type PackedChunk,
	type PackedLanguage,
	type PackedTexts,
	SEARCH_FOLDER,
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
	packetwalkSearch?: (name: string, value: unknown) => void;
	packetwalkEngine?: Engine;
}

const globals = globalThis as Globals;
const received = new Map<string, unknown>();
/** Each language has WebAssembly of its own (stemmers), of which one run of the engine's script takes only the first. */
const engines = new Map<string, Engine>();

/** What a packed file holds; loaded once, and again after a failure. */
async function packed<T>(file: string, load: LoadScript): Promise<T> {
	globals.packetwalkSearch ??= (name, value) => {
		received.set(name, value);
	};
	if (!received.has(file)) await load(file);
	return received.get(file) as T;
}

function bytes(base64: string): Uint8Array {
	const binary = atob(base64);
	const out = new Uint8Array(binary.length);
	for (let at = 0; at < binary.length; at++) out[at] = binary.charCodeAt(at);
	return out;
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
	const first = await packed<PackedLanguage>(`${language}.js`, load);
	let engine = engines.get(language);
	if (!engine) {
		await load(first.engine);
		engine = globals.packetwalkEngine!;
		engines.set(language, engine);
	}
	const provide = async (name: string): Promise<Uint8Array> => {
		const content = first.files[name] ?? (await packed<PackedChunk>(first.chunks[name] ?? name, load))[name];
		if (content === undefined) throw new Error(`not in the index: ${name}`);
		return bytes(content);
	};
	return {
		language,
		packed: first,
		engine: engine.open(language, provide),
		texts: (page) => packed<PackedTexts>(first.pages[page]!.texts, load),
	};
}
