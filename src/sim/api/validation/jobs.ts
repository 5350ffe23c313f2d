/**
 * Jobs and CronJobs. Source: kubernetes pkg/apis/batch/validation/validation.go @ v1.24.0, of what fails and how often
 * @ v1.31.0.
 */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { isTimeZone } from '../time-zone.ts';
import { notNegative, oneOf } from './parts.ts';
import { scheduleFault } from './schedules.ts';
import { selectorErrors } from './selectors.ts';
import { jobLabels, templateErrors } from './templates.ts';

const COUNTS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];
const MODES = ['NonIndexed', 'Indexed'];
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

const exitCodes = (of: Draft, field: string, names: readonly unknown[]): FieldError[] => {
	const errors: FieldError[] = [];
	const operator = text(of, 'operator') ?? '';
	if (operator === '') errors.push(required(`${field}.operator`, 'valid values: ["In" "NotIn"]'));
	else errors.push(...oneOf(`${field}.operator`, operator, ['In', 'NotIn']));
	if (of.containerName !== undefined && !names.includes(of.containerName))
		errors.push(
			invalidValue(
				`${field}.containerName`,
				of.containerName,
				'must be one of the container or initContainer names in the pod template',
			),
		);
	const values = Array.isArray(of.values) ? (of.values as readonly number[]) : [];
	const go = `[]int32{${values.join(', ')}}`;
	const list = (why: string): FieldError => ({
		...invalidValue(`${field}.values`, values, why),
		go: `Invalid value: ${go}: ${why}`,
	});
	if (values.length === 0) errors.push(list('at least one value is required'));
	for (const [i, value] of values.entries())
		if (value === 0 && operator === 'In')
			errors.push(invalidValue(`${field}.values[${i}]`, value, 'must not be 0 for the In operator'));
	if (new Set(values).size < values.length) {
		const twice = values.findIndex((value, i) => values.indexOf(value) < i);
		errors.push({ field: `${field}.values[${twice}]`, message: `Duplicate value: ${values[twice]}` });
	}
	if (values.some((value, i) => i > 0 && values[i - 1]! > value)) errors.push(list('must be ordered'));
	return errors;
};

const failurePolicy = (spec: Draft, field: string): FieldError[] => {
	const pod = sub(spec, 'template', 'spec');
	const names = [...subs(pod, 'containers'), ...subs(pod, 'initContainers')].map(({ name }) => name);
	const only = (why: string): string => `Invalid value: ${why}`;
	return subs(spec, 'podFailurePolicy', 'rules').flatMap((rule, i) => {
		const here = `${field}.podFailurePolicy.rules[${i}]`;
		const errors: FieldError[] = [];
		const action = text(rule, 'action') ?? '';
		if (action === '')
			errors.push(required(`${here}.action`, `valid values: [${ACTIONS.map((one) => `"${one}"`).join(' ')}]`));
		else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
			errors.push(invalidValue(`${here}.action`, action, 'requires the backoffLimitPerIndex to be set'));
		else errors.push(...oneOf(`${here}.action`, action, ACTIONS));
		const [codes, conditions] = [isRecord(rule.onExitCodes), subs(rule, 'onPodConditions')];
		if (isRecord(rule.onExitCodes)) errors.push(...exitCodes(rule.onExitCodes, `${here}.onExitCodes`, names));
		for (const [j, condition] of conditions.entries())
			errors.push(...oneOf(`${here}.onPodConditions[${j}].status`, condition.status, ['False', 'True', 'Unknown']));
		if (codes && conditions.length > 0)
			errors.push({ field: here, message: only('specifying both OnExitCodes and OnPodConditions is not supported') });
		if (!codes && conditions.length === 0)
			errors.push({ field: here, message: only('specifying one of OnExitCodes and OnPodConditions is required') });
		return errors;
	});
};

/** Rules of what happens index by index. */
const byIndex = (spec: Draft, field: string): FieldError[] => {
	const errors = notNegative(spec, field, 'backoffLimitPerIndex', 'maxFailedIndexes');
	const indexed = spec.completionMode === 'Indexed';
	const each = spec.backoffLimitPerIndex;
	if (each !== undefined && !indexed)
		errors.push(invalidValue(`${field}.backoffLimitPerIndex`, each, 'requires indexed completion mode'));
	if (spec.maxFailedIndexes !== undefined && each === undefined)
		errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
	return errors;
};

const neverOnly = (policy: unknown, field: string, key: string): FieldError =>
	invalidValue(`${field}.template.spec.restartPolicy`, policy, `only "Never" is supported when ${key} is specified`);

/** validateJobSpec() */
const specErrors = (spec: Draft, field: string, context: Context): FieldError[] => {
	const errors = [...notNegative(spec, field, ...COUNTS), ...byIndex(spec, field)];
	errors.push(...oneOf(`${field}.completionMode`, spec.completionMode, MODES));
	if (spec.completionMode === 'Indexed') {
		if (spec.completions === undefined)
			errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
		if ((number(spec, 'parallelism') ?? 0) > 100_000)
			errors.push(
				invalidValue(
					`${field}.parallelism`,
					spec.parallelism,
					'must be less than or equal to 100000 when completion mode is Indexed',
				),
			);
	}
	errors.push(...templateErrors(sub(spec, 'template'), `${field}.template`, context));
	const policy = text(spec, 'template', 'spec', 'restartPolicy') ?? '';
	const here = `${field}.template.spec.restartPolicy`;
	// Nobody said anything: a default wrote `Always` where jobs cannot have it.
	if (policy === 'Always') errors.push(required(here, 'valid values: "OnFailure", "Never"'));
	else if (policy !== 'OnFailure' && policy !== 'Never')
		errors.push(notSupported(here, policy, ['OnFailure', 'Never']));
	if (spec.backoffLimitPerIndex !== undefined && policy !== 'Never')
		errors.push(neverOnly(policy, field, 'backoffLimitPerIndex'));
	if (isRecord(spec.podFailurePolicy)) {
		if (policy !== 'Never') errors.push(neverOnly(policy, field, 'podFailurePolicy'));
		errors.push(...failurePolicy(spec, field));
	}
	const replace = spec.podReplacementPolicy;
	const known = isRecord(spec.podFailurePolicy) ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
	return [...errors, ...oneOf(`${field}.podReplacementPolicy`, replace, known)];
};

/** ValidateJobSpec() */
export const jobErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	return [
		...specErrors(spec, 'spec', context),
		...(isRecord(spec.selector)
			? selectorErrors(spec.selector, 'spec.selector', context)
			: [required('spec.selector')]),
		...jobLabels(spec, 'spec'),
	];
};

const scheduleErrors = (spec: Draft, { minor }: Context): FieldError[] => {
	const field = 'spec.schedule';
	const schedule = text(spec, 'schedule') ?? '';
	if (schedule === '') return [required(field)];
	if (/^(CRON_)?TZ=/.test(schedule) && minor >= 25)
		return [invalidValue(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')];
	const fault = scheduleFault(schedule);
	return fault === undefined ? [] : [invalidValue(field, schedule, fault)];
};

const zoneErrors = (spec: Draft): FieldError[] => {
	const zone = text(spec, 'timeZone');
	if (zone === '') return [invalidValue('spec.timeZone', zone, 'timeZone must be nil or non-empty string')];
	return zone === undefined || isTimeZone(zone)
		? []
		: [invalidValue('spec.timeZone', zone, `unknown time zone ${zone}`)];
};

export const cronJobErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const name = text(object, 'metadata', 'name') ?? '';
	return [
		...scheduleErrors(spec, context),
		...notNegative(spec, 'spec', 'startingDeadlineSeconds'),
		...zoneErrors(spec),
		...oneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
		...specErrors(sub(spec, 'jobTemplate', 'spec'), 'spec.jobTemplate.spec', context),
		...notNegative(spec, 'spec', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'),
		// Its jobs' names are eleven letters longer.
		...(name.length > 52 ? [invalidValue('metadata.name', name, 'must be no more than 52 characters')] : []),
	];
};
