/**
 * Values of a Helm release: trees of JSON, merged and addressed by path.
 *
 * Source: helm pkg/chartutil/coalesce.go and pkg/strvals/parser.go @ v3.14.0.
 */
import type { Json } from '../api/index.ts';

export type Values = { readonly [key: string]: Json };

const isTable = (value: Json | undefined): value is Values =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` on top of `base`: tables merge, everything else is replaced; null takes a key away. */
export function mergeValues(base: Values, over: Values): Values {
	const out: Record<string, Json> = { ...base };
	for (const [key, value] of Object.entries(over)) {
		const below = out[key];
		if (value === null) delete out[key];
		else out[key] = isTable(below) && isTable(value) ? mergeValues(below, value) : value;
	}
	return out;
}

/** The value at a dotted path. */
export function valueAt(values: Values, path: string): Json | undefined {
	let at: Json | undefined = values;
	for (const key of path.split('.')) {
		if (!isTable(at)) return undefined;
		at = at[key];
	}
	return at;
}

/** A scalar as a template prints it; lists as YAML flow would be wrong in a ConfigMap, so they are joined by blanks. */
export const valueText = (value: Json): string => {
	if (value === null) return '';
	if (Array.isArray(value)) return value.map(valueText).join(' ');
	return typeof value === 'object' ? '' : String(value);
};

/** Every leaf by its dotted path, in order. Lists are leaves. */
export function flattenValues(values: Values, prefix = ''): Readonly<Record<string, string>> {
	const out: Record<string, string> = {};
	for (const [key, value] of Object.entries(values)) {
		const path = prefix === '' ? key : `${prefix}.${key}`;
		if (isTable(value)) Object.assign(out, flattenValues(value, path));
		else out[path] = valueText(value);
	}
	return out;
}
