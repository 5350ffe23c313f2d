/** How long a pod may be active. */
import { hasKubelet } from '../cluster/machine.ts';
import { SECOND } from '../time.ts';
import { graceOf } from './container.ts';
import type { Verdict, WorkerEnv } from './pod-env.ts';

/** What looks at the pod's deadline anew, and ends a pod that was active for longer (pkg/kubelet/active_deadline.go @ v1.24.0). */
export function createDeadline(env: WorkerEnv, end: (why: Verdict, grace: number) => void): () => void {
	const { timeline } = env.cluster;
	const startedAt = timeline.now;
	let cancel: (() => void) | undefined;
	return () => {
		cancel?.();
		const { activeDeadlineSeconds: seconds } = env.pod().spec;
		if (typeof seconds !== 'number') return;
		cancel = timeline.after(Math.max(0, startedAt + seconds * SECOND - timeline.now), () => {
			if (env.over() || env.finished() || !hasKubelet(env.machine)) return;
			const message = 'Pod was active on the node longer than the specified deadline';
			env.event('Normal', 'DeadlineExceeded', message);
			end({ reason: 'DeadlineExceeded', message }, graceOf(env.pod()));
		});
	};
}
