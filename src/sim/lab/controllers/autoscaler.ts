/**
 * HorizontalPodAutoscalers, in clusters without metrics: kind installs no metrics server, so what pods use is not known
 * and only the bounds count.
 *
 * Source: kubernetes pkg/controller/podautoscaler/{horizontal,replica_calculator}.go @ v1.24.0.
 */
import type { ClusterContext } from '../cluster/context.ts';
import { all, type Condition, keyOf, type ObjectView, one, same, splitKey, type Workload } from '../cluster/kinds.ts';
import { MINUTE, SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

const SOURCE = { component: 'horizontal-pod-autoscaler' };
/** `--horizontal-pod-autoscaler-sync-period`; after a while without news it is looked at less often. */
const PERIOD = 15 * SECOND;
const CALM = 10 * MINUTE;

interface Autoscaler extends ObjectView {
	readonly spec: {
		readonly minReplicas?: number;
		readonly maxReplicas: number;
		readonly scaleTargetRef: { readonly kind: string; readonly name: string };
		readonly metrics?: readonly { readonly type: string; readonly resource?: { readonly name: string } }[];
	};
	readonly status?: {
		readonly conditions?: readonly Condition[];
		readonly desiredReplicas?: number;
		readonly [key: string]: unknown;
	};
}

const PLURALS: Readonly<Record<string, string>> = {
	Deployment: 'deployments',
	ReplicaSet: 'replicasets',
	StatefulSet: 'statefulsets',
};

export function autoscalerController(cluster: ClusterContext): Controller {
	const { api, record, timeline } = cluster;
	/** When an autoscaler was last another, by key. */
	const fresh = new Map<string, { readonly text: string; readonly at: number }>();
	/** When each was looked at last: the queue holds whatever comes in for a period (rate_limiters.go When()). */
	const looked = new Map<string, number>();

	return {
		name: 'horizontalpodautoscaling',
		keys({ object }) {
			if (object.kind === 'HorizontalPodAutoscaler') return [keyOf(object)];
			if (!(object.kind in PLURALS)) return [];
			return all<Autoscaler>(api, 'horizontalpodautoscalers', { namespace: object.metadata.namespace ?? '' })
				.filter(({ spec: { scaleTargetRef: to } }) => to.kind === object.kind && to.name === object.metadata.name)
				.map(keyOf);
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const scaler = one<Autoscaler>(api, 'horizontalpodautoscalers', namespace, name);
			if (!scaler) {
				fresh.delete(key);
				looked.delete(key);
				return undefined;
			}
			const rest = (looked.get(key) ?? timeline.now) + PERIOD - timeline.now;
			if (!looked.has(key)) looked.set(key, timeline.now);
			if (rest > 0) return rest;
			looked.set(key, timeline.now);
			const { scaleTargetRef, maxReplicas, minReplicas = 1, metrics = [] } = scaler.spec;
			const plural = PLURALS[scaleTargetRef.kind] ?? '';
			const target = one<Workload>(api, plural, namespace, scaleTargetRef.name);
			const old = scaler.status?.conditions ?? [];
			const condition = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => {
				const before = old.find((c) => c.type === type);
				const lastTransitionTime = before?.status === status ? before.lastTransitionTime : undefined;
				return { lastTransitionTime: lastTransitionTime ?? timeline.stamp(), message, reason, status, type };
			};
			const write = (conditions: readonly Condition[], current: number, desired: number): void => {
				const status = {
					conditions,
					currentMetrics: null,
					...(current > 0 ? { currentReplicas: current } : {}),
					desiredReplicas: desired,
				};
				if (!same(status, scaler.status)) api.updateStatus({ ...scaler, status } as never);
			};
			const warn = (reason: string, message: string): void => record.record(SOURCE, scaler, 'Warning', reason, message);
			const known = fresh.get(key);
			const text = JSON.stringify([scaler.spec, target?.spec.replicas]);
			if (known?.text !== text) fresh.set(key, { text, at: timeline.now });
			const again = timeline.now - (fresh.get(key)?.at ?? 0) < CALM ? PERIOD : 5 * MINUTE;
			if (!target) {
				const missing = `${plural}/scale.apps "${scaleTargetRef.name}" not found`;
				const message = `the HPA controller was unable to get the target's current scale: ${missing}`;
				write([condition('AbleToScale', 'False', 'FailedGetScale', message)], 0, 0);
				warn('FailedGetScale', missing);
				return again;
			}
			const current = target.spec.replicas ?? 1;
			const able = condition(
				'AbleToScale',
				'True',
				'SucceededGetScale',
				"the HPA controller was able to get the target's current scale",
			);
			if (current === 0) {
				const off = 'scaling is disabled since the replica count of the target is zero';
				write([able, condition('ScalingActive', 'False', 'ScalingDisabled', off)], 0, 0);
				return undefined;
			}
			const bound = current > maxReplicas ? maxReplicas : current < minReplicas ? minReplicas : undefined;
			if (bound !== undefined) {
				const why = `Current number of replicas ${current > maxReplicas ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas'}`;
				api.update({ ...target, spec: { ...target.spec, replicas: bound } } as never);
				record.record(SOURCE, scaler, 'Normal', 'SuccessfulRescale', `New size: ${bound}; reason: ${why}`);
				const done = `the HPA controller was able to update the target scale to ${bound}`;
				write([condition('AbleToScale', 'True', 'SucceededRescale', done)], current, bound);
				return again;
			}
			const resource = metrics.find((m) => m.type === 'Resource')?.resource?.name ?? 'cpu';
			const error = `failed to get ${resource} utilization: unable to get metrics for resource ${resource}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`;
			warn('FailedGetResourceMetric', error);
			warn(
				'FailedComputeMetricsReplicas',
				`invalid metrics (${metrics.length} invalid out of ${metrics.length}), first error is: failed to get ${resource} resource metric value: ${error}`,
			);
			const message = `the HPA was unable to compute the replica count: ${error}`;
			// What was wished last stays (setCurrentReplicasInStatus()).
			const { desiredReplicas = 0 } = scaler.status ?? {};
			write([able, condition('ScalingActive', 'False', 'FailedGetResourceMetric', message)], current, desiredReplicas);
			return again;
		},
	};
}
