import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVERYWHERE, PAGES, SITE, visiting } from './harness/index.ts';

describe('every page', () => {
	const policies = PAGES.map((page) => {
		const html = readFileSync(join(SITE, page), 'utf8');
		return [page, /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)?.[1]] as const;
	});
	it.each(policies)('%s states the one strict policy', (_page, policy) => {
		expect(policy).toBe(
			"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'",
		);
	});
});

visiting(EVERYWHERE, (visit) => {
	it('opens every page without an error and without a request outside the folder', async () => {
		expect(PAGES.length).toBeGreaterThan(12);
		for (const page of PAGES) {
			await visit.tab.goto(visit.at(page));
			const shown = await visit.tab.run(() => document.querySelector('h1')?.textContent?.trim() ?? '', undefined);
			expect(shown, page).not.toBe('');
			expect(visit.tab.problems(), page).toEqual([]);
		}
	});

	it('leads from page to page by its links', async () => {
		await visit.tab.goto(visit.at('en/index.html'));
		await visit.tab.run(() => {
			const link = [...document.querySelectorAll('main a')].find((a) => (a as HTMLAnchorElement).href.includes('tp2-'));
			(link as HTMLAnchorElement).click();
		}, undefined);
		await visit.tab.until(() => location.pathname.endsWith('/tp2-client-address/index.html'), undefined);
		await visit.tab.click('.bar-home');
		await visit.tab.until(() => location.pathname.endsWith('/en/index.html'), undefined);
	});
});
