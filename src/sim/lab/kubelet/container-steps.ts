/**
 * One container from its image to its end, and again: pulls, starts, restarts with growing pauses.
 *
 * Source: kubernetes pkg/kubelet/kuberuntime/kuberuntime_{manager,container}.go, images/image_manager.go @ v1.24.0.
 */
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, MINUTE, SECOND } from '../time.ts';
import { type ContainerRecord, resolvedId } from './container.ts';
import type { PodEnv } from './pod-env.ts';
import { missingEnv } from './pod-needs.ts';
import { createProber } from './prober.ts';
import { startRun } from './run.ts';

const CRASH_FIRST = 10 * SECOND;
const CRASH_MOST = 300 * SECOND;

export interface ContainerSteps {
	/** Takes the next step, if there is one to take now. */
	advance(record: ContainerRecord): void;
	/** Its program ended. */
	ended(record: ContainerRecord, exitCode: number, reason?: string): void;
}

export function createContainerSteps(env: PodEnv): ContainerSteps {
	const { cluster, machine, puller, between, later, event, report, sync } = env;
	const { timeline } = cluster;
	const minor = minorOf(cluster.api.version);

	const advance = (record: ContainerRecord): void => {
		if (record.busy || record.state === 'running') return;
		if (record.state === 'terminated') {
			if (record.ephemeral) return;
			const policy = env.pod().spec.restartPolicy ?? 'Always';
			if (!record.init && (policy === 'Never' || (policy === 'OnFailure' && record.ended?.exitCode === 0))) return;
		}
		const crash = record.crash;
		const since = record.ended?.finishedAt ?? 0;
		if (record.ended && crash && timeline.now - since < crash.delay) {
			if (record.reason !== 'CrashLoopBackOff' || record.state !== 'waiting') {
				record.state = 'waiting';
				record.reason = 'CrashLoopBackOff';
				record.message = `back-off ${goSeconds(crash.delay)} restarting failed container=${record.spec.name} pod=${env.pod().metadata.name}_${env.pod().metadata.namespace}(${env.uid})`;
			}
			event(
				'Warning',
				'BackOff',
				minor >= 27
					? `Back-off restarting failed container ${record.spec.name} in pod ${env.pod().metadata.name}_${env.pod().metadata.namespace}(${env.uid})`
					: 'Back-off restarting failed container',
				record,
			);
			record.busy = true;
			later(crash.delay - (timeline.now - since), () => {
				record.busy = false;
				sync();
			});
			return;
		}
		ensureImage(record);
	};

	const ensureImage = (record: ContainerRecord): void => {
		const { image } = record.spec;
		const policy = record.spec.imagePullPolicy ?? (/:latest$|^[^:@]+$/.test(image) ? 'Always' : 'IfNotPresent');
		const here = machine.images.has(image);
		if (here && policy !== 'Always') {
			event('Normal', 'Pulled', `Container image "${image}" already present on machine`, record);
			create(record);
			return;
		}
		if (policy === 'Never') {
			cannotPull(record, 'ErrImageNeverPull', `Container image "${image}" is not present with pull policy of Never`);
			return;
		}
		if (record.pull && timeline.now < record.pull.until) {
			event('Normal', 'BackOff', `Back-off pulling image "${image}"`, record);
			event('Warning', 'Failed', 'Error: ImagePullBackOff', record);
			wait(record, 'ImagePullBackOff', `Back-off pulling image "${image}"`);
			record.busy = true;
			later(record.pull.until - timeline.now, () => {
				record.busy = false;
				sync();
			});
			return;
		}
		event('Normal', 'Pulling', `Pulling image "${image}"`, record);
		record.busy = true;
		puller.pull(image, ({ error, message }) => {
			if (env.over()) return;
			record.busy = false;
			if (error === undefined) {
				record.pull = undefined;
				event('Normal', 'Pulled', message, record);
				create(record);
				return;
			}
			event('Warning', 'Failed', `Failed to pull image "${image}": ${error}`, record);
			event('Warning', 'Failed', 'Error: ErrImagePull', record);
			const delay = Math.min((record.pull?.delay ?? 5 * SECOND) * 2, CRASH_MOST);
			record.pull = { delay, until: timeline.now + delay };
			wait(record, 'ErrImagePull', error);
			report();
			record.busy = true;
			later(between(10 * SECOND, 13 * SECOND, 'pull retry') - 9 * SECOND, () => {
				record.busy = false;
				sync();
			});
		});
	};

	const wait = (record: ContainerRecord, reason: string, message: string): void => {
		record.state = 'waiting';
		record.reason = reason;
		record.message = message;
	};

	const cannotPull = (record: ContainerRecord, reason: string, message: string): void => {
		event('Warning', reason, message, record);
		event('Warning', 'Failed', `Error: ${reason}`, record);
		wait(record, reason, message);
		record.busy = true;
		later(between(10 * SECOND, 14 * SECOND, 'never pull'), () => {
			record.busy = false;
			sync();
		});
	};

	const create = (record: ContainerRecord): void => {
		const fault = missingEnv(cluster, env.pod(), record.spec);
		if (fault) {
			cannotPull(record, 'CreateContainerConfigError', fault);
			return;
		}
		record.busy = true;
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
				record.state = 'running';
				record.message = '';
				record.imageID = resolvedId(record.spec.image);
				event('Normal', 'Started', `Started container ${record.spec.name}`, record);
				record.run = startRun({
					cluster,
					machine,
					pod: env.pod(),
					record,
					id: env.newId(record.spec.name),
					ended: (code) => ended(record, code),
					probed: () => probes.changed(record),
				});
				record.ready = record.run !== undefined && !record.spec.readinessProbe && !record.spec.startupProbe;
				probes.watch(record);
				report();
				sync();
			});
		});
	};

	const ended = (record: ContainerRecord, exitCode: number, reason?: string): void => {
		const run = record.run;
		if (!run) return;
		record.run = undefined;
		record.before = record.ended;
		record.ended = {
			id: run.id,
			startedAt: run.startedAt,
			finishedAt: timeline.now,
			exitCode,
			reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
			log: run.log,
		};
		record.state = 'terminated';
		record.ready = false;
		if (env.over()) return;
		// The first restart comes at once; what ran for ten minutes starts from the beginning again.
		const ranLong = timeline.now - run.startedAt >= 10 * MINUTE;
		const done = record.init && exitCode === 0;
		if (done) record.crash = undefined;
		else if (record.before === undefined || ranLong) record.crash = { delay: 0, at: timeline.now };
		else
			record.crash = {
				delay: record.crash && record.crash.delay > 0 ? Math.min(record.crash.delay * 2, CRASH_MOST) : CRASH_FIRST,
				at: timeline.now,
			};
		later(between(200 * MILLISECOND, 1100 * MILLISECOND, 'relist'), () => {
			report();
			sync();
		});
	};

	const probes = createProber(env, ended);
	return { advance, ended };
}

/** `10s`, `1m20s`, `5m0s`. */
const goSeconds = (micros: number): string => {
	const seconds = Math.floor(micros / SECOND);
	return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
};
