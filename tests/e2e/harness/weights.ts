/** What a page fetches, and when: for the reader, for the first live change, for the first exercise. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { SITE } from './site.ts';

export interface Load {
	/** Paths below the site's root, in the order they were fetched. */
	readonly files: readonly string[];
	/** Octets after gzip, as a web host sends them. */
	readonly octets: number;
}

export interface Weights {
	readonly reading: Load;
	/** What comes on top when a switch is turned. */
	readonly live: Load;
	/** What comes on top of both when an exercise is begun. */
	readonly exercise: Load;
}

/** Octets of a file of the site after gzip. */
export const gzipped = (file: string): number => gzipSync(readFileSync(join(SITE, file)), { level: 9 }).length;

/** Exercises over packets, and over the lab. */
const EXERCISES = '[data-exercise], [data-lab-exercise]';

/** Runs in the page: nothing is fetched ahead, so that each load has its cause. */
function saveData(): void {
	Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
}

/** Opens the lesson at `path` below `root`, turns the first switch of its first figure, begins its first exercise. */
export async function weigh(browser: Browser, root: string, path: string): Promise<Weights> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
	const page = await context.newPage();
	let files: string[] = [];
	let pending = 0;
	page.on('request', () => pending++);
	page.on('requestfinished', () => pending--);
	page.on('requestfailed', () => pending--);
	page.on('response', (response) => {
		const file = decodeURI(new URL(response.url()).pathname).slice(decodeURI(new URL(root).pathname).length);
		// The tab's icon comes whenever the browser likes.
		if (file !== 'icon.svg' && !files.includes(file)) files.push(file);
	});
	const seen = new Set<string>();
	const load = async (): Promise<Load> => {
		do await new Promise((resolve) => setTimeout(resolve, 150));
		while (pending > 0);
		const mine = files.filter((file) => !seen.has(file));
		for (const file of mine) seen.add(file);
		files = [];
		return { files: mine, octets: mine.reduce((sum, file) => sum + gzipped(file), 0) };
	};
	await page.addInitScript(saveData);
	await page.goto(root + path, { waitUntil: 'load' });
	const reading = await load();
	await page.locator('[data-walk] [data-control] input:not(:checked):not(:disabled)').first().check({ force: true });
	await page.waitForSelector('[data-walk][data-live="on"]');
	const live = await load();
	await page.locator(`:is(${EXERCISES}) .ex-check`).first().dispatchEvent('pointerdown');
	await page.waitForSelector(`:is(${EXERCISES})[data-live="on"]`);
	const exercise = await load();
	await context.close();
	return { reading, live, exercise };
}
