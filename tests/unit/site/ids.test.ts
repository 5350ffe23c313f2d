import { mdxToJs } from 'satteri';
import { describe, expect, it } from 'vitest';
import { markedIds, requiredIds } from '../../../src/integrations/ids/index.ts';

const compile = async (source: string) =>
	(await mdxToJs(source, { mdastPlugins: [markedIds()], hastPlugins: [requiredIds()] })).code;

describe('section ids', () => {
	it('a mark at the end of a heading becomes its id and leaves the text', async () => {
		const code = await compile('## The `nat` table [#nat-table]\n');
		expect(code).toContain('id: "nat-table"');
		expect(code).not.toContain('[#');
	});

	it('a mark after inline code works as well', async () => {
		expect(await compile('## `iptables` [#rules]\n')).toContain('id: "rules"');
	});

	it('a section without an id fails', async () => {
		await expect(compile('## No id here\n')).rejects.toThrow(/"No id here" has no id/);
	});

	it('an id that is not plain ASCII fails, so that links last', async () => {
		await expect(compile('## 标题 [#标题]\n')).rejects.toThrow(/only a-z/);
	});

	it('the same id twice fails', async () => {
		await expect(compile('## A [#a]\n\n### B [#a]\n')).rejects.toThrow(/two headings/);
	});

	it('two documents may have the same ids', async () => {
		const plugins = { mdastPlugins: [markedIds()], hastPlugins: [requiredIds()] };
		await mdxToJs('## A [#a]\n', plugins);
		await expect((async () => mdxToJs('## A [#a]\n', plugins))()).resolves.toBeDefined();
	});
});
