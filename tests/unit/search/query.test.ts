import { describe, expect, it } from 'vitest';
import { apart, splitWords, unelided } from '../../../src/search/apart.ts';
import { excerpt } from '../../../src/search/excerpt.ts';
import { readQuery } from '../../../src/search/query/index.ts';

const asks = (text: string, language: string, synonyms?: string[][]): string[] =>
	readQuery(text, language, synonyms).flatMap(({ alternatives }) => alternatives.map(({ ask }) => ask));
const strong = (text: string, language: string): string[] =>
	readQuery(text, language)
		.filter(({ weight, bonus }) => weight > 0.5 && !bonus)
		.map(({ alternatives }) => alternatives[0]!.ask);

describe('a query', () => {
	it('takes a chain name whole and in parts', () => {
		expect(asks('KUBE-MARK-MASQ', 'en')).toEqual(['kubemarkmasq', 'kube', 'mark', 'masq']);
	});
	it('leaves words that say nothing faint, unless there are no others', () => {
		expect(strong('where is the address', 'en')).toEqual(['address']);
		expect(strong('who are you', 'en')).toEqual(['who', 'are', 'you']);
		expect(strong('l’adresse du client', 'fr')).toEqual(['adresse', 'client']);
	});
	it('asks Korean as phrases of syllables, with and without particle, inflected otherwise too', () => {
		const all = asks('클라이언트의', 'ko');
		expect(all).toEqual(expect.arrayContaining(['"클 라 이 언 트 의"', '"클 라 이 언 트"']));
		expect(asks('바뀌나요', 'ko')).toEqual(expect.arrayContaining(['"바 뀝"', '"바 뀐"']));
	});
	it('splits Chinese into words and Latin from Chinese', () => {
		expect(asks('NodePort服务', 'zh')).toEqual(expect.arrayContaining(['nodeport', '"服 务"']));
		expect(asks('连接跟踪表', 'zh')).toEqual(expect.arrayContaining(['"连 接 跟 踪 表"', '"连 接"', '"跟 踪"']));
	});
	it('adds what the glossary says is the same', () => {
		expect(asks('포드', 'ko', [['파드', '포드', 'pod']])).toEqual(expect.arrayContaining(['"파 드"', '"pod"']));
		expect(asks('podium', 'en', [['pod', 'unit']])).toEqual(['podium']);
		const policy = [['externaltrafficpolicy', '외부 트래픽 정책']];
		for (const spaced of ['외부 트래픽 정책을', '외부트래픽정책', '외부 트래픽정책은'])
			expect(asks(spaced, 'ko', policy)).toContain('"externaltrafficpolicy"');
	});
	it('survives what is not a query', () => {
		for (const text of ['', '   ', '"', '-- //', '\u200B', 'a'.repeat(5000), '"""quoted"""', '😀']) {
			expect(() => readQuery(text, 'ko')).not.toThrow();
			expect(() => readQuery(text, 'fr')).not.toThrow();
		}
		expect(readQuery('  ', 'en')).toEqual([]);
	});
});

describe('text set apart', () => {
	it('French words stand without what was elided before them, of any apostrophe', () => {
		expect(unelided("l’adresse d'entrée qu’il jusqu’ici aujourd’hui")).toBe(
			"l’ adresse d' entrée qu’ il jusqu’ ici aujourd’hui",
		);
	});
	it('makes each Han or Hangul character a word and keeps the rest', () => {
		expect(splitWords(apart('NodePort服务의 pod')).map(({ word }) => word)).toEqual([
			'NodePort',
			'服',
			'务',
			'의',
			'pod',
		]);
		expect(
			splitWords(apart('파드 하나'))
				.map(({ word, after }) => word + after)
				.join(''),
		).toBe('파드 하나');
	});
});

describe('an excerpt', () => {
	it('shows the densest matches, marked, without the heading', () => {
		const text =
			`Heading one ${'filler '.repeat(60)}the address is masquerade address here ${'more '.repeat(60)}`.trim();
		const pieces = excerpt(text, [0, 63, 65, 66], 2, false);
		expect(pieces.filter(({ mark }) => mark).map(({ text: shown }) => shown)).toEqual([
			'address',
			'masquerade address',
		]);
		expect(pieces[0]!.text.startsWith('… ')).toBe(true);
		expect(pieces.at(-1)!.text.endsWith('…')).toBe(true);
		expect(pieces.map(({ text: shown }) => shown).join('')).not.toContain('Heading');
	});
	it('starts at the beginning when only the heading matches', () => {
		expect(excerpt('Head word body text', [0], 2, false)).toEqual([{ text: 'body text', mark: false }]);
	});
});
