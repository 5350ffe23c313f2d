import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the footer says about a build. */
export interface BuildInfo {
	readonly version: string;
	/** ISO day, UTC. */
	readonly date: string;
}

/** Version from package.json; the day of `SOURCE_DATE_EPOCH`, else of the last commit, else today. */
export function buildInfo(root = new URL('../../', import.meta.url)): BuildInfo {
	const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
	const seconds = process.env.SOURCE_DATE_EPOCH || lastCommit(root) || String(Date.now() / 1000);
	return { version, date: new Date(Number(seconds) * 1000).toISOString().slice(0, 10) };
}

function lastCommit(root: URL): string {
	try {
		return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
			.toString()
			.trim();
	} catch {
		return '';
	}
}
