/**
 * `x-kubernetes-validations` of a definition's schema: rules that objects are held to.
 *
 * Source: apiextensions-apiserver pkg/apiserver/schema/cel/{validation,compilation}.go, pkg/apis/apiextensions/validation/
 * validation.go, apiserver pkg/cel/common/schemas.go @ v1.33.0. Not modelled: ratcheting below lists, costs, `fieldPath`
 * with keys in brackets being checked against the schema.
 */
import { type Draft, equal, isRecord, sub, subs, text, texts } from '../json.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { type Environment, environment, type Language, languageOf, mentions } from './language.ts';
import { escaped, typedValue, withRoot } from './values.ts';

const RULES = 'x-kubernetes-validations';

/** Declares the type of a schema and of all below it; its name in CEL. */
const declare = (env: Environment, schema: Draft, name: string): string => {
	if (schema['x-kubernetes-int-or-string'] === true) return 'dyn';
	const { type, items, additionalProperties, format } = schema;
	switch (type) {
		case 'integer':
			return 'int';
		case 'number':
			return 'double';
		case 'boolean':
			return 'bool';
		case 'string':
			if (format === 'date' || format === 'date-time') return 'google.protobuf.Timestamp';
			return format === 'duration' ? 'google.protobuf.Duration' : 'string';
		case 'array':
			return isRecord(items) ? `list<${declare(env, items, `${name}.item`)}>` : 'list';
	}
	if (isRecord(additionalProperties)) return `map<string, ${declare(env, additionalProperties, `${name}.value`)}>`;
	const properties = sub(schema, 'properties');
	if (type !== 'object' || Object.keys(properties).length === 0) return 'dyn';
	const fields: Record<string, string> = {};
	for (const [key, one] of Object.entries(properties))
		if (isRecord(one)) fields[escaped(key)] = declare(env, one, `${name}.${escaped(key)}`);
	// With a class of its own nothing is converted: only expressions are checked by it.
	env.registerType(name, { ctor: class {}, fields });
	return name;
};

const languages = new WeakMap<Draft, Language>();

/** The language of rules at a schema: `self` is known by its type when a rule is compiled. */
const languageAt = (schema: Draft, root: boolean): Language => {
	let found = languages.get(schema);
	if (found === undefined) {
		const run = environment().registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn');
		const checked = environment();
		const type = declare(checked, root ? withRoot(schema) : schema, 'selfType');
		const optional = subs(schema, RULES).some((rule) => rule.optionalOldSelf === true);
		checked.registerVariable('self', type).registerVariable('oldSelf', optional ? 'dyn' : type);
		found = languageOf(run, checked);
		languages.set(schema, found);
	}
	return found;
};

/** Whether there are any in a schema. */
export const hasRules = (schema: Draft): boolean => JSON.stringify(schema).includes(`"${RULES}":[`);

const rulesOf = (schema: Draft): readonly Draft[] => subs(schema, RULES);

/** Go's notation of a rule, which errors of servers before 1.34 have. */
const goRule = (rule: Draft): string => {
	const word = (key: string): string => JSON.stringify(text(rule, key) ?? '');
	return `apiextensions.ValidationRule{Rule:${word('rule')}, Message:${word('message')}, MessageExpression:${word('messageExpression')}, Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:${word('fieldPath')}, OptionalOldSelf:(*bool)(nil)}`;
};

/** What is wrong with the rules of one schema; those below are asked for by whoever walks. */
export const ruleFaults = (schema: Draft, path: string, root: boolean): readonly FieldError[] =>
	rulesOf(schema).flatMap((rule, i): FieldError[] => {
		const at = `${path}.${RULES}[${i}]`;
		const source = text(rule, 'rule') ?? '';
		if (source.trim() === '') return [required(`${at}.rule`, 'rule is not specified')];
		const invalid = (field: string, why: string): FieldError => ({
			...invalidValue(field, rule, why),
			go: `Invalid value: ${goRule(rule)}: ${why}`,
		});
		const language = languageAt(schema, root);
		const made = language.compile(source);
		const out: FieldError[] = [];
		if ('error' in made) out.push(invalid(`${at}.rule`, made.error));
		else if (made.type !== 'bool') out.push(invalid(`${at}.rule`, 'cel expression must evaluate to a bool'));
		const words = text(rule, 'messageExpression');
		if (words !== undefined) {
			const message = language.compile(words);
			if ('error' in message) out.push(invalid(`${at}.messageExpression`, `messageExpression ${message.error}`));
			else if (message.type !== 'string')
				out.push(invalid(`${at}.messageExpression`, 'messageExpression must evaluate to a string'));
		}
		return out;
	});

const time = (format: 'timestamp' | 'duration', value: string): unknown => {
	const made = languageOf(environment()).compile(`${format}(${JSON.stringify(value)})`);
	const done = 'error' in made ? made : made.program.run({});
	return 'value' in done ? done.value : value;
};

const errorFor = (rule: Draft, path: string, type: unknown, detail: string): FieldError => {
	switch (rule.reason) {
		case 'FieldValueForbidden':
			return fieldForbidden(path, detail);
		case 'FieldValueRequired':
			return required(path, detail);
		case 'FieldValueDuplicate':
			return duplicate(path, type);
		default:
			return invalidValue(path, type, detail);
	}
};

/** `.spec.a['b']` below a path. */
const below = (path: string, field: string): string => {
	const steps = field.replace(/\['((?:[^'\\]|\\.)*)'\]/g, '[$1]');
	return path === '' ? steps.replace(/^\./, '') : `${path}${steps}`;
};

interface Told {
	readonly errors: FieldError[];
	readonly warn: (words: string) => void;
	readonly minor: number;
}

const checkHere = (told: Told, schema: Draft, value: unknown, old: unknown, path: string, root: boolean): void => {
	const rules = rulesOf(schema);
	if (rules.length === 0) return;
	const language = languageAt(schema, root);
	const shape = root ? withRoot(schema) : schema;
	const self = typedValue(shape, value, time);
	const before = old === undefined || old === null ? undefined : typedValue(shape, old, time);
	const place = path === '' ? '<nil>' : path;
	for (const rule of rules) {
		const source = text(rule, 'rule') ?? '';
		const made = language.compile(source);
		if ('error' in made) {
			told.errors.push(invalidValue(place, schema.type, `rule compile error: ${made.error}`));
			continue;
		}
		const usesOld = mentions(source, 'oldSelf') || mentions(text(rule, 'messageExpression') ?? '', 'oldSelf');
		const optional = rule.optionalOldSelf === true;
		if (usesOld && before === undefined && !optional) continue;
		const variables = { self, ...(usesOld ? { oldSelf: optional ? optionalOf(before) : before } : {}) };
		const done = made.program.run(variables);
		const named = (text(rule, 'message') ?? source).trim();
		if (done.error !== undefined) {
			const words = done.error.startsWith('no such overload')
				? `'${done.error}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`
				: `${done.error} evaluating rule: ${named}`;
			told.errors.push(invalidValue(place, schema.type, words));
			continue;
		}
		if (done.value === true) continue;
		const said = messageOf(language, rule, variables) ?? (text(rule, 'message') ? named : `failed rule: ${named}`);
		const field = text(rule, 'fieldPath');
		const error = errorFor(rule, field ? below(path, field) : place, schema.type, said);
		// What was there before and did not change is let through, with a warning (CRDValidationRatcheting, on from 1.30).
		if (told.minor >= 30 && !usesOld && old !== undefined && equal(value, old))
			told.warn(`${error.field}: ${error.message}`);
		else told.errors.push(error);
	}
};

/** What `messageExpression` says; nothing where it cannot. */
const messageOf = (
	language: Language,
	rule: Draft,
	variables: Readonly<Record<string, unknown>>,
): string | undefined => {
	const source = text(rule, 'messageExpression');
	if (source === undefined) return undefined;
	const made = language.compile(source);
	const done = 'error' in made ? made : made.program.run(variables);
	const said = 'value' in done && typeof done.value === 'string' ? done.value.trim() : '';
	return said === '' || said.includes('\n') || said.length > 5120 ? undefined : said;
};

const optionalOf = (value: unknown): unknown => {
	const made = languageOf(environment().registerVariable('value', 'dyn')).compile(
		value === undefined ? 'optional.none()' : 'optional.of(value)',
	);
	const done = 'error' in made ? made : made.program.run({ value });
	return 'value' in done ? done.value : value;
};

const walk = (told: Told, schema: Draft, value: unknown, old: unknown, path: string, root: boolean): void => {
	if (value === null || value === undefined) return;
	checkHere(told, schema, value, old, path, root);
	for (const one of subs(schema, 'allOf'))
		if (rulesOf(one).length > 0) checkHere(told, { ...schema, [RULES]: one[RULES] }, value, old, path, root);
	const { items, additionalProperties } = schema;
	if (Array.isArray(value) && isRecord(items)) {
		// Items are told from one another where the list is a map.
		const keys = texts(schema, 'x-kubernetes-list-map-keys');
		const list = Array.isArray(old) && schema['x-kubernetes-list-type'] === 'map' ? old.filter(isRecord) : [];
		for (const [i, item] of value.entries()) {
			const before = isRecord(item) ? list.find((one) => keys.every((key) => equal(one[key], item[key]))) : undefined;
			walk(told, items, item, before, `${path}[${i}]`, false);
		}
	}
	if (!isRecord(value)) return;
	const before = isRecord(old) && schema['x-kubernetes-map-type'] !== 'atomic' ? old : {};
	const properties = sub(schema, 'properties');
	for (const key of Object.keys(value)) {
		const known = properties[key];
		if (isRecord(known)) walk(told, known, value[key], before[key], path === '' ? key : `${path}.${key}`, false);
		else if (isRecord(additionalProperties))
			walk(told, additionalProperties, value[key], before[key], `${path}[${key}]`, false);
	}
};

/** What a custom resource breaks of the rules of its definition. */
export const customErrors = (
	object: Draft,
	old: object | undefined,
	{ minor, ofKind, warn }: Pick<Context, 'minor' | 'ofKind' | 'warn'>,
): readonly FieldError[] => {
	const resource = ofKind(String(object.apiVersion), String(object.kind));
	const schema = resource?.schemas?.[resource.version];
	const errors: FieldError[] = [];
	if (schema) walk({ errors, warn, minor }, schema, object, old, '', true);
	return errors;
};
