/**
 * Admission webhooks: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook (request/admissionreview_test.go,
 * predicates/rules/rules_test.go), pkg/apis/admissionregistration/validation/validation_test.go @ v1.24.0.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import {
	type ApiInput,
	type ApiServer,
	type CalledOut,
	type CallOut,
	certificateDer,
	createApiServer,
	loadForPeople,
	pem,
	rsaKey,
} from '../../../../src/sim/api/index.ts';
import { verdictOf } from '../../../../src/sim/api/webhooks/review.ts';
import { bench, deployment, EPOCH, must, pod, random, service } from './fixtures.ts';

beforeAll(loadForPeople);

const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };

const hook = (more: object = {}, kind = 'Validating'): ApiInput => ({
	apiVersion: 'admissionregistration.k8s.io/v1',
	kind: `${kind}WebhookConfiguration`,
	metadata: { name: 'h' },
	webhooks: [
		{
			name: 'h.example.com',
			admissionReviewVersions: ['v1'],
			sideEffects: 'None',
			clientConfig: { service: { name: 'hook', namespace: 'default' } },
			rules: [RULE],
			...more,
		},
	],
});

const map = (name: string, more: object = {}): ApiInput => ({
	apiVersion: 'v1',
	kind: 'ConfigMap',
	metadata: { name, ...more },
	data: { a: '1' },
});

const HTTP = (body: string, status = '200 OK', type = 'application/json'): string =>
	`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\n\r\n${body}`;

const AUTHORITY = rsaKey(3);
const OWN = rsaKey(4);
const name = (commonName: string) => ({ commonName });

describe('a configuration', () => {
	it('has the defaults of the API', () => {
		const { api } = bench();
		expect((must(api.create(hook({}, 'Mutating'))) as never as { webhooks: unknown[] }).webhooks[0]).toEqual({
			name: 'h.example.com',
			admissionReviewVersions: ['v1'],
			sideEffects: 'None',
			clientConfig: { service: { name: 'hook', namespace: 'default', port: 443 } },
			rules: [{ ...RULE, scope: '*' }],
			failurePolicy: 'Fail',
			matchPolicy: 'Equivalent',
			namespaceSelector: {},
			objectSelector: {},
			timeoutSeconds: 10,
			reinvocationPolicy: 'Never',
		});
	});

	it.each<[object, string]>([
		[
			{ name: 'short' },
			'webhooks[0].name: Invalid value: "short": should be a domain with at least three segments separated by dots',
		],
		[{ sideEffects: undefined }, 'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun'],
		[
			{ sideEffects: 'Some' },
			'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
		],
		[
			{ timeoutSeconds: 31 },
			'webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds',
		],
		[
			{ failurePolicy: 'Open' },
			'webhooks[0].failurePolicy: Unsupported value: "Open": supported values: "Fail", "Ignore"',
		],
		[
			{ admissionReviewVersions: [] },
			'webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1',
		],
		[{ clientConfig: {} }, 'webhooks[0].clientConfig: Required value: exactly one of url or service is required'],
		[
			{ clientConfig: { url: 'http://a.b/c' } },
			`webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
		],
		[
			{ clientConfig: { service: { name: 'a', namespace: 'b', path: 'xy' } } },
			`webhooks[0].clientConfig.service.path: Invalid value: "xy": must start with a '/'`,
		],
		[{ rules: [{ ...RULE, operations: [] }] }, 'webhooks[0].rules[0].operations: Required value'],
		[
			{ rules: [{ ...RULE, operations: ['MAKE'] }] },
			'webhooks[0].rules[0].operations[0]: Unsupported value: "MAKE": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
		],
		[
			{ rules: [{ ...RULE, resources: ['*', 'pods'] }] },
			`webhooks[0].rules[0].resources: Invalid value: []string{"*", "pods"}: if '*' is present, must not specify other resources without subresources`,
		],
	])('is refused: %o', (more, said) => {
		expect(bench().api.create(hook(more)).error?.message).toBe(
			`ValidatingWebhookConfiguration.admissionregistration.k8s.io "h" is invalid: ${said}`,
		);
	});
});

describe('expressions in CEL', () => {
	const conditions = { matchConditions: [{ name: 'a', expression: "object.metadata.name != 'x'" }] };
	const definition: ApiInput = {
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
									properties: { size: { type: 'integer' } },
									'x-kubernetes-validations': [{ rule: 'self.size < 10' }],
								},
							},
						},
					},
				},
			],
		},
	};
	const policy: ApiInput = {
		apiVersion: 'admissionregistration.k8s.io/v1',
		kind: 'ValidatingAdmissionPolicy',
		metadata: { name: 'p' },
		spec: { validations: [{ expression: 'false' }] },
	};

	it('are dropped by servers that do not evaluate them', () => {
		const { api } = bench('v1.24.0');
		const made = api.create(definition);
		expect(made.warnings).toBeUndefined();
		expect(JSON.stringify(made.value)).not.toContain('x-kubernetes-validations');
		expect(JSON.stringify(must(api.create(hook(conditions))))).not.toContain('matchConditions');
		expect(api.create(policy).error?.reason).toBe('NotFound');
	});

	it('are stored by those that do, with a word that nobody evaluates them here', () => {
		const { api } = bench('v1.33.0');
		expect(api.create(definition).warnings).toEqual([
			'the simulator evaluates no CEL here: rules of x-kubernetes-validations are stored and refuse nothing',
		]);
		expect(api.create(hook(conditions)).warnings).toEqual([
			'the simulator evaluates no CEL here: the webhook "h.example.com" is called whatever its matchConditions say',
		]);
		expect(api.create(policy).warnings).toEqual([
			'the simulator evaluates no CEL here: this policy is stored and refuses nothing',
		]);
	});
});

describe('a request that no webhook can be asked about', () => {
	const said = (api: ApiServer, object: ApiInput = map('a')): string | undefined => api.create(object).error?.message;
	const FAILED = 'Internal error occurred: failed calling webhook "h.example.com": failed to call webhook: Post ';

	it('is refused where there is no such service, port, or address', () => {
		const { api } = bench();
		must(api.create(hook()));
		const url = '"https://hook.default.svc:443/?timeout=10s"';
		expect(said(api)).toBe(`${FAILED}${url}: service "hook" not found`);
		must(api.create(service('hook')));
		expect(said(api)).toBe(`${FAILED}${url}: no service port 443 found for service "hook"`);
		must(api.delete(api.find('services')!, 'default', 'hook'));
		must(api.create(service('hook', { clusterIP: 'None', ports: [{ port: 443 }] })));
		expect(said(api)).toBe(`${FAILED}${url}: cannot route to service with ClusterIP "None"`);
	});

	it('passes where the policy is to ignore that, and where the rules mean others', () => {
		const { api } = bench();
		must(api.create(hook({ failurePolicy: 'Ignore' })));
		expect(said(api)).toBeUndefined();
		must(api.delete(api.find('validatingwebhookconfigurations')!, undefined, 'h'));
		must(api.create(hook()));
		expect(said(api, pod('p'))).toBeUndefined();
		expect(said(api, map('b'))).toContain('failed calling webhook');
		// Configurations themselves are never asked about.
		must(
			api.update(hook({ rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }] })),
		);
		expect(said(api, pod('q'))).toContain('failed calling webhook');
		expect(api.delete(api.find('pods')!, 'default', 'p').error?.message).toContain('failed calling webhook');
		expect(api.delete(api.find('validatingwebhookconfigurations')!, undefined, 'h').error).toBeUndefined();
		expect(said(api, pod('q'))).toBeUndefined();
	});

	it.each<[string, object, ApiInput, boolean]>([
		['objectSelector', { objectSelector: { matchLabels: { a: 'b' } } }, map('a', { labels: { a: 'b' } }), true],
		['objectSelector, without the label', { objectSelector: { matchLabels: { a: 'b' } } }, map('a'), false],
		[
			'namespaceSelector',
			{
				namespaceSelector: {
					matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['default'] }],
				},
			},
			map('a'),
			false,
		],
		['scope', { rules: [{ ...RULE, scope: 'Cluster' }] }, map('a'), false],
		['another version', { rules: [{ ...RULE, apiVersions: ['v2'] }] }, map('a'), false],
		[
			'an older version of the same resource',
			{ rules: [{ apiGroups: ['autoscaling'], apiVersions: ['v1'], operations: ['*'], resources: ['*'] }] },
			{
				apiVersion: 'autoscaling/v2',
				kind: 'HorizontalPodAutoscaler',
				metadata: { name: 'x' },
				spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' } },
			},
			true,
		],
		[
			'the same, exactly',
			{
				matchPolicy: 'Exact',
				rules: [{ apiGroups: ['apps'], apiVersions: ['v1beta1'], operations: ['*'], resources: ['*'] }],
			},
			deployment('w'),
			false,
		],
	])('is meant or not by %s', (_, more, object, meant) => {
		const { api } = bench();
		must(api.create(hook(more)));
		expect(said(api, object) !== undefined).toBe(meant);
	});

	it('is refused in a dry run as well', () => {
		const { api } = bench();
		must(api.create(hook()));
		expect(api.create(map('a'), { dryRun: true }).error?.message).toContain('failed calling webhook');
	});
});

describe('a webhook that answers', () => {
	const asked: CallOut[] = [];
	/** A server whose webhook answers so, within TLS that the bundle vouches for. */
	const serverOf = (answer: (call: CallOut) => string, version = 'v1.24.0', host = 'hook.default.svc') => {
		const around = { notBefore: EPOCH - 60, notAfter: EPOCH + 3600 };
		const issuer = { ...around, issuer: name('hook-ca'), signer: AUTHORITY };
		const root = certificateDer({ ...issuer, serial: 1n, subject: name('hook-ca'), key: AUTHORITY, authority: true });
		const own = certificateDer({ ...issuer, serial: 2n, subject: name('hook'), key: OWN, dnsNames: [host] });
		const api = createApiServer({
			version,
			now: () => 0,
			epoch: EPOCH,
			random,
			callOut: (call): CalledOut => {
				asked.push(call);
				return { took: 3000, chain: [own], text: answer(call) };
			},
		});
		must(api.create(service('hook', { ports: [{ port: 443 }] })));
		return { api, bundle: btoa(pem('CERTIFICATE', root)) };
	};
	const client = (caBundle: string) => ({
		clientConfig: { caBundle, service: { name: 'hook', namespace: 'default', path: '/x' } },
	});
	const uidOf = ({ text }: CallOut): string => JSON.parse(text.split('\r\n\r\n')[1]!).request.uid;
	const review = (call: CallOut, response: object): string =>
		HTTP(
			JSON.stringify({
				apiVersion: 'admission.k8s.io/v1',
				kind: 'AdmissionReview',
				response: { uid: uidOf(call), ...response },
			}),
		);

	it('is sent the whole request', () => {
		const { api, bundle } = serverOf((call) => review(call, { allowed: true, warnings: ['mind'] }));
		must(api.create(hook(client(bundle))));
		asked.length = 0;
		const made = api.create(map('a'), { who: { user: 'jane', groups: ['dev'] } });
		expect(made.warnings).toEqual(['mind']);
		expect(made.took).toBe(3000);
		expect(asked[0]!.timeout).toBe(10e6);
		const [head, body] = asked[0]!.text.split('\r\n\r\n');
		expect(head!.split('\r\n').slice(0, 3)).toEqual([
			'POST /x?timeout=10s HTTP/1.1',
			'Host: hook.default.svc:443',
			'User-Agent: kube-apiserver-admission',
		]);
		expect(JSON.parse(body!).request).toMatchObject({
			kind: { group: '', version: 'v1', kind: 'ConfigMap' },
			resource: { group: '', version: 'v1', resource: 'configmaps' },
			name: 'a',
			namespace: 'default',
			operation: 'CREATE',
			userInfo: { username: 'jane', groups: ['dev'] },
			object: { data: { a: '1' } },
			oldObject: null,
			dryRun: false,
		});
	});

	it.each<[string, (call: CallOut) => string, string]>([
		[
			'a refusal',
			(call) => review(call, { allowed: false, status: { message: 'no', code: 403 } }),
			'admission webhook "h.example.com" denied the request: no',
		],
		[
			'a refusal without a word',
			(call) => review(call, { allowed: false }),
			'admission webhook "h.example.com" denied the request without explanation',
		],
		[
			'plain text',
			() => HTTP('hello', '200 OK', 'text/plain'),
			'Internal error occurred: failed calling webhook "h.example.com": failed to call webhook: couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
		],
		[
			'no response',
			() => HTTP('{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}'),
			'Internal error occurred: failed calling webhook "h.example.com": received invalid webhook response: webhook response was absent',
		],
		[
			'an error',
			() => HTTP('boom', '500 Internal Server Error', 'text/plain'),
			'Internal error occurred: failed calling webhook "h.example.com": failed to call webhook: an error on the server ("boom") has prevented the request from succeeding',
		],
		[
			'nothing',
			() => HTTP(''),
			'Internal error occurred: failed calling webhook "h.example.com": failed to call webhook: 0-length response with status code: 200 and content type: application/json',
		],
	])('refuses with %s', (_, answer, said) => {
		const { api, bundle } = serverOf(answer);
		must(api.create(hook(client(bundle))));
		expect(api.create(map('a')).error?.message).toBe(said);
	});

	it('changes the object by its patch, which nobody owns', () => {
		const patch = btoa(JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { by: 'hook' } }]));
		const { api, bundle } = serverOf((call) => review(call, { allowed: true, patch, patchType: 'JSONPatch' }));
		must(api.create(hook(client(bundle), 'Mutating')));
		const made = must(api.create(map('a')));
		expect(made.metadata.labels).toEqual({ by: 'hook' });
		expect(api.get(api.find('configmaps')!, 'default', 'a')!.metadata.labels).toEqual({ by: 'hook' });
		expect(api.writes(made)[0]!.after.metadata).not.toHaveProperty('labels');
	});

	it('is not believed without a bundle, by another name, or once it expired', () => {
		const POST = 'failed to call webhook: Post "https://hook.default.svc:443/x?timeout=10s": ';
		const answer = (call: CallOut): string => review(call, { allowed: true });
		const said = (version: string, host: string, trusts: boolean): string => {
			const { api, bundle } = serverOf(answer, version, host);
			must(api.create(hook(client(trusts ? bundle : ''))));
			return api.create(map('a')).error!.message;
		};
		expect(said('v1.24.0', 'hook.default.svc', false)).toContain(
			`${POST}x509: certificate signed by unknown authority`,
		);
		expect(said('v1.27.0', 'hook.default.svc', false)).toContain(
			`${POST}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
		);
		expect(said('v1.24.0', 'other.default.svc', true)).toContain(
			`${POST}x509: certificate is valid for other.default.svc, not hook.default.svc`,
		);
	});
});

describe('VerifyAdmissionResponse()', () => {
	const V1 = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
	const PATCH = btoa('[]');
	it.each<[object, boolean, string]>([
		[{ ...V1, response: { uid: '1234', allowed: true } }, false, 'expected response.uid="123", got "1234"'],
		[
			{ response: { uid: '123', allowed: true } },
			false,
			'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=',
		],
		[
			{ ...V1, response: { uid: '123', patch: PATCH } },
			true,
			'webhook returned response.patch but not response.patchType',
		],
		[
			{ ...V1, response: { uid: '123', patchType: 'JSONPatch' } },
			true,
			'webhook returned response.patchType but not response.patch',
		],
		[
			{ ...V1, response: { uid: '123', patch: PATCH, patchType: '' } },
			true,
			'webhook returned invalid response.patchType of ""',
		],
		[{ ...V1, response: { uid: '123', patch: PATCH } }, false, 'validating webhook may not return response.patch'],
	])('says what is wrong with %o', (body, mutating, error) => {
		expect(verdictOf(JSON.stringify(body), { version: 'v1', uid: '123', mutating })).toMatchObject({ error });
	});

	it('checks nothing of v1beta1', () => {
		expect(
			verdictOf('{"response":{"allowed":true}}', { version: 'v1beta1', uid: '123', mutating: false }),
		).toMatchObject({ allowed: true });
	});
});
