/** Jobs and CronJobs. Source: kubernetes pkg/apis/batch/v1/defaults.go, pkg/registry/batch and validation @ v1.24.0. */
import { type Draft, equal, fill, isEmpty, isRecord, sub, subs, text, within } from '../json.ts';
import { invalidValue } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { defaultInnerMeta, defaultTemplate } from './pod-defaults.ts';

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
	defaultTemplate(spec, minor);
};

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
		defaultInnerMeta(template, minor);
		defaultTemplate(within(template, 'spec'), minor);
	},
};

export const jobStrategies: Readonly<Record<string, Strategy>> = { Job: job, CronJob: cronJob };
