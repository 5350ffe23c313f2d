/** Files of containers and nodes as the shell has them: the lab's own, read and written through. */
import {
	type ContainerState,
	cgroupFiles,
	contextOf,
	type Disk,
	type DiskNode,
	dockerCgroup,
	dockerEntry,
	type Lab,
	laptopDisk,
	nodeDisk,
	octetsOf,
	stateAt,
	statusLines,
	userName,
} from '../../sim/lab/index.ts';
import type { FileChange, FileDeed, MadeFile } from '../shell/index.ts';
import type { Person, Place } from '../tool.ts';
import type { Process } from './process-numbers.ts';
import { processesAt } from './processes.ts';

interface Held {
	readonly disk: Disk;
	/** Files that the lab makes here otherwise, and that somebody took away. */
	readonly gone: Set<string>;
	readonly state?: ContainerState;
	readonly image?: string;
}

/** Where the lab keeps the files of a place: of the laptop what containers share; undefined of what does not run. */
export function heldAt(place: Place, lab: Lab): Held | undefined {
	if (place.kind === 'container') {
		const container = lab.docker?.find(place.id);
		if (!container) return undefined;
		const { state } = dockerEntry(lab, container);
		return { disk: state.disk, gone: state.gone, state, image: container.image };
	}
	if (place.kind === 'laptop') {
		const disk = laptopDisk(lab);
		return disk && { disk, gone: new Set() };
	}
	const cluster = lab.cluster(place.cluster);
	if (!cluster) return undefined;
	if (place.kind === 'node') return nodeDisk(cluster, place.node);
	const state = stateAt(cluster, place.namespace, place.pod, place.container);
	return state && { disk: state.disk, gone: state.gone, state, image: state.spec.image };
}

const LAB_MADE = /^\/(?:proc|sys)\//;

/** A path of the disk as the shell makes it; text is asked for when it is read. */
function made(node: DiskNode, lab: Lab, nameOf: (id: number) => string): MadeFile {
	const mtime = lab.epoch * 1000 + Math.floor(node.at / 1000);
	return Object.assign(() => (node.kind === 'file' ? octetsOf(node) : ''), {
		mode: node.mode,
		mtime,
		owner: nameOf(node.uid),
		group: nameOf(node.gid),
		...(node.kind === 'link' ? { link: node.target } : {}),
	});
}

const GROUPS: Readonly<Record<number, string>> = { 65534: 'nogroup' };

const ON_LAPTOP: Readonly<Record<number, string>> = { 0: 'root', 1000: 'learner' };

/** Directories and files of the learner's that containers have mounted: what either writes, both have. */
function sharedFiles(disk: Disk, lab: Lab): Readonly<Record<string, MadeFile>> {
	const out: Record<string, MadeFile> = {};
	const nameOf = (id: number): string => ON_LAPTOP[id] ?? String(id);
	const mounts = disk.mounts();
	for (const { path, node } of mounts)
		out[node.kind === 'directory' ? `${path}/` : path] = Object.assign(made(node, lab, nameOf), {
			writes: 'told' as const,
		});
	for (const [path, node] of disk.all())
		if (mounts.some((mount) => path.startsWith(`${mount.path}/`)))
			out[node.kind === 'directory' ? `${path}/` : path] = made(node, lab, nameOf);
	return out;
}

/** `nodeFiles`: what the lab makes on the node that a pod runs on. */
export function containerFiles(
	place: Place,
	lab: Lab,
	nodeFiles: (node: string) => Readonly<Record<string, MadeFile>>,
): Readonly<Record<string, MadeFile>> {
	const held = heldAt(place, lab);
	if (!held) return {};
	const { disk, state, image } = held;
	if (place.kind === 'laptop') return sharedFiles(disk, lab);
	const nameOf = (id: number): string => userName(image ?? '', id) ?? GROUPS[id] ?? String(id);
	const out: Record<string, MadeFile> = { '/': Object.assign(() => '', { writes: 'told' as const, mode: 0o755 }) };
	for (const path of held.gone) out[path] = Object.assign(() => '', { gone: true });
	for (const [path, node] of disk.all()) out[node.kind === 'directory' ? `${path}/` : path] = made(node, lab, nameOf);
	if (state && place.kind === 'container') {
		Object.assign(out, statusFiles(place, lab, state));
		const cgroup = dockerCgroup(lab, place.id, () => processesAt(lab, place).map(({ pid }) => pid));
		for (const [name, text] of Object.entries(cgroup))
			out[`/sys/fs/cgroup/${name}`] = Object.assign(text, { writes: 'refused' as const, mode: 0o644 });
	}
	if (state && place.kind === 'pod') {
		const cluster = lab.cluster(place.cluster)!;
		for (const { source, path, node } of disk.mounts()) {
			if (source === undefined || node.kind !== 'directory') continue;
			// What the lab makes on nodes (/etc/cni/net.d) is there for whoever mounts it.
			const root = source === '/' ? '' : source;
			for (const [name, file] of Object.entries(nodeFiles(state.pod.spec.nodeName ?? '')))
				if (name.startsWith(`${root}/`) && !LAB_MADE.test(name)) out[`${path}${name.slice(root.length)}`] ??= file;
		}
		Object.assign(out, statusFiles(place, lab, state));
		const context = contextOf(cluster);
		const machine = context?.machines.get(state.pod.spec.nodeName ?? '');
		if (context && machine)
			for (const [name, text] of Object.entries(
				cgroupFiles(context, machine, state.spec, state.id, () => processesAt(lab, place).map(({ pid }) => pid)),
			))
				out[`/sys/fs/cgroup/${name}`] = Object.assign(text, { writes: 'refused' as const, mode: 0o644 });
	}
	return out;
}

/** /proc/PID/status of what runs in a container as its user: with what its security context says. */
function statusFiles(place: Place, lab: Lab, { id, pod, spec }: ContainerState): Record<string, MadeFile> {
	const own =
		place.kind === 'pod'
			? lab
					.cluster(place.cluster)
					?.running()
					.find((one) => one.id === id)?.id
			: undefined;
	const all = processesAt(lab, place).filter(({ container }) => own === undefined || container === own);
	const [first] = all;
	const told = all.filter(({ user }) => user === first?.user);
	const text = ({ comm, state, pid, ppid }: Process): string => {
		const running = state.startsWith('R') ? 'R (running)' : 'S (sleeping)';
		return `Name:\t${comm}\nUmask:\t0022\nState:\t${running}\nTgid:\t${pid}\nPid:\t${pid}\nPPid:\t${ppid}\n${statusLines(
			pod,
			spec,
		)
			.map((line) => `${line}\n`)
			.join('')}`;
	};
	return Object.fromEntries(told.map((process) => [`/proc/${process.pid}/status`, () => text(process)]));
}

/** Files of a node that its machine keeps, and its agent writes anew (`manifestChanged`). */
const OF_MACHINE = /^\/etc\/cni\/net\.d\/[^/]+$/;

/** A path was written, made, or is gone. @throws Error with the fault's name when there is no room */
export function written(place: Place, lab: Lab, path: string, entry: FileChange | undefined, as?: Person): void {
	const held = heldAt(place, lab);
	if (!held || LAB_MADE.test(path) || (place.kind === 'node' && OF_MACHINE.test(path))) return;
	const { gone } = held;
	const disk = as ? held.disk.as(as) : held.disk;
	if (!entry) {
		disk.remove(path, true);
		gone.add(path);
		return;
	}
	gone.delete(path);
	// Directories that only what the lab makes is in are there too.
	const above = path.slice(0, path.lastIndexOf('/'));
	if (above !== '' && !disk.stat(above)) disk.as({ uid: 0, gid: 0, groups: [0] }).mkdir(above, { parents: true });
	const fault =
		entry.kind === 'directory'
			? disk.mkdir(path, { parents: true, mode: entry.mode })
			: entry.kind === 'link'
				? disk.symlink(entry.target ?? '', path)
				: disk.write(path, entry.octets ?? '', { mode: entry.mode });
	if (fault === undefined && entry.kind !== 'link' && disk.stat(path)?.mode !== (entry.mode & 0o7777))
		disk.chmod(path, entry.mode);
	if (fault !== undefined && fault !== 'EEXIST') throw new Error(fault);
}

/** What the kubelet, containerd and Docker mount: it can be written, and neither removed nor replaced (rename(2)). */
const MOUNTED = /^\/etc\/(?:hosts|hostname|resolv\.conf)$/;

export function faultOf(place: Place, lab: Lab, path: string, what: FileDeed, as?: Person): string | undefined {
	if (LAB_MADE.test(path)) return undefined;
	const held = heldAt(place, lab);
	if (held && what === 'remove' && MOUNTED.test(path)) return 'EBUSY';
	return (as ? held?.disk.as(as) : held?.disk)?.fault(path, what);
}

/** When a file was written last is said by somebody, in milliseconds since 1970. */
export function dated(place: Place, lab: Lab, path: string, time: number): void {
	heldAt(place, lab)?.disk.utime(path, (time - lab.epoch * 1000) * 1000);
}

export function given(
	place: Place,
	lab: Lab,
	path: string,
	uid?: number,
	gid?: number,
	as?: Person,
): string | undefined {
	const own = heldAt(place, lab)?.disk;
	const disk = as ? own?.as(as) : own;
	const stat = disk?.stat(path);
	return stat && disk!.chown(path, uid ?? stat.uid, gid ?? stat.gid);
}
