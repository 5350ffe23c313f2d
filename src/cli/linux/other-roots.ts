/**
 * `/proc/PID/root` of another container's process: its files, for whoever sees the process and may look (ptrace(2),
 * PTRACE_MODE_READ: fs/proc/base.c proc_pid_get_link() @ v5.15).
 */
import {
	type Cluster,
	capabilitiesOf,
	type DiskNode,
	type Lab,
	octetsOf,
	stateAt,
	userName,
} from '../../sim/lab/index.ts';
import type { FileChange, MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { programSurroundings } from './installed-later.ts';
import type { Process } from './process-numbers.ts';
import { processesAt } from './processes.ts';
import { linuxSurroundings } from './surroundings.ts';

type PodPlace = Extract<Place, { kind: 'pod' }>;

const stateOf = (cluster: Cluster, { namespace, pod, container }: PodPlace) =>
	stateAt(cluster, namespace, pod, container);

/** The container of the same pod that a process is in; undefined of pause and of another pod's. */
function placeOf(place: PodPlace, lab: Lab, process: Process): PodPlace | undefined {
	const running = lab
		.cluster(place.cluster)
		?.running({ namespace: place.namespace, name: place.pod })
		.find(({ id }) => id === process.container);
	return running && { ...place, container: running.name };
}

/** Whether somebody with `uid` may look into a process: the same user with no less, or SYS_PTRACE. */
function mayLook(cluster: Cluster, from: PodPlace, to: PodPlace, process: Process, uid: number): boolean {
	const [own, other] = [stateOf(cluster, from), stateOf(cluster, to)];
	if (!own || !other) return false;
	const caps = uid === 0 ? capabilitiesOf(own.pod, own.spec) : [];
	if (caps.includes('SYS_PTRACE')) return true;
	const root = process.user === 'root' || process.user === '0';
	if (uid !== (root ? 0 : other.user.uid) || (!root && other.user.uid === 0)) return false;
	return !root || capabilitiesOf(other.pod, other.spec).every((cap) => caps.includes(cap));
}

interface Elsewhere {
	readonly place: PodPlace;
	/** From its root. */
	readonly path: string;
	readonly process: Process;
}

/** What a path through `/proc/PID/root` leads to. */
function elsewhere(place: Place, lab: Lab, path: string): Elsewhere | undefined {
	const [, pid, rest = ''] = /^\/proc\/(\d+)\/root(\/.*)?$/.exec(path) ?? [];
	if (pid === undefined || place.kind !== 'pod') return undefined;
	const process = processesAt(lab, place).find((p) => p.pid === Number(pid));
	const there = process && placeOf(place, lab, process);
	return there && there.container !== place.container ? { place: there, path: rest || '/', process } : undefined;
}

/** What is wrong with a path through another root of the pod; `here` where nothing is. */
export function otherRootFault(place: Place, lab: Lab, path: string, uid: number | undefined): string | undefined {
	const to = elsewhere(place, lab, path);
	const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
	if (!to || !cluster || place.kind !== 'pod') return undefined;
	const who = uid ?? stateOf(cluster, place)?.user.uid ?? 0;
	return mayLook(cluster, place, to.place, to.process, who) ? 'here' : 'EACCES';
}

/** Somebody wrote there: the other container has it. Answers whether the path was such a one. */
export async function writtenElsewhere(
	place: Place,
	lab: Lab,
	path: string,
	entry: FileChange | undefined,
): Promise<boolean> {
	const to = elsewhere(place, lab, path);
	if (!to) return false;
	(await import('./container-files.ts')).written(to.place, lab, to.path, entry);
	return true;
}

const made = (node: DiskNode, lab: Lab, image: string): MadeFile => {
	const nameOf = (id: number): string => userName(image, id) ?? String(id);
	return Object.assign(() => (node.kind === 'file' ? octetsOf(node) : ''), {
		mode: node.mode,
		mtime: lab.epoch * 1000 + Math.floor(node.at / 1000),
		owner: nameOf(node.uid),
		group: nameOf(node.gid),
		...(node.kind === 'link' ? { link: node.target } : {}),
	});
};

let looking = false;

/** Files below a process's root; undefined where it is of no other container of the pod. */
export function otherRoot(place: Place, lab: Lab, process: Process): Readonly<Record<string, MadeFile>> | undefined {
	const there = place.kind === 'pod' ? placeOf(place, lab, process) : undefined;
	const cluster = there && lab.cluster(there.cluster);
	const state = cluster && stateOf(cluster, there);
	// What the other sees of this one is not looked at on the way.
	if (!state || looking) return undefined;
	const out: Record<string, MadeFile> = {};
	looking = true;
	try {
		for (const [path, file] of programSurroundings.programs?.(there, lab) ?? [])
			out[path] = Object.assign(() => new Uint8Array(file.size ?? 0), {
				mode: file.mode ?? 0o755,
				...(file.link === undefined ? {} : { link: file.link }),
			});
		for (const [path, file] of Object.entries(linuxSurroundings.files?.(there, lab) ?? {}))
			if (!/^\/(?:proc|sys)\//.test(path)) out[path] = file;
	} finally {
		looking = false;
	}
	for (const [path, node] of state.disk.all())
		out[node.kind === 'directory' ? `${path}/` : path] = made(node, lab, state.spec.image);
	return out;
}
