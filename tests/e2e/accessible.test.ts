import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { describe, expect, it } from 'vitest';
import { chromiumPage } from './harness/chromium.ts';
import { PAGES } from './harness/index.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const visit = chromiumPage();

/** What axe finds on the page as it stands: one line per rule and place. */
async function violations(): Promise<string[]> {
	// The page's policy allows no script from elsewhere: the driver evaluates axe itself.
	await visit.page.evaluate(AXE);
	const found = await visit.page.evaluate(async (tags) => {
		const { axe } = window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } };
		return axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
	}, RULES);
	return found.violations.flatMap(({ id, nodes }) =>
		nodes.map(
			(node) => `${id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.all[0]?.message ?? node.html}`,
		),
	);
}

it('finds what is wrong on a page that is wrong on purpose', async () => {
	await visit.page.goto(visit.at('en/index.html'));
	await visit.page.evaluate(() => {
		document.documentElement.removeAttribute('lang');
		const field = document.createElement('input');
		const image = document.createElement('img');
		image.src = '../icon.svg';
		const pale = document.createElement('p');
		pale.textContent = 'pale';
		pale.style.color = '#ddd';
		document.querySelector('main')!.append(field, image, pale);
	});
	const rules = (await violations()).map((line) => line.split(':')[0]);
	expect(rules).toEqual(expect.arrayContaining(['color-contrast', 'html-has-lang', 'image-alt', 'label']));
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
	it.each(PAGES)('axe finds nothing on %s', async (path) => {
		await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await visit.page.goto(visit.at(path));
		expect(await violations()).toEqual([]);
	});

	it('axe finds nothing in the open search', async () => {
		await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await visit.page.goto(visit.at('en/tp2-client-address/index.html'));
		await visit.page.keyboard.press('/');
		await visit.page.fill('.search-field', 'masquerade');
		await visit.page.waitForSelector('dialog.search [role="option"]');
		expect(await violations()).toEqual([]);
	});
});
