/** A pod's status as its kubelet reports it (pkg/kubelet/status/generate.go, kubelet_pods.go @ v1.24.0). */
import type { Condition, Pod } from '../cluster/kinds.ts';
import { type ContainerRecord, containerStatus, isInitialized, isSidecar } from './container.ts';

export interface StatusInput {
	readonly pod: Pod;
	readonly init: readonly ContainerRecord[];
	readonly containers: readonly ContainerRecord[];
	readonly ephemeral: readonly ContainerRecord[];
	/** Minor of its cluster. */
	readonly minor: number;
	/** Whether there is a sandbox and, where one is needed, an address. */
	readonly sandboxReady: boolean;
	readonly hostIP: string;
	readonly podIP: string | undefined;
	readonly startedAt: number;
	/** Why the kubelet ended the pod, if it did. */
	readonly verdict?: { readonly reason: string; readonly message: string } | undefined;
	/** Why it does not begin. */
	readonly held?: { readonly reason: string; readonly message: string } | undefined;
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
		// A sidecar that still runs keeps it running (kubelet_pods.go getPhase() @ v1.29.0).
		if (init.some((r) => isSidecar(r) && r.state === 'running')) return 'Running';
		const failed = containers.some((r) => r.ended!.exitCode !== 0);
		if (!failed) return 'Succeeded';
		if (policy === 'Never') return 'Failed';
	}
	return 'Running';
}

/** Conditions that are the kubelet's, or kept above; others are somebody else's. */
const OWN: readonly string[] = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

/** Why a pod whose containers are ready is not, by the conditions others set (GeneratePodReadyCondition). */
function unmetGates({ spec, status }: Pod): readonly string[] {
	const gates = (spec.readinessGates ?? []) as readonly { readonly conditionType: string }[];
	return gates.flatMap(({ conditionType: type }) => {
		const condition = status?.conditions?.find((c) => c.type === type);
		if (!condition) return [`corresponding condition of pod readiness gate ${JSON.stringify(type)} does not exist.`];
		return condition.status === 'True'
			? []
			: [`the status of pod readiness gate ${JSON.stringify(type)} is not "True", but ${condition.status}`];
	});
}

/** The whole status object; transition times are kept where a condition stays as it was. */
export function podStatus(input: StatusInput): { [key: string]: unknown } {
	const told = input.verdict ?? input.held;
	const { pod, init, containers, stamp, minor } = input;
	// Sidecars that have not ended yet keep a pod running, though all else has (kubelet_pods.go getPhase() @ v1.29.0).
	const lasts = initDone(init) && init.some((r) => isSidecar(r) && r.state === 'running');
	const reached = phaseOf(input);
	const phase = input.verdict ? 'Failed' : lasts && reached !== 'Pending' ? 'Running' : reached;
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
	// PodObservedGenerationTracking, on by default from 1.34.
	const observed = minor >= 34 ? { observedGeneration: pod.metadata.generation ?? 1 } : {};
	const shown = (r: ContainerRecord) => containerStatus(r, stamp, minor);
	const make = (type: string, holds: boolean, why: { reason?: string; message?: string }): Condition => {
		const status = holds ? 'True' : 'False';
		const before = old.find((c) => c.type === type);
		return {
			lastProbeTime: null,
			lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? stamp()) : stamp(),
			...(holds ? {} : why),
			...observed,
			status,
			type,
		};
	};
	const gates = ready ? unmetGates(pod) : [];
	const scheduled = old.find((c) => c.type === 'PodScheduled');
	const initialized = unset.length === 0;
	return {
		...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
		conditions: [
			// PodReadyToStartContainersCondition, on by default from 1.29.
			...(minor >= 29 ? [make('PodReadyToStartContainers', input.sandboxReady, {})] : []),
			make('Initialized', initialized, {
				message: `containers with incomplete status: [${unset.join(' ')}]`,
				reason: 'ContainersNotInitialized',
			}),
			make(
				'Ready',
				ready && gates.length === 0,
				gates.length > 0 ? { message: gates.join(', '), reason: 'ReadinessGatesNotReady' } : notReady,
			),
			make('ContainersReady', ready, notReady),
			scheduled ?? make('PodScheduled', true, {}),
			...old.filter(({ type }) => !OWN.includes(type)),
		],
		containerStatuses: [...containers].sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1)).map(shown),
		...(input.ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: input.ephemeral.map(shown) }),
		hostIP: input.hostIP,
		// PodHostIPs, on by default from 1.29.
		...(minor >= 29 ? { hostIPs: [{ ip: input.hostIP }] } : {}),
		...(init.length === 0 ? {} : { initContainerStatuses: init.map(shown) }),
		...(told ? { message: told.message } : {}),
		...observed,
		phase,
		...(told ? { reason: told.reason } : {}),
		...(input.podIP === undefined ? {} : { podIP: input.podIP, podIPs: [{ ip: input.podIP }] }),
		startTime: stamp(input.startedAt),
	};
}
