/** What every controller is: keys to look at again, some milliseconds after something changed. */
import type { WatchEvent } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { MILLISECOND } from '../time.ts';

export interface Controller {
	readonly name: string;
	/** Keys to look at after a change; any text. */
	keys(event: WatchEvent): readonly string[];
	/** Brings the world closer to what the object says. Answers when to look again, in microseconds, if at all. */
	reconcile(key: string): number | undefined;
	/** Told how to have a key looked at, for what no object tells of. */
	begin?(look: (key: string) => void): void;
	/** From a change to the look, microseconds; 2 to 12 ms when absent. */
	readonly delay?: readonly [from: number, to: number];
	/** Part of the API server: it asks for no lease. */
	readonly inServer?: boolean;
}

/** Starts a controller; it looks at everything that is there, then at what changes. Answers how to stop it. */
export function startController(cluster: ClusterContext, controller: Controller): () => void {
	const { timeline, api } = cluster;
	const pending = new Map<string, { readonly at: number; readonly cancel: () => void }>();
	const counts = new Map<string, number>();
	const [from, to] = controller.delay ?? [2 * MILLISECOND, 12 * MILLISECOND];
	let stopped = false;
	let resync: Set<string> | undefined;

	const leader = controller.name === 'scheduler' ? 'kube-scheduler' : 'kube-controller-manager';
	/** Whether there is somebody to look: the API server answers, and a process has the lease. */
	const acts = (): boolean => cluster.reachable() && (controller.inServer || cluster.components.leads(leader));
	const look = (key: string): void => {
		pending.delete(key);
		if (stopped) return;
		if (!acts()) {
			resync ??= new Set();
			resync.add(key);
			return;
		}
		const again = controller.reconcile(key);
		if (again !== undefined) enqueue(key, again);
	};
	const enqueue = (key: string, delay: number): void => {
		const at = timeline.now + delay;
		const waiting = pending.get(key);
		if (waiting && waiting.at <= at) return;
		waiting?.cancel();
		pending.set(key, { at, cancel: timeline.after(delay, () => look(key)) });
	};
	const changed = (event: WatchEvent): void => {
		if (stopped) return;
		for (const key of controller.keys(event)) {
			if (pending.has(key) && pending.get(key)!.at <= timeline.now + to) continue;
			const n = (counts.get(key) ?? 0) + 1;
			counts.set(key, n);
			enqueue(key, timeline.between(from, to, `delay ${controller.name}`, `${key}\0${n}`));
		}
	};

	const resume = (): void => {
		if (!acts()) return;
		const keys = resync;
		resync = undefined;
		for (const key of keys ?? []) enqueue(key, from);
	};
	cluster.onReachable(resume);
	cluster.components.onBack(resume);
	controller.begin?.((key) => enqueue(key, 0));
	for (const resource of api.resources()) for (const object of api.list(resource)) changed({ type: 'ADDED', object });
	const unwatch = api.watch(changed);
	return () => {
		stopped = true;
		unwatch();
		for (const { cancel } of pending.values()) cancel();
		pending.clear();
	};
}
