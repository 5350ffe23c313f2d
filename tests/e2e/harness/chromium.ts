import { chromium, type Page, type Browser as Playwright } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { findBrowser } from '../../../tools/browsers/find.ts';
import { open, type Place } from './site.ts';

/** A Chromium page over http for a whole file: for what is measured or judged once, not per browser. */
export function chromiumPage(): { readonly page: Page; at(path: string): string } {
	let browser: Playwright;
	let place: Place;
	let page: Page;
	beforeAll(async () => {
		const found = findBrowser('chromium');
		if (!found) throw new Error('no chromium found: run `npm run browsers`');
		place = await open('http');
		const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
		browser = await chromium.launch({ executablePath: found.path, args });
		const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
		page = await context.newPage();
	});
	afterAll(async () => {
		await browser?.close();
		await place?.close();
	});
	return {
		get page() {
			return page;
		},
		at: (path) => place.root + path,
	};
}
