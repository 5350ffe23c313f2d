import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A script of the built site: the scripts it needs at once, and those it may load later. */
interface Chunk {
	needs: string[];
	later: string[];
	code: string;
}

/** What a page of a built site loads, and when. Sizes are bytes, each file gzipped by itself as a host would. */
export class Weights {
	readonly #root: string;
	readonly #chunks = new Map<string, Chunk>();

	/** `root`: folder of a built site. */
	constructor(root: string) {
		this.#root = root;
		for (const file of readdirSync(join(root, 'assets'))) {
			const code = readFileSync(join(root, 'assets', file), 'utf8');
			const head = /^packetwalk\.define\("([^"]+)",(\[[^\]]*\])/.exec(code);
			if (!head) continue;
			const later = [...code.matchAll(/__load\(["'`]([^"'`]+)["'`]\)/g)].map((match) => match[1]!);
			this.#chunks.set(head[1]!, { needs: JSON.parse(head[2]!), later, code });
		}
	}

	/** Gzipped size of files below the root. */
	size(files: Iterable<string>): number {
		let sum = 0;
		for (const file of files) sum += gzipSync(readFileSync(join(this.#root, file)), { level: 9 }).length;
		return sum;
	}

	code(files: Iterable<string>): string {
		return [...files].map((file) => readFileSync(join(this.#root, file), 'utf8')).join('\n');
	}

	/** A page, its styles and the scripts it names. */
	reading(page: string): Set<string> {
		const html = readFileSync(join(this.#root, page), 'utf8');
		const files = new Set([page]);
		for (const [, url] of html.matchAll(/<(?:script|link rel="stylesheet")[^>]* (?:src|href)="([^"]+)"/g))
			files.add(join(page, '..', url!));
		return files;
	}

	/**
	 * What a chunk brings on top of what is there: itself, what it needs, and the chunk of one language among those
	 * it loads by language. `stem`: the chunk's name without its hash.
	 */
	added(stem: string, language: string, there: ReadonlySet<string>): Set<string> {
		const start = [...this.#chunks.keys()].find((id) => id.startsWith(`assets/${stem}.`));
		if (start === undefined) throw new Error(`no chunk called ${stem}`);
		const found = new Set<string>();
		const visit = (id: string): void => {
			if (found.has(id)) return;
			found.add(id);
			const { needs, later } = this.#chunks.get(id)!;
			for (const other of needs) visit(other);
			for (const other of later) if (other.startsWith(`assets/${language}.`)) visit(other);
		};
		visit(start);
		return new Set([...found].filter((id) => !there.has(id)));
	}
}
