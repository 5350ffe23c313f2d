import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { describe, expect, it } from 'vitest';
import { chromiumPage } from './harness/chromium.ts';
import { EVERYWHERE, visiting } from './harness/index.ts';
import { gzipped } from './harness/weights.ts';

const PAGE = 'lab/index.html';
/** Octets after gzip that all that opening a terminal fetches may come to: the aim. Measured: 425 kB. */
const MOST = 450_000;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const shown = () => document.querySelector('.tm-log')?.textContent ?? '';
const ready = () => {
	const field = document.querySelector<HTMLTextAreaElement>('.tm textarea');
	return field !== null && !field.readOnly;
};

visiting(EVERYWHERE, (visit) => {
	const open = async (language: string): Promise<void> => {
		await visit.tab.goto(visit.at(`${language}/${PAGE}`));
		await visit.tab.until(() => !document.querySelector<HTMLElement>('[data-sandbox] .sb-open')?.hidden, undefined);
		await visit.tab.click('[data-sandbox] .sb-open');
		await visit.tab.until(ready, undefined);
	};
	/** Writes a line and waits for the next prompt. */
	const run = async (line: string): Promise<string> => {
		await visit.tab.run((text) => {
			const field = document.querySelector<HTMLTextAreaElement>('.tm textarea')!;
			field.focus();
			field.value = text;
			field.dispatchEvent(new InputEvent('input', { bubbles: true }));
		}, line);
		await visit.tab.press('Enter');
		await visit.tab.until(ready, undefined);
		return visit.tab.run(shown, undefined);
	};

	it('runs lines on the laptop and in a node, each command fetched when it is run', async () => {
		await open('en');
		// The first line that runs brings the patterns.
		expect(await run(`[[ abc =~ ^a(.)c$ ]] && x=/etc/\${BASH_REMATCH[1]}; echo "<\${x##*/}>" /etc/host?`)).toContain(
			'<b> /etc/hosts',
		);
		expect(await run('kind get clusters | tr a-z A-Z')).toContain('BASIC');
		expect(await run(`echo '{"a":[1,2]}' | jq -c .a`)).toContain('[1,2]');
		expect(await run('nothere')).toContain('bash: nothere: command not found');
		await run('docker exec -it basic-worker bash');
		expect(await run('hostname')).toContain('root@basic-worker:/# hostnamebasic-worker');
		expect(await run('f() { f; }; f')).toContain('bash: stopped: ');
		expect(await run('exit')).toMatch(/exitexit/);
	});

	it('lets time pass at a pace, and is interrupted', async () => {
		await open('ko');
		await visit.tab.run(() => {
			const field = document.querySelector<HTMLTextAreaElement>('.tm textarea')!;
			field.value = 'for i in 1 2 3; do echo tick; sleep 3; done';
			field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			field.focus();
		}, undefined);
		await visit.tab.press('Enter');
		const ticks = () => (document.querySelector('.tm-log')?.textContent?.match(/tick(?!;)/g) ?? []).length;
		await visit.tab.until(
			() => document.querySelector('.tm-log')?.textContent?.includes('ticktick') ?? false,
			undefined,
		);
		await visit.tab.run(
			() => [...document.querySelectorAll<HTMLButtonElement>('.tm-bar button')][2]!.click(),
			undefined,
		);
		await visit.tab.until(ready, undefined);
		expect(await visit.tab.run(ticks, undefined)).toBeLessThan(4);
		expect(await visit.tab.run(shown, undefined)).toContain('종료 상태 130');
	});
});

describe('the terminal', () => {
	const visit = chromiumPage();
	const open = async (): Promise<void> => {
		await visit.page.goto(visit.at(`en/${PAGE}`));
		await visit.page.locator('[data-sandbox] .sb-open').click();
		await visit.page.locator('.tm textarea').waitFor();
	};
	const field = () => visit.page.locator('.tm textarea');
	const submit = async (line: string): Promise<void> => {
		await field().fill(line);
		await field().press('Enter');
		await visit.page.waitForFunction(ready);
	};

	it('is light to open', async () => {
		await visit.page.goto(visit.at(`en/${PAGE}`), { waitUntil: 'networkidle' });
		const files = new Set<string>();
		const root = decodeURI(new URL(visit.at('')).pathname);
		visit.page.on('response', (r) => files.add(decodeURI(new URL(r.url()).pathname).slice(root.length)));
		await visit.page.locator('[data-sandbox] .sb-open').click();
		await visit.page.locator('.tm textarea').waitFor();
		await visit.page.waitForLoadState('networkidle');
		const octets = [...files].reduce((sum, file) => sum + gzipped(file), 0);
		expect(octets, [...files].join(' ')).toBeLessThanOrEqual(MOST);
		expect(octets).toBeGreaterThan(100_000);
	});

	it('has the keys of readline', async () => {
		await open();
		await submit('echo one');
		await submit('echo two');
		await field().press('ArrowUp');
		await field().press('ArrowUp');
		expect(await field().inputValue()).toBe('echo one');
		await field().press('Control+a');
		await field().press('Control+k');
		expect(await field().inputValue()).toBe('');
		await field().press('Control+y');
		expect(await field().inputValue()).toBe('echo one');
		await field().press('Control+u');
		await field().press('Control+r');
		await field().pressSequentially('tw');
		expect(await field().inputValue()).toBe('echo two');
		await field().press('Enter');
		await visit.page.waitForFunction(ready);
		await field().pressSequentially('kubec');
		await field().press('Tab');
		await expect.poll(() => field().inputValue()).toBe('kubectl ');
		await field().press('Control+c');
		expect(await visit.page.locator('.tm-log').textContent()).toContain('kubectl ^C');
		await field().press('Control+l');
		expect(await visit.page.locator('.tm-log').textContent()).toBe('');
	});

	it('takes pasted lines without their prompts', async () => {
		await open();
		await field().focus();
		await visit.page.evaluate(() => {
			const data = new DataTransfer();
			data.setData('text/plain', '$ kind get clusters\n# kind is a program\n$ echo "$((6 * 7))"\n');
			const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
			document.querySelector('.tm textarea')!.dispatchEvent(paste);
		});
		await expect.poll(() => visit.page.locator('.tm-log').textContent()).toContain('42');
		const text = await visit.page.locator('.tm-log').textContent();
		expect(text).toContain('learner@laptop:~$ kind get clustersbasic');
		expect(text).not.toContain('command not found');
	});

	it('leaves composed text to the input method', async () => {
		await open();
		await field().focus();
		const session = await visit.page.context().newCDPSession(visit.page);
		await session.send('Input.imeSetComposition', { text: '한', selectionStart: 1, selectionEnd: 1 });
		await session.send('Input.insertText', { text: '한국' });
		expect(await field().inputValue()).toBe('한국');
		await field().press('Home');
		await field().pressSequentially('echo ');
		await field().press('Enter');
		await visit.page.waitForFunction(ready);
		expect(await visit.page.locator('.tm-log').textContent()).toContain('한국');
	});

	it('lets the keyboard go: Tab on an empty line leaves it', async () => {
		await open();
		await field().focus();
		await field().press('Tab');
		expect(await visit.page.evaluate(() => document.activeElement?.tagName)).not.toBe('TEXTAREA');
	});

	it.each(['light', 'dark'] as const)('has nothing that axe finds, open and %s', async (colorScheme) => {
		await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await open();
		await submit('cilium status; nothere');
		await visit.page.evaluate(AXE);
		const found = await visit.page.evaluate(async (tags) => {
			const { axe } = window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResults> } };
			const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
			return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
		}, RULES);
		expect(found).toEqual([]);
	});

	it('prints all that was shown', async () => {
		await open();
		await submit('seq 200');
		await visit.page.emulateMedia({ media: 'print' });
		const { inner, outer } = await visit.page.evaluate(() => ({
			inner: document.querySelector('.tm-log')!.getBoundingClientRect().height,
			outer: document.querySelector('.tm-screen')!.getBoundingClientRect().height,
		}));
		expect(outer).toBeGreaterThanOrEqual(inner - 1);
		await visit.page.emulateMedia({ media: 'screen' });
	});
});
