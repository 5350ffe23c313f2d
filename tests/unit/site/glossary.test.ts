import { mdxToJs } from 'satteri';
import { describe, expect, it } from 'vitest';
import { type Entry, finderOf, glossaryLinks } from '../../../src/integrations/glossary/index.ts';

const GLOSSARY: Entry[] = [
	{ id: 'chain', en: { term: 'chain' }, ko: { term: '체인' }, zh: { term: '链' } },
	{ id: 'ebpf', en: { term: 'eBPF' }, zh: { term: 'eBPF' } },
	{ id: 'program', en: { term: 'eBPF program' }, zh: { term: 'eBPF程序' } },
	{
		id: 'conntrack',
		en: { term: 'connection tracking (conntrack)' },
		ko: { term: '커넥션 트래킹', also: ['conntrack'] },
	},
	{ id: 'route', en: { term: 'route' }, zh: { term: '路由', except: ['路由器'] }, ko: { term: '라우트' } },
	{ id: 'node', help: false, en: { term: 'node' }, ko: { term: '노드' } },
];
const found = (text: string, language: string) =>
	finderOf(GLOSSARY, language)(text).map(({ id, start, end }) => [id, text.slice(start, end)]);

describe('terms in a text', () => {
	it('stand between word limits, in the plural too, with a capital where a sentence begins', () => {
		expect(found('Chains, a chain; enchained, chain_a, chain-b.', 'en')).toEqual([
			['chain', 'Chains'],
			['chain', 'chain'],
		]);
	});

	it('are the longer one where two begin, and any of their names', () => {
		expect(found('An eBPF program and conntrack, without eBPF.', 'en').map(([id]) => id)).toEqual([
			'program',
			'conntrack',
			'ebpf',
		]);
	});

	it('begin a word in Korean, whatever particle follows', () => {
		expect(found('체인을 지나고 블록체인은 아니며 conntrack이 안다', 'ko').map(([, text]) => text)).toEqual([
			'체인',
			'conntrack',
		]);
	});

	it('are no single character in Chinese, and no part of a word that means another thing', () => {
		expect(found('链路上的路由器查路由，eBPF程序也查', 'zh')).toEqual([
			['route', '路由'],
			['program', 'eBPF程序'],
		]);
	});

	it('are left out where readers know them', () => {
		expect(found('a node', 'en')).toEqual([]);
	});
});

describe('links to the glossary', () => {
	const compile = async (source: string) =>
		(
			await mdxToJs(source, {
				fileURL: new URL('file:///content/tp/en.mdx'),
				hastPlugins: [glossaryLinks(GLOSSARY)],
			})
		).code;
	const links = (code: string) => code.match(/glossary\/#[a-z-]+/g) ?? [];

	it('are made of the first use in each section, in notes and lists too', async () => {
		const code = await compile('A chain, a chain.\n\n<Note>An eBPF map.</Note>\n\n## Next\n\n- a **chain**\n');
		expect(links(code)).toEqual(['glossary/#chain', 'glossary/#ebpf', 'glossary/#chain']);
		expect(code).toContain('"/en/glossary/#chain"');
	});

	it('are not made of titles, code and links', async () => {
		expect(links(await compile('# A chain\n\n`chain` and [a chain](x.html).\n\n## chain\n'))).toEqual([]);
	});
});
