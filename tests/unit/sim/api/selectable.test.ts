/** Fields of custom resources that selectors may name: the KEP 4358, on from 1.31. */
import { describe, expect, it } from 'vitest';
import { type ApiInput, parseFieldSelector } from '../../../../src/sim/api/index.ts';
import { bench, must } from './fixtures.ts';

const definition: ApiInput = {
	apiVersion: 'apiextensions.k8s.io/v1',
	kind: 'CustomResourceDefinition',
	metadata: { name: 'shirts.example.com' },
	spec: {
		group: 'example.com',
		scope: 'Namespaced',
		names: { plural: 'shirts', kind: 'Shirt' },
		versions: [
			{
				name: 'v1',
				served: true,
				storage: true,
				selectableFields: [{ jsonPath: '.spec.color' }],
				schema: {
					openAPIV3Schema: {
						type: 'object',
						properties: { spec: { type: 'object', properties: { color: { type: 'string' } } } },
					},
				},
			},
		],
	},
};
const shirt = (name: string, color: string): ApiInput => ({
	apiVersion: 'example.com/v1',
	kind: 'Shirt',
	metadata: { name },
	spec: { color },
});

describe('a definition with selectableFields', () => {
	it('lets objects be found by them', () => {
		const { api, resource } = bench('v1.31.0');
		must(api.create(definition));
		must(api.create(shirt('a', 'blue')));
		must(api.create(shirt('b', 'green')));
		const names = (fieldSelector: string) =>
			api.list(resource('shirts'), { fieldSelector }).map(({ metadata }) => metadata.name);
		expect(names('spec.color=blue')).toEqual(['a']);
		expect(names('spec.color!=blue')).toEqual(['b']);
		expect(parseFieldSelector(resource('shirts'), 'spec.size=S').error).toBe('field label not supported: spec.size');
	});

	it('loses them on servers that do not know them', () => {
		const { api, resource } = bench('v1.30.0');
		expect(JSON.stringify(must(api.create(definition)))).not.toContain('selectableFields');
		expect(parseFieldSelector(resource('shirts'), 'spec.color=blue').error).toBe(
			'field label not supported: spec.color',
		);
	});
});
