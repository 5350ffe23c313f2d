/** Deployments by ReplicaSets, one for each template. Source: kubernetes pkg/controller/deployment @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	canonical,
	controllerOf,
	type Deployment,
	keyOf,
	one,
	ownedBy,
	ownerRef,
	type Pod,
	type PodTemplate,
	removeOne,
	same,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import { hashName } from '../cluster/names.ts';
import { minorOf } from '../machine/node-images.ts';
import { statusOf, writeStatus } from './deployment-status.ts';
import { intOrPercent } from './int-or-percent.ts';
import type { Controller } from './loop.ts';

const SOURCE = { component: 'deployment-controller' };
const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

const replicasOf = (set: Workload): number => set.spec.replicas ?? 1;
/** What a ReplicaSet does not take over of its Deployment's annotations (deployment_util.go annotationsToSkip @ v1.24.0). */
const OWN_ANNOTATIONS = new Set([
	'kubectl.kubernetes.io/last-applied-configuration',
	REVISION,
	'deployment.kubernetes.io/revision-history',
	'deployment.kubernetes.io/desired-replicas',
	'deployment.kubernetes.io/max-replicas',
	'deprecated.deployment.rollback.to',
]);

const handedOn = (deployment: Workload): Record<string, string> =>
	Object.fromEntries(
		Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.has(key)),
	);

const revisionOf = (set: Workload): number => Number(set.metadata.annotations?.[REVISION] ?? 0);

/** How often is looked whether the pods of older sets have gone, microseconds. */
const LOOK = 200_000;

export function deploymentController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	const minor = minorOf(api.version);

	const setsOf = (deployment: Deployment): readonly Workload[] =>
		all<Workload>(api, 'replicasets', { namespace: deployment.metadata.namespace ?? '' })
			.filter((set) => ownedBy(set, deployment))
			.sort((a, b) => revisionOf(a) - revisionOf(b));

	const scale = (deployment: Deployment, set: Workload, replicas: number): void => {
		const from = replicasOf(set);
		if (from === replicas) return;
		const now = one<Workload>(api, 'replicasets', set.metadata.namespace, set.metadata.name);
		if (!now) return;
		api.update({ ...as<object>(now as never), spec: { ...now.spec, replicas } });
		const way = replicas > from ? 'up' : 'down';
		cluster.record.record(
			SOURCE,
			deployment,
			'Normal',
			'ScalingReplicaSet',
			`Scaled ${way} replica set ${set.metadata.name} to ${replicas}${minor >= 25 && from > 0 ? ` from ${from}` : minor >= 32 ? ` from ${from}` : ''}`,
		);
	};

	/** Without the label of the hash; maps that are empty are none. */
	const templateOf = ({ metadata, ...rest }: PodTemplate): unknown => {
		const { [HASH]: _hash, ...labels } = metadata?.labels ?? {};
		const annotations = metadata?.annotations ?? {};
		return { ...rest, metadata: { ...(Object.keys(annotations).length > 0 ? { annotations } : {}), labels } };
	};

	const newSet = (deployment: Deployment, sets: readonly Workload[]): Workload | undefined => {
		const wanted = templateOf(deployment.spec.template);
		const found = sets.find((set) => sameTemplate(templateOf(set.spec.template), wanted));
		const top = Math.max(0, ...sets.map(revisionOf));
		if (found) {
			const revision = revisionOf(found) === top ? top : top + 1;
			const annotations = { ...found.metadata.annotations, ...handedOn(deployment), [REVISION]: String(revision) };
			if (!same(annotations, found.metadata.annotations))
				api.update({ ...as<object>(found as never), metadata: { ...found.metadata, annotations } });
			return one<Workload>(api, 'replicasets', found.metadata.namespace, found.metadata.name);
		}
		const { template, selector } = deployment.spec;
		const hash =
			(revisionOf(deployment) === 0 ? cluster.pins.templateHash?.[keyOf(deployment)] : undefined) ?? hashName(wanted);
		const labels = { ...template.metadata?.labels, [HASH]: hash };
		const replicas = deployment.spec.replicas ?? 1;
		const created = api.create({
			apiVersion: 'apps/v1',
			kind: 'ReplicaSet',
			metadata: {
				name: `${deployment.metadata.name}-${hash}`,
				namespace: deployment.metadata.namespace,
				labels,
				annotations: {
					...handedOn(deployment),
					'deployment.kubernetes.io/desired-replicas': String(replicas),
					'deployment.kubernetes.io/max-replicas': String(replicas + surgeOf(deployment)),
					[REVISION]: String(top + 1),
				},
				ownerReferences: [ownerRef(deployment)],
			},
			spec: {
				replicas: 0,
				selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
				template: { ...template, metadata: { ...template.metadata, labels } },
			},
		});
		return created.error ? undefined : as<Workload>(created.value);
	};

	return {
		name: 'deployment',
		keys({ object }) {
			if (object.kind === 'Deployment') return [keyOf(object)];
			const owner = object.kind === 'ReplicaSet' ? controllerOf(object) : undefined;
			return owner?.kind === 'Deployment' ? [`${object.metadata.namespace}/${owner.name}`] : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const deployment = one<Deployment>(api, 'deployments', namespace, name);
			if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return undefined;
			const current = deployment.spec.paused ? undefined : newSet(deployment, setsOf(deployment));
			const sets = setsOf(deployment);
			let waits = false;
			if (current) {
				const annotated = one<Deployment>(api, 'deployments', namespace, name)!;
				const revision = current.metadata.annotations?.[REVISION] ?? '1';
				if (annotated.metadata.annotations?.[REVISION] !== revision)
					api.update(
						{
							...as<object>(annotated as never),
							metadata: {
								...annotated.metadata,
								annotations: { ...annotated.metadata.annotations, [REVISION]: revision },
							},
						},
						// The controller writes it with the status.
						{ subresource: 'status' },
					);
				const old = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
				if (deployment.spec.strategy?.type === 'Recreate') waits = recreate(deployment, current, old);
				else roll(deployment, current, old);
				prune(deployment, old);
			}
			const written = one<Deployment>(api, 'deployments', namespace, name);
			if (written) writeStatus(cluster, written, setsOf(written), current);
			return waits ? LOOK : undefined;
		},
	};

	function surgeOf(deployment: Deployment): number {
		return intOrPercent(
			deployment.spec.strategy?.rollingUpdate?.maxSurge,
			deployment.spec.replicas ?? 1,
			true,
			Math.ceil((deployment.spec.replicas ?? 1) / 4),
		);
	}

	function roll(deployment: Deployment, current: Workload, old: readonly Workload[]): void {
		const wanted = deployment.spec.replicas ?? 1;
		const surge = surgeOf(deployment);
		const unavailable = intOrPercent(
			deployment.spec.strategy?.rollingUpdate?.maxUnavailable,
			wanted,
			false,
			Math.floor(wanted / 4),
		);
		// A value of nothing for both would stop every rollout (ResolveFenceposts).
		const spare = surge === 0 && unavailable === 0 ? 1 : unavailable;
		const total = [...old, current].reduce((sum, set) => sum + replicasOf(set), 0);
		if (replicasOf(current) > wanted) {
			scale(deployment, current, wanted);
			return;
		}
		if (replicasOf(current) < wanted) {
			const room = wanted + surge - total;
			if (room > 0) {
				scale(deployment, current, replicasOf(current) + Math.min(room, wanted - replicasOf(current)));
				return;
			}
		}
		let excess = total - (wanted - spare) - (replicasOf(current) - statusOf(current, 'availableReplicas'));
		if (excess <= 0) return;
		// Those that do not work go first; then as many as are available beyond the minimum.
		const left = new Map(old.map((set) => [set, replicasOf(set)] as const));
		for (const set of old) {
			const sick = Math.min(left.get(set)! - statusOf(set, 'availableReplicas'), excess);
			if (sick <= 0) continue;
			left.set(set, left.get(set)! - sick);
			excess -= sick;
		}
		let available =
			[...old, current].reduce((sum, set) => sum + statusOf(set, 'availableReplicas'), 0) - (wanted - spare);
		for (const set of old) {
			const healthy = Math.min(left.get(set)!, Math.max(0, available));
			left.set(set, left.get(set)! - healthy);
			available -= healthy;
		}
		for (const [set, replicas] of left) scale(deployment, set, replicas);
	}

	/** Whether pods of older sets are still there: the new one has none until then. */
	function recreate(deployment: Deployment, current: Workload, old: readonly Workload[]): boolean {
		for (const set of old) scale(deployment, set, 0);
		const busy = all<Pod>(api, 'pods', { namespace: deployment.metadata.namespace ?? '' }).some((pod) =>
			old.some((set) => ownedBy(pod, set)),
		);
		if (!busy) scale(deployment, current, deployment.spec.replicas ?? 1);
		return busy;
	}

	function prune(deployment: Deployment, old: readonly Workload[]): void {
		const idle = old.filter((set) => replicasOf(set) === 0 && statusOf(set, 'replicas') === 0);
		const limit = deployment.spec.revisionHistoryLimit ?? 10;
		for (const set of idle.slice(0, Math.max(0, idle.length - limit)))
			removeOne(api, 'replicasets', set.metadata.namespace, set.metadata.name);
	}
}

/** Compared without regard to the order of keys. */
function sameTemplate(a: unknown, b: unknown): boolean {
	return canonical(a) === canonical(b);
}
