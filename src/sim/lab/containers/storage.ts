/**
 * What a pod may fill of its node's disk: limits of `emptyDir`, of containers and of all of them. The kubelet looks every
 * ten seconds, and ends a pod that has more.
 *
 * Source: kubernetes pkg/kubelet/eviction/{eviction_manager,helpers}.go localStorageEviction() @ v1.24.0.
 */
import { quantity } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { ContainerSpec, Pod } from '../cluster/kinds.ts';
import { hasKubelet, type Machine } from '../cluster/machine.ts';
import { type DiskNode, usage } from '../disk/tree.ts';
import type { ContainerRecord } from '../kubelet/container.ts';
import type { Verdict, WorkerEnv } from '../kubelet/pod-env.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import { statesOn } from './states.ts';
import { mountedVolume, volumesOf } from './volumes.ts';

const STORAGE = 'ephemeral-storage';

const limitOf = (spec: ContainerSpec): string | undefined =>
	(spec.resources as { readonly limits?: Readonly<Record<string, string>> } | undefined)?.limits?.[STORAGE];

const onDisk = (pod: Pod) => volumesOf(pod).filter(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory');

/** Whether somebody has to look. */
const limitsStorage = (pod: Pod): boolean =>
	onDisk(pod).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ||
	pod.spec.containers.some((spec) => limitOf(spec) !== undefined);

/** Octets of files that came after the image did: those have times before all time. */
const written = (node: DiskNode): number =>
	node.kind === 'directory'
		? [...node.names.values()].reduce((sum, child) => sum + written(child), 0)
		: node.at >= 0
			? usage(node)
			: 0;

/** `30Mi`: resource.Quantity of octets, in the largest unit that leaves no rest. */
function binary(octets: number): string {
	let left = octets;
	let unit = 0;
	while (left !== 0 && left % 1024 === 0 && unit < 5) {
		left /= 1024;
		unit++;
	}
	return `${left}${['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'][unit]}`;
}

/** Why the kubelet ends the pod now; `logs` are octets by container. */
function storageFault(
	cluster: ClusterContext,
	machine: Machine,
	pod: Pod,
	logs: ReadonlyMap<string, number>,
): string | undefined {
	const used = new Map(
		onDisk(pod).map(({ name }) => {
			const node = mountedVolume(cluster, machine, pod, name)?.node;
			return [name, node ? usage(node) : 0];
		}),
	);
	for (const { name, emptyDir } of onDisk(pod)) {
		const limit = emptyDir?.sizeLimit;
		if (limit !== undefined && (used.get(name) ?? 0) > (quantity(limit) ?? Number.POSITIVE_INFINITY))
			return `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(limit)}. `;
	}
	const states = statesOn(machine).filter((state) => state.pod.metadata.uid === pod.metadata.uid);
	const layers = new Map(
		pod.spec.containers.map(({ name }) => {
			const root = states.find(({ spec }) => spec.name === name)?.root;
			return [name, (root ? written(root) : 0) + (logs.get(name) ?? 0)];
		}),
	);
	const limits = pod.spec.containers.map(limitOf);
	const total = limits.reduce((sum, limit) => sum + (quantity(limit ?? '0') ?? 0), 0);
	const sum = [...used.values(), ...layers.values()].reduce((all, octets) => all + octets, 0);
	if (limits.every((limit) => limit !== undefined) && sum > total)
		return `Pod ephemeral local storage usage exceeds the total limit of containers ${binary(total)}. `;
	for (const spec of pod.spec.containers) {
		const limit = limitOf(spec);
		if (limit !== undefined && (layers.get(spec.name) ?? 0) > (quantity(limit) ?? Number.POSITIVE_INFINITY))
			return `Container ${spec.name} exceeded its local ephemeral storage limit ${JSON.stringify(limit)}. `;
	}
	return undefined;
}

/** Looks again and again whether the pod fills more than it may (eviction_manager.go, monitoringInterval). */
export function watchStorage(
	env: WorkerEnv,
	containers: readonly ContainerRecord[],
	end: (why: Verdict, grace: number) => void,
): void {
	const { cluster, machine } = env;
	if (!limitsStorage(env.pod())) return;
	env.later(10 * SECOND, () => {
		if (env.ending() || env.finished()) return;
		const logs = new Map(
			containers.map(({ spec, run }) => [spec.name, (run?.log ?? []).reduce((n, { text }) => n + text.length + 40, 0)]),
		);
		const message = hasKubelet(machine) ? storageFault(cluster, machine, env.pod(), logs) : undefined;
		if (message === undefined) {
			watchStorage(env, containers, end);
			return;
		}
		env.event('Warning', 'Evicted', message);
		end({ reason: 'Evicted', message }, minorOf(cluster.api.version) >= 26 ? SECOND : 0);
	});
}
