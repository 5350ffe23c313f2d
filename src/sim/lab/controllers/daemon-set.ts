/** One pod of a DaemonSet on every node that takes it. Source: kubernetes pkg/controller/daemon @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	availableIn,
	type DaemonSet,
	isDone,
	isReady,
	keyOf,
	type Node,
	one,
	type Pod,
	removeOne,
	same,
	splitKey,
	type Toleration,
} from '../cluster/kinds.ts';
import { intOrPercent } from './int-or-percent.ts';
import type { Controller } from './loop.ts';
import { matchesNodeSelection, toleratesAll } from './node-fit.ts';
import { createPodControl, createRetries, isLive, keysOfOwner, pinnedNames, podsOf } from './owned-pods.ts';
import { currentRevision, REVISION_LABEL, truncateHistory } from './revisions.ts';

const SOURCE = { component: 'daemonset-controller' };

/** AddOrUpdateDaemonPodTolerations. */
const daemonTolerations = (hostNetwork: boolean): readonly Toleration[] => [
	{ effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
	{ effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists' },
	{ effect: 'NoSchedule', key: 'node.kubernetes.io/disk-pressure', operator: 'Exists' },
	{ effect: 'NoSchedule', key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' },
	{ effect: 'NoSchedule', key: 'node.kubernetes.io/pid-pressure', operator: 'Exists' },
	{ effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
	...(hostNetwork
		? [{ effect: 'NoSchedule', key: 'node.kubernetes.io/network-unavailable', operator: 'Exists' } as const]
		: []),
];

export function daemonSetController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	const control = createPodControl(cluster, SOURCE.component);
	const pinned = pinnedNames(cluster);
	const retries = createRetries();

	const podSpec = (set: DaemonSet, node: string): { [key: string]: unknown } => {
		const { spec } = set.spec.template;
		return {
			...spec,
			affinity: {
				...spec.affinity,
				nodeAffinity: {
					requiredDuringSchedulingIgnoredDuringExecution: {
						nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
					},
				},
			},
			tolerations: [...(spec.tolerations ?? []), ...daemonTolerations(spec.hostNetwork === true)],
		};
	};

	/** Whether the API server took it. */
	const create = (set: DaemonSet, node: Node, hash: string): boolean => {
		const name = pinned(set.metadata.name, node.metadata.name);
		const error = control.create(set, set.spec.template, {
			...(name === undefined ? {} : { name }),
			labels: { [REVISION_LABEL]: hash, 'pod-template-generation': String(generationOf(set)) },
			spec: podSpec(set, node.metadata.name),
			key: node.metadata.name,
		});
		return error === undefined;
	};

	/** The template's generation is the object's, as far as templates go (deprecated.daemonset.template.generation). */
	const generationOf = (set: DaemonSet): number =>
		Number(set.metadata.annotations?.['deprecated.daemonset.template.generation'] ?? set.metadata.generation ?? 1);

	/** Of the template as it is now: what its pods carry as a label. */
	const hashOf = (set: DaemonSet): string | undefined =>
		currentRevision(cluster, set, (hash) => ({ [REVISION_LABEL]: hash }))?.metadata.labels?.[REVISION_LABEL];

	return {
		name: 'daemonset',
		keys({ type, object }) {
			if (object.kind === 'Node') return all<DaemonSet>(api, 'daemonsets').map(keyOf);
			return keysOfOwner('DaemonSet')({ type, object });
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<DaemonSet>(api, 'daemonsets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return undefined;
			const hash = hashOf(set);
			if (hash === undefined) return undefined;
			const pods = podsOf(cluster, set);
			const onNode = (node: Node): readonly Pod[] => pods.filter((p) => nodeOf(p) === node.metadata.name);
			const wanted: Node[] = [];
			const lacking: Node[] = [];
			for (const node of all<Node>(api, 'nodes')) {
				const spec = set.spec.template.spec;
				const fits = matchesNodeSelection(spec, node);
				const tolerations = [...(spec.tolerations ?? []), ...daemonTolerations(spec.hostNetwork === true)];
				const runs = fits && toleratesAll(tolerations, node, ['NoSchedule', 'NoExecute']);
				const stays = fits && toleratesAll(tolerations, node, ['NoExecute']);
				const here = onNode(node).filter(isLive);
				if (runs) wanted.push(node);
				for (const pod of here.filter(isDone)) {
					cluster.record.record(
						SOURCE,
						set,
						'Warning',
						'FailedDaemonPod',
						`Found failed daemon pod ${keyOf(pod)} on node ${node.metadata.name}, will try to kill it`,
					);
					removeOne(api, 'pods', namespace, pod.metadata.name);
				}
				const live = here.filter((p) => !isDone(p));
				// A pod that is on its way out still holds its place.
				if (runs && onNode(node).length === 0) lacking.push(node);
				// While it surges, an old pod and a new one may be on a node.
				const kept = [live.find((p) => isOf(p, hash)), live.find((p) => !isOf(p, hash))]
					.filter((p) => p !== undefined)
					.slice(0, surgeOf(set, 1) > 0 ? 2 : 1);
				const surplus = stays ? live.filter((p) => !kept.includes(p)) : live;
				for (const pod of surplus) control.remove(set, pod);
			}
			for (const pod of pods)
				if (isLive(pod) && !one(api, 'nodes', undefined, nodeOf(pod) ?? '')) control.remove(set, pod);
			let well = true;
			// What the API server refuses once it refuses for the others, too.
			for (const node of lacking) well &&= create(set, node, hash);
			if (well) well = update(set, hash, wanted);
			writeStatus(key, hash, wanted);
			const now = podsOf(cluster, set);
			const live = new Set(now.map((p) => `${name}-${p.metadata.labels?.[REVISION_LABEL]}`));
			truncateHistory(cluster, set, live.add(`${name}-${hash}`));
			if (!well) return retries.after(key);
			retries.forget(key);
			const waits = now
				.map((pod) => availableIn(pod, set.spec.minReadySeconds, api.now()) ?? 0)
				.filter((micros) => micros > 0);
			return waits.length > 0 ? Math.min(...waits) : undefined;
		},
	};

	function surgeOf(set: DaemonSet, nodes: number): number {
		return intOrPercent(set.spec.updateStrategy?.rollingUpdate?.maxSurge, nodes, true, 0);
	}

	/** Replaces pods of older templates, as many at a time as may be missing or may be there beside the new ones. */
	function update(set: DaemonSet, hash: string, wanted: readonly Node[]): boolean {
		if (set.spec.updateStrategy?.type === 'OnDelete') return true;
		const surge = surgeOf(set, wanted.length);
		const most = intOrPercent(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, wanted.length, true, 1);
		const pods = podsOf(cluster, set);
		const available = (pod: Pod | undefined): boolean =>
			pod !== undefined && availableIn(pod, set.spec.minReadySeconds, api.now()) === 0;
		let missing = 0;
		let surging = 0;
		const old: Pod[] = [];
		const alone: (readonly [Node, Pod])[] = [];
		for (const node of wanted) {
			const here = pods.filter((p) => nodeOf(p) === node.metadata.name && isLive(p));
			const [fresh, stale] = [here.find((p) => isOf(p, hash)), here.find((p) => !isOf(p, hash))];
			if (fresh && stale) {
				if (available(fresh) || !available(stale)) control.remove(set, stale);
				else surging++;
				continue;
			}
			if (!available(fresh ?? stale)) missing++;
			if (!stale) continue;
			old.push(stale);
			alone.push([node, stale]);
		}
		if (surge > 0) {
			const room = Math.max(0, surge - surging);
			const waiting = [
				...alone.filter(([, p]) => !available(p)),
				...alone.filter(([, p]) => available(p)).slice(0, room),
			];
			return waiting.every(([node]) => create(set, node, hash));
		}
		for (const pod of old.filter((p) => !available(p))) control.remove(set, pod);
		let room = Math.max(0, Math.max(1, most) - missing);
		for (const pod of old.filter(available)) if (room-- > 0) control.remove(set, pod);
		return true;
	}

	function writeStatus(key: string, hash: string, wanted: readonly Node[]): void {
		const [namespace, name] = splitKey(key);
		const set = one<DaemonSet>(api, 'daemonsets', namespace, name);
		if (!set) return;
		const pods = podsOf(cluster, set).filter(isLive);
		const names = new Set(wanted.map((node) => node.metadata.name));
		// Of several on a node the oldest counts (daemon_controller.go updateDaemonSetStatus).
		const oldest = new Map<string, Pod>();
		for (const pod of pods) {
			const before = oldest.get(nodeOf(pod) ?? '');
			if (!before || pod.metadata.creationTimestamp < before.metadata.creationTimestamp)
				oldest.set(nodeOf(pod) ?? '', pod);
		}
		const placed = [...oldest.values()].filter((p) => names.has(nodeOf(p) ?? ''));
		const ready = placed.filter(isReady).length;
		const available = placed.filter((p) => availableIn(p, set.spec.minReadySeconds, api.now()) === 0).length;
		const updated = placed.filter((p) => isOf(p, hash)).length;
		const status = {
			currentNumberScheduled: placed.length,
			desiredNumberScheduled: wanted.length,
			...(available > 0 ? { numberAvailable: available } : {}),
			numberMisscheduled: oldest.size - placed.length,
			numberReady: ready,
			...(wanted.length - available > 0 ? { numberUnavailable: wanted.length - available } : {}),
			observedGeneration: set.metadata.generation ?? 1,
			...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
		};
		if (!same(status, set.status)) api.updateStatus({ ...as<object>(set as never), status });
	}
}

const isOf = (pod: Pod, hash: string): boolean => pod.metadata.labels?.[REVISION_LABEL] === hash;

/** Node of a daemon's pod: where it is, or where its affinity sends it. */
const nodeOf = (pod: Pod): string | undefined =>
	pod.spec.nodeName ??
	pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
		?.matchFields?.[0]?.values?.[0];
