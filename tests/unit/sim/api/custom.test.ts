/** Custom resources against the schema of the definition that somebody wrote. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
	type ApiInput,
	type ApiServer,
	ciliumDefinitions,
	clientProblems,
	loadForPeople,
} from '../../../../src/sim/api/index.ts';
import { bench, lines, must } from './fixtures.ts';

beforeAll(loadForPeople);

const SPEC = {
	type: 'object',
	required: ['image'],
	properties: {
		cronSpec: { type: 'string', pattern: '^(\\*|\\d+)( (\\*|\\d+)){4}$' },
		image: { type: 'string', minLength: 2, maxLength: 5 },
		policy: { type: 'string', enum: ['Allow', 'Forbid'], default: 'Allow' },
		replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
		port: { 'x-kubernetes-int-or-string': true },
		free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
		labels: { type: 'object', additionalProperties: { type: 'string' } },
		steps: { type: 'array', maxItems: 2, items: { type: 'object', properties: { run: { type: 'string' } } } },
		note: { type: 'string', nullable: true },
	},
};

const definition = (schema: unknown = { type: 'object', properties: { spec: SPEC } }, more: object = {}): ApiInput => ({
	apiVersion: 'apiextensions.k8s.io/v1',
	kind: 'CustomResourceDefinition',
	metadata: { name: 'crontabs.stable.example.com' },
	spec: {
		group: 'stable.example.com',
		scope: 'Namespaced',
		names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'] },
		versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }],
	},
});

const cronTab = (spec: unknown, name = 'x'): ApiInput => ({
	apiVersion: 'stable.example.com/v1',
	kind: 'CronTab',
	metadata: { name },
	spec,
});

const server = (schema?: unknown, more?: object): ApiServer => {
	const { api } = bench();
	must(api.create(definition(schema, more)));
	return api;
};

const refusal = (spec: unknown): string | undefined => server().create(cronTab(spec)).error?.message;

describe('a custom resource', () => {
	it('gets the defaults of its schema and loses what the schema does not have', () => {
		const made = must(
			server().create(cronTab({ image: 'web', foo: 1, free: { a: 1 }, steps: [{ run: 'a', bar: 2 }] })),
		);
		expect(made.spec).toEqual({ image: 'web', free: { a: 1 }, steps: [{ run: 'a' }], policy: 'Allow', replicas: 1 });
	});

	it.each([
		[
			{ image: 'web', replicas: 'two' },
			'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
		],
		[
			{ image: 'web', replicas: 1.5 },
			'spec.replicas: Invalid value: "number": spec.replicas in body must be of type integer: "number"',
		],
		[
			{ image: 'web', replicas: 0 },
			'spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1',
		],
		[
			{ image: 'web', replicas: 11 },
			'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
		],
		[{}, 'spec.image: Required value'],
		[{ image: 'w' }, 'spec.image: Invalid value: "w": spec.image in body should be at least 2 chars long'],
		[{ image: 'website' }, 'spec.image: Too long: must have at most 5 bytes'],
		[{ image: 'web', policy: 'Never' }, 'spec.policy: Unsupported value: "Never": supported values: "Allow", "Forbid"'],
		[
			{ image: 'web', cronSpec: '* *' },
			'spec.cronSpec: Invalid value: "* *": spec.cronSpec in body should match \'^(\\*|\\d+)( (\\*|\\d+)){4}$\'',
		],
		[
			{ image: 'web', steps: [{ run: 1 }] },
			'spec.steps[0].run: Invalid value: "integer": spec.steps[0].run in body must be of type string: "integer"',
		],
		[{ image: 'web', steps: [{}, {}, {}] }, 'spec.steps: Too many: 3: must have at most 2 items'],
		[
			{ image: 'web', labels: { a: true } },
			'spec.labels.a: Invalid value: "boolean": spec.labels.a in body must be of type string: "boolean"',
		],
		[{ image: null }, 'spec.image: Invalid value: "null": spec.image in body must be of type string: "null"'],
	])('%j is refused', (spec, said) => {
		expect(refusal(spec)).toBe(`CronTab.stable.example.com "x" is invalid: ${said}`);
	});

	it('may have either kind of port, and null where the schema lets it', () => {
		expect(refusal({ image: 'web', port: 80, note: null })).toBeUndefined();
		expect(refusal({ image: 'web', port: 'http' })).toBeUndefined();
		expect(refusal({ image: 'web', port: true })).toContain('must be of type integer,string: "boolean"');
	});

	it('is refused by whoever asks for strictness when a field is unknown', () => {
		const { error } = server().create(cronTab({ image: 'web', foo: 1 }), { fieldValidation: 'Strict' });
		expect(error?.message).toBe(
			'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.foo"',
		);
	});

	it('is checked when it is patched, and by kubectl itself before 1.25', () => {
		const api = server();
		must(api.create(cronTab({ image: 'web' })));
		const crontabs = api.find('ct')!;
		const patch = { spec: { replicas: 12 } };
		expect(api.patch(crontabs, 'default', 'x', 'application/merge-patch+json', patch).error?.message).toContain(
			'should be less than or equal to 10',
		);
		expect(clientProblems(crontabs, cronTab({ foo: 1, replicas: 'a' }))).toEqual([
			'ValidationError(CronTab.spec): missing required field "image" in com.example.stable.v1.CronTab.spec',
			'ValidationError(CronTab.spec): unknown field "foo" in com.example.stable.v1.CronTab.spec',
			'ValidationError(CronTab.spec.replicas): invalid type for com.example.stable.v1.CronTab.spec.replicas: got "string", expected "integer"',
		]);
	});

	it('has the columns of its definition', () => {
		const api = server(undefined, {
			additionalPrinterColumns: [{ name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' }],
		});
		must(api.create(cronTab({ image: 'web' })));
		expect(lines(api, 'ct')).toEqual(['NAME  REPLICAS', 'x  1']);
	});

	it('is scaled where its definition says that the replicas are', () => {
		const workers = { type: 'object', properties: { size: { type: 'integer', maximum: 3 } } };
		const api = server(
			{ type: 'object', properties: { spec: { type: 'object', properties: { workers } }, status: { type: 'object' } } },
			{
				subresources: {
					status: {},
					scale: { specReplicasPath: '.spec.workers.size', statusReplicasPath: '.status.n' },
				},
			},
		);
		must(api.create(cronTab({ workers: { size: 1 } })));
		const crontabs = api.find('ct')!;
		const scale = (replicas: number) =>
			api.patch(
				crontabs,
				'default',
				'x',
				'application/merge-patch+json',
				{ spec: { replicas } },
				{ subresource: 'scale' },
			);
		expect(must(scale(3)).spec).toEqual({ replicas: 3 });
		expect(api.get(crontabs, 'default', 'x')!.spec).toEqual({ workers: { size: 3 } });
		expect(scale(4).error?.message).toContain('spec.workers.size in body should be less than or equal to 3');
	});
});

describe('a definition', () => {
	const said = (schema: unknown, more?: object): string | undefined =>
		bench().api.create(definition(schema, more)).error?.message;
	const INVALID = 'CustomResourceDefinition.apiextensions.k8s.io "crontabs.stable.example.com" is invalid: ';

	it.each([
		[{}, 'spec.validation.openAPIV3Schema.type: Required value: must not be empty at the root'],
		[
			{ type: 'object', properties: { spec: {} } },
			'spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
		],
		[
			{ type: 'object', properties: { a: { type: 'text' } } },
			'spec.validation.openAPIV3Schema.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
		],
		[
			{ type: 'object', properties: { a: { type: 'array' } } },
			'spec.validation.openAPIV3Schema.properties[a].items: Required value: must be specified',
		],
	])('with the schema %j is refused', (schema, words) => {
		expect(said(schema)).toBe(INVALID + words);
	});

	it('with a default that its own schema does not allow is refused', () => {
		expect(said({ type: 'object', properties: { a: { type: 'integer', default: 'b' } } })).toContain(
			'properties[a].default in body must be of type integer: "string"',
		);
	});

	it('with a column of a type there is not, or replicas outside of spec, is refused', () => {
		expect(said(undefined, { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.spec.a' }] })).toBe(
			`${INVALID}spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string`,
		);
		expect(
			said(undefined, { subresources: { scale: { specReplicasPath: '.a', statusReplicasPath: '.status.b' } } }),
		).toBe(
			`${INVALID}spec.subresources.scale.specReplicasPath: Invalid value: ".a": should be a json path under .spec`,
		);
	});

	it('of Cilium is taken as it is', () => {
		const { api } = bench();
		for (const one of ciliumDefinitions('1.18.3', [])) must(api.create(one));
		expect(api.find('cnp')?.custom).toBe(true);
	});
});
