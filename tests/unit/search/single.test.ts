import { describe, expect, it } from 'vitest';
import { apart } from '../../../src/search/apart.ts';
import { isSingle, standing } from '../../../src/search/single.ts';

describe('a query of one character', () => {
	it('is one Han or Hangul character', () => {
		expect(['表', '홉', 'é', 'a', '표를', ''].map(isSingle)).toEqual([true, true, false, false, false, false]);
	});

	it.each([
		['zh', '络', '网络与主机', 0],
		['zh', '表', '查一张表。', 2],
		['ko', '칩', '체인을 거칩니다.', 0],
		['ko', '맵', 'Cilium의 맵에 있습니다.', 2],
		['ko', '맵', '맵핑된 주소입니다.', 1],
		['ko', '홉', '홉', 2],
	])('in %s, %s stands in “%s” as %i', (language, character, text, expected) => {
		expect(standing(apart(text), character, language)).toBe(expected);
	});
});
