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
	type PodTemplate,
	removeOne,
	same,
	selectorMatches,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import { hashName } from '../cluster/names.ts';
import { createScaling, replicasOf, sizeAnnotations, statusOf } from './deployment-scale.ts';
import { type Conditions, conditionsOf, hasDeadline, notePause, writeStatus } from './deployment-status.ts';
import type { Controller } from './loop.ts';
import { createRetries } from './owned-pods.ts';

const SOURCE = { component: 'deployment-controller' };
const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

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
	const scaling = createScaling(cluster);
	const retries = createRetries();

	/** ClaimReplicaSets(): sets whose labels are another's now are let go, and those nobody has are taken. */
	function claim(deployment: Deployment): void {
		for (const set of all<Workload>(api, 'replicasets', { namespace: deployment.metadata.namespace ?? '' })) {
			const { ownerReferences = [], labels, deletionTimestamp } = set.metadata;
			const mine = ownedBy(set, deployment);
			if (mine === selectorMatches(deployment.spec.selector, labels) || deletionTimestamp !== undefined) continue;
			if (!mine && controllerOf(set)) continue;
			const owners = mine
				? ownerReferences.filter(({ uid }) => uid !== deployment.metadata.uid)
				: [...ownerReferences, ownerRef(deployment)];
			api.update({ ...as<object>(set as never), metadata: { ...set.metadata, ownerReferences: owners } } as never);
		}
	}

	const setsOf = (deployment: Deployment): readonly Workload[] =>
		all<Workload>(api, 'replicasets', { namespace: deployment.metadata.namespace ?? '' })
			.filter((set) => ownedBy(set, deployment))
			.sort((a, b) => revisionOf(a) - revisionOf(b));

	/** Without the label of the hash; maps that are empty are none. */
	const templateOf = ({ metadata, ...rest }: PodTemplate): unknown => {
		const { [HASH]: _hash, ...labels } = metadata?.labels ?? {};
		const annotations = metadata?.annotations ?? {};
		return { ...rest, metadata: { ...(Object.keys(annotations).length > 0 ? { annotations } : {}), labels } };
	};

	/**
	 * ComputeHash() reads a template's fields in the order of their type, so equal templates have one hash, also in
	 * Deployments apart. Here the first one that is seen gives it, whatever the order somebody wrote its fields in.
	 */
	const hashes = new Map<string, string>();
	const hashOf = (template: unknown): string => hashes.get(canonical(template)) ?? hashName(template);

	/** The ReplicaSet of the template as it is now. */
	const newest = (deployment: Deployment, sets: readonly Workload[]): Workload | undefined => {
		const wanted = canonical(templateOf(deployment.spec.template));
		return sets.find((set) => canonical(templateOf(set.spec.template)) === wanted);
	};

	/** That ReplicaSet with its revision; one that is not there is made, unless it has to wait. */
	const newSet = (
		deployment: Deployment,
		sets: readonly Workload[],
		conditions: Conditions,
		waits: boolean,
	): Workload | undefined => {
		const wanted = templateOf(deployment.spec.template);
		const found = newest(deployment, sets);
		const top = Math.max(0, ...sets.map(revisionOf));
		if (found) {
			const revision = revisionOf(found) === top ? top : top + 1;
			const annotations = { ...found.metadata.annotations, ...handedOn(deployment), [REVISION]: String(revision) };
			const { minReadySeconds } = deployment.spec;
			const spec = minReadySeconds === undefined ? found.spec : { ...found.spec, minReadySeconds };
			if (!same(annotations, found.metadata.annotations) || found.spec.minReadySeconds !== spec.minReadySeconds)
				api.update({ ...as<object>(found as never), metadata: { ...found.metadata, annotations }, spec });
			if (hasDeadline(deployment) && !conditions.get('Progressing'))
				conditions.set('Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${found.metadata.name}"`);
			return one<Workload>(api, 'replicasets', found.metadata.namespace, found.metadata.name);
		}
		if (waits) return undefined;
		const { template, selector } = deployment.spec;
		const replicas = scaling.sizeOfNew(deployment, sets);
		const hash =
			(revisionOf(deployment) === 0 ? cluster.pins.templateHash?.[keyOf(deployment)] : undefined) ?? hashOf(wanted);
		if (!hashes.has(canonical(wanted))) hashes.set(canonical(wanted), hash);
		const labels = { ...template.metadata?.labels, [HASH]: hash };
		const name = `${deployment.metadata.name}-${hash}`;
		const created = api.create({
			apiVersion: 'apps/v1',
			kind: 'ReplicaSet',
			metadata: {
				name,
				namespace: deployment.metadata.namespace,
				labels,
				annotations: {
					...handedOn(deployment),
					...sizeAnnotations(deployment),
					[REVISION]: String(top + 1),
				},
				ownerReferences: [ownerRef(deployment)],
			},
			spec: {
				replicas,
				...(deployment.spec.minReadySeconds ? { minReadySeconds: deployment.spec.minReadySeconds } : {}),
				selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
				template: { ...template, metadata: { ...template.metadata, labels } },
			},
		});
		if (created.error) {
			const text = `Failed to create new replica set "${name}": ${created.error.message}`;
			if (hasDeadline(deployment)) conditions.set('Progressing', 'False', 'ReplicaSetCreateError', text);
			cluster.record.record(SOURCE, deployment, 'Warning', 'ReplicaSetCreateError', text);
			return undefined;
		}
		const set = as<Workload>(created.value);
		if (replicas > 0) scaling.tell(deployment, set, 0, replicas);
		if (hasDeadline(deployment))
			conditions.set('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
		return set;
	};

	return {
		name: 'deployment',
		keys({ object }) {
			if (object.kind === 'Deployment') return [keyOf(object)];
			if (object.kind !== 'ReplicaSet') return [];
			const owner = controllerOf(object);
			// A set that is nobody's may be wanted by any of them.
			if (!owner)
				return all<Deployment>(api, 'deployments', { namespace: object.metadata.namespace ?? '' })
					.filter(({ spec }) => selectorMatches(spec.selector, object.metadata.labels))
					.map(keyOf);
			return owner.kind === 'Deployment' ? [`${object.metadata.namespace}/${owner.name}`] : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const deployment = one<Deployment>(api, 'deployments', namespace, name);
			if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return undefined;
			const conditions = conditionsOf(cluster, deployment);
			notePause(deployment, conditions);
			claim(deployment);
			const before = setsOf(deployment);
			const scaled = deployment.spec.paused === true || scaling.isScaled(deployment, before);
			const others = before.filter((set) => set.metadata.uid !== newest(deployment, before)?.metadata.uid);
			const recreates = deployment.spec.strategy?.type === 'Recreate';
			// A set that is made anew waits until the older ones have no pods (recreate.go rolloutRecreate).
			const waits = !scaled && recreates && scaling.clear(deployment, others);
			const current = scaled ? newest(deployment, before) : newSet(deployment, before, conditions, waits);
			const sets = setsOf(deployment);
			if (scaled) scaling.resize(deployment, sets, current);
			else {
				const old = sets.filter((set) => set.metadata.uid !== current?.metadata.uid);
				if (current) number(deployment, current);
				if (current && recreates && !waits) scaling.fill(deployment, current);
				else if (current && !recreates) scaling.roll(deployment, current, old);
				if (current) prune(deployment, old);
			}
			const left = writeStatus(cluster, deployment, setsOf(deployment), current, conditions, !scaled);
			if (!scaled && !current && !waits) return retries.after(key);
			retries.forget(key);
			return waits ? LOOK : left;
		},
	};

	/** The Deployment carries the number of its newest revision. */
	function number(deployment: Deployment, current: Workload): void {
		const now = one<Deployment>(api, 'deployments', deployment.metadata.namespace, deployment.metadata.name)!;
		const revision = current.metadata.annotations?.[REVISION] ?? '1';
		if (now.metadata.annotations?.[REVISION] === revision) return;
		const annotations = { ...now.metadata.annotations, [REVISION]: revision };
		// The controller writes it with the status.
		api.update({ ...as<object>(now as never), metadata: { ...now.metadata, annotations } }, { subresource: 'status' });
	}

	function prune(deployment: Deployment, old: readonly Workload[]): void {
		const idle = old.filter((set) => replicasOf(set) === 0 && statusOf(set, 'replicas') === 0);
		const limit = deployment.spec.revisionHistoryLimit ?? 10;
		for (const set of idle.slice(0, Math.max(0, idle.length - limit)))
			removeOne(api, 'replicasets', set.metadata.namespace, set.metadata.name);
	}
}
