import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { BrowserName } from '../../../tools/browsers/find.ts';
import { type Browser, launch, type Tab } from './browser.ts';
import { open, type Place, type Scheme } from './site.ts';

export type { Browser, Tab } from './browser.ts';
export { launch } from './browser.ts';
export { open, PAGES, type Place, type Scheme, SITE } from './site.ts';

export interface Visit {
	readonly browser: BrowserName;
	readonly scheme: Scheme;
	/** A fresh tab for each test, in a profile of its own. */
	readonly tab: Tab;
	/** Address of a page below the site's root. */
	at(path: string): string;
	readonly root: string;
}

/** Both browsers, over http and from disk. */
export const EVERYWHERE: readonly (readonly [BrowserName, Scheme])[] = [
	['chromium', 'http'],
	['chromium', 'file'],
	['firefox', 'http'],
	['firefox', 'file'],
];

/**
 * Tests that run in each of the given browsers and schemes. After each one, the tab must have met no console error,
 * exception, policy violation, miss, or request that leaves the site.
 */
export function visiting(where: readonly (readonly [BrowserName, Scheme])[], tests: (visit: Visit) => void): void {
	for (const [name, scheme] of where) {
		describe(`${name}, ${scheme}`, () => {
			let browser: Browser;
			let place: Place;
			let tab: Tab;
			beforeAll(async () => {
				place = await open(scheme);
				browser = await launch(name);
			});
			afterAll(async () => {
				await browser?.close();
				await place?.close();
			});
			beforeEach(async () => {
				tab = await browser.tab(place.root);
			});
			afterEach(async () => {
				const problems = [...tab.problems(), ...place.misses.splice(0)];
				await tab.close();
				expect(problems).toEqual([]);
			});
			tests({
				browser: name,
				scheme,
				get tab() {
					return tab;
				},
				get root() {
					return place.root;
				},
				at: (path) => place.root + path,
			});
		});
	}
}
