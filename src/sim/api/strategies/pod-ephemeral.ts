/**
 * Ephemeral containers: what may become of them.
 *
 * Source: kubernetes pkg/apis/core/validation/validation.go (ValidatePodEphemeralContainersUpdate)
 * @ v1.24.0; static pods: the same @ v1.27.0.
 */
import { type Draft, equal, sub, subs, text } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { type FieldError, fieldForbidden } from '../status.ts';

const FIELD = 'spec.ephemeralContainers';

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
