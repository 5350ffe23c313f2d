/**
 * JSON as values of CEL: whole numbers are `int`, by a schema also what a format or a type makes of them.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/cel/common/values.go (UnstructuredToVal), pkg/cel/escaping.go
 * @ v1.33.0.
 */
import { type Draft, isRecord, sub } from '../json.ts';

/** Names that are words of the language stand between underscores. */
const RESERVED = new Set(
	'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
		' ',
	),
);

/** How a field of a schema is called in an expression. */
export const escaped = (name: string): string =>
	RESERVED.has(name)
		? `__${name}__`
		: name
				.replaceAll('__', '__underscores__')
				.replaceAll('.', '__dot__')
				.replaceAll('-', '__dash__')
				.replaceAll('/', '__slash__');

/** Of what is known by no schema. */
export const toCel = (value: unknown): unknown => {
	if (value === undefined) return null;
	if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
	if (Array.isArray(value)) return value.map(toCel);
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
};

const ROOT: Readonly<Record<string, Draft>> = {
	apiVersion: { type: 'string' },
	kind: { type: 'string' },
	metadata: {
		type: 'object',
		properties: { name: { type: 'string' }, generateName: { type: 'string' } },
	},
};

/** A schema with what every object has; of metadata only the names can be asked for. */
export const withRoot = (schema: Draft): Draft => ({
	...schema,
	properties: { ...sub(schema, 'properties'), ...ROOT },
});

/** Of what a schema describes; `time` reads texts with the formats of times. */
export const typedValue = (
	schema: Draft,
	value: unknown,
	time: (format: 'timestamp' | 'duration', text: string) => unknown,
): unknown => {
	if (value === null || value === undefined) return null;
	if (schema['x-kubernetes-int-or-string'] === true) return toCel(value);
	const { items, additionalProperties } = schema;
	if (typeof value === 'number' && schema.type === 'number') return value;
	if (typeof value === 'string') {
		if (schema.format === 'date-time') return time('timestamp', value);
		if (schema.format === 'date') return time('timestamp', `${value}T00:00:00Z`);
		if (schema.format === 'duration') return time('duration', value);
		return value;
	}
	if (Array.isArray(value)) return isRecord(items) ? value.map((item) => typedValue(items, item, time)) : toCel(value);
	if (!isRecord(value)) return toCel(value);
	if (isRecord(additionalProperties))
		return Object.fromEntries(
			Object.entries(value).map(([key, item]) => [key, typedValue(additionalProperties, item, time)]),
		);
	const properties = sub(schema, 'properties');
	if (Object.keys(properties).length === 0) return toCel(value);
	return Object.fromEntries(
		Object.entries(value).flatMap(([key, item]) => {
			const known = properties[key];
			return isRecord(known) ? [[escaped(key), typedValue(known, item, time)]] : [];
		}),
	);
};
