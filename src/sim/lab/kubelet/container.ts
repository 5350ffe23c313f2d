/** One container of a pod: its image, its runs, its probes. */

import type { ContainerSpec, Pod, Probe } from '../cluster/kinds.ts';
import { parseImage } from '../machine/image-names.ts';
import { digestOf } from '../machine/image-store.ts';
import type { Ending, Program } from '../software/program.ts';
import type { GuestSignal, HttpAccess, LogLine } from '../types.ts';

export interface Run {
	readonly id: string;
	readonly program: Program;
	readonly startedAt: number;
	/** Calls off everything the program waits for. */
	stop(how: Ending): void;
	/** Ends as by itself. */
	exit(code: number): void;
	/** A signal for its first process: what it has no handler for does nothing to that, but for KILL. */
	signal(name: GuestSignal): void;
	/** Whether its program is still looked for. */
	readonly pending: boolean;
	/** Somebody attaches to what waits for input; false when it runs for itself. */
	claim(): boolean;
	/** Whether somebody attached runs it. */
	readonly attached: boolean;
	/** A line for its log. */
	write(text: string): void;
	/** What it left in the file of its last words. */
	readonly lastWords: string;
	healthy: boolean;
	/** Why its probes fail. */
	complaint: string;
	readonly log: LogLine[];
	/** Files of its volumes are other ones now. */
	filesChanged(): void;
	/** It answered a request at that virtual time, not before now. */
	served(access: HttpAccess, at: number): void;
}

export interface ContainerRecord {
	readonly spec: ContainerSpec;
	readonly init: boolean;
	/** Came into the running pod (`kubectl debug`): nobody waits for it, and it never starts again. */
	readonly ephemeral: boolean;
	state: 'waiting' | 'running' | 'terminated';
	reason: string;
	message: string;
	restarts: number;
	run: Run | undefined;
	/** The run that ended last. */
	ended:
		| {
				readonly id: string;
				readonly startedAt: number;
				readonly finishedAt: number;
				readonly exitCode: number;
				readonly reason: string;
				readonly message: string;
				readonly log: readonly LogLine[];
		  }
		| undefined;
	/** `ended` of the run before the one that ended last or runs. */
	before: ContainerRecord['ended'];
	ready: boolean;
	/** Image as the runtime resolved it. */
	imageID: string;
	crash: { delay: number; at: number } | undefined;
	pull: { delay: number; until: number; error: string } | undefined;
	/** Whether something for it is under way. */
	busy: boolean;
	/** Who waits for its run to end. */
	onEnd: (() => void) | undefined;
	/** Whether its startup probe passed, and what its readiness probe said last. */
	startedUp: boolean;
}

export const newRecord = (
	spec: ContainerSpec,
	kind: 'init' | 'main' | 'ephemeral',
	waiting: string,
): ContainerRecord => ({
	spec,
	init: kind === 'init',
	ephemeral: kind === 'ephemeral',
	state: 'waiting',
	reason: waiting,
	message: '',
	restarts: 0,
	run: undefined,
	ended: undefined,
	before: undefined,
	ready: false,
	imageID: '',
	crash: undefined,
	pull: undefined,
	busy: false,
	onEnd: undefined,
	startedUp: false,
});

/** The longest pause before something is tried again (MaxContainerBackOff, pkg/kubelet/kubelet.go @ v1.24.0). */
export const CRASH_MOST = 300_000_000;

/** It runs no longer, or not yet, and why. */
export const wait = (record: ContainerRecord, reason: string, message: string): void => {
	Object.assign(record, { state: 'waiting', reason, message });
};

/** `imageID` of a container's status. */
export const resolvedId = (image: string): string => {
	const name = parseImage(image);
	if (!name) return '';
	return `${name.registry}/${name.path}@${digestOf(name)}`;
};

interface VolumeMount {
	readonly name: string;
	readonly mountPath: string;
	readonly readOnly?: boolean;
	readonly recursiveReadOnly?: string;
}

/** Mounts as their container has them (RecursiveReadOnlyMounts, on by default from 1.31). */
const mountStatuses = ({ volumeMounts = [] }: ContainerSpec): readonly unknown[] =>
	(volumeMounts as readonly VolumeMount[]).map(({ name, mountPath, readOnly, recursiveReadOnly = 'Disabled' }) => ({
		mountPath,
		name,
		// The nodes' kernel and runc can do it: whoever wants it if possible has it.
		...(readOnly
			? { readOnly, recursiveReadOnly: recursiveReadOnly === 'IfPossible' ? 'Enabled' : recursiveReadOnly }
			: {}),
	}));

/** corev1.ContainerStatus, as kubelets of that minor write it. */
export function containerStatus(
	record: ContainerRecord,
	stamp: (at: number) => string,
	minor: number,
): { [key: string]: unknown } {
	const { spec, run, ended, before } = record;
	const terminated = (of: NonNullable<ContainerRecord['ended']>) => ({
		terminated: {
			containerID: `containerd://${of.id}`,
			exitCode: of.exitCode,
			finishedAt: stamp(of.finishedAt),
			...(of.message === '' ? {} : { message: of.message }),
			reason: of.reason,
			startedAt: stamp(of.startedAt),
		},
	});
	const state =
		record.state === 'running' && run
			? { running: { startedAt: stamp(run.startedAt) } }
			: record.state === 'terminated' && ended
				? terminated(ended)
				: { waiting: { ...(record.message ? { message: record.message } : {}), reason: record.reason } };
	const last = record.state === 'terminated' ? before : ended;
	const id = run?.id ?? ended?.id;
	const { requests } = spec.resources ?? {};
	// InPlacePodVerticalScaling, on by default from 1.33: of what may be resized.
	const resizable = minor >= 33 && id !== undefined && !record.ephemeral && (!record.init || isSidecar(record));
	const mounts = minor >= 31 ? mountStatuses(spec) : [];
	return {
		...(resizable && requests && Object.keys(requests).length > 0 ? { allocatedResources: requests } : {}),
		...(id === undefined ? {} : { containerID: `containerd://${id}` }),
		// Before there is a container, nobody but the spec tells (kubelet_pods.go convertToAPIContainerStatuses()).
		image: id === undefined ? spec.image : shownImage(spec.image),
		imageID: id === undefined ? '' : record.imageID,
		lastState: last ? terminated(last) : {},
		name: spec.name,
		// Readiness of ephemeral containers is nobody's business (prober_manager.go UpdatePodStatus).
		ready: record.ephemeral
			? false
			: record.init
				? isSidecar(record)
					? record.ready
					: record.state === 'terminated' && ended?.exitCode === 0
				: record.ready,
		...(resizable ? { resources: spec.resources ?? {} } : {}),
		restartCount: record.restarts,
		// Of all init containers since some may go on beside the others (prober_manager.go @ v1.28.0).
		...((record.init && !isSidecar(record) && minor < 28) || record.ephemeral
			? {}
			: { started: record.state === 'running' && (!spec.startupProbe || record.startedUp) }),
		state,
		...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
	};
}

/** The runtime writes the whole name, once it has the image. */
const shownImage = (image: string): string => {
	const name = parseImage(image);
	if (!name) return image;
	return name.tag === '' ? image : `${name.registry}/${name.path}:${name.tag}`;
};

/** Microseconds from the start of a container to the first probe, and between probes (core/v1 defaults). */
export const probeTimes = (
	probe: Probe,
): {
	readonly first: number;
	readonly period: number;
	readonly failures: number;
	readonly successes: number;
	readonly timeout: number;
} => ({
	first: (probe.initialDelaySeconds ?? 0) * 1_000_000,
	period: (probe.periodSeconds ?? 10) * 1_000_000,
	failures: probe.failureThreshold ?? 3,
	successes: probe.successThreshold ?? 1,
	timeout: (probe.timeoutSeconds ?? 1) * 1_000_000,
});

/** An init container that goes on beside the others (KEP-753). */
export const isSidecar = ({ init, spec }: Pick<ContainerRecord, 'init' | 'spec'>): boolean =>
	init && spec.restartPolicy === 'Always';

/** Microseconds from SIGTERM to SIGKILL. */
export const graceOf = (pod: Pod): number => (pod.spec.terminationGracePeriodSeconds ?? 30) * 1_000_000;

/** Whether the next init container may start, or the others. */
export const isInitialized = (record: ContainerRecord): boolean =>
	isSidecar(record)
		? record.state === 'running' && record.startedUp
		: record.state === 'terminated' && record.ended?.exitCode === 0;
