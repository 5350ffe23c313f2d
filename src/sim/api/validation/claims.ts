/** PersistentVolumeClaims, wherever they stand. Source: kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimSpec() @ v1.24.0. */
import { type Draft, isRecord, sub, text, texts } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { quantity } from '../values.ts';
import { named, oneOf } from './parts.ts';
import { selectorErrors } from './selectors.ts';

const ONE_POD = 'ReadWriteOncePod';

export const accessModes = (spec: Draft, field: string, { minor }: Context): FieldError[] => {
	const modes = texts(spec, 'accessModes');
	// ReadWriteOncePod, on by default from 1.27.
	const known = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', ...(minor >= 27 ? [ONE_POD] : [])];
	const errors = modes.filter((mode) => !known.includes(mode)).map((mode) => notSupported(field, mode, known));
	if (minor >= 27 && modes.includes(ONE_POD) && modes.some((mode) => mode !== ONE_POD && known.includes(mode)))
		errors.push(fieldForbidden(field, 'may not use ReadWriteOncePod with other access modes'));
	return errors;
};

export const className = (spec: Draft, field: string): FieldError[] => {
	const name = text(spec, 'storageClassName');
	return name ? named(name, `${field}.storageClassName`) : [];
};

export const volumeMode = (spec: Draft, field: string): FieldError[] =>
	oneOf(`${field}.volumeMode`, spec.volumeMode, ['Block', 'Filesystem']);

export const positive = (value: unknown, field: string): FieldError[] =>
	(quantity(value) ?? 1) > 0 ? [] : [invalidValue(field, String(value), 'must be greater than zero')];

const dataSource = (of: unknown, field: string): FieldError[] => {
	if (!isRecord(of)) return [];
	const [group, kind] = [text(of, 'apiGroup') ?? '', text(of, 'kind') ?? ''];
	return [
		...['name', 'kind'].filter((key) => !text(of, key)).map((key) => required(`${field}.${key}`)),
		...(group === '' && kind !== 'PersistentVolumeClaim'
			? [invalidValue(field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
			: []),
	];
};

/** Of a claim's spec at its path. */
export const claimSpecErrors = (spec: Draft, field: string, context: Context): FieldError[] => {
	const { storage } = sub(spec, 'resources', 'requests');
	const size = `${field}.resources[storage]`;
	return [
		...(texts(spec, 'accessModes').length > 0
			? []
			: [required(`${field}.accessModes`, 'at least 1 access mode is required')]),
		...selectorErrors(spec.selector, `${field}.selector`, context),
		...accessModes(spec, `${field}.accessModes`, context),
		...(storage === undefined ? [required(size)] : positive(storage, size)),
		...className(spec, field),
		...volumeMode(spec, field),
		...dataSource(spec.dataSource, `${field}.dataSource`),
		...dataSource(spec.dataSourceRef, `${field}.dataSourceRef`),
	];
};
