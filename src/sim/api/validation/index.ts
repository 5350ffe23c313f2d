/**
 * What is wrong in objects as only people write them, beyond what the strategies look at for everybody: fetched before
 * somebody can write one (`for-people.ts`).
 */
import type { Draft } from '../json.ts';
import type { FieldError } from '../status.ts';
import type { Context } from '../strategy.ts';
import { annotationErrors, configMapErrors, secretErrors } from './config.ts';
import { claimErrors, classErrors, volumeErrors } from './storage.ts';

export { undecodable } from './bytes.ts';

type Check = (object: Draft, context: Context) => readonly FieldError[];

const CHECKS: Readonly<Record<string, Check>> = {
	ConfigMap: configMapErrors,
	PersistentVolume: volumeErrors,
	PersistentVolumeClaim: claimErrors,
	Secret: secretErrors,
	StorageClass: classErrors,
};

/** What is wrong in an object of a kind. */
export const objectErrors = (kind: string, object: Draft, context: Context): readonly FieldError[] => [
	...annotationErrors(object, context),
	...(CHECKS[kind]?.(object, context) ?? []),
];
