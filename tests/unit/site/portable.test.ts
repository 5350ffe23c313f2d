import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { JSDOM } from 'jsdom';
import { afterEach, describe, expect, it } from 'vitest';
import { inOrder, makePortable, toClassic } from '../../../src/integrations/portable/index.ts';
import { relative, resolve, rootOf } from '../../../src/integrations/portable/urls.ts';

const made: string[] = [];
afterEach(() => {
	for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A site on disk with these files. */
function site(files: Record<string, string>): string {
	const root = mkdtempSync(join(tmpdir(), 'portable '));
	made.push(root);
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, name)), { recursive: true });
		writeFileSync(join(root, name), text);
	}
	return root;
}

const page = (body: string) =>
	`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body>${body}</body></html>`;
const options = { assets: 'assets', base: '/' };
const read = (root: string, file: string) => readFileSync(join(root, file), 'utf8');

describe('links', () => {
	const files = new Set(['index.html', 'en/index.html', 'en/tp/index.html', 'a.html', 'x.css']);

	it('a folder is its index.html', () => {
		expect(resolve('index.html', '/en/', files)).toMatchObject({ kind: 'file', file: 'en/index.html' });
		expect(resolve('en/tp/index.html', '../', files)).toMatchObject({ kind: 'file', file: 'en/index.html' });
		expect(resolve('en/tp/index.html', '/', files)).toMatchObject({ kind: 'file', file: 'index.html' });
		expect(resolve('index.html', '/a', files)).toMatchObject({ kind: 'file', file: 'a.html' });
	});

	it('keeps query and fragment', () => {
		expect(resolve('index.html', '/en/?q=1#s&p=2', files)).toMatchObject({ tail: '?q=1#s&p=2', fragment: 's&p=2' });
	});

	it('another host is none of our business', () => {
		for (const url of ['https://a.b/', '//a.b/', 'mailto:a@b'])
			expect(resolve('index.html', url, files).kind).toBe('elsewhere');
	});

	it('relative URLs name the file', () => {
		expect(relative('en/tp/index.html', 'en/index.html')).toBe('../index.html');
		expect(relative('index.html', 'en/index.html')).toBe('en/index.html');
		expect(rootOf('en/tp/index.html')).toBe('../../');
		expect(rootOf('index.html')).toBe('./');
	});
});

describe('a portable site', () => {
	it('has relative URLs, the policy on every page, and no module scripts', async () => {
		const root = site({
			'index.html': page('<a href="/en/">x</a>'),
			'en/index.html': page('<a href="/">x</a><script type="module" src="/assets/a.js"></script>'),
			'assets/a.js': 'import { b } from "./b.js"; window.seen = b;',
			'assets/b.js': 'export const b = 7;',
		});
		const report = await makePortable(root, options);
		expect(report).toEqual({ pages: 2, chunks: 2, problems: [] });
		expect(read(root, 'index.html')).toContain('href="en/index.html"');
		expect(read(root, 'index.html')).toContain("default-src 'none'");
		const html = read(root, 'en/index.html');
		expect(html).not.toContain('type="module"');
		expect(html.match(/src="[^"]+"/g)).toEqual([
			'src="../assets/modules.js"',
			'src="../assets/b.js"',
			'src="../assets/a.js"',
		]);
	});

	it.each([
		['a link to nowhere', '<a href="/nowhere/">x</a>', /leads nowhere/],
		['a section that is not there', '<a href="#gone">x</a>', /section that is not there/],
		['an inline script', '<script>alert(1)</script>', /inline script/],
		['a style attribute', '<p style="color:red">x</p>', /style attribute/],
		['a style element', '<style>p{}</style>', /inline style sheet/],
		['an event handler', '<p onclick="x()">x</p>', /handler/],
		['a javascript: link', '<a href="javascript:alert(1)">x</a>', /javascript:/],
		['a picture from another host', '<img src="https://a.b/c.png">', /another host/],
	])('fails on %s', async (_, body, message) => {
		const { problems } = await makePortable(site({ 'index.html': page(body) }), options);
		expect(problems.join('\n')).toMatch(message);
	});

	it('accepts data in a script element, and a permalink after a section', async () => {
		const body = '<h2 id="s">s</h2><a href="#s&amp;w=abc">x</a><script type="application/json">{}</script>';
		expect((await makePortable(site({ 'index.html': page(body) }), options)).problems).toEqual([]);
	});

	it('a page that says nothing is found at any depth has absolute URLs', async () => {
		const root = site({ '404.html': page('<a href="/">x</a>'), 'index.html': page('') });
		await makePortable(root, { assets: 'assets', base: '/sub/path/' });
		expect(read(root, '404.html')).toContain('href="/sub/path/index.html"');
	});

	it('style sheets find their files', async () => {
		const sheet = 'a{background:url("/i.svg")}';
		const linked = page('<link rel="stylesheet" href="/assets/a.css">');
		const root = site({ 'index.html': linked, 'assets/a.css': sheet, 'assets/b.css': sheet, 'i.svg': '<svg/>' });
		await makePortable(root, options);
		expect(read(root, 'assets/a.css')).toContain('url("../i.svg")');
		expect(existsSync(join(root, 'assets/b.css')), 'nobody asks for it').toBe(false);
	});
});

describe('modules as classic scripts', () => {
	it('refuses an import() that is not a literal', async () => {
		await expect(toClassic('assets/a.js', 'import(x)')).rejects.toThrow(/not a literal/);
	});

	it('runs what a chunk needs before it, once, also in a circle', () => {
		const needs: Record<string, string[]> = { a: ['b', 'c'], b: ['c'], c: ['b'] };
		expect(inOrder('a', (id) => needs[id]!)).toEqual(['c', 'b', 'a']);
	});

	it('work in a page: static and later imports, live bindings, defaults', async () => {
		const root = site({
			'index.html': page('<script type="module" src="/assets/a.js"></script>'),
			'assets/a.js':
				'import d, { count, add } from "./b.js"; add(); window.log = [d, count];' +
				'window.done = import("./c.js").then((m) => window.log.push(m.default, m.count()));',
			'assets/b.js': 'export let count = 1; export const add = () => count++; export default "d";',
			'assets/c.js':
				'import { count } from "./b.js"; export * from "./e.js"; export default "later"; const f = () => count; export { f as count };',
			'assets/e.js': 'export const e = 1;',
		});
		expect((await makePortable(root, options)).problems).toEqual([]);
		const { window } = await JSDOM.fromFile(join(root, 'index.html'), {
			runScripts: 'dangerously',
			resources: 'usable',
		});
		await new Promise((ready) => window.addEventListener('load', ready));
		await window.done;
		expect([...window.log]).toEqual(['d', 2, 'later', 2]);
		window.close();
	});
});
