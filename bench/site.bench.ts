import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { LANGUAGES } from '../src/i18n/index.ts';
import { findBrowser } from '../tools/browsers/find.ts';
import { buildSite, DIST, listFiles, serve, Weights } from '../tools/shared/index.ts';
import { atMost, type Bench, figure, median, type Row } from './bench.ts';

const LESSON = 'tp2-client-address/index.html';
const kB = (bytes: number): number => bytes / 1000;

function weights(): Row[] {
	const measured = new Weights(DIST);
	const worst = { reading: 0, live: 0, exercises: 0 };
	for (const language of LANGUAGES) {
		const reading = measured.reading(`${language}/${LESSON}`);
		const live = measured.added('live-entry', language, reading);
		const exercises = measured.added('exercise-entry', language, new Set([...reading, ...live]));
		worst.reading = Math.max(worst.reading, kB(measured.size(reading)));
		worst.live = Math.max(worst.live, kB(measured.size(live)));
		worst.exercises = Math.max(worst.exercises, kB(measured.size(exercises)));
	}
	return [
		{
			what: 'Reading a lesson: page, styles, loader (gzip, heaviest language)',
			measured: `${figure(worst.reading)} kB`,
			aim: atMost(worst.reading, 45, 'kB'),
			limits: 'The walks and outputs that the page carries as HTML, so that it reads without scripts',
		},
		{
			what: 'First live change: Preact, figure, one language, simulator (gzip, more)',
			measured: `${figure(worst.live)} kB`,
			aim: atMost(worst.live, 80, 'kB'),
			limits: 'The simulator: kernel, netfilter and kube-proxy',
		},
		{
			what: 'Exercises (gzip, more)',
			measured: `${figure(worst.exercises)} kB`,
			aim: atMost(worst.exercises, 12, 'kB'),
			limits: 'Words of one language and the question kinds',
		},
	];
}

async function searches(): Promise<Row[]> {
	const parent = mkdtempSync(join(tmpdir(), 'packetwalk-bench-'));
	const folder = join(parent, 'clé USB');
	cpSync(DIST, folder, { recursive: true });
	const browser = await launch();
	const times: number[] = [];
	let bytes = 0;
	try {
		for (let run = 0; run < 5; run++) {
			const context = await browser.newContext();
			const page = await context.newPage();
			await page.goto(`${pathToFileURL(folder).href}/en/${LESSON}`);
			let loaded = 0;
			page.on('request', (request) => {
				const path = decodeURIComponent(new URL(request.url()).pathname);
				loaded += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
			});
			const taken = await page.evaluate(async () => {
				const button = document.querySelector<HTMLElement>('[data-search-open]')!;
				const started = performance.now();
				button.click();
				const until = async (test: () => boolean): Promise<void> => {
					while (!test()) await new Promise((resolve) => requestAnimationFrame(resolve));
				};
				await until(() => document.querySelector('.search-field') !== null);
				const field = document.querySelector<HTMLInputElement>('.search-field')!;
				field.value = 'masquerade';
				field.dispatchEvent(new Event('input', { bubbles: true }));
				await until(() => document.querySelector('dialog.search [role="option"]') !== null);
				return performance.now() - started;
			});
			times.push(taken);
			bytes = loaded;
			await context.close();
		}
	} finally {
		await browser.close();
		rmSync(parent, { recursive: true, force: true });
	}
	const time = median(times);
	return [
		{
			what: 'First search from file://, from opening the dialog to results (Chromium, median of 5)',
			measured: `${figure(time)} ms`,
			aim: atMost(time, 300, 'ms'),
			limits: 'Unpacking and compiling Pagefind’s WebAssembly; a pause of 60 ms after the last key is part of it',
		},
		{
			what: 'What that search loads, from disk, before compression',
			measured: `${figure(kB(bytes))} kB`,
			aim: atMost(kB(bytes), 150, 'kB'),
			limits: 'Pagefind’s WebAssembly, 60 kB, as base64; then its script and the index',
		},
	];
}

const launch = () => {
	const found = findBrowser('chromium');
	if (!found) throw new Error('no chromium found: run `npm run browsers`');
	return chromium.launch({ executablePath: found.path, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
};

async function painting(): Promise<Row[]> {
	const site = await serve({ root: DIST });
	const browser = await launch();
	try {
		const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
		await page.goto(`${site.url}en/${LESSON}`);
		const times = await page.evaluate(async () => {
			const figureOf = document.querySelector<HTMLElement>('[data-walk]')!;
			const painted = (): Promise<void> =>
				new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
			const radios = () => [
				...figureOf.querySelectorAll<HTMLInputElement>('fieldset:first-of-type input[type="radio"]'),
			];
			const shown = () => figureOf.textContent;
			const turn = async (at: number): Promise<number> => {
				const before = shown();
				const started = performance.now();
				radios()[at % radios().length]!.click();
				for (let frame = 0; frame < 600 && shown() === before; frame++) await painted();
				await painted();
				return performance.now() - started;
			};
			const first = await turn(1);
			const taken: number[] = [];
			for (let run = 2; run < 22; run++) taken.push(await turn(run));
			return { first, taken };
		});
		const time = median(times.taken);
		return [
			{
				what: 'A switch turned to the page painted (Chromium, median of 20)',
				measured: `${figure(time)} ms`,
				aim: atMost(time, 50, 'ms'),
				limits:
					'The simulation of one connection and its reply, then Preact’s update; up to one frame of 16 ms of waiting',
			},
			{
				what: 'The first change in a figure, loading included (Chromium, local host)',
				measured: `${figure(times.first)} ms`,
				limits: 'Loading and compiling the simulator',
			},
		];
	} finally {
		await browser.close();
		await site.close();
	}
}

async function building(): Promise<Row[]> {
	const parent = mkdtempSync(join(tmpdir(), 'packetwalk-build-'));
	try {
		const started = performance.now();
		if ((await buildSite(parent)) !== 0) throw new Error('the build failed');
		const seconds = (performance.now() - started) / 1000;
		const files = listFiles(parent);
		return [
			{
				what: `Full build: ${files.filter((file) => file.endsWith('.html')).length} pages, ${files.length} files, search included`,
				measured: `${figure(seconds)} s`,
				limits: 'Mermaid in jsdom and Astro’s start',
			},
		];
	} finally {
		rmSync(parent, { recursive: true, force: true });
	}
}

export default {
	title: 'The site',
	async run() {
		if (!statSync(join(DIST, 'index.html'), { throwIfNoEntry: false }) && (await buildSite()) !== 0)
			throw new Error('the build failed');
		return [...weights(), ...(await painting()), ...(await searches()), ...(await building())];
	},
} satisfies Bench;
