import { expect, it } from 'vitest';
import { EVERYWHERE, visiting } from './harness/index.ts';

const LESSON = 'tp2-client-address/index.html';

visiting(EVERYWHERE, (visit) => {
	it('keeps the section when the language is switched', async () => {
		await visit.tab.goto(`${visit.at(`en/${LESSON}`)}#put-back`);
		await visit.tab.click('[data-menu] summary');
		await visit.tab.click('a[data-language="ko"]');
		await visit.tab.until(() => document.documentElement.lang === 'ko', undefined);
		expect(decodeURI(visit.tab.url())).toMatch(/ko\/tp2-client-address\/index\.html#put-back/);
		await visit.tab.until(() => {
			const top = document.getElementById('put-back')?.getBoundingClientRect().top ?? 9999;
			return top > -5 && top < innerHeight;
		}, undefined);
	});

	it('goes to the section of a link that holds the state of a figure too', async () => {
		await visit.tab.goto(`${visit.at(`en/${LESSON}`)}#traffic-policy&policies=none`);
		await visit.tab.until(() => {
			const top = document.getElementById('traffic-policy')?.getBoundingClientRect().top ?? 9999;
			return top > -5 && top < innerHeight;
		}, undefined);
	});

	it('keeps the theme on the next page', async () => {
		await visit.tab.goto(visit.at(`fr/${LESSON}`));
		await visit.tab.run(() => {
			const select = document.querySelector<HTMLSelectElement>('[data-theme-choice] select')!;
			select.value = 'dark';
			select.dispatchEvent(new Event('change', { bubbles: true }));
		}, undefined);
		const dark = () => document.documentElement.dataset.theme === 'dark';
		await visit.tab.until(dark, undefined);
		await visit.tab.click('.bar-home');
		await visit.tab.until(() => location.pathname.endsWith('/fr/index.html'), undefined);
		await visit.tab.until(dark, undefined);
		// The theme is there before the style sheets are.
		await visit.tab.until(() => document.readyState === 'complete', undefined);
		const paper = await visit.tab.run(() => getComputedStyle(document.body).backgroundColor, undefined);
		const light = await visit.tab.run(() => {
			document.documentElement.dataset.theme = 'light';
			return getComputedStyle(document.body).backgroundColor;
		}, undefined);
		expect(paper).not.toBe(light);
	});
});
