/**
 * Rules and policies in CEL: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating (dispatcher.go,
 * validator_test.go), plugin/webhook/matchconditions/matcher_test.go, apiextensions-apiserver
 * pkg/apiserver/schema/cel/validation_test.go @ v1.33.0; the pages "Validating Admission Policy" and "Validation rules" of
 * the documentation.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadExpressionsOf } from '../../../../src/cli/kube/expressions.ts';
import { type ApiInput, type ApiServer, loadForPeople } from '../../../../src/sim/api/index.ts';
import { bench, deployment, must } from './fixtures.ts';

beforeAll(async () => {
	await loadForPeople();
	await loadExpressionsOf('kind: ValidatingAdmissionPolicy');
});

const GROUP = 'admissionregistration.k8s.io/v1';

const policy = (spec: object, name = 'p'): ApiInput => ({
	apiVersion: GROUP,
	kind: 'ValidatingAdmissionPolicy',
	metadata: { name },
	spec: {
		matchConstraints: {
			resourceRules: [
				{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
			],
		},
		...spec,
	},
});

const binding = (spec: object = {}, name = 'b'): ApiInput => ({
	apiVersion: GROUP,
	kind: 'ValidatingAdmissionPolicyBinding',
	metadata: { name },
	spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
});

const held = (spec: object, bound: object = {}): ApiServer => {
	const { api } = bench('v1.33.0');
	must(api.create(policy(spec)));
	must(api.create(binding(bound)));
	return api;
};

const replicas = (count: number, name = 'web'): ApiInput => deployment(name, { replicas: count });

describe('a policy', () => {
	it('refuses what breaks it, with the expression, the message or what an expression says', () => {
		const expression = 'object.spec.replicas <= 5';
		for (const [more, said] of [
			[{}, `failed expression: ${expression}`],
			[{ message: ' too many ' }, 'too many'],
			[{ messageExpression: "'at most %d, not %s'.format([5, string(object.spec.replicas)])" }, 'at most 5, not 6'],
			// What the expression of a message cannot say, the message says.
			[{ messageExpression: 'object.spec.nope', message: 'plain' }, undefined],
		] as const) {
			const { api } = bench('v1.33.0');
			const made = api.create(policy({ validations: [{ expression, ...more }] }));
			if (said === undefined) {
				expect(made.error?.message).toContain('must evaluate to string but got dyn');
				continue;
			}
			must(made);
			must(api.create(binding()));
			must(api.create(replicas(5, 'small')));
			const error = api.create(replicas(6)).error;
			const words = `ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${said}`;
			expect(error).toEqual({
				code: 422,
				reason: 'Invalid',
				message: `deployments.apps "web" is forbidden: ${words}`,
				causes: [{ field: '', message: words }],
			});
		}
	});

	it('refuses nothing without a binding, and is not asked about what it does not match', () => {
		const { api } = bench('v1.33.0');
		must(api.create(policy({ validations: [{ expression: 'false' }] })));
		must(api.create(replicas(1)));
		must(api.create(binding({ matchResources: { namespaceSelector: { matchLabels: { strict: 'yes' } } } })));
		must(api.create(replicas(1, 'other')));
		must(api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 's', labels: { strict: 'yes' } } }));
		const inside = { ...replicas(1), metadata: { name: 'web', namespace: 's' } };
		expect(api.create(inside).error?.message).toContain('failed expression: false');
		must(api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 's' } }));
	});

	it('warns where its binding says so', () => {
		const api = held(
			{ validations: [{ expression: 'false', message: 'no' }] },
			{ validationActions: ['Warn', 'Audit'] },
		);
		const made = api.create(replicas(1));
		expect(made.error).toBeUndefined();
		expect(made.warnings).toEqual(["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': no"]);
	});

	it('has reasons with codes of their own', () => {
		const api = held({ validations: [{ expression: 'false', reason: 'Forbidden' }] });
		expect(api.create(replicas(1)).error).toMatchObject({ code: 403, reason: 'Forbidden' });
	});

	it('fails or lets through by its failurePolicy what has no result', () => {
		const wrong = { validations: [{ expression: 'object.spec.nope > 1' }] };
		expect(held(wrong).create(replicas(1)).error?.message).toContain(
			"denied request: expression 'object.spec.nope > 1' resulted in error: no such key: nope",
		);
		must(held({ ...wrong, failurePolicy: 'Ignore' }).create(replicas(1)));
	});

	it('knows the old object, the request, the namespace and variables', () => {
		const api = held({
			variables: [
				{ name: 'old', expression: 'oldObject == null ? 0 : oldObject.spec.replicas' },
				{ name: 'unused', expression: 'object.nope.nope' },
			],
			validations: [
				{ expression: "request.operation == 'CREATE' || object.spec.replicas >= variables.old", message: 'shrinks' },
				{ expression: "namespaceObject.metadata.name == 'default' && request.namespace == 'default'" },
				{ expression: "request.resource.resource == 'deployments' && !request.dryRun" },
			],
		});
		must(api.create(replicas(3)));
		must(api.update(replicas(4)));
		expect(api.update(replicas(2)).error?.message).toContain('denied request: shrinks');
	});

	it('asks the authorizer for whoever asks', () => {
		const api = held({
			validations: [
				{ expression: "authorizer.group('').resource('secrets').namespace('default').check('get').allowed()" },
			],
		});
		expect(api.create(replicas(1), { who: { user: 'eve', groups: ['system:authenticated'] } }).error).toBeDefined();
		must(api.create(replicas(1), { who: { user: 'root', groups: ['system:masters'] } }));
	});

	it('takes parameters of its kind, and says where there are none', () => {
		const spec = {
			paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
			validations: [{ expression: 'object.spec.replicas <= int(params.data.max)' }],
		};
		const bound = { paramRef: { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' } };
		const api = held(spec, bound);
		expect(api.create(replicas(3)).error?.message).toContain(
			'denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
		);
		must(api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits' }, data: { max: '3' } }));
		must(api.create(replicas(3)));
		expect(api.create(replicas(4, 'big')).error?.message).toContain('failed expression: object.spec.replicas');
	});

	it('is left alone by its match conditions', () => {
		const api = held({
			matchConditions: [{ name: 'not-web', expression: "object.metadata.name != 'web'" }],
			validations: [{ expression: 'false' }],
		});
		must(api.create(replicas(1)));
		expect(api.create(replicas(1, 'other')).error).toBeDefined();
	});

	it.each([
		['object.spec.replicas <= 5', undefined],
		['object.spec.replicas', 'must evaluate to bool but got dyn'],
		["'a'", 'must evaluate to bool but got string'],
		[
			'objct.spec == 1',
			"compilation failed: ERROR: <input>:1:1: undeclared reference to 'objct' (in container '')\n | objct.spec == 1\n | ^",
		],
		[
			"1 + 'a' == 2",
			"compilation failed: ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + 'a' == 2\n | ..^",
		],
		[
			'nope(object) == 1',
			"compilation failed: ERROR: <input>:1:5: undeclared reference to 'nope' (in container '')\n | nope(object) == 1\n | ....^",
		],
		[
			'variables.x == 1',
			"compilation failed: ERROR: <input>:1:10: undefined field 'x'\n | variables.x == 1\n | .........^",
		],
		["url('http://a').getHost() == 'a'", "the simulator's CEL does not have url"],
	])('is checked when it is written: %s', (expression, why) => {
		const { api } = bench('v1.33.0');
		const said = api.create(policy({ validations: [{ expression }] })).error?.message;
		expect(said).toBe(
			why === undefined
				? undefined
				: `ValidatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: spec.validations[0].expression: Invalid value: ${JSON.stringify(expression)}: ${why}`,
		);
	});

	it('has the defaults of the API, and a binding its faults', () => {
		const { api } = bench('v1.33.0');
		expect(must(api.create(policy({ validations: [{ expression: 'true' }] }))).spec).toMatchObject({
			failurePolicy: 'Fail',
			matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, resourceRules: [{ scope: '*' }] },
		});
		expect(api.create(binding({ validationActions: ['Deny', 'Warn'] })).error?.message).toContain(
			'must not contain both Deny and Warn',
		);
	});
});

describe('functions of Kubernetes', () => {
	it.each([
		"quantity('1Gi').isGreaterThan(quantity('500Mi'))",
		"quantity('1.5').add(quantity('500m')).asInteger() == 2",
		"isQuantity('10m') && !isQuantity('10 m')",
		"['a', 'b'].isSorted() && [3, 1, 2].max() == 3 && [1, 2].sum() == 3",
		"sets.contains(['a', 'b'], ['a']) && !sets.intersects([1], [2])",
		"'registry.io/app:v1'.find('[^:]+$') == 'v1' && 'a1b2'.findAll('[0-9]') == ['1', '2']",
		"cidr('10.0.0.0/8').containsIP('10.1.2.3') && isIP('1.2.3.4') && ip('127.0.0.1').isLoopback()",
		"'a-b'.replace('-', '_').upperAscii() == 'A_B' && 'a,b'.split(',').size() == 2",
		"object.spec.?paused.orValue(false) == false && object.spec.selector.?matchLabels['app'].hasValue()",
		"object.spec.template.spec.containers.all(c, c.image.matches('^[a-z]+$'))",
		"duration('1h') > duration('30m') && has(object.spec.replicas)",
		'dyn(1) == 1.0 && object.spec.replicas < 1.5',
	])('%s', (expression) => {
		must(held({ validations: [{ expression }] }).create(replicas(1)));
	});
});

describe('rules of a definition', () => {
	const definition = (validations: readonly object[], properties: object = {}): ApiInput => ({
		apiVersion: 'apiextensions.k8s.io/v1',
		kind: 'CustomResourceDefinition',
		metadata: { name: 'things.example.com' },
		spec: {
			group: 'example.com',
			scope: 'Namespaced',
			names: { plural: 'things', kind: 'Thing' },
			versions: [
				{
					name: 'v1',
					served: true,
					storage: true,
					schema: {
						openAPIV3Schema: {
							type: 'object',
							properties: {
								spec: {
									type: 'object',
									properties: {
										min: { type: 'integer' },
										max: { type: 'integer' },
										name: { type: 'string' },
										...properties,
									},
									'x-kubernetes-validations': validations,
								},
							},
						},
					},
				},
			],
		},
	});
	const thing = (spec: object, name = 'x'): ApiInput => ({
		apiVersion: 'example.com/v1',
		kind: 'Thing',
		metadata: { name },
		spec,
	});
	const having = (...rules: readonly object[]): ApiServer => {
		const { api } = bench('v1.33.0');
		must(api.create(definition(rules)));
		return api;
	};

	it('hold for what is written', () => {
		const api = having({ rule: 'self.min <= self.max' });
		must(api.create(thing({ min: 1, max: 2 }, 'good')));
		expect(api.create(thing({ min: 3, max: 2 })).error?.message).toBe(
			'Thing.example.com "x" is invalid: spec: Invalid value: "object": failed rule: self.min <= self.max',
		);
	});

	it('have messages, reasons and paths', () => {
		const api = having(
			{ rule: 'self.min > 0', messageExpression: "'min is ' + string(self.min)", fieldPath: '.min' },
			{ rule: 'has(self.name)', reason: 'FieldValueRequired', message: 'name it', fieldPath: '.name' },
		);
		expect(api.create(thing({ min: 0 })).error?.message).toBe(
			'Thing.example.com "x" is invalid: [spec.min: Invalid value: "object": min is 0, spec.name: Required value: name it]',
		);
	});

	it('of a transition are asked when there was something before', () => {
		const api = having({ rule: 'self.name == oldSelf.name', message: 'name is immutable' });
		must(api.create(thing({ name: 'a' })));
		expect(api.update(thing({ name: 'b' })).error?.message).toContain('Invalid value: "object": name is immutable');
		must(api.update(thing({ name: 'a', min: 1 })));
	});

	it('let through what was wrong before and stays as it is, with a warning', () => {
		const { api } = bench('v1.33.0');
		must(api.create(definition([])));
		must(api.create(thing({ min: 3, max: 2 })));
		must(api.update(definition([{ rule: 'self.min <= self.max' }])));
		const kept = api.update({ ...thing({ min: 3, max: 2 }), metadata: { name: 'x', labels: { a: 'b' } } });
		expect(kept.warnings).toEqual(['spec: Invalid value: "object": failed rule: self.min <= self.max']);
		expect(api.update(thing({ min: 4, max: 2 })).error?.reason).toBe('Invalid');
	});

	it('know the types of fields: times, lists, maps, numbers with a point, names that are words of the language', () => {
		const properties = {
			when: { type: 'string', format: 'date-time' },
			wait: { type: 'string', format: 'duration' },
			share: { type: 'number' },
			namespace: { type: 'string' },
			'a-b': { type: 'boolean' },
			either: { 'x-kubernetes-int-or-string': true },
			ports: { type: 'array', items: { type: 'object', properties: { port: { type: 'integer' } } } },
			labels: { type: 'object', additionalProperties: { type: 'string' } },
		};
		const spec = {
			when: '2024-01-02T03:04:05Z',
			wait: '90s',
			share: 1,
			namespace: 'n',
			'a-b': true,
			either: '5',
			ports: [{ port: 80 }],
			labels: { 'x-y': 'z' },
		};
		for (const rule of [
			"self.when > timestamp('2024-01-01T00:00:00Z') && self.wait == duration('1m30s')",
			"self.share * 0.5 == 0.5 && self.__namespace__ == 'n' && self.a__dash__b",
			"type(self.either) == string && self.ports.all(p, p.port < 100) && self.labels['x-y'] == 'z'",
		]) {
			const { api } = bench('v1.33.0');
			must(api.create(definition([{ rule }], properties)));
			must(api.create(thing(spec)));
			expect(
				api.create(thing({ ...spec, when: '2023-01-01T00:00:00Z', share: 2, ports: [{ port: 800 }] }, 'y')).error,
			).toBeDefined();
		}
	});

	it('are not asked about what is wrong already', () => {
		expect(having({ rule: 'self.min > 0' }).create(thing({ min: 'x' })).error?.message).toBe(
			'Thing.example.com "x" is invalid: [spec.min: Invalid value: "string": spec.min in body must be of type integer: "string", <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
		);
	});

	it('say what is missing', () => {
		expect(having({ rule: 'self.min > 0' }).create(thing({})).error?.message).toContain(
			'no such key: min evaluating rule: self.min > 0',
		);
	});

	it.each([
		['self.mni > 0', "compilation failed: ERROR: <input>:1:5: undefined field 'mni'\n | self.mni > 0\n | ....^"],
		[
			"self.min > 'a'",
			"compilation failed: ERROR: <input>:1:10: found no matching overload for '_>_' applied to '(int, string)'\n | self.min > 'a'\n | .........^",
		],
		['self.name', 'cel expression must evaluate to a bool'],
	])('are checked by the types of the schema: %s', (rule, why) => {
		const said = bench('v1.34.0').api.create(definition([{ rule }])).error?.message ?? '';
		expect(said).toContain(
			`spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: {"rule":${JSON.stringify(rule)}}: ${why}`,
		);
	});
});

describe('conditions of a webhook', () => {
	it('decide whether it is called', () => {
		const { api } = bench('v1.33.0');
		must(
			api.create({
				apiVersion: GROUP,
				kind: 'ValidatingWebhookConfiguration',
				metadata: { name: 'h' },
				webhooks: [
					{
						name: 'h.example.com',
						admissionReviewVersions: ['v1'],
						sideEffects: 'None',
						clientConfig: { service: { name: 'hook', namespace: 'default' } },
						rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
						matchConditions: [{ name: 'a', expression: "object.metadata.name != 'free'" }],
					},
				],
			}),
		);
		const map = (name: string): ApiInput => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
		must(api.create(map('free')));
		expect(api.create(map('asked')).error?.message).toContain('failed calling webhook');
	});
});
