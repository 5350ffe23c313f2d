/** The site as a reader meets it: built, fetched, changed, searched. */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../tools/browsers/find.ts';
import { buildSite, listFiles, ROOT } from '../tools/shared/index.ts';
import { type Effort, kB, MB, median, ms, ninetieth, type Part, type Row } from './row.ts';

const LESSON = 'tp2-client-address/index.html';
const LANGUAGES = ['en', 'fr', 'ko', 'zh'] as const;

/** A build of its own: `dist` stays what it is. */
const folder = join(ROOT, '.cache', 'bench-site');

async function build(): Promise<Row> {
	rmSync(folder, { recursive: true, force: true });
	const started = performance.now();
	const code = await buildSite(folder);
	if (code !== 0) throw new Error('the site does not build');
	const seconds = (performance.now() - started) / 1000;
	const files = listFiles(folder);
	const size = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
	const pages = files.filter((file) => file.endsWith('.html')).length;
	return {
		what: 'Full build',
		measured: `${seconds.toFixed(1)} s for ${pages} pages (${files.length} files, ${MB(size)})`,
		limit:
			'starting Astro and bundling, diagrams drawn in a DOM without a browser, the search index; the traces take little',
	};
}

async function weights(browser: Browser): Promise<Row[]> {
	const { open } = await import('../tests/e2e/harness/site.ts');
	const { weigh } = await import('../tests/e2e/harness/weights.ts');
	const place = await open('http');
	const all = await Promise.all(
		LANGUAGES.map(async (language) => ({ language, ...(await weigh(browser, place.root, `${language}/${LESSON}`)) })),
	);
	await place.close();
	const row = (name: 'reading' | 'live' | 'exercise', what: string, most: number, limit: string): Row => ({
		what,
		measured: all.map((w) => `${w.language} ${kB(w[name].octets)}`).join(', '),
		aim: `≤ ${most} kB`,
		met: all.every((w) => w[name].octets <= most * 1000),
		limit,
	});
	const first = all[0]!;
	const [page, ...rest] = first.reading.files;
	const style = rest.find((file) => file.endsWith('.css'))!;
	return [
		row(
			'reading',
			'To read the lesson, gzip',
			45,
			`of it the page ${kB(gzipped(page!))} (every figure and its records are in it) and the style sheet ${kB(gzipped(style))}`,
		),
		row(
			'live',
			'For the first live change, on top',
			80,
			`Preact, figures and the whole simulator, Cilium with it: ${heaviest(first.live.files)}`,
		),
		row('exercise', 'For the first exercise, on top', 12, heaviest(first.exercise.files)),
	];
}

const gzipped = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;

/** The file that weighs most, named without its hash. */
const heaviest = (files: readonly string[]): string => {
	const [size, file] = files
		.map((f) => [gzipped(f), f.replace(/^.*\//, '').replace(/\.[^.]+\.js$/, '')] as const)
		.sort((a, b) => b[0] - a[0])[0]!;
	return `${kB(size)} of it in the chunk “${file}”, the largest of ${files.length}`;
};

/** Turns the switches of the first figure, each time to a state not seen before. Runs in the page. */
async function turnSwitches(rounds: number): Promise<number[]> {
	const figure = document.querySelector<HTMLElement>('[data-walk]')!;
	const painted = (): Promise<number> =>
		new Promise((resolve) => {
			requestAnimationFrame(() => {
				const channel = new MessageChannel();
				channel.port1.onmessage = () => resolve(performance.now());
				channel.port2.postMessage(0);
			});
		});
	const changed = (): Promise<void> =>
		new Promise((resolve) => {
			const observer = new MutationObserver(() => {
				observer.disconnect();
				resolve();
			});
			observer.observe(figure, { subtree: true, childList: true, characterData: true, attributes: true });
		});
	const state = (): string =>
		[...figure.querySelectorAll<HTMLInputElement>('[data-control] input:checked')].map((i) => i.value).join(' ') +
		[...figure.querySelectorAll<HTMLSelectElement>('[data-control] select')].map((s) => s.value).join(' ');
	const seen = new Set([state()]);
	const taken: number[] = [];
	for (let i = 0; taken.length < rounds && i < rounds * 8; i++) {
		const controls = [...figure.querySelectorAll<HTMLElement>('[data-control]')].filter((c) =>
			c.querySelector('input:not(:checked):not(:disabled)'),
		);
		// Another order than one by one, so that combinations of all switches are met.
		const control = controls[(i * 7 + (i >> 3)) % controls.length]!;
		const choices = control.querySelectorAll<HTMLInputElement>('input:not(:checked):not(:disabled)');
		const choice = choices[i % choices.length]!;
		const change = changed();
		const start = performance.now();
		choice.click();
		await change;
		const end = await painted();
		const now = state();
		if (!seen.has(now)) taken.push(end - start);
		seen.add(now);
	}
	return taken;
}

async function painted(page: Page, root: string, { repeats }: Effort): Promise<Row> {
	await page.goto(`${root}en/${LESSON}`, { waitUntil: 'load' });
	await page.locator('[data-walk]').first().dispatchEvent('pointerdown');
	await page.waitForSelector('[data-walk][data-live="on"]');
	const taken = (await page.evaluate(turnSwitches, 10 + repeats * 6)).slice(5);
	const middle = median(taken);
	return {
		what: 'A switch turned, the new figure painted (Chromium)',
		measured: `median ${ms(middle)}, nine in ten below ${ms(ninetieth(taken))}`,
		aim: '< 50 ms',
		met: middle < 50,
		limit: `${taken.length} new situations in turn; the wait for the next frame, up to 16.7 ms, is part of it`,
	};
}

/** Opens the dialog and asks at once: the index and the engine are loaded meanwhile. Runs in the page. */
async function firstSearch(query: string): Promise<number> {
	const start = performance.now();
	document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }));
	const wait = async (ready: () => unknown): Promise<void> => {
		while (!ready()) await new Promise((resolve) => setTimeout(resolve, 1));
	};
	const field = (): HTMLInputElement | null => document.querySelector('dialog.search[open] .search-field');
	await wait(field);
	field()!.value = query;
	field()!.dispatchEvent(new Event('input', { bubbles: true }));
	await wait(() => document.querySelector('#search-results [role="option"]'));
	return performance.now() - start;
}

const QUERIES = { en: 'masquerade', fr: 'suivi de connexion', ko: '규칙의 비용', zh: '规则的代价' } as const;

async function search(browser: Browser, { repeats }: Effort): Promise<Row[]> {
	const { open } = await import('../tests/e2e/harness/site.ts');
	const place = await open('file');
	const taken: number[] = [];
	let most = 0;
	let zipped = 0;
	for (let i = 0; i < repeats; i++)
		for (const language of LANGUAGES) {
			const context = await browser.newContext();
			const page = await context.newPage();
			await page.goto(`${place.root}${language}/${LESSON}`, { waitUntil: 'load' });
			const files = new Set<string>();
			page.on('request', (request) => files.add(decodeURI(request.url()).slice(decodeURI(place.root).length)));
			taken.push(await page.evaluate(firstSearch, QUERIES[language]));
			const mine = [...files].filter((file) => file.startsWith('search/'));
			const octets = mine.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
			if (octets > most) {
				most = octets;
				zipped = mine.reduce((sum, file) => sum + gzipped(file), 0);
			}
			await context.close();
		}
	await place.close();
	const slowest = Math.max(...taken);
	return [
		{
			what: 'First search from file://, key to results',
			measured: `median ${ms(median(taken))}, slowest ${ms(slowest)}`,
			aim: '< 300 ms',
			met: median(taken) < 300,
			limit:
				'the script of the dialog, the index, the engine and the texts of what was found are read, one after the other',
		},
		{
			what: 'Read for it, in the language that needs most',
			measured: `${kB(most)} (${kB(zipped)} with gzip)`,
			aim: '≤ 150 kB',
			met: most <= 150_000,
			limit: 'the list of sections and the engine; of the index and the texts only the pieces that the query needs',
		},
	];
}

export async function site(effort: Effort): Promise<Part[]> {
	const built: Part = { title: 'The build', rows: [await build()] };
	process.env.PACKETWALK_DIST = folder;
	const title = 'In the browser';
	const found = findBrowser('chromium');
	if (!found) return [built, { title, rows: [], skipped: 'no Chromium found: run `npm run browsers`' }];
	const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
	const browser = await chromium.launch({ executablePath: found.path, args });
	try {
		const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
		const { open } = await import('../tests/e2e/harness/site.ts');
		const place = await open('http');
		const rows = [await painted(page, place.root, effort), ...(await search(browser, effort))];
		const { terminalInBrowser } = await import('./terminal.ts');
		const typed = await terminalInBrowser(browser, place.root, gzipped, effort);
		await place.close();
		return [built, { title, rows }, typed, { title: 'What a page weighs', rows: await weights(browser) }];
	} finally {
		await browser.close();
		rmSync(folder, { recursive: true, force: true });
	}
}
