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
