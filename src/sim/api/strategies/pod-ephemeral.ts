/**
 * Ephemeral containers: what they may be, and what may become of them.
 *
 * Source: kubernetes pkg/apis/core/validation/validation.go (validateEphemeralContainers,
 * ValidatePodEphemeralContainersUpdate) @ v1.24.0; static pods: the same @ v1.27.0.
 */
import { type Draft, equal, isEmpty, sub, subs, text } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { duplicate, type FieldError, fieldForbidden, notFoundValue } from '../status.ts';
import { validateContainer } from './pod-validate.ts';

const FIELD = 'spec.ephemeralContainers';

/** Fields of a container that would outlive or change the pod. */
const DISALLOWED = [
	'lifecycle',
	'livenessProbe',
	'ports',
	'readinessProbe',
	'resizePolicy',
	'resources',
	'restartPolicy',
	'startupProbe',
];

/** Those of a pod's spec, defaults filled in. */
export const validateEphemeral = (spec: Draft): readonly FieldError[] => {
	const errors: FieldError[] = [];
	const volumes = new Set(subs(spec, 'volumes').map((volume) => text(volume, 'name') ?? ''));
	const named = (list: string): readonly string[] => subs(spec, list).map((item) => text(item, 'name') ?? '');
	const targets = new Set([...named('containers'), ...named('initContainers')]);
	const names = new Set(targets);
	for (const [i, container] of subs(spec, 'ephemeralContainers').entries()) {
		const here = `${FIELD}[${i}]`;
		const name = text(container, 'name') ?? '';
		errors.push(...validateContainer(container, here, volumes));
		if (name !== '' && names.has(name)) errors.push(duplicate(`${here}.name`, name));
		names.add(name);
		const target = text(container, 'targetContainerName') ?? '';
		if (target !== '' && !targets.has(target)) errors.push(notFoundValue(`${here}.targetContainerName`, target));
		for (const key of DISALLOWED)
			if (!isEmpty(container[key]))
				errors.push(fieldForbidden(`${here}.${key}`, 'cannot be set for an Ephemeral Container'));
	}
	return errors;
};

/** They come and stay as they are. */
export const validateEphemeralUpdate = (pod: Draft, old: ApiObject, minor: number): readonly FieldError[] => {
	if (minor >= 27 && sub(old, 'metadata', 'annotations')['kubernetes.io/config.mirror'] !== undefined)
		return [fieldForbidden('', 'static pods do not support ephemeral containers')];
	const errors: FieldError[] = [];
	for (const before of subs(old, 'spec', 'ephemeralContainers')) {
		const name = text(before, 'name') ?? '';
		const now = subs(pod, 'spec', 'ephemeralContainers').find((item) => item.name === name);
		// The line ends are upstream's own.
		if (now === undefined)
			errors.push(fieldForbidden(FIELD, `existing ephemeral containers ${JSON.stringify(name)} may not be removed\n`));
		else if (!equal(now, before))
			errors.push(fieldForbidden(FIELD, `existing ephemeral containers ${JSON.stringify(name)} may not be changed\n`));
	}
	return errors;
};
