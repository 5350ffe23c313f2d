/**
 * Custom resources against the OpenAPI v3 schema of their definition: fields it does not know are pruned, defaults
 * filled in, values checked.
 *
 * Source: apiextensions-apiserver pkg/apiserver/schema/{pruning,defaulting}, pkg/apiserver/validation/validation.go
 * @ v0.24.0; k8s.io/kube-openapi pkg/validation/{validate,errors} for the texts.
 */
import { expressions } from '../cel-later.ts';
import { clone, type Draft, equal, isRecord, sub, texts } from '../json.ts';
import type { JsonKind, Problem } from '../schema/check.ts';
import { invalidValue, notSupported, required, tooLong } from '../status.ts';
import { formatOf } from './formats.ts';

type Schema = Draft;

interface Place {
	/** `spec.containers[0].image`. */
	readonly path: string;
	/** Path of what holds it, behind the kind and without indices: `CronTab.spec`. */
	readonly owner: string;
	readonly field: string;
}

const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const INT_OR_STRING = 'x-kubernetes-int-or-string';

/** Go's name of a JSON value's kind, as the validator writes it. */
const kindOf = (value: unknown): string => {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
};

const isOf = (type: unknown, value: unknown): boolean => {
	const kind = kindOf(value);
	return kind === type || (type === 'number' && kind === 'integer');
};

const numberOf = (schema: Schema, key: string): number | undefined => {
	const value = schema[key];
	return typeof value === 'number' ? value : undefined;
};

/** Go's regular expressions are those of ECMAScript but for notations that definitions hardly use. */
const matches = (pattern: string, value: string): boolean => {
	try {
		return new RegExp(pattern, 'u').test(value);
	} catch {
		return true;
	}
};

class Walk {
	readonly problems: Problem[] = [];

	tell(what: Problem['what'], place: Place, more: Partial<Problem> = {}): void {
		this.problems.push({ what, goPath: place.path, ...place, ...more });
	}

	/** What is said of a value after its path. */
	say(place: Place, value: unknown, words: string): void {
		const { message } = invalidValue('', value, `${place.path} in body ${words}`);
		this.tell('value', place, { said: message, value });
	}
}

const checkString = (walk: Walk, schema: Schema, value: string, place: Place): void => {
	const length = [...value].length;
	const [least, most] = [numberOf(schema, 'minLength'), numberOf(schema, 'maxLength')];
	if (most !== undefined && length > most) walk.tell('value', place, { said: tooLong('', most).message });
	if (least !== undefined && length < least) walk.say(place, value, `should be at least ${least} chars long`);
	if (typeof schema.pattern === 'string' && !matches(schema.pattern, value))
		walk.say(place, value, `should match '${schema.pattern}'`);
	const format = typeof schema.format === 'string' ? formatOf(schema.format) : undefined;
	if (format && !format(value)) walk.say(place, value, `must be of type ${schema.format}: ${JSON.stringify(value)}`);
};

const checkNumber = (walk: Walk, schema: Schema, value: number, place: Place): void => {
	const [least, most, step] = ['minimum', 'maximum', 'multipleOf'].map((key) => numberOf(schema, key));
	const [over, under] = [schema.exclusiveMinimum === true, schema.exclusiveMaximum === true];
	if (step !== undefined && !Number.isInteger(value / step)) walk.say(place, value, `should be a multiple of ${step}`);
	if (most !== undefined && (under ? value >= most : value > most))
		walk.say(place, value, `should be less than ${under ? '' : 'or equal to '}${most}`);
	if (least !== undefined && (over ? value <= least : value < least))
		walk.say(place, value, `should be greater than ${over ? '' : 'or equal to '}${least}`);
};

/** Bounds of how many items or properties there are. */
const checkCount = (walk: Walk, schema: Schema, count: number, what: 'Items' | 'Properties', place: Place): void => {
	const [least, most] = [numberOf(schema, `min${what}`), numberOf(schema, `max${what}`)];
	if (most !== undefined && count > most)
		walk.tell('value', place, { said: `Too many: ${count}: must have at most ${most} items` });
	if (least !== undefined && count < least)
		walk.say(place, count, `should have at least ${least} ${what.toLowerCase()}`);
};

/** Lists that are sets or maps say which of their items came twice. */
const checkList = (walk: Walk, schema: Schema, list: readonly unknown[], place: Place): void => {
	checkCount(walk, schema, list.length, 'Items', place);
	const kind = schema['x-kubernetes-list-type'];
	if (kind !== 'set' && kind !== 'map') return;
	const keys = texts(schema, 'x-kubernetes-list-map-keys');
	const seen: unknown[] = [];
	for (const [i, item] of list.entries()) {
		const key =
			kind === 'set' || !isRecord(item)
				? item
				: Object.fromEntries(keys.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
		if (seen.some((other) => equal(other, key)))
			walk.tell(
				'value',
				{ ...place, path: `${place.path}[${i}]` },
				{ said: `Duplicate value: ${JSON.stringify(key)}` },
			);
		seen.push(key);
	}
};

/** What a value breaks of a schema that stands below allOf, anyOf, oneOf or not. */
const failures = (schema: unknown, value: unknown, place: Place): readonly Problem[] => {
	const walk = new Walk();
	if (isRecord(schema)) read(walk, { [PRESERVE]: true, ...schema }, value, place, false);
	return walk.problems.filter(({ what }) => what !== 'unknown');
};

/** kube-openapi pkg/validation/validate/schema_props.go: where no alternative fits, the first says what it lacks. */
const checkComposed = (walk: Walk, schema: Schema, value: unknown, place: Place): void => {
	const each = (key: string): readonly (readonly Problem[])[] | undefined =>
		Array.isArray(schema[key]) ? schema[key].map((one) => failures(one, value, place)) : undefined;
	const fitting = (list: readonly (readonly Problem[])[]): number => list.filter(({ length }) => length === 0).length;
	const [any, one, all] = [each('anyOf'), each('oneOf'), each('allOf')];
	const tell = (words: string, why: readonly Problem[] = []): void => {
		const said = `Invalid value: "": ${JSON.stringify(place.path)} ${words}`;
		walk.tell('value', { ...place, path: '<nil>' }, { said });
		walk.problems.push(...why);
	};
	if (any && fitting(any) === 0) tell('must validate at least one schema (anyOf)', any[0]);
	const count = one ? fitting(one) : 1;
	const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
	if (count !== 1) tell(`must validate one and only one schema (oneOf). ${found}`, count === 0 ? one?.[0] : undefined);
	if (all && fitting(all) < all.length) tell('must validate all the schemas (allOf)');
	if (isRecord(schema.not) && failures(schema.not, value, place).length === 0)
		tell('must not validate the schema (not)');
};

/** Alternatives alone, at every depth: of kinds whose types are checked elsewhere. */
export const checkChoices = (kind: string, schema: Schema, object: Draft): readonly Problem[] => {
	const walk = new Walk();
	const follow = (at: Schema, value: unknown, place: Place): void => {
		checkComposed(walk, at, value, place);
		if (Array.isArray(value) && isRecord(at.items))
			for (const [i, item] of value.entries()) follow(at.items, item, { ...place, path: `${place.path}[${i}]` });
		if (!isRecord(value)) return;
		const properties = sub(at, 'properties');
		for (const name in value)
			if (isRecord(properties[name]))
				follow(properties[name], value[name], {
					path: place.path === '' ? name : `${place.path}.${name}`,
					owner: kind,
					field: name,
				});
	};
	follow(schema, object, { path: '', owner: kind, field: '' });
	return walk.problems;
};

const readObject = (walk: Walk, schema: Schema, value: Draft, place: Place, root: boolean): Draft => {
	const properties = sub(schema, 'properties');
	const additional = schema.additionalProperties;
	const open = schema[PRESERVE] === true || additional === true;
	const typed = root || schema['x-kubernetes-embedded-resource'] === true;
	const out: Draft = {};
	const at = (name: string): Place => ({
		path: place.path === '' ? name : `${place.path}.${name}`,
		owner: place.field === '' ? place.owner : `${place.owner}.${place.field}`,
		field: name,
	});
	const given: Draft = { ...value };
	for (const name in properties) {
		const { default: usual, nullable } = sub(properties, name);
		if (usual !== undefined && (given[name] === undefined || (given[name] === null && nullable !== true)))
			given[name] = clone(usual);
	}
	checkCount(walk, schema, Object.keys(given).length, 'Properties', place);
	for (const name of texts(schema, 'required'))
		if (given[name] === undefined) walk.tell('missing', at(name), { said: required('').message });
	for (const name in given) {
		const item = given[name];
		if (item === undefined) continue;
		if (typed && ['apiVersion', 'kind', 'metadata'].includes(name)) out[name] = clone(item);
		else if (isRecord(properties[name])) out[name] = read(walk, properties[name], item, at(name), false);
		else if (isRecord(additional)) out[name] = read(walk, additional, item, at(name), false);
		else if (open) out[name] = clone(item);
		else walk.tell('unknown', at(name));
	}
	return out;
};

const read = (walk: Walk, schema: Schema, value: unknown, place: Place, root: boolean): unknown => {
	if (value === null && schema.nullable === true) return null;
	const either = schema[INT_OR_STRING] === true;
	const fits = either ? ['integer', 'string'].includes(kindOf(value)) : !schema.type || isOf(schema.type, value);
	if (!fits) {
		const got = kindOf(value);
		walk.tell('type', place, {
			got: (got === 'boolean' ? 'bool' : got === 'integer' ? 'number' : got) as JsonKind,
			expected: either ? 'x' : String(schema.type),
			said: `Invalid value: "${got}": ${place.path} in body must be of type ${either ? 'integer,string' : schema.type}: "${got}"`,
		});
		return clone(value);
	}
	const allowed = schema.enum;
	if (Array.isArray(allowed) && !allowed.some((one) => equal(one, value)))
		walk.tell('value', place, {
			said: notSupported(
				'',
				value,
				allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
			).message,
		});
	checkComposed(walk, schema, value, place);
	if (typeof value === 'string') checkString(walk, schema, value, place);
	if (typeof value === 'number') checkNumber(walk, schema, value, place);
	if (Array.isArray(value)) {
		checkList(walk, schema, value, place);
		const { items } = schema;
		if (!isRecord(items)) return clone(value);
		return value.map((item, i) => read(walk, items, item, { ...place, path: `${place.path}[${i}]` }, false));
	}
	return isRecord(value) ? readObject(walk, schema, value, place, root) : value;
};

/** An object without what its schema does not have, with its defaults, and all that is wrong with it. */
export const checkCustom = (
	kind: string,
	schema: Schema,
	object: Draft,
): { readonly value: Draft; readonly problems: readonly Problem[] } => {
	const walk = new Walk();
	const value = readObject(walk, schema, object, { path: '', owner: kind, field: '' }, true);
	// Rules are only for what is otherwise sound (apiextensions-apiserver pkg/registry/customresource/strategy.go hasBlockingErr()).
	if (walk.problems.some(blocks) && expressions()?.hasRules(schema))
		walk.tell(
			'value',
			{ path: '<nil>', owner: kind, field: '' },
			{
				said: invalidValue(
					'',
					null,
					'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
				).message,
			},
		);
	return { value, problems: walk.problems };
};

const blocks = ({ what, said = '' }: Problem): boolean =>
	what === 'missing' || what === 'type' || /^(?:Unsupported value|Too (?:long|many))/.test(said);

/** Everything a value breaks of a schema: for defaults in definitions. Its path is `path`. */
export const checkValue = (schema: Schema, value: unknown, path: string): readonly Problem[] => {
	const walk = new Walk();
	read(walk, schema, value, { path, owner: '', field: '' }, false);
	return walk.problems;
};
