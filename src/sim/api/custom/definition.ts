/**
 * What makes the schema of a CustomResourceDefinition one the server refuses.
 *
 * Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, pkg/apiserver/schema/validation.go
 * @ v0.24.0.
 */
import { expressions } from '../cel-later.ts';
import { type Draft, equal, isRecord, sub, subs, text, texts } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import { checkValue } from './schema.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const PRESERVE = 'x-kubernetes-preserve-unknown-fields';

/** One node of a schema and all below it. `level` names how the server calls what has no type. */
const schemaErrors = (schema: Draft, path: string, level: 'root' | 'field' | 'item'): FieldError[] => {
	const errors: FieldError[] = [];
	const { type, properties, additionalProperties, items } = schema;
	const free = schema['x-kubernetes-int-or-string'] === true || schema[PRESERVE] === true;
	if (type === undefined || type === '') {
		const where = { root: 'at the root', field: 'for specified object fields', item: 'for specified array items' }[
			level
		];
		if (level === 'root' || !free) errors.push(required(`${path}.type`, `must not be empty ${where}`));
	} else if (!TYPES.includes(String(type))) errors.push(notSupported(`${path}.type`, type, TYPES));
	else if (level === 'root' && type !== 'object')
		errors.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
	if (type === 'array' && !isRecord(items)) errors.push(required(`${path}.items`, 'must be specified'));
	if (schema.uniqueItems === true)
		errors.push(
			fieldForbidden(
				`${path}.uniqueItems`,
				'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
			),
		);
	if (schema[PRESERVE] === false) errors.push(invalidValue(`${path}.${PRESERVE}`, false, 'must be true or undefined'));
	if (isRecord(properties) && additionalProperties !== undefined)
		errors.push(
			fieldForbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
		);
	if (typeof schema.$ref === 'string') errors.push(fieldForbidden(`${path}.$ref`, '$ref is not supported'));
	if (schema.default !== undefined && type !== undefined)
		for (const { what, path: at, said } of checkValue(schema, schema.default, `${path}.default`))
			if (what !== 'unknown' && said !== undefined) errors.push({ field: at, message: said });
	errors.push(...(expressions()?.ruleFaults(schema, path, level === 'root') ?? []));
	for (const [name, one] of Object.entries(sub(schema, 'properties')))
		if (isRecord(one) && !(level === 'root' && name === 'metadata'))
			errors.push(...schemaErrors(one, `${path}.properties[${name}]`, 'field'));
	if (isRecord(additionalProperties))
		errors.push(...schemaErrors(additionalProperties, `${path}.additionalProperties`, 'field'));
	if (isRecord(items)) errors.push(...schemaErrors(items, `${path}.items`, 'item'));
	return errors;
};

const columnErrors = (version: Draft, path: string): FieldError[] =>
	subs(version, 'additionalPrinterColumns').flatMap((column, i) => {
		const here = `${path}.additionalPrinterColumns[${i}]`;
		const errors: FieldError[] = [];
		const [type, jsonPath] = [text(column, 'type') ?? '', text(column, 'jsonPath') ?? ''];
		if (!COLUMN_TYPES.includes(type))
			errors.push(
				type === ''
					? required(`${here}.type`, `must be one of ${COLUMN_TYPES.join(',')}`)
					: invalidValue(`${here}.type`, type, `must be one of ${COLUMN_TYPES.join(',')}`),
			);
		if (jsonPath !== '' && !jsonPath.startsWith('.'))
			errors.push(invalidValue(`${here}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
		return errors;
	});

const scaleErrors = (version: Draft, path: string): FieldError[] => {
	const scale = sub(version, 'subresources').scale;
	if (!isRecord(scale)) return [];
	const errors: FieldError[] = [];
	for (const [key, parents] of [
		['specReplicasPath', ['.spec.']],
		['statusReplicasPath', ['.status.']],
		['labelSelectorPath', ['.spec.', '.status.']],
	] as const) {
		const value = text(scale, key) ?? '';
		const here = `${path}.subresources.scale.${key}`;
		if (value === '') {
			if (key !== 'labelSelectorPath') errors.push(required(here));
		} else if (!parents.some((parent) => value.startsWith(parent)))
			errors.push(
				invalidValue(here, value, `should be a json path under ${parents.map((one) => one.slice(0, -1)).join(' or ')}`),
			);
	}
	return errors;
};

/** Errors of a definition's schemas, columns and subresources; those of its names are checked elsewhere. */
export const definitionErrors = (object: Draft): readonly FieldError[] => {
	const versions = subs(object, 'spec', 'versions');
	const schemaOf = (version: Draft): Draft => sub(version, 'schema', 'openAPIV3Schema');
	// The server keeps what all versions share at one place, and names it so.
	const shared = versions.every((one) => equal(schemaOf(one), schemaOf(versions[0]!)));
	const some = shared ? versions.slice(0, 1) : versions;
	const errors = some.flatMap((version, i) =>
		isRecord(sub(version, 'schema').openAPIV3Schema)
			? schemaErrors(
					schemaOf(version),
					shared ? 'spec.validation.openAPIV3Schema' : `spec.versions[${i}].schema.openAPIV3Schema`,
					'root',
				)
			: [],
	);
	for (const [i, version] of versions.entries()) {
		const path = versions.length === 1 ? 'spec' : `spec.versions[${i}]`;
		errors.push(...columnErrors(version, path), ...scaleErrors(version, path));
	}
	for (const [i, name] of texts(object, 'spec', 'names', 'shortNames').entries())
		if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name))
			errors.push(
				invalidValue(
					`spec.names.shortNames[${i}]`,
					name,
					"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
				),
			);
	return errors;
};
