/** HorizontalPodAutoscalers, as autoscaling/v2 has them. Source: kubernetes pkg/apis/autoscaling/validation/validation.go @ v1.24.0. */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import { quantity } from '../values.ts';
import { named, oneOf } from './parts.ts';
import { amountValue } from './resources.ts';

const segment = (of: Draft, key: string, field: string, why = ''): FieldError[] => {
	const value = text(of, key) ?? '';
	return value === '' ? [required(`${field}.${key}`, why)] : named(value, `${field}.${key}`, 'path');
};

const reference = (of: Draft, field: string): FieldError[] => [
	...segment(of, 'kind', field),
	...segment(of, 'name', field),
];

const target = (of: Draft, field: string): FieldError[] => {
	const type = text(of, 'type') ?? '';
	const errors: FieldError[] = [];
	if (type === '') errors.push(required(`${field}.type`, 'must specify a metric target type'));
	if (!['Utilization', 'Value', 'AverageValue'].includes(type))
		errors.push(invalidValue(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue'));
	for (const key of ['value', 'averageValue'])
		if (of[key] !== undefined && (quantity(of[key]) ?? 0) <= 0)
			errors.push(amountValue(`${field}.${key}`, of[key], 'must be positive'));
	const share = number(of, 'averageUtilization');
	if (share !== undefined && share < 1)
		errors.push(invalidValue(`${field}.averageUtilization`, share, 'must be greater than 0'));
	return errors;
};

const resource = (of: Draft, field: string, container: boolean): FieldError[] => {
	const wanted = sub(of, 'target');
	const at = `${field}.target`;
	return [
		...(text(of, 'name') ? [] : [required(`${field}.name`, 'must specify a resource name')]),
		...(container && !text(of, 'container') ? [required(`${field}.container`, 'must specify a container')] : []),
		...target(wanted, at),
		...(wanted.averageUtilization === undefined && wanted.averageValue === undefined
			? [required(`${at}.averageUtilization`, 'must set either a target raw value or a target utilization')]
			: []),
		...(wanted.averageUtilization !== undefined && wanted.averageValue !== undefined
			? [fieldForbidden(`${at}.averageValue`, 'may not set both a target raw value and a target utilization')]
			: []),
	];
};

const metric = (of: Draft, field: string): FieldError[] => [
	...segment(sub(of, 'metric'), 'name', `${field}.metric`, 'must specify a metric name'),
	...target(sub(of, 'target'), `${field}.target`),
];

/** In the order in which they are looked at. */
const SOURCES: Readonly<Record<string, (of: Draft, field: string) => FieldError[]>> = {
	object: (of, field) => {
		const wanted = sub(of, 'target');
		return [
			...reference(sub(of, 'describedObject'), `${field}.describedObject`),
			...metric(of, field),
			...(wanted.value === undefined && wanted.averageValue === undefined
				? [required(`${field}.target.averageValue`, 'must set either a target value or averageValue')]
				: []),
		];
	},
	external: (of, field) => {
		const wanted = sub(of, 'target');
		const [whole, each] = [wanted.value !== undefined, wanted.averageValue !== undefined];
		return [
			...metric(of, field),
			...(whole || each
				? []
				: [required(`${field}.target.averageValue`, 'must set either a target value for metric or a per-pod target')]),
			...(whole && each
				? [fieldForbidden(`${field}.target.value`, 'may not set both a target value for metric and a per-pod target')]
				: []),
		];
	},
	pods: (of, field) => [
		...metric(of, field),
		...((quantity(sub(of, 'target').averageValue ?? '0') ?? 0) > 0
			? []
			: [required(`${field}.target.averageValue`, 'must specify a positive target averageValue')]),
	],
	resource: (of, field) => resource(of, field, false),
	containerResource: (of, field) => resource(of, field, true),
};

const TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];

const metricSpec = (of: Draft, field: string): FieldError[] => {
	const type = text(of, 'type') ?? '';
	const errors: FieldError[] = [];
	if (type === '') errors.push(required(`${field}.type`, 'must specify a metric source type'));
	if (!TYPES.includes(type)) errors.push(notSupported(`${field}.type`, type, TYPES));
	const present = Object.keys(SOURCES).filter((source) => isRecord(of[source]));
	const [first] = present;
	if (first !== undefined) errors.push(...SOURCES[first]!(of[first] as Draft, `${field}.${first}`));
	const wanted = TYPES.includes(type) ? `${type[0]!.toLowerCase()}${type.slice(1)}` : '';
	if (wanted !== '' && !present.includes(wanted))
		errors.push(required(`${field}.${wanted}`, 'must populate information for the given metric source'));
	if (present.length !== 1)
		for (const source of present)
			if (source !== wanted)
				errors.push(fieldForbidden(`${field}.${source}`, 'must populate the given metric source only'));
	return errors;
};

const POSITIVE = 'must be greater than zero';

const rules = (of: unknown, field: string): FieldError[] => {
	if (!isRecord(of)) return [];
	const errors: FieldError[] = [];
	const quiet = number(of, 'stabilizationWindowSeconds') ?? 0;
	const at = `${field}.stabilizationWindowSeconds`;
	if (quiet < 0) errors.push(invalidValue(at, quiet, 'must be greater than or equal to zero'));
	if (quiet > 3600) errors.push(invalidValue(at, quiet, 'must be less than or equal to 3600'));
	errors.push(...oneOf(`${field}.selectPolicy`, of.selectPolicy, ['Disabled', 'Max', 'Min']));
	const policies = subs(of, 'policies');
	if (policies.length === 0) errors.push(required(`${field}.policies`, 'must specify at least one Policy'));
	for (const [i, policy] of policies.entries()) {
		const here = `${field}.policies[${i}]`;
		errors.push(...oneOf(`${here}.type`, policy.type ?? '', ['Percent', 'Pods']));
		const [value, period] = [number(policy, 'value') ?? 0, number(policy, 'periodSeconds') ?? 0];
		if (value <= 0) errors.push(invalidValue(`${here}.value`, value, POSITIVE));
		if (period <= 0) errors.push(invalidValue(`${here}.periodSeconds`, period, POSITIVE));
		if (period > 1800) errors.push(invalidValue(`${here}.periodSeconds`, period, 'must be less than or equal to 1800'));
	}
	return errors;
};

/** ValidateHorizontalPodAutoscalerSpec() */
export const autoscalerErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = [];
	const [least, most] = [number(spec, 'minReplicas') ?? 1, number(spec, 'maxReplicas') ?? 0];
	if (least < 1) errors.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
	if (most < 1) errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
	if (most < least)
		errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
	errors.push(...reference(sub(spec, 'scaleTargetRef'), 'spec.scaleTargetRef'));
	errors.push(...subs(spec, 'metrics').flatMap((of, i) => metricSpec(of, `spec.metrics[${i}]`)));
	for (const way of ['scaleUp', 'scaleDown']) errors.push(...rules(sub(spec, 'behavior')[way], `spec.behavior.${way}`));
	return errors;
};
