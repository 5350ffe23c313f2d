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

const LESSONS = ['en', 'fr', 'ko', 'zh'].flatMap((l) => [`${l}/${LESSON}`, `${l}/tp2-ebpf/index.html`]);

it.each(LESSONS)('a note in the margin of %s begins beside its own section', async (path) => {
	await visit.page.setViewportSize({ width: 1440, height: 900 });
	await visit.page.goto(visit.at(path));
	const notes = await visit.page.evaluate(() => {
		const parts = [...document.querySelectorAll('.prose > :is(.side-note, h2)')];
		return parts.flatMap((part, i) => {
			const next = parts.slice(i).find((other) => other.tagName === 'H2');
			if (part.tagName === 'H2' || !next) return [];
			return [Math.round(next.getBoundingClientRect().top - part.getBoundingClientRect().top)];
		});
	});
	expect(notes.length).toBeGreaterThan(2);
	for (const above of notes) expect(above).toBeGreaterThan(40);
});

it.each(LESSONS)('a name in the text of %s stays in one piece on a phone', async (path) => {
	await visit.page.setViewportSize({ width: 390, height: 800 });
	await visit.page.goto(visit.at(path));
	const names = await visit.page.evaluate(() =>
		[...document.querySelectorAll('.prose > :is(p, ul, .side-note) code')].map((code) => ({
			name: code.textContent,
			pieces: new Set([...code.getClientRects()].map((box) => Math.round(box.top))).size,
		})),
	);
	expect(names.length).toBeGreaterThan(20);
	expect(names.filter(({ pieces }) => pieces > 1)).toEqual([]);
});

/** Tables, the differences of a ConfigMap and the ways of a packet among them: where a line ends within a word or a name. */
function brokenWords(): string[] {
	const broken: string[] = [];
	const range = document.createRange();
	for (const cell of document.querySelectorAll('table :is(td, th)')) {
		const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
		for (let text = texts.nextNode(); text; text = texts.nextNode()) {
			const value = text.nodeValue ?? '';
			let top: number | undefined;
			for (let i = 0; i < value.length; i++) {
				range.setStart(text, i);
				range.setEnd(text, i + 1);
				const box = range.getClientRects()[0];
				if (!box || box.width === 0) continue;
				if (top !== undefined && box.top > top + 4 && /[\p{Script=Latin}\d_]{2}/u.test(value.slice(i - 1, i + 1)))
					broken.push(`${value.slice(0, i)}|${value.slice(i)}`);
				top = box.top;
			}
		}
	}
	return broken;
}

describe.each([390, 1280])('at %i pixels', (width) => {
	it.each(['en', 'fr', 'ko', 'zh'])('no word of a table of TP1 is broken within, in %s', async (language) => {
		await visit.page.setViewportSize({ width, height: 800 });
		await visit.page.goto(visit.at(`${language}/tp1-kind/index.html`));
		expect(await visit.page.locator('.prose td').count()).toBeGreaterThan(60);
		expect(await visit.page.evaluate(brokenWords)).toEqual([]);
	});
});
