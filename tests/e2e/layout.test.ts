import { describe, expect, it } from 'vitest';
import { chromiumPage } from './harness/chromium.ts';
import { PAGES } from './harness/index.ts';

const visit = chromiumPage();
const LESSON = 'tp2-client-address/index.html';

/** Elements that stick out of the window, but for those inside something that scrolls on its own. */
function sticksOut(): string[] {
	const width = document.documentElement.clientWidth;
	const scrolls = (element: Element): boolean => {
		for (let at = element.parentElement; at; at = at.parentElement)
			if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return at !== document.body;
		return false;
	};
	const out = [...document.body.querySelectorAll('*')].filter((element) => {
		const box = element.getBoundingClientRect();
		return box.width > 0 && (box.right > width + 1 || box.left < -1) && !scrolls(element);
	});
	const visible = out.filter((element) => !element.closest('.visually-hidden, .skip, [aria-hidden="true"]'));
	const name = (element: Element): string => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
	return document.documentElement.scrollWidth > width ? visible.map(name).concat('the page scrolls sideways') : [];
}

describe.each([320, 390, 820, 1920])('at %i pixels', (width) => {
	it.each(PAGES)('nothing sticks out of %s', async (path) => {
		await visit.page.setViewportSize({ width, height: 800 });
		await visit.page.goto(visit.at(path));
		expect(await visit.page.evaluate(sticksOut)).toEqual([]);
	});
});

describe('two settings side by side on a phone', () => {
	it('mark what differs without covering a word', async () => {
		await visit.page.setViewportSize({ width: 320, height: 800 });
		for (const language of ['zh', 'ko', 'en', 'fr']) {
			await visit.page.goto(visit.at(`${language}/${LESSON}`));
			const covered = await visit.page.evaluate(() =>
				[...document.querySelectorAll('#policies .cmp-row')].flatMap((row) => {
					const mark = row.querySelector('.cmp-mark')?.getBoundingClientRect();
					if (!mark) return [];
					return [...row.querySelectorAll('.pw-stop')].flatMap((stop) => {
						const range = document.createRange();
						range.selectNodeContents(stop);
						const under = [...range.getClientRects()].some(
							(box) => box.right > mark.left && box.bottom > mark.top + 1 && box.top < mark.bottom - 1,
						);
						return under ? [stop.textContent] : [];
					});
				}),
			);
			expect(covered, language).toEqual([]);
		}
	});

	it('say in sight what stands in the record of the chosen hop', async () => {
		await visit.page.setViewportSize({ width: 390, height: 800 });
		await visit.page.goto(visit.at(`ko/${LESSON}`));
		await visit.page.locator('#policies .cmp-right .pw-stop').nth(1).click();
		await visit.page.waitForFunction(() => {
			const record = document.querySelector('#policies .cmp-records .pw-rec.is-chosen');
			const top = record?.getBoundingClientRect().top ?? -1;
			return record?.id.endsWith('q2') && top > 0 && top < innerHeight - 60;
		});
	});
});

describe('on paper', () => {
	it('prints the text without bar, contents and controls, dark on white', async () => {
		await visit.page.setViewportSize({ width: 1000, height: 800 });
		await visit.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		await visit.page.goto(visit.at(`en/${LESSON}`));
		const seen = await visit.page.evaluate(() => {
			const shown = (selector: string): boolean =>
				[...document.querySelectorAll(selector)].some((element) => element.getClientRects().length > 0);
			const lightness = (color: string): number => {
				const canvas = document.createElement('canvas').getContext('2d')!;
				canvas.fillStyle = color;
				canvas.fillRect(0, 0, 1, 1);
				const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
				return (red + green + blue) / 3;
			};
			return {
				bar: shown('.bar'),
				contents: shown('.contents'),
				headings: document.querySelectorAll('main h2').length,
				hidden: [...document.querySelectorAll('main h2')].filter((heading) => heading.getClientRects().length === 0)
					.length,
				ink: lightness(getComputedStyle(document.querySelector('.prose > p')!).color),
			};
		});
		await visit.page.emulateMedia({ media: 'screen', colorScheme: 'light' });
		expect(seen).toMatchObject({ bar: false, contents: false, hidden: 0 });
		expect(seen.headings).toBeGreaterThan(5);
		expect(seen.ink).toBeLessThan(90);
	});

	it('makes a PDF of the lesson without losing its last section', async () => {
		await visit.page.goto(visit.at(`en/${LESSON}`));
		const pdf = await visit.page.pdf({ format: 'A4' });
		const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
		expect(pages).toBeGreaterThan(2);
		expect(pages).toBeLessThan(40);
	});
});
