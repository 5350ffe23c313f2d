import { posix } from 'node:path';
import { init, parse } from 'es-module-lexer';
import { transform } from 'esbuild';
import MagicString from 'magic-string';

/** A chunk as a classic script. */
export interface Chunk {
	readonly code: string;
	/** Ids of chunks that must run before it. An id is a path from the site's root. */
	readonly needs: readonly string[];
	/** Ids of chunks it may load later by `import()`. */
	readonly later: readonly string[];
}

/**
 * The one list of exports that a bundler writes at a chunk's end. The registry makes the namespace of it; for anything
 * else esbuild writes the code that does, into each chunk again.
 */
const BUNDLERS_EXPORTS = /\bexport\s*\{[^{}]+\}\s*;?\s*$/;

/**
 * Turns an ES module into a call of the registry's `define`. Code splitting stays: each import names another chunk.
 * Limits: no top-level await, and `import()` of a literal only.
 */
export async function toClassic(id: string, source: string): Promise<Chunk> {
	await init;
	const [imports, exports] = parse(source, id);
	const edited = new MagicString(source);
	const needs: string[] = [];
	const later: string[] = [];
	for (const found of imports) {
		if (found.type === 'import-meta') {
			edited.overwrite(found.start, found.end, '({url:__url})');
		} else if (found.specifier === undefined) {
			throw new Error(`${id}: import() of something that is not a literal`);
		} else {
			const target = idOf(id, found.specifier);
			if (found.type === 'dynamic') {
				later.push(target);
				edited.overwrite(found.importStart, found.importStart + 'import'.length, '__load');
				edited.overwrite(found.start, found.end, JSON.stringify(target));
			} else {
				needs.push(target);
				edited.overwrite(found.start, found.end, target);
			}
		}
	}
	const list = BUNDLERS_EXPORTS.exec(source);
	const local = exports.flatMap((e) =>
		e.type === 'direct' && e.localName !== undefined ? [[e.name, e.localName]] : [],
	);
	if (list && exports.every((e) => e.exportStart === list.index) && local.length === exports.length) {
		edited.remove(list.index, source.length);
		edited.prepend(`__export({${local.map(([name, of]) => `${JSON.stringify(name)}:()=>${of}`).join()}});`);
	}
	const { code } = await transform(edited.toString(), {
		format: 'cjs',
		minify: true,
		target: 'es2022',
		charset: 'utf8',
	});
	const unique = [...new Set(needs)];
	return {
		code: `packetwalk.define(${JSON.stringify(id)},${JSON.stringify(unique)},function(require,module,exports,__load,__url,__export){${code.trim()}});\n`,
		needs: unique,
		later: [...new Set(later)],
	};
}

function idOf(importer: string, specifier: string): string {
	if (specifier.startsWith('/')) return specifier.slice(1);
	if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(importer), specifier));
	throw new Error(`${importer}: "${specifier}" was not bundled`);
}

/** A chunk and all it needs, in the order in which they may run. */
export function inOrder(id: string, needsOf: (id: string) => readonly string[]): readonly string[] {
	const order: string[] = [];
	const seen = new Set<string>();
	const visit = (chunk: string): void => {
		if (seen.has(chunk)) return;
		seen.add(chunk);
		for (const need of needsOf(chunk)) visit(need);
		order.push(chunk);
	};
	visit(id);
	return order;
}
