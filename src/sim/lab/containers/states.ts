/** What a container that runs has for itself: its user, its variables as they were when it started, its files. */
import type { ClusterContext } from '../cluster/context.ts';
import type { ContainerSpec, Pod } from '../cluster/kinds.ts';
import { one } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { createDisk, type Disk, type DiskMount } from '../disk/disk.ts';
import { below, type DirectoryNode, type DiskNode, directory, file, makeDirectory, put } from '../disk/tree.ts';
import type { Cluster, RunningContainer } from '../types.ts';
import { environmentOf, expand, withVariables } from './env.ts';
import { imageFacts } from './image-facts.ts';
import { imageRoot } from './image-root.ts';
import { type ProcessSpace, processSpace } from './process-space.ts';
import { type ContainerUser, securityOf, userOf } from './security.ts';
import { DISK, kindOf, mountedVolume, setUpVolumes, volumesOf } from './volumes.ts';
import type { WebServer } from './web.ts';

export interface ContainerState {
	readonly id: string;
	readonly pod: Pod;
	readonly spec: ContainerSpec;
	readonly user: ContainerUser;
	/** Of its first process, without HOSTNAME and HOME, which the runtime adds. */
	readonly env: Readonly<Record<string, string>>;
	readonly cwd: string;
	/** As its user sees them. */
	readonly disk: Disk;
	/** Its own files, with its image's below: nothing that is mounted. */
	readonly root?: DirectoryNode;
	/** Files the lab makes (/etc/hosts) and somebody took away. */
	readonly gone: Set<string>;
	/** What the runtime cannot mount: a directory where the image has a file, or a file where it has a directory. */
	readonly misfit: { readonly from: string; readonly to: string } | undefined;
	/** Addresses of a name, where it is not a cluster's: of a container of Docker's. */
	readonly resolve?: (name: string) => readonly string[] | undefined;
	/** A web server that read its configuration. */
	web: WebServer | undefined;
	/** Where its pod's containers see each other's processes. */
	readonly processes?: ProcessSpace;
}

interface Mount {
	readonly name: string;
	readonly mountPath: string;
	readonly subPath?: string;
	readonly subPathExpr?: string;
	readonly readOnly?: boolean;
}

/** `volumeMounts` of a container. */
export const mountsOfSpec = (spec: ContainerSpec): readonly Mount[] => (spec.volumeMounts ?? []) as readonly Mount[];

/** The node at a path of a volume, its own links followed. */
function inside(root: DiskNode, path: string, now: () => number): DiskNode | undefined {
	if (root.kind !== 'directory') return path === '' ? root : undefined;
	let at = `/${path}`;
	for (let i = 0; i < 8; i++) {
		const disk = createDisk({ root, now });
		const stat = disk.stat(at, true);
		if (stat?.kind !== 'link') break;
		at = stat.target!.startsWith('/') ? stat.target! : `${at.slice(0, at.lastIndexOf('/'))}/${stat.target}`;
	}
	let node: DiskNode | undefined = root;
	for (const name of at.split('/').filter((part) => part !== '')) {
		if (node?.kind === 'link') node = inside(root, node.target, now);
		node = node?.kind === 'directory' ? node.names.get(name) : undefined;
	}
	return node;
}

/** A mount of a container over its image; undefined of a volume without files here. */
export function mountOf(
	cluster: ClusterContext,
	machine: Machine,
	pod: Pod,
	mount: Mount,
	env: Readonly<Record<string, string>>,
): DiskMount | undefined {
	const volume = mountedVolume(cluster, machine, pod, mount.name);
	if (!volume) return undefined;
	const sub = mount.subPathExpr === undefined ? (mount.subPath ?? '') : expand(mount.subPathExpr, env);
	const now = (): number => cluster.timeline.now;
	let node: DiskNode | undefined = volume.node;
	if (sub !== '' && sub !== '.') {
		node = inside(volume.node, sub, now);
		// The kubelet makes the directory it is asked for, as open as the volume is (subpath.SafeMakeDir).
		if (!node && volume.node.kind === 'directory') node = makeDirectory(volume.node, sub, now(), volume.node.mode);
	}
	if (!node) return undefined;
	return {
		...volume,
		node,
		...(volume.source === undefined ? {} : { source: `${volume.source}${sub === '' ? '' : `/${sub}`}` }),
		path: mount.mountPath.replace(/(.)\/+$/, '$1'),
		readOnly: volume.readOnly || mount.readOnly === true,
	};
}

/** What every container of a pod gets beside its volumes: a place for its last words, and memory to share. */
function ofRuntime(now: number): readonly DiskMount[] {
	const shm = directory(now, 0o1777);
	return [
		{ path: '/dev/termination-log', node: file('', now, 0o666), readOnly: false, ...DISK },
		{ path: '/dev/shm', node: shm, readOnly: false, device: 'shm', type: 'tmpfs', limit: 64 * 1024 * 1024 },
	];
}

/** Places for what is mounted, so that directories list them. */
export function prepare(root: DirectoryNode, mounts: readonly DiskMount[], now: number): void {
	for (const { path, node } of mounts) {
		if (path === '/') continue;
		if (node.kind === 'directory') makeDirectory(root, path, now);
		else if (path.includes('/')) {
			const parent = makeDirectory(root, path.slice(0, path.lastIndexOf('/')), now);
			const name = path.slice(path.lastIndexOf('/') + 1);
			if (parent && !parent.names.has(name)) put(root, path, file('', now));
		}
	}
}

/** Where on the node what is mounted lies, as runc is told. */
function sourceOf(pod: Pod, spec: ContainerSpec, { volume, path, source }: DiskMount): string {
	if (source !== undefined) return source;
	const at = mountsOfSpec(spec).findIndex((mount) => mount.mountPath.replace(/(.)\/+$/, '$1') === path);
	const pods = `/var/lib/kubelet/pods/${pod.metadata.uid}`;
	const own = volumesOf(pod).find(({ name }) => name === volume);
	return mountsOfSpec(spec)[at]?.subPath
		? `${pods}/volume-subpaths/${volume}/${spec.name}/${at}`
		: `${pods}/volumes/kubernetes.io~${own ? kindOf(own) : 'empty-dir'}/${volume}`;
}

/** runc's words of what it could not mount (libcontainer/rootfs_linux.go @ v1.1). */
export const mountFault = ({ misfit }: ContainerState): string | undefined =>
	misfit &&
	`error mounting ${JSON.stringify(misfit.from)} to rootfs at ${JSON.stringify(misfit.to)}: mount ${misfit.from}:${misfit.to} (via /proc/self/fd/6), flags: 0x5001: not a directory`;

const states = new WeakMap<Machine, Map<string, ContainerState>>();

/** The container of that id, made when it is first asked for: at its start, or when people first look. */
export function containerState(
	cluster: ClusterContext,
	machine: Machine,
	pod: Pod,
	written: ContainerSpec,
	id: string,
	ip?: string,
): ContainerState {
	let all = states.get(machine);
	if (!all) {
		all = new Map();
		states.set(machine, all);
	}
	const known = all.get(id);
	if (known) return known;
	const { timeline } = cluster;
	const now = (): number => timeline.now;
	const spec = withVariables(cluster, pod, written, ip);
	const env = environmentOf(cluster, pod, spec, ip);
	const mounts = [
		...ofRuntime(now()),
		...mountsOfSpec(spec)
			.map((mount) => mountOf(cluster, machine, pod, mount, env))
			.filter((m) => m !== undefined)
			.sort((a, b) => (a.path.length === b.path.length ? 0 : a.path.length - b.path.length)),
	];
	const root = imageRoot(spec.image, now());
	const wrong = mounts.find(({ path, node, volume }) => {
		const there = below(root, path);
		return volume !== undefined && there && there.kind !== 'link' && there.kind !== node.kind;
	});
	prepare(root, mounts, now());
	// A mount within a mount needs its place there.
	for (const outer of mounts)
		if (outer.node.kind === 'directory')
			prepare(
				outer.node,
				mounts
					.filter((m) => m !== outer && m.path.startsWith(`${outer.path}/`))
					.map((m) => ({ ...m, path: m.path.slice(outer.path.length) })),
				now(),
			);
	const user = userOf(pod, spec);
	const facts = imageFacts(spec.image);
	const cwd = (spec as { readonly workingDir?: string }).workingDir ?? facts.directory ?? '/';
	makeDirectory(root, cwd, now());
	const processes = processSpace(machine, pod);
	processes?.first(id);
	const state: ContainerState = {
		id,
		pod,
		spec,
		user,
		env,
		cwd,
		gone: new Set(),
		misfit: wrong && { from: sourceOf(pod, spec, wrong), to: wrong.path },
		web: undefined,
		...(processes ? { processes } : {}),
		root,
		disk: createDisk({ root, mounts, user, now, readOnlyRoot: securityOf(pod, spec).readOnlyRootFilesystem === true }),
	};
	all.set(id, state);
	return state;
}

/** A container that is no pod's: whoever asks for its number on that machine finds it. */
export function keepState(machine: Machine, state: ContainerState): void {
	const all = states.get(machine) ?? new Map<string, ContainerState>();
	states.set(machine, all);
	all.set(state.id, state);
}

/** It ended, or its pod is gone: nobody will look again. */
export function forgetContainer(machine: Machine, id: string): void {
	states.get(machine)?.delete(id);
}

/** All containers that a machine has a state of. */
export const statesOn = (machine: Machine): readonly ContainerState[] => [...(states.get(machine)?.values() ?? [])];

/** Of a cluster as tools have it. */
export const contextOf = (cluster: Cluster): ClusterContext | undefined =>
	(cluster as { readonly context?: ClusterContext }).context;

/** The container that runs under a name in a pod; undefined when none does. */
export function stateAt(
	cluster: Cluster,
	namespace: string,
	podName: string,
	container: string,
): ContainerState | undefined {
	const running = cluster.running({ namespace, name: podName }).find((c) => c.name === container);
	return running && stateOf(cluster, running);
}

/** The state of a container as tools name it; undefined where its machine keeps none. */
export function stateOf(cluster: Cluster, running: RunningContainer): ContainerState | undefined {
	const context = contextOf(cluster);
	const machine = context?.machines.get(running.node);
	if (!context || !machine) return undefined;
	const known = states.get(machine)?.get(running.id);
	if (known) return known;
	const pod = one<Pod>(context.api, 'pods', running.pod.namespace, running.pod.name);
	const spec = [
		...(pod?.spec.containers ?? []),
		...(pod?.spec.initContainers ?? []),
		...(pod?.spec.ephemeralContainers ?? []),
	].find(({ name }) => name === running.name);
	if (!pod || !spec) return undefined;
	// It may have started before anybody wanted to know of volumes.
	setUpVolumes(context, machine, pod);
	return containerState(context, machine, pod, spec, running.id);
}
