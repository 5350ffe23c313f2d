import { describe, expect, it } from 'vitest';
import { findings } from './harness/axe.ts';
import { chromiumPage } from './harness/chromium.ts';
import { visiting } from './harness/index.ts';

const PAGE = 'lab/index.html';

const ready = () => {
	const field = document.querySelector<HTMLTextAreaElement>('.tm textarea');
	return field !== null && !field.readOnly;
};
const shown = () => document.querySelector('.tm-log')?.textContent ?? '';
/** The NodePort of the echo server at a worker's address, as the cluster itself says them. */
const CURL =
	"curl -s $(kubectl get nodes -o jsonpath='{.items[1].status.addresses[0].address}'):$(kubectl get svc svc-echoserver -o jsonpath='{.spec.ports[0].nodePort}')";

visiting(
	[
		['chromium', 'http'],
		['chromium', 'file'],
		['firefox', 'file'],
	],
	(visit) => {
		const run = async (line: string): Promise<void> => {
			await visit.tab.run((text) => {
				const field = document.querySelector<HTMLTextAreaElement>('.tm textarea')!;
				field.focus();
				field.value = text;
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			}, line);
			await visit.tab.press('Enter');
			await visit.tab.until(ready, undefined);
		};
		const open = async (language: string): Promise<void> => {
			await visit.tab.goto(visit.at(`${language}/${PAGE}`));
			await visit.tab.until(() => !document.querySelector<HTMLElement>('.sb-open')?.hidden, undefined);
			await visit.tab.click('.sb-open');
			await visit.tab.until(ready, undefined);
		};

		it('draws the hops of what was typed, undoes a line, and types a session of a link again', async () => {
			await open('fr');
			await run('touch first');
			await run(CURL);
			await visit.tab.until(() => document.querySelectorAll('.sb-walk .pw-stop').length > 5, undefined);
			const answer = await visit.tab.run(shown, undefined);
			expect(answer).toContain('Requesting IP');
			const seen = /Requesting IP: ([\d.]+)/.exec(answer)![1]!;
			expect(
				await visit.tab.run(() => document.querySelector('.sb-walk .pw-outcome')?.textContent, undefined),
			).toContain(seen);
			// The connection has left its row on the node it came by.
			await visit.tab.until(() => /dport=\d+/.test(document.querySelector('.sb-print')?.textContent ?? ''), undefined);
			// The address that is copied, whether or not the clipboard may be written.
			const link = await visit.tab.run(async () => {
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
			}, undefined);
			expect(link).toContain('lab=1.');
			await visit.tab.click('.sb-undo');
			await visit.tab.until(() => document.querySelector('.sb-walk .pw') === null, undefined);
			await visit.tab.until(ready, undefined);
			await run('ls first');
			expect(await visit.tab.run(shown, undefined)).not.toContain('Requesting IP');
			await visit.tab.goto('about:blank');
			await visit.tab.goto(link);
			await visit.tab.until(() => document.querySelectorAll('.sb-walk .pw-stop').length > 5, undefined);
			await visit.tab.until(ready, undefined);
			expect(await visit.tab.run(shown, undefined)).toContain(`Requesting IP: ${seen}`);
			expect(await visit.tab.run(() => document.querySelector('.lp-notice')?.textContent, undefined)).toMatch(/2/);
		});

		it('says so when a link holds no session, and begins anew', async () => {
			await visit.tab.goto(visit.at(`en/${PAGE}#&lab=1.1.kind-basic.AAAA`));
			await visit.tab.until(ready, undefined);
			expect(await visit.tab.run(() => document.querySelector('.lp-notice')?.textContent, undefined)).toContain('link');
			await run('kind get clusters');
			expect(await visit.tab.run(shown, undefined)).toContain('basic');
		});
	},
);

describe('the lab', () => {
	const visit = chromiumPage();
	const open = async (scenario?: string): Promise<void> => {
		await visit.page.goto(visit.at(`en/${PAGE}`));
		if (scenario) await visit.page.check(`input[value="${scenario}"]`);
		await visit.page.click('.sb-open');
		await visit.page.waitForSelector('.tm textarea');
	};

	it('has eighty columns and more at the width of a desktop', async () => {
		await open();
		const columns = await visit.page.evaluate(() => {
			const screen = document.querySelector<HTMLElement>('.tm-screen')!;
			const probe = document.createElement('span');
			probe.textContent = '0'.repeat(100);
			probe.className = 'tm-line';
			document.querySelector('.tm-log')!.append(probe);
			const style = getComputedStyle(screen);
			const inner = screen.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
			return Math.floor((inner / probe.getBoundingClientRect().width) * 100);
		});
		expect(columns).toBeGreaterThanOrEqual(80);
	});

	it('begins with nothing when asked to', async () => {
		await open('empty');
		await visit.page.fill('.tm textarea', 'kind get clusters');
		await visit.page.press('.tm textarea', 'Enter');
		await visit.page.waitForFunction(ready);
		expect(await visit.page.textContent('.tm-log')).toContain('No kind clusters found.');
		expect(await visit.page.locator('.sb-tables').count()).toBe(0);
	});

	it.each(['light', 'dark'] as const)('axe finds nothing in it when it is open, %s', async (colorScheme) => {
		await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await open();
		await visit.page.fill('.tm textarea', CURL);
		await visit.page.press('.tm textarea', 'Enter');
		await visit.page.waitForSelector('.sb-walk .pw-stop');
		expect(await findings(visit.page)).toEqual([]);
	});
});
