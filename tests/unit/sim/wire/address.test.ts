import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	formatIp,
	formatMac,
	formatPrefix,
	maskOf,
	parseInterface,
	parseIp,
	parseMac,
	parsePrefix,
	prefixContains,
	prefixOf,
} from '../../../../src/sim/wire/index.ts';
import { u32, u48 } from './arbitrary.ts';

describe('addresses', () => {
	test('are what the dotted quad says', () => {
		expect(parseIp('172.18.0.2')).toBe(0xac120002);
		expect(parseIp('255.255.255.255')).toBe(0xffffffff);
		expect(parseIp('0.0.0.0')).toBe(0);
		expect(formatIp(0xfffffffe)).toBe('255.255.255.254');
	});

	test.each([
		'',
		'1',
		'1.2.3',
		'1.2.3.4.',
		'.1.2.3.4',
		'1..2.3',
		'1.2.3.4.5',
		'256.0.0.1',
		'01.2.3.4',
		'1.2.3.00',
		'0x1.2.3.4',
		' 1.2.3.4',
		'1.2.3.4 ',
		'1.2.3.-4',
		'1.2.3.4/32',
		'١.2.3.4',
	])('refuse %j', (text) => {
		expect(parseIp(text)).toBeUndefined();
	});

	test('survive being written and read', () => {
		fc.assert(fc.property(u32, (ip) => parseIp(formatIp(ip)) === ip));
		fc.assert(fc.property(u48, (mac) => parseMac(formatMac(mac)) === mac));
		fc.assert(
			fc.property(u32, fc.integer({ min: 0, max: 32 }), (ip, length) => {
				const prefix = prefixOf(ip, length);
				expect(parsePrefix(formatPrefix(prefix))).toEqual(prefix);
				expect(parsePrefix(formatPrefix({ address: ip, length }))).toEqual(prefix);
				expect(parseInterface(formatPrefix({ address: ip, length }))).toEqual({ address: ip, length });
			}),
		);
	});

	test('never make a reader throw', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				parseIp(text);
				parseMac(text);
				parsePrefix(text);
			}),
		);
	});
});

describe('MAC addresses', () => {
	test('are six pairs of hexadecimal digits', () => {
		expect(parseMac('02:42:ac:12:00:02')).toBe(0x0242ac120002);
		expect(parseMac('02:42:AC:12:00:02')).toBe(0x0242ac120002);
		expect(formatMac(0x0242ac120002)).toBe('02:42:ac:12:00:02');
		for (const bad of ['', '2:42:ac:12:0:2', '02-42-ac-12-00-02', '02:42:ac:12:00', '02:42:ac:12:00:0g'])
			expect(parseMac(bad)).toBeUndefined();
	});
});

describe('prefixes', () => {
	test('hold the addresses that share their first bits', () => {
		const pods = parsePrefix('10.244.1.0/24')!;
		expect(prefixContains(pods, parseIp('10.244.1.255')!)).toBe(true);
		expect(prefixContains(pods, parseIp('10.244.2.0')!)).toBe(false);
		expect(prefixContains(parsePrefix('0.0.0.0/0')!, 0xffffffff)).toBe(true);
		expect(prefixContains(parsePrefix('128.0.0.0/1')!, 0xffffffff)).toBe(true);
		expect(prefixContains({ address: parseIp('10.244.1.7')!, length: 24 }, parseIp('10.244.1.9')!)).toBe(true);
	});

	test('of an address alone have 32 bits', () => {
		expect(parsePrefix('10.0.0.1')).toEqual({ address: 0x0a000001, length: 32 });
	});

	test.each([
		'10.0.0.0/',
		'10.0.0.0/33',
		'10.0.0.0/08',
		'10.0.0.0/ 8',
		'10.0.0.0/-1',
		'10.0.0.0/1e1',
		'/8',
		'10.0.0.0/24/24',
	])('refuse %j', (text) => {
		expect(parsePrefix(text)).toBeUndefined();
	});

	test('have their mask', () => {
		expect([0, 1, 24, 31, 32].map(maskOf)).toEqual([0, 0x80000000, 0xffffff00, 0xfffffffe, 0xffffffff]);
	});
});
