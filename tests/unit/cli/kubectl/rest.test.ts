/**
 * The API server over HTTP, through `kubectl proxy`: bodies, options, subresources, forms of answers. Words are upstream's:
 * apiserver pkg/endpoints/handlers @ v0.24.0.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
let pod: string;

beforeAll(async () => {
	t = await terminal();
	await t.run('kubectl proxy --port=8001 &');
	pod = (await t.run('kubectl get pod -o name')).trim().split('/')[1]!;
});

const B = 'http://localhost:8001';
const MAPS = '/api/v1/namespaces/default/configmaps';
const SCALE = '/apis/apps/v1/namespaces/default/deployments/deploy-echoserver/scale';

/** The answer as JSON; `body` is what is sent. */
const ask = async (method: string, path: string, body?: string, type = 'application/json') =>
	JSON.parse(
		await t.run(
			`curl -s -X ${method} ${body === undefined ? '' : `-H 'Content-Type: ${type}' -d '${body}'`} '${B}${path}'`,
		),
	);

describe('a request that cannot be answered', () => {
	it.each<[string, string, string | undefined, number, string]>([
		[
			'POST',
			MAPS,
			'{bad',
			400,
			"the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string ({bad)",
		],
		[
			'POST',
			MAPS,
			'',
			400,
			"the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
		],
		[
			'POST',
			MAPS,
			'{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}',
			400,
			'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
		],
		[
			'POST',
			MAPS,
			'{"metadata":{"name":"a","namespace":"other"}}',
			400,
			'the namespace of the provided object does not match the namespace sent on the request',
		],
		[
			'PUT',
			`${MAPS}/kube-root-ca.crt`,
			'{"metadata":{"name":"b"}}',
			400,
			'the name of the object (b) does not match the name on the URL (kube-root-ca.crt)',
		],
		[
			'POST',
			`${MAPS}?dryRun=yes`,
			'{"metadata":{"name":"a"}}',
			422,
			'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: "yes": supported values: "All"',
		],
		[
			'DELETE',
			`${MAPS}/kube-root-ca.crt`,
			'{"preconditions":{"resourceVersion":"1"}}',
			409,
			'Operation cannot be fulfilled on configmaps "kube-root-ca.crt": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record',
		],
		['GET', `${MAPS}?limit=x`, undefined, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
		['GET', `${MAPS}?resourceVersion=99999999`, undefined, 504, 'Too large resource version: 99999999, current: '],
		[
			'POST',
			'/api/v1/namespaces/default/serviceaccounts/default/token',
			'{"spec":{"expirationSeconds":5}}',
			422,
			'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
		],
	])('%s %s %s is told why', async (method, path, body, code, message) => {
		const answer = await ask(method, path, body);
		expect(answer.code).toBe(code);
		expect(answer.message).toContain(message);
	});

	it('is one for a stream that nobody upgrades', async () => {
		expect(await t.run(`kubectl get --raw '/api/v1/namespaces/default/pods/${pod}/exec?command=ls'`)).toBe(
			'Error from server (BadRequest): Upgrade request required\n',
		);
	});

	it('has details with the field at fault', async () => {
		expect(await ask('POST', MAPS, '{"metadata":{"name":"A"}}')).toMatchObject({
			reason: 'Invalid',
			details: { name: 'A', kind: 'ConfigMap', causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }] },
		});
	});
});

describe('a patch of server-side apply', () => {
	const APPLY = 'application/apply-patch+yaml';
	it('needs a manager, makes what is not there, and meets what others own', async () => {
		const body = '{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"1"}}';
		expect((await ask('PATCH', `${MAPS}/applied`, body, APPLY)).message).toBe(
			'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
		);
		const made = await ask('PATCH', `${MAPS}/applied?fieldManager=one`, body, APPLY);
		expect(made.metadata.managedFields).toMatchObject([{ manager: 'one', operation: 'Apply' }]);
		const other = body.replace('"1"', '"2"');
		expect(await ask('PATCH', `${MAPS}/applied?fieldManager=two`, other, APPLY)).toMatchObject({
			code: 409,
			message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
		});
		expect((await ask('PATCH', `${MAPS}/applied?fieldManager=two&force=true`, other, APPLY)).data).toEqual({ a: '2' });
		expect(await ask('DELETE', `${MAPS}/applied`)).toMatchObject({ status: 'Success' });
	});
});

describe('a subresource', () => {
	it('scale is read, replaced and patched as a Scale', async () => {
		const scale = await ask('GET', SCALE);
		expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 } });
		const put = { ...scale, spec: { replicas: 2 } };
		expect(await ask('PUT', SCALE, JSON.stringify(put))).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
		expect(await t.run("kubectl get deploy deploy-echoserver -o jsonpath='{.spec.replicas}'")).toBe('2');
		expect((await ask('PUT', SCALE, JSON.stringify(put))).code).toBe(409);
		const patched = await ask('PATCH', SCALE, '{"spec":{"replicas":1}}', 'application/merge-patch+json');
		expect(patched).toMatchObject({ kind: 'Scale', spec: { replicas: 1 } });
	});

	it('status is written apart from the rest', async () => {
		const path = '/apis/apps/v1/namespaces/default/deployments/deploy-echoserver/status';
		const patch = '{"spec":{"replicas":7},"status":{"observedGeneration":99}}';
		const answer = await ask('PATCH', path, patch, 'application/merge-patch+json');
		expect(answer.spec.replicas).toBe(1);
		expect(answer.status.observedGeneration).toBe(99);
	});

	it('eviction ends a pod, and binding gives it a node once', async () => {
		await t.run('kubectl run gone --image=nginx; sleep 10');
		const at = '/api/v1/namespaces/default/pods/gone';
		const binding = await ask('POST', `${at}/binding`, '{"target":{"name":"basic-worker"}}');
		expect(binding).toMatchObject({ code: 409, reason: 'Conflict' });
		expect(binding.message).toMatch(
			/^Operation cannot be fulfilled on pods\/binding "gone": pod gone is already assigned/,
		);
		expect(await ask('POST', `${at}/eviction`, '{"metadata":{"name":"gone"}}')).toMatchObject({
			status: 'Success',
			code: 201,
		});
		expect(await t.run('kubectl get pod gone')).toContain('Terminating');
	});

	it('token is a token its server believes', async () => {
		const made = await ask('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', '{}');
		expect(made.spec.expirationSeconds).toBe(3600);
		const review = `{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"${made.status.token}"}}`;
		const answer = await ask('POST', '/apis/authentication.k8s.io/v1/tokenreviews', review);
		expect(answer.status.user.username).toBe('system:serviceaccount:default:default');
	});
});

describe('an answer', () => {
	const get = (path: string, accept: string): Promise<string> => t.run(`curl -s -H 'Accept: ${accept}' '${B}${path}'`);

	it('is a table, metadata, or YAML for who asks so', async () => {
		const table = JSON.parse(
			await get('/api/v1/nodes', 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json'),
		);
		expect(table.kind).toBe('Table');
		expect(table.rows.map((row: { cells: string[] }) => row.cells[0])).toContain('basic-worker');
		const list = JSON.parse(
			await get('/api/v1/nodes', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'),
		);
		expect(list.kind).toBe('PartialObjectMetadataList');
		expect(Object.keys(list.items[0])).toEqual(['metadata']);
		expect(await get('/api/v1/namespaces/default', 'application/yaml')).toMatch(/^apiVersion: v1\nkind: Namespace\n/);
		expect(JSON.parse(await get('/api/v1/nodes', 'text/html'))).toMatchObject({ code: 406, reason: 'NotAcceptable' });
	});

	it('names who wrote what by the program that sent it', async () => {
		const made = await ask('POST', MAPS, '{"metadata":{"name":"m"},"data":{"a":"1"}}');
		expect(made.metadata.managedFields).toMatchObject([{ manager: 'curl', operation: 'Update' }]);
		const named = await ask('PATCH', `${MAPS}/m?fieldManager=me`, '{"data":{"b":"2"}}', 'application/merge-patch+json');
		expect(named.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toEqual(['curl', 'me']);
	});

	it('to the deletion of many is what was deleted', async () => {
		await ask('POST', MAPS, '{"metadata":{"name":"x","labels":{"go":"away"}}}');
		const gone = await ask('DELETE', `${MAPS}?labelSelector=go%3Daway`);
		expect(gone).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'x' } }] });
		expect((await ask('GET', `${MAPS}/x`)).code).toBe(404);
		expect((await ask('GET', `${MAPS}/kube-root-ca.crt`)).kind).toBe('ConfigMap');
	});

	it('of a page long ago is gone, with a token to go on', async () => {
		const first = await ask('GET', '/api/v1/nodes?limit=2');
		await t.run('sleep 700');
		const late = await ask('GET', `/api/v1/nodes?limit=2&continue=${first.metadata.continue}`);
		expect(late).toMatchObject({ code: 410, reason: 'Expired' });
		const rest = await ask('GET', `/api/v1/nodes?continue=${late.metadata.continue}`);
		expect(rest.items).toHaveLength(2);
	});

	it('of a kubelet comes through the server, while it runs', async () => {
		const node = '/api/v1/nodes/basic-worker/proxy';
		expect(await t.run(`kubectl get --raw ${node}/healthz`)).toBe('ok');
		const pods = JSON.parse(await t.run(`kubectl get --raw ${node}/pods`));
		expect(new Set(pods.items.map((item: { spec: { nodeName: string } }) => item.spec.nodeName))).toEqual(
			new Set(['basic-worker']),
		);
		await t.run('docker exec basic-worker systemctl stop kubelet');
		expect((await ask('GET', `${node}/healthz`)).message).toMatch(
			/^error trying to reach service: dial tcp [\d.]+:10250: connect: connection refused$/,
		);
	});
});

describe('a warning of the server', () => {
	const odd = (name: string): string =>
		JSON.stringify({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name },
			spec: { nodeSelector: { 'beta.kubernetes.io/os': 'linux' }, containers: [{ name: 'c', image: 'nginx' }] },
		});
	const words = 'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead';

	it('is a header, with its quotes escaped', async () => {
		const answer = await t.run(
			`curl -si -X POST -H 'Content-Type: application/json' -d '${odd('a')}' '${B}/api/v1/namespaces/default/pods?dryRun=All'`,
		);
		expect(answer).toContain(`Warning: 299 - "${words.replaceAll('"', '\\"')}"\r\n`);
	});

	it('comes with what is read in a version that goes', async () => {
		expect(await t.run(`curl -si '${B}/api/v1/componentstatuses'`)).toContain(
			'Warning: 299 - "v1 ComponentStatus is deprecated in v1.19+"\r\n',
		);
	});

	it('is told by kubectl once, however many objects it is about', async () => {
		await t.file('odd.yaml', `${odd('a')}\n${odd('b')}\n`);
		const said = await t.run('kubectl create -f odd.yaml --dry-run=server');
		expect(said.split('\n').sort()).toEqual([
			'',
			`Warning: ${words}`,
			'pod/a created (server dry run)',
			'pod/b created (server dry run)',
		]);
	});
});
