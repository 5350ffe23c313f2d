import { describe, expect, it } from 'vitest';
import { findings } from './harness/axe.ts';
import { chromiumPage } from './harness/chromium.ts';
import { visiting } from './harness/index.ts';

const PAGE = 'en/tp1-kind/index.html';

visiting(
	[
		['chromium', 'http'],
		['chromium', 'file'],
		['firefox', 'file'],
	],
	(visit) => {
		/** Opens the lesson and brings one of its parts to life by using it. */
		const open = async (id: string, first: string): Promise<void> => {
			await visit.tab.goto(visit.at(PAGE));
			await visit.tab.until((part) => document.getElementById(part)?.dataset.live === 'off', id);
			await visit.tab.click(`#${id} ${first}`);
			await visit.tab.until((part) => document.getElementById(part)?.dataset.live === 'on', id);
		};
		const text = (selector: string): Promise<string> =>
			visit.tab.run(
				(of) => [...document.querySelectorAll(of)].map((one) => one.textContent ?? '').join('\n'),
				selector,
			);
		const fill = (selector: string, value: string): Promise<void> =>
			visit.tab.run(
				([of, now]) => {
					const field = document.querySelector<HTMLTextAreaElement>(of!)!;
					field.value = now!;
					field.dispatchEvent(new InputEvent('input', { bubbles: true }));
				},
				[selector, value],
			);
		const choose = (selector: string, index: number): Promise<void> =>
			visit.tab.run(([of, i]) => document.querySelectorAll<HTMLInputElement>(of as string)[i as number]!.click(), [
				selector,
				index,
			] as const);

		it('draws the cluster of a kind configuration, and explains what kind and Docker refuse', async () => {
			await open('kind-config', 'textarea');
			const before = await text('#kind-config .kc-node .kc-name');
			expect(before).toContain('-control-plane');
			const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: two\nnodes:\n';
			await fill('#kind-config textarea', `${head}- role: control-plane\n- role: control-plane\n- role: worker\n`);
			await visit.tab.until(
				() => document.querySelector('#kind-config .kc-node .kc-name')?.textContent?.startsWith('two-') ?? false,
				undefined,
			);
			expect((await text('#kind-config .kc-node .kc-name')).split('\n')).toEqual([
				'two-external-load-balancer',
				'two-control-plane',
				'two-control-plane2',
				'two-worker',
			]);
			await fill('#kind-config textarea', `${head}- role: master\n`);
			await visit.tab.until(() => document.querySelector('#kind-config .is-refused') !== null, undefined);
			expect(await text('#kind-config .lp-said')).toContain('"master" is not a valid node role');
			expect(await text('#kind-config .ed-lines .is-marked')).toBe('4\n5');
			await fill('#kind-config textarea', `${head}- rolle: worker\n`);
			await visit.tab.until(
				() => document.querySelector('#kind-config .lp-said')?.textContent?.includes('rolle') ?? false,
				undefined,
			);
			expect(await text('#kind-config .lp-said')).toContain('line 5: field rolle not found in type v1alpha4.Node');
		});

		it('tells which keys of the ConfigMap values change, which do nothing, and what the chart refuses', async () => {
			await open('config-diff', 'textarea');
			await fill('#config-diff textarea', 'dubug:\n  enabled: true\nbpf:\n  masquerade: true\n');
			await visit.tab.until(() => document.querySelector('#config-diff .is-silent') !== null, undefined);
			expect(await text('#config-diff .is-silent')).toMatch(/dubug\.enabled.*debug\.enabled/s);
			expect(await text('#config-diff tbody')).toContain('enable-bpf-masquerade');
			await fill('#config-diff textarea', '--set tunnel=disabled');
			await visit.tab.run(() => {
				const select = document.querySelector<HTMLSelectElement>('#config-diff .cd-side select')!;
				select.value = '1.18.11';
				select.dispatchEvent(new Event('change', { bubbles: true }));
			}, undefined);
			await visit.tab.until(() => document.querySelector('#config-diff .is-refused') !== null, undefined);
			expect(await text('#config-diff .is-refused')).toContain('tunnel was deprecated in v1.14');
			await fill('#config-diff textarea', '');
			await choose('#config-diff input[type="radio"]', 1);
			await visit.tab.until(() => document.querySelectorAll('#config-diff .cd-side').length === 2, undefined);
		});

		it('goes through the way to Ready step by step, with the reason of each', async () => {
			await open('readiness', '.rd-events .is-chosen button');
			expect(await text('#readiness .rd-now')).toContain('NotReady');
			expect(await text('#readiness .rd-now')).toContain('cni plugin not initialized');
			const steps = await visit.tab.run(
				() => document.querySelectorAll('#readiness .rd-events > li').length,
				undefined,
			);
			await visit.tab.run(
				() => document.querySelector<HTMLElement>('#readiness [aria-current] button')!.focus(),
				undefined,
			);
			for (let i = 0; i < steps; i++) await visit.tab.press('ArrowDown');
			await visit.tab.until(
				() => document.querySelector('#readiness .rd-events > li:last-child')?.classList.contains('is-chosen'),
				undefined,
			);
			expect(await text('#readiness .rd-now')).not.toContain('NotReady');
			await choose('#readiness input[type="radio"]', 2);
			await visit.tab.until(() => document.querySelectorAll('#readiness .rd-bar.is-ready').length === 0, undefined);
		});

		it('leads from a station of one of three ways to its record in the figure', async () => {
			await visit.tab.goto(visit.at(PAGE));
			const links = await visit.tab.run(
				() => [...document.querySelectorAll('#paths tbody a')].map((a) => a.getAttribute('href')!),
				undefined,
			);
			const records = await visit.tab.run(
				(all) => all.filter((href) => document.getElementById(href.slice(1)) === null),
				links,
			);
			expect(records).toEqual([]);
			const last = links.findLast((href) => href.startsWith('#replacement-or-host-routing-a-'))!;
			await visit.tab.click(`#paths a[href="${last}"]`);
			await visit.tab.until(
				(href) => document.querySelector(`.pw-stop[href="${href}"]`)?.getAttribute('aria-current') === 'step',
				last,
			);
			// It stays chosen when the figure comes alive.
			await visit.tab.until(
				() => document.getElementById('replacement-or-host-routing')?.dataset.live === 'on',
				undefined,
			);
			await visit.tab.until(
				(href) =>
					document.querySelector(`.pw-stop[href="${href}"]`)?.getAttribute('aria-current') === 'step' &&
					(document.getElementById(href.slice(1))?.getClientRects().length ?? 0) > 0,
				last,
			);
		});

		it('explains the lines of cilium status in each state', async () => {
			await open('status-decoder', 'button.sd-line[tabindex="0"]');
			expect(await text('#status-decoder .sd-screen')).toContain('Ready: 4/4');
			await choose('#status-decoder input[type="radio"]', 2);
			await visit.tab.until(
				() => document.querySelector('#status-decoder .sd-screen')?.textContent?.includes('CrashLoopBackOff') ?? false,
				undefined,
			);
			await visit.tab.run(
				() => document.querySelector<HTMLElement>('#status-decoder [aria-pressed="true"]')!.focus(),
				undefined,
			);
			await visit.tab.press('End');
			await visit.tab.until(
				() =>
					[...document.querySelectorAll('#status-decoder button.sd-line')].at(-1)?.getAttribute('aria-pressed') ===
					'true',
				undefined,
			);
			const shown = await visit.tab.run(
				() =>
					[...document.querySelectorAll<HTMLElement>('#status-decoder .sd-whys > li')]
						.filter((one) => one.offsetHeight > 10)
						.map((one) => one.textContent),
				undefined,
			);
			expect(shown).toHaveLength(1);
			expect(shown[0]).toContain('cilium-operator');
		});
	},
);

describe("the lab's parts", () => {
	const visit = chromiumPage();
	const PARTS = ['kind-config', 'config-diff', 'readiness', 'status-decoder'];
	const STILL = ['paths'];

	it.each(['light', 'dark'] as const)('axe finds nothing in them when they live, %s', async (colorScheme) => {
		await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await visit.page.goto(visit.at(PAGE));
		for (const part of PARTS) {
			await visit.page.locator(`#${part} :is(textarea, .rd-events button, button.sd-line)`).first().click();
			await visit.page.waitForSelector(`#${part}[data-live="on"]`);
		}
		await visit.page.fill('#kind-config textarea', 'kind: Cluster\n');
		await visit.page.fill('#config-diff textarea', 'dubug: true\n');
		await visit.page.waitForSelector('#kind-config .is-refused');
		await visit.page.waitForSelector('#config-diff .is-silent');
		for (const part of [...PARTS, ...STILL]) expect(await findings(visit.page, `#${part}`), part).toEqual([]);
	});

	it.each([320, 400])('stay within a screen of %i pixels', async (width) => {
		await visit.page.setViewportSize({ width, height: 800 });
		for (const page of [PAGE, 'en/lab/index.html']) {
			await visit.page.goto(visit.at(page));
			if (page !== PAGE) {
				await visit.page.click('.sb-open');
				await visit.page.waitForSelector('.sb-tables');
			}
			const over = await visit.page.evaluate(() =>
				[...document.querySelectorAll<HTMLElement>('.lp, .lp-in, .sb, .sb-two > *')]
					.filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
					.map((one) => one.className),
			);
			expect(over, page).toEqual([]);
			expect(await visit.page.evaluate(() => document.documentElement.scrollWidth), page).toBeLessThanOrEqual(width);
		}
		await visit.page.setViewportSize({ width: 1280, height: 800 });
	});

	it('read without scripts: the file, the differences, every reason and every line', async () => {
		const context = await visit.page.context().browser()!.newContext({ javaScriptEnabled: false });
		const page = await context.newPage();
		await page.goto(visit.at(PAGE));
		for (const part of PARTS) expect(await page.locator(`#${part} .needs-script`).first().isVisible()).toBe(false);
		expect(await page.locator('#kind-config .kc-node').count()).toBeGreaterThan(1);
		expect(await page.locator('#config-diff tbody tr').count()).toBeGreaterThan(1);
		const hidden = (selector: string) =>
			page.locator(selector).evaluateAll((all) => (all as HTMLElement[]).filter((one) => one.offsetHeight < 10).length);
		expect(await hidden('#readiness .rd-why')).toBe(0);
		expect(await hidden('#status-decoder .sd-whys > li')).toBe(0);
		await context.close();
	});
});
