/** Exercises over the lab in a page: nothing of the lab before one is begun, then asked, done and kept. */
import { expect, it } from 'vitest';
import { EVERYWHERE, visiting } from './harness/index.ts';

const PAGE = 'tp1-kind/index.html';
const LANGUAGE = { 'chromium http': 'en', 'chromium file': 'fr', 'firefox http': 'zh', 'firefox file': 'ko' } as const;

const isLive = (selector: string) => document.querySelector<HTMLElement>(selector)?.dataset.live === 'on';

visiting(EVERYWHERE, (visit) => {
	const language = LANGUAGE[`${visit.browser} ${visit.scheme}`];
	const begin = async (id: string): Promise<void> => {
		await visit.tab.goto(visit.at(`${language}/${PAGE}`));
		expect(
			await visit.tab.run(() => document.querySelectorAll('[data-lab-exercise][data-live]').length, undefined),
		).toBe(0);
		await visit.tab.run((name) => {
			const used = document.querySelector<HTMLElement>(`#${name} .ex-check`)!;
			used.scrollIntoView();
			used.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
		}, id);
		await visit.tab.until(isLive, `#${id}`);
	};
	const press = (selector: string) => visit.tab.run((s) => document.querySelector<HTMLElement>(s)!.click(), selector);
	const write = (selector: string, text: string) =>
		visit.tab.run(
			([s, value]) => {
				const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(s)!;
				field.focus();
				field.value = value;
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			},
			[selector, text] as const,
		);
	const shows = (selector: string) => visit.tab.until((s) => document.querySelector(s), selector);

	it('a question is read out of a lab, and answered wrong and right', async () => {
		await begin('container-count');
		await write('#container-count input', '4');
		await press('#container-count .ex-check');
		await shows('#container-count .ex-wrong .ex-no');
		await write('#container-count input', '5');
		await press('#container-count .ex-check');
		await shows('#container-count .ex-right .ex-yes');
		await shows('#container-count .ex-done:not([hidden])');
		await visit.tab.goto(visit.at(`${language}/index.html`));
		await visit.tab.until(
			() => document.querySelector('[data-progress-of="tp1-kind"]')?.textContent?.includes('1'),
			undefined,
		);
	});

	it('a file is used in a lab, and a fault in it is pointed at', async () => {
		await begin('safe-config');
		const given = await visit.tab.run(
			() => document.querySelector<HTMLTextAreaElement>('#safe-config textarea')!.value,
			undefined,
		);
		await write('#safe-config textarea', given.replace('name:', '\tname:'));
		await press('#safe-config .ex-check');
		await shows('#safe-config .ex-unread');
		await write('#safe-config textarea', `${given.replace('"0.0.0.0"', '127.0.0.1')}  kubeProxyMode: none\n`);
		await press('#safe-config .ex-check');
		await shows('#safe-config .ex-right .ex-yes');
		expect(
			await visit.tab.run(() => document.querySelectorAll('#safe-config [data-reached="true"]').length, undefined),
		).toBe(4);
	});

	it('a keyboard keeps its place when an item reaches the top, and while a file is checked', async () => {
		const focused = () => visit.tab.run(() => document.activeElement?.outerHTML.slice(0, 80) ?? '', undefined);
		const focus = (selector: string) => visit.tab.run((s) => document.querySelector<HTMLElement>(s)!.focus(), selector);
		await begin('create-order');
		const first = () => visit.tab.run(() => document.querySelector('#create-order li code')!.textContent, undefined);
		const before = await first();
		await focus('#create-order li:nth-child(2) button');
		const button = await focused();
		await visit.tab.press('Enter');
		await visit.tab.until((was) => document.querySelector('#create-order li code')!.textContent !== was, before);
		const label = (html: string) => /aria-label="([^"]*)/.exec(html)?.[1];
		await visit.tab.until(() => document.activeElement !== document.body, undefined);
		expect(label(await focused())).toBe(label(button));
		const after = await first();
		await visit.tab.press('Enter');
		expect([await first(), label(await focused())]).toEqual([after, label(button)]);

		await begin('port-twice');
		await focus('#port-twice .ex-check');
		await visit.tab.press('Enter');
		await shows('#port-twice .ex-wrong .ex-no');
		expect(await focused()).toContain('ex-check');
	});

	it('a task is done in its terminal', async () => {
		await begin('from-nothing');
		const line = async (text: string): Promise<void> => {
			await write('#from-nothing .tm textarea', text);
			await visit.tab.press('Enter');
			await visit.tab.until(
				() => document.querySelector<HTMLTextAreaElement>('#from-nothing .tm textarea')?.readOnly === false,
				undefined,
			);
		};
		await visit.tab.run(
			() => document.querySelectorAll<HTMLElement>('#from-nothing .tm-speed input')[2]!.click(),
			undefined,
		);
		await line('kind create cluster --config=kind-config-noproxy.yaml');
		await press('#from-nothing .ex-check:not(.tm *)');
		await shows('#from-nothing .ex-wrong .ex-no');
		await line('cilium install');
		await press('#from-nothing .ex-check');
		await shows('#from-nothing .ex-right .ex-yes');
	});
});
