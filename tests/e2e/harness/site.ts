import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, listFiles, serve } from '../../../tools/shared/index.ts';

/** The built site under test: `npm test` builds it once and says where. */
export const SITE = resolve(process.env.PACKETWALK_DIST || DIST);
if (!statSync(join(SITE, 'index.html'), { throwIfNoEntry: false }))
	throw new Error(`no built site at ${SITE}: run \`npm run build\` first`);

/**
 * Every page of the course, as paths below the site's root: `en/index.html`. Not the 404 page: hosts show it at any
 * address, so it names its files from the host's root and is not part of the folder one carries along.
 */
export const PAGES: string[] = listFiles(SITE).filter((file) => file.endsWith('.html') && file !== '404.html');

/** How the site is reached. */
export type Scheme = 'http' | 'file';

/** A place the site can be opened from. */
export interface Place {
	/** Address of the site's root, ending in a slash. */
	root: string;
	/** Paths the server was asked for and did not have. */
	misses: string[];
	close(): Promise<void>;
}

/** The site over http below a path with a space, or as a folder on disk whose name has a space and an accent. */
export async function open(scheme: Scheme): Promise<Place> {
	const misses: string[] = [];
	if (scheme === 'http') {
		const site = await serve({
			root: SITE,
			base: '/any/sub path/',
			onMiss: (path, status) => misses.push(`${status} ${path}`),
		});
		return { root: site.url, misses, close: site.close };
	}
	const parent = mkdtempSync(join(tmpdir(), 'packetwalk-e2e-'));
	const folder = join(parent, 'clé USB', 'packetwalk');
	cpSync(SITE, folder, { recursive: true });
	return {
		root: `${pathToFileURL(folder).href}/`,
		misses,
		close: async () => rmSync(parent, { recursive: true, force: true }),
	};
}
