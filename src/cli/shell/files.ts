/** The files of a place: in memory, dated by the lab's clock, some of them made by the lab when they are read. */
import type { Files } from '../tool.ts';
import { InMemoryFs } from './just-bash.ts';
import type { MadeFile } from './places.ts';
import { readOnly } from './read-only.ts';

type Entry = { mtime: Date };

/**
 * A time of the lab. Commands show it in UTC whatever the reader's zone is, and what compares it with now by the host's
 * clock (`ls -l`, `find -mmin`) gets the distance that it has from the lab's now.
 */
class LabDate extends Date {
	readonly #now: () => number;

	constructor(at: number, now: () => number) {
		super(at);
		this.#now = now;
	}

	override valueOf(): number {
		return Date.now() - (this.#now() - this.getTime());
	}

	override getFullYear(): number {
		return this.getUTCFullYear();
	}

	override getMonth(): number {
		return this.getUTCMonth();
	}

	override getDate(): number {
		return this.getUTCDate();
	}

	override getDay(): number {
		return this.getUTCDay();
	}

	override getHours(): number {
		return this.getUTCHours();
	}

	override getMinutes(): number {
		return this.getUTCMinutes();
	}
}

const STUB = '#!/bin/sh\n# A program of the lab.\n';

export interface LabFilesOptions {
	/** Milliseconds since 1970 in the lab. */
	now(): number;
	/** Changes whenever something may have changed what `made` or `programs` answer. */
	turn(): number;
	/** Files that the lab makes, by path. */
	made(): Readonly<Record<string, MadeFile>>;
	/** Fetches what `made` needs; asked once, before the first look at the files. */
	prepare?(): Promise<unknown>;
	/** Names of programs installed here: they stand in /usr/bin, so that `which` and `type` find them. */
	programs(): readonly string[];
	/** A file was written, or is gone (`text` undefined). */
	changed?(path: string, text: string | undefined): Promise<void>;
}

export class LabFiles extends InMemoryFs {
	readonly #options: LabFilesOptions;
	/** Paths the learner wrote or removed. */
	readonly #owned = new Set<string>();
	#made = new Set<string>();
	#turn = -1;
	#refreshing = false;
	#prepared = false;
	/** Where something was to be written last and could not. */
	refused: string | undefined;
	/** Paths and directories (with `/` at their end) by what is done with what is written there. */
	#writes = new Map<string, MadeFile['writes']>();

	constructor(options: LabFilesOptions) {
		super({}, { maxTotalBytes: 32 * 1024 * 1024 });
		this.#options = options;
		const { data } = this as unknown as { data: Map<string, Entry> };
		const set = data.set.bind(data);
		data.set = (path, entry) => set(path, this.#dated(entry));
		set('/', this.#dated(data.get('/')!));
		for (const folder of ['/tmp', '/root', '/etc', '/var/log']) this.mkdirSync(folder, { recursive: true });
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
			for (const [path, text] of Object.entries(made)) {
				const { mode, mtime, writes } = text;
				if (writes) this.#writes.set(path, writes);
				if (path.endsWith('/')) this.mkdirSync(path, { recursive: true });
				if (path.endsWith('/') || this.#owned.has(path)) continue;
				now.add(path);
				this.writeFileLazy(path, text, {
					...(mode === undefined ? {} : { mode }),
					...(mtime === undefined ? {} : { mtime: new Date(mtime) }),
				});
			}
			for (const name of this.#options.programs()) {
				const path = `/usr/bin/${name}`;
				if (this.#owned.has(path)) continue;
				now.add(path);
				if (!this.#made.has(path)) this.writeFileSync(path, STUB, undefined, { mode: 0o755 });
			}
			for (const path of this.#made) {
				if (!now.has(path)) (this as unknown as { deleteEntry(path: string): void }).deleteEntry(path);
			}
			this.#made = now;
		} finally {
			this.#refreshing = false;
		}
	}

	async #fresh(): Promise<void> {
		if (!this.#prepared) {
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

	/** @throws Error where nothing can be written */
	#guard(path: string): void {
		if (this.#writesAt(this.resolvePath('/', path)) !== 'refused') return;
		this.refused = path;
		throw readOnly(path);
	}

	#own(path: string): void {
		const clean = this.resolvePath('/', path);
		const writes = this.#writesAt(clean);
		if (writes === 'refused') this.#guard(path);
		if (writes === 'told') {
			this.#made.add(clean);
			return;
		}
		if (!this.#made.delete(clean) && !this.#made.size) return;
		this.#owned.add(clean);
	}

	/** Tells the lab of files it may mind: those under /etc. */
	async #tell(...paths: readonly string[]): Promise<void> {
		for (const path of paths.map((p) => this.resolvePath('/', p))) {
			if (!path.startsWith('/etc/') && this.#writesAt(path) !== 'told') continue;
			const file = (await super.exists(path)) && !(await super.stat(path)).isDirectory;
			await this.#options.changed?.(path, file ? await super.readFile(path) : undefined);
		}
	}

	override async readFileBuffer(path: string) {
		await this.#fresh();
		return super.readFileBuffer(path);
	}

	override async exists(path: string) {
		await this.#fresh();
		return super.exists(path);
	}

	override async stat(path: string) {
		await this.#fresh();
		return super.stat(path);
	}

	override async lstat(path: string) {
		await this.#fresh();
		return super.lstat(path);
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

	override async writeFile(...args: Parameters<InMemoryFs['writeFile']>) {
		await this.#fresh();
		this.#own(args[0]);
		await super.writeFile(...args);
		await this.#tell(args[0]);
	}

	override async appendFile(...args: Parameters<InMemoryFs['appendFile']>) {
		await this.#fresh();
		this.#own(args[0]);
		await super.appendFile(...args);
		await this.#tell(args[0]);
	}

	override async rm(...args: Parameters<InMemoryFs['rm']>) {
		await this.#fresh();
		this.#own(args[0]);
		await super.rm(...args);
		await this.#tell(args[0]);
	}

	override async mv(from: string, to: string) {
		await this.#fresh();
		this.#own(from);
		this.#own(to);
		await super.mv(from, to);
		await this.#tell(from, to);
	}

	override async mkdir(...args: Parameters<InMemoryFs['mkdir']>) {
		await this.#fresh();
		if (!(await super.exists(args[0]))) this.#guard(args[0]);
		return super.mkdir(...args);
	}

	override async chmod(path: string, mode: number) {
		await this.#fresh();
		this.#guard(path);
		return super.chmod(path, mode);
	}

	override async symlink(target: string, path: string) {
		await this.#fresh();
		this.#guard(path);
		return super.symlink(target, path);
	}

	override async utimes(path: string, atime: Date, mtime: Date) {
		this.#guard(path);
		return super.utimes(path, atime, this.#dated({ mtime }).mtime);
	}

	override async cp(...args: Parameters<InMemoryFs['cp']>) {
		await this.#fresh();
		this.#own(args[1]);
		await super.cp(...args);
		await this.#tell(args[1]);
	}
}

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
		write: (path, content) => fs.writeFile(at(path), content),
		async list(path) {
			const full = at(path);
			if (!(await fs.exists(full)) || !(await fs.stat(full)).isDirectory) return undefined;
			return fs.readdir(full);
		},
	};
}
