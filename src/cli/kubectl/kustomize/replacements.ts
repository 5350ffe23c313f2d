/** `replacements` of a kustomization. Source: kustomize api/filters/replacement @ kustomize/v4.5.4. */
import { isRecord } from '../../../sim/api/index.ts';
import { atPath, type Draft, idOf, KustomizeError, type Resource } from './resource.ts';
import { select } from './select.ts';
import { records, strings, text } from './values.ts';

/** Values of one object's field in others (ReplacementTransformer): without delimiters' escapes and wildcards. */
export function replaceAll(resources: readonly Resource[], entry: Draft): void {
	const source = isRecord(entry.source) ? entry.source : {};
	const [from, more] = select(resources, source);
	if (!from) throw new KustomizeError(`nothing selected by ${JSON.stringify(source)}`);
	if (more) throw new KustomizeError(`multiple matches for selector ${JSON.stringify(source)}`);
	const read = (object: unknown, path: readonly string[]): unknown =>
		path.reduce<unknown>((here, key) => {
			const by = /^\[(.+?)=(.+)\]$/.exec(key);
			if (by && Array.isArray(here)) return here.find((item) => isRecord(item) && String(item[by[1]!]) === by[2]);
			if (Array.isArray(here)) return here[Number(key)];
			return isRecord(here) ? here[key] : undefined;
		}, object);
	const partsOf = (path: string): readonly string[] =>
		path.match(/\[[^\]]*\]|(?:\\.|[^.[\]\\])+/g)?.map((part) => part.replace(/\\(.)/g, '$1')) ?? [];
	const part = (value: unknown, options: unknown): unknown =>
		isRecord(options) && typeof options.delimiter === 'string'
			? (String(value).split(options.delimiter)[Number(options.index ?? 0)] ?? '')
			: value;
	const fieldPath = text(source.fieldPath) || 'metadata.name';
	const found = read(from.object, partsOf(fieldPath));
	if (found === undefined)
		throw new KustomizeError(`fieldPath \`${fieldPath}\` is missing for replacement source ${idOf(from.object)}`);
	const value = part(found, source.options);
	for (const target of records(entry.targets)) {
		const rejected = records(target.reject).flatMap((reject) => select(resources, reject));
		const options = isRecord(target.options) ? target.options : {};
		for (const resource of select(resources, isRecord(target.select) ? target.select : {})) {
			if (rejected.includes(resource)) continue;
			for (const path of strings(target.fieldPaths)) {
				const parts = partsOf(path);
				const holder = read(resource.object, parts.slice(0, -1));
				const last = parts.at(-1)!;
				if (!isRecord(holder) || (holder[last] === undefined && options.create !== true)) {
					if (options.create === true) {
						atPath(resource.object, parts, true, () => value);
						continue;
					}
					throw new KustomizeError(`unable to find field ${JSON.stringify(path)} in replacement target`);
				}
				if (typeof options.delimiter === 'string') {
					const pieces = String(holder[last] ?? '').split(options.delimiter);
					pieces[Number(options.index ?? 0)] = String(value);
					holder[last] = pieces.join(options.delimiter);
				} else holder[last] = value;
			}
		}
	}
}
