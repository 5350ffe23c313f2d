import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import { nameProblems } from './names.ts';
import { readme } from './readme.ts';

export interface Bundle {
	/** The folder's name, and the zip's without its ending. */
	name: string;
	/** Path in the folder -> content; sorted. */
	files: Map<string, Uint8Array>;
	zip: Uint8Array;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * A folder and a zip of it from a built site: its files, README.txt and SHA256SUMS. The same input gives the same
 * bytes, in any time zone. Throws when a name would not survive FAT32 or Windows.
 */
export function bundle(site: Map<string, Uint8Array>, version: string, date: Date): Bundle {
	const files = new Map(site);
	files.set('README.txt', new TextEncoder().encode(readme(version, date.toISOString().slice(0, 10))));
	const paths = [...files.keys()].sort(byCode);
	const name = `packetwalk-${version}`;
	const problems = nameProblems([...paths, 'SHA256SUMS'].map((path) => `${name}/${path}`));
	if (problems.length > 0) throw new Error(`names that a stick or Windows would refuse:\n${problems.join('\n')}`);
	const sums = paths.map((path) => `${createHash('sha256').update(files.get(path)!).digest('hex')}  ${path}\n`);
	files.set('SHA256SUMS', new TextEncoder().encode(sums.join('')));

	// A zip's times are local and fflate reads them with the local getters: hand it UTC's digits.
	const mtime = new Date(
		date.getUTCFullYear(),
		date.getUTCMonth(),
		date.getUTCDate(),
		date.getUTCHours(),
		date.getUTCMinutes(),
		date.getUTCSeconds(),
	);
	const sorted = new Map([...files].sort(([a], [b]) => byCode(a, b)));
	const entries: Zippable = {};
	for (const [path, content] of sorted) entries[`${name}/${path}`] = [content, { mtime, level: 9 }];
	return { name, files: sorted, zip: zipSync(entries) };
}
