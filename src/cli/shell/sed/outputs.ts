/** Where sed writes: standard output or the file that it edits, and the files of `w`. */
import type { Desk } from '../coreutils/desk.ts';
import { MAX_KEPT } from '../limits.ts';
import { latin1 } from '../routes.ts';
import { Panic, UsedUp } from './faults.ts';
import { octetsFor } from './text.ts';

interface Stream {
	/** Whether the line written last had no end: it gets one when another one follows. */
	open: boolean;
	/** Octets that are to be written. */
	held: string[];
	readonly path: string;
}

/** A file that is edited in place. */
export interface Edited {
	readonly path: string;
	readonly full: string;
	/** Those at the end of the name of the file that is to take its place. */
	readonly letters: string;
	readonly temporary: string;
	readonly backup: string | undefined;
	readonly before: string;
	readonly mode: number;
	readonly link: boolean;
	readonly stream: Stream;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `.bak` goes behind the name, `old_*` around it, `dir/*` elsewhere (get_backup_file_name of sed/execute.c @ v4.8). */
function backupOf(path: string, suffix: string): string {
	const at = path.lastIndexOf('/') + 1;
	const base = path.slice(at);
	const name = suffix.includes('*') ? suffix.replaceAll('*', base) : base + suffix;
	return name.includes('/') ? name : path.slice(0, at) + name;
}

export class Outputs {
	readonly #desk: Desk;
	readonly #end: string;
	readonly #files = new Map<string, Stream>();
	readonly #out: Stream = { open: false, held: [], path: '/dev/stdout' };
	#main = this.#out;
	#kept = 0;

	constructor(desk: Desk, end: string) {
		this.#desk = desk;
		this.#end = end;
	}

	/** Makes a file of `w` empty. @throws Panic */
	async open(path: string): Promise<void> {
		if (this.#files.has(path)) return;
		const stream = path === '/dev/stdout' ? this.#out : { open: false, held: [], path };
		this.#files.set(path, stream);
		if (/^\/dev\/(?:stdout|stderr|null)$/.test(path)) return;
		const wrong = await this.#desk.trySave(path, '');
		if (wrong !== undefined) throw new Panic(`couldn't open file ${path}: ${wrong}`);
	}

	/** Characters of a line. @param file of `w`; else where all goes @param ended whether its end is to be written */
	line(file: string | undefined, text: string, ended: boolean): void {
		const stream = file === undefined ? this.#main : this.#files.get(file)!;
		this.#write(stream, `${this.#close(stream)}${octetsFor(text)}${ended ? this.#end : ''}`);
		stream.open = !ended;
	}

	/** Octets as they are, behind a line that has its end. */
	octets(text: string): void {
		this.#write(this.#main, this.#close(this.#main) + text);
	}

	#close(stream: Stream): string {
		const { open } = stream;
		stream.open = false;
		return open ? this.#end : '';
	}

	#write(stream: Stream, octets: string): void {
		if (octets === '') return;
		if (stream === this.#out) this.#desk.write(octets);
		else if (stream.path === '/dev/stderr') this.#desk.say(octets);
		else if (stream.path !== '/dev/null') {
			this.#kept += octets.length;
			if (this.#kept > MAX_KEPT) throw new UsedUp('the output is too large');
			stream.held.push(octets);
		}
	}

	/** Brings what was written into files there. */
	async flush(): Promise<void> {
		for (const stream of this.#files.values()) {
			if (stream.held.length === 0) continue;
			const wrong = await this.#desk.trySave(stream.path, stream.held.join(''), true);
			if (wrong !== undefined)
				throw new Panic(`couldn't write ${stream.held.length} items to ${stream.path}: ${wrong}`);
			stream.held = [];
		}
	}

	/** From here on all goes into what will be this file. @throws Panic */
	async edit(path: string, suffix: string, followLinks: boolean): Promise<Edited> {
		const desk = this.#desk;
		const { files } = desk.shell;
		const link = !followLinks && (await files.lstat(desk.resolve(path))).isSymbolicLink;
		const full = link ? desk.resolve(path) : await files.realpath(desk.resolve(path));
		const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
		let letters = '';
		for (let i = 0; i < 6; i++) letters += LETTERS[Math.floor(desk.shell.draw() * LETTERS.length)];
		const temporary = `${folder}/sed${letters}`;
		const wrong = await files.refusal(desk.resolve(temporary));
		if (wrong !== undefined)
			throw new Panic(
				`couldn't open temporary file ${temporary}: ${wrong}`,
				`can't create temp file '${path}${letters}': ${wrong}`,
			);
		const { mode } = await files.stat(full);
		const before = latin1(await files.readFileBuffer(full));
		const stream: Stream = { open: false, held: [], path };
		this.#main = stream;
		const backup = suffix === '' ? undefined : backupOf(path, suffix);
		return { path, full, letters, temporary, backup, before, mode, link, stream };
	}

	/** The file is over: what was written takes its place. @throws Panic */
	async edited({ path, full, letters, temporary, backup, before, mode, link, stream }: Edited): Promise<void> {
		this.#main = this.#out;
		const desk = this.#desk;
		const { files } = desk.shell;
		if (backup !== undefined) {
			const wrong = await desk.trySave(backup, before);
			if (wrong !== undefined) throw new Panic(`cannot rename ${path}: ${wrong}`);
			if (mode !== (await files.stat(desk.resolve(backup))).mode) await files.chmod(desk.resolve(backup), mode);
		}
		const busy = await files.refusal(full, 'remove');
		if (busy !== undefined)
			throw new Panic(`cannot rename ${temporary}: ${busy}`, `can't move '${path}${letters}' to '${path}': ${busy}`);
		// rename(2) asks nothing of the file whose place is taken.
		if (link || (mode & 0o200) === 0) await files.rm(full);
		const wrong = await desk.trySave(full, stream.held.join(''));
		if (wrong !== undefined) throw new Panic(`cannot rename ${temporary}: ${wrong}`);
		if (mode !== (await files.stat(full)).mode) await files.chmod(full, mode);
	}
}
