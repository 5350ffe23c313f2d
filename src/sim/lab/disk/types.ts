/** Files as a process sees them: what a disk is asked, what it answers, and how it fails. */
import type { DirectoryNode, DiskNode, Octets } from './tree.ts';

export type DiskFault =
	| 'EACCES'
	| 'EBUSY'
	| 'EEXIST'
	| 'EISDIR'
	| 'ELOOP'
	| 'ENOENT'
	| 'ENOSPC'
	| 'ENOTDIR'
	| 'ENOTEMPTY'
	| 'EPERM'
	| 'EROFS';

/** strerror(3), as shells and their tools write it. */
export const FAULT_TEXT: Readonly<Record<DiskFault, string>> = {
	EACCES: 'Permission denied',
	EBUSY: 'Device or resource busy',
	EEXIST: 'File exists',
	EISDIR: 'Is a directory',
	ELOOP: 'Too many levels of symbolic links',
	ENOENT: 'No such file or directory',
	ENOSPC: 'No space left on device',
	ENOTDIR: 'Not a directory',
	ENOTEMPTY: 'Directory not empty',
	EPERM: 'Operation not permitted',
	EROFS: 'Read-only file system',
};

/** Something mounted in a container. */
export interface DiskMount {
	/** Absolute, without a slash at its end. */
	readonly path: string;
	readonly node: DiskNode;
	readonly readOnly: boolean;
	/** First field of /proc/mounts: `/dev/sda1`, `tmpfs`. */
	readonly device: string;
	/** `ext4`, `tmpfs`. */
	readonly type: string;
	/** Octets it may hold, where a limit is its own. */
	readonly limit?: number;
	/** Where it is on the node, of a directory that is the node's own. */
	readonly source?: string;
	/** Name of the pod's volume; absent of what the runtime mounts. */
	readonly volume?: string;
}

/** Who reads and writes: ids of user and groups. */
export interface DiskUser {
	readonly uid: number;
	readonly gid: number;
	readonly groups: readonly number[];
}

/** What stat(2) tells. */
export interface DiskStat {
	readonly kind: DiskNode['kind'];
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Virtual microseconds since the lab began. */
	readonly at: number;
	readonly size: number;
	/** Of a link. */
	readonly target?: string;
}

/** One process's view of its files. Paths are absolute. What fails answers its fault; what succeeds, undefined. */
export interface Disk {
	readonly user: DiskUser;
	readonly root: DirectoryNode;
	/** In the order of mounting. */
	mounts(): readonly DiskMount[];
	/** Follows links, but for the last one with `own`. */
	stat(path: string, own?: boolean): DiskStat | undefined;
	/** Undefined when there is no such file, or it is a directory. */
	read(path: string): string | undefined;
	readOctets(path: string): Uint8Array | undefined;
	/** Why a file cannot be read, or its names not be listed. */
	readFault(path: string): DiskFault | undefined;
	/** Sorted names in a directory. */
	list(path: string): readonly string[] | undefined;
	write(
		path: string,
		data: Octets,
		options?: { readonly append?: boolean; readonly mode?: number },
	): DiskFault | undefined;
	mkdir(path: string, options?: { readonly parents?: boolean; readonly mode?: number }): DiskFault | undefined;
	/** A file, a link, or with `recursive` a directory and all in it. */
	remove(path: string, recursive?: boolean): DiskFault | undefined;
	symlink(target: string, path: string): DiskFault | undefined;
	rename(from: string, to: string): DiskFault | undefined;
	chmod(path: string, mode: number): DiskFault | undefined;
	chown(path: string, uid: number, gid: number): DiskFault | undefined;
	/** Says when it was written last, in virtual microseconds (utimensat(2)). */
	utime(path: string, at: number): DiskFault | undefined;
	/** What doing something to a path would fail with, room aside. */
	fault(path: string, what: 'read' | 'write' | 'remove' | 'mode'): DiskFault | undefined;
	/** The mount a path lies in; undefined for the root's own. */
	mountAt(path: string): DiskMount | undefined;
	/** Everything there is, by absolute path, links not followed; directories before what is in them. */
	all(): ReadonlyMap<string, DiskNode>;
	/** The same files as another user sees them. */
	as(user: DiskUser): Disk;
}

export interface DiskOptions {
	readonly root: DirectoryNode;
	readonly mounts?: readonly DiskMount[];
	readonly readOnlyRoot?: boolean;
	readonly user?: DiskUser;
	/** Virtual microseconds. */
	now(): number;
	/** Told of each path that was written, made or removed. */
	changed?(path: string): void;
}
