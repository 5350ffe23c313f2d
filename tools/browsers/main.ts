/**
 * `npm run browsers`: make sure the tests find a Chromium and a Firefox. In this order: what the system has, a
 * download, Debian's packages when root; else it prints what to do and exits 1.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, runNode } from '../shared/index.ts';
import { type BrowserName, DOWNLOADS, findBrowser } from './find.ts';

const DEBIAN: Record<BrowserName, string> = { chromium: 'chromium', firefox: 'firefox-esr' };
const modules = join(ROOT, 'node_modules');

/** Playwright's Chromium; for Firefox Mozilla's own build, since the tests speak WebDriver BiDi to an unpatched one. */
async function download(name: BrowserName): Promise<void> {
	console.log(`${name}: none on this system, downloading one`);
	if (name === 'chromium') {
		await runNode(join(modules, 'playwright-core', 'cli.js'), ['install', 'chromium'], { limit: 600 });
		return;
	}
	const cli = join(modules, '@puppeteer', 'browsers', 'lib', 'cjs', 'main-cli.js');
	await runNode(cli, ['install', 'firefox@esr', '--path', DOWNLOADS], { limit: 600 });
}

let updated = false;
async function debianPackage(name: BrowserName): Promise<void> {
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	console.log(`${name}: installing Debian's package ${DEBIAN[name]}`);
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	if (!updated) await run('apt-get', ['update', '-q'], { env, limit: 300 });
	updated = true;
	await run('apt-get', ['install', '-qy', '--no-install-recommends', DEBIAN[name]], { env, limit: 900 });
}

function whatToDo(name: BrowserName): string {
	const variable = `PACKETWALK_${name.toUpperCase()}`;
	const hint = {
		linux: `sudo apt-get install ${DEBIAN[name]}   (or your distribution's package)`,
		darwin: `brew install --cask ${name === 'firefox' ? 'firefox' : 'google-chrome'}`,
		win32: `winget install ${name === 'firefox' ? 'Mozilla.Firefox' : 'Google.Chrome'}`,
	}[process.platform as string];
	return `${name}: none found and none could be downloaded.\n  Run: ${hint ?? `install ${name}`}\n  Or set ${variable} to the path of one, then run \`npm run browsers\` again.`;
}

let missing = 0;
for (const name of ['chromium', 'firefox'] as const) {
	for (const attempt of [undefined, download, debianPackage]) {
		await attempt?.(name);
		if (findBrowser(name)) break;
	}
	const found = findBrowser(name);
	if (found) console.log(`${name}: ${found.version}, ${found.path}`);
	else {
		missing++;
		console.error(whatToDo(name));
	}
}
process.exit(missing === 0 ? 0 : 1);
