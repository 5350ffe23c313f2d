/** What a Deployment's status says of its ReplicaSets (pkg/controller/deployment/{sync,progress}.go @ v1.24.0). */
import { parseTime } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { as, type Condition, type Deployment, one, same, type Workload } from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import { fenceposts, statusOf } from './deployment-scale.ts';

/** Conditions as the controller keeps them: what changes goes to the end. */
export interface Conditions {
	readonly list: readonly Condition[];
	get(type: string): Condition | undefined;
	set(type: string, status: Condition['status'], reason: string, message: string): void;
	drop(type: string): void;
}

export function conditionsOf({ timeline }: ClusterContext, deployment: Deployment): Conditions {
	let list = (deployment.status?.conditions ?? []) as readonly Condition[];
	const get = (type: string): Condition | undefined => list.find((c) => c.type === type);
	const drop = (type: string): void => {
		list = list.filter((c) => c.type !== type);
	};
	return {
		get list() {
			return list;
		},
		get,
		drop,
		set(type, status, reason, message) {
			const before = get(type);
			if (before?.status === status && before.reason === reason) return;
			const now = timeline.stamp();
			drop(type);
			const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now;
			list = [...list, { lastTransitionTime, lastUpdateTime: now, message, reason, status, type }];
		},
	};
}

const PROGRESSING = 'Progressing';
const AVAILABLE = 'NewReplicaSetAvailable';
const TIMED_OUT = 'ProgressDeadlineExceeded';
const NEVER = 2 ** 31 - 1;

export const hasDeadline = ({ spec }: Deployment): boolean => (spec.progressDeadlineSeconds ?? NEVER) !== NEVER;

/** Paused and resumed Deployments say so, and their deadline begins anew (checkPausedConditions). */
export function notePause(deployment: Deployment, conditions: Conditions): void {
	if (!hasDeadline(deployment)) return;
	const reason = conditions.get(PROGRESSING)?.reason;
	if (reason === TIMED_OUT) return;
	const paused = deployment.spec.paused === true;
	if (paused && reason !== 'DeploymentPaused')
		conditions.set(PROGRESSING, 'Unknown', 'DeploymentPaused', 'Deployment is paused');
	else if (!paused && reason === 'DeploymentPaused')
		conditions.set(PROGRESSING, 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
}

/**
 * Writes the status. `rolls` is false while the Deployment is paused or was only scaled: then nothing is said of its
 * progress. Answers when the deadline will be over, if one runs.
 */
export function writeStatus(
	cluster: ClusterContext,
	old: Deployment,
	sets: readonly Workload[],
	current: Workload | undefined,
	conditions: Conditions,
	rolls: boolean,
): number | undefined {
	const { api } = cluster;
	const deployment = one<Deployment>(api, 'deployments', old.metadata.namespace, old.metadata.name);
	if (!deployment) return undefined;
	const sum = (field: string) => sets.reduce((total, set) => total + statusOf(set, field), 0);
	const wanted = deployment.spec.replicas ?? 1;
	const [replicas, ready, available] = [sum('replicas'), sum('readyReplicas'), sum('availableReplicas')];
	const asked = sets.reduce((total, set) => total + (set.spec.replicas ?? 1), 0);
	const newest = current && sets.find((set) => set.metadata.uid === current.metadata.uid);
	const updated = newest ? statusOf(newest, 'replicas') : 0;
	if (available >= wanted - fenceposts(deployment).unavailable)
		conditions.set('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.');
	else
		conditions.set(
			'Available',
			'False',
			'MinimumReplicasUnavailable',
			'Deployment does not have minimum availability.',
		);
	if (!hasDeadline(deployment)) conditions.drop(PROGRESSING);
	else if (rolls) noteProgress();
	const failure = (newest ? [newest, ...sets] : sets)
		.flatMap((set) => (set.status?.conditions ?? []) as readonly Condition[])
		.find((c) => c.type === 'ReplicaFailure');
	if (failure) conditions.set('ReplicaFailure', failure.status, failure.reason ?? '', failure.message ?? '');
	else conditions.drop('ReplicaFailure');
	const status = {
		...(available > 0 ? { availableReplicas: available } : {}),
		conditions: conditions.list,
		observedGeneration: deployment.metadata.generation ?? 1,
		...(ready > 0 ? { readyReplicas: ready } : {}),
		...(replicas > 0 ? { replicas } : {}),
		...(asked > available ? { unavailableReplicas: asked - available } : {}),
		...(updated > 0 ? { updatedReplicas: updated } : {}),
	};
	if (!same(status, deployment.status)) api.updateStatus({ ...as<object>(deployment as never), status });
	return left();

	function noteProgress(): void {
		const before = deployment!;
		const reason = conditions.get(PROGRESSING)?.reason;
		if (replicas === updated && reason === AVAILABLE) return;
		const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${before.metadata.name}"`;
		const complete = updated === wanted && replicas === wanted && available === wanted;
		if (complete) {
			conditions.set(PROGRESSING, 'True', AVAILABLE, `${subject} has successfully progressed.`);
			return;
		}
		const was = (field: string): number => statusOf(before, field);
		const goesOn =
			updated > was('updatedReplicas') ||
			replicas - updated < was('replicas') - was('updatedReplicas') ||
			ready > was('readyReplicas') ||
			available > was('availableReplicas');
		if (goesOn) {
			const text = `${subject} is progressing.`;
			const held = conditions.get(PROGRESSING);
			// The same condition with a later time: the deadline begins anew.
			conditions.drop(PROGRESSING);
			conditions.set(PROGRESSING, 'True', 'ReplicaSetUpdated', text);
			if (held?.status === 'True') {
				const fresh = conditions.get(PROGRESSING)!;
				(fresh as { lastTransitionTime?: string | undefined }).lastTransitionTime = held.lastTransitionTime;
			}
		} else if ((left() ?? 1) <= 0)
			conditions.set(PROGRESSING, 'False', TIMED_OUT, `${subject} has timed out progressing.`);
	}

	/** Microseconds until the deadline is over (DeploymentTimedOut, requeueStuckDeployment). */
	function left(): number | undefined {
		if (!hasDeadline(deployment!) || !rolls) return undefined;
		const condition = conditions.get(PROGRESSING);
		if (!condition || condition.reason === AVAILABLE || condition.reason === TIMED_OUT) return undefined;
		const from = parseTime(String(condition.lastUpdateTime ?? '')) ?? api.now();
		return (from + Number(deployment!.spec.progressDeadlineSeconds) + 1 - api.now()) * SECOND;
	}
}
