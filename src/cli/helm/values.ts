/** Values of a command line: files first, then --set and its sisters, later ones over earlier ones. */
import { mergeValues, parseSet, type Values } from '../../sim/charts/index.ts';
import type { FlagValues } from '../cobra/index.ts';
import { readManifests } from '../kube/index.ts';
import type { Call } from '../tool.ts';

/** Source: helm pkg/cli/values/options.go MergeValues @ v3.9.4. */
export async function readValues(call: Call, flags: FlagValues): Promise<{ values: Values } | { error: string }> {
	let values: Values = {};
	for (const path of flags.list('values')) {
		const text = path === '-' ? call.stdin : await call.files.read(path);
		if (text === undefined) return { error: `open ${path}: no such file or directory` };
		const documents = readManifests(text);
		if ('error' in documents) return { error: `failed to parse ${path}: ${documents.error}` };
		for (const { value } of documents.slice(0, 1)) values = mergeValues(values, value as Values);
	}
	for (const [flag, strings] of [
		['set', false],
		['set-string', true],
	] as const)
		for (const text of flags.list(flag)) {
			const parsed = parseSet(text, { strings });
			if ('error' in parsed) return { error: `failed parsing --${flag} data: ${parsed.error}` };
			values = mergeValues(values, parsed.values);
		}
	return { values };
}
