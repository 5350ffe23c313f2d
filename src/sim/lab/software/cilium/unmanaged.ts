/** Pods that run beside Cilium and that it does not know. */
import { parseTime } from '../../../api/index.ts';
import { all, one, type Pod, removeOne } from '../../cluster/kinds.ts';
import { goDuration } from '../../kubelet/pulls.ts';
import { minorOf } from '../../machine/node-images.ts';
import { SECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';
import { versionOfImage } from './agent-config.ts';
import { say } from './say.ts';

/**
 * kube-dns pods that another plugin connected are deleted, so that they come back as endpoints
 * (operator/unmanaged_pods.go).
 */
export function watchUnmanaged(context: ProgramContext, interval: number): void {
	const { api, timeline } = context.cluster;
	const minor = minorOf(versionOfImage(context.container.image));
	const seen = new Map<string, number>();
	const look = (): void => {
		for (const pod of all<Pod>(api, 'pods', { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' })) {
			const { name, uid } = pod.metadata;
			const agent = context.cluster.machines.get(pod.spec.nodeName ?? '')?.agent;
			const managed =
				pod.spec.hostNetwork || pod.status?.podIP === undefined || one(api, 'ciliumendpoints', 'kube-system', name);
			if (managed || agent?.state !== 'ready' || pod.metadata.deletionTimestamp !== undefined) {
				seen.delete(uid);
				continue;
			}
			const since = seen.get(uid) ?? timeline.now;
			seen.set(uid, since);
			if (timeline.now - since < interval) continue;
			const started =
				((parseTime(pod.status?.startTime as string | undefined) ?? timeline.epoch) - timeline.epoch) * SECOND;
			const age = goDuration(Math.max(0, timeline.now - started));
			const k8sPodName = `kube-system/${name}`;
			if (minor >= 18)
				say(context, 'info', 'operatorPods', 'Restarting unmanaged pod', { timeSincePodStarted: age, k8sPodName });
			else
				say(
					context,
					'info',
					'operatorPods',
					`Restarting unmanaged ${minor <= 13 ? 'kube-dns ' : ''}pod, started ${age} ago`,
					{ k8sPodName },
				);
			removeOne(api, 'pods', 'kube-system', name);
		}
	};
	// Whatever could leave a pod unmanaged shows as a change of pods or nodes.
	let waiting = false;
	const soon = (): void => {
		if (waiting || interval <= 0) return;
		waiting = true;
		context.after(interval, () => {
			waiting = false;
			look();
			if (seen.size > 0) {
				seen.forEach((_, uid) => {
					if (!all<Pod>(api, 'pods').some((p) => p.metadata.uid === uid)) seen.delete(uid);
				});
				if (seen.size > 0) soon();
			}
		});
	};
	context.watch(({ object }) => {
		if (object.kind === 'CiliumNode' || (object.kind === 'Pod' && object.metadata.labels?.['k8s-app'] === 'kube-dns'))
			soon();
	});
	soon();
}
