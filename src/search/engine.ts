/**
 * Pagefind's engine (its WebAssembly @ 1.6.0) without Pagefind's script, of which a page needs these few calls: what
 * wasm-bindgen would write for them, and what Pagefind makes of a query before it asks.
 */
import type { EngineInstance } from './packed.ts';

/** What the module exports, as far as it is used. Strings are pointer and length; those it returns are ours to free. */
interface Exports {
	memory: WebAssembly.Memory;
	__wbindgen_externrefs: WebAssembly.Table;
	__wbindgen_start(): void;
	__wbindgen_malloc(size: number, align: number): number;
	__wbindgen_free(at: number, size: number, align: number): void;
	init_pagefind(meta: number, size: number): number;
	load_index_chunk(index: number, chunk: number, size: number): number;
	request_indexes(index: number, term: number, size: number): [number, number];
	/** Term, term as typed, filters and sorting; in this order of words only; accents as they are. */
	search(index: number, ...parts: (number | boolean)[]): [number, number];
}

/** A result as the module tells it: id of the record, score, and where the words stand. */
interface Told {
	p: string;
	s: number;
	l: { l: number }[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Without punctuation and in lower case: what the index holds words as. */
const asked = (term: string): string =>
	term
		.replace(/[\p{Pd}\p{Pe}\p{Pf}\p{Pi}\p{Po}\p{Ps}]/gu, '')
		.toLowerCase()
		.replace(/\s+/g, ' ')
		.trim();

/** As the index holds them: taken apart, Hangul too. */
const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '');

/**
 * Opens an index. `module` and `meta` are Pagefind's files without their signature; `provide` hands over a chunk of
 * the index by its name.
 */
export async function openEngine(
	module: BufferSource,
	meta: Uint8Array,
	provide: (chunk: string) => Promise<Uint8Array>,
): Promise<EngineInstance> {
	let wasm!: Exports;
	const { instance } = await WebAssembly.instantiate(module, {
		'./pagefind_web_bg.js': {
			__wbindgen_init_externref_table: () => {
				const table = wasm.__wbindgen_externrefs;
				const at = table.grow(4);
				table.set(0, undefined);
				for (const [i, value] of [undefined, null, true, false].entries()) table.set(at + i, value);
			},
		},
	});
	wasm = instance.exports as unknown as Exports;
	wasm.__wbindgen_start();

	/** The module takes what it is given, and frees it. */
	const give = (bytes: Uint8Array): [number, number] => {
		const at = wasm.__wbindgen_malloc(bytes.length, 1) >>> 0;
		new Uint8Array(wasm.memory.buffer).set(bytes, at);
		return [at, bytes.length];
	};
	const giveText = (text: string) => give(encoder.encode(text));
	const take = ([at, size]: [number, number]): unknown => {
		try {
			return JSON.parse(decoder.decode(new Uint8Array(wasm.memory.buffer, at >>> 0, size)));
		} finally {
			wasm.__wbindgen_free(at, size, 1);
		}
	};

	// Each call gives the index's address anew.
	let index = wasm.init_pagefind(...give(meta)) >>> 0;
	const chunks = new Map<string, Promise<void>>();
	const load = (name: string): Promise<void> => {
		let chunk = chunks.get(name);
		if (!chunk) {
			chunk = provide(name).then((bytes) => {
				index = wasm.load_index_chunk(index, ...give(bytes)) >>> 0;
			});
			chunks.set(name, chunk);
			chunk.catch(() => chunks.delete(name));
		}
		return chunk;
	};

	return {
		async search(query) {
			const typed = asked(query)
				.split(' ')
				.filter((word) => withoutAccents(word) !== '');
			if (typed.length === 0) return { results: [] };
			const term = withoutAccents(typed.join(' '));
			const wanted = take(wasm.request_indexes(index, ...giveText(term))) as string[];
			await Promise.all(wanted.filter((name) => name !== '').map(load));
			const exact = /^\s*".+"\s*$/.test(query);
			const texts = [term, typed.join(' '), '{}', ''].flatMap(giveText);
			const { results } = take(wasm.search(index, ...texts, exact, false)) as { results: Told[] };
			return { results: results.map(({ p, s, l }) => ({ id: p, score: s, words: l.map((one) => one.l) })) };
		},
	};
}
