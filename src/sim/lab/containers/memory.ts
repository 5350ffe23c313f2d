/**
 * Memory of containers: what their programs say they allocate, the limit of their cgroup, and whom the kernel ends.
 *
 * Programs here have no memory of their own; those that are made to use some (`stress`, `tail /dev/zero`) tell of it.
 * Source: mm/oom_kill.c, mm/memcontrol.c @ v5.15; kubernetes pkg/kubelet/qos/policy.go @ v1.24.0.
 */
import { quantity } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type ContainerSpec, type Node, one, type Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import type { Cluster } from '../types.ts';
import { contextOf, stateAt } from './states.ts';

/** A line of the kernel's log; all nodes have one kernel. */
export interface KernelLine {
	readonly at: number;
	readonly text: string;
}

interface Cgroup {
	/** Octets by who has them. */
	readonly used: Map<string, number>;
	peak: number;
	/** How often it was full, and who was ended for it. */
	full: number;
	kills: number;
}

const groups = new WeakMap<Machine, Map<string, Cgroup>>();
const logs = new WeakMap<ClusterContext, KernelLine[]>();

function groupOf(machine: Machine, id: string): Cgroup {
	const all = groups.get(machine) ?? new Map<string, Cgroup>();
	groups.set(machine, all);
	const group = all.get(id) ?? { used: new Map(), peak: 0, full: 0, kills: 0 };
	all.set(id, group);
	return group;
}

const total = ({ used }: Cgroup): number => [...used.values()].reduce((sum, n) => sum + n, 0);

interface Resources {
	readonly limits?: Readonly<Record<string, string>>;
	readonly requests?: Readonly<Record<string, string>>;
}

const amount = (text: string | undefined): number | undefined => (text === undefined ? undefined : quantity(text));

export const resourcesOf = (spec: ContainerSpec): Resources => (spec.resources ?? {}) as Resources;

const capacityOf = (cluster: ClusterContext, machine: Machine): number =>
	amount(
		(one<Node>(cluster.api, 'nodes', '', machine.name) as { status?: { capacity?: { memory?: string } } } | undefined)
			?.status?.capacity?.memory,
	) ?? 8 * 2 ** 30;

/** Guaranteed, burstable by its share, or the first to go (GetContainerOOMScoreAdjust()). */
function scoreOf(pod: Pod, spec: ContainerSpec, capacity: number): number {
	const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(resourcesOf);
	const names = ['cpu', 'memory'];
	const guaranteed = all.every(({ limits = {}, requests = limits }) =>
		names.every(
			(name) => limits[name] !== undefined && amount(requests[name] ?? limits[name]) === amount(limits[name]),
		),
	);
	if (guaranteed) return -997;
	if (all.every(({ limits = {}, requests = {} }) => Object.keys({ ...limits, ...requests }).length === 0)) return 1000;
	const { limits = {}, requests = limits } = resourcesOf(spec);
	const share = 1000 - Math.floor((1000 * (amount(requests.memory) ?? 0)) / capacity);
	return Math.max(2, share >= 1000 ? 999 : share);
}

export interface Allocation {
	/** Name of the program. */
	readonly name: string;
	/** All that it has now; 0 when it gave it back. */
	readonly bytes: number;
	/** Number of its process on the node. */
	readonly pid: number;
}

/**
 * A program of a container has so much memory now. `killed`: the kernel ended that program; `gone`: it ended the container,
 * as kubelets from 1.28 on have it (`memory.oom.group`).
 */
export function allocate(
	cluster: Cluster,
	place: { readonly namespace: string; readonly pod: string; readonly container: string },
	{ name, bytes, pid }: Allocation,
): 'fits' | 'killed' | 'gone' {
	const context = contextOf(cluster);
	const state = stateAt(cluster, place.namespace, place.pod, place.container);
	const machine = state && context?.machines.get(state.pod.spec.nodeName ?? '');
	if (!context || !state || !machine) return 'fits';
	const group = groupOf(machine, state.id);
	const key = `${pid} ${name}`;
	const limit = amount(resourcesOf(state.spec).limits?.memory);
	const capacity = capacityOf(context, machine);
	group.used.set(key, bytes);
	const most = Math.min(limit ?? Infinity, capacity);
	if (total(group) <= most) {
		group.peak = Math.max(group.peak, total(group));
		if (bytes === 0) group.used.delete(key);
		return 'fits';
	}
	group.peak = most;
	group.full++;
	group.kills++;
	const { now } = context.timeline;
	const log = logs.get(context) ?? [];
	logs.set(context, log);
	const score = scoreOf(state.pod, state.spec, capacity);
	const own = limit !== undefined && limit <= capacity;
	const kib = (n: number): number => Math.floor(n / 1024);
	const path = `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${(state.pod.metadata.uid ?? '').replaceAll('-', '_')}.slice/cri-containerd-${state.id}.scope`;
	const uid = state.user.uid;
	const lines = [
		`${name} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${score}`,
		...(own ? [`memory: usage ${kib(most)}kB, limit ${kib(most)}kB, failcnt ${group.full}`] : []),
		`oom-kill:constraint=${own ? 'CONSTRAINT_MEMCG' : 'CONSTRAINT_NONE'},nodemask=(null),cpuset=cri-containerd-${state.id}.scope,mems_allowed=0,${own ? `oom_memcg=${path},` : 'global_oom,'}task_memcg=${path},task=${name},pid=${pid},uid=${uid}`,
		`${own ? 'Memory cgroup out of memory' : 'Out of memory'}: Killed process ${pid} (${name}) total-vm:${kib(Math.min(bytes, capacity))}kB, anon-rss:${kib(most)}kB, file-rss:0kB, shmem-rss:0kB, UID:${uid} oom_score_adj:${score}`,
	];
	for (const text of lines) log.push({ at: now, text });
	group.used.delete(key);
	if (minorOf(context.api.version) < 28) return 'killed';
	log.push({ at: now, text: `Tasks in ${path} are going to be killed due to memory.oom.group set` });
	cluster.exit(place.namespace, place.pod, place.container, 137);
	return 'gone';
}

/** Whether the kernel ended something in a container for its memory: the runtime says so of its end. */
export const wasOutOfMemory = (machine: Machine, id: string): boolean => (groups.get(machine)?.get(id)?.kills ?? 0) > 0;

/** What the laptop's kernel has written of containers of a cluster (dmesg). */
export const kernelLog = (cluster: Cluster): readonly KernelLine[] => {
	const context = contextOf(cluster);
	return (context && logs.get(context)) ?? [];
};

/** A page of a process's own, four for each that runs: the least that a cgroup has. */
const LEAST = 16_384;

/** Files of a container's own cgroup (Documentation/admin-guide/cgroup-v2.rst), by their names. */
export function cgroupFiles(
	cluster: ClusterContext,
	machine: Machine,
	spec: ContainerSpec,
	id: string,
	processes: () => readonly number[],
): Readonly<Record<string, () => string>> {
	const { limits = {}, requests = limits } = resourcesOf(spec);
	const group = (): Cgroup => groupOf(machine, id);
	const memory = amount(limits.memory);
	const cpu = amount(limits.cpu);
	const shares = Math.max(2, Math.floor((amount(requests.cpu) ?? 0) * 1024));
	const current = (): number => total(group()) + processes().length * LEAST;
	const period = 100_000;
	const events = (): string => {
		const { full, kills } = group();
		return `low 0\nhigh 0\nmax ${full}\noom ${full}\noom_kill ${kills}\noom_group_kill ${minorOf(cluster.api.version) >= 28 ? kills : 0}\n`;
	};
	return {
		'cgroup.controllers': () => 'cpuset cpu io memory hugetlb pids rdma misc\n',
		'cgroup.procs': () =>
			processes()
				.map((pid) => `${pid}\n`)
				.join(''),
		'cgroup.type': () => 'domain\n',
		'cpu.max': () => `${cpu === undefined ? 'max' : Math.floor(cpu * period)} ${period}\n`,
		// Shares of cgroup v1 in the other's measure (opencontainers/runc libcontainer/cgroups/utils.go @ v1.1).
		'cpu.weight': () => `${Math.floor(1 + ((shares - 2) * 9999) / 262_142)}\n`,
		'memory.current': () => `${current()}\n`,
		'memory.events': events,
		'memory.high': () => 'max\n',
		'memory.low': () => '0\n',
		'memory.max': () => `${memory === undefined ? 'max' : Math.floor(memory / 4096) * 4096}\n`,
		'memory.min': () => '0\n',
		'memory.oom.group': () => `${minorOf(cluster.api.version) >= 28 ? 1 : 0}\n`,
		'memory.peak': () => `${Math.max(group().peak, current())}\n`,
		'memory.swap.current': () => '0\n',
		'memory.swap.max': () => `${memory === undefined ? 'max' : 0}\n`,
		'pids.current': () => `${processes().length}\n`,
		'pids.max': () => 'max\n',
	};
}

/** Virtual seconds of a time, with six digits, as `printk` stamps. */
export const printkTime = (micros: number): string =>
	`${Math.floor(micros / SECOND)}.${String(micros % SECOND).padStart(6, '0')}`;
