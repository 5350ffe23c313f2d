/**
 * How many pods each ReplicaSet of a Deployment is to have: while it rolls, when it starts anew, when it is scaled in
 * the middle of either.
 *
 * Source: kubernetes pkg/controller/deployment/{sync,rolling,recreate}.go, util/deployment_util.go @ v1.24.0.
 */
import type { ClusterContext } from '../cluster/context.ts';
import { all, as, type Deployment, one, ownedBy, type Pod, same, type Workload } from '../cluster/kinds.ts';
import { minorOf } from '../machine/node-images.ts';
import { intOrPercent } from './int-or-percent.ts';

const SOURCE = { component: 'deployment-controller' };
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MOST = 'deployment.kubernetes.io/max-replicas';

export const statusOf = (object: Workload, field: string): number => Number(object.status?.[field] ?? 0);
export const replicasOf = (set: Workload): number => set.spec.replicas ?? 1;
const isActive = (set: Workload): boolean => replicasOf(set) > 0;
const total = (sets: readonly Workload[]): number => sets.reduce((sum, set) => sum + replicasOf(set), 0);

/** How many may be missing, and how many may be there beyond what is wanted. */
export function fenceposts({ spec }: Deployment): { readonly surge: number; readonly unavailable: number } {
	const wanted = spec.replicas ?? 1;
	if (spec.strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
	const rolling = spec.strategy?.rollingUpdate;
	const surge = intOrPercent(rolling?.maxSurge, wanted, true, Math.ceil(wanted / 4));
	const unavailable = intOrPercent(rolling?.maxUnavailable, wanted, false, Math.floor(wanted / 4));
	// A value of nothing for both would stop every rollout (ResolveFenceposts).
	return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, wanted) };
}

/** What a ReplicaSet is told of the Deployment's size. */
export const sizeAnnotations = (deployment: Deployment): Readonly<Record<string, string>> => {
	const wanted = deployment.spec.replicas ?? 1;
	return { [DESIRED]: String(wanted), [MOST]: String(wanted + fenceposts(deployment).surge) };
};

export function createScaling({ api, record }: ClusterContext) {
	const minor = minorOf(api.version);

	const scale = (deployment: Deployment, set: Workload, replicas: number): void => {
		const now = one<Workload>(api, 'replicasets', set.metadata.namespace, set.metadata.name);
		if (!now) return;
		const from = replicasOf(now);
		const annotations = { ...now.metadata.annotations, ...sizeAnnotations(deployment) };
		if (from === replicas && same(annotations, now.metadata.annotations)) return;
		api.update({
			...as<object>(now as never),
			metadata: { ...now.metadata, annotations },
			spec: { ...now.spec, replicas },
		});
		if (from !== replicas) tell(deployment, set, from, replicas);
	};

	const tell = (deployment: Deployment, set: Workload, from: number, replicas: number): void => {
		// `Scaled up replica set coredns-674b8bbfcf from 0 to 2` (pkg/controller/deployment/sync.go @ v1.33.0).
		const sizes =
			minor >= 32 ? `from ${from} to ${replicas}` : `to ${replicas}${minor >= 25 && from > 0 ? ` from ${from}` : ''}`;
		const text = `Scaled ${replicas > from ? 'up' : 'down'} replica set ${set.metadata.name} ${sizes}`;
		record.record(SOURCE, deployment, 'Normal', 'ScalingReplicaSet', text);
	};

	/** How large a new set begins (deployment_util.go NewRSNewReplicas). */
	const sizeOfNew = (deployment: Deployment, old: readonly Workload[]): number => {
		const wanted = deployment.spec.replicas ?? 1;
		if (deployment.spec.strategy?.type === 'Recreate') return wanted;
		return Math.max(0, Math.min(wanted + fenceposts(deployment).surge - total(old), wanted));
	};

	/** Whether the Deployment was given another size since its ReplicaSets were (isScalingEvent). */
	const isScaled = (deployment: Deployment, sets: readonly Workload[]): boolean =>
		sets.some((set) => {
			const desired = set.metadata.annotations?.[DESIRED];
			return isActive(set) && desired !== undefined && Number(desired) !== (deployment.spec.replicas ?? 1);
		});

	/** Another size while several ReplicaSets have pods: each gets its share (scale(), GetProportion()). */
	const resize = (deployment: Deployment, sets: readonly Workload[], current: Workload | undefined): void => {
		const wanted = deployment.spec.replicas ?? 1;
		const active = sets.filter(isActive);
		const only = active.length === 1 ? active[0] : active.length === 0 ? (current ?? sets.at(-1)) : undefined;
		if (only) {
			scale(deployment, only, wanted);
			return;
		}
		if (current && replicasOf(current) === wanted && statusOf(current, 'availableReplicas') === wanted) {
			for (const set of active) if (set.metadata.uid !== current.metadata.uid) scale(deployment, set, 0);
			return;
		}
		if (deployment.spec.strategy?.type === 'Recreate') return;
		const allowed = wanted > 0 ? wanted + fenceposts(deployment).surge : 0;
		const toAdd = allowed - total(active);
		const newer = (a: Workload, b: Workload): number => sets.indexOf(b) - sets.indexOf(a);
		const ordered = [...active].sort(
			(a, b) => replicasOf(b) - replicasOf(a) || (toAdd > 0 ? newer(a, b) : newer(b, a)),
		);
		let added = 0;
		const sizes = ordered.map((set) => {
			const most = Number(set.metadata.annotations?.[MOST]) || Number(deployment.status?.replicas ?? 0) || 1;
			const exact = wanted === 0 ? 0 : Math.round((replicasOf(set) * allowed) / most);
			const fraction = exact - replicasOf(set);
			const left = toAdd - added;
			const share = left === 0 ? 0 : toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
			added += share;
			return replicasOf(set) + share;
		});
		for (const [i, set] of ordered.entries())
			scale(deployment, set, i === 0 ? Math.max(0, sizes[0]! + toAdd - added) : sizes[i]!);
	};

	/** One step of a rolling update. */
	const roll = (deployment: Deployment, current: Workload, old: readonly Workload[]): void => {
		const wanted = deployment.spec.replicas ?? 1;
		const { surge, unavailable } = fenceposts(deployment);
		const size = total([...old, current]);
		if (replicasOf(current) > wanted) {
			scale(deployment, current, wanted);
			return;
		}
		if (replicasOf(current) < wanted) {
			const room = wanted + surge - size;
			if (room > 0) {
				scale(deployment, current, replicasOf(current) + Math.min(room, wanted - replicasOf(current)));
				return;
			}
		}
		const least = wanted - unavailable;
		let excess = size - least - (replicasOf(current) - statusOf(current, 'availableReplicas'));
		if (excess <= 0) return;
		// Those that do not work go first; then as many as are available beyond the minimum.
		const left = new Map(old.map((set) => [set, replicasOf(set)] as const));
		for (const set of old) {
			const sick = Math.min(left.get(set)! - statusOf(set, 'availableReplicas'), excess);
			if (sick <= 0) continue;
			left.set(set, left.get(set)! - sick);
			excess -= sick;
		}
		let available = [...old, current].reduce((sum, set) => sum + statusOf(set, 'availableReplicas'), 0) - least;
		for (const set of old) {
			const healthy = Math.min(left.get(set)!, Math.max(0, available));
			left.set(set, left.get(set)! - healthy);
			available -= healthy;
		}
		for (const [set, replicas] of left) if (replicas !== replicasOf(set)) scale(deployment, set, replicas);
	};

	/** All of it at once. */
	const fill = (deployment: Deployment, current: Workload): void =>
		scale(deployment, current, deployment.spec.replicas ?? 1);

	/** Takes older sets down; whether pods of theirs are still there: the new one has none until then. */
	const clear = (deployment: Deployment, old: readonly Workload[]): boolean => {
		for (const set of old) if (isActive(set)) scale(deployment, set, 0);
		return all<Pod>(api, 'pods', { namespace: deployment.metadata.namespace ?? '' }).some((pod) =>
			old.some((set) => ownedBy(pod, set)),
		);
	};

	return { isScaled, resize, roll, clear, fill, sizeOfNew, tell };
}
