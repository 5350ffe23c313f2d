/** Controllers of pods. Source: describe.go @ kubectl v0.24.0, pkg/util/deployment/deployment.go. */
import {
	type ApiObject,
	clone,
	equal,
	formatSelector,
	humanDuration,
	labelSelector,
	mapSelector,
	parseTime,
	selects,
} from '../../../sim/api/index.ts';
import { at, canonical, type Fields, has, number, sub, subs, text, texts } from '../print/index.ts';
import { all, controllerText, type Description, labelsText, NONE, timeText, UNSET } from './description.ts';
import { describeTemplate } from './pod.ts';
import { selectorText } from './policy.ts';

const selectorOf = (object: ApiObject): string => formatSelector(labelSelector(at(object, 'spec', 'selector')));

/** `2 Running / 0 Waiting / 0 Succeeded / 0 Failed`: the pods a controller owns. */
function podsText(d: Description, owner: ApiObject): string {
	const spec = at(owner, 'spec', 'selector');
	const selector = owner.kind === 'ReplicationController' ? mapSelector(spec) : labelSelector(spec);
	const counts: Record<string, number> = { Running: 0, Pending: 0, Succeeded: 0, Failed: 0 };
	for (const pod of all(d.api, 'pods', owner.metadata.namespace)) {
		const controller = subs(pod, 'metadata', 'ownerReferences').find((ref) => ref.controller === true);
		if (text(controller, 'uid') !== owner.metadata.uid || !selects(selector, pod.metadata.labels)) continue;
		const phase = text(pod, 'status', 'phase');
		if (Object.hasOwn(counts, phase)) counts[phase]!++;
	}
	return `${counts.Running} Running / ${counts.Pending} Waiting / ${counts.Succeeded} Succeeded / ${counts.Failed} Failed`;
}

function describeConditions(d: Description, object: ApiObject): void {
	const conditions = subs(object, 'status', 'conditions');
	if (conditions.length === 0) return;
	d.put(0, 'Conditions:\n');
	d.table(
		1,
		['Type', 'Status', 'Reason'],
		conditions.map((c) => [`${text(c, 'type')} `, text(c, 'status'), text(c, 'reason')]),
	);
}

/** A template without the label that the controller put on it. */
function withoutHash(template: unknown): unknown {
	const copy = clone(template) as { metadata?: { labels?: Record<string, unknown>; creationTimestamp?: unknown } };
	delete copy?.metadata?.labels?.['pod-template-hash'];
	delete copy?.metadata?.creationTimestamp;
	return copy;
}

/** The ReplicaSet with the template as it is, and the others that still have pods. */
function replicaSets(
	d: Description,
	deployment: ApiObject,
): { readonly old: string; readonly current: string } | undefined {
	const owned = all(d.api, 'replicasets.apps', deployment.metadata.namespace).filter((set) =>
		subs(set, 'metadata', 'ownerReferences').some((ref) => text(ref, 'uid') === deployment.metadata.uid),
	);
	const template = withoutHash(at(deployment, 'spec', 'template'));
	const key = (set: ApiObject): string => `${set.metadata.creationTimestamp} ${set.metadata.name}`;
	const current = [...owned]
		.sort((a, b) => (key(a) < key(b) ? -1 : 1))
		.find((set) => equal(withoutHash(at(set, 'spec', 'template')), template));
	const old = owned.filter((set) => set !== current && number(set, 'spec', 'replicas') !== 0);
	if (!current && old.length === 0) return undefined;
	const show = (sets: readonly ApiObject[]): string =>
		sets
			.map(
				(set) =>
					`${set.metadata.name} (${number(set, 'status', 'replicas')}/${number(set, 'spec', 'replicas')} replicas created)`,
			)
			.join(', ') || NONE;
	return { old: show(old), current: show(current ? [current] : []) };
}

export function describeDeployment(d: Description, object: ApiObject): void {
	const { metadata } = object;
	const spec = sub(object, 'spec');
	const status = (key: string): number => number(object, 'status', key);
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	d.line(0, 'CreationTimestamp', timeText(metadata.creationTimestamp));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.line(0, 'Selector', selectorOf(object));
	d.line(
		0,
		'Replicas',
		`${number(spec, 'replicas')} desired | ${status('updatedReplicas')} updated | ${status('replicas')} total | ${status('availableReplicas')} available | ${status('unavailableReplicas')} unavailable`,
	);
	d.line(0, 'StrategyType', text(spec, 'strategy', 'type'));
	d.line(0, 'MinReadySeconds', number(spec, 'minReadySeconds'));
	const rolling = sub(spec, 'strategy', 'rollingUpdate');
	if (has(spec, 'strategy', 'rollingUpdate'))
		d.line(
			0,
			'RollingUpdateStrategy',
			`${text(rolling, 'maxUnavailable')} max unavailable, ${text(rolling, 'maxSurge')} max surge`,
		);
	describeTemplate(d, sub(spec, 'template'));
	describeConditions(d, object);
	const sets = replicaSets(d, object);
	if (sets) {
		d.line(0, 'OldReplicaSets', sets.old);
		d.line(0, 'NewReplicaSet', sets.current);
	}
	d.events(object);
}

export function describeReplicaSet(d: Description, object: ApiObject): void {
	const { metadata } = object;
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	d.line(
		0,
		'Selector',
		object.kind === 'ReplicaSet'
			? selectorText(at(object, 'spec', 'selector'))
			: labelsText(at(object, 'spec', 'selector')),
	);
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.optional(0, 'Controlled By', controllerText(object));
	d.line(
		0,
		'Replicas',
		`${number(object, 'status', 'replicas')} current / ${number(object, 'spec', 'replicas')} desired`,
	);
	d.line(0, 'Pods Status', podsText(d, object));
	describeTemplate(d, sub(object, 'spec', 'template'));
	describeConditions(d, object);
	d.events(object);
}

export function describeDaemonSet(d: Description, object: ApiObject): void {
	const { metadata } = object;
	const status = (key: string): number => number(object, 'status', key);
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Selector', selectorOf(object));
	d.line(0, 'Node-Selector', labelsText(at(object, 'spec', 'template', 'spec', 'nodeSelector')));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.put(0, `Desired Number of Nodes Scheduled: ${status('desiredNumberScheduled')}\n`);
	d.put(0, `Current Number of Nodes Scheduled: ${status('currentNumberScheduled')}\n`);
	d.put(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status('updatedNumberScheduled')}\n`);
	d.put(0, `Number of Nodes Scheduled with Available Pods: ${status('numberAvailable')}\n`);
	d.put(0, `Number of Nodes Misscheduled: ${status('numberMisscheduled')}\n`);
	d.line(0, 'Pods Status', podsText(d, object));
	describeTemplate(d, sub(object, 'spec', 'template'));
	d.events(object);
}

export function describeStatefulSet(d: Description, object: ApiObject): void {
	const { metadata } = object;
	const spec = sub(object, 'spec');
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	d.line(0, 'CreationTimestamp', timeText(metadata.creationTimestamp));
	d.line(0, 'Selector', selectorOf(object));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.line(0, 'Replicas', `${number(spec, 'replicas')} desired | ${number(object, 'status', 'replicas')} total`);
	d.line(0, 'Update Strategy', text(spec, 'updateStrategy', 'type'));
	if (has(spec, 'updateStrategy', 'rollingUpdate', 'partition'))
		d.line(1, 'Partition', number(spec, 'updateStrategy', 'rollingUpdate', 'partition'));
	d.line(0, 'Pods Status', podsText(d, object));
	describeTemplate(d, sub(spec, 'template'));
	const claims = subs(spec, 'volumeClaimTemplates');
	d.put(0, claims.length === 0 ? `Volume Claims:\t${NONE}\n` : 'Volume Claims:\n');
	for (const claim of claims) {
		d.line(1, 'Name', text(claim, 'metadata', 'name'));
		d.line(1, 'StorageClass', text(claim, 'spec', 'storageClassName'));
		d.labels('Labels', at(claim, 'metadata', 'labels'), '  ');
		d.labels('Annotations', at(claim, 'metadata', 'annotations'), '  ');
		d.line(1, 'Capacity', canonical(text(claim, 'spec', 'resources', 'requests', 'storage')) || '<default>');
		d.line(1, 'Access Modes', `[${texts(claim, 'spec', 'accessModes').join(' ')}]`);
	}
	d.events(object);
}

/** Completed indexes, cut after about fifty characters. */
function indexesText(indexes: string): string {
	if (indexes === '') return NONE;
	const comma = indexes.indexOf(',', 50);
	return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

export function describeJob(d: Description, object: ApiObject): void {
	const { metadata } = object;
	const spec = sub(object, 'spec');
	const status = sub(object, 'status');
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	d.line(0, 'Selector', selectorOf(object));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.optional(0, 'Controlled By', controllerText(object));
	d.optional(0, 'Parallelism', text(spec, 'parallelism'));
	d.line(0, 'Completions', text(spec, 'completions') || UNSET);
	d.optional(0, 'Completion Mode', text(spec, 'completionMode'));
	if (d.minor >= 30) {
		d.optional(0, 'Suspend', text(spec, 'suspend'));
		d.optional(0, 'Backoff Limit', text(spec, 'backoffLimit'));
		d.optional(0, 'TTL Seconds After Finished', text(spec, 'ttlSecondsAfterFinished'));
	}
	const start = text(status, 'startTime');
	const end = text(status, 'completionTime');
	if (start) d.line(0, 'Start Time', timeText(start));
	if (end) d.line(0, 'Completed At', timeText(end));
	if (start && end) d.line(0, 'Duration', humanDuration((parseTime(end) ?? 0) - (parseTime(start) ?? 0)));
	if (has(spec, 'activeDeadlineSeconds'))
		d.line(0, 'Active Deadline Seconds', `${text(spec, 'activeDeadlineSeconds')}s`);
	const ready = has(status, 'ready') ? ` (${number(status, 'ready')} Ready)` : '';
	d.line(
		0,
		'Pods Statuses',
		`${number(status, 'active')} Active${ready} / ${number(status, 'succeeded')} Succeeded / ${number(status, 'failed')} Failed`,
	);
	if (text(spec, 'completionMode') === 'Indexed')
		d.line(0, 'Completed Indexes', indexesText(text(status, 'completedIndexes')));
	describeTemplate(d, sub(spec, 'template'));
	d.events(object);
}

export function describeCronJob(d: Description, object: ApiObject): void {
	const spec = sub(object, 'spec');
	const job: Fields = sub(spec, 'jobTemplate', 'spec');
	const seconds = text(spec, 'startingDeadlineSeconds');
	d.head(object);
	d.line(0, 'Schedule', text(spec, 'schedule'));
	d.line(0, 'Concurrency Policy', text(spec, 'concurrencyPolicy'));
	d.line(0, 'Suspend', has(spec, 'suspend') ? (spec.suspend === true ? 'True' : 'False') : UNSET);
	d.line(0, 'Successful Job History Limit', text(spec, 'successfulJobsHistoryLimit') || UNSET);
	d.line(0, 'Failed Job History Limit', text(spec, 'failedJobsHistoryLimit') || UNSET);
	d.line(0, 'Starting Deadline Seconds', seconds === '' ? UNSET : `${seconds}s`);
	d.line(0, 'Selector', has(job, 'selector') ? formatSelector(labelSelector(job.selector)) : UNSET);
	d.line(0, 'Parallelism', text(job, 'parallelism') || UNSET);
	d.line(0, 'Completions', text(job, 'completions') || UNSET);
	if (has(job, 'activeDeadlineSeconds')) d.line(0, 'Active Deadline Seconds', `${text(job, 'activeDeadlineSeconds')}s`);
	describeTemplate(d, sub(job, 'template'));
	const last = text(object, 'status', 'lastScheduleTime');
	d.line(0, 'Last Schedule Time', last === '' ? UNSET : timeText(last));
	d.line(
		0,
		'Active Jobs',
		subs(object, 'status', 'active')
			.map((ref) => text(ref, 'name'))
			.join(', ') || NONE,
	);
	d.events(object);
}
