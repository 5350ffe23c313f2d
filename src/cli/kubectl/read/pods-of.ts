/**
 * The pod that stands for a workload: what `logs ds/cilium` reads.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{helpers,logsforobject}.go,
 * pkg/util/podutils/podutils.go (ByLogging) @ v0.24.0.
 */
import {
	type ApiObject,
	labelSelector,
	mapSelector,
	parseTime,
	type Selector,
	selects,
} from '../../../sim/api/index.ts';
import { fail, type Kube } from '../kube.ts';
import { at, number, subs, text } from '../print/index.ts';

const BY_LABEL_SELECTOR = ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'Job'];

/** Which pods an object stands for; undefined when it is no workload. `told`: what was asked of them. */
export function selectorOf(object: ApiObject, told = ''): Selector | undefined {
	const selector = at(object, 'spec', 'selector');
	if (BY_LABEL_SELECTOR.includes(object.kind)) return labelSelector(selector);
	if (object.kind === 'ReplicationController') return mapSelector(selector);
	if (object.kind !== 'Service') return undefined;
	if (selector === undefined)
		return fail(
			`${told && `${told}: `}invalid service '${object.metadata.name}': Service is defined without a selector`,
		);
	return mapSelector(selector);
}

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Assigned before unassigned, running first, ready first, longest ready first, most restarts first, oldest first. */
function rank(pod: ApiObject): readonly number[] {
	const ready = subs(pod, 'status', 'conditions').find((condition) => condition.type === 'Ready');
	const isReady = ready?.status === 'True';
	const since = parseTime(text(ready, 'lastTransitionTime'));
	const restarts = Math.max(0, ...subs(pod, 'status', 'containerStatuses').map((s) => number(s, 'restartCount')));
	return [
		text(pod, 'spec', 'nodeName') === '' ? 1 : 0,
		-(PHASES[text(pod, 'status', 'phase')] ?? 0),
		isReady ? 0 : 1,
		isReady ? (since ?? Number.POSITIVE_INFINITY) : 0,
		-restarts,
		parseTime(pod.metadata.creationTimestamp) ?? 0,
	];
}

/** All pods of a workload, the one to look at first. */
export function podsOf(kube: Kube, object: ApiObject): readonly ApiObject[] {
	const selector = selectorOf(object) ?? [];
	const { namespace } = object.metadata;
	const pods = kube.api
		.list(kube.api.find('pods')!, namespace === undefined ? {} : { namespace })
		.filter((pod) => selects(selector, pod.metadata.labels))
		.map((pod) => ({ pod, rank: rank(pod) }));
	return pods
		.sort((a, b) => {
			const i = a.rank.findIndex((value, index) => value !== b.rank[index]);
			return i < 0 ? 0 : a.rank[i]! < b.rank[i]! ? -1 : 1;
		})
		.map(({ pod }) => pod);
}
