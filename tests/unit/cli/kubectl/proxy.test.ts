import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../kubectl-write/lab.ts';

let t: Terminal;
let pod: string;

beforeAll(async () => {
	t = await terminal();
	pod = (await t.run("kubectl get pod -l app=echoserver -o jsonpath='{.items[0].metadata.name}'")).trim();
	await t.run('kubectl proxy & sleep 1');
}, 60_000);

/** What a path answers, as text. */
const get = (path: string, more = ''): Promise<string> => t.run(`curl -s ${more} '127.0.0.1:8001${path}'`);
const json = async (path: string, more = '') => JSON.parse(await get(path, more));

const DEFAULT = '/api/v1/namespaces/default';

describe('kubectl proxy', () => {
	test('serves at a port that ss shows', async () => {
		expect(await t.run('ss -ltn')).toContain('127.0.0.1:8001');
		expect(await t.run('kubectl proxy')).toBe('error: listen tcp 127.0.0.1:8001: bind: address already in use\n');
		expect(await t.run('kubectl proxy --port=80')).toBe('error: listen tcp 127.0.0.1:80: bind: permission denied\n');
	});

	test('health, version, groups and their resources', async () => {
		expect(await get('/healthz')).toBe('ok');
		expect((await json('/version')).gitVersion).toBe('v1.24.0');
		expect((await json('/api')).serverAddressByClientCIDRs[0].serverAddress).toBe('172.18.0.4:6443');
		const { groups } = await json('/apis');
		expect(groups.map((group: { name: string }) => group.name)).toContain('cilium.io');
		const apps = await json('/apis/apps/v1');
		expect(apps.resources.map((item: { name: string }) => item.name)).toContain('deployments/scale');
		const cilium = await json('/apis/cilium.io/v2');
		expect(cilium.resources.find((item: { name: string }) => item.name === 'ciliumendpoints').shortNames).toEqual([
			'cep',
			'ciliumep',
		]);
	});

	test('objects are indented for whoever reads them himself', async () => {
		expect(await get(`${DEFAULT}/pods/${pod}`)).toMatch(
			/^\{\n {2}"kind": "Pod",\n {2}"apiVersion": "v1",\n {2}"metadata"/,
		);
		expect(await get(`${DEFAULT}/pods/${pod}?pretty=false`)).toMatch(/^\{"kind":"Pod",.*\}\n$/);
		expect(await get(`${DEFAULT}/pods`, '-A program')).toMatch(/^\{"kind":"PodList",.*\}\n$/);
		const { items } = await json('/api/v1/pods?labelSelector=app%3Dechoserver&limit=1');
		expect(items).toHaveLength(1);
		expect(items[0].kind).toBeUndefined();
		expect((await json('/apis/cilium.io/v2/ciliumnodes')).items[0].kind).toBe('CiliumNode');
	});

	test('a list in pieces, which a token holds together', async () => {
		const path = '/api/v1/namespaces/kube-system/pods';
		const all = (await json(path)).items as { metadata: { name: string } }[];
		const first = await json(`${path}?limit=3`);
		expect(first.metadata.remainingItemCount).toBe(all.length - 3);
		const second = await json(`${path}?limit=500&continue=${first.metadata.continue}`);
		expect(second.metadata.continue).toBeUndefined();
		expect([...first.items, ...second.items].map(({ metadata }) => metadata.name)).toEqual(
			all.map(({ metadata }) => metadata.name),
		);
		expect((await json(`${path}?limit=3&continue=x`)).code).toBe(400);
	});

	test('what it does not read or stream it says', async () => {
		const path = `${DEFAULT}/configmaps/kube-root-ca.crt`;
		const before = await get(path);
		const patched = await json(path, `-X PATCH -H 'Content-Type: application/json' -d '{"data":{"b":"2"}}'`);
		expect(patched).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
		expect(patched.message).toMatch(/application\/json-patch\+json, application\/merge-patch\+json/);
		expect((await json(`${DEFAULT}/configmaps`, `-d '{"metadata":{"name":"c"}}'`)).message).toMatch(
			/include: application\/json, application\/yaml/,
		);
		expect(await get(path)).toBe(before);
		expect((await json(`${DEFAULT}/pods?watch=1`)).reason).toBe('NotImplemented');
	});

	test('objects in YAML, and what is deleted at once', async () => {
		const made = await json(
			`${DEFAULT}/configmaps`,
			`-H 'Content-Type: application/yaml' --data-binary $'metadata:\\n  name: of-yaml\\ndata:\\n  a: b\\n'`,
		);
		expect(made.data).toEqual({ a: 'b' });
		expect(await json(`${DEFAULT}/configmaps/of-yaml`, '-X DELETE')).toMatchObject({
			kind: 'Status',
			status: 'Success',
			details: { name: 'of-yaml', kind: 'configmaps', uid: made.metadata.uid },
		});
	});

	test('kubectl --raw sends as well: what holds a namespace is let go', async () => {
		await t.run('kubectl create ns f; kubectl create cm c -n f');
		await t.run(`kubectl patch cm c -n f -p '{"metadata":{"finalizers":["example.com/hold"]}}'`);
		await t.run('kubectl delete ns f --wait=false; sleep 5');
		expect(await t.run('kubectl get ns f')).toContain('Terminating');
		await t.run(
			"kubectl get ns f -o json | jq '.spec.finalizers=[]' | kubectl replace --raw /api/v1/namespaces/f/finalize -f -",
		);
		expect(await t.run('kubectl get ns f')).toBe('Error from server (NotFound): namespaces "f" not found\n');
		const made = await t.run(`kubectl create --raw ${DEFAULT}/configmaps -f - <<<'{"metadata":{"name":"raw"}}'`);
		expect(made).toMatch(/^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{"name":"raw",.*\}\n$/);
		expect(await t.run(`kubectl delete --raw ${DEFAULT}/configmaps/raw`)).toMatch(/"status":"Success"/);
		expect(await t.run(`kubectl delete --raw ${DEFAULT}/configmaps/raw`)).toBe(
			'Error from server (NotFound): configmaps "raw" not found\n',
		);
		expect(await t.run(`kubectl replace --raw ${DEFAULT}/configmaps/raw`)).toBe(
			'error: must specify one of -f and -k\n',
		);
	});

	test('what is not there', async () => {
		expect(await json(`${DEFAULT}/pods/nope`)).toMatchObject({
			status: 'Failure',
			message: 'pods "nope" not found',
			details: { name: 'nope', kind: 'pods' },
			code: 404,
		});
		expect((await json(`${DEFAULT}/pods/%ff`)).message).toBe('pods "%ff" not found');
		expect((await json('/api/v1/foos')).message).toBe('the server could not find the requested resource');
		expect(await get('/foo')).toBe('404 page not found\n');
		expect(await get(`${DEFAULT}/pods/${pod}/exec`)).toBe('Forbidden\n');
		expect(await get('/api', "-H 'Host: elsewhere'")).toBe('Forbidden\n');
	});

	test('objects are written, and the server refuses what it would refuse kubectl', async () => {
		const post = `-X POST -H 'Content-Type: application/json' -d`;
		const made = await get(`${DEFAULT}/configmaps`, `-i ${post} '{"metadata":{"name":"x"},"data":{"a":"b"}}'`);
		expect(made).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
		expect(await t.run('kubectl get cm x -o jsonpath={.data.a}')).toBe('b');
		expect((await json(`${DEFAULT}/configmaps`, `${post} '{"metadata":{"name":"x"}}'`)).reason).toBe('AlreadyExists');
		await get(
			`${DEFAULT}/configmaps/x`,
			`-X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"data":{"a":"c"}}'`,
		);
		expect(await t.run('kubectl get cm x -o jsonpath={.data.a}')).toBe('c');
		await get(`${DEFAULT}/configmaps/x`, '-X DELETE');
		expect(await t.run('kubectl get cm x')).toContain('NotFound');
	});

	test('services and pods are reached from the API server’s node, without the Service’s address', async () => {
		const proxied = `${DEFAULT}/services/svc-echoserver:8080/proxy`;
		expect(await get(`${proxied}/`)).toMatch(/-> Requesting IP: 172\.18\.0\.4:\d+/);
		expect(await get(proxied, '-i')).toContain(`Location: ${proxied}/`);
		expect(await get(`${DEFAULT}/pods/${pod}:8080/proxy/`)).toContain('Requesting IP: 172.18.0.4');
		expect((await json(`${DEFAULT}/pods/${pod}:81/proxy/`)).message).toMatch(
			/^error trying to reach service: dial tcp 10\.244\.1\.\d+:81: connect: connection refused$/,
		);
		expect((await json(`${DEFAULT}/services/svc-echoserver:81/proxy/`)).message).toBe(
			'no service port 81 found for service "svc-echoserver"',
		);
		await t.run('kubectl create service clusterip lonely --tcp=80');
		expect((await json(`${DEFAULT}/services/lonely:80/proxy/`)).message).toBe(
			'no endpoints available for service "lonely"',
		);
	});

	test('another prefix, another port', async () => {
		await t.run('kubectl proxy --api-prefix=/k8s --port=8002 & sleep 1');
		expect(await t.run('curl -s 127.0.0.1:8002/k8s/healthz')).toBe('ok');
		expect(await t.run('curl -s 127.0.0.1:8002/healthz')).toBe('404 page not found\n');
	});
});

test('kubectl get --raw asks the same paths', async () => {
	expect(await t.run('kubectl get --raw /apis/apps')).toMatch(
		/^\{"kind":"APIGroup","apiVersion":"v1","name":"apps",.*\}\n$/,
	);
	expect(await t.run('kubectl get --raw /nope')).toBe(
		'Error from server (NotFound): the server could not find the requested resource\n',
	);
	expect(await t.run(`kubectl get --raw ${DEFAULT}/pods/nope`)).toBe(
		'Error from server (NotFound): pods "nope" not found\n',
	);
});
