import { describe, expect, it } from 'vitest';
import { decorate } from '../../../src/state/carry.ts';
import {
	formatEntries,
	mergeEntries,
	packEntries,
	parseEntries,
	revive,
	unpackEntries,
} from '../../../src/state/entries.ts';
import { formatFragment, parseFragment, withParam } from '../../../src/state/fragment.ts';
import { ASIDE_KEY, type Shelf, STORAGE_KEY, Store } from '../../../src/state/store.ts';

function shelf(start: Record<string, string> = {}): Shelf & { data: Map<string, string> } {
	const data = new Map(Object.entries(start));
	return {
		data,
		getItem: (key) => data.get(key) ?? null,
		setItem: (key, value) => void data.set(key, value),
		removeItem: (key) => void data.delete(key),
	};
}

function refuse(name: string): never {
	throw Object.assign(new Error(name), { name });
}

describe('the fragment', () => {
	it('holds a section and parameters', () => {
		const fragment = parseFragment('#chain-by-chain&w=a%26b&me=x');
		expect(fragment).toEqual({ anchor: 'chain-by-chain', params: { w: 'a&b', me: 'x' } });
		expect(formatFragment(fragment)).toBe('#chain-by-chain&w=a%26b&me=x');
	});

	it('survives anything', () => {
		for (const hash of ['', '#', '#%', '#&&&=&%=1', '#__proto__&__proto__=1', '#&constructor=1']) {
			expect(typeof formatFragment(parseFragment(hash))).toBe('string');
		}
		expect(parseFragment('#&__proto__=1').params).toEqual({});
	});

	it('loses a parameter that is set to nothing', () => {
		expect(formatFragment(withParam(parseFragment('#s&me=x'), 'me', undefined))).toBe('#s');
		expect(formatFragment(withParam(parseFragment('#&me=x'), 'me', undefined))).toBe('');
	});
});

describe('entries', () => {
	it('go through a fragment and back, in any script', () => {
		const entries = { theme: [5, 'dark'], 'answer.tp2.a': [6, '답 « oui » 是'] } as const;
		expect(unpackEntries(packEntries(entries))).toEqual(entries);
		expect(packEntries(entries)).toMatch(/^[A-Za-z0-9_-]+$/);
	});

	it('are refused when they are not ours', () => {
		const bad = [
			'',
			'x',
			'[]',
			'{}',
			'{"packetwalk":1}',
			'{"packetwalk":1,"entries":{"a":1}}',
			'{"packetwalk":1,"entries":{"A b":[1,1]}}',
		];
		for (const text of bad) expect(parseEntries(text)).toBeUndefined();
		expect(parseEntries('{"packetwalk":1,"entries":{"a":[9e15,1]}}')).toBeUndefined();
		for (const text of ['%%%', 'AAAA', '😀']) expect(unpackEntries(text)).toBeUndefined();
	});

	it('merge by key, the later one wins, and forgetting holds', () => {
		const a = { theme: [1, 'dark'], language: [4, 'fr'] } as const;
		const b = { theme: [2, 'light'], forgotten: [3, null] } as const;
		expect(mergeEntries(a, b)).toEqual({ language: [4, 'fr'], forgotten: [3, null] });
		expect(mergeEntries(b, a)).toEqual(mergeEntries(a, b));
	});
});

describe('the store', () => {
	it('keeps what is written', () => {
		const kept = shelf();
		new Store(
			() => kept,
			() => 10,
		).write('theme', 'dark');
		expect(new Store(() => kept).read('theme')).toBe('dark');
	});

	it('takes in what another tab wrote before it writes', () => {
		const kept = shelf();
		const one = new Store(
			() => kept,
			() => 10,
		);
		const two = new Store(
			() => kept,
			() => 11,
		);
		one.write('a', 1);
		two.write('b', 2);
		expect(new Store(() => kept).entries).toMatchObject({ a: [10, 1], b: [11, 2] });
	});

	it('works without storage and says so', () => {
		const store = new Store(() => refuse('SecurityError'));
		store.write('theme', 'dark');
		expect(store.read('theme')).toBe('dark');
		expect(store.problem).toBe('refused');
	});

	it('says when storage is full, and when it no longer is', () => {
		const kept = shelf();
		let full = true;
		const store = new Store(() => ({ ...kept, setItem: full ? () => refuse('QuotaExceededError') : kept.setItem }));
		store.write('a', 1);
		expect(store.problem).toBe('full');
		full = false;
		store.write('b', 2);
		expect(store.problem).toBeUndefined();
		expect(new Store(() => kept).read('a')).toBe(1);
	});

	it('sets aside what it cannot read', () => {
		const kept = shelf({ [STORAGE_KEY]: '{broken' });
		const store = new Store(() => kept);
		expect(store.problem).toBe('corrupt');
		expect(kept.data.get(ASIDE_KEY)).toBe('{broken');
		store.write('theme', 'dark');
		expect(new Store(() => kept).read('theme')).toBe('dark');
	});

	it('forgets for good, also what comes back from an older copy', () => {
		const kept = shelf();
		const store = new Store(
			() => kept,
			() => 10,
		);
		store.write('answer.tp2.a', true);
		const copy = store.entries;
		store.forget();
		store.absorb(copy);
		expect(store.read('answer.tp2.a')).toBeUndefined();
		store.write('answer.tp2.a', true);
		expect(store.read('answer.tp2.a')).toBe(true);
	});

	it('a file opened on purpose brings back what was forgotten', () => {
		const store = new Store(
			() => shelf(),
			() => 10,
		);
		store.write('answer.tp2.a', true);
		const file = store.entries;
		store.forget();
		store.absorb(revive(file, store.entries));
		expect(store.read('answer.tp2.a')).toBe(true);
	});

	it('a clock that goes back does not make a write disappear', () => {
		let now = 100;
		const store = new Store(
			() => shelf(),
			() => now,
		);
		store.write('theme', 'dark');
		now = 50;
		store.write('theme', 'light');
		expect(store.read('theme')).toBe('light');
	});

	it('round trips through a file', () => {
		const store = new Store(
			() => shelf(),
			() => 10,
		);
		store.write('answer.tp2.a', { value: 'x' });
		expect(parseEntries(`${formatEntries(store.entries)}\n`)).toEqual(store.entries);
	});
});

describe('links that carry state', () => {
	const root = 'file:///stick/';
	const entries = { theme: [1, 'dark'] } as const;

	it('get it in the fragment, beside the section', () => {
		const href = decorate('file:///stick/fr/index.html#map', root, entries);
		expect(href).toMatch(/^file:\/\/\/stick\/fr\/index\.html#map&me=/);
		expect(unpackEntries(parseFragment(href.split('#')[1]!).params.me!)).toEqual(entries);
	});

	it('stay as they are when they lead out of the site', () => {
		expect(decorate('https://example.org/#a', root, entries)).toBe('https://example.org/#a');
	});

	it('carry settings only when the whole is too long', () => {
		const many = Object.fromEntries(
			Array.from({ length: 500 }, (_, n) => [`answer.tp2.e${n}`, [1, 'x'.repeat(20)] as const]),
		);
		const href = decorate('file:///stick/', root, { ...many, ...entries });
		expect(href.length).toBeLessThan(9000);
		expect(unpackEntries(parseFragment(href.split('#')[1]!).params.me!)).toEqual(entries);
	});
});
