/**
 * YAML as kubectl and helm print it: JSON with sorted keys through go-yaml v2.
 *
 * Source: sigs.k8s.io/yaml @ v1.3.0 over go.yaml.in/yaml v2.4.0 (emitterc.go: sequences that are not indented below
 * their key). Scalars are `yaml-scalar.ts`.
 */
import type { Json } from '../../sim/api/index.ts';
import { keyText, textLines } from './yaml-scalar.ts';

/** Prints one document, with a line end. */
export function printYaml(value: unknown): string {
	const json = value as Json;
	if (isEmpty(json) || typeof json !== 'object' || json === null) return `${scalarLines('', json, -2).join('\n')}\n`;
	return `${block(json, 0).join('\n')}\n`;
}

const isEmpty = (value: Json): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0);

/** Maps print their keys as Go sorts strings: by octets, which for these names is by code unit. */
const keysOf = (value: { readonly [key: string]: Json | undefined }): readonly string[] =>
	Object.keys(value)
		.filter((key) => value[key] !== undefined)
		.sort(naturalLess);

/**
 * go-yaml sorts keys with an eye for numbers and letters (sorter.go keyList.Less): runs of digits count as numbers,
 * letters come after other characters.
 */
function naturalLess(a: string, b: string): number {
	const x = [...a];
	const y = [...b];
	const letter = (c: string): boolean => /\p{L}/u.test(c);
	const digit = (c: string): boolean => /\p{Nd}/u.test(c);
	let digits = false;
	for (let i = 0; i < x.length && i < y.length; i++) {
		if (x[i] === y[i]) {
			digits = digit(x[i]!);
			continue;
		}
		const al = letter(x[i]!);
		const bl = letter(y[i]!);
		if (al && bl) return x[i]! < y[i]! ? -1 : 1;
		if (al || bl) return digits ? (al ? -1 : 1) : bl ? -1 : 1;
		let an = 0;
		let bn = 0;
		if (x[i] === '0' || y[i] === '0') {
			for (let j = i - 1; j >= 0 && digit(x[j]!); j--)
				if (x[j] !== '0') {
					an = 1;
					bn = 1;
					break;
				}
		}
		let ai = i;
		for (; ai < x.length && digit(x[ai]!); ai++) an = an * 10 + Number(x[ai]);
		let bi = i;
		for (; bi < y.length && digit(y[bi]!); bi++) bn = bn * 10 + Number(y[bi]);
		if (an !== bn) return an - bn;
		if (ai !== bi) return ai - bi;
		return x[i]! < y[i]! ? -1 : 1;
	}
	return x.length - y.length;
}

/** Lines of a map or list that is not empty. */
function block(value: Json, indent: number): string[] {
	const pad = ' '.repeat(indent);
	if (Array.isArray(value))
		return value.flatMap((item: Json) => {
			if (typeof item === 'object' && item !== null && !isEmpty(item)) {
				const [first, ...rest] = block(item, indent + 2);
				return [`${pad}- ${first!.slice(indent + 2)}`, ...rest];
			}
			return scalarLines(`${pad}- `, item, indent);
		});
	const map = value as { readonly [key: string]: Json };
	return keysOf(map).flatMap((key) => {
		const item = map[key]!;
		const head = `${pad}${keyText(key)}:`;
		if (typeof item === 'object' && item !== null && !isEmpty(item))
			return [head, ...block(item, Array.isArray(item) ? indent : indent + 2)];
		return scalarLines(`${head} `, item, indent);
	});
}

/** A scalar after what stands before it, on as many lines as it takes. */
const scalarLines = (before: string, value: Json, indent: number): readonly string[] =>
	typeof value === 'string' ? textLines(before, value, indent + 2) : [before + inline(value)];

const inline = (value: Json): string => {
	if (value === null) return 'null';
	if (Array.isArray(value)) return '[]';
	return typeof value === 'object' ? '{}' : String(value);
};
