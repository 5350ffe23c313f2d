/**
 * `kubectl apply --prune`: what was applied before and is in no file now goes.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/prune.go, pkg/util/prune/prune.go @ v0.24.0.
 */
import type { ApiObject, Resource } from '../../../../sim/api/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { text } from '../../print/index.ts';
import { selectorsOf } from '../../targets.ts';
import { cascadeOf } from '../delete.ts';
import { raiseStatus } from '../faults.ts';
import type { DryRun, OperationPrinter } from '../output.ts';
import type { Applied } from './applied.ts';
import { lastApplied } from './last-applied.ts';

/** Group, version and kind of what is pruned unless somebody says otherwise. */
const DEFAULT =
	'core/v1/ConfigMap core/v1/Endpoints core/v1/Namespace core/v1/PersistentVolumeClaim core/v1/PersistentVolume core/v1/Pod core/v1/ReplicationController core/v1/Secret core/v1/Service batch/v1/Job batch/v1/CronJob networking.k8s.io/v1/Ingress apps/v1/DaemonSet apps/v1/Deployment apps/v1/ReplicaSet apps/v1/StatefulSet'.split(
		' ',
	);

function resourceOf(kube: Kube, text: string): Resource {
	const parts = text.split('/');
	if (parts.length !== 3) return fail(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
	const [group, version, kind] = parts as [string, string, string];
	const found = kube.api
		.resources()
		.find(
			(item) =>
				item.kind === kind &&
				item.group === (group === 'core' ? '' : group) &&
				(item.version === version || item.served?.includes(version)),
		);
	return found ?? fail(`no matches for kind "${kind}" in version "${group === 'core' ? '' : `${group}/`}${version}"`);
}

/** The kinds `--prune` is about; throws kubectl's words for what is none. */
export function checkAllowlist(kube: Kube): readonly Resource[] {
	const { flags } = kube.run;
	if (!flags.on('prune')) return [];
	const given = [...flags.list('prune-whitelist'), ...flags.list('prune-allowlist')];
	const kinds = (given.length > 0 ? given : DEFAULT).map((kind) => resourceOf(kube, kind));
	return [...kinds.filter((kind) => kind.namespaced), ...kinds.filter((kind) => !kind.namespaced)];
}

/** Deletes what has the annotation of apply, in the namespaces of what was applied now, and was not applied now. */
export function prune(
	kube: Kube,
	visited: readonly Applied[],
	kinds: readonly Resource[],
	dry: DryRun,
	print: OperationPrinter,
): void {
	const { api, run } = kube;
	const uids = new Set(visited.map(({ object }) => text(object, 'metadata', 'uid')));
	const namespaces = [...new Set(visited.map(({ object }) => text(object, 'metadata', 'namespace')))].filter(Boolean);
	const grace = run.flags.number('grace-period');
	const one = (resource: Resource, object: ApiObject): void => {
		const { name, namespace, uid } = object.metadata;
		if (lastApplied(object) === undefined || uids.has(uid)) return;
		if (dry !== 'client') {
			const gone = api.delete(resource, namespace, name, {
				propagation: cascadeOf(run),
				dryRun: dry === 'server',
				...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
			});
			if (gone.error) raiseStatus(gone.error);
		}
		print(resource, name, object, 'pruned');
	};
	for (const namespace of namespaces)
		for (const resource of kinds.filter((kind) => kind.namespaced))
			for (const object of api.list(resource, { namespace, ...selectorsOf(kube, resource) })) one(resource, object);
	for (const resource of kinds.filter((kind) => !kind.namespaced))
		for (const object of api.list(resource, selectorsOf(kube, resource))) one(resource, object);
}
