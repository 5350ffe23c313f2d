/** Selectors and templates of what makes pods. Source: kubernetes pkg/apis/{apps,core}/validation/validation.go @ v1.24.0. */
import { type Draft, isEmpty, isRecord, sub, subs, text, texts } from '../json.ts';
import { validateLabels } from '../meta.ts';
import { labelSelector, labelValueErrors, qualifiedNameErrors, selects } from '../selector.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { podSpecErrors } from './pods.ts';
import { selectorErrors } from './selectors.ts';

const NO_MATCH = '`selector` does not match template `labels`';

/** Whether LabelSelectorAsSelector() takes it. */
const readable = (selector: unknown): boolean =>
	Object.entries(sub(selector, 'matchLabels')).every(
		([key, value]) => qualifiedNameErrors(key).length + labelValueErrors(String(value)).length === 0,
	) &&
	subs(selector, 'matchExpressions').every((one) => {
		const values = texts(one, 'values');
		if (qualifiedNameErrors(text(one, 'key') ?? '').length > 0) return false;
		if (one.operator === 'In' || one.operator === 'NotIn')
			return values.length > 0 && values.every((value) => labelValueErrors(value).length === 0);
		return (one.operator === 'Exists' || one.operator === 'DoesNotExist') && values.length === 0;
	});

/** No selector selects nothing. */
const matches = (selector: unknown, template: Draft): boolean =>
	isRecord(selector) && selects(labelSelector(selector), sub(template, 'metadata', 'labels') as Record<string, string>);

/** ValidatePodTemplateSpec(): upstream's paths of labels and annotations leave out `metadata`. */
export const templateErrors = (
	template: Draft,
	field: string,
	context: Context,
	claims: readonly string[] = [],
): FieldError[] => [
	...metaErrors(template, field),
	...podSpecErrors(sub(template, 'spec'), `${field}.spec`, context, '', claims),
	...(subs(template, 'spec', 'ephemeralContainers').length > 0
		? [fieldForbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
		: []),
];

const metaErrors = (template: Draft, field: string): FieldError[] => [
	...validateLabels(sub(template, 'metadata').labels, `${field}.labels`),
	...Object.keys(sub(template, 'metadata', 'annotations')).flatMap((key) =>
		qualifiedNameErrors(key.toLowerCase()).map((why) => invalidValue(`${field}.annotations`, key, why)),
	),
];

/** Their pods run for ever. */
const endless = (template: Draft, field: string, kind: string): FieldError[] => {
	const { restartPolicy, activeDeadlineSeconds } = sub(template, 'spec');
	return [
		...(restartPolicy === 'Always' ? [] : [notSupported(`${field}.spec.restartPolicy`, restartPolicy, ['Always'])]),
		...(activeDeadlineSeconds === undefined
			? []
			: [fieldForbidden(`${field}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)]),
	];
};

const labelsFault = (template: Draft, field: string): FieldError => ({
	...invalidValue(`${field}.metadata.labels`, sub(template, 'metadata').labels ?? null, NO_MATCH),
	...(isEmpty(sub(template, 'metadata').labels)
		? { message: `Invalid value: null: ${NO_MATCH}`, go: `Invalid value: map[string]string(nil): ${NO_MATCH}` }
		: {}),
});

/** Of Deployments, ReplicaSets and StatefulSets, whose templates' pods are not looked at before they are made. */
export const selectedTemplate = (spec: Draft, kind: string, context: Context): FieldError[] => {
	const { selector } = spec;
	const template = sub(spec, 'template');
	const errors: FieldError[] = [];
	if (!isRecord(selector)) errors.push(required('spec.selector'));
	else {
		errors.push(...selectorErrors(selector, 'spec.selector', context));
		if (isEmpty(selector.matchLabels) && isEmpty(selector.matchExpressions))
			errors.push(
				invalidValue(
					'spec.selector',
					selector,
					`empty selector is invalid for ${kind === 'StatefulSet' ? 'statefulset' : 'deployment'}`,
				),
			);
	}
	if (!readable(selector))
		return [...errors, invalidValue('spec.selector', selector, kind === 'StatefulSet' ? '' : 'invalid label selector')];
	if (!matches(selector, template)) errors.push(labelsFault(template, 'spec.template'));
	errors.push(
		...(kind === 'StatefulSet'
			? metaErrors(template, 'spec.template')
			: templateErrors(template, 'spec.template', context)),
		...endless(template, 'spec.template', kind === 'StatefulSet' ? kind : 'ReplicaSet'),
	);
	return errors;
};

/** Of DaemonSets. */
export const daemonTemplate = (spec: Draft, context: Context): FieldError[] => {
	const { selector } = spec;
	const template = sub(spec, 'template');
	const errors = selectorErrors(selector, 'spec.selector', context);
	if (readable(selector) && !matches(selector, template)) errors.push(labelsFault(template, 'spec.template'));
	if (isRecord(selector) && isEmpty(selector.matchLabels) && isEmpty(selector.matchExpressions))
		errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset'));
	return [
		...errors,
		...templateErrors(template, 'spec.template', context),
		...endless(template, 'spec.template', 'DaemonSet'),
	];
};

/** Of ReplicationControllers, whose selectors are maps. */
export const controllerTemplate = (spec: Draft, context: Context): FieldError[] => {
	if (!isRecord(spec.template)) return [required('spec.template')];
	const template = spec.template;
	const selector = { matchLabels: spec.selector };
	return [
		...(isEmpty(spec.selector) || matches(selector, template) ? [] : [labelsFault(template, 'spec.template')]),
		...templateErrors(template, 'spec.template', context),
		...endless(template, 'spec.template', 'ReplicationController'),
	];
};

/** Of Jobs: the labels that must be there. */
export const jobLabels = (spec: Draft, field: string): FieldError[] => {
	const template = sub(spec, 'template');
	return readable(spec.selector) && !matches(spec.selector, template)
		? [labelsFault(template, `${field}.template`)]
		: [];
};
