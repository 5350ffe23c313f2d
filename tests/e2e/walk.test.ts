import { expect, it } from 'vitest';
import { EVERYWHERE, visiting } from './harness/index.ts';

const LESSON = 'en/tp2-client-address/index.html';
const WALK = '#first-walk';

const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? '';
const isLive = (selector: string) => document.querySelector<HTMLElement>(selector)?.dataset.live === 'on';
const says = ([selector, words]: readonly [string, string]) =>
	document.querySelector(selector)?.textContent?.includes(words);

visiting(EVERYWHERE, (visit) => {
	it('shows the record of a hop that is chosen', async () => {
		await visit.tab.goto(visit.at(LESSON));
		await visit.tab.click(`${WALK} .pw-stop[data-n="3"]`);
		await visit.tab.until(says, [`${WALK} .pw-rec.is-chosen`, 'MASQUERADE'] as const);
		// And still when the figure has come to life meanwhile.
		await visit.tab.until(isLive, WALK);
		expect(await visit.tab.run(textOf, `${WALK} .pw-rec.is-chosen`)).toContain('4 · MASQUERADE');
	});

	it('runs the packet again when a switch is turned, and the address keeps the state', async () => {
		await visit.tab.goto(visit.at(LESSON));
		await visit.tab.until(says, [`${WALK} .pw-outcome`, 'The pod sees 172.18.0.2'] as const);
		await visit.tab.click(`${WALK} [data-control="entry"] input[value="basic-worker3"]`);
		await visit.tab.until(says, [`${WALK} .pw-outcome`, 'The pod sees 172.18.0.5'] as const);
		await visit.tab.until(() => location.hash.includes('first-walk=1.'), undefined);
		const link = visit.tab.url();
		await visit.tab.goto('about:blank');
		await visit.tab.goto(link);
		await visit.tab.until(says, [`${WALK} .pw-outcome`, 'The pod sees 172.18.0.5'] as const);
	});

	it('meets a hostile link with a message and its own settings', async () => {
		for (const bad of ['1.AAAA', '9.W10', `1.${'A'.repeat(9000)}`, '1.WzEsImtpbmQtYmFzaWMiXQ', '<img src=x>']) {
			await visit.tab.goto('about:blank');
			await visit.tab.goto(`${visit.at(LESSON)}#&first-walk=${encodeURIComponent(bad)}`);
			await visit.tab.until(says, [`${WALK} .pw-notice`, 'This link could not be read'] as const);
			expect(await visit.tab.run(textOf, `${WALK} .pw-outcome`)).toContain('The pod sees 172.18.0.2');
		}
	});

	it('is walked by keyboard', async () => {
		await visit.tab.goto(visit.at(LESSON));
		await visit.tab.run(
			(selector) => document.querySelector<HTMLElement>(selector)?.focus(),
			`${WALK} .pw-stop[data-n="1"]`,
		);
		await visit.tab.until(isLive, WALK);
		await visit.tab.run(
			(selector) => document.querySelector<HTMLElement>(selector)?.focus(),
			`${WALK} .pw-stop[data-n="1"]`,
		);
		await visit.tab.press('ArrowDown');
		await visit.tab.until(
			(selector) => document.querySelector(`${selector}.is-chosen`)?.id === 'first-walk-q3',
			`${WALK} .pw-rec`,
		);
		await visit.tab.until(() => document.activeElement?.getAttribute('data-n') === '2', undefined);
		await visit.tab.press('t');
		await visit.tab.until(
			(selector) => document.querySelector<HTMLElement>(selector)?.dataset.view === 'text',
			`${WALK} .pw-body`,
		);
		// And back: the focus has gone to the same hop in the text.
		await visit.tab.until(() => document.activeElement?.classList.contains('pw-rec'), undefined);
		await visit.tab.press('t');
		await visit.tab.until(() => document.activeElement?.getAttribute('data-n') === '2', undefined);
	});

	it('lays two settings side by side', async () => {
		await visit.tab.goto(visit.at(LESSON));
		const figure = '#policies';
		expect(await visit.tab.run(textOf, figure)).toContain('A · Cluster');
		expect(await visit.tab.run(textOf, `${figure} .cmp-sum`)).toMatch(/\d+ hops differ/);
		await visit.tab.click(`${figure} [data-control="entry"] input[value="basic-worker2"]`);
		await visit.tab.until(says, [`${figure} .cmp-left`, 'the node you knocked at'] as const);
	});

	it('opens tables, map and bytes', async () => {
		await visit.tab.goto(visit.at(LESSON));
		await visit.tab.run((selector) => document.querySelector(selector)?.scrollIntoView(), WALK);
		await visit.tab.until(isLive, WALK);
		await visit.tab.run((selector) => {
			for (const summary of document.querySelectorAll<HTMLElement>(selector)) summary.click();
		}, `${WALK} .pw-fold > summary`);
		await visit.tab.until(says, [`${WALK} .tb`, '-A KUBE-NODEPORTS'] as const);
		await visit.tab.until((selector) => document.querySelector(selector), `${WALK} .tp svg`);
		await visit.tab.click(`${WALK} .pw-rec.is-chosen .pw-more button`);
		await visit.tab.until(says, [`${WALK} .by-fields`, 'ip.ttl'] as const);
	});

	it('answers an exercise, wrong with the hop that refutes it, then right, and keeps it', async () => {
		await visit.tab.goto(visit.at(LESSON));
		const ex = '#who-knocked';
		await visit.tab.click(`${ex} input`);
		await visit.tab.until(isLive, ex);
		await visit.tab.click(`${ex} input`);
		await visit.tab.type('172.18.0.1');
		await visit.tab.press('Enter');
		await visit.tab.until(says, [`${ex} .ex-wrong`, 'the address you sent from'] as const);
		await visit.tab.until(says, [`${ex} .pw-rec.is-chosen`, 'MASQUERADE'] as const);
		await visit.tab.click(`${ex} input`);
		await visit.tab.run((selector) => document.querySelector<HTMLInputElement>(selector)?.select(), `${ex} input`);
		await visit.tab.type('172.18.0.5');
		await visit.tab.press('Enter');
		await visit.tab.until(says, [`${ex} .ex-right`, 'Right.'] as const);
		await visit.tab.until(
			(selector) => document.querySelector<HTMLElement>(selector)?.hidden === false,
			`${ex} .ex-done`,
		);
	});
});
