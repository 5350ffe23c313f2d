import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds in the page as it stands, or in one part of it: a line per rule and place. */
export async function findings(page: Page, within = 'html'): Promise<string[]> {
	// The page's policy allows no script from elsewhere: the driver evaluates axe itself.
	await page.evaluate(AXE);
	const found = await page.evaluate(
		async ({ rules, within }) => {
			const { axe } = window as unknown as { axe: { run(context: unknown, options: object): Promise<AxeResults> } };
			return axe.run(within === 'html' ? document : { include: [[within]] }, {
				runOnly: { type: 'tag', values: rules },
				resultTypes: ['violations'],
			});
		},
		{ rules: RULES, within },
	);
	return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}
