import { mdxToJs } from 'satteri';
import { describe, expect, it } from 'vitest';
import { cjkEmphasis, pairAsterisks } from '../../../src/integrations/emphasis/index.ts';

const compile = async (source: string) => (await mdxToJs(source, { mdastPlugins: [cjkEmphasis()] })).code;

describe('emphasis beside Chinese and Korean text', () => {
	it('closes after punctuation where no space follows', async () => {
		const code = await compile('**路由决策在这之后。**数据包现在的目的地是它。\n');
		expect(code).toContain('strong');
		expect(code).not.toContain('**');
	});

	it('keeps what is inside, components included', async () => {
		const code = await compile('**地址是<Val of="a"/>。**之后。\n');
		expect(code).toContain('Val');
		expect(code).toMatch(/of: "a"/);
		expect(code).not.toContain('**');
	});

	it('leaves a lone pair of asterisks alone', () => {
		expect(pairAsterisks([{ type: 'text', value: 'two ** stars' }])).toBeUndefined();
	});

	it('leaves the third of three marks as it is', () => {
		expect(pairAsterisks([{ type: 'text', value: 'a**b**c**d' }])).toEqual([
			{ type: 'text', value: 'a' },
			{ type: 'strong', children: [{ type: 'text', value: 'b' }] },
			{ type: 'text', value: 'c' },
			{ type: 'text', value: '**' },
			{ type: 'text', value: 'd' },
		]);
	});
});
