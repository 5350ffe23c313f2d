import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digests } from './digest/digests.ts';
import { launch } from './harness/index.ts';

describe('one trace has one digest', () => {
	const folder = mkdtempSync(join(tmpdir(), 'packetwalk-digest-'));
	const here = digests();

	beforeAll(async () => {
		await build({
			entryPoints: [join(import.meta.dirname, 'digest/digests.ts')],
			bundle: true,
			format: 'iife',
			globalName: 'Packetwalk',
			target: 'es2022',
			outfile: join(folder, 'digests.js'),
		});
		writeFileSync(
			join(folder, 'index.html'),
			'<!doctype html><title>digests</title><script src="digests.js"></script>',
		);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('in Node, where traces that differ have digests that differ', () => {
		expect(here).toHaveLength(28);
		expect(new Set(here).size).toBeGreaterThan(24);
		expect(digests()).toEqual(here);
	});

	it.each(['chromium', 'firefox'] as const)('in Node and in %s', async (name) => {
		const root = pathToFileURL(`${folder}/`).href;
		const browser = await launch(name);
		try {
			const tab = await browser.tab(root);
			await tab.goto(`${root}index.html`);
			const there = await tab.run(
				() => (globalThis as unknown as { Packetwalk: { digests(): string[] } }).Packetwalk.digests(),
				undefined,
			);
			expect(there).toEqual(here);
			expect(tab.problems()).toEqual([]);
		} finally {
			await browser.close();
		}
	});
});
