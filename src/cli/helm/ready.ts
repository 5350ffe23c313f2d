/** `--wait`: when a release counts as ready (helm pkg/kube/ready.go @ v3.9.4). */
import {
	type ApiInput,
	type ApiObject,
	type ApiServer,
	equal,
	labelSelector,
	mapSelector,
	selects,
} from '../../sim/api/index.ts';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function isReady(api: ApiServer, manifests: readonly ApiInput[]): boolean {
	return manifests.every((manifest) => {
		const meta = manifest.metadata as { readonly name: string; readonly namespace?: string };
		const check = READY[String(manifest.kind)];
		if (!check) return true;
		const object = api.get(api.find(String(manifest.kind))!, meta.namespace, meta.name);
		return object !== undefined && check(object, api);
	});
}

const condition = ({ status = {} }: ApiObject, type: string): boolean =>
	((status.conditions ?? []) as readonly { readonly type: string; readonly status: string }[]).some(
		(one) => one.type === type && one.status === 'True',
	);

const READY: Readonly<Record<string, (object: ApiObject, api: ApiServer) => boolean>> = {
	DaemonSet: (object) => daemonSetReady(object),
	Deployment: (object, api) => deploymentReady(object, api),
	StatefulSet: (object) => statefulSetReady(object),
	// One that has ended is not Ready, and would be waited for in vain.
	Pod: (object) => condition(object, 'Ready'),
	ReplicaSet: (object, api) => podsReady(object, api, labelSelector(object.spec?.selector)),
	ReplicationController: (object, api) => podsReady(object, api, mapSelector(object.spec?.selector)),
	CustomResourceDefinition: (object) => condition(object, 'Established'),
	PersistentVolumeClaim: ({ status = {} }) => status.phase === 'Bound',
	Service: ({ spec = {}, status = {} }) =>
		spec.type !== 'LoadBalancer' ||
		((spec.externalIPs as readonly string[] | undefined)?.length ?? 0) > 0 ||
		((status.loadBalancer as { readonly ingress?: readonly unknown[] } | undefined)?.ingress?.length ?? 0) > 0,
};

/** All nodes have the new pod, but for as many as may be away in an update. */
function daemonSetReady({ spec, status = {}, metadata }: ApiObject): boolean {
	if (number(status.observedGeneration) < number(metadata.generation)) return false;
	const wanted = number(status.desiredNumberScheduled);
	if (number(status.updatedNumberScheduled) !== wanted) return false;
	const strategy = spec?.updateStrategy as
		| { readonly rollingUpdate?: { readonly maxUnavailable?: number | string } }
		| undefined;
	const away = strategy?.rollingUpdate?.maxUnavailable ?? 1;
	const max = typeof away === 'number' ? away : Math.ceil((wanted * Number.parseInt(away, 10)) / 100);
	return number(status.numberReady) >= wanted - max;
}

/** All but those left out by `partition` are of the new revision, and all are ready. */
function statefulSetReady({ spec, status = {}, metadata }: ApiObject): boolean {
	const strategy = spec?.updateStrategy as
		| { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } }
		| undefined;
	if (strategy?.type === 'OnDelete') return true;
	if (number(status.observedGeneration) < number(metadata.generation)) return false;
	const replicas = typeof spec?.replicas === 'number' ? spec.replicas : 1;
	const wanted = replicas - number(strategy?.rollingUpdate?.partition);
	return number(status.updatedReplicas) >= wanted && number(status.readyReplicas) === replicas;
}

/** All pods there are. helm looks every two seconds, the lab at each change: by then the controller has made them. */
function podsReady(
	{ spec, status = {}, metadata }: ApiObject,
	api: ApiServer,
	selector: Parameters<typeof selects>[0],
): boolean {
	if (number(status.observedGeneration) < number(metadata.generation)) return false;
	if (number(status.replicas) < (typeof spec?.replicas === 'number' ? spec.replicas : 1)) return false;
	return api
		.list(api.find('pods')!, { namespace: metadata.namespace })
		.filter((pod) => selects(selector, pod.metadata.labels))
		.every((pod) => condition(pod, 'Ready'));
}

/** A template without the label that the controller put on it (deployment_util.go EqualIgnoreHash). */
function template({ spec }: ApiObject): unknown {
	const { metadata = {}, ...rest } = (spec?.template ?? {}) as { readonly metadata?: { readonly labels?: object } };
	const { 'pod-template-hash': _, ...labels } = (metadata.labels ?? {}) as Record<string, unknown>;
	return { ...rest, metadata: { ...metadata, labels } };
}

/** Pods of the template as it is now are ready, but for as many as may be away; pods of older ones do not count. */
function deploymentReady(deployment: ApiObject, api: ApiServer): boolean {
	const { spec, status = {}, metadata } = deployment;
	if (spec?.paused === true) return true;
	if (number(status.observedGeneration) < number(metadata.generation)) return false;
	const wanted = template(deployment);
	const newest = api
		.list(api.find('replicasets')!, { namespace: metadata.namespace })
		.find(
			(set) =>
				set.metadata.ownerReferences?.some((owner) => owner.uid === metadata.uid) && equal(template(set), wanted),
		);
	if (!newest) return false;
	const replicas = typeof spec?.replicas === 'number' ? spec.replicas : 1;
	const least = replicas - Math.min(maxUnavailable(spec, replicas), replicas);
	// helm looks every two seconds, the lab at each change: by then the controller has counted them too.
	return number(newest.status?.readyReplicas) >= least && number(status.readyReplicas) >= least;
}

/** How many may be away: rounded down, but one when there may be none more either (deployment_util.go ResolveFenceposts). */
function maxUnavailable(spec: ApiObject['spec'], replicas: number): number {
	const strategy = spec?.strategy as
		| {
				readonly type?: string;
				readonly rollingUpdate?: { readonly maxUnavailable?: number | string; readonly maxSurge?: number | string };
		  }
		| undefined;
	if (strategy?.type === 'Recreate') return 0;
	const { maxUnavailable: away = 0, maxSurge: more = 0 } = strategy?.rollingUpdate ?? {};
	const part = (value: number | string, round: (n: number) => number): number =>
		typeof value === 'number' ? value : round((replicas * Number.parseInt(value, 10)) / 100);
	const max = part(away, Math.floor);
	return max === 0 && part(more, Math.ceil) === 0 ? 1 : max;
}
