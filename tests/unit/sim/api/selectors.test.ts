import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	formatSelector,
	labelSelector,
	parseFieldSelector,
	parseSelector,
	selects,
} from '../../../../src/sim/api/index.ts';
import { bench, must, pod } from './fixtures.ts';

const LABELS = { app: 'web', tier: 'front', empty: '', size: '3' };

describe('label selectors', () => {
	test.each([
		['app=web', true],
		['app==web', true],
		['app=db', false],
		['app!=db', true],
		['missing!=x', true],
		['app', true],
		['!app', false],
		['! missing', true],
		['app in (web,db)', true],
		['app in (db)', false],
		['app notin (db)', true],
		['missing notin (x)', true],
		['app=web,tier=front', true],
		['app=web, tier=back', false],
		['empty=', true],
		['size>2,size<4', true],
		['', true],
		['in=x', false],
	])('%s: %s', (text, expected) => {
		const { value, error } = parseSelector(text);
		expect(error).toBeUndefined();
		expect(selects(value!, LABELS)).toBe(expected);
	});

	test.each([
		['app=', undefined],
		['=web', "found '=', expected: !, identifier, or 'end of string'"],
		['app=web,', "found '', expected: identifier after ','"],
		['app in web', "unable to parse requirement: found 'web' expected: '('"],
		['app web', "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"],
		['app=a b', "found 'b', expected: ',' or 'end of string'"],
		[
			'app=-x',
			"unable to parse requirement: values[0][app]: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
		],
	])('%s is refused in upstream words', (text, error) => {
		expect(parseSelector(text).error).toBe(error);
	});

	test('what is printed selects the same', () => {
		const key = fc.constantFrom('app', 'tier', 'size', 'io.cilium/x');
		const value = fc.stringMatching(/^[a-z0-9]{1,4}$/);
		const expression = fc.record({
			key,
			operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
			values: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
		});
		fc.assert(
			fc.property(
				fc.dictionary(key, value),
				fc.array(expression, { maxLength: 3 }),
				fc.dictionary(key, value),
				(matchLabels, matchExpressions, labels) => {
					const selector = labelSelector({ matchLabels, matchExpressions });
					const again = parseSelector(formatSelector(selector));
					expect(again.error).toBeUndefined();
					expect(selects(again.value!, labels)).toBe(selects(selector, labels));
				},
			),
		);
	});
});

describe('field selectors', () => {
	test('select pods by node and phase', () => {
		const { api, resource } = bench();
		for (const name of ['a', 'b', 'c']) must(api.create(pod(name)));
		must(api.bind('default', 'b', 'n1'));
		const names = (fieldSelector: string) =>
			api.list(resource('po'), { fieldSelector }).map((object) => object.metadata.name);
		expect(names('spec.nodeName=n1')).toEqual(['b']);
		expect(names('spec.nodeName!=n1,status.phase=Pending')).toEqual(['a', 'c']);
		expect(names('metadata.name==c')).toEqual(['c']);
	});

	test.each([
		['Pod', 'spec.image=x', 'field label not supported: spec.image'],
		['Service', 'spec.nodeName=x', 'field label not supported: spec.nodeName'],
		['Pod', 'spec.nodeName', "invalid selector: 'spec.nodeName'; can't understand 'spec.nodeName'"],
	])('%s: %s is refused', (kind, text, error) => {
		expect(parseFieldSelector({ kind, version: 'v1' }, text).error).toBe(error);
	});
});
