/**
 * What may not become of pods and volumes. Source: kubernetes pkg/apis/core/validation/validation.go
 * ValidatePodUpdate(), ValidatePersistentVolumeUpdate(), ValidateResourceQuotaUpdate() @ v1.24.0, of gates @ v1.27.0.
 */
import { type Draft, equal, number, sub, subs, texts } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { DIFFERENCE, type FieldError, fieldForbidden, invalidValue } from '../status.ts';
import { VOLUME_SOURCES } from './storage.ts';

const deadline = (after: Draft, before: Draft): FieldError[] => {
	const field = 'spec.activeDeadlineSeconds';
	const [now, was] = [number(after, 'activeDeadlineSeconds'), number(before, 'activeDeadlineSeconds')];
	if (now === undefined)
		return was === undefined ? [] : [invalidValue(field, null, 'must not update from a positive integer to nil value')];
	return was !== undefined && was < now
		? [invalidValue(field, now, 'must be less than or equal to previous value')]
		: [];
};

const untimed = ({ tolerationSeconds: _, ...rest }: Draft): Draft => rest;

const tolerations = (after: Draft, before: Draft): FieldError[] => {
	const now = subs(after, 'tolerations').map(untimed);
	return subs(before, 'tolerations').every((item) => now.some((other) => equal(untimed(item), other)))
		? []
		: [fieldForbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
};

const gates = (after: Draft, before: Draft): FieldError[] => {
	const known = subs(before, 'schedulingGates').map(({ name }) => name);
	return subs(after, 'schedulingGates').flatMap(({ name }, i) =>
		known.includes(name)
			? []
			: [
					fieldForbidden(
						`spec.schedulingGates[${i}].name`,
						`only deletion is allowed, but found new scheduling gate '${String(name)}'`,
					),
				],
	);
};

/** Whether nothing more is looked at, and what is wrong so far. */
export const podUpdateErrors = (
	pod: Draft,
	old: ApiObject,
): { readonly stop: boolean; readonly errors: readonly FieldError[] } => {
	const [after, before] = [sub(pod, 'spec'), sub(old, 'spec')];
	for (const list of ['containers', 'initContainers'])
		if (subs(after, list).length !== subs(before, list).length)
			return {
				stop: true,
				errors: [fieldForbidden(`spec.${list}`, 'pod updates may not add or remove containers')],
			};
	const late = deadline(after, before);
	if (late.length > 0 && after.activeDeadlineSeconds !== undefined) return { stop: true, errors: late };
	return { stop: false, errors: [...late, ...tolerations(after, before), ...gates(after, before)] };
};

/** A PersistentVolume stays what it is made of, and where it can be had. */
export const volumeUpdateErrors = (object: Draft, old: ApiObject): readonly FieldError[] => {
	const [after, before] = [sub(object, 'spec'), sub(old, 'spec')];
	const errors: FieldError[] = [];
	if (VOLUME_SOURCES.some((kind) => !equal(after[kind], before[kind])))
		errors.push(
			fieldForbidden(
				'spec.persistentvolumesource',
				`spec.persistentvolumesource is immutable after creation${DIFFERENCE}`,
			),
		);
	if (!equal(after.volumeMode, before.volumeMode))
		errors.push(invalidValue('volumeMode', after.volumeMode, 'field is immutable'));
	if (before.nodeAffinity !== undefined && !equal(after.nodeAffinity, before.nodeAffinity))
		errors.push({
			field: 'nodeAffinity',
			message: 'Invalid value: (the simulator leaves out what stands here): field is immutable',
		});
	return errors;
};

/** A ResourceQuota stays about what it is about. */
export const quotaUpdateErrors = (object: Draft, old: ApiObject): readonly FieldError[] => {
	const [now, was] = [texts(object, 'spec', 'scopes'), texts(old, 'spec', 'scopes')];
	if (equal([...now].sort(), [...was].sort())) return [];
	const go = now.length === 0 ? '(nil)' : `{${now.map((one) => JSON.stringify(one)).join(', ')}}`;
	return [
		{
			...invalidValue('spec.scopes', now, 'field is immutable'),
			go: `Invalid value: []core.ResourceQuotaScope${go}: field is immutable`,
		},
	];
};
