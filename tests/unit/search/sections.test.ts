import { describe, expect, it } from 'vitest';
import { pageText } from '../../../src/integrations/search/sections.ts';

const page = (body: string, lang = 'en'): string =>
	`<!doctype html><html lang="${lang}"><head><title>T · Site</title></head><body><nav>menu</nav><main id="text" data-pagefind-body>${body}</main><footer>foot</footer></body></html>`;
const outline = (body: string) =>
	pageText(page(body))!.sections.map(({ anchor, heading, blocks }) => [
		anchor,
		heading,
		blocks.map(({ text }) => text),
	]);

describe('the searchable text of a page', () => {
	it('is cut at the headings with an id, and leaves out what is not text', () => {
		expect(
			outline(
				'<h1>Title</h1><p>Lead.</p><nav>contents</nav><h2 id="a">One <a aria-hidden="true" href="#a">#</a></h2><p>Of <code>KUBE-SVC</code>, <b>bold</b>.</p><button>x</button><h3>Inside</h3><ul><li>i</li><li>j</li></ul><section id="b"><h2>Two</h2><pre>l1\nl2</pre></section>',
			),
		).toEqual([
			['', 'Title', ['Lead.']],
			['a', 'One', ['Of KUBE-SVC, bold.', 'Inside', 'i', 'j']],
			['b', 'Two', ['l1 l2']],
		]);
	});
	it('makes a section of each term of a glossary, and returns to the one around it', () => {
		expect(
			outline(
				'<h1>Glossary</h1><dl><div id="x"><dt>X</dt><dd>is x</dd></div><dt id="y">Y</dt><dd>is y</dd></dl><p>End.</p>',
			),
		).toEqual([
			['', 'Glossary', ['End.']],
			['x', 'X', ['is x']],
			['y', 'Y', ['is y']],
		]);
	});
	it('keeps an exercise in the section it stands in, at less weight', () => {
		const text = pageText(
			page(
				'<h1>T</h1><h2 id="a">A</h2><section id="x" data-exercise="x"><h3 id="y">X</h3><p>Ask.</p></section><p>On.</p>',
			),
		);
		expect(text?.sections.map(({ anchor }) => anchor)).toEqual(['', 'a']);
		expect(text?.sections[1]?.blocks.map(({ text: words, weight }) => [words, weight])).toEqual([
			['X', 0.4],
			['Ask.', 0.4],
			['On.', 1],
		]);
	});
	it('knows the language by its primary subtag, and only reads pages that want to be found', () => {
		expect(pageText(page('<h1>T</h1>', 'zh-Hans'))?.language).toBe('zh');
		expect(pageText('<html lang="en"><body><main><h1>x</h1></main></body></html>')).toBe(undefined);
	});
});
