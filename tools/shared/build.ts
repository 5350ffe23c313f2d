import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { DIST, newest, ROOT } from './paths.ts';
import { runNode } from './run.ts';

/** What the site is built from: a change in one of these makes `dist` stale. */
const SOURCES = ['astro.config.mjs', 'package-lock.json', 'content', 'public', 'schemas', 'src'];

/** True when there is no built site at `dist`, or a source is newer than it. */
export function isStale(dist = DIST): boolean {
	const built = statSync(join(dist, 'index.html'), { throwIfNoEntry: false })?.mtimeMs;
	return built === undefined || SOURCES.some((source) => newest(join(ROOT, source)) > built);
}

/** Build the site into `dist`, Astro's own progress shown. Resolves to the exit code. */
export async function buildSite(dist = DIST, limit = 900): Promise<number> {
	const [major = 0] = process.versions.node.split('.').map(Number);
	if (major < 22) {
		// The pinned Node comes first in the PATH of npm scripts only, and only when its install script ran.
		console.error(`This is Node ${process.versions.node}; the build needs the pinned one.`);
		console.error('Run it as `npm run build`, after `npm ci` without `--ignore-scripts`.');
		return 1;
	}
	// Astro runs what it has bundled from inside the folder it writes to, where packages must be found.
	const path = relative(ROOT, dist);
	if (path.startsWith('..') || isAbsolute(path)) return buildElsewhere(dist, limit);
	const astro = join(ROOT, 'node_modules', 'astro', 'bin', 'astro.mjs');
	const { code, timedOut } = await runNode(astro, ['build', '--outDir', dist], {
		env: { ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
		limit,
	});
	if (timedOut) console.error(`The build was stopped after ${limit} s.`);
	return code;
}

async function buildElsewhere(dist: string, limit: number): Promise<number> {
	const cache = join(ROOT, '.cache');
	mkdirSync(cache, { recursive: true });
	const folder = mkdtempSync(join(cache, 'build-'));
	try {
		const code = await buildSite(folder, limit);
		// What else lies in a folder of the reader's choice stays.
		if (code === 0) cpSync(folder, dist, { recursive: true });
		return code;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
