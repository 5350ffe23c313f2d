import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a trailing separator removed. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Where `npm run build` writes the site, unless told otherwise. */
export const DIST = join(ROOT, 'dist');

/** Every file under `root`, as sorted paths relative to it with `/` between the parts. */
export function listFiles(root: string): string[] {
	const files: string[] = [];
	const walk = (folder: string): void => {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) walk(path);
			else files.push(relative(root, path).split(sep).join('/'));
		}
	};
	walk(root);
	return files.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The newest modification time (ms since the epoch) of the files under `path`; 0 when there is nothing. */
export function newest(path: string): number {
	const stat = statSync(path, { throwIfNoEntry: false });
	if (!stat) return 0;
	if (!stat.isDirectory()) return stat.mtimeMs;
	return listFiles(path).reduce((latest, file) => Math.max(latest, statSync(join(path, file)).mtimeMs), 0);
}
