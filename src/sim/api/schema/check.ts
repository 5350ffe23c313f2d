/** Compares an object with its type: what is unknown, of the wrong type, or missing; and the object without it. */
import { type Draft, isRecord } from '../json.ts';
import { tooFew, violation } from './constraints.ts';
import { type Field, type Type, typeOf } from './read.ts';

export type JsonKind = 'string' | 'number' | 'bool' | 'object' | 'array';

export interface Problem {
	readonly what: 'unknown' | 'type' | 'missing' | 'value';
	/** `spec.containers[0].image`. */
	readonly path: string;
	/** The same without indices, as Go's decoder writes it. */
	readonly goPath: string;
	/** The type that has, or lacks, the field. */
	readonly owner: string;
	readonly field: string;
	readonly got?: JsonKind;
	/** The number that was not an integer. */
	readonly value?: unknown;
	readonly expected?: string;
	/** Of a value that is not allowed: what the server says after the path, of a quantity all it says. */
	readonly said?: string;
}

const kindOf = (value: unknown): JsonKind =>
	Array.isArray(value)
		? 'array'
		: typeof value === 'object'
			? 'object'
			: typeof value === 'boolean'
				? 'bool'
				: (typeof value as 'string' | 'number');

interface Walk {
	readonly problems: Problem[];
	/** Whether missing required fields are told. */
	readonly complete: boolean;
	/** Of the server. */
	readonly minor: number;
	readonly amounts: Amounts | undefined;
}

/** How a quantity is stored, or what is wrong with it. */
export type Amounts = (value: unknown) => { readonly text: string } | { readonly fault: string };

interface Place {
	readonly path: string;
	readonly goPath: string;
	readonly owner: string;
	readonly field: string;
}

const wrong = (walk: Walk, place: Place, value: unknown, expected: string): void => {
	walk.problems.push({ what: 'type', ...place, got: kindOf(value), value, expected });
};

/** Before anybody can write one, quantities are those of the cluster's own and are stored as they are. */
const readAmount = (walk: Walk, value: string | number, place: Place): string | undefined => {
	const read = walk.amounts?.(value) ?? { text: String(value) };
	if ('text' in read) return read.text;
	walk.problems.push({ what: 'type', ...place, got: kindOf(value), value, expected: 'q', said: read.fault });
	return undefined;
};

/** One value of a type, copied; undefined when it is of another. */
const readOne = (walk: Walk, type: string, value: unknown, place: Place): unknown => {
	switch (type) {
		case 'any':
			return copyAny(value);
		case 's':
		case 't':
			if (typeof value === 'string') return value;
			break;
		case 'b':
			if (typeof value === 'boolean') return value;
			break;
		case 'i':
			if (typeof value === 'number' && Number.isInteger(value)) return value;
			break;
		case 'x':
			if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))) return value;
			break;
		case 'q':
			if (typeof value === 'string' || typeof value === 'number') return readAmount(walk, value, place);
			break;
		case 'm':
		case 'y': {
			if (!isRecord(value)) break;
			const out: Draft = {};
			for (const key in value) {
				const item = value[key];
				if (item === null || item === undefined) out[key] = '';
				else if (typeof item === 'string') out[key] = item;
				else wrong(walk, { ...place, path: `${place.path}.${key}` }, item, type === 'y' ? 'y' : 's');
			}
			return out;
		}
		default: {
			const known = typeOf(type);
			if (known === undefined) return copyAny(value);
			if (isRecord(value)) return readType(walk, known, value, place);
		}
	}
	wrong(walk, place, value, type === 'y' ? '{}y' : type);
	return undefined;
};

const copyAny = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(copyAny);
	if (!isRecord(value)) return value;
	const out: Draft = {};
	for (const key in value) if (value[key] !== undefined) out[key] = copyAny(value[key]);
	return out;
};

const refuse = (walk: Walk, place: Place, value: unknown, said: string | undefined): void => {
	if (said !== undefined) walk.problems.push({ what: 'value', ...place, value, said });
};

const readField = (walk: Walk, field: Field, value: unknown, place: Place): unknown => {
	if (field.shape === 'one') {
		refuse(walk, place, value, violation(field, place.path, value));
		return readOne(walk, field.type, value, place);
	}
	if (field.shape === 'list') {
		if (!Array.isArray(value)) {
			wrong(walk, place, value, `[]${field.type}`);
			return undefined;
		}
		refuse(walk, place, value, tooFew(field, place.path, value.length));
		return value
			.map((item, i) => {
				const path = `${place.path}[${i}]`;
				refuse(walk, { ...place, path }, item, violation(field, path, item));
				return readOne(walk, field.type, item, { ...place, path });
			})
			.filter((item) => item !== undefined);
	}
	if (!isRecord(value)) {
		wrong(walk, place, value, `{}${field.type}`);
		return undefined;
	}
	const out: Draft = {};
	for (const key in value) {
		const item = readOne(walk, field.type, value[key], { ...place, path: `${place.path}.${key}` });
		if (item !== undefined) out[key] = item;
	}
	return out;
};

const readType = (walk: Walk, type: Type, value: Draft, at: Pick<Place, 'path' | 'goPath'>): Draft => {
	const out: Draft = {};
	const join = (base: string, name: string): string => (base === '' ? name : `${base}.${name}`);
	for (const name in value) {
		const item = value[name];
		const place = { path: join(at.path, name), goPath: join(at.goPath, name), owner: type.name, field: name };
		const known = type.fields.get(name);
		const field = (known?.since ?? 0) > walk.minor ? undefined : known;
		if (field === undefined) {
			if (type.open) out[name] = copyAny(item);
			else walk.problems.push({ what: 'unknown', ...place });
		} else if (item !== null && item !== undefined) {
			const read = readField(walk, field, item, place);
			if (read !== undefined) out[name] = read;
		} else if (item === null && field.type === 't' && (type.name === 'Condition' || type.name === 'Event')) {
			// A time that is none is written all the same (core/v1 PodCondition, Event).
			out[name] = null;
		}
	}
	if (walk.complete)
		for (const field of type.fields.values())
			if (field.required && (value[field.name] === undefined || value[field.name] === null))
				walk.problems.push({
					what: 'missing',
					path: join(at.path, field.name),
					goPath: join(at.goPath, field.name),
					owner: type.name,
					field: field.name,
				});
	return out;
};

/** The object without what its type lacks, and all that was wrong with it, in the order of its fields. */
export const check = (
	type: Type,
	value: Draft,
	complete: boolean,
	minor = Number.MAX_SAFE_INTEGER,
	amounts?: Amounts,
): { readonly value: Draft; readonly problems: readonly Problem[] } => {
	const walk: Walk = { problems: [], complete, minor, amounts };
	return { value: readType(walk, type, value, { path: '', goPath: '' }), problems: walk.problems };
};
