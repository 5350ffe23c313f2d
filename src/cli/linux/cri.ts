/**
 * What containerd has on a node: sandboxes and containers, those that ended too, as the kubelet's reports, its journal and
 * what runs tell of them.
 */
import { parseTime } from '../../sim/api/index.ts';
import {
	type Cluster,
	commandOf,
	contextOf,
	type Lab,
	type NodeMachine,
	type RunningContainer,
	sandboxId,
	statesOn,
	withVariables,
} from '../../sim/lab/index.ts';
import { hex, sha256 } from '../../sim/trace/index.ts';

interface Spec {
	readonly name: string;
	readonly image: string;
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	readonly env?: readonly {
		readonly name: string;
		readonly value?: string;
		readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
	}[];
}

interface Ended {
	readonly containerID: string;
	readonly exitCode: number;
	readonly reason: string;
	readonly startedAt: string;
	readonly finishedAt: string;
}

interface Status {
	readonly name: string;
	readonly imageID?: string;
	readonly restartCount?: number;
	readonly state?: { readonly terminated?: Ended };
	readonly lastState?: { readonly terminated?: Ended };
}

export interface PodView {
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly uid: string;
		readonly labels?: Readonly<Record<string, string>>;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	readonly spec: {
		readonly nodeName?: string;
		readonly hostNetwork?: boolean;
		readonly hostPID?: boolean;
		readonly containers: readonly Spec[];
		readonly initContainers?: readonly Spec[];
		readonly ephemeralContainers?: readonly Spec[];
	};
	readonly status?: {
		readonly podIP?: string;
		readonly startTime?: string;
		readonly containerStatuses?: readonly Status[];
		readonly initContainerStatuses?: readonly Status[];
	};
}

export interface CriContainer {
	readonly id: string;
	readonly name: string;
	readonly image: string;
	readonly attempt: number;
	readonly argv: readonly string[];
	/** Virtual microseconds. */
	readonly startedAt: number;
	/** Absent while it runs. */
	readonly ended?: { readonly at: number; readonly exitCode: number; readonly reason: string };
	readonly sandbox: Sandbox;
}

export interface Sandbox {
	readonly id: string;
	readonly name: string;
	readonly namespace: string;
	readonly uid: string;
	readonly attempt: number;
	/** Virtual microseconds. */
	readonly createdAt: number;
	readonly pod: PodView;
	readonly containers: readonly CriContainer[];
}

export const hexId = (text: string): string => hex(sha256(new TextEncoder().encode(text)));

/** When a container of Docker's was last started, virtual microseconds. */
export const bootOf = (lab: Lab, machine: Pick<NodeMachine, 'container' | 'name'>): number => {
	const container = lab.docker.find(machine.container) ?? lab.docker.find(machine.name);
	return container?.started ?? container?.created ?? 0;
};

/** Containers that ended and were removed by hand, by their ids. */
const removed = new WeakMap<Lab, Set<string>>();

/** `crictl rm`: containerd has it no longer. */
export function forget(lab: Lab, id: string): void {
	const ids = removed.get(lab) ?? new Set();
	removed.set(lab, ids.add(id));
}

const keyOf = ({ metadata: { namespace = '', name } }: PodView): string => `${namespace}/${name}`;

/** Pods of a node as the API has them, and static ones that it does not show for now. */
export function podsOn(cluster: Cluster, node: string): readonly PodView[] {
	const pods = cluster.api.find?.('pods');
	if (!pods) return [];
	const shown = (cluster.api.list(pods) as unknown as readonly PodView[]).filter((pod) => pod.spec.nodeName === node);
	const keys = new Set(shown.map(keyOf));
	const hidden = new Map<string, PodView>();
	for (const { node: at, seen } of cluster.running()) {
		const pod = seen as unknown as PodView;
		if (at === node && pod && !keys.has(keyOf(pod))) hidden.set(keyOf(pod), pod);
	}
	return [...shown, ...hidden.values()];
}

/**
 * Sandboxes of a node in the order they were made. One is made right before the first of the pod's containers, which the
 * journal tells; after the machine was started again it is another one.
 */
export function sandboxesOn(lab: Lab, cluster: Cluster, machine: NodeMachine): readonly Sandbox[] {
	const running = cluster.running().filter((c) => c.node === machine.name);
	const boot = bootOf(lab, machine);
	const since = (text: string | undefined): number => ((parseTime(text) ?? lab.epoch) - lab.epoch) * 1e6;
	const out: Sandbox[] = [];
	for (const pod of podsOn(cluster, machine.name)) {
		const { uid, name, namespace = '' } = pod.metadata;
		const mine = running.filter((c) => c.pod.name === name && c.pod.namespace === namespace);
		const madeAs = mine[0]?.madeAs ?? uid;
		const told = machine.journal.filter(
			(entry) => (entry.uid === uid || entry.uid === madeAs) && entry.fieldPath !== undefined,
		);
		const first = told.find((entry) => entry.at >= boot) ?? told[0];
		if (!first && mine.length === 0) continue;
		// Before it was started anew, the pod had another one.
		const attempt = first !== undefined && first.at >= boot && told[0]!.at < boot ? 1 : 0;
		const createdAt = first?.at ?? Math.min(...mine.map((c) => c.startedAt));
		const containers: CriContainer[] = [];
		const sandbox: Sandbox = {
			id: sandboxId(madeAs, attempt),
			name,
			namespace,
			uid,
			attempt,
			createdAt,
			pod,
			containers,
		};
		const { spec } = pod;
		const own = cluster.reachable ? undefined : cluster.kubeletStatus?.(namespace, name);
		const status = (own as PodView['status']) ?? pod.status;
		for (const item of [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]) {
			const about = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
				(s) => s.name === item.name,
			);
			const common = { name: item.name, image: item.image, sandbox };
			const now = mine.find((c) => c.name === item.name);
			const ends = [about?.lastState?.terminated, about?.state?.terminated].filter((e) => e !== undefined);
			for (const [i, end] of ends.entries()) {
				const id = end.containerID.replace('containerd://', '');
				if (id === now?.id || removed.get(lab)?.has(id)) continue;
				const at = told.findLast(
					(e) => e.reason === 'Started' && ofContainer(e, item.name) && e.at <= since(end.startedAt) + 1e6,
				)?.at;
				containers.push({
					...common,
					id,
					argv: argvOf(cluster, pod, item),
					attempt: Math.max(0, (now ? now.restarts : (about?.restartCount ?? 0)) - (ends.length - i) + (now ? 0 : 1)),
					startedAt: at ?? since(end.startedAt),
					ended: { at: since(end.finishedAt), exitCode: end.exitCode, reason: end.reason },
				});
			}
			if (now)
				containers.push({
					...common,
					argv: argvOf(cluster, pod, item, now.id),
					id: now.id,
					attempt: now.restarts,
					startedAt: now.startedAt,
				});
		}
		out.push(sandbox);
	}
	return out.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/** A command line with the variables it names: as it was started where it runs, else as it would be now. */
function argvOf(cluster: Cluster, pod: PodView, item: Spec, id?: string): readonly string[] {
	const context = contextOf(cluster);
	const machine = context?.machines.get(pod.spec.nodeName ?? '');
	const started = id === undefined || !machine ? undefined : statesOn(machine).find((state) => state.id === id)?.spec;
	const spec = item as unknown as Parameters<typeof withVariables>[2];
	return commandOf(started ?? (context ? withVariables(context, pod as never, spec, pod.status?.podIP) : spec));
}

const ofContainer = (entry: { readonly fieldPath?: string | undefined }, name: string): boolean =>
	entry.fieldPath?.endsWith(`{${name}}`) ?? false;

/** Whether the sandbox stands: something of the pod runs in it, or is about to. */
export const isReady = (sandbox: Sandbox): boolean =>
	sandbox.containers.some((c) => !c.ended) || sandbox.containers.length === 0;

export type { RunningContainer };
