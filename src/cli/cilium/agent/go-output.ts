/**
 * Go's values as the agent's tool prints them: `encoding/json` by the tags of a struct, go-yaml v2 by its fields' names
 * (the models have no tags of YAML), so that what JSON leaves out when it is empty stands in YAML.
 *
 * An object is a struct with its fields in Go's order, named as in JSON; `+name` is one embedded under that type's name.
 * A Map is a map, whose keys both sort.
 */
import { printYaml } from '../../kube/index.ts';

/** A field with `omitempty` that has no value. */
interface Empty {
	readonly empty: unknown;
}

export const NIL: Empty = { empty: null };
export const NO_TEXT: Empty = { empty: '' };
export const ZERO: Empty = { empty: 0 };
export const UNSET: Empty = { empty: false };
export const NO_MAP: Empty = { empty: {} };

const isEmpty = (value: unknown): value is Empty => [NIL, NO_TEXT, ZERO, UNSET, NO_MAP].includes(value as Empty);

/** `omitempty`. */
export const orEmpty = (value: string): string | Empty => (value === '' ? NO_TEXT : value);
/** The same of numbers. */
export const orZero = (value: number): number | Empty => (value === 0 ? ZERO : value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (map: ReadonlyMap<string, unknown>): readonly (readonly [string, unknown])[] =>
	[...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** What a value has in JSON, in order. */
function fieldsOf(value: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>): [string, unknown][] {
	const entries = value instanceof Map ? sorted(value) : Object.entries(value);
	return entries.flatMap(([key, item]): [string, unknown][] =>
		item === undefined || isEmpty(item) ? [] : key.startsWith('+') && isObject(item) ? fieldsOf(item) : [[key, item]],
	);
}

/** As JSONPath goes through it. */
export const plainJson = (value: unknown): unknown =>
	Array.isArray(value)
		? value.map(plainJson)
		: isObject(value)
			? Object.fromEntries(fieldsOf(value).map(([key, item]) => [key, plainJson(item)]))
			: value;

const ESCAPES: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/** json.MarshalIndent() with two blanks. */
export function goJson(value: unknown, indent = ''): string {
	const inner = `${indent}  `;
	if (Array.isArray(value))
		return value.length === 0 ? '[]' : `[\n${value.map((item) => inner + goJson(item, inner)).join(',\n')}\n${indent}]`;
	if (isObject(value)) {
		const fields = fieldsOf(value);
		return fields.length === 0
			? '{}'
			: `{\n${fields.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${goJson(item, inner)}`).join(',\n')}\n${indent}}`;
	}
	return (JSON.stringify(value) ?? 'null').replace(/[<>&]/g, (c) => ESCAPES[c]!);
}

const block = (value: unknown): boolean =>
	(Array.isArray(value) && value.length > 0) || (isObject(value) && yamlFields(value).length > 0);

function yamlFields(value: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>): [string, unknown][] {
	if (value instanceof Map) return sorted(value).map(([key, item]) => [key, item]);
	return Object.entries(value)
		.filter(([, item]) => item !== undefined)
		.map(([key, item]) => [key.toLowerCase().replace(/^\+|[-_]/g, ''), isEmpty(item) ? item.empty : item]);
}

function yamlLines(value: unknown): readonly string[] {
	if (!block(value)) {
		if (Array.isArray(value)) return ['[]'];
		if (isObject(value)) return ['{}'];
		return printYaml(value).trimEnd().split('\n');
	}
	if (Array.isArray(value))
		return value.flatMap((item) => yamlLines(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
	return yamlFields(value as Readonly<Record<string, unknown>>).flatMap(([key, item]) => {
		const name = printYaml(key).trimEnd();
		const lines = yamlLines(item);
		if (!block(item)) return lines.map((line, i) => (i === 0 ? `${name}: ${line}` : `  ${line}`));
		return [`${name}:`, ...lines.map((line) => (Array.isArray(item) ? line : `  ${line}`))];
	});
}

/** yaml.Marshal(). */
export const goYaml = (value: unknown): string => `${yamlLines(value).join('\n')}\n`;
