/** metadata: what the server writes into it, and what a writer may put there. */

import { type Draft, isRecord, sub, text } from './json.ts';
import { safeRandomName } from './names.ts';
import type { ApiObject, Resource } from './object.ts';
import { labelValueErrors, qualifiedNameErrors } from './selector.ts';
import { type FieldError, fieldForbidden, invalidValue, required } from './status.ts';
import type { Strategy } from './strategy.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';

const RULES: Readonly<Record<'subdomain' | 'label' | 'label1035', readonly [RegExp, number, string]>> = {
	subdomain: [
		new RegExp(`^${SUBDOMAIN}$`),
		253,
		`a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
	],
	label: [
		new RegExp(`^${LABEL}$`),
		63,
		`a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
	],
	label1035: [
		new RegExp(`^${LABEL_1035}$`),
		63,
		`a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${LABEL_1035}')`,
	],
};

/** Why a text is no name of this rule; empty when it is (k8s.io/apimachinery pkg/util/validation). */
export const nameErrors = (name: string, rule: NonNullable<Strategy['name']> = 'subdomain'): readonly string[] => {
	if (rule === 'path') {
		if (name === '.' || name === '..') return [`may not be '${name}'`];
		return ['/', '%'].filter((c) => name.includes(c)).map((c) => `may not contain '${c}'`);
	}
	const [pattern, max, words] = RULES[rule];
	return [
		...(name.length > max ? [`must be no more than ${max} characters`] : []),
		...(pattern.test(name) ? [] : [words]),
	];
};

/** Labels at a path: keys and values. */
export const validateLabels = (value: unknown, field: string): readonly FieldError[] => {
	if (!isRecord(value)) return [];
	const errors: FieldError[] = [];
	for (const [key, item] of Object.entries(value)) {
		for (const why of qualifiedNameErrors(key)) errors.push(invalidValue(field, key, why));
		for (const why of labelValueErrors(String(item))) errors.push(invalidValue(field, item, why));
	}
	return errors;
};

/** ValidateObjectMeta. */
export const validateMeta = (object: Draft, resource: Resource, rule: Strategy['name']): readonly FieldError[] => {
	const meta = sub(object, 'metadata');
	const name = text(meta, 'name') ?? '';
	const errors: FieldError[] = [];
	if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
	else for (const why of nameErrors(name, rule)) errors.push(invalidValue('metadata.name', name, why));
	if (!resource.namespaced && text(meta, 'namespace') !== undefined)
		errors.push(fieldForbidden('metadata.namespace', 'not allowed on this type'));
	errors.push(...validateLabels(meta.labels, 'metadata.labels'));
	for (const key of Object.keys(sub(meta, 'annotations')))
		for (const why of qualifiedNameErrors(key.toLowerCase()))
			errors.push(invalidValue('metadata.annotations', key, why));
	for (const [i, finalizer] of (Array.isArray(meta.finalizers) ? meta.finalizers : []).entries()) {
		for (const why of qualifiedNameErrors(String(finalizer)))
			errors.push(invalidValue('metadata.finalizers', finalizer, why));
		// Kinds of the server's own (pkg/apis/core/validation/validation.go ValidateFinalizerName).
		if (!resource.custom && !String(finalizer).includes('/') && !FINALIZERS.has(String(finalizer)))
			errors.push(
				invalidValue(
					`metadata.finalizers[${i}]`,
					finalizer,
					'name is neither a standard finalizer name nor is it fully qualified',
				),
			);
	}
	return errors;
};

/** Nothing new holds what goes (apimachinery pkg/api/validation/objectmeta.go ValidateNoNewFinalizers() @ v0.24.0). */
export const newFinalizers = ({ finalizers }: Draft, { metadata }: ApiObject): readonly FieldError[] => {
	const { deletionTimestamp, finalizers: old = [] } = metadata;
	if (deletionTimestamp === undefined || !Array.isArray(finalizers)) return [];
	const extra = [...new Set(finalizers as string[])].filter((item) => !old.includes(item)).sort();
	const found = `[]string{${extra.map((item) => JSON.stringify(item)).join(', ')}}`;
	const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
	return extra.length === 0 ? [] : [fieldForbidden('metadata.finalizers', why)];
};

/** Names without a domain that the server knows. */
const FINALIZERS: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** A version 4 UUID out of four draws. */
export const newUid = (random: (purpose: string, key: string, bound: number) => number, key: string): string => {
	let hex = '';
	for (let i = 0; i < 8; i++) hex += random('uid', `${key}#${i}`, 0x10000).toString(16).padStart(4, '0');
	const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** What the server writes into the metadata of a fresh object. Writes into `meta`. */
export const stampNew = (
	meta: Draft,
	stamp: {
		readonly uid: string;
		readonly timestamp: string;
		readonly counts: boolean;
		readonly random: (purpose: string, key: string, bound: number) => number;
	},
): void => {
	if (!meta.name && typeof meta.generateName === 'string')
		meta.name = safeRandomName(meta.generateName, stamp.random, stamp.uid);
	meta.uid = stamp.uid;
	meta.creationTimestamp = stamp.timestamp;
	delete meta.deletionTimestamp;
	delete meta.deletionGracePeriodSeconds;
	delete meta.resourceVersion;
	delete meta.selfLink;
	delete meta.managedFields;
	if (stamp.counts) meta.generation = 1;
	else delete meta.generation;
	tidy(meta);
};

/** Empty maps and lists are not written (omitempty). */
export const tidy = (meta: Draft): void => {
	for (const key of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
		const value = meta[key];
		if (value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)) delete meta[key];
	}
};
