/** Checks that workloads with a pod template share. Source: kubernetes pkg/apis/apps/validation/validation.go @ v1.24.0. */
import { type Draft, isEmpty, number, sub, subs, text } from '../json.ts';
import { validateLabels } from '../meta.ts';
import { labelSelector, selects } from '../selector.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import { validatePodSpec } from './pod-validate.ts';

export const NOT_NEGATIVE = 'must be greater than or equal to 0';

export const notNegative = (spec: Draft, ...keys: readonly string[]): FieldError[] =>
	keys.filter((key) => (number(spec, key) ?? 0) < 0).map((key) => invalidValue(`spec.${key}`, spec[key], NOT_NEGATIVE));

/** Selector and template belong together. */
export const validateTemplate = (spec: Draft, restart: readonly string[] = ['Always']): FieldError[] => {
	const errors: FieldError[] = [];
	const selector = spec.selector;
	const labels = sub(spec, 'template', 'metadata', 'labels');
	if (selector === undefined || selector === null) errors.push(required('spec.selector'));
	else if (isEmpty(sub(selector).matchLabels) && isEmpty(sub(selector).matchExpressions))
		errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
	else if (!selects(labelSelector(selector), labels as Record<string, string>))
		errors.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
	errors.push(...validateLabels(labels, 'spec.template.metadata.labels'));
	const template = sub(spec, 'template', 'spec');
	const claims = subs(spec, 'volumeClaimTemplates').map((claim) => text(claim, 'metadata', 'name') ?? '');
	errors.push(...validatePodSpec(template, 'spec.template.spec', claims));
	const policy = String(template.restartPolicy);
	// Nobody said anything: a default wrote `Always` where jobs cannot have it.
	if (!restart.includes(policy) && policy === 'Always')
		errors.push(
			required('spec.template.spec.restartPolicy', `valid values: ${restart.map((v) => JSON.stringify(v)).join(', ')}`),
		);
	else if (errors.length === 0 && !restart.includes(policy))
		errors.push(notSupported('spec.template.spec.restartPolicy', policy, restart));
	return errors;
};
