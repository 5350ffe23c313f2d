/**
 * Files of static pods that somebody writes on a node, as its kubelet finds them: it watches the folder, and reads all of
 * it now and then.
 *
 * Source: kubernetes pkg/kubelet/config/{file,file_linux}.go @ v1.24.0.
 */
import type { ClusterContext } from '../cluster/context.ts';
import { hasKubelet, type Machine } from '../cluster/machine.ts';
import { manifestFault, staticPodOf } from '../cluster/static-pod.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';

const LOOK = 20 * SECOND;

/** How often each file of a cluster's static pods was written. */
const written = new WeakMap<ClusterContext, Map<string, number>>();

/** When a kubelet reads the folder of its static pods next (`fileCheckFrequency`). */
const nextLook = (timeline: Timeline, { name }: Machine): number => {
	const phase = timeline.random('manifest look', name, LOOK);
	return timeline.now + LOOK - ((timeline.now + LOOK - phase) % LOOK);
};

/** See `Cluster.setManifest`. @param look its kubelet looks after a pod of that name */
export function setManifest(
	context: ClusterContext,
	machine: Machine,
	look: (namespace: string, name: string) => void,
	file: string,
	pod: unknown,
	unread: string | undefined,
): void {
	const { api, timeline } = context;
	const writes = written.get(context) ?? new Map<string, number>();
	written.set(context, writes);
	const key = `${machine.name} ${file}`;
	const old = machine.manifests.get(file);
	const path = `/etc/kubernetes/manifests/${file}`;
	const read = unread === undefined ? staticPodOf(pod, machine.name, api, timeline.stamp()) : undefined;
	const gone = pod === undefined && unread === undefined;
	const words = gone ? undefined : manifestFault(path, pod, unread, read, api);
	const number = (writes.get(key) ?? 0) + 1;
	writes.set(key, number);
	const before = machine.manifestFaults.find((fault) => fault.path === path && fault.until === undefined);
	if (before) before.until = timeline.now;
	if (words !== undefined) {
		const latest = (): boolean => writes.get(key) === number && hasKubelet(machine);
		// A file that is emptied to be written is read when it is.
		timeline.after(20 * MILLISECOND, () => {
			if (!latest()) return;
			const looks = nextLook(timeline, machine);
			machine.manifestFaults.push({ path, words, since: timeline.now, watched: true, looks, until: undefined });
			// What ran by the file before goes on until the kubelet reads the whole folder.
			timeline.after(looks - timeline.now, () => {
				if (!latest() || !old || machine.manifests.get(file) !== old) return;
				machine.manifests.delete(file);
				look(old.metadata.namespace ?? '', old.metadata.name);
			});
		});
		return;
	}
	if (old && read && JSON.stringify(old.spec) === JSON.stringify(read.spec)) return;
	if (read) machine.manifests.set(file, read);
	else machine.manifests.delete(file);
	for (const { metadata } of new Set([old, read].filter((p) => p !== undefined)))
		timeline.after(SECOND / 4, () => look(metadata.namespace ?? '', metadata.name));
}
