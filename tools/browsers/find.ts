import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../shared/index.ts';

export type BrowserName = 'chromium' | 'firefox';

export interface FoundBrowser {
	path: string;
	version: string;
}

/** Where browsers that `npm run browsers` downloads itself are kept. */
export const DOWNLOADS = join(ROOT, '.cache', 'browsers');

const COMMANDS: Record<BrowserName, string[]> = {
	chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
	firefox: ['firefox-esr', 'firefox'],
};

/** Where installers put them on macOS and Windows, outside the PATH. */
const PLACES: Record<BrowserName, string[]> = {
	chromium: [
		'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
		'/Applications/Chromium.app/Contents/MacOS/Chromium',
		...programFiles('Google/Chrome/Application/chrome.exe'),
		...programFiles('Microsoft/Edge/Application/msedge.exe'),
	],
	firefox: ['/Applications/Firefox.app/Contents/MacOS/firefox', ...programFiles('Mozilla Firefox/firefox.exe')],
};

function programFiles(path: string): string[] {
	const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
	return roots.filter((root) => root !== undefined).map((root) => join(root, path));
}

function inPath(command: string): string[] {
	return (process.env.PATH ?? '')
		.split(delimiter)
		.filter((folder) => folder !== '')
		.map((folder) => join(folder, command));
}

/** Executables called `firefox` below the folder of our own downloads. */
function downloaded(name: BrowserName): string[] {
	if (name === 'chromium') return [chromium.executablePath()];
	const found: string[] = [];
	const walk = (folder: string, depth: number): void => {
		if (depth > 6 || !existsSync(folder)) return;
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) walk(path, depth + 1);
			else if (/^firefox(\.exe)?$/.test(entry.name)) found.push(path);
		}
	};
	walk(join(DOWNLOADS, 'firefox'), 0);
	return found;
}

/** What `--version` says; undefined when the program does not run (a snap's stub, a missing library). */
function versionOf(path: string): string | undefined {
	// Windows builds print nothing on --version: their being there has to do.
	if (process.platform === 'win32') return 'installed';
	const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000 });
	return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/**
 * The browser the tests drive: `PACKETWALK_CHROMIUM` or `PACKETWALK_FIREFOX` when set, else the system's, else one
 * that was downloaded. Undefined when none of them starts.
 */
export function findBrowser(name: BrowserName): FoundBrowser | undefined {
	const named = process.env[`PACKETWALK_${name.toUpperCase()}`];
	const candidates = named ? [named] : [...COMMANDS[name].flatMap(inPath), ...PLACES[name], ...downloaded(name)];
	for (const path of candidates) {
		if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
		const version = versionOf(path);
		if (version !== undefined) return { path, version };
	}
	return undefined;
}
