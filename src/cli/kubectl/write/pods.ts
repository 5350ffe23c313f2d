/**
 * The pod and the container that `exec`, `attach`, `cp` and `port-forward` mean.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{attachablepodforobject,helpers}.go,
 * pkg/util/podutils/podutils.go (ActivePods), pkg/cmd/util/podcmd/podcmd.go @ v0.24.0.
 */
import {
	type ApiObject,
	labelSelector,
	mapSelector,
	parseTime,
	type Resource,
	selects,
} from '../../../sim/api/index.ts';
import type { Place } from '../../tool.ts';
import { fail, type Kube, KubectlError, refuse, usageError } from '../kube.ts';
import { kubeletAway } from '../kubelet-port.ts';
import { at, has, isMap, number, sub, subs, text } from '../print/index.ts';
import { fetch, resourcesOf } from '../targets.ts';

/** Go's type of an object, as messages print it. */
const goType = (resource: Resource): string => `*${resource.version}.${resource.kind}`;

/** Later is better: which pod of several one would want to look into. */
function rank(pod: ApiObject): readonly number[] {
	const ready = subs(pod, 'status', 'conditions').find((c) => c.type === 'Ready' && c.status === 'True');
	const restarts = Math.max(0, ...subs(pod, 'status', 'containerStatuses').map((c) => number(c, 'restartCount')));
	const since = ready ? (parseTime(text(ready, 'lastTransitionTime')) ?? 0) : 0;
	return [
		text(pod, 'spec', 'nodeName') === '' ? 0 : 1,
		['Pending', 'Unknown', 'Running'].indexOf(text(pod, 'status', 'phase')),
		ready ? 1 : 0,
		-since,
		-restarts,
		-(parseTime(pod.metadata.creationTimestamp) ?? 0),
	];
}

export function bestFirst(pods: readonly ApiObject[]): readonly ApiObject[] {
	const ranked = pods.map((pod) => ({ pod, rank: rank(pod) }));
	return ranked
		.sort((a, b) => {
			for (const [i, value] of a.rank.entries()) if (value !== b.rank[i]) return b.rank[i]! - value;
			return 0;
		})
		.map(({ pod }) => pod);
}

/** The label selector of what has pods; undefined for what has none. Throws for a service without one. */
export function podSelector(resource: Resource, object: ApiObject): ReturnType<typeof labelSelector> | undefined {
	switch (resource.kind) {
		case 'ReplicaSet':
		case 'StatefulSet':
		case 'DaemonSet':
		case 'Deployment':
		case 'Job':
			return labelSelector(object.spec?.selector);
		case 'ReplicationController':
			return mapSelector(object.spec?.selector);
		case 'Service':
			if (Object.keys(sub(object, 'spec', 'selector')).length === 0)
				return fail(
					`cannot attach to ${goType(resource)}: invalid service '${object.metadata.name}': Service is defined without a selector`,
				);
			return mapSelector(object.spec?.selector);
		default:
			return undefined;
	}
}

export function podsOf(kube: Kube, resource: Resource, object: ApiObject): readonly ApiObject[] {
	const selector = podSelector(resource, object);
	if (!selector) return fail(`cannot attach to ${goType(resource)}: selector for ${goType(resource)} not implemented`);
	const namespace = object.metadata.namespace;
	return kube.api
		.list(kube.api.find('pods')!, namespace === undefined ? {} : { namespace })
		.filter((pod) => selects(selector, pod.metadata.labels));
}

/** `--pod-running-timeout`, microseconds. */
export function runningTimeout(kube: Kube): number {
	const timeout = kube.run.flags.duration('pod-running-timeout');
	return timeout > 0 ? timeout : usageError(kube.run, '--pod-running-timeout must be higher than zero');
}

/** `pod`, `pod/x`, `ds/x`, `deploy/x`, `svc/x`: the pod of a word. Waits for one when there is none yet. */
export async function podOf(kube: Kube, word: string, timeout: number): Promise<ApiObject> {
	const slash = word.indexOf('/');
	const [kind, name] = slash < 0 ? ['pods', word] : [word.slice(0, slash), word.slice(slash + 1)];
	if (name.includes('/')) return fail('arguments in resource/name form may not have more than one slash');
	if (kind === '' || name === '') return fail('arguments in resource/name form must have a single resource and name');
	const resource = resourcesOf(kube, kind)[0]!;
	const namespace = resource.namespaced ? kube.namespace : undefined;
	const object = fetch(kube, { resource, namespace, name })[0]!;
	if (resource.kind === 'Pod') return object;
	const found = (): ApiObject | undefined => bestFirst(podsOf(kube, resource, object))[0];
	const pod = found();
	if (pod) return pod;
	if (!(await kube.run.call.until(() => found() !== undefined, timeout)))
		return fail('timed out waiting for the condition');
	return found()!;
}

const names = (pod: ApiObject, list: string): readonly string[] => subs(pod, 'spec', list).map((c) => text(c, 'name'));

/** All containers, with what they are: `app, setup (init)`. */
const allNames = (pod: ApiObject): string =>
	[
		...names(pod, 'containers'),
		...names(pod, 'ephemeralContainers').map((name) => `${name} (ephem)`),
		...names(pod, 'initContainers').map((name) => `${name} (init)`),
	].join(', ');

export const containerNames = (pod: ApiObject): readonly string[] => [
	...names(pod, 'containers'),
	...names(pod, 'initContainers'),
	...names(pod, 'ephemeralContainers'),
];

/** The container meant when none is named; says so when there are others. */
export function defaultContainer(kube: Kube, pod: ApiObject, quiet: boolean): string {
	const first = names(pod, 'containers')[0];
	if (first === undefined)
		return fail(`pod ${pod.metadata.namespace}/${pod.metadata.name} does not have any containers`);
	const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
	if (annotated && containerNames(pod).includes(annotated)) return annotated;
	if (!quiet && containerNames(pod).length > 1)
		kube.run.call.err(`Defaulted container ${JSON.stringify(first)} out of: ${allNames(pod)}\n`);
	return first;
}

/** Whether a process of it runs now. */
export const isRunning = (kube: Kube, pod: ApiObject, container: string): boolean =>
	kube.cluster
		.running()
		.some(
			(c) => c.pod.namespace === pod.metadata.namespace && c.pod.name === pod.metadata.name && c.name === container,
		);

/**
 * Where a container is, or what stands between: pod not placed, no such container, node away, container not running.
 *
 * Source: kubernetes pkg/registry/core/pod/strategy.go (streamLocation), pkg/kubelet/server/server.go (getExec),
 * pkg/kubelet/kubelet_pods.go (GetExec, GetAttach),
 * staging/src/k8s.io/apimachinery/pkg/util/httpstream/spdy/roundtripper.go @ v1.24.0.
 */
export function placeOf(kube: Kube, pod: ApiObject, container: string, how: 'exec' | 'attach' = 'exec'): Place {
	const { namespace = '', name } = pod.metadata;
	kube.demand({ verb: 'create', resource: 'pods', subresource: how, namespace, name });
	const bad = (message: string): never => refuse({ code: 400, reason: 'BadRequest', message });
	if (!containerNames(pod).includes(container)) bad(`container ${container} is not valid for pod ${name}`);
	const node = text(pod, 'spec', 'nodeName');
	if (node === '') bad(`pod ${name} does not have a host assigned`);
	const away = kubeletAway(kube, node);
	if (away) throw new KubectlError(`Error from server: error dialing backend: ${away.why}`);
	if (!isRunning(kube, pod, container))
		return fail(
			how === 'exec'
				? `unable to upgrade connection: container not found (${JSON.stringify(container)})`
				: `unable to upgrade connection: container ${container} not found in pod ${name}_${namespace}`,
		);
	return { kind: 'pod', cluster: kube.cluster.name, namespace, pod: name, container };
}

/** Whether a container's own state is terminated. */
export const terminated = (pod: ApiObject, container: string): Record<string, unknown> | undefined => {
	const status = [
		...subs(pod, 'status', 'containerStatuses'),
		...subs(pod, 'status', 'ephemeralContainerStatuses'),
	].find((c) => c.name === container);
	const state = at(status, 'state', 'terminated');
	return isMap(state) && has(status, 'state', 'terminated') ? { ...state } : undefined;
};
