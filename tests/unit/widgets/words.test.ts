import { expect, test } from 'vitest';
import { loadFigureText } from '../../../src/i18n/figure/index.ts';
import { LANGUAGES, type Language } from '../../../src/i18n/index.ts';
import { namesIn, rich } from '../../../src/i18n/rich.ts';
import {
	loadCiliumWhy,
	loadEgressWhy,
	loadKernelWhy,
	loadPolicyWhy,
	loadWhy,
	type WhyWords,
} from '../../../src/i18n/why/index.ts';
import type { WhyCode } from '../../../src/sim/trace/index.ts';

const why = Object.fromEntries(
	await Promise.all(LANGUAGES.map(async (l) => [l, await loadWhy(l)] as const)),
) as unknown as Record<Language, WhyWords>;
const figure = Object.fromEntries(
	await Promise.all(LANGUAGES.map(async (l) => [l, await loadFigureText(l)] as const)),
) as Record<Language, object>;

/** Places that make functions take each of their branches. */
const PLACES = [
	{ hook: 'PREROUTING' as const },
	...[
		'KUBE-EXT-AAAAAAAAAAAAAAAA',
		'KUBE-SVC-AAAAAAAAAAAAAAAA',
		'KUBE-SEP-AAAAAAAAAAAAAAAA',
		'KUBE-MARK-MASQ',
		'KUBE-POSTROUTING',
		'KUBE-FIREWALL',
		'CILIUM_POST_nat',
	].map((chain) => ({ hook: 'PREROUTING' as const, chain })),
	...['--mark 0x4000/0x4000', 'RELATED,ESTABLISHED', 'has no local endpoints', 'INVALID', 'has no endpoints'].map(
		(entry) => ({ hook: 'FORWARD' as const, entry }),
	),
];
const PARAMS = [
	{ direction: 'reply', policy: 'ACCEPT', mark: '0x0', chain: 'KUBE-MARK-MASQ', how: 'connection' },
	{ direction: 'original', policy: 'DROP', mark: '0x4000', chain: 'KUBE-SERVICES', how: 'affinity' },
	{ direction: 'original', policy: 'DROP', mark: '0x4000', chain: 'KUBE-POSTROUTING', how: 'maglev' },
	{ direction: 'original', policy: 'DROP', mark: '0x4000', chain: 'OTHER', how: 'lot' },
];

/** Every template a reason may give, in one language. */
function templates(words: WhyWords, code: WhyCode): string[] {
	const word = words[code] as string | ((p: object, at: object) => string);
	if (typeof word === 'string') return [word];
	return [...new Set(PARAMS.flatMap((p) => PLACES.map((at) => word(p, at))))];
}

const CODES = Object.keys(why.en) as WhyCode[];

test('the languages ask for the same values, reason by reason', () => {
	for (const code of CODES) {
		const names = (l: Language) => [...new Set(templates(why[l], code).flatMap(namesIn))].sort().join(' ');
		for (const l of LANGUAGES) expect(`${code}: ${names(l)}`).toBe(`${code}: ${names('en')}`);
	}
});

test('reasons stand in the order of their codes, in every language', async () => {
	for (const l of LANGUAGES) {
		for (const words of [
			await loadKernelWhy(l),
			await loadCiliumWhy(l),
			await loadEgressWhy(l),
			await loadPolicyWhy(l),
		]) {
			expect(Object.keys(words)).toEqual(Object.keys(words).sort());
		}
	}
});

test('the figure’s templates ask for the same values in every language', () => {
	const leaves = (o: object, path = ''): [string, string][] =>
		Object.entries(o).flatMap(([k, v]) =>
			typeof v === 'string' ? [[`${path}.${k}`, v] as [string, string]] : leaves(v as object, `${path}.${k}`),
		);
	const english = new Map(leaves(figure.en));
	for (const l of LANGUAGES) {
		for (const [path, text] of leaves(figure[l])) {
			expect(`${path} ${[...new Set(namesIn(text))].sort()}`).toBe(
				`${path} ${[...new Set(namesIn(english.get(path)!))].sort()}`,
			);
		}
	}
});

/** All sentences of a language. */
function sentences(l: Language): string[] {
	const texts: string[] = CODES.flatMap((code) => templates(why[l], code));
	JSON.stringify(figure[l], (_, value) => {
		if (typeof value === 'string') texts.push(value);
		return value;
	});
	return texts;
}

test('French has narrow no-break spaces where French has them', () => {
	for (const s of sentences('fr')) {
		expect(s).not.toMatch(/ [:;!?»]/);
		expect(s).not.toMatch(/« |[a-zé][;!?]|'/);
	}
});

test('Chinese has no blank inside Chinese text', () => {
	// Key caps and separators may stand apart.
	for (const s of sentences('zh')) {
		expect(s.replace(/ · /g, '·').replace(/(→|↓|\bT) /g, '$1')).not.toMatch(
			/[\u4e00-\u9fff，。：；（）] | [\u4e00-\u9fff，。：；（）]/,
		);
	}
});

test('Korean glues no particle that depends on the sound before it to a computed value', () => {
	for (const s of sentences('ko')) expect(s).not.toMatch(/\}(은|는|이|가|을|를|과|와|으로|로|이며|이나|나)(?=[ ,.])/);
});

test('Korean sentences of the reasons are in the formal style', () => {
	for (const code of CODES) {
		for (const s of templates(why.ko, code)) expect(s).toMatch(/(니다|\))\.?$|니다[^가-힣]*\.$/);
	}
});

test('a template gives text, code and values as pieces, and counts by the language', () => {
	expect(rich('{n} {n|hop|hops} to {ip} by `tc`', { n: 1, ip: '10.0.0.1' }, 'en')).toEqual([
		{ kind: 'text', text: '1 hop to ' },
		{ kind: 'code', text: '10.0.0.1', value: true },
		{ kind: 'text', text: ' by ' },
		{ kind: 'code', text: 'tc' },
	]);
	expect(rich('{n|un|plusieurs}', { n: 0 }, 'fr')).toEqual([{ kind: 'text', text: 'un' }]);
	expect(rich('{gone}', {}, 'en')).toEqual([{ kind: 'text', text: '{gone}' }]);
});
