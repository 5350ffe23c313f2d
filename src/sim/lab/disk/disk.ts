/**
 * What one process sees as its files: a root and what is mounted over it, read and written as a user does.
 *
 * Faults are the kernel's names of errors (errno(3)). Root may do whatever a file system that can be written allows
 * (capabilities CAP_DAC_OVERRIDE, CAP_FOWNER).
 */
import { type DirectoryNode, type DiskNode, directory, file, link, octetsOf, sizeOf, textOf, usage } from './tree.ts';
import type { Disk, DiskFault, DiskMount, DiskOptions, DiskStat, DiskUser } from './types.ts';

export * from './types.ts';

/** Where a path leads: the name in its directory, and what has that name. */
interface Place {
	readonly path: string;
	readonly parent: DirectoryNode | undefined;
	readonly name: string;
	readonly node: DiskNode | undefined;
	readonly mount: DiskMount | undefined;
	readonly fault?: DiskFault;
}

const ROOT: DiskUser = { uid: 0, gid: 0, groups: [0] };
const READ = 4;
const WRITE = 2;
const SEARCH = 1;

/** Files of `root` with `mounts` over them, as `user` (root when absent) sees them. */
export function createDisk(options: DiskOptions): Disk {
	const { root, mounts = [], readOnlyRoot = false, user = ROOT, now, changed } = options;
	const mountOf = new Map(mounts.map((mount) => [mount.path, mount]));

	const may = ({ mode, uid, gid }: DiskNode, bit: number): boolean =>
		user.uid === 0 ||
		((mode >> (uid === user.uid ? 6 : gid === user.gid || user.groups.includes(gid) ? 3 : 0)) & bit) !== 0;

	/** Walks a path as namei does, links followed; the last one is not with `own`. */
	const find = (path: string, own = false, depth = 0): Place => {
		let at = '';
		let node: DiskNode = mountOf.get('/')?.node ?? root;
		let parent: DirectoryNode | undefined;
		let mount: DiskMount | undefined;
		let name = '';
		const names = path.split('/').filter((part) => part !== '' && part !== '.');
		const back: {
			at: string;
			node: DiskNode;
			parent: DirectoryNode | undefined;
			mount: DiskMount | undefined;
			name: string;
		}[] = [];
		const none = (fault: DiskFault): Place => ({ path: at, parent: undefined, name, node: undefined, mount, fault });
		for (let i = 0; i < names.length; i++) {
			const next = names[i]!;
			if (next === '..') {
				const up = back.pop();
				if (up) ({ at, node, parent, mount, name } = up);
				continue;
			}
			if (node.kind !== 'directory') return none('ENOTDIR');
			if (!may(node, SEARCH)) return none('EACCES');
			back.push({ at, node, parent, mount, name });
			parent = node;
			name = next;
			at = `${at}/${next}`;
			const over = mountOf.get(at);
			if (over) mount = over;
			const child: DiskNode | undefined = over?.node ?? parent.names.get(next);
			const last = i === names.length - 1;
			if (!child) return last ? { path: at, parent, name, node: undefined, mount } : none('ENOENT');
			if (child.kind === 'link' && !(last && own)) {
				if (depth > 40) return none('ELOOP');
				const base = child.target.startsWith('/') ? '' : (back.at(-1)?.at ?? '');
				return find(`${base}/${child.target}/${names.slice(i + 1).join('/')}`, own, depth + 1);
			}
			node = child;
		}
		return { path: at === '' ? '/' : at, parent, name, node, mount };
	};

	const readOnly = ({ mount }: Place): boolean => (mount ? mount.readOnly : readOnlyRoot);
	const room = ({ mount }: Place, more: number): boolean =>
		mount?.limit === undefined || usage(mount.node) + more <= mount.limit;
	const touched = (path: string): undefined => {
		changed?.(path);
		return undefined;
	};
	/** Whether a name may come into, or go out of, the directory it is in. */
	const entryFault = (place: Place): DiskFault | undefined => {
		if (place.fault) return place.fault;
		if (!place.parent) return 'EBUSY';
		if (readOnly(place)) return 'EROFS';
		return may(place.parent, WRITE) && may(place.parent, SEARCH) ? undefined : 'EACCES';
	};
	/** In a directory with the sticky bit names are their owners'. */
	const goneFault = (place: Place): DiskFault | undefined => {
		// A mount is in the way before what is mounted there is asked.
		if (place.parent && mountOf.has(place.path)) return 'EBUSY';
		const fault = entryFault(place);
		if (fault) return fault;
		if (!place.node) return 'ENOENT';
		const { parent, node } = place;
		const kept = (parent!.mode & 0o1000) !== 0 && user.uid !== 0 && ![node.uid, parent!.uid].includes(user.uid);
		return kept ? 'EPERM' : undefined;
	};
	/** A group that is set on a directory comes with what is made in it. */
	const owners = (parent: DirectoryNode): readonly [uid: number, gid: number] => [
		user.uid,
		(parent.mode & 0o2000) !== 0 ? parent.gid : user.gid,
	];
	const statOf = (node: DiskNode): DiskStat => ({
		kind: node.kind,
		mode: node.mode,
		uid: node.uid,
		gid: node.gid,
		at: node.at,
		size: sizeOf(node),
		...(node.kind === 'link' ? { target: node.target } : {}),
	});
	const readable = (path: string) => {
		const { node } = find(path);
		return node?.kind === 'file' && may(node, READ) ? node : undefined;
	};

	const disk: Disk = {
		user,
		root,
		mounts: () => mounts,
		stat(path, own) {
			const { node } = find(path, own);
			return node && statOf(node);
		},
		read(path) {
			const node = readable(path);
			return node && textOf(node);
		},
		readOctets(path) {
			const node = readable(path);
			return node && octetsOf(node);
		},
		readFault(path) {
			const { node, fault } = find(path);
			if (fault) return fault;
			if (!node) return 'ENOENT';
			return may(node, READ) ? undefined : 'EACCES';
		},
		list(path) {
			const { node } = find(path);
			return node?.kind === 'directory' && may(node, READ) ? [...node.names.keys()].sort() : undefined;
		},
		write(path, data, { append = false, mode = 0o644 } = {}) {
			const place = find(path);
			const { node } = place;
			if (place.fault) return place.fault;
			if (node?.kind === 'directory') return 'EISDIR';
			if (readOnly(place)) return 'EROFS';
			const length = typeof data === 'string' ? sizeOf(file(data)) : data.length;
			if (node?.kind === 'file') {
				if (!may(node, WRITE)) return 'EACCES';
				if (!room(place, append ? length : length - sizeOf(node))) return 'ENOSPC';
				node.data = append ? joined(octetsOf(node), typeof data === 'string' ? textOrOctets(data) : data) : data;
				node.at = now();
				return touched(place.path);
			}
			const fault = entryFault(place);
			if (fault) return fault;
			if (!room(place, length)) return 'ENOSPC';
			place.parent!.names.set(place.name, file(data, now(), mode, ...owners(place.parent!)));
			place.parent!.at = now();
			return touched(place.path);
		},
		mkdir(path, { parents = false, mode = 0o755 } = {}) {
			const place = find(path);
			if (place.node) return parents && place.node.kind === 'directory' ? undefined : 'EEXIST';
			if (place.fault === 'ENOENT' && parents) {
				const above = disk.mkdir(path.replace(/\/+[^/]+\/*$/, '') || '/', { parents });
				return above ?? disk.mkdir(path, { mode });
			}
			const fault = entryFault(place);
			if (fault) return fault;
			place.parent!.names.set(place.name, directory(now(), mode, ...owners(place.parent!)));
			place.parent!.at = now();
			return touched(place.path);
		},
		remove(path, recursive = false) {
			const place = find(path, true);
			const fault = goneFault(place);
			if (fault) return fault;
			const { node } = place;
			if (node!.kind === 'directory' && !recursive) return node!.names.size > 0 ? 'ENOTEMPTY' : 'EISDIR';
			place.parent!.names.delete(place.name);
			place.parent!.at = now();
			return touched(place.path);
		},
		symlink(target, path) {
			const place = find(path, true);
			if (place.node) return 'EEXIST';
			const fault = entryFault(place);
			if (fault) return fault;
			place.parent!.names.set(place.name, { ...link(target, now()), uid: user.uid, gid: user.gid });
			return touched(place.path);
		},
		rename(from, to) {
			const source = find(from, true);
			const gone = goneFault(source);
			if (gone) return gone;
			let target = find(to, true);
			if (target.node?.kind === 'directory') target = find(`${to}/${source.name}`, true);
			const fault = entryFault(target) ?? (target.node ? goneFault(target) : undefined);
			if (fault) return fault;
			source.parent!.names.delete(source.name);
			target.parent!.names.set(target.name, source.node!);
			touched(source.path);
			return touched(target.path);
		},
		chmod(path, mode) {
			const place = find(path);
			if (!place.node) return place.fault ?? 'ENOENT';
			if (readOnly(place)) return 'EROFS';
			if (user.uid !== 0 && place.node.uid !== user.uid) return 'EPERM';
			place.node.mode = mode & 0o7777;
			return touched(place.path);
		},
		utime(path, at) {
			const place = find(path);
			if (!place.node) return place.fault ?? 'ENOENT';
			if (readOnly(place)) return 'EROFS';
			place.node.at = at;
			return touched(place.path);
		},
		chown(path, uid, gid) {
			const place = find(path);
			if (!place.node) return place.fault ?? 'ENOENT';
			if (readOnly(place)) return 'EROFS';
			if (user.uid !== 0) return 'EPERM';
			Object.assign(place.node, { uid, gid });
			return touched(place.path);
		},
		fault(path, what) {
			if (what === 'read') return find(path).node ? disk.readFault(path) : undefined;
			if (what === 'remove') return find(path, true).node ? goneFault(find(path, true)) : undefined;
			const place = find(path);
			if (what === 'mode') {
				if (!place.node) return undefined;
				if (readOnly(place)) return 'EROFS';
				return user.uid !== 0 && place.node.uid !== user.uid ? 'EPERM' : undefined;
			}
			if (place.fault) return place.fault === 'EACCES' ? 'EACCES' : undefined;
			if (place.node?.kind === 'file') {
				if (readOnly(place)) return 'EROFS';
				return may(place.node, WRITE) ? undefined : 'EACCES';
			}
			return place.node ? undefined : entryFault(place);
		},
		mountAt: (path) => find(path).mount,
		all() {
			const out = new Map<string, DiskNode>();
			const walk = (node: DirectoryNode, base: string): void => {
				const names = new Map(node.names);
				for (const { path, node: over } of mounts) {
					const at = path.lastIndexOf('/');
					if (path !== '/' && path.slice(0, at) === base) names.set(path.slice(at + 1), over);
				}
				for (const [name, child] of names) {
					const over = mountOf.get(`${base}/${name}`)?.node ?? child;
					out.set(`${base}/${name}`, over);
					if (over.kind === 'directory') walk(over, `${base}/${name}`);
				}
			};
			walk(root, '');
			return out;
		},
		as: (other) => createDisk({ ...options, user: other }),
	};
	return disk;
}

const textOrOctets = (text: string): Uint8Array => octetsOf(file(text));

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
	const out = new Uint8Array(first.length + second.length);
	out.set(first);
	out.set(second, first.length);
	return out;
}
