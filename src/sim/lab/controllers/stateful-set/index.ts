/**
 * StatefulSets: pods by number, one after the other, each with a name and claims that outlive it.
 *
 * Source: kubernetes pkg/controller/statefulset/stateful_set{,_control,_utils}.go @ v1.24.0. A rollout whose newest pod
 * never becomes ready stops there, as it does in reality: the pod has to be deleted by hand, too.
 */
import type { ClusterContext } from '../../cluster/context.ts';
import {
	all,
	availableIn,
	controllerOf,
	isDone,
	keyOf,
	one,
	ownerRef,
	type Pod,
	selectorMatches,
	splitKey,
} from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { intOrPercent } from '../int-or-percent.ts';
import type { Controller } from '../loop.ts';
import { BURST, createPodControl, createRetries, creationBudget, keysOfOwner, podsOf } from '../owned-pods.ts';
import {
	currentRevision,
	REVISION_LABEL,
	type Revision,
	revisionsOf,
	templateOf,
	truncateHistory,
} from '../revisions.ts';
import { claimName, ensureClaims, ownClaims } from './claims.ts';
import { writeStatus } from './status.ts';
import {
	atRevision,
	inRange,
	isRunningAndReady,
	isTerminating,
	ordinalOf,
	revisionOf,
	type StatefulSet,
	startOf,
	wantedOf,
} from './types.ts';

const SOURCE = { component: 'statefulset-controller' };

/** Keeps pods with numbers, and their claims (pkg/controller/statefulset). */
export function statefulSetController(cluster: ClusterContext): Controller {
	const { api, record } = cluster;
	const minor = minorOf(api.version);
	const budget = creationBudget(cluster);
	const retries = createRetries();
	const control = createPodControl(cluster, SOURCE.component, {
		created: (pod, set) => `create Pod ${pod} in StatefulSet ${set} successful`,
		refused: (pod, set, error) => `create Pod ${pod} in StatefulSet ${set} failed error: ${error}`,
		deleted: (pod, set) => `delete Pod ${pod} in StatefulSet ${set} successful`,
	});
	const ownKeys = keysOfOwner('StatefulSet');

	/** Makes a pod at a revision; whether that went well. */
	const create = (set: StatefulSet, ordinal: number, revision: Revision): boolean => {
		const { metadata, spec } = atRevision(set, templateOf(revision));
		const name = `${metadata.name}-${ordinal}`;
		if (ensureClaims(cluster, set, ordinal) !== undefined) return false;
		const claims = (spec.volumeClaimTemplates ?? []).map((template) => ({
			name: template.metadata.name,
			persistentVolumeClaim: { claimName: claimName(template.metadata.name, set, ordinal) },
		}));
		const volumes = (spec.template.spec.volumes ?? []).filter((volume) => !claims.some((c) => c.name === volume.name));
		const error = control.create(set, spec.template, {
			name,
			labels: {
				[REVISION_LABEL]: revision.metadata.name,
				'statefulset.kubernetes.io/pod-name': name,
				...(minor >= 28 ? { 'apps.kubernetes.io/pod-index': String(ordinal) } : {}),
			},
			spec: {
				...spec.template.spec,
				hostname: name,
				subdomain: spec.serviceName ?? '',
				...(claims.length > 0 || spec.template.spec.volumes ? { volumes: [...claims, ...volumes] } : {}),
			},
		});
		return error === undefined;
	};

	/** At which revision a pod that is missing is made (newVersionedStatefulSetPod). */
	const revisionFor = (set: StatefulSet, ordinal: number, current: Revision, update: Revision): Revision => {
		const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
		const old =
			type !== 'OnDelete' &&
			(rollingUpdate === undefined
				? ordinal < startOf(set) + Number(set.status?.currentReplicas ?? 0)
				: ordinal < startOf(set) + (rollingUpdate.partition ?? 0));
		return old ? current : update;
	};

	const unavailable = (set: StatefulSet, pod: Pod | undefined): boolean =>
		!pod ||
		isTerminating(pod) ||
		!isRunningAndReady(pod) ||
		availableIn(pod, set.spec.minReadySeconds, api.now()) !== 0;

	/** Takes the next steps; false when one failed and is to be tried again. */
	const step = (set: StatefulSet, pods: readonly Pod[], current: Revision, update: Revision): boolean => {
		const parallel = set.spec.podManagementPolicy === 'Parallel';
		const start = startOf(set);
		// No more than can be made in one go are looked at, whatever somebody asks for.
		const length = Math.min(wantedOf(set), pods.length + BURST);
		const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
		const replicas = Array.from({ length }, (_, i) => byOrdinal.get(start + i));
		const condemned = pods
			.filter((pod) => ordinalOf(pod) >= 0 && !inRange(set, ordinalOf(pod)))
			.sort((a, b) => ordinalOf(b) - ordinalOf(a));
		const firstUnavailable =
			replicas.find((pod) => unavailable(set, pod)) ?? condemned.findLast((pod) => unavailable(set, pod));
		let room = parallel ? budget.take(keyOf(set), wantedOf(set) - replicas.filter((p) => p).length) : 1;
		let well = true;
		for (const [i, pod] of replicas.entries()) {
			if (!pod) {
				if (room-- <= 0) return well;
				well = create(set, start + i, revisionFor(set, start + i, current, update));
				if (!parallel || !well) return well;
				continue;
			}
			if (isDone(pod)) {
				if (!isTerminating(pod)) {
					if (minor <= 31 && pod.status?.phase === 'Failed')
						record.record(
							SOURCE,
							set,
							'Warning',
							'RecreatingFailedPod',
							`StatefulSet ${keyOf(set)} is recreating failed Pod ${pod.metadata.name}`,
						);
					control.remove(set, pod);
				}
				if (!parallel) return true;
				continue;
			}
			if (pod.status?.phase === 'Pending' && ensureClaims(cluster, set, start + i) !== undefined) return false;
			if (!parallel && unavailable(set, pod)) return true;
		}
		ownClaims(
			cluster,
			set,
			pods.filter((pod) => ordinalOf(pod) >= 0),
		);
		for (const pod of condemned) {
			if (isTerminating(pod)) {
				if (!parallel) return true;
				continue;
			}
			if (!parallel && unavailable(set, pod) && pod !== firstUnavailable) return true;
			control.remove(set, pod);
			if (!parallel) return true;
		}
		if (set.spec.updateStrategy?.type !== 'OnDelete') roll(set, replicas, update.metadata.name);
		return true;
	};

	/** Deletes the last pods that are of another revision, each once those after it are available again. */
	const roll = (set: StatefulSet, replicas: readonly (Pod | undefined)[], revision: string): void => {
		const { partition = 0, maxUnavailable } = set.spec.updateStrategy?.rollingUpdate ?? {};
		// MaxUnavailableStatefulSet is on by default from 1.35.
		const most = minor >= 35 ? Math.max(1, intOrPercent(maxUnavailable, wantedOf(set), true, 1)) : 1;
		let missing = most > 1 ? replicas.filter((pod) => unavailable(set, pod)).length : 0;
		for (const pod of replicas.slice(partition).reverse()) {
			if (missing >= most) return;
			if (pod && revisionOf(pod) !== revision && !isTerminating(pod)) {
				control.remove(set, pod);
				missing++;
			} else if (most === 1 && unavailable(set, pod)) return;
		}
	};

	/** Pods that carry a name of the set's and match it, and that nobody has, are its own. */
	const adopt = (set: StatefulSet): void => {
		const { namespace = '', name } = set.metadata;
		for (const pod of all<Pod>(api, 'pods', { namespace })) {
			if (controllerOf(pod) || isTerminating(pod) || !selectorMatches(set.spec.selector, pod.metadata.labels)) continue;
			if (pod.metadata.name.replace(/-\d+$/, '') !== name || ordinalOf(pod) < 0) continue;
			const ownerReferences = [...(pod.metadata.ownerReferences ?? []), ownerRef(set)];
			api.update({ ...pod, metadata: { ...pod.metadata, ownerReferences } } as never);
		}
	};

	return {
		name: 'statefulset',
		keys: (event) => {
			const { object } = event;
			if (object.kind !== 'Pod' || controllerOf(object)) return ownKeys(event);
			return all<StatefulSet>(api, 'statefulsets', { namespace: object.metadata.namespace ?? '' })
				.filter((set) => selectorMatches(set.spec.selector, object.metadata.labels))
				.map(keyOf);
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<StatefulSet>(api, 'statefulsets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return undefined;
			const update = currentRevision(cluster, set, (hash) => ({ 'controller.kubernetes.io/hash': hash }));
			if (!update) return retries.after(key);
			adopt(set);
			const current = revisionsOf(cluster, set).find((r) => r.metadata.name === set.status?.currentRevision) ?? update;
			const well = step(set, podsOf(cluster, set), current, update);
			const pods = podsOf(cluster, set);
			writeStatus(cluster, set, pods, { current: current.metadata.name, update: update.metadata.name });
			truncateHistory(
				cluster,
				set,
				new Set([current.metadata.name, update.metadata.name, ...pods.map((pod) => revisionOf(pod) ?? '')]),
			);
			if (!well) return retries.after(key);
			retries.forget(key);
			const waits = pods
				.map((pod) => availableIn(pod, set.spec.minReadySeconds, api.now()) ?? 0)
				.filter((micros) => micros > 0);
			const again = budget.wait(key);
			return waits.length > 0 ? Math.min(...waits, again ?? Number.POSITIVE_INFINITY) : again;
		},
	};
}
