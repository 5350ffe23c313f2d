import { describe, expect, it } from 'vitest';
import { encodeSession } from '../../src/widgets/lab/session-link.ts';
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
			await visit.tab.run(() => document.querySelectorAll<HTMLElement>('.tm-speed input')[2]!.click(), undefined);
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
			expect(await visit.tab.run(() => document.querySelector('.sb-made'), undefined)).toBeNull();
			await visit.tab.click('.sb-undo');
			await visit.tab.until(() => document.querySelector('.sb-walk .pw') === null, undefined);
			await visit.tab.until(ready, undefined);
			expect(
				await visit.tab.run(
					() => document.querySelectorAll<HTMLInputElement>('.tm-speed input')[2]!.checked,
					undefined,
				),
			).toBe(true);
			await run('ls first');
			expect(await visit.tab.run(shown, undefined)).not.toContain('Requesting IP');
			await visit.tab.goto('about:blank');
			await visit.tab.goto(link);
			await visit.tab.until(() => document.querySelectorAll('.sb-walk .pw-stop').length > 5, undefined);
			await visit.tab.until(ready, undefined);
			expect(await visit.tab.run(shown, undefined)).toContain(`Requesting IP: ${seen}`);
			expect(await visit.tab.run(() => document.querySelector('.lp-notice')?.textContent, undefined)).toMatch(/2/);
		});

		it('lists what was sent with its line and what came of it, and draws the one that is picked', async () => {
			await open('ko');
			await run(CURL);
			await run('curl -m 1 172.18.0.3:81');
			await run('ping -c 1 172.18.0.3');
			await visit.tab.until(() => document.querySelectorAll('.sb-made label').length === 3, undefined);
			const rows = await visit.tab.run(
				() => [...document.querySelectorAll('.sb-made label')].map((row) => row.textContent ?? ''),
				undefined,
			);
			expect(rows[0]).toMatch(/^ping -c 1 172.18.0.3.*172.18.0.3 icmp응답 있음$/);
			expect(rows[1]).toMatch(/172.18.0.3:81\/tcp거부됨 ECONNREFUSED$/);
			expect(rows[2]).toContain(CURL);
			const said = () =>
				visit.tab.run(() => document.querySelector('.sb-walk .pw-outcome')?.textContent ?? '', undefined);
			expect(await said()).toContain('172.18.0.1');
			await visit.tab.run(() => document.querySelectorAll<HTMLElement>('.sb-made input')[1]!.click(), undefined);
			await visit.tab.until(() => document.querySelector('.sb-walk .pw-outcome.r-refused') !== null, undefined);
			// A line in the terminal leads to what it sent.
			await visit.tab.run(() => document.querySelectorAll<HTMLElement>('.tm-mark')[2]!.click(), undefined);
			await visit.tab.until(
				() =>
					document.querySelector('.sb-walk .pw-outcome.r-connected') !== null &&
					document.activeElement?.closest('.sb-walk') !== null &&
					document.querySelectorAll<HTMLInputElement>('.sb-made input')[0]!.checked,
				undefined,
			);
			// What is typed next is drawn again.
			await run('ping -c 1 172.18.0.4');
			await visit.tab.until(() => document.querySelector('.sb-walk .pw-outcome.r-connected') !== null, undefined);
			expect(await visit.tab.run(() => document.querySelectorAll('.sb-made label').length, undefined)).toBe(4);
		});

		it('stops a link that takes long when asked to, says how far it came, and types the rest', async () => {
			const lines = ['echo one', 'ping 172.18.0.3', 'echo three'].map((text) => ({ kind: 'line' as const, text }));
			const link = await encodeSession({ scenario: 'kind-basic', log: lines });
			await visit.tab.goto(visit.at(`fr/${PAGE}#&lab=${link}`));
			await visit.tab.until(
				() =>
					document.querySelector('.sb-stop') !== null &&
					document.querySelector('.tm-log')!.textContent!.includes('icmp_seq=2'),
				undefined,
			);
			expect(await visit.tab.run(() => document.querySelector('.lp-notice')?.textContent, undefined)).toMatch(/2.*3/);
			await visit.tab.click('.sb-stop');
			await visit.tab.until(() => document.querySelector('.sb-go-on') !== null, undefined);
			expect(await visit.tab.run(() => document.querySelector('.lp-notice')?.textContent, undefined)).toMatch(
				/^Arrêté après 2 lignes sur 3/,
			);
			await visit.tab.until(ready, undefined);
			await visit.tab.click('.sb-go-on');
			await visit.tab.until(
				() =>
					document.querySelector('.tm-log')!.textContent!.includes('\nthree') ||
					document.querySelector('.tm-log')!.textContent!.endsWith('three'),
				undefined,
			);
			await visit.tab.until(ready, undefined);
			await run('echo four');
			expect(await visit.tab.run(shown, undefined)).toContain('four');
		});

		it('has the files of every lesson, each lesson in a folder', async () => {
			await open('zh');
			await run('ls tp1-kind tp2-client-address tp2-ebpf; tp1-kind/clean-kind.sh');
			const text = await visit.tab.run(shown, undefined);
			for (const name of ['host-routing-values.yaml', 'dsr-values.yaml', 'cni-demo.yaml', 'webdemo.yaml'])
				expect(text).toContain(name);
			expect(text).not.toContain('Permission denied');
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
		for (const line of [CURL, 'ping -c 1 172.18.0.99']) {
			await visit.page.fill('.tm textarea', line);
			await visit.page.press('.tm textarea', 'Enter');
			await visit.page.waitForFunction(ready);
		}
		await visit.page.waitForSelector('.sb-made');
		await visit.page.waitForSelector('.sb-walk .pw-stop');
		expect(await findings(visit.page)).toEqual([]);
	});
});
