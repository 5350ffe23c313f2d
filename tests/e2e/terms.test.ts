import { expect, it } from 'vitest';
import { EVERYWHERE, visiting } from './harness/index.ts';

const LESSON = 'tp2-client-address/index.html';

visiting(EVERYWHERE, (visit) => {
	/** Moves the focus to the first term by keyboard, as far as a script can: focus that shows. */
	const focusTerm = async (): Promise<void> => {
		await visit.tab.run(() => {
			const term = document.querySelector<HTMLElement>('a.term')!;
			term.scrollIntoView({ block: 'center' });
			const before = document.createElement('button');
			before.id = 'before-term';
			term.before(before);
			before.focus();
		}, undefined);
		await visit.tab.press('Tab');
		await visit.tab.run(() => document.getElementById('before-term')!.remove(), undefined);
	};
	const open = () => document.querySelector('.term-help')?.matches(':popover-open') ?? false;
	const closed = () => document.querySelector('.term-help')?.matches(':popover-open') === false;

	it('a term says what it means while it has the focus, until Escape', async () => {
		await visit.tab.goto(visit.at(`ko/${LESSON}`));
		await visit.tab.until(() => document.documentElement.dataset.scripts === 'on', undefined);
		await focusTerm();
		await visit.tab.until(open, undefined);
		const said = await visit.tab.run(() => {
			const help = document.querySelector('.term-help')!;
			const box = help.getBoundingClientRect();
			const term = document.activeElement!;
			return {
				text: help.textContent,
				term: term.textContent,
				describes: term.getAttribute('aria-describedby') === help.id && help.getAttribute('role') === 'tooltip',
				inside:
					box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight && box.height > 20,
			};
		}, undefined);
		expect(said).toMatchObject({ term: '브리지', describes: true, inside: true });
		expect(said.text).toMatch(/^브리지 .{20,}$/);
		await visit.tab.press('Escape');
		await visit.tab.until(closed, undefined);
		expect(
			await visit.tab.run(() => document.querySelectorAll('[aria-describedby="term-help"]').length, undefined),
		).toBe(0);
	});

	it('a term leads to its place in the glossary', async () => {
		await visit.tab.goto(visit.at(`en/${LESSON}`));
		await focusTerm();
		await visit.tab.press('Enter');
		await visit.tab.until(() => location.pathname.endsWith('/en/glossary/index.html'), undefined);
		await visit.tab.until(() => document.querySelector('.terms > :target dt')?.textContent === 'bridge', undefined);
	});
});
