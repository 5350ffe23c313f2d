/**
 * kube-scheduler: filters in order, then the node with the fewest pods; between equals the seed draws. A pod that finds
 * no node waits for a change that could help it. Left out: the pause its failures earn it before it is tried again.
 *
 * Source: kubernetes pkg/scheduler/{scheduler,eventhandlers,internal/queue/scheduling_queue}.go @ v1.24.0.
 */
import type { WatchEvent } from '../../../api/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import {
	all,
	as,
	type Condition,
	conditionOf,
	expressionMatches,
	isDone,
	keyOf,
	type Node,
	one,
	type Pod,
	removeOne,
	same,
	splitKey,
} from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, MINUTE } from '../../time.ts';
import { markDisrupted } from '../disruption-target.ts';
import type { Controller } from '../loop.ts';
import { untolerated } from '../node-fit.ts';
import { claimNames } from '../volumes/objects.ts';
import { claimRefusal, prepareVolumes, volumeRefusal } from '../volumes/scheduling.ts';
import { affinityTerms, means, on, type Refusal, refusal, type Scene } from './filters.ts';
import { fitError, nominatedFor, preempt, priorityOf } from './preemption.ts';

const SOURCE = { component: 'default-scheduler' };

/** Binds pods to nodes, or says why it cannot (pkg/scheduler). */
export function schedulerController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const minor = minorOf(api.version);
	let draws = 0;
	/** Where pods were last seen, by uid: being bound is news for those that want to be beside them. */
	const bound = new Map<string, string>();
	/** Pods, by uid, that no plugin refused which cares for pods that leave (`EventsToRegister()` of each @ v1.24.0). */
	const unmoved = new Set<string>();

	const fail = (pod: Pod, message: string): void => {
		cluster.record.record(SOURCE, pod, 'Warning', 'FailedScheduling', message);
		const old = conditionOf(pod, 'PodScheduled');
		const now = timeline.stamp();
		const condition: Condition = {
			lastProbeTime: null,
			lastTransitionTime: old?.status === 'False' ? (old.lastTransitionTime ?? now) : now,
			message,
			reason: 'Unschedulable',
			status: 'False',
			type: 'PodScheduled',
		};
		const conditions = [...(pod.status?.conditions ?? []).filter((c) => c.type !== 'PodScheduled'), condition];
		if (!same(conditions, pod.status?.conditions))
			api.updateStatus(
				{ ...as<object>(pod as never), status: { ...pod.status, conditions } },
				{ fieldManager: 'kube-scheduler' },
			);
	};

	const schedulable = (pod: Pod): boolean =>
		pod.spec.nodeName === undefined &&
		pod.metadata.deletionTimestamp === undefined &&
		!isDone(pod) &&
		!(pod.spec.schedulingGates as readonly unknown[] | undefined)?.length &&
		(pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler';
	const waiting = (): readonly Pod[] => all<Pod>(api, 'pods').filter(schedulable);

	/** Pods that wait and that a change of another pod may help. */
	const helped = ({ type, object }: WatchEvent): readonly Pod[] => {
		const pod = as<Pod>(object);
		// Room was made.
		if (type === 'DELETED' || isDone(pod)) {
			const knew = bound.delete(pod.metadata.uid);
			if (type === 'DELETED') unmoved.delete(pod.metadata.uid);
			return type === 'DELETED' || knew ? waiting().filter((p) => !unmoved.has(p.metadata.uid)) : [];
		}
		if (pod.spec.nodeName === undefined) return [];
		const seen = `${pod.spec.nodeName} ${JSON.stringify(pod.metadata.labels)}`;
		if (bound.get(pod.metadata.uid) === seen) return [];
		bound.set(pod.metadata.uid, seen);
		return waiting().filter((p) => affinityTerms(p).some((term) => means(p, term, pod)));
	};

	/** Lower is better. */
	const scoreOf = (pod: Pod, node: Node, { placed }: Scene): number => {
		const here = on(node, placed);
		const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
		const liked = preferred
			.filter(({ preference }) =>
				(preference.matchExpressions ?? []).every((e) => expressionMatches(e, node.metadata.labels ?? {})),
			)
			.reduce((sum, { weight }) => sum + weight, 0);
		const beside = (kind: 'podAffinity' | 'podAntiAffinity'): number =>
			(pod.spec.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
				.filter(({ podAffinityTerm }) => here.some((p) => means(pod, podAffinityTerm, p)))
				.reduce((sum, { weight }) => sum + weight, 0);
		const disliked = untolerated(pod.spec.tolerations ?? [], node, ['PreferNoSchedule']) ? 1000 : 0;
		return (
			here.length + spreadOf(pod, here) + disliked + 10 * (beside('podAntiAffinity') - beside('podAffinity') - liked)
		);
	};

	return {
		name: 'scheduler',
		delay: [3 * MILLISECOND, 15 * MILLISECOND],
		keys(event) {
			const { type, object } = event;
			if (object.kind === 'Pod') {
				const pod = as<Pod>(object);
				// Its last gate was taken away.
				const opened = conditionOf(pod, 'PodScheduled')?.reason === 'SchedulingGated';
				if ((type === 'ADDED' || (type === 'MODIFIED' && opened)) && schedulable(pod)) return [keyOf(object)];
				return helped(event).map(keyOf);
			}
			if (object.kind === 'Node') return waiting().map(keyOf);
			const volumes = ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass'].includes(object.kind);
			return volumes
				? waiting()
						.filter((pod) => claimNames(pod).length > 0)
						.map(keyOf)
				: [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const pod = one<Pod>(api, 'pods', namespace, name);
			if (!pod || !schedulable(pod)) return undefined;
			const { uid } = pod.metadata;
			const nodes = all<Node>(api, 'nodes');
			const scene: Scene = {
				minor,
				nodes,
				placed: all<Pod>(api, 'pods').filter((p) => p.spec.nodeName !== undefined && !isDone(p)),
				volumes: (of, node) => volumeRefusal(cluster, of, node),
			};
			const refusals: (readonly [Node, Refusal])[] = [];
			const whole = claimRefusal(cluster, pod);
			const expected = nominatedFor(pod, all<Pod>(api, 'pods'));
			let best: Node[] = [];
			let least = Number.POSITIVE_INFINITY;
			for (const node of nodes) {
				const why =
					whole === undefined
						? (refusal(pod, node, { ...scene, placed: [...scene.placed, ...expected] }) ?? refusal(pod, node, scene))
						: { reasons: [whole], resolvable: false };
				if (why) {
					refusals.push([node, why]);
					continue;
				}
				const score = scoreOf(pod, node, scene);
				if (score < least) best = [];
				if (score <= least) best.push(node);
				least = Math.min(least, score);
			}
			const nominated = best.find((node) => node.metadata.name === pod.status?.nominatedNodeName);
			const pin = nodes.find((n) => n.metadata.name === cluster.pins.pods?.find((p) => p.name === name)?.node);
			const pinRefused = refusals.find(([node]) => node === pin)?.[1];
			// A pinned pod waits for its node as long as that is only not ready yet.
			if (pinRefused?.reasons[0]?.includes('node.kubernetes.io/not-ready')) best = [];
			const chosen =
				pin && !pinRefused
					? pin
					: (nominated ?? best[timeline.random('schedule', `${key}\0${uid}\0${draws++}`, best.length)]);
			if (!chosen) {
				const why = refusals.map(([, refused]) => refused);
				if (why.some(({ resolvable }) => resolvable)) unmoved.delete(uid);
				else unmoved.add(uid);
				// Who made room already waits for those that leave (preemption.go PodEligibleToPreemptOthers()).
				const waits = scene.placed.some(
					(p) =>
						p.spec.nodeName === pod.status?.nominatedNodeName &&
						p.metadata.deletionTimestamp !== undefined &&
						priorityOf(p) < priorityOf(pod),
				);
				const way = waits ? undefined : preempt(pod, refusals, scene);
				const never = pod.spec.preemptionPolicy === 'Never';
				fail(pod, fitError(why, minor, never ? 'never' : waits ? 'waits' : way ? 'made' : 'none'));
				if (way) makeRoom(pod, way.node, way.victims);
				// The queue of unschedulable pods is flushed every five minutes.
				return 5 * MINUTE;
			}
			// Volumes that wait for their first pod are made where it goes, before it is bound.
			if (!prepareVolumes(cluster, pod, chosen)) return 10 * MINUTE;
			const answer = api.bind(namespace, name, chosen.metadata.name);
			if (!answer.error)
				cluster.record.record(
					SOURCE,
					pod,
					'Normal',
					'Scheduled',
					`Successfully assigned ${key} to ${chosen.metadata.name}`,
				);
			return undefined;
		},
	};

	function makeRoom(pod: Pod, node: Node, victims: readonly Pod[]): void {
		for (const victim of victims) {
			const by = minor >= 28 ? `pod ${pod.metadata.uid}` : `${pod.metadata.namespace}/${pod.metadata.name}`;
			cluster.record.record(SOURCE, victim, 'Normal', 'Preempted', `Preempted by ${by} on node ${node.metadata.name}`);
			const why = 'default-scheduler: preempting to accommodate a higher priority pod';
			markDisrupted(cluster, victim, 'PreemptionByScheduler', why);
			removeOne(api, 'pods', victim.metadata.namespace, victim.metadata.name);
		}
		const now = one<Pod>(api, 'pods', pod.metadata.namespace, pod.metadata.name);
		if (now)
			api.updateStatus({
				...as<object>(now as never),
				status: { ...now.status, nominatedNodeName: node.metadata.name },
			});
	}
}

/** Pods of the same owner weigh more than strangers (PodTopologySpread's defaults by hostname). */
const spreadOf = (pod: Pod, here: readonly Pod[]): number => {
	const owner = pod.metadata.ownerReferences?.[0]?.uid;
	return owner === undefined ? 0 : 5 * here.filter((p) => p.metadata.ownerReferences?.[0]?.uid === owner).length;
};
