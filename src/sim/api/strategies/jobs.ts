/** Jobs and CronJobs. Source: kubernetes pkg/apis/batch/v1/defaults.go, pkg/registry/batch and validation @ v1.24.0. */
import { type Draft, equal, fill, isEmpty, sub, text, within } from '../json.ts';
import { invalidValue, required } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { defaultTemplate } from './pod-defaults.ts';
import { validatePodSpec } from './pod-validate.ts';
import { notNegative, validateTemplate } from './template.ts';

const defaultJobSpec = (spec: Draft): void => {
	if (spec.completions === undefined && spec.parallelism === undefined) {
		spec.completions = 1;
		spec.parallelism = 1;
	}
	fill(spec, 'parallelism', 1);
	fill(spec, 'backoffLimit', 6);
	fill(spec, 'completionMode', 'NonIndexed');
	fill(spec, 'suspend', false);
	defaultTemplate(spec);
};

const job: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({}),
	defaults(object, context) {
		const spec = within(object, 'spec');
		// An explicit `Always` is refused; one that a default wrote must be too.
		defaultJobSpec(spec);
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
		...notNegative(sub(object, 'spec'), 'parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds'),
		...validateTemplate(sub(object, 'spec'), ['OnFailure', 'Never']),
	],
	validateUpdate(object, old) {
		const after = sub(object, 'spec');
		const before = sub(old, 'spec');
		return ['completions', 'selector', 'template']
			.filter((key) => !equal(after[key], before[key]))
			.map((key) => invalidValue(`spec.${key}`, after[key], 'field is immutable'));
	},
};

const cronJob: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({}),
	defaults(object) {
		const spec = within(object, 'spec');
		fill(spec, 'concurrencyPolicy', 'Allow');
		fill(spec, 'suspend', false);
		fill(spec, 'successfulJobsHistoryLimit', 3);
		fill(spec, 'failedJobsHistoryLimit', 1);
		const template = within(spec, 'jobTemplate');
		fill(within(template, 'metadata'), 'creationTimestamp', null);
		defaultTemplate(within(template, 'spec'));
	},
	validate(object) {
		const spec = sub(object, 'spec');
		const schedule = text(spec, 'schedule') ?? '';
		if (schedule === '') return [required('spec.schedule')];
		const fields = schedule.trim().split(/\s+/).length;
		if (!schedule.startsWith('@') && fields !== 5)
			return [
				invalidValue(
					'spec.schedule',
					schedule,
					`expected exactly 5 fields, found ${fields}: [${schedule.trim().split(/\s+/).join(' ')}]`,
				),
			];
		return validatePodSpec(sub(spec, 'jobTemplate', 'spec', 'template', 'spec'), 'spec.jobTemplate.spec.template.spec');
	},
};

export const jobStrategies: Readonly<Record<string, Strategy>> = { Job: job, CronJob: cronJob };
