/**
 * A pod's volumes as its worker waits for them, and makes them again when what they are made of changed.
 *
 * Source: kubernetes pkg/kubelet/volumemanager/{volume_manager.go,reconciler} @ v1.24.0.
 */
import { hasKubelet } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { WorkerEnv } from './pod-env.ts';
import { isRenewed, missingVolumes, unmountedWords } from './pod-needs.ts';

/** Pauses between tries grow (pkg/util/goroutinemap/exponentialbackoff). */
const pauseAfter = (tries: number): number => Math.min(500 * MILLISECOND * 2 ** tries, 122 * SECOND);

export interface PodVolumes {
	/** Mounts all of them; false when some cannot be: that is told, and the worker looks again by itself. */
	mount(): boolean;
	/** An object that they are made of changed: files follow when the kubelet looks at the pod again. */
	renew(): void;
}

export function createPodVolumes(env: WorkerEnv): PodVolumes {
	const { cluster, machine, between, later, event } = env;
	let attempts = 0;
	/** Rounds of looking at volumes whose objects changed. */
	let renewals = 0;
	/** When the worker began to wait for volumes. */
	let waitsSince: number | undefined;

	/** Two minutes and some the worker waits for volumes, then it says so and begins again. */
	const wait = (): void => {
		waitsSince = cluster.timeline.now;
		const since = waitsSince;
		later(123 * SECOND, () => {
			if (waitsSince !== since || env.ending()) return;
			const missing = [...missingVolumes(cluster, machine, env.pod()).keys()];
			const words = missing.length > 0 ? unmountedWords(cluster, env.pod(), missing) : undefined;
			if (words !== undefined) event('Warning', 'FailedMount', words);
			later(between(11 * SECOND, 15 * SECOND, 'mount wait'), () => {
				if (waitsSince === since && !env.ending()) wait();
			});
		});
	};

	/** Each volume for itself. Of one whose object is gone the files stay, and it is tried again. */
	const tryAgain = (round: number, tries: number): void => {
		if (round !== renewals || env.ending() || !env.ready() || env.finished()) return;
		const pod = env.pod();
		const faults = [...missingVolumes(cluster, machine, pod)].filter(([name]) => isRenewed(pod, name));
		if (hasKubelet(machine)) {
			peoplesContainers()?.setUpVolumes(cluster, machine, pod);
			for (const record of env.everything()) record.run?.filesChanged();
			for (const [, message] of faults) event('Warning', 'FailedMount', message);
		}
		if (faults.length > 0) later(pauseAfter(tries), () => tryAgain(round, tries + 1));
	};

	return {
		mount() {
			const missing = missingVolumes(cluster, machine, env.pod());
			if (missing.size > 0) {
				const delay = pauseAfter(attempts++);
				for (const message of missing.values()) event('Warning', 'FailedMount', message);
				env.again(delay);
				env.report();
				if (waitsSince === undefined) wait();
				return false;
			}
			waitsSince = undefined;
			peoplesContainers()?.setUpVolumes(cluster, machine, env.pod());
			return true;
		},
		renew() {
			later(between(SECOND, 70 * SECOND, 'volumes'), () => tryAgain(++renewals, 0));
		},
	};
}
