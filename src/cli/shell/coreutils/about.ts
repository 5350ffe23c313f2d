/** What a file is, as stat(2) tells of it: for `stat` and `find`. */
import { formatDate } from '../date/format.ts';
import type { Desk } from './desk.ts';

export interface About {
	readonly path: string;
	readonly kind: 'file' | 'directory' | 'link';
	readonly mode: number;
	readonly links: number;
	readonly owner: string;
	readonly group: string;
	readonly uid: number;
	readonly gid: number;
	readonly size: number;
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly inode: number;
	readonly target?: string;
}

/** One number for a path, as long as the place is there. */
export function inodeOf(path: string): number {
	let hash = 2_166_136_261;
	for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 16_777_619) >>> 0;
	return 131_072 + (hash % 4_000_000);
}

/** @param follow whether what a link leads to is meant; undefined when nothing is there */
export async function about(desk: Desk, path: string, follow: boolean): Promise<About | undefined> {
	const { files, facts } = desk.shell;
	const full = desk.resolve(path);
	let stat: Awaited<ReturnType<typeof files.lstat>>;
	try {
		stat = follow ? await files.stat(full) : await files.lstat(full);
	} catch {
		return undefined;
	}
	const home = facts.user !== 'root' && !facts.container && (full === facts.home || full.startsWith(`${facts.home}/`));
	const [owner, group] = files.ownerOf(full) ?? (home ? [facts.user, facts.user] : ['root', 'root']);
	const id = (name: string, own: number | undefined): number =>
		/^\d+$/.test(name) ? Number(name) : name === 'root' ? 0 : name === facts.user ? (own ?? 1000) : 65_534;
	const real = follow ? await files.realpath(full).catch(() => full) : full;
	const kind = stat.isSymbolicLink ? 'link' : stat.isDirectory ? 'directory' : 'file';
	const inside = kind === 'directory' ? await files.readdirWithFileTypes(full).catch(() => []) : [];
	return {
		path: full,
		kind,
		mode: stat.mode & 0o7777,
		links: kind === 'directory' ? 2 + inside.filter((entry) => entry.isDirectory).length : files.linkCount(real),
		owner,
		group,
		uid: id(owner, facts.ids?.uid),
		gid: id(group, facts.ids?.gid),
		size: kind === 'directory' ? 4096 : stat.size,
		at: stat.mtime.getTime(),
		inode: inodeOf(files.sameFile(real)),
		...(kind === 'link' ? { target: await files.readlink(full) } : {}),
	};
}

/** `drwxr-xr-x`. */
export function modeText({ kind, mode }: About): string {
	const three = (shift: number, special: number, set: string, bare: string): string => {
		const part = (mode >> shift) & 7;
		const runs = (part & 1) !== 0;
		const x = (mode & special) !== 0 ? (runs ? set : bare) : runs ? 'x' : '-';
		return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${x}`;
	};
	const type = kind === 'directory' ? 'd' : kind === 'link' ? 'l' : '-';
	return `${type}${three(6, 0o4000, 's', 'S')}${three(3, 0o2000, 's', 'S')}${three(0, 0o1000, 't', 'T')}`;
}

/** Blocks of 512 octets of a file, in whole pages. */
export const blocksOf = ({ kind, size }: About): number => (kind === 'link' ? 0 : Math.ceil(size / 4096) * 8);

/** A time in a format of date(1). @param at milliseconds since 1970 */
export const timeText = (format: string, at: number): string => formatDate(format, at * 1000);
