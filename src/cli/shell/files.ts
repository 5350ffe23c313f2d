/** The files of a place: in memory, dated by the lab's clock, some of them made by the lab when they are read. */
import type { Files, Person } from '../tool.ts';
import { followed } from './file-tree.ts';
import { GuardedFiles } from './guarded-files.ts';
import type { InMemoryFs } from './just-bash.ts';
import type { OpenFile } from './open-files.ts';
import { refusal } from './read-only.ts';
import { octetsOf, STANDARD_INPUT } from './routes.ts';

/** Devices that keep nothing of what is written to them (null(4), random(4)). */
const SINK = /^\/dev\/(?:null|zero|u?random)$/;
/** A folder in which programs are. */
const IN_PROGRAMS = /^\/(?:usr(?:\/local)?(?:\/s?bin)?|s?bin)$/;
/** How just-bash marks its commands: the files of programs are ours. */
const STUB = '#!/bin/bash\n# Built-in command:';

export class LabFiles extends GuardedFiles {
	/** What was done to a file is so under each of its names. */
	async #spread(path: string, as = this.asked.at(-1)): Promise<void> {
		const { inner } = this;
		const real = this.real(path);
		const entry = inner.data.get(real);
		for (const other of entry ? this.links.others(real) : []) {
			inner.setEntry(other, { ...entry! });
			await this.#tellAs(as, other);
		}
	}

	/** Writes a file, and makes the directories that are missing above it. */
	async lay(path: string, content: string | Uint8Array): Promise<void> {
		const above = this.resolvePath('/', path).replace(/\/[^/]*$/, '');
		if (above !== '') {
			await this.fresh(path);
			const { entries: data } = this;
			if (data.get(followed(data, above, true)) === undefined) await this.mkdir(above, { recursive: true });
		}
		await this.writeFile(path, content);
	}

	/** Opens a file for what writes into it as it goes; it is there already. @param flooded called when that is too much at once */
	open(path: string, flooded: () => void): OpenFile {
		const clean = this.resolvePath('/', path);
		return this.options.open.open(this, SINK.test(clean) ? undefined : this.real(path), this.asked.at(-1), flooded);
	}

	/** Adds to a file that was opened: nobody asks again who may. */
	async add(path: string, octets: string, as: Person | undefined): Promise<void> {
		await this.current(path);
		if (!this.entries.has(path)) return;
		await super.appendFile(path, octets, 'binary');
		await this.#spread(path, as);
		await this.#tellAs(as, path);
	}

	/** Tells the lab of files it may mind: those under /etc. */
	async #tell(...paths: readonly string[]): Promise<void> {
		await this.#tellAs(this.asked.at(-1), ...paths);
	}

	async #tellAs(as: Person | undefined, ...paths: readonly string[]): Promise<void> {
		for (const path of paths.map((p) => this.clean(p))) {
			const told = this.writesAt(path) === 'told';
			if (!/^\/(?:etc|proc\/sys)\//.test(path) && !told) continue;
			const { entries: data } = this;
			const entry = data.get(path);
			const mode = entry?.mode ?? 0o644;
			try {
				if (entry?.type === 'directory' && told) {
					await this.options.changed?.(path, undefined, { kind: 'directory', mode }, as);
					const inside = [...data.keys()].filter(
						(p) => p !== path && p.startsWith(`${path}/`) && p.indexOf('/', path.length + 1) < 0,
					);
					await this.#tellAs(as, ...inside);
				} else if (entry?.type === 'symlink')
					await this.options.changed?.(path, undefined, { kind: 'link', target: entry.target ?? '', mode }, as);
				else if (entry && entry.type !== 'directory') {
					const octets = await super.readFileBuffer(path);
					await this.options.changed?.(path, new TextDecoder().decode(octets), { kind: 'file', octets, mode }, as);
				} else await this.options.changed?.(path, undefined, undefined, as);
			} catch (error) {
				const [, fault = ''] = /^(E[A-Z]+)\b/.exec((error as Error).message) ?? [];
				if (fault === '') throw error;
				this.refused = path;
				this.refusedBy = fault;
				this.turn = -1;
				throw refusal(fault, path);
			}
		}
	}

	/** What the program that runs has on its standard input, in octets: /dev/stdin is that. */
	input: (() => string) | undefined;

	override async readFileBuffer(path: string) {
		if (this.input && STANDARD_INPUT.test(path)) return octetsOf(this.input());
		await this.fresh(path);
		this.guard(path, 'read');
		return super.readFileBuffer(path);
	}

	override async exists(path: string) {
		if (this.input && STANDARD_INPUT.test(path)) return true;
		await this.fresh(path);
		return super.exists(path);
	}

	override writeFileSync(...args: Parameters<InMemoryFs['writeFileSync']>) {
		if (typeof args[1] === 'string' && args[1].startsWith(STUB)) return;
		super.writeFileSync(...args);
	}

	override async stat(path: string) {
		if (this.input && STANDARD_INPUT.test(path)) return super.stat('/dev/stdin');
		await this.fresh(path);
		return this.#sized(path, true) ?? super.stat(path);
	}

	override async lstat(path: string) {
		await this.fresh(path);
		return this.#sized(path, false) ?? super.lstat(path);
	}

	/** Of a program that nobody read yet: it is not made for that. */
	#sized(path: string, last: boolean): Awaited<ReturnType<InMemoryFs['stat']>> | undefined {
		const { entries: data } = this;
		const real = followed(data, this.resolvePath('/', path), last);
		const file = this.programs.get(real);
		const entry = data.get(real);
		if (file?.size === undefined || !entry || entry.type !== 'file' || this.replaced(real)) return undefined;
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
		await this.fresh(path);
		return super.readlink(path);
	}

	override async readdir(path: string) {
		await this.fresh(path);
		return super.readdir(path);
	}

	override async readdirWithFileTypes(path: string) {
		await this.fresh(path);
		return super.readdirWithFileTypes(path);
	}

	override getAllPaths() {
		this.refresh();
		return super.getAllPaths();
	}

	override async writeFile(...[path, ...args]: Parameters<InMemoryFs['writeFile']>) {
		if (SINK.test(this.resolvePath('/', path))) return;
		await this.fresh(path);
		this.inDirectory(path);
		this.own(path);
		await super.writeFile(this.real(path), ...args);
		await this.#spread(path);
		await this.#tell(path);
	}

	override async appendFile(...[path, ...args]: Parameters<InMemoryFs['appendFile']>) {
		const clean = this.resolvePath('/', path);
		if (SINK.test(clean)) return;
		// What the kernel makes has no end to add to.
		if (/^\/(?:proc|sys)\//.test(clean)) return args[0] === '' ? undefined : this.writeFile(path, ...args);
		await this.fresh(path);
		this.inDirectory(path);
		this.own(path);
		await super.appendFile(this.real(path), ...args);
		await this.#spread(path);
		await this.#tell(path);
	}

	override async rm(...[path, ...args]: Parameters<InMemoryFs['rm']>) {
		await this.fresh(path);
		this.own(path, 'remove');
		const gone = this.real(path, false);
		this.removed ||= this.programs.has(gone) || IN_PROGRAMS.test(gone);
		await super.rm(gone, ...args);
		this.links.gone(gone);
		this.options.open.moved(this, gone, undefined);
		for (const at of [...this.given.keys()]) if (at === gone || at.startsWith(`${gone}/`)) this.given.delete(at);
		await this.#tell(path);
	}

	override async mv(from: string, to: string) {
		await this.fresh();
		this.inDirectory(to, false);
		this.own(from, 'remove');
		this.own(to);
		const [old, goal] = [this.real(from, false), this.real(to, false)];
		this.removed ||= this.programs.has(old);
		await super.mv(old, goal);
		this.links.renamed(old, goal);
		this.options.open.moved(this, old, goal);
		const given = this.given.get(old);
		this.given.delete(old);
		if (given) this.given.set(goal, given);
		else this.given.delete(goal);
		await this.#tell(from, to);
	}

	override async mkdir(...[path, ...args]: Parameters<InMemoryFs['mkdir']>) {
		await this.fresh(path);
		if (await super.exists(path)) return super.mkdir(path, ...args);
		// What is missing above it is made by the same one.
		const above = this.real(path).replace(/\/[^/]*$/, '');
		if (args[0]?.recursive && above !== '' && !(await super.exists(above))) await this.mkdir(above, ...args);
		this.own(path);
		await super.mkdir(this.real(path), ...args);
		if (this.writesAt(this.resolvePath('/', path)) === 'told') await this.#tell(path);
	}

	override async chmod(path: string, mode: number) {
		await this.fresh(path);
		this.guard(path, 'mode');
		await super.chmod(path, mode);
		await this.#spread(path);
		if (this.writesAt(this.resolvePath('/', path)) === 'told') await this.#tell(path);
	}

	override async symlink(target: string, path: string) {
		await this.fresh();
		this.inDirectory(path, false);
		this.guard(path);
		await super.symlink(target, this.real(path, false));
		if (this.writesAt(this.resolvePath('/', path)) === 'told') await this.#tell(path);
	}

	override async link(from: string, path: string) {
		await this.fresh();
		this.inDirectory(path, false);
		this.own(path);
		const [old, goal] = [this.real(from), this.real(path, false)];
		await super.link(old, goal);
		this.links.add(old, goal);
		await this.#tell(path);
	}

	override async utimes(path: string, atime: Date, mtime: Date) {
		if (this.faultAt(path, 'mode') !== undefined) this.guard(path);
		await super.utimes(path, atime, this.dated({ mtime }).mtime);
		await this.#spread(path);
		const clean = this.clean(path);
		if (this.writesAt(clean) === 'told') this.options.dated?.(clean, mtime.getTime());
	}

	override async cp(...[from, to, ...args]: Parameters<InMemoryFs['cp']>) {
		await this.fresh();
		this.inDirectory(to);
		this.own(to);
		await super.cp(this.real(from), this.real(to), ...args);
		await this.#spread(to);
		await this.#tell(to);
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
		write: (path, content) => fs.lay(at(path), content),
		async link(path) {
			const full = at(path).replace(/(.)\/$/, '$1');
			const there = await fs.lstat(full).catch(() => undefined);
			return there?.isSymbolicLink ? fs.readlink(full) : undefined;
		},
		async makeLink(path, target) {
			await fs.rm(at(path), { force: true }).catch(() => undefined);
			await fs.symlink(target, at(path));
		},
		makeDirectory: (path) => fs.mkdir(at(path), { recursive: true }),
		setMode: (path, mode) => fs.chmod(at(path), mode & 0o7777),
		mode: async (path) => ((await fs.exists(at(path))) ? (await fs.stat(at(path))).mode : undefined),
		async list(path) {
			const full = at(path);
			if (!(await fs.exists(full)) || !(await fs.stat(full)).isDirectory) return undefined;
			return fs.readdir(full);
		},
	};
}
