import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bundle } from '../../../tools/usb/bundle.ts';
import { nameProblems } from '../../../tools/usb/names.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const site = () =>
	new Map([
		['index.html', bytes('<!doctype html>')],
		['a/b.js', bytes('1')],
	]);
const date = new Date('2026-11-29T10:20:30Z');

describe('names on a stick', () => {
	it('accepts what the build writes', () => {
		expect(nameProblems(['index.html', '_astro/Header.Bc3d_2fG.js', 'search/ko-p1.js'])).toEqual([]);
	});
	it.each(['con.js', 'a/AUX', 'lpt1.txt', 'a b.txt', 'é.html', 'x/a:b', 'ends.', '.hidden', 'a'.repeat(120)])(
		'refuses %s',
		(path) => {
			expect(nameProblems([path])).toHaveLength(1);
		},
	);
	it('refuses two names that differ in case only', () => {
		expect(nameProblems(['a/B.js', 'A/b.js'])[0]).toContain('case only');
	});
});

describe('the bundle', () => {
	it('is the same bytes each time, and its zip holds the folder', () => {
		const one = bundle(site(), '1.2.3', date);
		const two = bundle(new Map([...site()].reverse()), '1.2.3', date);
		expect(Buffer.compare(one.zip, two.zip)).toBe(0);
		expect(Object.keys(unzipSync(one.zip))).toEqual(
			['README.txt', 'SHA256SUMS', 'a/b.js', 'index.html'].map((path) => `packetwalk-1.2.3/${path}`),
		);
	});
	it('carries a sum for each file but the list of sums', () => {
		const { files } = bundle(site(), '1.2.3', date);
		const lines = new TextDecoder().decode(files.get('SHA256SUMS')).trimEnd().split('\n');
		expect(lines).toHaveLength(files.size - 1);
		for (const row of lines) {
			const [sum, path] = row.split('  ');
			expect(createHash('sha256').update(files.get(path!)!).digest('hex')).toBe(sum);
		}
	});
	it('says its version and day in a text Windows reads', () => {
		const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
			bundle(site(), '1.2.3', date).files.get('README.txt'),
		);
		expect(text.startsWith('\uFEFFPACKETWALK 1.2.3 (2026-11-29)\r\n')).toBe(true);
		expect(text).toContain('압축을');
	});
	it('refuses a site whose names would not survive', () => {
		expect(() => bundle(new Map([['nul.html', bytes('')]]), '1', date)).toThrow('reserves');
	});
});
