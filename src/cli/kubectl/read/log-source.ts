/**
 * The log of one container, as the API server gets it from the kubelet, and why it may have none.
 *
 * Source: kubernetes pkg/registry/core/pod/strategy.go LogLocation, pkg/kubelet/kubelet_pods.go
 * `validateContainerLogStatus` @ v1.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { LogLine } from '../../../sim/lab/index.ts';
import { type Kube, KubectlError } from '../kube.ts';
import { kubeletAway } from '../kubelet-port.ts';
import { type Fields, has, sub, subs, text } from '../print/index.ts';

export interface LogSource {
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
}

const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];

export const statusOf = (pod: ApiObject | undefined, container: string): Fields | undefined =>
	STATUSES.flatMap((list) => subs(pod, 'status', list)).find((status) => text(status, 'name') === container);

const podOf = (kube: Kube, source: LogSource): ApiObject | undefined =>
	kube.api.get(kube.api.find('pods')!, source.namespace, source.pod);

/** Why the kubelet has no log to give; undefined when it has one. */
function refusal(status: Fields | undefined, { container, pod }: LogSource, previous: boolean): string | undefined {
	const name = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod)}`;
	if (!status) return `${name} is not available`;
	const state = sub(status, 'state');
	const last = text(status, 'lastState', 'terminated', 'containerID');
	if (previous)
		return last === ''
			? `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(pod)} not found`
			: undefined;
	if (has(state, 'running')) return undefined;
	if (has(state, 'terminated'))
		return text(state, 'terminated', 'containerID') === '' && last === '' ? `${name} is terminated` : undefined;
	if (has(status, 'lastState', 'terminated')) return last === '' ? `${name} is terminated` : undefined;
	if (!has(state, 'waiting')) return `${name} is waiting to start - no logs yet`;
	const reason = text(state, 'waiting', 'reason');
	if (reason === 'ErrImagePull') return `${name} is waiting to start: image can't be pulled`;
	if (reason === 'ImagePullBackOff') return `${name} is waiting to start: trying and failing to pull image`;
	return `${name} is waiting to start: ${reason}`;
}

/** Throws the words of whoever refuses; nothing when there is a log, or no node that could have one. */
export function requireLog(kube: Kube, source: LogSource, previous: boolean): void {
	const { namespace, pod: name } = source;
	kube.demand({ verb: 'get', resource: 'pods', subresource: 'log', namespace, name });
	const pod = podOf(kube, source);
	const node = text(pod, 'spec', 'nodeName');
	if (!pod || node === '') return;
	const away = kube.cluster.nodes().some((item) => item.name === node) ? kubeletAway(kube, node) : undefined;
	if (away)
		throw new KubectlError(
			`Error from server: Get "https://${away.host}/containerLogs/${source.namespace}/${source.pod}/${source.container}": ${away.why}`,
		);
	const why = refusal(statusOf(pod, source.container), source, previous);
	if (why !== undefined) throw new KubectlError(`Error from server (BadRequest): ${why}`);
}

/** All lines so far. */
export const linesOf = (kube: Kube, source: LogSource, previous: boolean): readonly LogLine[] =>
	kube.cluster.logs(source.namespace, source.pod, source.container, previous);

/** Identity of the container that runs now; empty when none does. Following ends when it changes. */
export const runningId = (kube: Kube, source: LogSource): string => {
	const status = statusOf(podOf(kube, source), source.container);
	return has(status, 'state', 'running') ? text(status, 'containerID') || 'running' : '';
};
