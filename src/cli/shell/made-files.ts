/** What the lab makes of a place's files: they stand beside what people wrote, or are all there is. */
import type { Person } from '../tool.ts';
import { FileTree, followed } from './file-tree.ts';
import type { OpenFiles } from './open-files.ts';
import type { FileChange, FileDeed, MadeFile, ProgramFile } from './places.ts';

/** What every Linux has, however little is in it (hier(7)). */
const FOLDERS = '/dev/shm /etc/bash_completion.d /mnt /opt /root /run /srv /tmp /usr/local/bin /var/log /var/tmp'.split(
	' ',
);
/** First octets of a program (elf(5)): 64 bits, for x86-64, to be loaded anywhere. */
const ELF = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62, 0, 1, 0, 0, 0];
/** Where programs are looked for. */
const OF_PROGRAMS = /^\/(?:usr\/)?(?:local\/)?s?bin\/[^/]+$/;
/** Octets of a program that are there to be read. */
const MOST_READ = 1 << 14;

export interface LabFilesOptions {
	/** Milliseconds since 1970 in the lab. */
	now(): number;
	/** Changes whenever something may have changed what `made` or `programs` answer. */
	turn(): number;
	/** Files that are written into. */
	readonly open: OpenFiles;
	/** Files that the lab makes, by path. */
	made(): Readonly<Record<string, MadeFile>>;
	/** Those below /proc that tell of processes: many, and seldom looked at. */
	ofProcesses(): Readonly<Record<string, MadeFile>>;
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
	/** When a file was written last was said, in milliseconds since 1970. */
	dated?(path: string, time: number): void;
	/** Gives it to somebody; the kernel's name for why not. */
	chown?(path: string, uid: number | undefined, gid: number | undefined, as?: Person): string | undefined;
}

const program = (size: number): Uint8Array => {
	const octets = new Uint8Array(Math.min(size, MOST_READ));
	octets.set(ELF.slice(0, octets.length));
	return octets;
};

export class MadeFiles extends FileTree {
	protected readonly options: LabFilesOptions;
	/** Paths the learner wrote or removed. */
	protected readonly owned = new Set<string>();
	protected made = new Set<string>();
	/** Paths below /proc that tell of processes, as they were when somebody looked there last. */
	protected processes = new Set<string>();
	#processesTurn = -1;
	protected programs: ReadonlyMap<string, ProgramFile> = new Map();
	protected turn = -1;
	#refreshing = false;
	#prepared = false;
	/** Owners by path, where they are not root. */
	protected owners = new Map<string, readonly [user: string, group: string]>();
	/** Whether somebody removed or moved a program. */
	protected removed = false;
	/** Programs that their place's lab says are gone. */
	#taken: readonly string[] = [];
	/** Paths and directories (with `/` at their end) by what is done with what is written there. */
	#writes = new Map<string, MadeFile['writes']>();

	constructor(options: LabFilesOptions) {
		super(options.now);
		this.options = options;
		this.folders();
	}

	protected folders(): void {
		const { entries: data } = this;
		for (const folder of FOLDERS) this.mkdirSync(folder, { recursive: true });
		data.get('/root')!.mode = 0o700;
		for (const folder of ['/tmp', '/var/tmp', '/dev/shm']) data.get(folder)!.mode = 0o1777;
	}

	/** As before anybody wrote: what the lab makes is made again. */
	renew(): void {
		const { inner } = this;
		for (const path of [...inner.data.keys()]) if (path !== '/') inner.deleteEntry(path);
		this.owned.clear();
		this.links.clear();
		this.made = new Set();
		this.processes = new Set();
		this.programs = new Map();
		this.turn = -1;
		this.folders();
	}

	/**
	 * Brings what the lab makes up to date, once a command. What tells of processes is made where a path leads to it, or
	 * where any may.
	 */
	refresh(path = '/'): void {
		const turn = this.options.turn();
		if (this.#refreshing) return;
		this.#refreshing = true;
		try {
			if (turn !== this.turn) this.#renewMade(turn);
			if (turn === this.#processesTurn || !this.#mayTellOfProcesses(path)) return;
			this.#processesTurn = turn;
			const now = this.#lay(this.options.ofProcesses());
			for (const old of this.processes) if (!now.has(old) && !this.made.has(old)) this.inner.deleteEntry(old);
			this.processes = now;
		} finally {
			this.#refreshing = false;
		}
	}

	#renewMade(turn: number): void {
		this.turn = turn;
		// What is written below /proc is looked for there first.
		this.#processesTurn = -1;
		const made = this.options.made();
		this.#writes = new Map();
		this.owners = new Map();
		this.#install(this.options.programs(), made);
		const now = this.#lay(made);
		for (const path of this.made) if (!now.has(path) && !this.processes.has(path)) this.inner.deleteEntry(path);
		this.made = now;
		if (this.#writes.get('/') === 'told') this.#keepOnly(now);
	}

	/** Whether a path leads below /proc. */
	#mayTellOfProcesses(path: string): boolean {
		const clean = this.resolvePath('/', path);
		if (clean === '/') return true;
		try {
			return /^\/proc(?:\/|$)/.test(followed(this.entries, clean, true));
		} catch {
			return true;
		}
	}

	/** Puts made files where they belong; answers their paths. */
	#lay(made: Readonly<Record<string, MadeFile>>): Set<string> {
		const now = new Set<string>();
		for (const [path, text] of Object.entries(made)) {
			const { mode, mtime, writes, link, owner = 'root', group = owner, gone } = text;
			if (writes) this.#writes.set(path, writes);
			if (gone) continue;
			const plain = path.replace(/(.)\/$/, '$1');
			if (this.programs.get(plain)?.link !== undefined && path.endsWith('/')) continue;
			// What is shared of a place that is otherwise its people's own.
			const shared = !this.#writes.has('/') && this.writesAt(path) === 'told';
			if (shared || owner !== 'root' || group !== 'root') this.owners.set(plain, [owner, group]);
			if (path.endsWith('/') || link !== undefined) {
				now.add(plain);
				this.#put(plain, text, path.endsWith('/') ? 'directory' : 'symlink');
				continue;
			}
			if (this.owned.has(path) && !shared) continue;
			now.add(path);
			this.writeFileLazy(path, text, {
				...(mode === undefined ? {} : { mode }),
				...(mtime === undefined ? {} : { mtime: new Date(mtime) }),
			});
		}
		return now;
	}

	/** Programs stand where they are installed, until somebody takes them away. */
	#install(programs: ReadonlyMap<string, ProgramFile>, made: Readonly<Record<string, MadeFile>>): void {
		const { inner } = this;
		if (programs !== this.programs) {
			for (const path of this.programs.keys())
				if (!programs.has(path) && !this.owned.has(path) && inner.data.has(path)) inner.deleteEntry(path);
			this.programs = programs;
			const mtime = new Date(this.options.now() - 5_203_817_000);
			for (const [path, { size = 0, mode = 0o755, link }] of programs) {
				if (this.owned.has(path)) continue;
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
	protected replaced(path: string): boolean {
		return this.owned.has(path) || this.made.has(path);
	}

	/** A path from the root, the folders of programs where they are (`/bin` is `/usr/bin`). */
	protected clean(path: string): string {
		const full = this.resolvePath('/', path);
		const [, folder = '', rest = ''] = /^(\/s?bin)(\/.*)$/.exec(full) ?? [];
		const { link } = this.programs.get(folder) ?? {};
		return link === undefined ? full : `/${link}${rest}`;
	}

	/** Whether some program may have been taken away. */
	get anyTaken(): boolean {
		return this.#taken.length > 0 || this.removed;
	}

	/** Whether a program was taken away from a path where the place has it. */
	async takenAway(path: string): Promise<boolean> {
		const { entries: data } = this;
		// Of the kind of awk, which is a link: what it leads to may be gone.
		const clean = this.clean(path);
		if (!this.programs.has(clean)) return false;
		const target = followed(data, clean, true);
		return !data.has(clean) || (this.programs.has(target) && !data.has(target));
	}

	/** What stands at a path: whether anything does, and the program, where it is one of the place's own. */
	async programAt(path: string): Promise<{ readonly there: boolean; readonly file?: ProgramFile }> {
		await this.fresh();
		const { entries: data } = this;
		const real = followed(data, path, true);
		if (!data.has(real)) return { there: false };
		const file = this.replaced(real) ? undefined : this.programs.get(real);
		return file ? { there: true, file } : { there: true };
	}

	#put(path: string, made: MadeFile, type: 'directory' | 'symlink'): void {
		const { entries: data } = this;
		const { mode = 0o755, mtime, link } = made;
		const old = data.get(path);
		if (old && old.type !== type) this.inner.deleteEntry(path);
		if (type === 'directory') this.mkdirSync(path, { recursive: true });
		else data.set(path, { type, target: link!, mode: 0o777, mtime: new Date(mtime ?? this.options.now()) });
		const entry = data.get(path);
		if (entry && type === 'directory') entry.mode = mode;
		if (entry && mtime !== undefined) entry.mtime = this.dated({ mtime: new Date(mtime) }).mtime;
	}

	/** Where all there is is the lab's, what it does not make is not there. */
	#keepOnly(made: ReadonlySet<string>): void {
		const { inner } = this;
		const above = new Set<string>(['/']);
		for (const path of made)
			for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) above.add(path.slice(0, at));
		// The shell's own commands stand in /bin, its devices in /dev.
		for (const path of [...inner.data.keys()])
			if (
				!made.has(path) &&
				!above.has(path) &&
				!this.programs.has(path) &&
				!/^\/(?:bin|usr|dev|proc)(?:\/|$)/.test(path)
			)
				inner.deleteEntry(path);
	}

	/** Brings the lab's files; nothing is fetched for a path at home, where the lessons' files are laid at the start. */
	protected async fresh(path = '/'): Promise<void> {
		const { open } = this.options;
		while (open.pending) await open.settle();
		await this.current(path);
	}

	/** The same, whatever is still to be put into files. */
	protected async current(path: string): Promise<void> {
		if (!this.#prepared && !path.startsWith('/home/')) {
			await this.options.prepare?.();
			if (!this.#prepared) this.turn = -1;
			this.#prepared = true;
		}
		// Each command is looked for; on the workstation only people and packages change what is there, and they do it here.
		const { home, programs } = this.options;
		if (home !== undefined && this.turn >= 0 && OF_PROGRAMS.test(path) && programs() === this.programs) return;
		this.refresh(path);
	}

	protected writesAt(path: string): MadeFile['writes'] {
		for (const [at, writes] of this.#writes)
			if (path === at || `${path}/` === at || (at.endsWith('/') && path.startsWith(at))) return writes;
		return undefined;
	}
}
