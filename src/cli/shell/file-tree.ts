/** Entries of a place's files: links lead where they should, dates are the lab's, and a file may have several names. */
import { HardLinks } from './hard-links.ts';
import { InMemoryFs } from './just-bash.ts';
import { LabDate } from './lab-date.ts';
import { MAX_FILES } from './limits.ts';

/** An entry as just-bash keeps it. */
export interface Entry {
	mtime: Date;
	mode?: number;
	type?: string;
	target?: string;
}

/** What of just-bash's files is its own, and needed here. */
interface Inner {
	readonly data: Map<string, Entry>;
	setEntry(path: string, entry: Entry): void;
	deleteEntry(path: string): void;
}

/** Where a path leads, its links followed; the last one only when asked. @throws Error with ELOOP */
export function followed(data: ReadonlyMap<string, Entry>, path: string, last: boolean): string {
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

export class FileTree extends InMemoryFs {
	readonly #now: () => number;
	/** Files with several names. */
	protected readonly links = new HardLinks();

	/** @param now milliseconds since 1970 in the lab */
	constructor(now: () => number) {
		super({}, { maxTotalBytes: MAX_FILES });
		this.#now = now;
		const { entries: data } = this;
		const set = data.set.bind(data);
		data.set = (path, entry) => set(path, this.dated(entry));
		set('/', this.dated(data.get('/')!));
		// just-bash's own follow no link that leads through another.
		Object.assign(this, {
			resolvePathWithSymlinks: (path: string) => followed(data, path, true),
			resolveIntermediateSymlinks: (path: string) => followed(data, path, false),
		});
	}

	protected get inner(): Inner {
		return this as unknown as Inner;
	}

	/** Entries by path. */
	protected get entries(): Map<string, Entry> {
		return this.inner.data;
	}

	/** An entry of just now by the host's clock is one of just now by the lab's. */
	protected dated(entry: Entry): Entry {
		const now = this.#now;
		if (entry.mtime instanceof LabDate) return entry;
		const at = entry.mtime.getTime();
		entry.mtime = new LabDate(Math.abs(at - Date.now()) < 5000 ? now() : at, now);
		return entry;
	}

	/** Where a path leads, its links followed; the last one only when asked. */
	protected real(path: string, last = true): string {
		const { entries: data } = this;
		return followed(data, this.resolvePath('/', path), last);
	}

	/** How many names a file has. */
	linkCount(path: string): number {
		return this.links.count(this.real(path, false));
	}

	/** A path that stands for a file whichever of its names is given. */
	sameFile(path: string): string {
		return this.links.first(this.real(path, false));
	}
}
