/** `replacements` of a kustomization. Source: kustomize api/filters/replacement, kyaml/yaml/match.go @ kustomize/v5.0.1. */
import { isRecord } from '../../../sim/api/index.ts';
import { type Draft, fail, KustomizeError, type Resource } from './resource.ts';
import { select } from './select.ts';
import { records, strings, text } from './values.ts';

/** Where a value stands: a map or a list, and the key in it. */
interface Place {
	readonly holder: Draft | unknown[];
	readonly key: string | number;
}

/** `a.b.[name=x].c`, `a\\.b`, `[example.com/key]` (kyaml/utils SmarterPathSplitter()). */
export function partsOf(path: string): readonly string[] {
	const split: string[] = [];
	for (const piece of path.split('.')) {
		const last = split.at(-1);
		const open = last?.startsWith('[') && !last.endsWith(']');
		if (last?.endsWith('\\')) split[split.length - 1] = `${last.slice(0, -1)}.${piece}`;
		else if (open) split[split.length - 1] = `${last}.${piece}`;
		else split.push(piece);
	}
	return split.map((part) => (/^\[[^=]*\]$/.test(part) ? part.replace(/^\[+|\]+$/g, '') : part));
}

/** Places a path leads to (PathMatcher); with `create`, what is missing on the way is made. */
export function places(value: unknown, path: readonly string[], create: boolean): readonly Place[] {
	const [part, ...rest] = path as [string, ...string[]];
	const go = (holder: Draft | unknown[], key: string | number): readonly Place[] => {
		const there = (holder as Draft)[key as string];
		if (rest.length === 0) return there === undefined && !create ? [] : [{ holder, key }];
		if (there === undefined || there === null) {
			if (!create) return [];
			(holder as Draft)[key as string] = /^\[.*\]$|^\d+$|^-$/.test(rest[0]!) ? [] : {};
		}
		return places((holder as Draft)[key as string], rest, create);
	};
	if (Array.isArray(value)) {
		if (part === '*') return value.flatMap((_, i) => go(value, i));
		if (/^\d+$/.test(part)) {
			const index = Number(part);
			if (index > value.length || (index === value.length && !create))
				return fail(`index ${index} specified but only ${value.length} elements found`);
			return go(value, index);
		}
		const by = /^\[(.*?)=(.*)\]$/.exec(part);
		if (!by) return [];
		const hits = value.flatMap((item, i) =>
			(by[1] === '' ? String(item) : isRecord(item) ? String(item[by[1]!]) : undefined) === by[2] ? [i] : [],
		);
		if (hits.length === 0 && create && by[1] !== '') {
			value.push({ [by[1]!]: by[2] });
			return go(value, value.length - 1);
		}
		return hits.flatMap((i) => go(value, i));
	}
	return isRecord(value) ? go(value, part) : [];
}

/** `Service.[noVer].[noGrp]/web.[noNs]`: an id as the selector has it. */
const idOfSelector = (selector: Draft): string =>
	`${text(selector.kind) || '[noKind]'}.${text(selector.version) || '[noVer]'}.${text(selector.group) || '[noGrp]'}/${text(selector.name) || '[noName]'}.${text(selector.namespace) || '[noNs]'}`;

const literally = (selector: Draft): Draft =>
	Object.fromEntries(
		Object.entries(selector).map(([key, value]) => [
			key,
			typeof value === 'string' && /^(?:group|version|kind|name|namespace)$/.test(key)
				? value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
				: value,
		]),
	);

/** A scalar keeps its type where it goes: text stays text (setFieldValue()). */
function converted(value: unknown, old: unknown): unknown {
	if (old === undefined || old === null || typeof old === 'object' || typeof value === 'object') return value;
	return typeof old === 'string' ? String(value) : value;
}

function replacementOf(resources: readonly Resource[], entry: Draft): unknown {
	const source = isRecord(entry.source)
		? entry.source
		: fail('replacements must specify a source and at least one target');
	const { fieldPath: _path, options: _options, ...id } = source;
	const [from, more] = select(resources, literally(id));
	if (!from)
		return fail(
			`nothing selected by ${idOfSelector(source)}${text(source.fieldPath) ? `:${text(source.fieldPath)}` : ''}`,
		);
	if (more) return fail(`multiple matches for selector ${idOfSelector(source)}`);
	const fieldPath = text(source.fieldPath) || 'metadata.name';
	const [place] = places(from.object, partsOf(fieldPath), false);
	const value = place && (place.holder as Draft)[place.key as string];
	if (value === undefined || value === null || value === '')
		return fail(`fieldPath \`${fieldPath}\` is missing for replacement source ${idOfSelector(source)}`);
	const options = isRecord(source.options) ? source.options : {};
	if (text(options.delimiter) === '') return value;
	if (typeof value === 'object') return fail('delimiter option can only be used with scalar nodes');
	const pieces = String(value).split(text(options.delimiter));
	const index = Number(options.index ?? 0);
	return pieces[index] ?? fail(`options.index ${index} is out of bounds for value ${String(value)}`);
}

/** Values of one object's field in others (ReplacementTransformer). `minor`: from 35 on names are expressions (kustomize 5.8). */
export function replaceAll(resources: readonly Resource[], entry: Draft, minor: number): void {
	if (entry.targets === undefined)
		throw new KustomizeError('replacements must specify a source and at least one target');
	const value = replacementOf(resources, entry);
	const meant = (selector: Draft): readonly Resource[] =>
		select(resources, minor >= 35 ? selector : literally(selector));
	for (const target of records(entry.targets)) {
		if (!isRecord(target.select)) throw new KustomizeError('target must specify resources to select');
		const rejected = records(target.reject).flatMap((reject) => meant(reject));
		const options = isRecord(target.options) ? target.options : {};
		const create = options.create === true;
		const delimiter = text(options.delimiter);
		const paths = strings(target.fieldPaths);
		for (const resource of meant(target.select)) {
			if (rejected.includes(resource)) continue;
			for (const path of paths.length === 0 ? ['metadata.name'] : paths) {
				const found = places(resource.object, partsOf(path), create);
				if (found.length === 0)
					throw new KustomizeError(
						`unable to find ${create ? 'or create ' : ''}field ${JSON.stringify(path)} in replacement target`,
					);
				for (const { holder, key } of found) {
					const old = (holder as Draft)[key as string];
					(holder as Draft)[key as string] = converted(
						delimiter ? spliced(old, value, delimiter, options) : value,
						old,
					);
				}
			}
		}
	}
}

/** One piece of a text between delimiters: before all with an index below nought, behind them with one beyond. */
function spliced(old: unknown, value: unknown, delimiter: string, options: Draft): string {
	if (typeof old === 'object' && old !== null) return fail('delimiter option can only be used with scalar nodes');
	const pieces = String(old ?? '').split(delimiter);
	const index = Number(options.index ?? 0);
	if (index < 0) pieces.unshift(String(value));
	else if (index >= pieces.length) pieces.push(String(value));
	else pieces[index] = String(value);
	return pieces.join(delimiter);
}
