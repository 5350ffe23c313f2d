/** Quantities: apimachinery pkg/api/resource/quantity.go, quantity_test.go @ v0.24.0. */
import { describe, expect, test } from 'vitest';
import { readQuantity } from '../../../../../src/sim/api/validation/quantities.ts';
import { bench, must, pod } from '../fixtures.ts';

const FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

describe('a quantity is stored as', () => {
	test.each([
		['0', '0'],
		['0m', '0'],
		['1000m', '1'],
		['1500m', '1500m'],
		['0.5', '500m'],
		['.5', '500m'],
		['1.', '1'],
		['2.50', '2500m'],
		[1, '1'],
		[0.1, '100m'],
		['0.5Gi', '512Mi'],
		['1.5Gi', '1536Mi'],
		['1024Mi', '1Gi'],
		['1000Mi', '1000Mi'],
		['100Ki', '100Ki'],
		['1.2Gi', '1288490188800m'],
		['1000M', '1G'],
		['128974848', '128974848'],
		[1500000, '1500k'],
		['1.5e6', '1500e3'],
		['1e3', '1e3'],
		['1E', '1E'],
		['129e6', '129e6'],
		['0.5n', '1n'],
		['-1', '-1'],
		['-0.5Gi', '-512Mi'],
		['512', '512'],
		['0.25Ki', '256'],
		[' 1 ', '1'],
	])('%j: %s', (written, text) => expect(readQuantity(written)).toEqual({ text }));
});

describe('what is no quantity', () => {
	test.each([
		['', FORMAT],
		['abc', FORMAT],
		['512MB', FORMAT],
		['1 Gi', FORMAT],
		['1gi', FORMAT],
		['100mb', FORMAT],
		['1,5', FORMAT],
		['1K', "unable to parse quantity's suffix"],
		['100mi', "unable to parse quantity's suffix"],
		['1Mi1', "unable to parse quantity's suffix"],
		['.', 'unable to parse numeric part of quantity'],
		['1.2.3', 'unable to parse numeric part of quantity'],
	])('%j', (written, fault) => expect(readQuantity(written)).toEqual({ fault }));

	test('cannot be decoded', () =>
		expect(
			bench().api.create(
				pod('p', { containers: [{ name: 'c', image: 'x', resources: { limits: { memory: '512MB' } } }] }),
			).error,
		).toEqual({
			code: 400,
			reason: 'BadRequest',
			message: `Pod in version "v1" cannot be handled as a Pod: ${FORMAT}`,
		}));
});

test('requests and limits of a pod are canonical', () => {
	const resources = { limits: { cpu: '1000m', memory: '0.5Gi' }, requests: { cpu: 0.5, memory: '1024Ki' } };
	const made = must(bench().api.create(pod('p', { containers: [{ name: 'c', image: 'x', resources }] })));
	expect(made.spec).toMatchObject({
		containers: [{ resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '500m', memory: '1Mi' } } }],
	});
});
