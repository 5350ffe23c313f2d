/** Workloads. Source: kubernetes pkg/printers/internalversion/printers.go @ v1.24.0. */
import { number, sub, subs, text } from '../json.ts';
import { formatSelector, mapSelector } from '../selector.ts';
import { age, humanDuration, parseTime } from '../time.ts';
import {
	ageOf,
	containerCells,
	labelsText,
	NONE,
	type Printer,
	selectorText,
	templateSpec,
	UNKNOWN,
} from './printer.ts';

const n = (object: unknown, ...path: readonly string[]): number => number(object, ...path) ?? 0;

const replicaSet: Printer = {
	columns: 'Desired,Current,Ready,Age|Containers,Images,Selector',
	row: (object, context) => [
		n(object, 'spec', 'replicas'),
		n(object, 'status', 'replicas'),
		n(object, 'status', 'readyReplicas'),
		ageOf(object, context),
		...containerCells(templateSpec(object)),
		object.kind === 'ReplicationController'
			? formatSelector(mapSelector(sub(object, 'spec').selector)) || NONE
			: selectorText(sub(object, 'spec').selector),
	],
};

/** A metric's target as `cpu: <unknown>/80%`. */
const metrics = (object: unknown, minor: number): string => {
	const list = subs(object, 'spec', 'metrics');
	if (list.length === 0) return NONE;
	const current = subs(object, 'status', 'currentMetrics');
	return list
		.map((metric, i) => {
			const target = sub(metric, 'resource', 'target');
			const now = sub(current[i], 'resource', 'current');
			const name = minor >= 31 ? `${text(metric, 'resource', 'name') ?? ''}: ` : '';
			const wanted = number(target, 'averageUtilization');
			const is = number(now, 'averageUtilization');
			if (wanted !== undefined) return `${name}${is === undefined ? UNKNOWN : `${is}%`}/${wanted}%`;
			return `${name}${text(now, 'averageValue') ?? UNKNOWN}/${text(target, 'averageValue') ?? UNKNOWN}`;
		})
		.join(', ');
};

/** `Complete`, `Failed`, … as printJob says it from 1.31. */
const jobStatus = (object: unknown): string => {
	const holds = (type: string): boolean =>
		subs(object, 'status', 'conditions').some((c) => c.type === type && c.status === 'True');
	if (holds('Complete')) return 'Complete';
	if (holds('Failed')) return 'Failed';
	if (sub(object, 'metadata').deletionTimestamp !== undefined) return 'Terminating';
	if (holds('Suspended')) return 'Suspended';
	return holds('FailureTarget') ? 'FailureTarget' : holds('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
};

const completions = (object: unknown): string => {
	const wanted = number(object, 'spec', 'completions');
	if (wanted !== undefined) return `${n(object, 'status', 'succeeded')}/${wanted}`;
	const parallel = n(object, 'spec', 'parallelism');
	return parallel > 1
		? `${n(object, 'status', 'succeeded')}/1 of ${parallel}`
		: `${n(object, 'status', 'succeeded')}/1`;
};

const job = (minor: number): Printer => ({
	columns: `${minor >= 31 ? 'Status,' : ''}Completions,Duration,Age|Containers,Images,Selector`,
	row(object, context) {
		const start = parseTime(text(object, 'status', 'startTime'));
		const end = parseTime(text(object, 'status', 'completionTime'));
		const duration = start === undefined ? '' : humanDuration((end ?? context.now) - start);
		return [
			...(minor >= 31 ? [jobStatus(object)] : []),
			completions(object),
			duration,
			ageOf(object, context),
			...containerCells(templateSpec(object)),
			selectorText(sub(object, 'spec').selector),
		];
	},
});

export const workloadPrinters = (minor: number): Readonly<Record<string, Printer>> => ({
	Deployment: {
		columns: 'Ready,Up-to-date,Available,Age|Containers,Images,Selector',
		row: (object, context) => [
			`${n(object, 'status', 'readyReplicas')}/${n(object, 'spec', 'replicas')}`,
			n(object, 'status', 'updatedReplicas'),
			n(object, 'status', 'availableReplicas'),
			ageOf(object, context),
			...containerCells(templateSpec(object)),
			selectorText(sub(object, 'spec').selector),
		],
	},
	ReplicaSet: replicaSet,
	ReplicationController: replicaSet,
	DaemonSet: {
		columns: 'Desired,Current,Ready,Up-to-date,Available,Node Selector,Age|Containers,Images,Selector',
		row: (object, context) => [
			n(object, 'status', 'desiredNumberScheduled'),
			n(object, 'status', 'currentNumberScheduled'),
			n(object, 'status', 'numberReady'),
			n(object, 'status', 'updatedNumberScheduled'),
			n(object, 'status', 'numberAvailable'),
			labelsText(templateSpec(object).nodeSelector),
			ageOf(object, context),
			...containerCells(templateSpec(object)),
			selectorText(sub(object, 'spec').selector),
		],
	},
	StatefulSet: {
		columns: 'Ready,Age|Containers,Images',
		row: (object, context) => [
			`${n(object, 'status', 'readyReplicas')}/${n(object, 'spec', 'replicas')}`,
			ageOf(object, context),
			...containerCells(templateSpec(object)),
		],
	},
	Job: job(minor),
	CronJob: {
		columns: `Schedule,${minor >= 30 ? 'Timezone,' : ''}Suspend,Active,Last Schedule,Age|Containers,Images,Selector`,
		row(object, context) {
			const spec = sub(object, 'spec');
			const pods = sub(spec, 'jobTemplate', 'spec', 'template', 'spec');
			const last = text(object, 'status', 'lastScheduleTime');
			return [
				text(spec, 'schedule') ?? '',
				...(minor >= 30 ? [text(spec, 'timeZone') ?? NONE] : []),
				spec.suspend === true ? 'True' : 'False',
				subs(object, 'status', 'active').length,
				last === undefined ? NONE : age(context.now, last),
				ageOf(object, context),
				...containerCells(pods),
				selectorText(sub(spec, 'jobTemplate', 'spec').selector),
			];
		},
	},
	HorizontalPodAutoscaler: {
		columns: 'Reference,Targets,MinPods,MaxPods,Replicas,Age',
		row: (object, context) => [
			`${text(object, 'spec', 'scaleTargetRef', 'kind') ?? ''}/${text(object, 'spec', 'scaleTargetRef', 'name') ?? ''}`,
			metrics(object, context.minor),
			number(object, 'spec', 'minReplicas') ?? UNSETTLED,
			n(object, 'spec', 'maxReplicas'),
			n(object, 'status', 'currentReplicas'),
			ageOf(object, context),
		],
	},
	PodDisruptionBudget: {
		columns: 'Min Available,Max Unavailable,Allowed Disruptions,Age',
		row: (object, context) => [
			String(sub(object, 'spec').minAvailable ?? 'N/A'),
			String(sub(object, 'spec').maxUnavailable ?? 'N/A'),
			n(object, 'status', 'disruptionsAllowed'),
			ageOf(object, context),
		],
	},
	ControllerRevision: {
		columns: 'Controller,Revision,Age',
		row(object, context) {
			const owner = (object.metadata.ownerReferences ?? []).find((item) => item.controller);
			const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
			return [
				owner === undefined ? NONE : `${owner.kind.toLowerCase()}${group}/${owner.name}`,
				n(object, 'revision'),
				ageOf(object, context),
			];
		},
	},
	PodTemplate: {
		columns: 'Containers,Images,Pod Labels',
		row: (object) => [
			...containerCells(sub(object, 'template', 'spec')),
			labelsText(sub(object, 'template', 'metadata').labels),
		],
	},
});

const UNSETTLED = '<unset>';
