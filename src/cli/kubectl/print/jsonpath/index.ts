/**
 * `-o jsonpath=…`: text with expressions in braces.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/util/jsonpath/{parser,jsonpath}.go @ v0.24.0.
 */
import { JsonPathError, type Piece, type Value } from './path.ts';
import { readTemplate } from './read-template.ts';
import { isMap, walk } from './walk.ts';

export { JsonPathError } from './path.ts';

const show = (value: Value): string =>
	typeof value === 'string'
		? value
		: value === null || value === undefined
			? ''
			: typeof value === 'object'
				? sorted(value)
				: String(value);

const sorted = (value: Value): string =>
	JSON.stringify(value, (_, item: unknown) =>
		isMap(item)
			? Object.fromEntries(
					Object.keys(item)
						.sort()
						.map((key) => [key, item[key]]),
				)
			: item,
	);

/** kubectl lets `jsonpath=.spec` and `{.spec}` mean the same for sorting and columns (get.RelaxedJSONPathExpression). */
export function relaxedPath(text: string): string {
	const match = /^\{\.?([^{}]+)\}$/.exec(text) ?? /^\.?([^{}]+)$/.exec(text);
	if (!match)
		throw new JsonPathError(
			`unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
		);
	return `{.${match[1]}}`;
}

/** All values a single expression finds. */
export function findPath(source: string, value: Value, strict = false): readonly Value[] {
	const [piece] = readTemplate(source);
	return piece?.kind === 'path' ? walk([value], piece.steps, value, strict) : [];
}

/** A compiled template: an object in, text out. `strict`: a key that is not there is an error. */
export function jsonPath(source: string, strict = false): (value: Value) => string {
	const pieces = readTemplate(source);
	let depth = 0;
	for (const piece of pieces) {
		if (piece.kind === 'range') depth++;
		if (piece.kind === 'end' && --depth < 0) throw new JsonPathError('not in range, nothing to end');
	}
	return (root) => run(pieces, 0, pieces.length, root, root, strict);
}

function run(pieces: readonly Piece[], from: number, to: number, value: Value, root: Value, strict: boolean): string {
	let out = '';
	for (let i = from; i < to; i++) {
		const piece = pieces[i]!;
		if (piece.kind === 'text') out += piece.text;
		else if (piece.kind === 'path') out += walk([value], piece.steps, root, strict).map(show).join(' ');
		else if (piece.kind === 'range') {
			let depth = 1;
			let end = i + 1;
			for (; depth > 0 && end < to; end++)
				depth += pieces[end]!.kind === 'range' ? 1 : pieces[end]!.kind === 'end' ? -1 : 0;
			const last = depth > 0 ? to : end - 1;
			for (const item of walk([value], piece.steps, root, strict)) out += run(pieces, i + 1, last, item, root, strict);
			// What nobody ends goes on once more behind the loop (FindResults finds no end to go on from).
			if (depth === 0) i = last;
		}
	}
	return out;
}
