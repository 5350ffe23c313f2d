/** StatefulSets: pods by number, one after the other. Source: kubernetes pkg/controller/statefulset @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	controllerOf,
	isDone,
	isReady,
	keyOf,
	one,
	ownedBy,
	ownerRef,
	type Pod,
	removeOne,
	same,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import { hashName } from '../cluster/names.ts';
import type { Controller } from './loop.ts';

const SOURCE = { component: 'statefulset-controller' };
const HASH = 'controller-revision-hash';

const ordinalOf = (pod: Pod): number => Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);

export function statefulSetController(cluster: ClusterContext): Controller {
	const { api } = cluster;

	const create = (set: Workload, ordinal: number, hash: string): void => {
		const name = `${set.metadata.name}-${ordinal}`;
		const { template } = set.spec;
		const created = api.create({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: {
				name,
				generateName: `${set.metadata.name}-`,
				namespace: set.metadata.namespace,
				labels: { ...template.metadata?.labels, [HASH]: hash, 'statefulset.kubernetes.io/pod-name': name },
				...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
				ownerReferences: [ownerRef(set)],
			},
			spec: { ...template.spec, hostname: name, subdomain: set.spec.serviceName ?? '' },
		});
		const text = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
		if (created.error)
			cluster.record.record(SOURCE, set, 'Warning', 'FailedCreate', `${text} failed error: ${created.error.message}`);
		else cluster.record.record(SOURCE, set, 'Normal', 'SuccessfulCreate', `${text} successful`);
	};
	const remove = (set: Workload, pod: Pod): void => {
		removeOne(api, 'pods', pod.metadata.namespace, pod.metadata.name);
		const text = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
		cluster.record.record(SOURCE, set, 'Normal', 'SuccessfulDelete', text);
	};

	/** One step; pods that are not ready hold up the next, unless they may come in parallel. */
	const step = (set: Workload, pods: readonly Pod[], hash: string): void => {
		const wanted = set.spec.replicas ?? 1;
		const parallel = set.spec.podManagementPolicy === 'Parallel';
		for (let ordinal = 0; ordinal < wanted; ordinal++) {
			const pod = pods.find((p) => ordinalOf(p) === ordinal);
			if (!pod) create(set, ordinal, hash);
			else if (isDone(pod)) remove(set, pod);
			if (!parallel && !(pod && isReady(pod) && pod.metadata.deletionTimestamp === undefined)) return;
		}
		const surplus = pods.filter((p) => ordinalOf(p) >= wanted).sort((a, b) => ordinalOf(b) - ordinalOf(a));
		if (surplus.some((p) => p.metadata.deletionTimestamp !== undefined) && !parallel) return;
		for (const pod of parallel ? surplus : surplus.slice(0, 1)) remove(set, pod);
		if (surplus.length > 0 || (set.spec.updateStrategy as { type?: string } | undefined)?.type === 'OnDelete') return;
		// Updates go from the last to the first, each once the one before is ready.
		const old = [...pods].sort((a, b) => ordinalOf(b) - ordinalOf(a)).find((p) => p.metadata.labels?.[HASH] !== hash);
		if (old && pods.every((p) => isReady(p) && p.metadata.deletionTimestamp === undefined)) remove(set, old);
	};

	return {
		name: 'statefulset',
		keys({ object }) {
			if (object.kind === 'StatefulSet') return [keyOf(object)];
			const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
			return owner?.kind === 'StatefulSet' ? [`${object.metadata.namespace}/${owner.name}`] : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<Workload>(api, 'statefulsets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return undefined;
			const podsNow = (): readonly Pod[] => all<Pod>(api, 'pods', { namespace }).filter((p) => ownedBy(p, set));
			const hash = `${name}-${hashName(set.spec.template)}`;
			step(set, podsNow(), hash);
			const live = podsNow().filter((p) => p.metadata.deletionTimestamp === undefined && !isDone(p));
			const ready = live.filter(isReady).length;
			const updated = live.filter((p) => p.metadata.labels?.[HASH] === hash).length;
			const complete = updated === live.length && live.length === (set.spec.replicas ?? 1);
			const status = {
				availableReplicas: ready,
				collisionCount: 0,
				currentReplicas: complete ? updated : live.length - updated,
				currentRevision: complete ? hash : (set.status?.currentRevision ?? hash),
				observedGeneration: set.metadata.generation ?? 1,
				...(ready > 0 ? { readyReplicas: ready } : {}),
				replicas: live.length,
				updateRevision: hash,
				...(updated > 0 ? { updatedReplicas: updated } : {}),
			};
			const now = one<Workload>(api, 'statefulsets', namespace, name);
			if (now && !same(status, now.status)) api.updateStatus({ ...as<object>(now as never), status });
			return undefined;
		},
	};
}
