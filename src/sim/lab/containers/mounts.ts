/** What is mounted in a container, as /proc/mounts and df list it. */

import { usage } from '../disk/tree.ts';
import type { Cluster } from '../types.ts';
import { securityOf } from './security.ts';
import { stateAt } from './states.ts';
import { DISK } from './volumes.ts';

export interface ShownMount {
	/** `overlay`, `tmpfs`, `/dev/sda1`. */
	readonly device: string;
	readonly path: string;
	readonly type: string;
	/** `ro,relatime`. */
	readonly options: string;
	/** Octets of the file system, where it is one that holds files. */
	readonly size?: number;
	readonly used?: number;
}

const GIB = 1024 ** 3;
/** Of the laptop: its disk, and what a tmpfs may hold of its memory at most. */
const DISK_SIZE = 98 * GIB;
const DISK_USED = 31 * GIB;
const MEMORY = 8 * GIB;

/**
 * In the order they were mounted: what containerd mounts in every container (oci/mounts.go @ v1.6.4), the pod's volumes,
 * and the kubelet's files. Undefined when nothing runs under that name.
 */
export function mountsOf(
	place: { readonly namespace: string; readonly pod: string; readonly container: string },
	cluster: Cluster,
): readonly ShownMount[] | undefined {
	const state = stateAt(cluster, place.namespace, place.pod, place.container);
	if (!state) return undefined;
	const { privileged, readOnlyRootFilesystem } = securityOf(state.pod, state.spec);
	const root = readOnlyRootFilesystem ? 'ro' : 'rw';
	const sys = privileged ? 'rw' : 'ro';
	const disk = { size: DISK_SIZE, used: DISK_USED };
	const of = (device: string, path: string, type: string, options: string, room: object = {}): ShownMount => ({
		device,
		path,
		type,
		options,
		...room,
	});
	const volumes = state.disk.mounts().map((mount) => {
		const options = `${mount.readOnly ? 'ro' : 'rw'},relatime`;
		const room = mount.type === 'tmpfs' ? { size: mount.limit ?? MEMORY, used: usage(mount.node) } : disk;
		return of(mount.device, mount.path, mount.type, options, room);
	});
	const kubelet = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']
		.filter((path) => !volumes.some((mount) => mount.path === path))
		.map((path) => of(DISK.device, path, DISK.type, 'rw,relatime', disk));
	return [
		of('overlay', '/', 'overlay', `${root},relatime`, disk),
		of('proc', '/proc', 'proc', 'rw,nosuid,nodev,noexec,relatime'),
		of('tmpfs', '/dev', 'tmpfs', 'rw,nosuid,size=65536k,mode=755', { size: 64 * 1024 * 1024, used: 0 }),
		of('devpts', '/dev/pts', 'devpts', 'rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666'),
		of('mqueue', '/dev/mqueue', 'mqueue', 'rw,nosuid,nodev,noexec,relatime'),
		of('sysfs', '/sys', 'sysfs', `${sys},nosuid,nodev,noexec,relatime`),
		of('cgroup', '/sys/fs/cgroup', 'cgroup2', `${sys},nosuid,nodev,noexec,relatime`),
		...volumes,
		...kubelet,
	];
}
