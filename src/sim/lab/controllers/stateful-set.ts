/** StatefulSets: pods by number, one after the other. Source: kubernetes pkg/controller/statefulset @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	as,
	isDone,
	isReady,
	keyOf,
	type Labels,
	one,
	type Pod,
	same,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import { hashName } from '../cluster/names.ts';
import { minorOf } from '../machine/node-images.ts';
import type { Controller } from './loop.ts';
import { createPodControl, creationBudget, keysOfOwner, podsOf } from './owned-pods.ts';

const HASH = 'controller-revision-hash';

interface StatefulSet extends Workload {
	readonly spec: Workload['spec'] & {
		readonly serviceName?: string;
		readonly volumeClaimTemplates?: readonly {
			readonly metadata: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels };
			readonly spec: { readonly [key: string]: unknown };
		}[];
	};
}

/** A claim of its own for each template and pod, which stays when the pod goes; as volumes of the pod. */
function ensureClaims({ api, record }: ClusterContext, set: StatefulSet, ordinal: number) {
	const { name: owner, namespace } = set.metadata;
	return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => {
		const name = `${metadata.name}-${owner}-${ordinal}`;
		if (!one(api, 'persistentvolumeclaims', namespace, name)) {
			const { matchLabels = {} } = set.spec.selector;
			const made = api.create({
				apiVersion: 'v1',
				kind: 'PersistentVolumeClaim',
				metadata: { ...metadata, name, namespace, labels: { ...metadata.labels, ...matchLabels } },
				spec,
			} as never);
			const text = `create Claim ${name} Pod ${owner}-${ordinal} in StatefulSet ${owner}`;
			if (made.error)
				record.record(SOURCE, set, 'Warning', 'FailedCreate', `${text} failed error: ${made.error.message}`);
			else record.record(SOURCE, set, 'Normal', 'SuccessfulCreate', `${text} success`);
		}
		return { name: metadata.name, persistentVolumeClaim: { claimName: name } };
	});
}

const SOURCE = { component: 'statefulset-controller' };

const ordinalOf = (pod: Pod): number => Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);

export function statefulSetController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	const budget = creationBudget(cluster);
	const control = createPodControl(cluster, 'statefulset-controller', {
		created: (pod, set) => `create Pod ${pod} in StatefulSet ${set} successful`,
		refused: (pod, set, error) => `create Pod ${pod} in StatefulSet ${set} failed error: ${error}`,
		deleted: (pod, set) => `delete Pod ${pod} in StatefulSet ${set} successful`,
	});

	const create = (set: StatefulSet, ordinal: number, hash: string): void => {
		const name = `${set.metadata.name}-${ordinal}`;
		const { template, serviceName = '' } = set.spec;
		const claims = ensureClaims(cluster, set, ordinal);
		const volumes = (template.spec.volumes ?? []).filter((volume) => !claims.some((c) => c.name === volume.name));
		control.create(set, template, {
			name,
			labels: {
				[HASH]: hash,
				'statefulset.kubernetes.io/pod-name': name,
				...(minorOf(api.version) >= 28 ? { 'apps.kubernetes.io/pod-index': String(ordinal) } : {}),
			},
			spec: {
				...template.spec,
				hostname: name,
				subdomain: serviceName,
				...(claims.length > 0 || template.spec.volumes ? { volumes: [...claims, ...volumes] } : {}),
			},
		});
	};
	const { remove } = control;

	/** One step; pods that are not ready hold up the next, unless they may come in parallel. */
	const step = (set: StatefulSet, pods: readonly Pod[], hash: string): void => {
		const wanted = set.spec.replicas ?? 1;
		const parallel = set.spec.podManagementPolicy === 'Parallel';
		const key = keyOf(set);
		let room = parallel ? budget.take(key, wanted - pods.length) : 1;
		for (let ordinal = 0; ordinal < wanted; ordinal++) {
			const pod = pods.find((p) => ordinalOf(p) === ordinal);
			if (!pod && room-- <= 0) return;
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
		keys: keysOfOwner('StatefulSet'),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<StatefulSet>(api, 'statefulsets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return undefined;
			const podsNow = (): readonly Pod[] => podsOf(cluster, set);
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
			const now = one<StatefulSet>(api, 'statefulsets', namespace, name);
			if (now && !same(status, now.status)) api.updateStatus({ ...as<object>(now as never), status });
			return budget.wait(key);
		},
	};
}
