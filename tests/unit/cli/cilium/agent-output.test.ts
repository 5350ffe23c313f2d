import { expect, test } from 'vitest';
import { goJson, goYaml, NIL, NO_TEXT, orEmpty } from '../../../../src/cli/cilium/agent/go-output.ts';
import { terminal } from '../terminal.ts';

const AGENT = 'kubectl -n kube-system exec ds/cilium -c cilium-agent -- cilium';

test('services with -o json are models.Service, and JSONPath is kubectl’s', async () => {
	const t = await terminal('kind-ebpf');
	const services = JSON.parse(await t.run(`${AGENT} service list -o json`)) as {
		spec: { flags: { name?: string }; [key: string]: unknown };
		status: { realized: object };
	}[];
	expect(services.find(({ spec }) => spec.flags.name === 'svc-echoserver')).toEqual({
		spec: services[1]!.spec,
		status: { realized: services[1]!.spec },
	});
	expect(services[1]!.spec).toEqual({
		'backend-addresses': [{ ip: '10.244.1.199', nodeName: 'basic-worker', port: 8080, state: 'active' }],
		flags: { name: 'svc-echoserver', namespace: 'default', trafficPolicy: 'Cluster', type: 'ClusterIP' },
		'frontend-address': { ip: '10.96.101.186', port: 8080, scope: 'external' },
		id: 2,
	});
	expect(
		await t.run(
			`${AGENT} service list -o jsonpath='{range [?(@.spec.flags.type=="NodePort")]}{.spec.id}={.spec.frontend-address.port} {end}'`,
		),
	).toBe('3=32017 4=32017 \n');
	expect(await t.run(`${AGENT} service list -o wide`)).toBe('command terminated with exit code 1\n');
});

test('connections with -o json are the entries of the map, addresses swapped and ports in the network’s order', async () => {
	const t = await terminal('kind-ebpf');
	await t.run('curl -s 172.18.0.3:32017');
	const agent = (await t.run('kubectl -n kube-system get pod -l k8s-app=cilium -o wide'))
		.split('\n')
		.find((line) => / basic-worker /.test(line))!
		.split(' ')[0];
	const exec = `kubectl -n kube-system exec ${agent} -c cilium-agent -- cilium bpf`;
	const lines = (await t.run(`${exec} ct list global`)).split('\n').filter((line) => line !== '');
	const records = JSON.parse(await t.run(`${exec} ct list global -o json`)) as {
		Key: { DestAddr: number[]; SourceAddr: number[]; DestPort: number; SourcePort: number; NextHeader: number };
		Value: { RxPackets: number; Lifetime: number };
	}[];
	const swap = (port: number): number => ((port & 255) << 8) | (port >> 8);
	expect(records).toHaveLength(lines.length);
	for (const [i, { Key, Value }] of records.entries()) {
		const ends = `${Key.DestAddr.join('.')}:${swap(Key.SourcePort)} -> ${Key.SourceAddr.join('.')}:${swap(Key.DestPort)} `;
		expect(lines[i]).toContain(ends);
		expect(lines[i]).toContain(`expires=${Value.Lifetime} RxPackets=${Value.RxPackets} `);
	}
});

test('Go’s JSON leaves out what is empty and sorts maps; YAML has all fields by their names', () => {
	const value = {
		'+base': { 'some-name': orEmpty(''), other: NIL },
		list: [{ a: 1 }, {}],
		map: new Map([
			['10', ['<none>']],
			['9', []],
		]),
		text: NO_TEXT,
	};
	expect(goJson(value)).toBe(
		'{\n  "list": [\n    {\n      "a": 1\n    },\n    {}\n  ],\n  "map": {\n    "10": [\n      "\\u003cnone\\u003e"\n    ],\n    "9": []\n  }\n}',
	);
	expect(goYaml(value)).toBe(
		'base:\n  somename: ""\n  other: null\nlist:\n- a: 1\n- {}\nmap:\n  "10":\n  - <none>\n  "9": []\ntext: ""\n',
	);
});
