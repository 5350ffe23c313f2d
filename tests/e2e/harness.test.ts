import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserName } from '../../tools/browsers/find.ts';
import { type Browser, launch } from './harness/index.ts';

/** A button that what is above it pushes about for half a second, as a figure does while its tables arrive. */
const MOVING = `data:text/html,${encodeURIComponent(`<!doctype html><div id=above></div><button id=b>b</button>
<script>
	b.onclick = () => { document.title = 'clicked'; };
	const start = performance.now();
	const grow = () => {
		const t = performance.now() - start;
		above.style.height = t < 500 ? (t * 7) % 600 + 'px' : '300px';
		if (t < 500) requestAnimationFrame(grow);
	};
	grow();
</script>`)}`;

describe.each<BrowserName>(['chromium', 'firefox'])('%s', (name) => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch(name);
	});
	afterAll(() => browser?.close());

	it('clicks what it was told to, also when the page is still moving', async () => {
		const tab = await browser.tab('data:');
		for (let again = 0; again < 3; again++) {
			await tab.goto('about:blank');
			await tab.goto(MOVING);
			await tab.click('#b');
			expect(await tab.run(() => document.title, undefined)).toBe('clicked');
		}
		await tab.close();
	});
});
