/** Terminals beside each other, and the editor over one: by keyboard, in every browser, in a link. */
import { describe, expect, it } from 'vitest';
import { findings } from './harness/axe.ts';
import { chromiumPage } from './harness/chromium.ts';
import { EVERYWHERE, visiting } from './harness/index.ts';

const PAGE = 'lab/index.html';
const LINE = '.tm-tab-panel:not([hidden]) .tm-field textarea';

const ready = () => {
	const field = document.querySelector<HTMLTextAreaElement>('.tm-tab-panel:not([hidden]) .tm-field textarea');
	return field !== null && !field.readOnly && field.closest('[hidden]') === null;
};
const shown = () => document.querySelector('.tm-tab-panel:not([hidden]) .tm-log')?.textContent ?? '';

visiting(EVERYWHERE, (visit) => {
	const open = async (language: string): Promise<void> => {
		await visit.tab.goto(visit.at(`${language}/${PAGE}`));
		await visit.tab.until(() => !document.querySelector<HTMLElement>('[data-sandbox] .sb-open')?.hidden, undefined);
		await visit.tab.click('[data-sandbox] .sb-open');
		await visit.tab.until(ready, undefined);
	};
	const submit = async (line: string): Promise<void> => {
		await visit.tab.run(
			({ line, selector }) => {
				const field = document.querySelector<HTMLTextAreaElement>(selector)!;
				field.focus();
				field.value = line;
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			},
			{ line, selector: LINE },
		);
		await visit.tab.press('Enter');
	};
	const run = async (line: string): Promise<string> => {
		await submit(line);
		await visit.tab.until(ready, undefined);
		return visit.tab.run(shown, undefined);
	};

	it('edits a file, saves it and uses it', async () => {
		await open('zh');
		await submit('nano note.txt');
		await visit.tab.until(() => document.activeElement?.classList.contains('tm-edit-text'), undefined);
		for (const key of ['a', ':', 'Enter', 'b', 'Enter', 'Tab', 'c']) await visit.tab.press(key);
		await visit.tab.click('.tm-edit-bar button:nth-child(1)');
		await visit.tab.until(() => document.querySelector('.tm-edit-state')?.textContent === '', undefined);
		await visit.tab.click('.tm-edit-bar button:nth-child(2)');
		await visit.tab.until(ready, undefined);
		expect(await visit.tab.run(() => document.activeElement?.closest('.tm-field') !== null, undefined)).toBe(true);
		expect(await run("sed 's/ /./g' note.txt")).toContain('a:..b....c');
	});

	it('runs two commands at once, each in its terminal', async () => {
		await open('en');
		await submit('for i in 1 2 3 4 5 6 7 8 9; do echo tick $i; sleep 20; done');
		await visit.tab.click('.tm-new');
		await visit.tab.until(ready, undefined);
		expect(await run('cd /tmp; sleep 1; pwd')).toContain('/tmp');
		expect(await visit.tab.run(() => document.querySelectorAll('[role="tab"]').length, undefined)).toBe(2);
		expect(await visit.tab.run(() => document.querySelector('.tm-tab-runs')?.textContent, undefined)).toContain('for');
		await visit.tab.run(() => document.querySelector<HTMLElement>('[aria-selected="true"]')!.focus(), undefined);
		await visit.tab.press('ArrowLeft');
		await visit.tab.until(
			() =>
				document.activeElement?.getAttribute('aria-selected') === 'true' &&
				!document.querySelector<HTMLElement>('.tm-tab-panel')!.hidden,
			undefined,
		);
		await visit.tab.run(() => document.querySelectorAll<HTMLElement>('.tm-bar button')[2]!.click(), undefined);
		await visit.tab.until(ready, undefined);
		const text = await visit.tab.run(shown, undefined);
		expect(text).toContain('tick 1');
		expect(text).not.toContain('/tmp');
	});
});

describe('the terminal', () => {
	const visit = chromiumPage();
	const open = async (language = 'en'): Promise<void> => {
		await visit.page.goto(visit.at(`${language}/${PAGE}`));
		await visit.page.locator('[data-sandbox] .sb-open').click();
		await visit.page.waitForFunction(ready);
	};
	const field = () => visit.page.locator(LINE);
	const begin = async (line: string): Promise<void> => {
		await field().fill(line);
		await field().press('Enter');
	};
	const submit = async (line: string): Promise<string> => {
		await begin(line);
		await visit.page.waitForFunction(ready);
		return visit.page.evaluate(shown);
	};
	const edit = async (line: string): Promise<void> => {
		await begin(line);
		await visit.page.locator('.tm-edit-text:focus').waitFor();
	};
	const text = () => visit.page.locator('.tm-edit-text');

	it('hears in one shell what another sends, and a link tells both', async () => {
		await open();
		await submit("docker exec basic-worker sh -c 'apt-get update && apt-get install -y tcpdump' > /dev/null 2>&1");
		await submit("P=$(kubectl get svc svc-echoserver -o jsonpath='{.spec.ports[0].nodePort}')");
		await begin('docker exec basic-worker tcpdump -n -i eth0 tcp port $P');
		await visit.page.locator('.tm-new').click();
		await visit.page.waitForFunction(ready);
		await submit(
			`curl -s -o /dev/null $(kubectl get nodes -o jsonpath='{.items[1].status.addresses[0].address}'):$(kubectl get svc svc-echoserver -o jsonpath='{.spec.ports[0].nodePort}'); echo code $?`,
		);
		expect(await visit.page.evaluate(shown)).toContain('code 0');
		await visit.page.locator('[role="tab"]').first().click();
		expect(await visit.page.evaluate(shown)).toMatch(/Flags \[S\]/);
		await field().press('Control+c');
		await visit.page.waitForFunction(ready);
		await expect.poll(() => visit.page.locator('.sb-link').isEnabled()).toBe(true);
		const link = await visit.page.evaluate(async () => {
			let copied = '';
			Object.defineProperty(navigator, 'clipboard', {
				configurable: true,
				value: {
					writeText: async (text: string) => {
						copied = text;
					},
				},
			});
			document.querySelector<HTMLElement>('.sb-link')!.click();
			for (let i = 0; i < 100 && copied === ''; i++) await new Promise((r) => setTimeout(r, 20));
			return copied;
		});
		const logs = () => [...document.querySelectorAll('.tm-log')].map((log) => log.textContent);
		const before = await visit.page.evaluate(logs);
		const time = () => document.querySelector('.tm-time time')?.textContent;
		const at = await visit.page.evaluate(time);
		await visit.page.goto('about:blank');
		await visit.page.goto(link);
		await expect.poll(() => visit.page.evaluate(logs), { timeout: 30_000 }).toEqual(before);
		expect(await visit.page.evaluate(time)).toBe(at);
		await visit.page.locator('.sb-undo').click();
		await visit.page.waitForFunction(() => !/code 0/.test(document.querySelector('.sb-terminal')!.textContent!));
		await expect.poll(() => visit.page.locator('[role="tab"]').count()).toBe(2);
	});

	it('is edited in without a mouse, and left when asked', async () => {
		await open();
		await edit('vi +2 f.yaml');
		expect(await visit.page.locator('.tm-edit-about').textContent()).toContain('not vi');
		await visit.page.keyboard.type('kind: Pod\nspec: [1');
		await expect.poll(() => visit.page.locator('.tm-edit-fault').count()).toBe(1);
		expect(await visit.page.locator('.tm-edit-fault').textContent()).toMatch(/^Line \d: this is not YAML/);
		await visit.page.keyboard.type(']');
		await expect.poll(() => visit.page.locator('.tm-edit-fault').count()).toBe(0);
		expect(await visit.page.locator('.tm-edit-position').textContent()).toBe('Line 2, column 10');
		// The browser's own undo knows of what Enter and Tab wrote.
		await visit.page.keyboard.press('Tab');
		await visit.page.keyboard.press('Control+z');
		expect(await text().inputValue()).toBe('kind: Pod\nspec: [1]');
		await visit.page.keyboard.press('Control+f');
		await visit.page.keyboard.type('POD');
		await visit.page.keyboard.press('Enter');
		expect(await text().evaluate((f: HTMLTextAreaElement) => f.value.slice(f.selectionStart, f.selectionEnd))).toBe(
			'Pod',
		);
		await visit.page.keyboard.press('Control+g');
		await visit.page.keyboard.type('2');
		await visit.page.keyboard.press('Enter');
		expect(await visit.page.locator('.tm-edit-position').textContent()).toBe('Line 2, column 1');
		// Escape lets Tab go on.
		await visit.page.keyboard.press('Escape');
		await visit.page.keyboard.press('Tab');
		expect(await visit.page.evaluate(() => document.activeElement?.textContent)).toContain('Save');
		await text().focus();
		await visit.page.keyboard.press('Control+x');
		expect(await visit.page.evaluate(() => document.activeElement?.textContent)).toBe('Save and leave');
		await visit.page.keyboard.press('Escape');
		expect(await text().evaluate((f) => f === document.activeElement)).toBe(true);
		await visit.page.keyboard.press('Escape');
		await visit.page.keyboard.type(':wq');
		await visit.page.keyboard.press('Enter');
		await visit.page.waitForFunction(ready);
		expect(await submit('cat f.yaml')).toContain('kind: Podspec: [1]');
	});

	it('asks before a page is left with what is not saved', async () => {
		await open();
		const asks = () =>
			visit.page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
		await edit('nano f');
		expect(await asks()).toBe(false);
		await visit.page.keyboard.type('x');
		await expect.poll(asks).toBe(true);
		await visit.page.keyboard.press('Control+s');
		await expect.poll(asks).toBe(false);
	});

	it('opens the editor of kubectl edit', async () => {
		await open();
		await edit('kubectl edit deployment deploy-echoserver');
		const before = await text().inputValue();
		expect(before).toContain('# Please edit the object below.');
		await text().fill(before.replace(/replicas: \d+/, 'replicas: 2'));
		await text().press('Control+s');
		await text().press('Control+x');
		await visit.page.waitForFunction(ready);
		expect(await visit.page.evaluate(shown)).toContain('deployment.apps/deploy-echoserver edited');
	});

	it.each([
		['en', 'light', 1280],
		['fr', 'dark', 360],
		['zh', 'light', 360],
		['ko', 'dark', 800],
	] as const)(
		'axe finds nothing in its tabs and editor, and nothing sticks out: %s, %s, %i px',
		async (language, colorScheme, width) => {
			await visit.page.setViewportSize({ width, height: 800 });
			await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			await open(language);
			await visit.page.locator('.tm-new').click();
			await edit('vi f.yaml');
			await visit.page.keyboard.type('a: [');
			await visit.page.locator('.tm-edit-fault').waitFor();
			await visit.page.keyboard.press('Control+x');
			await visit.page.locator('.tm-asked').waitFor();
			expect(await findings(visit.page, '.tm')).toEqual([]);
			const out = await visit.page.evaluate(() => {
				const edge = document.querySelector('.tm')!.getBoundingClientRect().right;
				return [...document.querySelectorAll('.tm-edit *, .tm-tabs *, .tm-bar *')]
					.filter((e) => !e.closest('.visually-hidden') && e.getBoundingClientRect().right > edge)
					.map((e) => e.className);
			});
			expect(out).toEqual([]);
			await visit.page.emulateMedia({ media: 'print' });
			expect(await visit.page.locator('.tm-edit-print').isVisible()).toBe(true);
			await visit.page.emulateMedia({ media: 'screen' });
		},
	);
});
