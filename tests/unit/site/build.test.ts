import { fileURLToPath } from 'node:url';
import { JSDOM } from 'jsdom';
import { createCssVariablesTheme, createHighlighter } from 'shiki';
import { describe, expect, it } from 'vitest';
import { codeClasses } from '../../../src/integrations/code/index.ts';
import { drawDiagram } from '../../../src/integrations/diagrams/index.ts';
import { packageOf, thirdParty } from '../../../src/integrations/licences/index.ts';
import { sitemapOf } from '../../../src/integrations/sitemap/index.ts';

describe('code', () => {
	it('is coloured by classes alone', async () => {
		const highlighter = await createHighlighter({
			langs: ['bash'],
			themes: [createCssVariablesTheme({ variablePrefix: '--astro-code-' })],
		});
		const html = highlighter.codeToHtml('for i in 1; do echo "$i"; done # all', {
			lang: 'bash',
			theme: 'css-variables',
			transformers: [codeClasses()],
		});
		expect(html).not.toContain('style=');
		expect(html).toContain('tk-keyword');
		expect(html).toContain('tk-comment');
	});
});

describe('diagrams', () => {
	const SEQUENCE =
		'sequenceDiagram\naccTitle: t\naccDescr: d\nparticipant A as 客户端\nA->>B: 请求 → 回答\nNote over A,B: 되돌림\nB-->>A: x';
	const FLOW =
		'flowchart LR\naccTitle: t\naccDescr: d\nA[one] -->|yes| B{two}\nsubgraph n [node]\nB -.-> C((three))\nend';

	it.each([
		['a sequence', SEQUENCE],
		['a flow', FLOW],
	])('%s has classes, no colours of its own, and ids that start as asked', async (_, source) => {
		const svg = await drawDiagram(source, 'dx');
		expect(svg).not.toMatch(/style=|<style|foreignObject|#[0-9a-fA-F]{3,6}\b(?!-)/);
		const { document } = new JSDOM(svg).window;
		const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		for (const id of ids) expect(id).toMatch(/^dx-/);
		for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
		for (const element of document.querySelectorAll('[fill], [stroke]')) {
			expect([element.getAttribute('fill') ?? 'none', element.getAttribute('stroke') ?? 'none']).toEqual([
				'none',
				'none',
			]);
		}
	});

	it('the words are all there, and nothing is of no size', async () => {
		const svg = await drawDiagram(SEQUENCE, 'dy');
		for (const word of ['客户端', '请求 → 回答', '되돌림']) expect(svg).toContain(word);
		expect(svg).not.toMatch(/NaN|undefined|Infinity/);
	});

	it('a mistake in the source is an error with words', async () => {
		await expect(drawDiagram('sequenceDiagram\nA->>', 'dz')).rejects.toThrow(/Parse error|Syntax error/i);
	});
});

describe('third-party licences', () => {
	it('a module belongs to its innermost package', () => {
		expect(packageOf('/x/node_modules/preact/dist/preact.mjs')).toBe('preact');
		expect(packageOf('/x/node_modules/a/node_modules/@b/c/index.js')).toBe('@b/c');
		expect(packageOf('/x/src/site/main.ts')).toBeUndefined();
		expect(packageOf('\0vite/preload-helper')).toBeUndefined();
	});

	it('are printed whole', () => {
		const text = thirdParty(['preact'], fileURLToPath(new URL('../../../node_modules', import.meta.url)));
		expect(text).toMatch(/^preact 10\./m);
		expect(text).toContain('Permission is hereby granted');
	});
});

describe('the sitemap', () => {
	it('has absolute addresses under the site’s own path', () => {
		expect(sitemapOf('https://example.org/course/', ['', 'en/'])).toContain(
			'<loc>https://example.org/course/en/</loc>',
		);
	});
});
