/**
 * What containers of the machine's own Docker have mounted: its volumes, and files of the laptop that both see.
 *
 * Source: moby volume/local, daemon/volumes_unix.go @ v20.10.
 */
import { createDisk } from '../disk/disk.ts';
import { type DiskNode, directory, makeDirectory } from '../disk/tree.ts';
import type { Lab } from '../types.ts';
import { imageRoot } from './image-root.ts';

/** What is mounted in such a container. */
export interface DockerMount {
	readonly type: 'bind' | 'volume' | 'tmpfs';
	/** Of a volume. */
	readonly name?: string;
	/** On the laptop; empty of memory. */
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
	readonly node: DiskNode;
	/** Octets memory may hold. */
	readonly limit?: number;
}

/** Volumes of the machine, by name. */
export interface DockerVolume {
	readonly name: string;
	readonly created: number;
	readonly anonymous: boolean;
	readonly labels: Readonly<Record<string, string>>;
	readonly node: DiskNode;
}

const volumes = new WeakMap<Lab, Map<string, DockerVolume>>();

/** All of Docker's volumes, by name. */
export function volumesOfDocker(lab: Lab): Map<string, DockerVolume> {
	const all = volumes.get(lab) ?? new Map<string, DockerVolume>();
	volumes.set(lab, all);
	return all;
}

/** The volume of a name, made when there is none. */
export function ensureVolume(
	lab: Lab,
	name: string,
	options: { readonly anonymous?: boolean; readonly labels?: Readonly<Record<string, string>> } = {},
): DockerVolume {
	const all = volumesOfDocker(lab);
	let volume = all.get(name);
	if (!volume) {
		volume = {
			name,
			created: lab.now,
			anonymous: options.anonymous ?? false,
			labels: options.labels ?? {},
			node: directory(lab.now, 0o755),
		};
		all.set(name, volume);
	}
	return volume;
}

/** An empty volume gets what the image has at its place (daemon/volumes_unix.go, copyImagePathContent). */
export function fillVolume(volume: DiskNode, image: string, target: string, now: number): void {
	if (volume.kind !== 'directory' || volume.names.size > 0) return;
	const disk = createDisk({ root: imageRoot(image, now), now: () => now });
	let at: DiskNode | undefined = disk.root;
	for (const name of target.split('/').filter((part) => part !== ''))
		at = at?.kind === 'directory' ? at.names.get(name) : undefined;
	if (at?.kind !== 'directory') return;
	Object.assign(volume, { mode: at.mode, uid: at.uid, gid: at.gid });
	for (const [name, node] of at.names) volume.names.set(name, node);
}

/** Directories and files of the laptop that containers have mounted, by their absolute path. */
const binds = new WeakMap<Lab, Map<string, DiskNode>>();

/** What of the laptop is mounted in containers, by its path. */
export function laptopBinds(lab: Lab): Map<string, DiskNode> {
	const all = binds.get(lab) ?? new Map<string, DiskNode>();
	binds.set(lab, all);
	return all;
}

const LEARNER = { uid: 1000, gid: 1000, groups: [1000] };

/** What of the laptop's files is shared with containers, as the learner sees it. */
export function laptopDisk(lab: Lab): ReturnType<typeof createDisk> | undefined {
	const all = laptopBinds(lab);
	if (all.size === 0) return undefined;
	const root = directory(0);
	for (const path of all.keys()) {
		const made = makeDirectory(root, path.slice(0, path.lastIndexOf('/')), 0);
		if (made && path.startsWith('/home/learner/')) made.uid = 1000;
	}
	return createDisk({
		root,
		mounts: [...all].map(([path, node]) => ({ path, node, readOnly: false, device: '/dev/nvme0n1p2', type: 'ext4' })),
		user: LEARNER,
		now: () => lab.now,
	});
}
