import { describe, expect, it } from 'vitest';
import { LANGUAGES, ui } from '../../../src/i18n/index.ts';

/** Every string of an object, by path; functions are called with numbers. */
function strings(value: unknown, path = ''): [string, string][] {
	if (typeof value === 'string') return [[path, value]];
	if (typeof value === 'function')
		return [
			[
				path,
				String((value as (...a: unknown[]) => unknown)(...(path === '.versions' ? ['K', ['1', '2', '3']] : [2, 5]))),
			],
		];
	return Object.entries(value as object).flatMap(([key, inner]) => strings(inner, `${path}.${key}`));
}

describe('interface strings', () => {
	it.each(LANGUAGES)('%s has every string, none empty', (lang) => {
		const paths = strings(ui(lang)).map(([path]) => path);
		expect(paths).toEqual(strings(ui('en')).map(([path]) => path));
		for (const [path, text] of strings(ui(lang))) expect(text.trim(), path).not.toBe('');
	});

	it('no language shows another one’s sentence', () => {
		const english = new Map(strings(ui('en')));
		for (const lang of ['fr', 'ko', 'zh'] as const) {
			const same = strings(ui(lang)).filter(
				([path, text]) => english.get(path) === text && text.length > 12 && path !== '.versions',
			);
			expect(same).toEqual([]);
		}
	});

	it('French keeps its punctuation on the line', () => {
		for (const [path, text] of strings(ui('fr'))) expect(text, path).not.toMatch(/ [;:!?»]|« (?=\S)/);
	});

	it('Chinese sentences have no spaces between Chinese characters and Chinese punctuation', () => {
		for (const [path, text] of strings(ui('zh')))
			expect(text, path).not.toMatch(/\p{Script=Han} \p{Script=Han}|[,.;:!?](?=\p{Script=Han})/u);
	});
});
