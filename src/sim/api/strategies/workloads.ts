/**
 * Workloads: Deployments, ReplicaSets, DaemonSets, StatefulSets, Jobs, CronJobs, budgets and autoscalers.
 *
 * Source: kubernetes pkg/apis/{apps,batch,autoscaling,policy}/v1/defaults.go and validation/validation.go @ v1.24.0.
 */
import { type Draft, equal, fill, isEmpty, number, sub, subs, within } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { jobStrategies } from './jobs.ts';
import { defaultInnerMeta, defaultTemplate } from './pod-defaults.ts';

const sameSelector = (object: Draft, old: unknown): FieldError[] =>
	equal(sub(object, 'spec').selector, sub(old, 'spec').selector)
		? []
		: [invalidValue('spec.selector', sub(object, 'spec').selector, 'field is immutable')];

const deployment: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({}),
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		fill(spec, 'replicas', 1);
		fill(spec, 'revisionHistoryLimit', 10);
		fill(spec, 'progressDeadlineSeconds', 600);
		const strategy = within(spec, 'strategy');
		fill(strategy, 'type', 'RollingUpdate');
		if (strategy.type === 'RollingUpdate') {
			const rolling = within(strategy, 'rollingUpdate');
			fill(rolling, 'maxUnavailable', '25%');
			fill(rolling, 'maxSurge', '25%');
		}
		defaultTemplate(spec, minor);
	},
	validateUpdate: sameSelector,
};

const replicaSet: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({ replicas: 0 }),
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		fill(spec, 'replicas', 1);
		defaultTemplate(spec, minor);
	},
	validateUpdate: sameSelector,
};

/** Its labels and its selector are those of its template (pkg/apis/core/v1/defaults.go @ v1.24.0). */
const replicationController: Strategy = {
	...replicaSet,
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		fill(spec, 'replicas', 1);
		defaultTemplate(spec, minor);
		const labels = sub(spec, 'template', 'metadata', 'labels');
		if (isEmpty(labels)) return;
		if (isEmpty(spec.selector)) spec.selector = { ...labels };
		const metadata = within(object, 'metadata');
		if (isEmpty(metadata.labels)) metadata.labels = { ...labels };
	},
	validateUpdate: () => [],
};

const daemonSet: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({
		currentNumberScheduled: 0,
		desiredNumberScheduled: 0,
		numberMisscheduled: 0,
		numberReady: 0,
	}),
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		fill(spec, 'revisionHistoryLimit', 10);
		const strategy = within(spec, 'updateStrategy');
		fill(strategy, 'type', 'RollingUpdate');
		if (strategy.type === 'RollingUpdate') {
			const rolling = within(strategy, 'rollingUpdate');
			fill(rolling, 'maxUnavailable', 1);
			fill(rolling, 'maxSurge', 0);
		}
		defaultTemplate(spec, minor);
	},
	allocate(object, old) {
		// apps/v1 keeps the template's generation of v1beta1 in an annotation.
		const before = Number(sub(old, 'metadata', 'annotations')['deprecated.daemonset.template.generation'] ?? 1);
		const same = old === undefined || equal(sub(object, 'spec').template, sub(old, 'spec').template);
		const annotations = within(object.metadata as Draft, 'annotations');
		annotations['deprecated.daemonset.template.generation'] = String(same ? before : before + 1);
		return [];
	},
	validateUpdate: sameSelector,
};

/** Fields of a StatefulSet's spec that may change, in the words of the refusal (ValidateStatefulSetUpdate). */
const statefulText = (minor: number): string => {
	const fields = [
		"'replicas'",
		...(minor >= 26 ? ["'ordinals'"] : []),
		"'template'",
		"'updateStrategy'",
		...(minor >= 33 ? ["'revisionHistoryLimit'"] : []),
		"'persistentVolumeClaimRetentionPolicy'",
	];
	return `updates to statefulset spec for fields other than ${fields.join(', ')} and 'minReadySeconds' are forbidden`;
};

const statefulSet: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({ availableReplicas: 0, replicas: 0 }),
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		fill(spec, 'podManagementPolicy', 'OrderedReady');
		fill(spec, 'replicas', 1);
		fill(spec, 'revisionHistoryLimit', 10);
		fill(spec, 'serviceName', '');
		const strategy = within(spec, 'updateStrategy');
		fill(strategy, 'type', 'RollingUpdate');
		if (strategy.type === 'RollingUpdate') {
			const rolling = within(strategy, 'rollingUpdate');
			fill(rolling, 'partition', 0);
			// MaxUnavailableStatefulSet
			if (minor < 35) delete rolling.maxUnavailable;
		}
		// StatefulSetAutoDeletePVC and StatefulSetStartOrdinal, on by default from 1.27.
		if (minor < 27) {
			delete spec.persistentVolumeClaimRetentionPolicy;
			delete spec.ordinals;
		} else {
			const policy = within(spec, 'persistentVolumeClaimRetentionPolicy');
			fill(policy, 'whenDeleted', 'Retain');
			fill(policy, 'whenScaled', 'Retain');
		}
		for (const claim of subs(spec, 'volumeClaimTemplates')) {
			fill(claim, 'apiVersion', 'v1');
			fill(claim, 'kind', 'PersistentVolumeClaim');
			defaultInnerMeta(claim, minor);
			fill(within(claim, 'spec'), 'volumeMode', 'Filesystem');
			fill(within(claim, 'status'), 'phase', 'Pending');
		}
		defaultTemplate(spec, minor);
	},
	validateUpdate(object, old, { minor }) {
		const rest = (spec: Draft): Draft => {
			const {
				replicas: _,
				template: __,
				updateStrategy: ___,
				minReadySeconds: ____,
				persistentVolumeClaimRetentionPolicy: _____,
				ordinals: ______,
				...kept
			} = spec;
			if (minor >= 33) delete kept.revisionHistoryLimit;
			return kept;
		};
		return equal(rest(sub(object, 'spec')), rest(sub(old, 'spec')))
			? []
			: [fieldForbidden('spec', statefulText(minor))];
	},
};

/** All of them, or as many again. */
const DOUBLE = { type: 'Percent', value: 100, periodSeconds: 15 };

const autoscaler: Strategy = {
	status: true,
	initialStatus: () => ({ currentMetrics: null, desiredReplicas: 0 }),
	defaults(object) {
		const spec = within(object, 'spec');
		fill(spec, 'minReplicas', 1);
		const target = number(spec, 'targetCPUUtilizationPercentage');
		delete spec.targetCPUUtilizationPercentage;
		if (isEmpty(spec.metrics))
			spec.metrics = [
				{
					type: 'Resource',
					resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target ?? 80 } },
				},
			];
		// Who says how fast in one direction is told the other too (pkg/apis/autoscaling/v2/defaults.go @ v1.24.0).
		if (spec.behavior)
			spec.behavior = {
				scaleDown: { selectPolicy: 'Max', policies: [DOUBLE], ...sub(spec, 'behavior', 'scaleDown') },
				scaleUp: {
					stabilizationWindowSeconds: 0,
					selectPolicy: 'Max',
					policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, DOUBLE],
					...sub(spec, 'behavior', 'scaleUp'),
				},
			};
	},
};

const budget: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
};

export const workloadStrategies: Readonly<Record<string, Strategy>> = {
	Deployment: deployment,
	ReplicaSet: replicaSet,
	ReplicationController: replicationController,
	DaemonSet: daemonSet,
	StatefulSet: statefulSet,
	...jobStrategies,
	HorizontalPodAutoscaler: autoscaler,
	PodDisruptionBudget: budget,
	ControllerRevision: {},
};
