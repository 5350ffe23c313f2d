/** Files, directories and links as a kernel keeps them: what is mounted elsewhere is the very same node. */
import { utf8 } from '../../wire/index.ts';
import { decodeUtf8 } from '../helm-releases.ts';

export type Octets = string | Uint8Array;

interface Owned {
	/** Permissions, without the type: `0o644`. */
	mode: number;
	uid: number;
	gid: number;
	/** When it changed last, virtual microseconds since the lab began; before that where negative. */
	at: number;
}

export interface FileNode extends Owned {
	readonly kind: 'file';
	/** Text is UTF-8; what is computed is asked for each time it is read. */
	data: Octets | (() => Octets);
}

export interface DirectoryNode extends Owned {
	readonly kind: 'directory';
	readonly names: Map<string, DiskNode>;
}

export interface LinkNode extends Owned {
	readonly kind: 'link';
	readonly target: string;
}

export type DiskNode = FileNode | DirectoryNode | LinkNode;

/** A file of its own. @param at virtual time; before 0 of what an image has */
export const file = (data: FileNode['data'], at = 0, mode = 0o644, uid = 0, gid = uid): FileNode => ({
	kind: 'file',
	data,
	mode,
	uid,
	gid,
	at,
});

/** An empty directory. @param at virtual time; before 0 of what an image has */
export const directory = (at = 0, mode = 0o755, uid = 0, gid = uid): DirectoryNode => ({
	kind: 'directory',
	names: new Map(),
	mode,
	uid,
	gid,
	at,
});

export const link = (target: string, at = 0): LinkNode => ({ kind: 'link', target, mode: 0o777, uid: 0, gid: 0, at });

const contentOf = ({ data }: FileNode): Octets => (typeof data === 'function' ? data() : data);

/** A file's content; text as UTF-8. */
export const octetsOf = (node: FileNode): Uint8Array => {
	const data = contentOf(node);
	return typeof data === 'string' ? utf8(data) : data;
};

/** Text of a file that is UTF-8. */
export const textOf = (node: FileNode): string => {
	const data = contentOf(node);
	return typeof data === 'string' ? data : decodeUtf8([...data]);
};

export const sizeOf = (node: DiskNode): number =>
	node.kind === 'file' ? octetsOf(node).length : node.kind === 'directory' ? 4096 : node.target.length;

/** Octets of all files in a directory and below. */
export const usage = (node: DiskNode): number =>
	node.kind === 'directory'
		? [...node.names.values()].reduce((sum, child) => sum + usage(child), 0)
		: node.kind === 'file'
			? octetsOf(node).length
			: 0;

const parts = (path: string): readonly string[] => path.split('/').filter((name) => name !== '' && name !== '.');

/** The node at a path below another; links are not followed. */
export function below(node: DiskNode | undefined, path: string): DiskNode | undefined {
	let here = node;
	for (const name of parts(path)) here = here?.kind === 'directory' ? here.names.get(name) : undefined;
	return here;
}

/** Puts a node at a path, with the directories it needs; undefined when a file is in the way. */
export function put(root: DirectoryNode, path: string, node: DiskNode): DiskNode | undefined {
	const names = parts(path);
	const last = names.at(-1);
	const parent = makeDirectory(root, names.slice(0, -1).join('/'), node.at);
	if (last === undefined || !parent) return undefined;
	parent.names.set(last, node);
	return node;
}

/** The directory at a path, made with all above it; undefined when a file is in the way. */
export function makeDirectory(root: DirectoryNode, path: string, at: number, mode = 0o755): DirectoryNode | undefined {
	let here = root;
	for (const name of parts(path)) {
		let next = here.names.get(name);
		if (!next) {
			next = directory(at, mode);
			here.names.set(name, next);
		}
		if (next.kind !== 'directory') return undefined;
		here = next;
	}
	return here;
}
