/** The files of a place: in memory, dated by the lab's clock, some of them made by the lab when they are read. */
import type { Files, Person } from '../tool.ts';
import { HardLinks } from './hard-links.ts';
import { InMemoryFs } from './just-bash.ts';
import { LabDate } from './lab-date.ts';
import type { FileChange, FileDeed, MadeFile, ProgramFile } from './places.ts';
import { FAULTS, refusal } from './read-only.ts';
import { octetsOf, STANDARD_INPUT } from './routes.ts';

type Entry = { mtime: Date; mode?: number; type?: string; target?: string };

/** What every Linux has, however little is in it (hier(7)). */
/** Devices that keep nothing of what is written to them (null(4), random(4)). */
const SINK = /^\/dev\/(?:null|zero|u?random)$/;
const FOLDERS = '/dev/shm /etc/bash_completion.d /mnt /opt /root /run /srv /tmp /usr/local/bin /var/log /var/tmp'.split(
	' ',
);
/** What is wrong with making a file in a file system of the kernel's own (proc(5), sysfs(5)). */
const madeFault = (path: string): string | undefined =>
	/^\/proc\/(?!(?:self|\d+)\/fd\/)./.test(path) ? 'ENOENT' : /^\/sys\/./.test(path) ? 'EACCES' : undefined;
/** A folder in which programs are. */
const IN_PROGRAMS = /^\/(?:usr(?:\/local)?(?:\/s?bin)?|s?bin)$/;
/** Where everybody may make files. */
const SHARED = /^\/(?:tmp|var\/tmp|dev\/shm)\/./;
/** How just-bash marks its commands: the files of programs are ours. */
const STUB = '#!/bin/bash\n# Built-in command:';
/** First octets of a program (elf(5)): 64 bits, for x86-64, to be loaded anywhere. */
const ELF = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62, 0, 1, 0, 0, 0];
/** Octets of a program that are there to be read. */
const MOST_READ = 1 << 14;

/** Where a path leads, its links followed; the last one only when asked. @throws Error with ELOOP */
function followed(data: ReadonlyMap<string, Entry>, path: string, last: boolean): string {
	let names = path.split('/');
	let at = '';
	for (let turns = 0; names.length > 0; ) {
		const name = names.shift()!;
		if (name === '' || name === '.') continue;
		if (name === '..') {
			at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
			continue;
		}
		const next = `${at}/${name}`;
		const entry = data.get(next);
		if (entry?.type !== 'symlink' || (names.length === 0 && !last)) {
			at = next;
			continue;
		}
		if (++turns > 40) throw new Error(`ELOOP: too many levels of symbolic links, open '${path}'`);
		if (entry.target!.startsWith('/')) at = '';
		names = [...entry.target!.split('/'), ...names];
	}
	return at === '' ? '/' : at;
}

export interface LabFilesOptions {
	/** Milliseconds since 1970 in the lab. */
	now(): number;
	/** Changes whenever something may have changed what `made` or `programs` answer. */
	turn(): number;
	/** Files that the lab makes, by path. */
	made(): Readonly<Record<string, MadeFile>>;
	/** Fetches what `made` needs; asked once, before the first look at the files. */
	prepare?(): Promise<unknown>;
	/** Programs by path, and links to folders of them: the same map while nothing changed. */
	programs(): ReadonlyMap<string, ProgramFile>;
	/** A file was written, or is gone (`text` undefined). */
	changed?(path: string, text: string | undefined, entry?: FileChange, as?: Person): Promise<void>;
	/** Why something cannot be done to a path. */
	fault?(path: string, what: FileDeed, as?: Person): string | undefined;
	/** Home of who is here, where that is not root. */
	readonly home?: string;
	/** Gives it to somebody; the kernel's name for why not. */
	chown?(path: string, uid: number | undefined, gid: number | undefined, as?: Person): string | undefined;
}

export class LabFiles extends InMemoryFs {
	readonly #options: LabFilesOptions;
	/** Paths the learner wrote or removed. */
	readonly #owned = new Set<string>();
	#made = new Set<string>();
	#programs: ReadonlyMap<string, ProgramFile> = new Map();
	#turn = -1;
	#refreshing = false;
	#prepared = false;
	/** Where something was to be written last and could not. */
	refused: string | undefined;
	/** And the kernel's name for why. */
	refusedBy = 'EROFS';
	/** The path of what was refused last, where it was to be read. */
	unread = '';
	/** Who runs what is at work, the innermost last, where that is not who is here by himself (`sudo`, `su`). */
	readonly asked: Person[] = [];
	/** Owners by path, where they are not root. */
	#owners = new Map<string, readonly [user: string, group: string]>();
	/** What was given to somebody where the lab keeps no owners itself: on the workstation, on nodes. */
	readonly #given = new Map<string, readonly [user: string, group: string]>();
	/** Files with several names. */
	readonly #links = new HardLinks();
	/** Whether somebody removed or moved a program. */
	#removed = false;
	/** Programs that their place's lab says are gone. */
	#taken: readonly string[] = [];
	/** Paths and directories (with `/` at their end) by what is done with what is written there. */
	#writes = new Map<string, MadeFile['writes']>();

	constructor(options: LabFilesOptions) {
		super({}, { maxTotalBytes: 32 * 1024 * 1024 });
		this.#options = options;
		const { data } = this as unknown as { data: Map<string, Entry> };
		const set = data.set.bind(data);
		data.set = (path, entry) => set(path, this.#dated(entry));
		set('/', this.#dated(data.get('/')!));
		// just-bash's own follow no link that leads through another.
		Object.assign(this, {
			resolvePathWithSymlinks: (path: string) => followed(data, path, true),
			resolveIntermediateSymlinks: (path: string) => followed(data, path, false),
		});
		this.#folders();
	}

	#folders(): void {
		const { data } = this as unknown as { data: Map<string, Entry> };
		for (const folder of FOLDERS) this.mkdirSync(folder, { recursive: true });
		data.get('/root')!.mode = 0o700;
		for (const folder of ['/tmp', '/var/tmp', '/dev/shm']) data.get(folder)!.mode = 0o1777;
	}

	/** As before anybody wrote: what the lab makes is made again. */
	renew(): void {
		const inner = this as unknown as { data: Map<string, Entry>; deleteEntry(path: string): void };
		for (const path of [...inner.data.keys()]) if (path !== '/') inner.deleteEntry(path);
		this.#owned.clear();
		this.#links.clear();
		this.#made = new Set();
		this.#programs = new Map();
		this.#turn = -1;
		this.#folders();
	}

	/** An entry of just now by the host's clock is one of just now by the lab's. */
	#dated(entry: Entry): Entry {
		const { now } = this.#options;
		if (entry.mtime instanceof LabDate) return entry;
		const at = entry.mtime.getTime();
		entry.mtime = new LabDate(Math.abs(at - Date.now()) < 5000 ? now() : at, now);
		return entry;
	}

	/** Brings what the lab makes up to date, once a command. */
	refresh(): void {
		const turn = this.#options.turn();
		if (turn === this.#turn || this.#refreshing) return;
		this.#turn = turn;
		this.#refreshing = true;
		try {
			const made = this.#options.made();
			const now = new Set<string>();
			this.#writes = new Map();
			this.#owners = new Map();
			this.#install(this.#options.programs(), made);
			for (const [path, text] of Object.entries(made)) {
				const { mode, mtime, writes, link, owner = 'root', group = owner, gone } = text;
				if (writes) this.#writes.set(path, writes);
				if (gone) continue;
				const plain = path.replace(/(.)\/$/, '$1');
				if (this.#programs.get(plain)?.link !== undefined && path.endsWith('/')) continue;
				// What is shared of a place that is otherwise its people's own.
				const shared = !this.#writes.has('/') && this.#writesAt(path) === 'told';
				if (shared || owner !== 'root' || group !== 'root') this.#owners.set(plain, [owner, group]);
				if (path.endsWith('/') || link !== undefined) {
					now.add(plain);
					this.#put(plain, text, path.endsWith('/') ? 'directory' : 'symlink');
					continue;
				}
				if (this.#owned.has(path) && !shared) continue;
				now.add(path);
				this.writeFileLazy(path, text, {
					...(mode === undefined ? {} : { mode }),
					...(mtime === undefined ? {} : { mtime: new Date(mtime) }),
				});
			}
			for (const path of this.#made) {
				if (!now.has(path)) (this as unknown as { deleteEntry(path: string): void }).deleteEntry(path);
			}
			this.#made = now;
			if (this.#writes.get('/') === 'told') this.#keepOnly(now);
		} finally {
			this.#refreshing = false;
		}
	}

	/** Programs stand where they are installed, until somebody takes them away. */
	#install(programs: ReadonlyMap<string, ProgramFile>, made: Readonly<Record<string, MadeFile>>): void {
		const inner = this as unknown as { data: Map<string, Entry>; deleteEntry(path: string): void };
		if (programs !== this.#programs) {
			for (const path of this.#programs.keys())
				if (!programs.has(path) && !this.#owned.has(path) && inner.data.has(path)) inner.deleteEntry(path);
			this.#programs = programs;
			const mtime = new Date(this.#options.now() - 5_203_817_000);
			for (const [path, { size = 0, mode = 0o755, link }] of programs) {
				if (this.#owned.has(path)) continue;
				if (link !== undefined) {
					const below = `${path}/`;
					if (inner.data.get(path)?.type === 'directory')
						for (const old of [...inner.data.keys()]) if (old === path || old.startsWith(below)) inner.deleteEntry(old);
					this.mkdirSync(path.replace(/\/[^/]*$/, '') || '/', { recursive: true });
					inner.data.set(path, { type: 'symlink', target: link, mode: 0o777, mtime });
				} else this.writeFileLazy(path, () => program(size), { mode, mtime });
			}
		}
		this.#taken = Object.keys(made).filter((path) => made[path]!.gone && programs.has(path));
		for (const path of this.#taken) if (inner.data.has(path)) inner.deleteEntry(path);
	}

	/** Whether somebody's file is where a program was. */
	#replaced(path: string): boolean {
		return this.#owned.has(path) || this.#made.has(path);
	}

	/** A path from the root, the folders of programs where they are (`/bin` is `/usr/bin`). */
	#clean(path: string): string {
		const full = this.resolvePath('/', path);
		const [, folder = '', rest = ''] = /^(\/s?bin)(\/.*)$/.exec(full) ?? [];
		const { link } = this.#programs.get(folder) ?? {};
		return link === undefined ? full : `/${link}${rest}`;
	}

	/** Where a path leads, its links followed; the last one only when asked. */
	#real(path: string, last = true): string {
		const { data } = this as unknown as { data: Map<string, Entry> };
		return followed(data, this.resolvePath('/', path), last);
	}

	/** How many names a file has. */
	linkCount(path: string): number {
		return this.#links.count(this.#real(path, false));
	}

	/** A path that stands for a file whichever of its names is given. */
	sameFile(path: string): string {
		return this.#links.first(this.#real(path, false));
	}

	/** What was done to a file is so under each of its names. */
	async #spread(path: string): Promise<void> {
		const inner = this as unknown as { data: Map<string, Entry>; setEntry(path: string, entry: Entry): void };
		const real = this.#real(path);
		const entry = inner.data.get(real);
		for (const other of entry ? this.#links.others(real) : []) {
			inner.setEntry(other, { ...entry! });
			await this.#tell(other);
		}
	}

	/** Whether some program may have been taken away. */
	get anyTaken(): boolean {
		return this.#taken.length > 0 || this.#removed;
	}

	/** Whether a program was taken away from a path where the place has it. */
	async takenAway(path: string): Promise<boolean> {
		const { data } = this as unknown as { data: Map<string, Entry> };
		// Of the kind of awk, which is a link: what it leads to may be gone.
		const clean = this.#clean(path);
		if (!this.#programs.has(clean)) return false;
		const target = followed(data, clean, true);
		return !data.has(clean) || (this.#programs.has(target) && !data.has(target));
	}

	/** What stands at a path: whether anything does, and the program, where it is one of the place's own. */
	async programAt(path: string): Promise<{ readonly there: boolean; readonly file?: ProgramFile }> {
		await this.#fresh();
		const { data } = this as unknown as { data: Map<string, Entry> };
		const real = followed(data, path, true);
		if (!data.has(real)) return { there: false };
		const file = this.#replaced(real) ? undefined : this.#programs.get(real);
		return file ? { there: true, file } : { there: true };
	}

	#put(path: string, made: MadeFile, type: 'directory' | 'symlink'): void {
		const { data } = this as unknown as { data: Map<string, Entry> };
		const { mode = 0o755, mtime, link } = made;
		const old = data.get(path);
		if (old && old.type !== type) (this as unknown as { deleteEntry(path: string): void }).deleteEntry(path);
		if (type === 'directory') this.mkdirSync(path, { recursive: true });
		else data.set(path, { type, target: link!, mode: 0o777, mtime: new Date(mtime ?? this.#options.now()) });
		const entry = data.get(path);
		if (entry && type === 'directory') entry.mode = mode;
		if (entry && mtime !== undefined) entry.mtime = this.#dated({ mtime: new Date(mtime) }).mtime;
	}

	/** Where all there is is the lab's, what it does not make is not there. */
	#keepOnly(made: ReadonlySet<string>): void {
		const inner = this as unknown as { data: Map<string, Entry>; deleteEntry(path: string): void };
		const above = new Set<string>(['/']);
		for (const path of made)
			for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) above.add(path.slice(0, at));
		// The shell's own commands stand in /bin, its devices in /dev.
		for (const path of [...inner.data.keys()])
			if (
				!made.has(path) &&
				!above.has(path) &&
				!this.#programs.has(path) &&
				!/^\/(?:bin|usr|dev|proc)(?:\/|$)/.test(path)
			)
				inner.deleteEntry(path);
	}

	/** Why the names in a directory cannot be listed. */
	listFault(path: string): string | undefined {
		return this.#faultAt(path, 'read');
	}

	/** Gives a file to somebody; the words of why not. */
	chown(
		path: string,
		uid: number | undefined,
		gid: number | undefined,
		names: readonly [user?: string | undefined, group?: string | undefined] = [],
	): string | undefined {
		// One's own may be given to nobody, and to a group that one is in (chown(2)).
		const mine = this.#faultAt(path, 'mode') === undefined;
		const who = this.#who();
		const free = who === undefined || who.uid === 0 || this.#writesAt(path) === 'told';
		const may = free || (mine && (uid ?? who.uid) === who.uid && [who.gid, ...who.groups].includes(gid ?? who.gid));
		const fault = may ? this.#options.chown?.(path, uid, gid, this.asked.at(-1)) : 'EPERM';
		this.#turn = -1;
		const clean = this.resolvePath('/', path);
		if (fault === undefined && this.#writesAt(clean) !== 'told') {
			const [user, group] = this.ownerOf(clean) ?? ['root', 'root'];
			this.#given.set(clean, [names[0] ?? user, names[1] ?? group]);
		}
		return fault === undefined ? undefined : (FAULTS[fault] ?? fault);
	}

	/** Who runs what is at work, on the workstation: elsewhere the lab knows of rights. */
	#who(): Person | undefined {
		const { home } = this.#options;
		if (home === undefined) return undefined;
		const name = home.slice(home.lastIndexOf('/') + 1);
		return this.asked.at(-1) ?? { name, uid: 1000, gid: 1000, groups: [1000, 27, 998] };
	}

	/** Whose a file is: what is at home on the workstation is its user's. */
	ownerOf(path: string): readonly [user: string, group: string] | undefined {
		const clean = this.resolvePath('/', path);
		const known = this.#given.get(clean) ?? this.#owners.get(clean);
		const { home } = this.#options;
		if (known || home === undefined || !(clean === home || clean.startsWith(`${home}/`))) return known;
		const self = home.slice(home.lastIndexOf('/') + 1);
		return [self, self];
	}

	/** Brings the lab's files; nothing is fetched for a path at home, where the lessons' files are laid at the start. */
	async #fresh(path = '/'): Promise<void> {
		if (!this.#prepared && !path.startsWith('/home/')) {
			await this.#options.prepare?.();
			if (!this.#prepared) this.#turn = -1;
			this.#prepared = true;
		}
		this.refresh();
	}

	#writesAt(path: string): MadeFile['writes'] {
		for (const [at, writes] of this.#writes)
			if (path === at || `${path}/` === at || (at.endsWith('/') && path.startsWith(at))) return writes;
		return undefined;
	}

	#faultAt(path: string, what: FileDeed): string | undefined {
		const clean = this.resolvePath('/', path);
		const writes = this.#writesAt(clean);
		if (writes === 'refused') return 'EROFS';
		const made = what === 'write' ? madeFault(this.#real(clean, false)) : undefined;
		if (made !== undefined && !(this as unknown as { data: Map<string, Entry> }).data.has(this.#real(clean)))
			return made;
		return writes === 'told' ? this.#options.fault?.(clean, what, this.asked.at(-1)) : this.#denied(clean, what);
	}

	/** What an ordinary user may not (path_resolution(7), unlink(2), chmod(2)): files are one's own at home, else root's. */
	#denied(path: string, what: FileDeed): string | undefined {
		const { home } = this.#options;
		const who = this.#who();
		if (home === undefined || !who || who.uid === 0 || /^\/(?:dev|proc)\/(?!sys\/|shm\/)/.test(path)) return undefined;
		const { data } = this as unknown as { data: Map<string, Entry> };
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
	#guard(path: string, what: FileDeed = 'write'): void {
		const fault = this.#faultAt(path, what);
		if (fault === undefined) return;
		this.refused = path;
		this.refusedBy = fault;
		this.unread = what === 'read' ? path : '';
		throw refusal(fault, path);
	}

	/** Why that cannot be done to a path, in the kernel's words; nothing is done. */
	async refusal(path: string, what: FileDeed = 'write'): Promise<string | undefined> {
		await this.#fresh(path);
		const fault = this.#faultAt(path, what);
		return fault && (FAULTS[fault] ?? fault);
	}

	/** @throws Error where the directory that something is to be made in is not there */
	#inDirectory(path: string, last = true): void {
		const { data } = this as unknown as { data: Map<string, Entry> };
		const above = followed(data, path, last).replace(/\/[^/]*$/, '');
		if (above === '' || data.get(above)?.type === 'directory') return;
		let at = above;
		while (at !== '' && !data.has(at)) at = at.replace(/\/[^/]*$/, '');
		this.refused = path;
		this.refusedBy = at === '' || data.get(at)!.type === 'directory' ? 'ENOENT' : 'ENOTDIR';
		throw refusal(this.refusedBy, path);
	}

	/** Writes a file, and makes the directories that are missing above it. */
	async lay(path: string, content: string | Uint8Array): Promise<void> {
		const above = this.resolvePath('/', path).replace(/\/[^/]*$/, '');
		if (above !== '') {
			await this.#fresh(path);
			const { data } = this as unknown as { data: Map<string, Entry> };
			if (data.get(followed(data, above, true)) === undefined) await this.mkdir(above, { recursive: true });
		}
		await this.writeFile(path, content);
	}

	#own(path: string, what: FileDeed = 'write'): void {
		const clean = this.#clean(path);
		const writes = this.#writesAt(clean);
		this.#guard(path, what);
		const who = what === 'write' ? this.#who() : undefined;
		if (who && !(this as unknown as { data: Map<string, Entry> }).data.has(clean)) {
			this.#given.delete(clean);
			if ((this.ownerOf(clean)?.[0] ?? 'root') !== who.name) this.#given.set(clean, [who.name, who.group ?? who.name]);
		}
		if (writes === 'told' || clean.startsWith('/proc/sys/')) {
			this.#made.add(clean);
			return;
		}
		if (!this.#made.delete(clean) && !this.#made.size) return;
		this.#owned.add(clean);
	}

	/** Tells the lab of files it may mind: those under /etc. */
	async #tell(...paths: readonly string[]): Promise<void> {
		const as = this.asked.at(-1);
		for (const path of paths.map((p) => this.#clean(p))) {
			const told = this.#writesAt(path) === 'told';
			if (!/^\/(?:etc|proc\/sys)\//.test(path) && !told) continue;
			const { data } = this as unknown as { data: Map<string, Entry> };
			const entry = data.get(path);
			const mode = entry?.mode ?? 0o644;
			try {
				if (entry?.type === 'directory' && told) {
					await this.#options.changed?.(path, undefined, { kind: 'directory', mode }, as);
					const inside = [...data.keys()].filter(
						(p) => p !== path && p.startsWith(`${path}/`) && p.indexOf('/', path.length + 1) < 0,
					);
					await this.#tell(...inside);
				} else if (entry?.type === 'symlink')
					await this.#options.changed?.(path, undefined, { kind: 'link', target: entry.target ?? '', mode }, as);
				else if (entry && entry.type !== 'directory')
					await this.#options.changed?.(
						path,
						await super.readFile(path),
						{ kind: 'file', octets: await super.readFileBuffer(path), mode },
						as,
					);
				else await this.#options.changed?.(path, undefined, undefined, as);
			} catch (error) {
				const [, fault = ''] = /^(E[A-Z]+)\b/.exec((error as Error).message) ?? [];
				if (fault === '') throw error;
				this.refused = path;
				this.refusedBy = fault;
				this.#turn = -1;
				throw refusal(fault, path);
			}
		}
	}

	/** What the program that runs has on its standard input, in octets: /dev/stdin is that. */
	input: (() => string) | undefined;

	override async readFileBuffer(path: string) {
		if (this.input && STANDARD_INPUT.test(path)) return octetsOf(this.input());
		await this.#fresh();
		this.#guard(path, 'read');
		return super.readFileBuffer(path);
	}

	override async exists(path: string) {
		if (this.input && STANDARD_INPUT.test(path)) return true;
		await this.#fresh(path);
		return super.exists(path);
	}

	override writeFileSync(...args: Parameters<InMemoryFs['writeFileSync']>) {
		if (typeof args[1] === 'string' && args[1].startsWith(STUB)) return;
		super.writeFileSync(...args);
	}

	override async stat(path: string) {
		if (this.input && STANDARD_INPUT.test(path)) return super.stat('/dev/stdin');
		await this.#fresh(path);
		return this.#sized(path, true) ?? super.stat(path);
	}

	override async lstat(path: string) {
		await this.#fresh(path);
		return this.#sized(path, false) ?? super.lstat(path);
	}

	/** Of a program that nobody read yet: it is not made for that. */
	#sized(path: string, last: boolean): Awaited<ReturnType<InMemoryFs['stat']>> | undefined {
		const { data } = this as unknown as { data: Map<string, Entry> };
		const real = followed(data, this.resolvePath('/', path), last);
		const file = this.#programs.get(real);
		const entry = data.get(real);
		if (file?.size === undefined || !entry || entry.type !== 'file' || this.#replaced(real)) return undefined;
		const { size } = file;
		return {
			isFile: true,
			isDirectory: false,
			isSymbolicLink: false,
			mode: entry.mode ?? 0o755,
			size,
			mtime: entry.mtime,
		};
	}

	override async readlink(path: string) {
		await this.#fresh(path);
		return super.readlink(path);
	}

	override async readdir(path: string) {
		await this.#fresh();
		return super.readdir(path);
	}

	override async readdirWithFileTypes(path: string) {
		await this.#fresh();
		return super.readdirWithFileTypes(path);
	}

	override getAllPaths() {
		this.refresh();
		return super.getAllPaths();
	}

	override async writeFile(...[path, ...args]: Parameters<InMemoryFs['writeFile']>) {
		if (SINK.test(this.resolvePath('/', path))) return;
		await this.#fresh(path);
		this.#inDirectory(path);
		this.#own(path);
		await super.writeFile(this.#real(path), ...args);
		await this.#spread(path);
		await this.#tell(path);
	}

	override async appendFile(...[path, ...args]: Parameters<InMemoryFs['appendFile']>) {
		if (SINK.test(this.resolvePath('/', path))) return;
		await this.#fresh();
		this.#inDirectory(path);
		this.#own(path);
		await super.appendFile(this.#real(path), ...args);
		await this.#spread(path);
		await this.#tell(path);
	}

	override async rm(...[path, ...args]: Parameters<InMemoryFs['rm']>) {
		await this.#fresh();
		this.#own(path, 'remove');
		const gone = this.#real(path, false);
		this.#removed ||= this.#programs.has(gone) || IN_PROGRAMS.test(gone);
		await super.rm(gone, ...args);
		this.#links.gone(gone);
		for (const at of [...this.#given.keys()]) if (at === gone || at.startsWith(`${gone}/`)) this.#given.delete(at);
		await this.#tell(path);
	}

	override async mv(from: string, to: string) {
		await this.#fresh();
		this.#inDirectory(to, false);
		this.#own(from, 'remove');
		this.#own(to);
		const [old, goal] = [this.#real(from, false), this.#real(to, false)];
		this.#removed ||= this.#programs.has(old);
		await super.mv(old, goal);
		this.#links.renamed(old, goal);
		const given = this.#given.get(old);
		this.#given.delete(old);
		if (given) this.#given.set(goal, given);
		else this.#given.delete(goal);
		await this.#tell(from, to);
	}

	override async mkdir(...[path, ...args]: Parameters<InMemoryFs['mkdir']>) {
		await this.#fresh(path);
		if (await super.exists(path)) return super.mkdir(path, ...args);
		// What is missing above it is made by the same one.
		const above = this.#real(path).replace(/\/[^/]*$/, '');
		if (args[0]?.recursive && above !== '' && !(await super.exists(above))) await this.mkdir(above, ...args);
		this.#own(path);
		await super.mkdir(this.#real(path), ...args);
		if (this.#writesAt(this.resolvePath('/', path)) === 'told') await this.#tell(path);
	}

	override async chmod(path: string, mode: number) {
		await this.#fresh(path);
		this.#guard(path, 'mode');
		await super.chmod(path, mode);
		await this.#spread(path);
		if (this.#writesAt(this.resolvePath('/', path)) === 'told') await this.#tell(path);
	}

	override async symlink(target: string, path: string) {
		await this.#fresh();
		this.#inDirectory(path, false);
		this.#guard(path);
		await super.symlink(target, this.#real(path, false));
		if (this.#writesAt(this.resolvePath('/', path)) === 'told') await this.#tell(path);
	}

	override async link(from: string, path: string) {
		await this.#fresh();
		this.#inDirectory(path, false);
		this.#own(path);
		const [old, goal] = [this.#real(from), this.#real(path, false)];
		await super.link(old, goal);
		this.#links.add(old, goal);
		await this.#tell(path);
	}

	override async utimes(path: string, atime: Date, mtime: Date) {
		if (this.#faultAt(path, 'mode') !== undefined) this.#guard(path);
		await super.utimes(path, atime, this.#dated({ mtime }).mtime);
		await this.#spread(path);
	}

	override async cp(...[from, to, ...args]: Parameters<InMemoryFs['cp']>) {
		await this.#fresh();
		this.#inDirectory(to);
		this.#own(to);
		await super.cp(this.#real(from), this.#real(to), ...args);
		await this.#spread(to);
		await this.#tell(to);
	}
}

const program = (size: number): Uint8Array => {
	const octets = new Uint8Array(Math.min(size, MOST_READ));
	octets.set(ELF.slice(0, octets.length));
	return octets;
};

/** The same as tools see them, relative to a working directory. @throws Error with the shell's text for a directory */
export function filesOf(fs: LabFiles, cwd: string): Files {
	const at = (path: string) => fs.resolvePath(cwd, path);
	const readBytes = async (path: string): Promise<Uint8Array | undefined> => {
		const full = at(path);
		if (!(await fs.exists(full))) return undefined;
		if ((await fs.stat(full)).isDirectory) throw new Error(`${path}: Is a directory`);
		return fs.readFileBuffer(full);
	};
	return {
		readBytes,
		async read(path) {
			const bytes = await readBytes(path);
			return bytes && new TextDecoder().decode(bytes);
		},
		write: (path, content) => fs.lay(at(path), content),
		mode: async (path) => ((await fs.exists(at(path))) ? (await fs.stat(at(path))).mode : undefined),
		async list(path) {
			const full = at(path);
			if (!(await fs.exists(full)) || !(await fs.stat(full)).isDirectory) return undefined;
			return fs.readdir(full);
		},
	};
}
