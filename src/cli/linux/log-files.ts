/**
 * Logs of containers as a node has them: a file for each run in /var/log/pods, and links to them in /var/log/containers
 * (CRI's format: containerd pkg/cri/io/logger.go @ v1.6; kubernetes pkg/kubelet/kuberuntime/{helpers,legacy}.go @ v1.24.0).
 */
import type { Lab, LogLine } from '../../sim/lab/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { type CriContainer, sandboxesOn } from './cri.ts';
import { nanoTime } from './words.ts';

/** Lines are whole; which of them went to standard error is not kept. */
const logText = (lab: Lab, lines: readonly LogLine[]): string =>
	lines.map(({ at, text }) => `${nanoTime(lab, at)} stdout F ${text}\n`).join('');

/** `hosts`: what a pod has as /etc/hosts, which its kubelet keeps there. */
export function logFiles(
	place: Extract<Place, { kind: 'node' }>,
	lab: Lab,
	hosts: (namespace: string, pod: string, container: string) => string,
): Readonly<Record<string, MadeFile>> {
	const cluster = lab.cluster(place.cluster);
	const machine = cluster?.nodes().find(({ name }) => name === place.node);
	if (!cluster || !machine) return {};
	const out: Record<string, MadeFile> = {};
	for (const { namespace, name, uid, containers, pod } of sandboxesOn(lab, cluster, machine)) {
		const own = `/var/lib/kubelet/pods/${uid}`;
		for (const folder of ['containers', 'plugins', 'volumes'])
			out[`${own}/${folder}/`] = Object.assign(() => '', { mode: 0o750 });
		for (const container of pod.spec.containers)
			out[`${own}/containers/${container.name}/`] = Object.assign(() => '', { mode: 0o750 });
		out[`${own}/etc-hosts`] = () => hosts(namespace, name, pod.spec.containers[0]?.name ?? '');
		const folder = `/var/log/pods/${namespace}_${name}_${uid}`;
		const last = (container: CriContainer): boolean =>
			!containers.some((other) => other.name === container.name && other.attempt > container.attempt);
		for (const container of containers) {
			// Of runs before the one before the last there is no log any more.
			const previous = !last(container);
			const lines = (): readonly LogLine[] => cluster.logs(namespace, name, container.name, previous);
			const path = `${folder}/${container.name}/${container.attempt}.log`;
			const mtime = lab.epoch * 1000 + Math.floor((container.ended?.at ?? container.startedAt) / 1000);
			out[path] = Object.assign(() => logText(lab, lines()), { mode: 0o640, mtime });
			if (last(container))
				out[`/var/log/containers/${name}_${namespace}_${container.name}-${container.id}.log`] = Object.assign(
					() => '',
					{
						link: path,
						mtime,
					},
				);
		}
	}
	return out;
}
