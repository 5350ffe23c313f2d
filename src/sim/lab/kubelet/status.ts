/** A pod's status as its kubelet reports it (pkg/kubelet/status/generate.go, kubelet_pods.go @ v1.24.0). */
import type { Condition, Pod } from '../cluster/kinds.ts';
import { type ContainerRecord, containerStatus, isInitialized, isSidecar } from './container.ts';

export interface StatusInput {
	readonly pod: Pod;
	readonly init: readonly ContainerRecord[];
	readonly containers: readonly ContainerRecord[];
	readonly ephemeral: readonly ContainerRecord[];
	readonly hostIP: string;
	readonly podIP: string | undefined;
	readonly startedAt: number;
	stamp(at?: number): string;
}

const initDone = (records: readonly ContainerRecord[]): boolean =>
	records.every((r) => isInitialized(r) || (isSidecar(r) && r.ended !== undefined));

export function phaseOf({ pod, init, containers }: Pick<StatusInput, 'pod' | 'init' | 'containers'>): string {
	const policy = pod.spec.restartPolicy ?? 'Always';
	if (policy === 'Never' && init.some((r) => !isSidecar(r) && r.state === 'terminated' && r.ended!.exitCode !== 0))
		return 'Failed';
	if (!initDone(init)) return 'Pending';
	if (containers.some((r) => r.state === 'waiting' && !r.ended)) return 'Pending';
	if (policy !== 'Always' && containers.every((r) => r.state === 'terminated')) {
		const failed = containers.some((r) => r.ended!.exitCode !== 0);
		if (!failed) return 'Succeeded';
		if (policy === 'Never') return 'Failed';
	}
	return 'Running';
}

/** The whole status object; transition times are kept where a condition stays as it was. */
export function podStatus(input: StatusInput): { [key: string]: unknown } {
	const { pod, init, containers, stamp } = input;
	const phase = phaseOf(input);
	const old = pod.status?.conditions ?? [];
	const done = phase === 'Succeeded';
	const unready = [...init.filter(isSidecar), ...containers].filter((r) => !r.ready).map((r) => r.spec.name);
	const unset = init.filter((r) => !isInitialized(r) && !(isSidecar(r) && r.ended)).map((r) => r.spec.name);
	const notReady = done
		? { reason: 'PodCompleted' }
		: phase === 'Failed'
			? { reason: 'PodFailed' }
			: { message: `containers with unready status: [${unready.join(' ')}]`, reason: 'ContainersNotReady' };
	const ready = unready.length === 0 && phase === 'Running';
	const make = (type: string, holds: boolean, why: { reason?: string; message?: string }): Condition => {
		const status = holds ? 'True' : 'False';
		const before = old.find((c) => c.type === type);
		return {
			lastProbeTime: null,
			lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? stamp()) : stamp(),
			...(holds ? {} : why),
			status,
			type,
		};
	};
	const scheduled = old.find((c) => c.type === 'PodScheduled');
	const initialized = unset.length === 0;
	return {
		...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
		conditions: [
			make('Initialized', initialized, {
				message: `containers with incomplete status: [${unset.join(' ')}]`,
				reason: 'ContainersNotInitialized',
			}),
			make('Ready', ready, notReady),
			make('ContainersReady', ready, notReady),
			scheduled ?? make('PodScheduled', true, {}),
		],
		containerStatuses: [...containers]
			.sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1))
			.map((r) => containerStatus(r, stamp)),
		...(input.ephemeral.length === 0
			? {}
			: { ephemeralContainerStatuses: input.ephemeral.map((r) => containerStatus(r, stamp)) }),
		hostIP: input.hostIP,
		...(init.length === 0 ? {} : { initContainerStatuses: init.map((r) => containerStatus(r, stamp)) }),
		phase,
		...(input.podIP === undefined ? {} : { podIP: input.podIP, podIPs: [{ ip: input.podIP }] }),
		startTime: stamp(input.startedAt),
	};
}
