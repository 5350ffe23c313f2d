/** Values of a command line: files first, then --set and its sisters, later ones over earlier ones. */
import { parseSet, type Values, wholeScalar } from '../../sim/charts/index.ts';
import type { FlagValues } from '../cobra/index.ts';
import { type Data, isTable } from '../gotemplate/index.ts';
import { readManifests } from '../kube/index.ts';
import type { Call } from '../tool.ts';

/** Tables merge, all else is replaced; null stays, to take away what the chart has. */
function mergeOver(base: Values, over: Values): Values {
	const out: Record<string, Values[string]> = { ...base };
	for (const [key, value] of Object.entries(over)) {
		const below = out[key];
		out[key] = isTable(below) && isTable(value) ? mergeOver(below as Values, value as Values) : value;
	}
	return out;
}

/** Whole numbers of --set are whole numbers in Go, where those of files are floats; objects have one kind. */
const plain = (value: Data): Data =>
	typeof value === 'bigint'
		? Number(value)
		: Array.isArray(value)
			? value.map(plain)
			: isTable(value)
				? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
				: value;

/**
 * Source: helm pkg/cli/values/options.go MergeValues @ v3.9.4: each argument is parsed into what those before it made.
 * `typed` is the same for templates.
 */
export async function readValues(
	call: Call,
	flags: FlagValues,
): Promise<{ values: Values; typed: Values } | { error: string }> {
	// The CLI of Cilium has called them so, and understands it since (normalizeFlags()).
	const list = (name: string): readonly string[] => [...flags.list(`helm-${name}`), ...flags.list(name)];
	let typed: Values = {};
	for (const path of list('values')) {
		if (/^[a-z]+:\/\//.test(path)) return { error: `the simulator’s helm reads values of files only, not of ${path}` };
		const text = path === '-' ? call.stdin : await call.files.read(path);
		if (text === undefined) return { error: `open ${path}: no such file or directory` };
		const documents = readManifests(text);
		if ('error' in documents) return { error: `failed to parse ${path}: ${documents.error}` };
		for (const { value } of documents.slice(0, 1)) typed = mergeOver(typed, value as Values);
	}
	for (const [flag, scalar] of [
		['set', wholeScalar],
		['set-string', (text: string) => text],
	] as const)
		for (const text of list(flag)) {
			const parsed = parseSet(text, { into: typed, scalar });
			if ('error' in parsed) return { error: `failed parsing --${flag} data: ${parsed.error}` };
			typed = parsed.values;
		}
	for (const text of list('set-file')) {
		const paths: string[] = [];
		const noted = (path: string): string => {
			paths.push(path);
			return path;
		};
		parseSet(text, { into: typed, scalar: noted });
		const contents = new Map<string, string>();
		for (const path of paths) {
			const content = await call.files.read(path);
			if (content === undefined)
				return { error: `failed parsing --set-file data: open ${path}: no such file or directory` };
			contents.set(path, content);
		}
		const parsed = parseSet(text, { into: typed, scalar: (path) => contents.get(path) ?? '' });
		if ('error' in parsed) return { error: `failed parsing --set-file data: ${parsed.error}` };
		typed = parsed.values;
	}
	return { values: plain(typed) as Values, typed };
}
