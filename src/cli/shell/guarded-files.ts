/** What may be done to files, and by whom: on the workstation by Linux's rights, elsewhere as the lab says. */
import type { Person } from '../tool.ts';
import { followed } from './file-tree.ts';
import { MadeFiles } from './made-files.ts';
import type { FileDeed } from './places.ts';
import { FAULTS, refusal } from './read-only.ts';

/** What is wrong with making a file in a file system of the kernel's own (proc(5), sysfs(5)). */
const madeFault = (path: string): string | undefined =>
	/^\/proc\/(?!(?:self|\d+)\/fd\/)./.test(path) ? 'ENOENT' : /^\/sys\/./.test(path) ? 'EACCES' : undefined;
/** Where everybody may make files. */
const SHARED = /^\/(?:tmp|var\/tmp|dev\/shm)\/./;

export class GuardedFiles extends MadeFiles {
	/** Where something was to be written last and could not. */
	refused: string | undefined;
	/** And the kernel's name for why. */
	refusedBy = 'EROFS';
	/** The path of what was refused last, where it was to be read. */
	unread = '';
	/** Who runs what is at work, the innermost last, where that is not who is here by himself (`sudo`, `su`). */
	readonly asked: Person[] = [];
	/** What was given to somebody where the lab keeps no owners itself: on the workstation, on nodes. */
	protected readonly given = new Map<string, readonly [user: string, group: string]>();

	/** Why the names in a directory cannot be listed. */
	listFault(path: string): string | undefined {
		return this.faultAt(path, 'read');
	}

	/** Gives a file to somebody; the words of why not. */
	chown(
		path: string,
		uid: number | undefined,
		gid: number | undefined,
		names: readonly [user?: string | undefined, group?: string | undefined] = [],
	): string | undefined {
		// One's own may be given to nobody, and to a group that one is in (chown(2)).
		const mine = this.faultAt(path, 'mode') === undefined;
		const who = this.#who();
		const free = who === undefined || who.uid === 0 || this.writesAt(path) === 'told';
		const may = free || (mine && (uid ?? who.uid) === who.uid && [who.gid, ...who.groups].includes(gid ?? who.gid));
		const fault = may ? this.options.chown?.(path, uid, gid, this.asked.at(-1)) : 'EPERM';
		this.turn = -1;
		const clean = this.resolvePath('/', path);
		if (fault === undefined && this.writesAt(clean) !== 'told') {
			const [user, group] = this.ownerOf(clean) ?? ['root', 'root'];
			this.given.set(clean, [names[0] ?? user, names[1] ?? group]);
		}
		return fault === undefined ? undefined : (FAULTS[fault] ?? fault);
	}

	/** Who runs what is at work, on the workstation: elsewhere the lab knows of rights. */
	#who(): Person | undefined {
		const { home } = this.options;
		if (home === undefined) return undefined;
		const name = home.slice(home.lastIndexOf('/') + 1);
		return this.asked.at(-1) ?? { name, uid: 1000, gid: 1000, groups: [1000, 27, 998] };
	}

	/** Whose a file is: what is at home on the workstation is its user's. */
	ownerOf(path: string): readonly [user: string, group: string] | undefined {
		const clean = this.resolvePath('/', path);
		const known = this.given.get(clean) ?? this.owners.get(clean);
		const { home } = this.options;
		if (known || home === undefined || !(clean === home || clean.startsWith(`${home}/`))) return known;
		const self = home.slice(home.lastIndexOf('/') + 1);
		return [self, self];
	}

	protected faultAt(path: string, what: FileDeed): string | undefined {
		const clean = this.resolvePath('/', path);
		const writes = this.writesAt(clean);
		if (writes === 'refused') return 'EROFS';
		const made = what === 'write' ? madeFault(this.real(clean, false)) : undefined;
		if (made !== undefined && !this.entries.has(this.real(clean))) return made;
		return writes === 'told' ? this.options.fault?.(clean, what, this.asked.at(-1)) : this.#denied(clean, what);
	}

	/** What an ordinary user may not (path_resolution(7), unlink(2), chmod(2)): files are one's own at home, else root's. */
	#denied(path: string, what: FileDeed): string | undefined {
		const { home } = this.options;
		const who = this.#who();
		if (home === undefined || !who || who.uid === 0 || /^\/(?:dev|proc)\/(?!sys\/|shm\/)/.test(path)) return undefined;
		const { entries: data } = this;
		const real = followed(data, path, what !== 'remove');
		const own = (at: string): boolean => (this.ownerOf(at)?.[0] ?? 'root') === who.name;
		const may = (at: string, bit: number): boolean => {
			const mode = data.get(at)?.mode ?? 0o755;
			return ((own(at) ? mode >> 6 : mode) & bit) !== 0;
		};
		if (what === 'read')
			return /^\/root(?:\/|$)/.test(real) || (data.has(real) && !may(real, 4)) ? 'EACCES' : undefined;
		if (what === 'mode') return own(real) ? undefined : 'EPERM';
		if (what === 'write' && data.has(real)) return may(real, 2) ? undefined : 'EACCES';
		const above = real.replace(/\/[^/]*$/, '') || '/';
		if (!may(above, 2)) return 'EACCES';
		return what === 'remove' && data.has(real) && !own(real) && SHARED.test(real) ? 'EPERM' : undefined;
	}

	/** @throws Error where that cannot be done */
	protected guard(path: string, what: FileDeed = 'write'): void {
		const fault = this.faultAt(path, what);
		if (fault === undefined) return;
		this.refused = path;
		this.refusedBy = fault;
		this.unread = what === 'read' ? path : '';
		throw refusal(fault, path);
	}

	/** Why that cannot be done to a path, in the kernel's words; nothing is done. */
	async refusal(path: string, what: FileDeed = 'write'): Promise<string | undefined> {
		await this.fresh(path);
		const fault = this.faultAt(path, what);
		return fault && (FAULTS[fault] ?? fault);
	}

	/** @throws Error where the directory that something is to be made in is not there */
	protected inDirectory(path: string, last = true): void {
		const { entries: data } = this;
		const above = followed(data, path, last).replace(/\/[^/]*$/, '');
		if (above === '' || data.get(above)?.type === 'directory') return;
		let at = above;
		while (at !== '' && !data.has(at)) at = at.replace(/\/[^/]*$/, '');
		this.refused = path;
		this.refusedBy = at === '' || data.get(at)!.type === 'directory' ? 'ENOENT' : 'ENOTDIR';
		throw refusal(this.refusedBy, path);
	}

	protected own(path: string, what: FileDeed = 'write'): void {
		const clean = this.clean(path);
		const writes = this.writesAt(clean);
		this.guard(path, what);
		const who = what === 'write' ? this.#who() : undefined;
		if (who && !this.entries.has(clean)) {
			this.given.delete(clean);
			if ((this.ownerOf(clean)?.[0] ?? 'root') !== who.name) this.given.set(clean, [who.name, who.group ?? who.name]);
		}
		if (writes === 'told' || clean.startsWith('/proc/sys/')) {
			this.made.add(clean);
			return;
		}
		if (!this.made.delete(clean) && !this.made.size) return;
		this.owned.add(clean);
	}
}
