/** Workloads, their budgets and autoscalers. Source: kubernetes pkg/apis/{apps,policy,autoscaling}/validation/validation.go @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { type FieldError, invalidValue, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { podErrors } from './pods.ts';
import { selectorErrors } from './selectors.ts';

const PERCENT_TEXT =
	"a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** An intstr.IntOrString; servers before 1.34 print the struct. */
export const intOrString = (field: string, value: unknown, why: string): FieldError => {
	const go =
		typeof value === 'string'
			? `Type:1, IntVal:0, StrVal:${JSON.stringify(value)}`
			: `Type:0, IntVal:${String(value)}, StrVal:""`;
	return { ...invalidValue(field, value, why), go: `Invalid value: intstr.IntOrString{${go}}: ${why}` };
};

const notMoreThanAll = (value: unknown, field: string): FieldError[] =>
	typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100
		? [intOrString(field, value, 'must not be greater than 100%')]
		: [];

/** What a workload has of a template of pods. */
export const templateErrors = (object: Draft, context: Context): FieldError[] => [
	// Of a ReplicationController it is a map of labels.
	...(object.kind === 'ReplicationController' ? [] : selectorErrors(sub(object, 'spec').selector, 'spec.selector')),
	...podErrors(sub(object, 'spec', 'template', 'spec'), 'spec.template.spec', context),
];

export const deploymentErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors = templateErrors(object, context);
	const field = 'spec.strategy.rollingUpdate.maxUnavailable';
	errors.push(...notMoreThanAll(sub(spec, 'strategy', 'rollingUpdate').maxUnavailable, field));
	const deadline = number(spec, 'progressDeadlineSeconds');
	if (deadline !== undefined && deadline < 0)
		errors.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than or equal to 0'));
	if (deadline !== undefined && deadline <= (number(spec, 'minReadySeconds') ?? 0))
		errors.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
	return errors;
};

export const cronJobErrors = (object: Draft, context: Context): FieldError[] => {
	const job = sub(object, 'spec', 'jobTemplate', 'spec');
	const counts = ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'];
	return [
		...counts
			.filter((key) => (number(job, key) ?? 0) < 0)
			.map((key) => invalidValue(`spec.jobTemplate.spec.${key}`, job[key], 'must be greater than or equal to 0')),
		...podErrors(sub(job, 'template', 'spec'), 'spec.jobTemplate.spec.template.spec', context),
	];
};

/** ValidatePodDisruptionBudgetSpec() */
export const budgetErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = [];
	for (const key of ['minAvailable', 'maxUnavailable']) {
		const value = spec[key];
		const field = `spec.${key}`;
		if (typeof value === 'number' && value < 0)
			errors.push(invalidValue(field, value, 'must be greater than or equal to 0'));
		if (typeof value === 'string' && !/^\d+%$/.test(value)) errors.push(invalidValue(field, value, PERCENT_TEXT));
		errors.push(...notMoreThanAll(value, field));
	}
	return [...errors, ...selectorErrors(spec.selector, 'spec.selector')];
};

/** ValidateHorizontalPodAutoscalerSpec(), of its metrics those of the pods' own resources. */
export const autoscalerErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = [];
	const least = number(spec, 'minReplicas') ?? 1;
	if (least < 1) errors.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
	for (const key of ['kind', 'name'])
		if (!text(spec, 'scaleTargetRef', key)) errors.push(required(`spec.scaleTargetRef.${key}`));
	for (const [i, metric] of subs(spec, 'metrics').entries()) {
		if (!isRecord(metric.resource)) continue;
		const target = sub(metric, 'resource', 'target');
		if (target.averageUtilization === undefined && target.averageValue === undefined)
			errors.push(
				required(
					`spec.metrics[${i}].resource.target.averageUtilization`,
					'must set either a target raw value or a target utilization',
				),
			);
	}
	return errors;
};
