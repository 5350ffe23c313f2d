/** Jobs and CronJobs. Source: kubernetes pkg/apis/batch/v1/defaults.go, pkg/registry/batch and validation @ v1.24.0. */
import { type Draft, equal, fill, isEmpty, isRecord, number, sub, subs, text, within } from '../json.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { isTimeZone } from '../time-zone.ts';
import { defaultTemplate } from './pod-defaults.ts';
import { validatePodSpec } from './pod-validate.ts';
import { notNegative, validateTemplate } from './template.ts';

/** Fields of a Job's spec by the minor from which on servers know them by default. */
const FIELDS: readonly (readonly [name: string, minor: number])[] = [
	['podFailurePolicy', 26],
	['backoffLimitPerIndex', 29],
	['maxFailedIndexes', 29],
	['podReplacementPolicy', 29],
	['successPolicy', 31],
	['managedBy', 32],
];

const defaultJobSpec = (spec: Draft, minor: number): void => {
	for (const [name, since] of FIELDS) if (minor < since) delete spec[name];
	if (spec.completions === undefined && spec.parallelism === undefined) {
		spec.completions = 1;
		spec.parallelism = 1;
	}
	fill(spec, 'parallelism', 1);
	fill(spec, 'backoffLimit', spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1);
	fill(spec, 'completionMode', 'NonIndexed');
	fill(spec, 'suspend', false);
	if (minor >= 29)
		fill(spec, 'podReplacementPolicy', isRecord(spec.podFailurePolicy) ? 'Failed' : 'TerminatingOrFailed');
	for (const rule of subs(spec, 'podFailurePolicy', 'rules'))
		for (const pattern of subs(rule, 'onPodConditions')) fill(pattern, 'status', 'True');
	defaultTemplate(spec);
};

/** Rules between fields of a Job's spec (validateJobSpec). */
const validateJobSpec = (spec: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const policy = text(spec, 'template', 'spec', 'restartPolicy');
	const indexed = spec.completionMode === 'Indexed';
	if (indexed && spec.completions === undefined)
		errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
	if (!indexed && spec.completionMode !== undefined && spec.completionMode !== 'NonIndexed')
		errors.push(notSupported(`${field}.completionMode`, spec.completionMode, ['NonIndexed', 'Indexed']));
	if (indexed && (number(spec, 'parallelism') ?? 0) > 100_000)
		errors.push(
			invalidValue(
				`${field}.parallelism`,
				spec.parallelism,
				'must be less than or equal to 100000 when completion mode is Indexed',
			),
		);
	if (spec.backoffLimitPerIndex !== undefined) {
		if (!indexed)
			errors.push(
				invalidValue(`${field}.backoffLimitPerIndex`, spec.backoffLimitPerIndex, 'requires indexed completion mode'),
			);
		if (policy !== 'Never')
			errors.push(
				invalidValue(
					`${field}.template.spec.restartPolicy`,
					policy,
					'only "Never" is supported when backoffLimitPerIndex is specified',
				),
			);
	} else if (spec.maxFailedIndexes !== undefined)
		errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
	if (isRecord(spec.podFailurePolicy) && policy !== 'Never')
		errors.push(
			invalidValue(
				`${field}.template.spec.restartPolicy`,
				policy,
				'only "Never" is supported when podFailurePolicy is specified',
			),
		);
	return errors;
};

const COUNTS = ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'];

const job: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({}),
	defaults(object, context) {
		const spec = within(object, 'spec');
		// An explicit `Always` is refused; one that a default wrote must be too.
		defaultJobSpec(spec, context.minor);
		if (spec.manualSelector !== true && spec.selector === undefined) {
			const uid = String(sub(object, 'metadata').uid ?? '');
			const prefix = context.minor >= 27 ? 'batch.kubernetes.io/' : '';
			const owned: Draft = { 'controller-uid': uid, 'job-name': text(object, 'metadata', 'name') ?? '' };
			if (prefix !== '') for (const key of Object.keys(owned)) owned[`${prefix}${key}`] = owned[key];
			spec.selector = { matchLabels: { [`${prefix}controller-uid`]: uid } };
			const meta = within(within(spec, 'template'), 'metadata');
			meta.labels = { ...sub(meta, 'labels'), ...owned };
			const labels = sub(object, 'metadata', 'labels');
			if (isEmpty(labels)) within(object, 'metadata').labels = { ...sub(meta, 'labels') };
		}
	},
	validate: (object) => [
		...notNegative(sub(object, 'spec'), ...COUNTS),
		...validateJobSpec(sub(object, 'spec'), 'spec'),
		...validateTemplate(sub(object, 'spec'), ['OnFailure', 'Never']),
	],
	validateUpdate(object, old, { minor }) {
		const after = sub(object, 'spec');
		const before = sub(old, 'spec');
		// An Indexed Job may be made larger or smaller from 1.27, parallelism with it.
		const elastic = minor >= 27 && after.completionMode === 'Indexed' && after.completions === after.parallelism;
		// What decides where pods go may change while a Job waits to begin for the first time.
		const idle = before.suspend === true && sub(old, 'status').startTime === undefined;
		const errors = ['completions', 'selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex']
			.filter((key) => !(key === 'completions' && elastic) && !equal(after[key], before[key]))
			.map((key) => invalidValue(`spec.${key}`, after[key], 'field is immutable'));
		if (!idle && !equal(after.template, before.template))
			errors.push(invalidValue('spec.template', after.template, 'field is immutable'));
		return errors;
	},
};

/** What `robfig/cron` says of a schedule it cannot read (parser.go @ v3.0.1). */
const scheduleFault = (text: string): string | undefined => {
	const [, zone] = TIME_ZONE.exec(text) ?? [];
	if (zone !== undefined && !isTimeZone(zone)) return `provided bad location ${zone}: unknown time zone ${zone}`;
	const schedule = text.replace(TIME_ZONE, '');
	if (schedule.startsWith('@')) {
		const every = /^@every (.*)$/.exec(schedule)?.[1];
		if (every !== undefined)
			return /^([0-9.]+(ns|us|ms|s|m|h))+$/.test(every)
				? undefined
				: `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(every)}`;
		return DESCRIPTORS.includes(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
	}
	const fields = schedule.trim().split(/\s+/);
	if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
	for (const [i, field] of fields.entries())
		for (const part of field.split(',')) {
			const fault = rangeFault(part, RANGES[i]!);
			if (fault) return fault;
		}
	return undefined;
};

/** In front of a schedule, as cron takes it (robfig/cron v3 parser.go). */
const TIME_ZONE = /^(?:CRON_)?TZ=(\S+)\s+/;
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
interface Range {
	readonly min: number;
	readonly max: number;
	readonly names?: readonly string[];
}
const RANGES: readonly Range[] = [
	{ min: 0, max: 59 },
	{ min: 0, max: 23 },
	{ min: 1, max: 31 },
	{ min: 1, max: 12, names: MONTHS },
	{ min: 0, max: 6, names: DAYS },
];

const rangeFault = (text: string, { min, max, names }: Range): string | undefined => {
	const [range = '', step, ...more] = text.split('/');
	const [low = '', high, ...others] = range.split('-');
	const value = (word: string): number | string => {
		const name = names?.indexOf(word.toLowerCase()) ?? -1;
		if (name >= 0) return name + min;
		if (/^-?\d+$/.test(word)) return Number(word);
		return `failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`;
	};
	if (more.length > 0) return `too many slashes: ${text}`;
	if (others.length > 0) return `too many hyphens: ${text}`;
	const any = low === '*' || low === '?';
	const start = any ? min : value(low);
	if (typeof start === 'string') return start;
	const end = any || (step !== undefined && high === undefined) ? max : high === undefined ? start : value(high);
	if (typeof end === 'string') return end;
	const by = step === undefined ? 1 : value(step);
	if (typeof by === 'string') return by;
	if (start < min) return `beginning of range (${start}) below minimum (${min}): ${text}`;
	if (end > max) return `end of range (${end}) above maximum (${max}): ${text}`;
	if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
	if (by === 0) return `step of range should be a positive number: ${text}`;
	return undefined;
};

const cronJob: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({}),
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		// CronJobTimeZone, on by default from 1.25.
		if (minor < 25) delete spec.timeZone;
		fill(spec, 'concurrencyPolicy', 'Allow');
		fill(spec, 'suspend', false);
		fill(spec, 'successfulJobsHistoryLimit', 3);
		fill(spec, 'failedJobsHistoryLimit', 1);
		const template = within(spec, 'jobTemplate');
		fill(within(template, 'metadata'), 'creationTimestamp', null);
		defaultTemplate(within(template, 'spec'));
	},
	validate(object, { minor }) {
		const spec = sub(object, 'spec');
		const schedule = text(spec, 'schedule') ?? '';
		if (schedule === '') return [required('spec.schedule')];
		const errors: FieldError[] = [];
		const fault = scheduleFault(schedule);
		if (fault) errors.push(invalidValue('spec.schedule', schedule, fault));
		if (/^(CRON_)?TZ=/.test(schedule) && minor >= 25)
			errors.splice(
				0,
				errors.length,
				invalidValue('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'),
			);
		const zone = text(spec, 'timeZone');
		if (zone === '') errors.push(invalidValue('spec.timeZone', zone, 'timeZone must be nil or non-empty string'));
		else if (zone !== undefined && !isTimeZone(zone))
			errors.push(invalidValue('spec.timeZone', zone, `unknown time zone ${zone}`));
		const { concurrencyPolicy: policy } = spec;
		if (policy !== 'Allow' && policy !== 'Forbid' && policy !== 'Replace')
			errors.push(notSupported('spec.concurrencyPolicy', policy, ['Allow', 'Forbid', 'Replace']));
		errors.push(
			...notNegative(spec, 'startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'),
		);
		const restart = text(spec, 'jobTemplate', 'spec', 'template', 'spec', 'restartPolicy');
		if (restart === 'Always')
			errors.push(notSupported('spec.jobTemplate.spec.template.spec.restartPolicy', restart, ['OnFailure', 'Never']));
		if ((text(object, 'metadata', 'name') ?? '').length > 52)
			errors.push(
				invalidValue('metadata.name', text(object, 'metadata', 'name'), 'must be no more than 52 characters'),
			);
		return [
			...errors,
			...validateJobSpec(sub(spec, 'jobTemplate', 'spec'), 'spec.jobTemplate.spec'),
			...validatePodSpec(sub(spec, 'jobTemplate', 'spec', 'template', 'spec'), 'spec.jobTemplate.spec.template.spec'),
		];
	},
};

export const jobStrategies: Readonly<Record<string, Strategy>> = { Job: job, CronJob: cronJob };
