/** The terminal: opened and typed into in a browser; a large cluster listed, and tapes replayed, without one. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { furnish, readable, Session, surroundings, tools } from '../src/cli/index.ts';
import { labPreset } from '../src/sim/lab/index.ts';
import { play } from '../tests/tapes/play.ts';
import { readTape } from '../tests/tapes/tape.ts';
import { type Effort, kB, median, ms, ninetieth, type Part, type Row, whole } from './row.ts';

const PAGE = 'lab/index.html';
const PODS = 36_000;

/** Pods of as many deployments, as the API server has them; no kubelet is asked for them. */
function crowd(lab: NonNullable<ReturnType<typeof labPreset>>): void {
	const { api } = lab.clusters()[0]!;
	const nodes = ['basic-worker', 'basic-worker2', 'basic-worker3'];
	for (let i = 0; i < PODS; i++) {
		const made = api.create({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: `web-${i}`, namespace: 'default', labels: { app: `web-${i % 1200}` } },
			spec: { nodeName: nodes[i % 3]!, containers: [{ name: 'web', image: 'nginx:1.23' }] },
		});
		if ('error' in made) throw new Error(JSON.stringify(made));
	}
}

async function listed({ repeats }: Effort): Promise<Row> {
	const lab = labPreset('kind-basic')!;
	crowd(lab);
	let text = '';
	const session = new Session({
		lab,
		tools,
		surroundings,
		write: (octets) => {
			text += readable(octets);
		},
	});
	await furnish(session);
	const taken: number[] = [];
	for (let i = 0; i < Math.min(repeats, 7) + 2; i++) {
		text = '';
		const start = performance.now();
		await session.run('kubectl get pods -A > /tmp/all');
		taken.push(performance.now() - start);
	}
	await session.run('wc -l < /tmp/all');
	if (Number(text) < PODS) throw new Error(`not all were listed: ${text}`);
	const middle = median(taken.slice(2));
	return {
		what: `kubectl get pods -A, ${whole(PODS)} pods`,
		measured: `${ms(middle)} (the first time ${ms(taken[0]!)})`,
		aim: '< 200 ms',
		met: middle < 200,
		limit: 'rows and columns, into a file: on the screen a line may show 1 MiB, and 4,000 lines are kept',
	};
}

async function tapes(): Promise<Row> {
	const folder = new URL('../tests/tapes/', import.meta.url);
	const all = readdirSync(folder)
		.filter((name) => name.endsWith('.tape'))
		.map((name) => readTape(readFileSync(new URL(name, folder), 'utf8')));
	for (const tape of all.slice(0, 2)) await play(tape);
	const start = performance.now();
	for (const tape of all) await play(tape);
	const seconds = (performance.now() - start) / 1000;
	const commands = all.reduce((sum, tape) => sum + tape.steps.length, 0);
	return {
		what: 'Tapes replayed',
		measured: `${(all.length / seconds).toFixed(1)} a second (${whole(commands / seconds)} commands a second)`,
		limit: `${all.length} tapes, most with a cluster from nothing and an installation of Cilium in it`,
	};
}

export async function terminal(effort: Effort): Promise<Part> {
	return { title: 'The terminal’s tools', rows: [await listed(effort), await tapes()] };
}

/** Opens the terminal and waits for its prompt. Runs in the page. */
async function opened(): Promise<number> {
	const button = document.querySelector<HTMLElement>('[data-sandbox] .sb-open')!;
	const start = performance.now();
	button.click();
	const ready = (): boolean => document.querySelector<HTMLTextAreaElement>('.tm textarea')?.readOnly === false;
	while (!ready()) await new Promise((resolve) => setTimeout(resolve, 1));
	return performance.now() - start;
}

/** Types letters, each painted before the next. Runs in the page. */
async function typed(count: number): Promise<number[]> {
	const field = document.querySelector<HTMLTextAreaElement>('.tm textarea')!;
	field.focus();
	const taken: number[] = [];
	for (let i = 0; i < count; i++) {
		const start = performance.now();
		field.value += 'a';
		field.dispatchEvent(new InputEvent('input', { bubbles: true }));
		await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
		taken.push(performance.now() - start);
	}
	return taken;
}

async function ready(page: Page, root: string): Promise<void> {
	await page.goto(`${root}en/${PAGE}`, { waitUntil: 'load' });
	await page.waitForFunction(() => document.querySelector<HTMLElement>('[data-sandbox] .sb-open')?.hidden === false);
}

/** In the site that stands at `root`; `gzipped` weighs one of its files. */
export async function terminalInBrowser(
	browser: Browser,
	root: string,
	gzipped: (file: string) => number,
	{ repeats }: Effort,
): Promise<Part> {
	const taken: number[] = [];
	let octets = 0;
	let keys: number[] = [];
	for (let i = 0; i < repeats; i++) {
		const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
		const page = await context.newPage();
		await ready(page, root);
		const files = new Set<string>();
		// By its place in the site: the server has it below a path of several parts.
		page.on('request', (request) => files.add(decodeURI(request.url().slice(root.length))));
		taken.push(await page.evaluate(opened));
		octets = Math.max(
			octets,
			[...files].reduce((sum, file) => sum + gzipped(file), 0),
		);
		if (i === repeats - 1) keys = await page.evaluate(typed, 60);
		await context.close();
	}
	const middle = median(keys.slice(10));
	return {
		title: 'The terminal in the browser (Chromium)',
		rows: [
			{
				what: 'Terminal ready after the click',
				measured: `median ${ms(median(taken))}, slowest ${ms(Math.max(...taken))}`,
				limit: 'its scripts are fetched and a cluster is run from nothing to where the preset begins',
			},
			{
				what: 'Fetched when it opens, gzip',
				measured: kB(octets),
				aim: '≤ 450 kB',
				met: octets <= 450_000,
				limit:
					'the shell, the simulator whole, the API server and the lab; kubectl, helm, kind and cilium come when they are run',
			},
			{
				what: 'A key pressed, its letter painted',
				measured: `median ${ms(middle)}, nine in ten below ${ms(ninetieth(keys.slice(10)))}`,
				limit: 'the wait for the next frame, up to 16.7 ms',
			},
		],
	};
}
