/** What comes out of the printer: how many sheets, nothing shrunk, questions without answers. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chromiumPage } from './harness/chromium.ts';

const visit = chromiumPage();
const LANGUAGES = ['en', 'fr', 'ko', 'zh'];

/** Sheets that a lesson may need: 21, 13 and 16 at most were counted; other fonts may take a few more. */
const SHEETS = { 'tp1-kind': 25, 'tp2-client-address': 16, 'tp2-ebpf': 20 } as const;
const LESSONS = LANGUAGES.flatMap((language) =>
	(Object.keys(SHEETS) as (keyof typeof SHEETS)[]).map((lesson) => ({ language, lesson })),
);

/** Sheets of a PDF, and points per CSS pixel on each: 0.75, or less where the browser shrank what was too wide. */
function readPdf(pdf: Buffer): { sheets: number; scales: readonly number[] } {
	const text = pdf.toString('latin1');
	const scales: number[] = [];
	for (const found of text.matchAll(/\/FlateDecode[^>]*>>\s*stream\r?\n/g)) {
		let content: string;
		try {
			content = inflateSync(pdf.subarray(found.index + found[0].length)).toString('latin1');
		} catch {
			continue;
		}
		// The page's own scale, then the document's.
		const matrices = /^(\S+) 0 0 -\1 0 \S+ cm\nq\n[\s\S]*?\n(\S+) 0 0 \2 \S+ \S+ cm\n/.exec(content);
		if (matrices) scales.push(Number(matrices[1]) * Number(matrices[2]));
	}
	return { sheets: text.match(/\/Type\s*\/Page\b/g)?.length ?? 0, scales };
}

describe.each(LESSONS)('$lesson in $language on A4', ({ lesson, language }) => {
	it('takes a number of sheets that one hands out, and nothing is too wide for them', async () => {
		await visit.page.goto(visit.at(`${language}/${lesson}/index.html`));
		const { sheets, scales } = readPdf(await visit.page.pdf({ format: 'A4' }));
		expect(sheets).toBeLessThanOrEqual(SHEETS[lesson]);
		expect(sheets).toBeGreaterThan(8);
		expect(scales).toHaveLength(sheets);
		for (const scale of scales) expect(scale).toBeCloseTo(0.75, 3);
	});
});

describe('the printed lesson', () => {
	/** Elements that have a box when printed. */
	const shown = (selector: string): Promise<number> =>
		visit.page.evaluate(
			(s) => [...document.querySelectorAll(s)].filter((element) => element.getClientRects().length > 0).length,
			selector,
		);
	const print = async (lesson: string): Promise<void> => {
		await visit.page.setViewportSize({ width: 660, height: 1000 });
		await visit.page.goto(visit.at(`en/${lesson}/index.html`));
		await visit.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
	};

	it('has the text without bar, contents and controls, dark on white', async () => {
		await print('tp2-client-address');
		for (const gone of ['.bar', '.contents', '.pw .sw', '.pw-scrub', '.heading-link'])
			expect(await shown(gone)).toBe(0);
		expect(await shown('main h2')).toBe(await visit.page.locator('main h2').count());
		const ink = await visit.page.evaluate(() => {
			const canvas = document.createElement('canvas').getContext('2d')!;
			canvas.fillStyle = getComputedStyle(document.querySelector('.prose > p')!).color;
			canvas.fillRect(0, 0, 1, 1);
			return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
		});
		await visit.page.emulateMedia({ media: 'screen', colorScheme: 'light' });
		expect(Math.max(...ink)).toBeLessThan(90);
	});

	it('tells every hop of every figure, with its reason', async () => {
		await print('tp2-ebpf');
		const hops = await visit.page.locator('.pw-rec').count();
		expect(hops).toBeGreaterThan(100);
		const [records, reasons, pictures] = [
			await shown('.pw-rec'),
			await shown('.pw-why'),
			await shown('.pw-lanes, .cmp'),
		];
		const steps = await shown('.pw-steps li');
		await visit.page.emulateMedia({ media: 'screen', colorScheme: 'light' });
		expect([records, reasons, pictures]).toEqual([hops, hops, 4]);
		expect(steps).toBeGreaterThan(30);
	});

	it('holds the questions, and no answer that was given on the screen', async () => {
		await visit.page.setViewportSize({ width: 1280, height: 900 });
		await visit.page.goto(visit.at('en/tp2-ebpf/index.html'));
		const exercise = visit.page.locator('#address-snat');
		await exercise.dispatchEvent('pointerdown');
		await visit.page.waitForSelector('#address-snat[data-live="on"]');
		await exercise.locator('input[type="text"]').fill('1.2.3.4');
		await exercise.locator('input[type="text"]').press('Enter');
		await exercise.locator('.ex-said:not(:empty)').waitFor();
		await visit.page.emulateMedia({ media: 'print' });
		const [answers, questions] = [await shown('.ex-said, .ex-proof'), await shown('.ex')];
		const all = await visit.page.locator('.ex').count();
		await visit.page.emulateMedia({ media: 'screen' });
		expect([answers, questions]).toEqual([0, all]);
	});
});
