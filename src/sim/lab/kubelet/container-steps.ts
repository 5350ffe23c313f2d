/**
 * One container from its first step to its end, and again: starts, hooks, restarts with growing pauses.
 *
 * Source: kubernetes pkg/kubelet/kuberuntime/kuberuntime_{manager,container}.go @ v1.24.0.
 */
import { peoplesContainers } from '../containers/later.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, MINUTE, SECOND } from '../time.ts';
import { type ContainerRecord, CRASH_MOST, graceOf, isSidecar, resolvedId, wait } from './container.ts';
import { createImageStep } from './container-image.ts';
import { createHooks } from './hooks.ts';
import type { PodEnv } from './pod-env.ts';
import { configFault } from './pod-needs.ts';
import { createProber } from './prober.ts';
import { startRun } from './run.ts';

const CRASH_FIRST = 10 * SECOND;

export interface ContainerSteps {
	/** A container is being pulled, created, started or in its hook: the worker of the pod does nothing else meanwhile. */
	readonly starting: boolean;
	/** What started last is still to be seen. */
	readonly unseen: boolean;
	/** Takes the next step, if there is one to take now. */
	advance(record: ContainerRecord): void;
	/** Its program ended. */
	ended(record: ContainerRecord, exitCode: number, reason?: string): void;
	/** Its end is not told: the same look of the worker starts it again, whatever the pod says of restarts, without a pause. */
	renew(record: ContainerRecord): void;
	/** Its hook before the end, SIGTERM, and SIGKILL when its time is over; `done` when it has ended. */
	stop(
		record: ContainerRecord,
		grace: number,
		done: () => void,
		/** Says when a container whose hook is over is told to end; it has so much time left. */
		inTurn?: (act: () => void, left: number) => void,
	): void;
}

/**
 * A kubelet hears of a process when it next looks at all containers (pkg/kubelet/pleg/generic.go relist, each second). Of commands
 * only, which may have ended by then; what stays is seen sooner here.
 */
const SEEN = 20 * MILLISECOND;

export function createContainerSteps(env: PodEnv): ContainerSteps {
	const { cluster, machine, between, later, event, report, sync } = env;
	const { timeline } = cluster;
	const minor = minorOf(cluster.api.version);

	/** Containers of a pod start one after the other (kuberuntime_manager.go SyncPod, steps 5 to 7). */
	let starting: ContainerRecord | undefined;
	const unseen = new Set<ContainerRecord>();

	/** It has started, or could not: the next one's turn. */
	const letNext = (record: ContainerRecord): void => {
		if (starting !== record) return;
		starting = undefined;
		later(0, sync);
	};

	/** Nothing happens to it for a while. */
	const rest = (record: ContainerRecord, from: number, to: number, purpose: string): void => {
		record.busy = true;
		later(between(from, to, purpose), () => {
			record.busy = false;
			sync();
		});
	};

	const advance = (record: ContainerRecord): void => {
		if (starting || record.busy || record.state === 'running') return;
		const policy = env.pod().spec.restartPolicy ?? 'Always';
		const stays = !record.init && (policy === 'Never' || (policy === 'OnFailure' && record.ended?.exitCode === 0));
		if (record.state === 'terminated' && (record.ephemeral || stays)) return;
		if (record.ended && record.pull && stays) {
			// Its other image did not come with the look that ended it: the next one finds a container that has ended.
			Object.assign(record, { state: 'terminated', pull: undefined });
			return;
		}
		const crash = record.crash;
		const since = record.ended?.finishedAt ?? 0;
		if (record.ended && crash && timeline.now - since < crash.delay) {
			// One text of both: the container's status has it, and the log of the sync that failed with it (doBackOff).
			const why = `back-off ${goSeconds(crash.delay)} restarting failed container=${record.spec.name} pod=${env.pod().metadata.name}_${env.pod().metadata.namespace}(${env.uid})`;
			if (record.reason !== 'CrashLoopBackOff' || record.state !== 'waiting')
				Object.assign(record, { state: 'waiting', reason: 'CrashLoopBackOff', message: why });
			event(
				'Warning',
				'BackOff',
				minor >= 27
					? `Back-off restarting failed container ${record.spec.name} in pod ${env.pod().metadata.name}_${env.pod().metadata.namespace}(${env.uid})`
					: 'Back-off restarting failed container',
				record,
				why,
			);
			// A pod whose sync failed is looked at again after 10 to 15 seconds, and said so again (pod_workers.go completeWork).
			rest(record, 10 * SECOND, 15 * SECOND, 'back-off');
			return;
		}
		image(record);
	};

	const create = (record: ContainerRecord): void => {
		const config = configFault(cluster, env.pod(), record.spec);
		const fault = config ?? peoplesContainers()?.seccompFault(cluster, machine, env.pod(), record.spec);
		if (fault) {
			event('Warning', 'Failed', `Error: ${fault}`, record);
			wait(record, config === undefined ? 'CreateContainerError' : 'CreateContainerConfigError', fault);
			record.busy = true;
			letNext(record);
			report();
			rest(record, 10 * SECOND, 14 * SECOND, 'config retry');
			return;
		}
		for (const text of peoplesContainers()?.skippedEnv(cluster, env.pod(), record.spec) ?? [])
			event('Warning', 'InvalidEnvironmentVariableNames', text);
		record.busy = true;
		starting = record;
		const restarting = record.ended !== undefined;
		later(between(80 * MILLISECOND, 260 * MILLISECOND, 'create'), () => {
			if (env.over()) return;
			event(
				'Normal',
				'Created',
				minor >= 32 ? `Created container: ${record.spec.name}` : `Created container ${record.spec.name}`,
				record,
			);
			later(between(60 * MILLISECOND, 200 * MILLISECOND, 'start'), () => {
				record.busy = false;
				if (env.over()) return;
				if (restarting) record.restarts++;
				record.imageID = resolvedId(record.spec.image);
				const run = startRun({
					cluster,
					machine,
					pod: env.pod(),
					record,
					id: env.newId(record.spec.name),
					ip: env.ip(),
					ended: (code) => ended(record, code),
					probed: () => {
						if (record.state === 'running') probes.changed(record);
					},
					started: () => started(record),
					failed: (message) => failed(record, message),
				});
				record.run = run;
				if (run.pending) record.busy = true;
				else started(record);
			});
		});
	};

	const started = (record: ContainerRecord): void => {
		const { run } = record;
		if (!run || env.over()) return;
		event('Normal', 'Started', `Started container ${record.spec.name}`, record);
		const running = (): void => {
			record.busy = false;
			record.state = 'running';
			record.message = '';
			record.ready = !record.spec.readinessProbe && !record.spec.startupProbe;
			record.startedUp = !record.spec.startupProbe;
			probes.watch(record);
			starting = undefined;
			const { command, args, stdin } = record.spec;
			const told = (command ?? args) !== undefined;
			if (run.program.guest && told && !record.init && stdin !== true) seenLater(record);
			sync();
		};
		record.busy = true;
		// The worker of the pod waits for it, and tells nothing meanwhile.
		hooks.postStart(record, (fault) => {
			if (record.run !== run || env.over()) return;
			running();
			if (fault === undefined) return;
			event('Warning', 'FailedPostStartHook', fault, record);
			event('Normal', 'Killing', 'FailedPostStartHook', record);
			stop(record, graceOf(env.pod()), () => undefined);
		});
	};

	/** A command that has ended before its kubelet looks was never seen running. */
	const seenLater = (record: ContainerRecord): void => {
		const { run } = record;
		unseen.add(record);
		later(SEEN, () => {
			if (unseen.delete(record) && record.run === run) report();
		});
	};

	/** The runtime could not start it (kuberuntime_container.go startContainer(), containerd's StartError). */
	const failed = (record: ContainerRecord, what: string): void => {
		const { run } = record;
		if (!run) return;
		const inner = minor >= 32 || what.startsWith('error mounting') ? 'error during container init: ' : '';
		const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${inner}${what}: unknown`;
		event('Warning', 'Failed', `Error: ${message}`, record);
		// It began at no time: zero of Unix.
		close(record, 128, 'StartError', message, -timeline.epoch * SECOND);
		const policy = env.pod().spec.restartPolicy ?? 'Always';
		if (policy !== 'Never' && !record.ephemeral) wait(record, 'RunContainerError', message);
		report();
	};

	const stop = (
		record: ContainerRecord,
		grace: number,
		done: () => void,
		inTurn: (act: () => void, left: number) => void = (act) => act(),
	): void => {
		const { run } = record;
		if (!run) {
			done();
			return;
		}
		const before = record.onEnd;
		record.onEnd = () => {
			before?.();
			done();
		};
		const begun = timeline.now;
		let killed = false;
		// The hook's time is of the grace period; two seconds are left in any case.
		const kill = (): void => {
			if (record.run !== run || killed) return;
			killed = true;
			run.signal('KILL');
		};
		hooks.preStop(record, grace, () => {
			inTurn(
				() => {
					if (record.run !== run) return;
					run.signal('TERM');
					env.afterwards(grace === 0 ? 0 : Math.max(2 * SECOND, grace - (timeline.now - begun)), kill);
				},
				Math.max(0, grace - (timeline.now - begun)),
			);
		});
	};

	const ended = (record: ContainerRecord, exitCode: number, reason?: string): void => {
		const { run } = record;
		if (!run) return;
		const full = peoplesContainers()?.wasOutOfMemory(machine, run.id) === true;
		const otherwise = full ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error';
		close(record, exitCode, reason ?? otherwise, run.lastWords, run.startedAt);
	};

	const close = (
		record: ContainerRecord,
		exitCode: number,
		reason: string,
		message: string,
		startedAt: number,
	): void => {
		const run = record.run!;
		unseen.delete(record);
		record.run = undefined;
		record.before = record.ended;
		record.ended = {
			id: run.id,
			startedAt,
			finishedAt: timeline.now,
			exitCode,
			reason,
			message,
			log: run.log,
		};
		record.state = 'terminated';
		record.ready = false;
		record.startedUp = false;
		record.busy = true;
		letNext(record);
		const told = record.onEnd;
		record.onEnd = undefined;
		told?.();
		if (env.over()) return;
		// The first restart comes at once; what ran for ten minutes starts from the beginning again.
		const ranLong = timeline.now - run.startedAt >= 10 * MINUTE;
		const done = record.init && exitCode === 0 && !isSidecar(record);
		if (done) record.crash = undefined;
		else if (record.before === undefined || ranLong) record.crash = { delay: 0, at: timeline.now };
		else
			record.crash = {
				delay: record.crash && record.crash.delay > 0 ? Math.min(record.crash.delay * 2, CRASH_MOST) : CRASH_FIRST,
				at: timeline.now,
			};
		later(between(200 * MILLISECOND, 1100 * MILLISECOND, 'relist'), () => {
			record.busy = false;
			report();
			sync();
		});
	};

	const renew = (record: ContainerRecord): void => {
		wait(record, 'ContainerCreating', '');
		record.before = undefined;
		starting = record;
		later(MILLISECOND, () => {
			if (starting !== record || env.over()) return;
			starting = undefined;
			record.crash = undefined;
			record.busy = false;
			advance(record);
		});
	};

	const image = createImageStep(env, {
		begin(record) {
			starting = record;
		},
		letNext,
		rest,
		create,
	});
	const hooks = createHooks(env);
	const probes = createProber(env, stop);
	return {
		get starting() {
			return starting !== undefined;
		},
		get unseen() {
			return unseen.size > 0;
		},
		advance,
		ended,
		renew,
		stop,
	};
}

/** `10s`, `1m20s`, `5m0s`. */
const goSeconds = (micros: number): string => {
	const seconds = Math.floor(micros / SECOND);
	return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
};
