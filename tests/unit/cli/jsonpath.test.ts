import { describe, expect, it } from 'vitest';
import { findPath, jsonPath, relaxedPath } from '../../../src/cli/kubectl/print/jsonpath/index.ts';

const LIST = {
	kind: 'List',
	items: [
		{
			kind: 'None',
			metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': '127.0.0.1' } },
			status: { capacity: { cpu: '4' }, addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }] },
		},
		{
			kind: 'None',
			metadata: { name: '127.0.0.2' },
			status: {
				capacity: { cpu: '8' },
				addresses: [
					{ type: 'LegacyHostIP', address: '127.0.0.2' },
					{ type: 'another', address: '127.0.0.3' },
				],
			},
		},
	],
	users: [
		{ name: 'myself', user: {} },
		{ name: 'e2e', user: { username: 'admin', password: 'secret' } },
	],
	ipam: { podCIDRs: ['10.100.1.0/24'], pools: {} },
	n: 3,
};

describe('jsonpath', () => {
	it.each([
		['{.kind}', 'List'],
		['kind is {.kind}', 'kind is List'],
		["{['kind']}", 'List'],
		['{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
		["{.items[*]['metadata.name', 'status.capacity']}", '127.0.0.1 {"cpu":"4"} 127.0.0.2 {"cpu":"8"}'],
		['{..name}', '127.0.0.1 127.0.0.2 myself e2e'],
		['{.users[?(@.name=="e2e")].user.password}', 'secret'],
		[
			'{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}',
			'[127.0.0.1, {"cpu":"4"}] [127.0.0.2, {"cpu":"8"}] ',
		],
		['{range .items[*]}{.metadata.name}{"\\t"}{.status.capacity.cpu}{"\\n"}{end}', '127.0.0.1\t4\n127.0.0.2\t8\n'],
		// Once for each, and once behind the loop that nobody ended (client-go util/jsonpath FindResults @ v0.24.0).
		['{range .items[*]}x', 'xxx'],
		['{.items[0].metadata.labels.kubernetes\\.io/hostname}', '127.0.0.1'],
		["{.items[0].metadata.labels['kubernetes\\.io/hostname']}", '127.0.0.1'],
		['{.ipam}', '{"podCIDRs":["10.100.1.0/24"],"pools":{}}'],
		['{.ipam.podCIDRs[0]}', '10.100.1.0/24'],
		['{.items[-1:].metadata.name}', '127.0.0.2'],
		['{.users[].name}', 'myself'],
		['{.items[3:3].metadata.name}', ''],
		['{.items[0:-1].metadata.name}', '127.0.0.1'],
		['{.items[0:2].metadata.name}', '127.0.0.1 127.0.0.2'],
		['{.nope.below}', ''],
		['{.n}', '3'],
		['{.items[?(@.status.addresses[1].type)].metadata.name}', ''],
	])('%s', (source, text) => {
		if (source.includes('addresses[1]')) {
			expect(() => jsonPath(source)(LIST)).toThrow('array index out of bounds');
			return;
		}
		expect(jsonPath(source)(LIST)).toBe(text);
	});

	it.each([
		['{.items[2].metadata.name}', 'array index out of bounds: index 2, length 2'],
		['{.items[-3].metadata.name}', 'array index out of bounds: index -1, length 2'],
		['{.items[-3:].metadata.name}', 'array index out of bounds: index -1, length 2'],
		['{.items[0:5].metadata.name}', 'array index out of bounds: index 4, length 2'],
		['{.items[1:0].metadata.name}', 'starting index 1 is greater than ending index 0'],
		['{.items[::0].metadata.name}', 'step must be > 0'],
		['{.items[::-1].metadata.name}', 'step must be > 0'],
		['{.kind[0]}', 'string is not array or slice'],
		['{.ipam[*]}', 'map[string]interface {} is not array or slice'],
	])('%s finds nothing, as kubectl 1.31 says', (source, message) => {
		expect(() => jsonPath(source)(LIST)).toThrow(message);
	});

	it.each([
		['{.spec', 'unclosed action'],
		['{.items[*', 'unterminated array'],
		['{"text', 'unterminated quoted string'],
		['{.items[0}', 'unterminated array'],
		['{end}', 'not in range, nothing to end'],
		['{.items[x]}', 'invalid array index x'],
		['{.a & .b}', "unrecognized character in action: U+0026 '&'"],
	])('%s is refused', (source, message) => {
		expect(() => jsonPath(source)(LIST)).toThrow(message);
	});

	it('may be written with or without braces and dot where one path is meant', () => {
		for (const text of ['metadata.name', '.metadata.name', '{metadata.name}', '{.metadata.name}'])
			expect(relaxedPath(text)).toBe('{.metadata.name}');
		expect(findPath('{.items[*].metadata.name}', LIST)).toEqual(['127.0.0.1', '127.0.0.2']);
	});
});
