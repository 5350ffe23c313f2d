import { expect, it } from 'vitest';
import { EVERYWHERE, type Tab, visiting } from './harness/index.ts';

const LESSON = 'tp2-client-address';
const SAVED = JSON.stringify({
	packetwalk: 1,
	entries: { [`answer.${LESSON}.who-knocked`]: [1, true], [`answer.${LESSON}.same-node`]: [1, true] },
});

/** Open a file with the progress panel, as the reader's file dialog would. */
const openFile = (tab: Tab, text: string): Promise<void> =>
	tab.run((content) => {
		const input = document.querySelector<HTMLInputElement>('[data-progress-panel] input[type=file]')!;
		const transfer = new DataTransfer();
		transfer.items.add(new File([content], 'packetwalk-progress.json', { type: 'application/json' }));
		input.files = transfer.files;
		input.dispatchEvent(new Event('change', { bubbles: true }));
	}, text);
/** Numbers in what the map says of the lesson's progress: answered, of. */
const said = (tab: Tab): Promise<number[]> =>
	tab.run(() => {
		const text = document.querySelector('[data-progress-of="tp2-client-address"]')?.textContent ?? '';
		return [...text.matchAll(/\d+/g)].map(([number]) => Number(number)).sort((a, b) => a - b);
	}, undefined);
const answeredSaid = (tab: Tab, count: number): Promise<void> =>
	tab.until(
		(wanted) =>
			new RegExp(`(^|\\D)${wanted}(\\D|$)`).test(
				document.querySelector('[data-progress-of="tp2-client-address"]')?.textContent ?? '',
			),
		count,
	);

visiting(EVERYWHERE, (visit) => {
	it('takes in a saved file, keeps it from page to page, and writes it out again', async () => {
		await visit.tab.goto(visit.at('fr/index.html'));
		await openFile(visit.tab, SAVED);
		await answeredSaid(visit.tab, 2);
		const [answered, total] = await said(visit.tab);
		expect(answered).toBe(2);
		expect(total).toBeGreaterThanOrEqual(6);

		await visit.tab.run((lesson) => {
			const links = [...document.querySelectorAll<HTMLAnchorElement>('main a')];
			links.find((link) => link.href.includes(lesson))!.click();
		}, LESSON);
		await visit.tab.until((lesson) => location.pathname.endsWith(`/${lesson}/index.html`), LESSON);
		await visit.tab.until(() => document.readyState === 'complete', undefined);
		await visit.tab.click('.bar-home');
		await visit.tab.until(() => location.pathname.endsWith('/fr/index.html'), undefined);
		await answeredSaid(visit.tab, 2);

		const written = await visit.tab.run(async () => {
			const blobs: Blob[] = [];
			const made = URL.createObjectURL;
			URL.createObjectURL = (blob: Blob) => {
				blobs.push(blob);
				return made.call(URL, blob);
			};
			// The download itself is the browser's business.
			HTMLAnchorElement.prototype.click = () => undefined;
			document.querySelector<HTMLElement>('[data-export]')!.click();
			return blobs[0]?.text() ?? '';
		}, undefined);
		expect(Object.keys(JSON.parse(written).entries)).toEqual(
			expect.arrayContaining(Object.keys(JSON.parse(SAVED).entries)),
		);
	});

	it('says so and changes nothing when the file is something else', async () => {
		await visit.tab.goto(visit.at('en/index.html'));
		for (const text of ['', '{}', 'not json', '{"packetwalk":1,"entries":{"__proto__":[1,1],"a":2}}']) {
			await openFile(visit.tab, text);
			await visit.tab.until(() => {
				const panel = document.querySelector<HTMLElement>('[data-progress-panel]')!;
				return panel.querySelector('[role=status]')?.textContent === panel.dataset.notProgress;
			}, undefined);
		}
		expect((await said(visit.tab))[0]).toBe(0);
	});

	it('forgets everything when asked to', async () => {
		await visit.tab.goto(visit.at('ko/index.html'));
		await openFile(visit.tab, SAVED);
		await answeredSaid(visit.tab, 2);
		await visit.tab.run(() => {
			window.confirm = () => true;
			document.querySelector<HTMLElement>('[data-forget]')!.click();
		}, undefined);
		await answeredSaid(visit.tab, 0);
	});
});

visiting(
	[
		['chromium', 'http'],
		['firefox', 'http'],
	],
	(visit) => {
		it('sets unreadable storage aside and says so', async () => {
			await visit.tab.goto(visit.at('en/index.html'));
			await visit.tab.run(() => localStorage.setItem('packetwalk', '{"broken'), undefined);
			await visit.tab.goto(visit.at('en/about/index.html'));
			await visit.tab.until(() => {
				const words = document.querySelector<HTMLElement>('[data-storage-status] [data-problem="corrupt"]');
				return words && words.getClientRects().length > 0;
			}, undefined);
		});
	},
);

visiting([['firefox', 'file']], (visit) => {
	it('is tested where each file has a storage of its own', async () => {
		await visit.tab.goto(visit.at('en/index.html'));
		await visit.tab.run(() => localStorage.setItem('canary', 'here'), undefined);
		await visit.tab.goto(visit.at('en/about/index.html'));
		expect(await visit.tab.run(() => localStorage.getItem('canary'), undefined)).toBe(null);
	});
});
