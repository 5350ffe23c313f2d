/** Types as OpenAPI v3: what a CustomResourceDefinition carries. */
import type { Draft } from '../json.ts';
import { type Field, rootType, type Type, typeOf } from './read.ts';

const PLAIN: Readonly<Record<string, Draft>> = {
	s: { type: 'string' },
	i: { type: 'integer' },
	b: { type: 'boolean' },
	t: { type: 'string', format: 'date-time' },
	q: { 'x-kubernetes-int-or-string': true },
	x: { 'x-kubernetes-int-or-string': true },
	m: { type: 'object', additionalProperties: { type: 'string' } },
	y: { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
	any: { 'x-kubernetes-preserve-unknown-fields': true },
};

/** A type may hold itself; it is not followed further than this. */
const DEPTH = 12;

/** What a type's schema has besides: its alternatives. */
type Choices = (type: string) => Draft;

const ofValue = (type: string, depth: number, choices: Choices): Draft => {
	const plain = PLAIN[type];
	if (plain) return { ...plain };
	const known = typeOf(type);
	return known === undefined || depth > DEPTH
		? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
		: ofType(known, depth, choices);
};

const ofField = (field: Field, depth: number, choices: Choices): Draft => {
	if (field.name === 'metadata') return { type: 'object' };
	const value = {
		...ofValue(field.type, depth + 1, choices),
		...(field.values ? { enum: field.values } : {}),
		...(field.range ? { minimum: field.range[0], maximum: field.range[1] } : {}),
		...(field.format === 'cidr' ? { format: 'cidr' } : {}),
	};
	if (field.shape === 'list') return { type: 'array', items: value };
	return field.shape === 'map' ? { type: 'object', additionalProperties: value } : value;
};

const ofType = (type: Type, depth: number, choices: Choices): Draft => {
	const properties: Draft = {};
	const required: string[] = [];
	for (const field of type.fields.values()) {
		properties[field.name] = ofField(field, depth, choices);
		if (field.required) required.push(field.name);
	}
	return {
		...choices(type.name),
		type: 'object',
		properties,
		...(required.length > 0 ? { required } : {}),
		...(type.open ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
	};
};

/** The schema of a kind's objects; one that takes everything for a kind that is not listed. */
export const openApiOf = (kind: string, choices: Choices = () => ({})): Draft => {
	const root = rootType(kind);
	return root === undefined
		? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
		: ofType(root, 0, choices);
};
