/**
 * ControllerRevisions: the templates a DaemonSet or StatefulSet has had.
 *
 * Source: kubernetes pkg/controller/history/controller_history.go, daemon/update.go (constructHistory, cleanupHistory),
 * statefulset/stateful_set_control.go (getStatefulSetRevisions, truncateHistory) @ v1.24.0.
 */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	canonical,
	controllerOf,
	type Labels,
	type ObjectView,
	ownedBy,
	ownerRef,
	type PodTemplate,
	removeOne,
	selectorMatches,
	type Workload,
} from '../cluster/kinds.ts';
import { hashName } from '../cluster/names.ts';

/** The label of pods that says which revision they are of. */
export const REVISION_LABEL = 'controller-revision-hash';

export interface Revision extends ObjectView {
	readonly revision: number;
	readonly data: { readonly spec: { readonly template: PodTemplate & { readonly $patch: 'replace' } } };
}

/** Revisions that nobody has and whose labels match are the workload's own (AdoptOrphanRevisions). */
function adopt({ api }: ClusterContext, owner: Workload): void {
	for (const revision of all<Revision>(api, 'controllerrevisions', { namespace: owner.metadata.namespace ?? '' })) {
		if (controllerOf(revision) || !selectorMatches(owner.spec.selector, revision.metadata.labels)) continue;
		const ownerReferences = [...(revision.metadata.ownerReferences ?? []), ownerRef(owner)];
		api.update({ ...revision, metadata: { ...revision.metadata, ownerReferences } } as never);
	}
}

/** All revisions of a workload, oldest first. */
export const revisionsOf = ({ api }: ClusterContext, owner: ObjectView): readonly Revision[] =>
	all<Revision>(api, 'controllerrevisions', { namespace: owner.metadata.namespace ?? '' })
		.filter((revision) => ownedBy(revision, owner))
		.sort((a, b) => a.revision - b.revision);

/** The template a revision stands for. */
export const templateOf = ({ data }: Revision): PodTemplate => {
	const { $patch: _, ...template } = data.spec.template;
	return template;
};

/** The revision of the template as it is now; it is made, or numbered anew, when it is not the newest. */
export function currentRevision(
	cluster: ClusterContext,
	owner: Workload,
	labels: (hash: string) => Labels,
): Revision | undefined {
	const { api } = cluster;
	adopt(cluster, owner);
	const { template } = owner.spec;
	const wanted = canonical(template);
	const revisions = revisionsOf(cluster, owner);
	const newest = revisions.at(-1);
	const next = (newest?.revision ?? 0) + 1;
	const found = revisions.filter((revision) => canonical(templateOf(revision)) === wanted).at(-1);
	if (found !== undefined && found === newest) return found;
	if (found) return api.update({ ...found, revision: next } as never).value as unknown as Revision | undefined;
	const hash = hashName(template);
	const { annotations = {} } = owner.metadata;
	return api.create({
		apiVersion: 'apps/v1',
		kind: 'ControllerRevision',
		metadata: {
			name: `${owner.metadata.name}-${hash}`,
			namespace: owner.metadata.namespace,
			labels: { ...template.metadata?.labels, ...labels(hash) },
			...(Object.keys(annotations).length > 0 ? { annotations } : {}),
			ownerReferences: [ownerRef(owner)],
		},
		data: { spec: { template: { $patch: 'replace', ...template } } },
		revision: next,
	} as never).value as unknown as Revision | undefined;
}

/** Deletes the oldest revisions that nobody uses, but for as many as the history may have. */
export function truncateHistory(cluster: ClusterContext, owner: Workload, live: ReadonlySet<string>): void {
	const limit = Number(owner.spec.revisionHistoryLimit ?? 10);
	const idle = revisionsOf(cluster, owner).filter(({ metadata }) => !live.has(metadata.name));
	for (const { metadata } of idle.slice(0, Math.max(0, idle.length - limit)))
		removeOne(cluster.api, 'controllerrevisions', metadata.namespace, metadata.name);
}
