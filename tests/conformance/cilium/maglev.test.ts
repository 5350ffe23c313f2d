/**
 * Backend selection: pkg/maglev/maglev_test.go, bpf/tests/session_affinity_maglev_test.c, pkg/murmur3 @ v1.18.0,
 * pkg/maglev/maglev_test.go @ v1.13.18, and tables for the addresses of the course computed from the same source.
 */
import { describe, expect, test } from 'vitest';
import {
	hashFromTuple4,
	type MaglevBackend,
	maglevPermutation,
	maglevSeed,
	maglevTable,
	maglevText,
	murmur3,
} from '../../../src/sim/cilium/index.ts';
import { parseIp, utf8 } from '../../../src/sim/wire/index.ts';

const SEED = maglevSeed('JLfvgnHc2kaSUFaI')!;

test('the default seed is three words', () => {
	expect(SEED).toEqual({ murmur: 0x24b7ef82, jhash4: 0x71dcda46, jhash6: 0x92505688 });
	expect(maglevSeed('too short')).toBeUndefined();
});

test.each([
	[0, '', '0', '0'],
	[1234, 'hello world', '1629cce705a7069c', '316c1fbd953aaecd'],
	[500, 'lorem ipsum dolor sit amet', '188f69f0abbd67de', '1b0eeb31b4c00cb6'],
	[31, 'this is a test of 31 bytes long', '24b05ffca412286a', '7d81ac914b62fe96'],
	[0xd09, 'The quick brown fox jumps over the lazy dog.', '5e0fd714b3169ae6', '2f36e811c1535dc7'],
])('murmur3 with seed %i of "%s"', (seed, text, h1, h2) => {
	expect(murmur3(utf8(text), seed).map((h) => h.toString(16))).toEqual([h1, h2]);
});

const slots = (table: Uint32Array, ids: readonly number[]): number[] =>
	ids.map((id) => table.reduce((n, have) => n + (have === id ? 1 : 0), 0));

describe('TestReproducible: the table of four weighted backends', () => {
	// ≥ 1.17 texts; ids are the order of the list.
	const BACKENDS = [
		{ id: 0, address: '0.0.0.1:1', weight: 2, at251: [129, 67], at16381: [4593, 10787], slots: 4 },
		{ id: 1, address: '0.0.0.3:3', weight: 13, at251: [122, 225], at16381: [5740, 1025], slots: 24 },
		{ id: 2, address: '0.0.0.4:4', weight: 111, at251: [166, 219], at16381: [13143, 10489], slots: 204 },
		{ id: 3, address: '0.0.0.5:5', weight: 10, at251: [100, 52], at16381: [9101, 10242], slots: 19 },
	];
	const text = (address: string) => maglevText(address, { protocol: 'TCP', internal: false, bracketed: true });
	const RUNS =
		'2(5),3(1),2(3),1(1),2(2),0(1),2(1),3(1),2(1),3(1),2(1),1(1),2(7),1(1),2(14),3(1),2(1),1(2),2(12),3(1),2(3),1(1),2(4),3(1),2(8),3(1),2(2),1(1),2(16),1(2),2(3),3(1),2(11),1(2),2(4),3(1),2(3),1(1),2(4),3(1),2(1),0(1),1(1),2(8),1(1),2(7),1(1),2(4),3(1),2(1),3(1),2(9),1(2),2(5),1(1),2(7),3(1),2(1),3(1),1(1),2(8),1(1),2(4),0(1),2(1),1(1),2(5),3(1),2(3),1(1),2(4),3(1),2(3),1(1),2(12),0(1),3(1),2(3),3(1),2(4),3(1),2(2),1(1),2(7)';

	test.each(BACKENDS)('$address starts and steps', ({ address, at251, at16381 }) => {
		expect(maglevPermutation(text(address), 251, SEED.murmur)).toEqual(at251);
		expect(maglevPermutation(text(address), 16381, SEED.murmur)).toEqual(at16381);
	});

	test('all 251 slots', () => {
		const backends = BACKENDS.map(({ id, address, weight }) => ({ id, text: text(address), weight }));
		const table = maglevTable(backends, 251, SEED.murmur);
		const runs: string[] = [];
		for (let from = 0; from < table.length; ) {
			let to = from;
			while (to < table.length && table[to] === table[from]) to++;
			runs.push(`${table[from]}(${to - from})`);
			from = to;
		}
		expect(runs.join(',')).toBe(RUNS);
		expect(slots(table, [0, 1, 2, 3])).toEqual(BACKENDS.map((b) => b.slots));
	});
});

test('weights of 2, 13, 111 and 10 share 1021 slots', () => {
	const backends = [2, 13, 111, 10].map((weight, i) => ({
		id: i + 1,
		text: maglevText(`0.0.0.${i + 1}:${i + 1}`, { protocol: 'TCP', internal: false, bracketed: true }),
		weight,
	}));
	expect(slots(maglevTable(backends, 1021, SEED.murmur), [1, 2, 3, 4])).toEqual([16, 98, 832, 75]);
});

const plain = (texts: readonly string[]): MaglevBackend[] => texts.map((text, i) => ({ id: i + 1, text, weight: 1 }));

test('TestWeightedBackendWithRemoval and TestBackendRemoval @ v1.13.18', () => {
	const weighted = [
		['one', 2],
		['three', 13],
		['two', 111],
		['tzwe', 10],
	].map(([text, weight], i) => ({ id: i + 1, text: String(text), weight: Number(weight) }));
	expect(slots(maglevTable(weighted, 1021, SEED.murmur), [1, 2, 3, 4])).toEqual([16, 98, 832, 75]);
	const before = maglevTable(plain(['one', 'two', 'three']), 1021, SEED.murmur);
	const after = maglevTable(
		plain(['one', 'two', 'three']).filter((b) => b.text !== 'two'),
		1021,
		SEED.murmur,
	);
	const changed = before.filter((id, slot) => id !== 2 && after[slot] !== id).length;
	expect(changed).toBeLessThan(1021 / 100);
});

describe.each([
	['≥1.17', '10.244.1.', 4, 1021, '256 255 255 255', '4 1 2 4 2 1 2 1 1 1 4 1 1 1 1 2 4 4 3 2 4 2 3 4'],
	['≥1.17', '10.244.1.', 4, 16381, '4096 4095 4095 4095', '1 4 2 1 2 4 4 2 3 1 1 4 2 1 4 4 2 1 3 3 1 1 1 2'],
	['≥1.17', '10.244.2.', 4, 1021, '256 255 255 255', '2 3 1 1 4 2 4 3 2 4 4 4 2 1 4 3 2 1 3 4 2 1 1 3'],
	['≥1.17', '10.244.2.', 4, 16381, '4096 4095 4095 4095', '4 1 4 1 4 1 2 4 3 1 2 1 2 1 4 1 4 1 3 1 2 2 2 1'],
	['≥1.17', '10.244.1.', 3, 251, '84 84 83', '2 2 2 2 2 1 2 1 2 1 2 1 2 3 1 3 1 3 3 2 1 2 1 2'],
	['≤1.16', '10.244.1.', 4, 251, '63 63 63 62', '1 1 4 3 2 2 3 4 3 1 1 1 3 2 2 4 1 3 1 3 1 1 2 2'],
	['≤1.16', '10.244.1.', 4, 1021, '256 255 255 255', '1 4 4 1 1 2 3 1 3 3 4 4 1 3 2 1 2 1 2 1 4 4 1 1'],
	['≤1.16', '10.244.1.', 4, 16381, '4096 4095 4095 4095', '4 3 1 4 2 4 2 4 2 1 3 3 2 1 2 3 2 3 2 3 3 4 3 1'],
	['≤1.16', '10.244.2.', 4, 251, '63 63 63 62', '1 3 1 4 4 1 4 1 3 1 1 3 2 2 2 4 4 4 4 3 1 4 3 4'],
	['≤1.16', '10.244.2.', 4, 1021, '256 255 255 255', '2 3 1 3 1 3 4 1 2 1 3 3 3 2 1 1 2 1 4 1 2 3 4 3'],
	['≤1.16', '10.244.2.', 4, 16381, '4096 4095 4095 4095', '4 1 4 4 3 3 2 2 1 3 3 1 2 2 4 1 4 2 3 3 3 4 1 3'],
] as const)('texts of %s, %s1 to %i:80, table of %i', (format, net, count, size, perId, first) => {
	test('slots and first entries', () => {
		const bracketed = format === '≥1.17';
		const texts = Array.from({ length: count }, (_, i) =>
			maglevText(`${net}${i + 1}:80`, { protocol: 'TCP', internal: false, bracketed }),
		);
		const table = maglevTable(plain(texts), size, SEED.murmur);
		expect([...table.slice(0, 24)].join(' ')).toBe(first);
		expect(
			slots(
				table,
				Array.from({ length: count }, (_, i) => i + 1),
			).join(' '),
		).toBe(perId);
	});
});

test.each([
	['172.18.0.1', 54762, 30107, 0x71dcda46, 0x99a15af6, 16381, 3804],
	['172.18.0.1', 0, 30107, 0x71dcda46, 0x5dee4030, 16381, 10126],
	['10.244.0.213', 46486, 80, 0x71dcda46, 0xb2b36e93, 16381, 3936],
	// bpf/tests/session_affinity_maglev_test.c @ v1.18.0
	['110.0.11.1', 0, 80, 0xcafe, 0xffe8e204, 20, 12],
	['130.0.13.3', 0, 80, 0xcafe, 0xb6004179, 20, 13],
	['120.0.12.2', 0, 80, 0xcafe, 0x71d9174c, 20, 4],
])('jhash of %s:%i to port %i', (saddr, sport, dport, seed, hash, size, index) => {
	const found = hashFromTuple4({ saddr: parseIp(saddr)!, sport, dport, proto: 6 }, seed);
	expect(found.toString(16)).toBe(hash.toString(16));
	expect(found % size).toBe(index);
});
