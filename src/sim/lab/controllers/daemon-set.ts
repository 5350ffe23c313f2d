/** One pod of a DaemonSet on every node that takes it. Source: kubernetes pkg/controller/daemon @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	type DaemonSet,
	isDone,
	isReady,
	keyOf,
	type Node,
	one,
	ownedBy,
	ownerRef,
	type Pod,
	removeOne,
	same,
	splitKey,
	type Toleration,
} from '../cluster/kinds.ts';
import { hashName } from '../cluster/names.ts';
import { intOrPercent } from './int-or-percent.ts';
import type { Controller } from './loop.ts';
import { matchesNodeSelection, toleratesAll } from './node-fit.ts';
import { createPodControl, isLive, keysOfOwner, pinnedNames, podsOf } from './owned-pods.ts';

const SOURCE = { component: 'daemonset-controller' };
const HASH = 'controller-revision-hash';

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

	const create = (set: DaemonSet, node: Node, hash: string): void => {
		const name = pinned(set.metadata.name, node.metadata.name);
		control.create(set, set.spec.template, {
			...(name === undefined ? {} : { name }),
			labels: { [HASH]: hash, 'pod-template-generation': String(generationOf(set)) },
			spec: podSpec(set, node.metadata.name),
			key: node.metadata.name,
		});
	};

	/** The template's generation is the object's, as far as templates go (deprecated.daemonset.template.generation). */
	const generationOf = (set: DaemonSet): number =>
		Number(set.metadata.annotations?.['deprecated.daemonset.template.generation'] ?? set.metadata.generation ?? 1);

	const remember = (set: DaemonSet, hash: string): void => {
		const name = `${set.metadata.name}-${hash}`;
		const revisions = all<{ readonly metadata: Pod['metadata']; readonly revision: number }>(
			api,
			'controllerrevisions',
			{ namespace: set.metadata.namespace ?? '' },
		).filter((r) => ownedBy(r, set));
		const top = Math.max(0, ...revisions.map((r) => r.revision));
		const found = revisions.find((r) => r.metadata.name === name);
		if (found) {
			if (found.revision !== top) api.update({ ...(found as object), revision: top + 1 });
			return;
		}
		api.create({
			apiVersion: 'apps/v1',
			kind: 'ControllerRevision',
			metadata: {
				name,
				namespace: set.metadata.namespace,
				labels: { ...set.spec.template.metadata?.labels, [HASH]: hash },
				ownerReferences: [ownerRef(set)],
			},
			data: { spec: { template: { $patch: 'replace', ...set.spec.template } } },
			revision: top + 1,
		});
	};

	return {
		name: 'daemonset',
		keys({ type, object }) {
			if (object.kind === 'Node') return all<DaemonSet>(api, 'daemonsets').map(keyOf);
			return keysOfOwner('DaemonSet')({ type, object });
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<DaemonSet>(api, 'daemonsets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return;
			const hash = hashName(set.spec.template);
			remember(set, hash);
			const pods = podsOf(cluster, set);
			const onNode = (node: Node): readonly Pod[] => pods.filter((p) => nodeOf(p) === node.metadata.name);
			const wanted: Node[] = [];
			for (const node of all<Node>(api, 'nodes')) {
				const spec = set.spec.template.spec;
				const fits = matchesNodeSelection(spec, node);
				const tolerations = [...(spec.tolerations ?? []), ...daemonTolerations(spec.hostNetwork === true)];
				const runs = fits && toleratesAll(tolerations, node, ['NoSchedule', 'NoExecute']);
				const stays = fits && toleratesAll(tolerations, node, ['NoExecute']);
				const here = onNode(node).filter((p) => p.metadata.deletionTimestamp === undefined);
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
				if (runs && onNode(node).length === 0) create(set, node, hash);
				const surplus = stays ? live.slice(1) : live;
				for (const pod of surplus) control.remove(set, pod);
			}
			for (const pod of pods)
				if (pod.metadata.deletionTimestamp === undefined && !one(api, 'nodes', undefined, nodeOf(pod) ?? ''))
					control.remove(set, pod);
			update(set, hash, wanted);
			writeStatus(key, hash, wanted);
		},
	};

	/** Deletes pods of older templates, as many at a time as may be missing. */
	function update(set: DaemonSet, hash: string, wanted: readonly Node[]): void {
		if (set.spec.updateStrategy?.type === 'OnDelete') return;
		const most = intOrPercent(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, wanted.length, true, 1);
		const pods = podsOf(cluster, set);
		let missing = 0;
		const old: Pod[] = [];
		for (const node of wanted) {
			const pod = pods.find((p) => nodeOf(p) === node.metadata.name && p.metadata.deletionTimestamp === undefined);
			if (!pod || !isReady(pod)) missing++;
			if (pod && pod.metadata.labels?.[HASH] !== hash) old.push(pod);
		}
		for (const pod of old.filter((p) => !isReady(p))) control.remove(set, pod);
		let room = Math.max(0, Math.max(1, most) - missing);
		for (const pod of old.filter(isReady)) if (room-- > 0) control.remove(set, pod);
	}

	function writeStatus(key: string, hash: string, wanted: readonly Node[]): void {
		const [namespace, name] = splitKey(key);
		const set = one<DaemonSet>(api, 'daemonsets', namespace, name);
		if (!set) return;
		const pods = podsOf(cluster, set).filter(isLive);
		const names = new Set(wanted.map((node) => node.metadata.name));
		const placed = pods.filter((p) => names.has(nodeOf(p) ?? ''));
		const ready = placed.filter(isReady).length;
		const updated = placed.filter((p) => p.metadata.labels?.[HASH] === hash).length;
		const status = {
			currentNumberScheduled: placed.length,
			desiredNumberScheduled: wanted.length,
			...(ready > 0 ? { numberAvailable: ready } : {}),
			numberMisscheduled: pods.length - placed.length,
			numberReady: ready,
			...(wanted.length - ready > 0 ? { numberUnavailable: wanted.length - ready } : {}),
			observedGeneration: set.metadata.generation ?? 1,
			...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
		};
		if (!same(status, set.status)) api.updateStatus({ ...as<object>(set as never), status });
	}
}

/** Node of a daemon's pod: where it is, or where its affinity sends it. */
const nodeOf = (pod: Pod): string | undefined =>
	pod.spec.nodeName ??
	pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]
		?.matchFields?.[0]?.values?.[0];
