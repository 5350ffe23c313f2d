/** `--wait`: when a release counts as ready (helm pkg/kube/ready.go @ v3.9.4). */
import type { ApiInput, ApiObject, ApiServer } from '../../sim/api/index.ts';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function isReady(api: ApiServer, manifests: readonly ApiInput[]): boolean {
	return manifests.every((manifest) => {
		const meta = manifest.metadata as { readonly name: string; readonly namespace?: string };
		const check = READY[String(manifest.kind)];
		if (!check) return true;
		const object = api.get(api.find(String(manifest.kind))!, meta.namespace, meta.name);
		return object !== undefined && check(object);
	});
}

const condition = ({ status = {} }: ApiObject, type: string): boolean =>
	((status.conditions ?? []) as readonly { readonly type: string; readonly status: string }[]).some(
		(one) => one.type === type && one.status === 'True',
	);

const READY: Readonly<Record<string, (object: ApiObject) => boolean>> = {
	DaemonSet: (object) => daemonSetReady(object),
	Deployment: (object) => deploymentReady(object),
	StatefulSet: ({ spec, status = {}, metadata }) =>
		number(status.observedGeneration) >= number(metadata.generation) &&
		number(status.readyReplicas) >= (typeof spec?.replicas === 'number' ? spec.replicas : 1),
	Pod: (object) => condition(object, 'Ready') || object.status?.phase === 'Succeeded',
	PersistentVolumeClaim: ({ status = {} }) => status.phase === 'Bound',
	Service: ({ spec = {}, status = {} }) =>
		spec.type !== 'LoadBalancer' ||
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

function deploymentReady({ spec, status = {} }: ApiObject): boolean {
	const replicas = typeof spec?.replicas === 'number' ? spec.replicas : 1;
	const strategy = spec?.strategy as
		| { readonly rollingUpdate?: { readonly maxUnavailable?: number | string } }
		| undefined;
	const away = strategy?.rollingUpdate?.maxUnavailable ?? 0;
	const max = typeof away === 'number' ? away : Math.floor((replicas * Number.parseInt(away, 10)) / 100);
	return number(status.readyReplicas) >= replicas - Math.min(max, replicas);
}
