/** What external load balancers ask: health-check node ports, and the health of kube-proxy itself. */
import { beforeAll, describe, expect, test } from 'vitest';
import { proxyHealth, serviceHealth } from '../../../../src/cli/linux/service-health.ts';
import { type Terminal, terminal as terminalOf } from '../terminal.ts';

const web = { namespace: 'default', name: 'web' };

describe('an answer', () => {
	test('of kube-proxy is indented by tabs and counts endpoints of the node', () => {
		expect(serviceHealth({ proxy: 24 }, web, 2)).toEqual({
			status: 200,
			type: 'application/json',
			headers: ['X-Content-Type-Options: nosniff'],
			body: '{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 2\n}',
		});
		expect(serviceHealth({ proxy: 24 }, web, 0).status).toBe(503);
	});

	test('of kube-proxy 1.28 tells of the proxy too, and has the count in a header', () => {
		expect(serviceHealth({ proxy: 28 }, web, 1)).toMatchObject({
			headers: ['X-Content-Type-Options: nosniff', 'X-Load-Balancing-Endpoint-Weight: 1'],
			body: expect.stringContaining('\t"localEndpoints": 1,\n\t"serviceProxyHealthy": true\n}'),
		});
	});

	test('of Cilium is one line; the header came with 1.15', () => {
		const body = '{"service":{"namespace":"default","name":"web"},"localEndpoints":1}\n';
		expect(serviceHealth({ cilium: 12 }, web, 1)).toMatchObject({ body, headers: ['X-Content-Type-Options: nosniff'] });
		expect(serviceHealth({ cilium: 15 }, web, 1).headers).toContain('X-Load-Balancing-Endpoint-Weight: 1');
	});

	test('of kube-proxy about itself has two times, from 1.28 on whether its node may be used', () => {
		const at = { now: 1_661_940_000_250_000, since: 12_500_000 };
		const time = '"2022-08-31 10:00:00.25 +0000 UTC m=+12.500000000"';
		expect(proxyHealth(24, '/healthz', at, true)).toMatchObject({
			status: 200,
			type: 'application/json',
			body: `{"lastUpdated": ${time},"currentTime": ${time}}`,
		});
		expect(proxyHealth(28, '/healthz', at, true)?.body).toContain('", "nodeEligible": true}');
		expect(proxyHealth(30, '/healthz', at, false)?.status).toBe(503);
		expect(proxyHealth(30, '/livez', at, false)).toMatchObject({
			status: 200,
			body: expect.not.stringContaining('Eligible'),
		});
		expect(proxyHealth(24, '/livez', at, true)?.status).toBe(404);
	});
});

const front = async (lab: Terminal): Promise<string> => {
	await lab.run(
		'kubectl create deploy front --image=nginx; kubectl expose deploy front --type LoadBalancer --port 80 --overrides=\'{"spec":{"externalTrafficPolicy":"Local"}}\'; kubectl wait --for=condition=available deploy/front --timeout=5m',
	);
	return lab.run("kubectl get svc front -o jsonpath='{.spec.healthCheckNodePort}'");
};
const nodesOf = async (lab: Terminal): Promise<readonly [string, string]> => {
	const with_ = await lab.run("kubectl get pod -l app=front -o jsonpath='{.items[0].spec.nodeName}'");
	const all = (await lab.run("kubectl get nodes -o jsonpath='{.items[*].metadata.name}'")).split(' ');
	return [with_, all.find((name) => name !== with_)!];
};

describe.each([
	['kube-proxy', 'kind-basic', '"localEndpoints": '],
	['Cilium in its place', 'kind-ebpf', '"localEndpoints":'],
] as const)('with %s', (_, preset, count) => {
	let lab: Terminal;
	let port: string;
	let nodes: readonly [string, string];
	beforeAll(async () => {
		lab = await terminalOf(preset, { patience: 3600e6 });
		port = await front(lab);
		nodes = await nodesOf(lab);
	});
	const ask = (node: string): Promise<string> =>
		lab.run(`docker exec ${node} curl -s -w '%{http_code}' http://127.0.0.1:${port}/anything`);

	test('the port is open on every node', async () => {
		expect(port).toMatch(/^3\d{4}$/);
		for (const node of nodes) expect(await lab.run(`docker exec ${node} ss -Htln`)).toContain(`*:${port} `);
	});

	test('a node with an endpoint says 200, others 503', async () => {
		expect(await ask(nodes[0])).toMatch(new RegExp(`${count}1[^]*200$`));
		expect(await ask(nodes[1])).toMatch(new RegExp(`${count}0[^]*503$`));
	});

	test('from another node too, by the packets’ way', async () => {
		const ip = await lab.run(`kubectl get node ${nodes[0]} -o jsonpath='{.status.addresses[0].address}'`);
		expect(await lab.run(`docker exec ${nodes[1]} curl -s http://${ip}:${port}`)).toContain(`${count}1`);
	});

	test('the port closes with the policy', async () => {
		await lab.run('kubectl patch svc front -p \'{"spec":{"externalTrafficPolicy":"Cluster"}}\'; sleep 5');
		expect(await ask(nodes[0])).toBe('000');
		expect(lab.code()).toBe(7);
	});
});

test('kube-proxy’s own health is on 10256, and of its node', async () => {
	const lab = await terminalOf('kind-basic', { patience: 3600e6 });
	expect(await lab.run('docker exec basic-worker curl -s http://127.0.0.1:10256/healthz')).toMatch(
		/^\{"lastUpdated": "\d{4}-\d\d-\d\d .* m=\+[\d.]+","currentTime": ".*"\}$/,
	);
	expect(await lab.run('docker exec basic-worker curl -s http://127.0.0.1:10249/proxyMode')).toBe('iptables');
	expect(await lab.run('docker exec basic-worker curl -s http://127.0.0.1:10249/healthz')).toBe('ok');
	expect(await lab.run("docker exec basic-worker curl -s -w '%{http_code}' http://127.0.0.1:10249/metrics")).toBe(
		"the simulator's kube-proxy has no /metrics: it has /healthz and /proxyMode\n501",
	);
});
