/**
 * kube-scheduler: filters in order, then the node with the fewest pods; between equals the seed draws.
 *
 * Source: kubernetes pkg/scheduler/{scheduler,framework/types,framework/plugins} @ v1.24.0; messages by version.
 */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	type Condition,
	conditionOf,
	isDone,
	keyOf,
	type Node,
	one,
	type Pod,
	same,
	selectorMatches,
	splitKey,
} from '../cluster/kinds.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, MINUTE } from '../time.ts';
import type { Controller } from './loop.ts';
import { matchesNodeSelection, untolerated } from './node-fit.ts';

const SOURCE = { component: 'default-scheduler' };

export function schedulerController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const minor = minorOf(api.version);
	let draws = 0;

	/** Why a node does not take the pod: the first filter's word. */
	const refusal = (pod: Pod, node: Node, pods: readonly Pod[]): string | undefined => {
		const { spec } = pod;
		if (
			node.spec?.unschedulable &&
			!(spec.tolerations ?? []).some(
				(t) => t.operator === 'Exists' && (!t.key || t.key === 'node.kubernetes.io/unschedulable'),
			)
		)
			return 'node(s) were unschedulable';
		const taint = untolerated(spec.tolerations ?? [], node, ['NoSchedule', 'NoExecute']);
		if (taint) {
			const text = `{${taint.key}: ${taint.value ?? ''}}`;
			return minor <= 23
				? `node(s) had taint ${text}, that the pod didn't tolerate`
				: `node(s) had untolerated taint ${text}`;
		}
		if (!matchesNodeSelection(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
		const here = pods.filter((p) => p.spec.nodeName === node.metadata.name && !isDone(p));
		if (portsOf(pod).some((port) => here.some((p) => portsOf(p).includes(port))))
			return "node(s) didn't have free ports for the requested pod ports";
		if (here.length >= Number(node.status?.allocatable?.pods ?? 110)) return 'Too many pods';
		const antiOf = (of: Pod) => of.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
		// A pod that is there keeps away whom it does not want beside it, too (interpodaffinity/filtering.go @ v1.24.0).
		if (
			here.some(
				(p) =>
					p.metadata.namespace === pod.metadata.namespace &&
					antiOf(p).some((term) => selectorMatches(term.labelSelector, pod.metadata.labels)),
			)
		)
			return "node(s) didn't satisfy existing pods anti-affinity rules";
		if (
			antiOf(pod).some((term) =>
				here.some(
					(p) =>
						p.metadata.namespace === pod.metadata.namespace &&
						p.metadata.uid !== pod.metadata.uid &&
						selectorMatches(term.labelSelector, p.metadata.labels),
				),
			)
		)
			return "node(s) didn't match pod anti-affinity rules";
		const with_ = spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
		if (with_.some((term) => !here.some((p) => selectorMatches(term.labelSelector, p.metadata.labels))))
			return "node(s) didn't match pod affinity rules";
		return undefined;
	};

	const fail = (pod: Pod, reasons: readonly string[]): void => {
		const counts = new Map<string, number>();
		for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
		const parts = [...counts].map(([reason, n]) => `${n} ${reason}`).sort();
		const total = reasons.length;
		const preemption =
			minor >= 24
				? ` preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`
				: '';
		const message =
			total === 0
				? 'no nodes available to schedule pods'
				: `0/${total} nodes are available: ${parts.join(', ')}.${minor >= 24 ? preemption : ''}`;
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
		pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined && !isDone(pod);

	return {
		name: 'scheduler',
		delay: [3 * MILLISECOND, 15 * MILLISECOND],
		keys({ type, object }) {
			if (object.kind === 'Pod') {
				const pod = as<Pod>(object);
				if (type === 'ADDED' && schedulable(pod)) return [keyOf(object)];
				// Room was made: those that wait may fit now.
				return type === 'DELETED' ? waiting() : [];
			}
			return object.kind === 'Node' ? waiting() : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const pod = one<Pod>(api, 'pods', namespace, name);
			if (!pod || !schedulable(pod)) return;
			const nodes = all<Node>(api, 'nodes');
			const pods = all<Pod>(api, 'pods');
			const reasons: string[] = [];
			let best: Node[] = [];
			let least = Number.POSITIVE_INFINITY;
			for (const node of nodes) {
				const why = refusal(pod, node, pods);
				if (why !== undefined) {
					reasons.push(why);
					continue;
				}
				const score = pods.filter((p) => p.spec.nodeName === node.metadata.name).length + spreadOf(pod, node, pods);
				if (score < least) best = [];
				if (score <= least) best.push(node);
				least = Math.min(least, score);
			}
			const pin = nodes.find((n) => n.metadata.name === cluster.pins.pods?.find((p) => p.name === name)?.node);
			const pinRefused = pin && refusal(pod, pin, pods);
			// A pinned pod waits for its node as long as that is only not ready yet.
			if (pinRefused?.includes('node.kubernetes.io/not-ready')) best = [];
			const chosen =
				pin && pinRefused === undefined
					? pin
					: best[timeline.random('schedule', `${key}\0${pod.metadata.uid}\0${draws++}`, best.length)];
			if (!chosen) {
				fail(pod, reasons);
				// The queue of unschedulable pods is flushed every five minutes.
				return 5 * MINUTE;
			}
			const bound = api.bind(namespace, name, chosen.metadata.name);
			if (!bound.error)
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

	function waiting(): readonly string[] {
		return all<Pod>(api, 'pods').filter(schedulable).map(keyOf);
	}
}

/** Pods of the same owner weigh more than strangers (PodTopologySpread's defaults by hostname). */
const spreadOf = (pod: Pod, node: Node, pods: readonly Pod[]): number => {
	const owner = pod.metadata.ownerReferences?.[0]?.uid;
	if (owner === undefined) return 0;
	return (
		5 *
		pods.filter((p) => p.spec.nodeName === node.metadata.name && p.metadata.ownerReferences?.[0]?.uid === owner).length
	);
};

/** `80/TCP` of ports a pod takes of its node. */
const portsOf = ({ spec }: Pod): readonly string[] =>
	spec.containers.flatMap((c) =>
		(c.ports ?? []).flatMap((p) => {
			const port = p.hostPort ?? (spec.hostNetwork ? p.containerPort : undefined);
			return port ? [`${port}/${p.protocol ?? 'TCP'}`] : [];
		}),
	);
