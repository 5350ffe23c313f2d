/** Values of a command line: files first, then --set and its sisters, later ones over earlier ones. */
import { parseSet, type Values } from '../../sim/charts/index.ts';
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

/** Whole numbers of --set are whole numbers in Go, where those of files are floats. */
const whole = (value: Data): Data =>
	typeof value === 'number' && Number.isSafeInteger(value)
		? BigInt(value)
		: Array.isArray(value)
			? value.map(whole)
			: isTable(value)
				? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, whole(item)]))
				: value;

/** Source: helm pkg/cli/values/options.go MergeValues @ v3.9.4. `typed` is the same for templates. */
export async function readValues(
	call: Call,
	flags: FlagValues,
): Promise<{ values: Values; typed: Values } | { error: string }> {
	let values: Values = {};
	let typed: Values = {};
	const take = (more: Values, number: boolean): void => {
		values = mergeOver(values, more);
		typed = mergeOver(typed, number ? (whole(more) as Values) : more);
	};
	for (const path of flags.list('values')) {
		if (/^[a-z]+:\/\//.test(path)) return { error: `the simulator’s helm reads values of files only, not of ${path}` };
		const text = path === '-' ? call.stdin : await call.files.read(path);
		if (text === undefined) return { error: `open ${path}: no such file or directory` };
		const documents = readManifests(text);
		if ('error' in documents) return { error: `failed to parse ${path}: ${documents.error}` };
		for (const { value } of documents.slice(0, 1)) take(value as Values, false);
	}
	for (const [flag, strings] of [
		['set', false],
		['set-string', true],
	] as const)
		for (const text of flags.list(flag)) {
			const parsed = parseSet(text, { strings });
			if ('error' in parsed) return { error: `failed parsing --${flag} data: ${parsed.error}` };
			take(parsed.values, flag === 'set');
		}
	for (const text of flags.list('set-file')) {
		const [, key = '', file = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
		const content = await call.files.read(file);
		if (content === undefined)
			return { error: `failed parsing --set-file data: open ${file}: no such file or directory` };
		const nested = key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), content);
		take(nested as Values, false);
	}
	return { values, typed };
}
