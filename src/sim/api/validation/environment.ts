/** Variables of containers. Source: kubernetes pkg/apis/core/validation/validation.go ValidateEnv(), ValidateEnvFrom() @ v1.24.0. */
import { type Draft, isRecord, sub, subs, text } from '../json.ts';
import { qualifiedNameErrors } from '../selector.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { keyErrors, variableErrors } from './keys.ts';
import { given, named } from './parts.ts';
import { readQuantity } from './quantities.ts';

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

/** ConvertDownwardAPIFieldLabel() of pkg/apis/core/pods/helpers.go. */
const LABELS =
	/^(metadata\.(annotations|labels|name|namespace|uid)|spec\.(nodeName|restartPolicy|serviceAccountName|schedulerName|host)|status\.(phase|hostIPs?|podIPs?))$/;

const subscript = (path: string): readonly [string, string] | undefined => {
	const m = /^(.+?)\['(.*)'\]$/s.exec(path);
	return m ? [m[1]!, m[2]!] : undefined;
};

/** Fields that variables and files may show. */
export const VARIABLE_FIELDS = (minor: number): readonly string[] => [
	...['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName'],
	// PodHostIPs, on by default from 1.29.
	...['status.hostIP', ...(minor >= 29 ? ['status.hostIPs'] : []), 'status.podIP', 'status.podIPs'],
];
export const FILE_FIELDS: readonly string[] = [
	...['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'],
];

/** validateObjectFieldSelector() */
export const fieldRefErrors = (of: Draft, field: string, known: readonly string[]): FieldError[] => {
	const version = text(of, 'apiVersion') ?? 'v1';
	const path = text(of, 'fieldPath') ?? '';
	const here = `${field}.fieldPath`;
	if (path === '') return [required(here)];
	const bad = (why: string): FieldError[] => [invalidValue(here, path, `error converting fieldPath: ${why}`)];
	if (version !== 'v1') return bad(`unsupported pod version: ${version}`);
	const parts = subscript(path);
	if (parts) {
		const [list, key] = parts;
		if (list === 'metadata.annotations')
			return qualifiedNameErrors(key.toLowerCase()).map((why) => invalidValue(field, key.toLowerCase(), why));
		if (list === 'metadata.labels') return qualifiedNameErrors(key).map((why) => invalidValue(field, key, why));
		return bad(`field label does not support subscript: ${path}`);
	}
	if (!LABELS.test(path)) return bad(`field label not supported: ${path}`);
	const internal = path === 'spec.host' ? 'spec.nodeName' : path;
	return known.includes(internal) ? [] : [notSupported(here, internal, known)];
};

const AMOUNTS = ['limits', 'requests'].flatMap((list) =>
	['cpu', 'ephemeral-storage', 'memory'].map((name) => `${list}.${name}`),
);
const SIZES = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';

const divisorErrors = (resource: string, divisor: unknown, field: string): FieldError[] => {
	const read = readQuantity(divisor ?? '0');
	const written = 'text' in read ? read.text : '';
	if (written === '0') return [];
	const kind = /^(?:limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-)/.exec(resource)?.[1];
	if (kind === undefined) return [];
	const known = kind === 'cpu' ? ['1m', '1'] : SIZES.split(', ');
	if (known.includes(written)) return [];
	const told: Readonly<Record<string, string>> = {
		'ephemeral-storage': 'local ephemeral storage',
		'hugepages-': 'hugepages',
	};
	const values = kind === 'cpu' ? '1m and 1' : SIZES;
	return [
		invalidValue(
			`${field}.divisor`,
			resource,
			`only divisor's values ${values} are supported with the ${told[kind] ?? kind} resource`,
		),
	];
};

/** validateContainerResourceFieldSelector(); a file must say of which container. */
export const resourceRefErrors = (of: Draft, field: string, file: boolean): FieldError[] => {
	const resource = text(of, 'resource') ?? '';
	const errors: FieldError[] = [];
	if (file && !text(of, 'containerName')) errors.push(required(`${field}.containerName`));
	else if (resource === '') errors.push(required(`${field}.resource`));
	else if (!AMOUNTS.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
		errors.push(notSupported(`${field}.resource`, resource, AMOUNTS));
	return [...errors, ...divisorErrors(resource, of.divisor, field)];
};

const keyRefErrors = (of: Draft, field: string): FieldError[] => {
	const key = text(of, 'key') ?? '';
	return [
		...named(text(of, 'name') ?? '', `${field}.name`),
		...(key === '' ? [required(`${field}.key`)] : keyErrors(key, `${field}.key`)),
	];
};

const valueFrom = (variable: Draft, field: string, { minor }: Context): FieldError[] => {
	const from = sub(variable, 'valueFrom');
	const sources = given(from, SOURCES);
	const errors: FieldError[] = [];
	if (isRecord(from.fieldRef)) {
		if (minor === 28 && from.fieldRef.fieldPath === 'status.hostIPs')
			errors.push(fieldForbidden(`${field}.fieldRef`, "may not be set when feature gate 'PodHostIPs' is not enabled"));
		else errors.push(...fieldRefErrors(from.fieldRef, `${field}.fieldRef`, VARIABLE_FIELDS(minor)));
	}
	if (isRecord(from.resourceFieldRef))
		errors.push(...resourceRefErrors(from.resourceFieldRef, `${field}.resourceFieldRef`, false));
	for (const key of ['configMapKeyRef', 'secretKeyRef'])
		if (isRecord(from[key])) errors.push(...keyRefErrors(from[key], `${field}.${key}`));
	if (sources.length === 0)
		errors.push(
			invalidValue(
				field,
				'',
				'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
			),
		);
	else if (variable.value) errors.push(invalidValue(field, '', 'may not be specified when `value` is not empty'));
	else if (sources.length > 1)
		errors.push(invalidValue(field, '', 'may not have more than one field specified at a time'));
	return errors;
};

/** `env` and `envFrom` of a container at a path. */
export const environmentErrors = (container: Draft, field: string, context: Context): FieldError[] => {
	const errors: FieldError[] = [];
	const { minor } = context;
	for (const [i, variable] of subs(container, 'env').entries()) {
		const here = `${field}.env[${i}]`;
		const name = text(variable, 'name') ?? '';
		errors.push(...(name === '' ? [required(`${here}.name`)] : variableErrors(name, `${here}.name`, minor)));
		if (isRecord(variable.valueFrom)) errors.push(...valueFrom(variable, `${here}.valueFrom`, context));
	}
	for (const [i, from] of subs(container, 'envFrom').entries()) {
		const here = `${field}.envFrom[${i}]`;
		const prefix = text(from, 'prefix') ?? '';
		if (prefix !== '') errors.push(...variableErrors(prefix, `${here}.prefix`, minor));
		const sources = given(from, ['configMapRef', 'secretRef']);
		for (const source of sources) {
			const name = text(from, source, 'name') ?? '';
			const at = `${here}.${source}.name`;
			errors.push(...(name === '' ? [required(at)] : named(name, at)));
		}
		// Without an index upstream.
		if (sources.length === 0)
			errors.push(invalidValue(`${field}.envFrom`, '', 'must specify one of: `configMapRef` or `secretRef`'));
		else if (sources.length > 1)
			errors.push(invalidValue(`${field}.envFrom`, '', 'may not have more than one field specified at a time'));
	}
	return errors;
};
