import { describe, expect, test } from 'vitest';
import { nodePlan, SERVICE_LOOPBACK } from '../../../../src/sim/cilium/index.ts';
import type { Service } from '../../../../src/sim/kube/index.ts';
import { deviceByName, forkNet } from '../../../../src/sim/linux/index.ts';
import { formatIp, prefixOf } from '../../../../src/sim/wire/index.ts';
import { port, service, slice } from '../kube/fixtures.ts';
import { hops, type Lab, lab, NODES, PODS, tryConnect } from './fixture.ts';

const VIP = '10.96.101.186';
const echo = (more: Partial<Service> = {}) =>
	service('default/echo', VIP, [port({ port: 8080, nodePort: 32017 })], { type: 'NodePort', ...more });
const behind = (...endpoints: [string, string][]) => [
	slice(
		'default/echo',
		[{ port: 8080 }],
		endpoints.map(([address, node]) => ({ ip: address, node })),
	),
];
const ON_WORKER: [string, string] = ['10.244.1.199', 'worker'];

const start = (version: string, more: Partial<Service> = {}, values = {}, slices = behind(ON_WORKER)): Lab =>
	lab(version, [echo(more)], slices, values);

/** Address of cilium_host on a node. */
const router = ({ agent }: Lab, i: number): string => formatIp(agent.reserved(NODES[i]!)[0]!);

/** Chains of netfilter that a packet met in a namespace. */
const chains = ({ recorder }: Lab, packet: number, ns: string): string[] =>
	recorder.decisions.filter((d) => d.packet === packet && d.ns === ns && d.chain && d.table).map((d) => d.chain!);

const VERSIONS = ['1.12.1', '1.18.3'] as const;

describe.each(VERSIONS)('Cilium %s, native routing, kube-proxy beside it', (version) => {
	test('a pod reaches a pod of its node past the stack: one hop less of TTL, no rule asked', () => {
		const l = start(version);
		const { text, packet } = tryConnect(l, 'pod/default/b', '10.244.1.199');
		expect(text).toBe('connected a from 10.244.1.7');
		expect(hops(l, packet)).toEqual(['node/worker lxc 64', 'pod/default/a eth0 63']);
		expect(chains(l, packet, 'node/worker').filter((chain) => !/from|^tail_|policy/.test(chain))).toEqual([]);
	});

	test('a pod reaches a pod of another node through both stacks and cilium_host', () => {
		const l = start(version);
		const { text, packet } = tryConnect(l, 'pod/default/c', '10.244.1.199');
		expect(text).toBe('connected a from 10.244.2.9');
		// The program, each stack, and the program of the other node take one each.
		expect(hops(l, packet).filter((hop) => !hop.startsWith('host'))).toEqual([
			'node/worker2 lxc 64',
			'node/worker eth0 62',
			'pod/default/a eth0 60',
		]);
	});

	test('a pod reaches a service by its program: no rule of kube-proxy translates', () => {
		const l = start(version);
		for (const from of ['pod/default/b', 'pod/default/c']) {
			const { text, packet } = tryConnect(l, from, VIP);
			expect(text).toBe(`connected a from ${from.endsWith('b') ? '10.244.1.7' : '10.244.2.9'}`);
			const codes = l.recorder.decisions.filter((d) => d.packet === packet).map((d) => d.why.code);
			expect(codes).toContain('cilium.service');
			expect(codes).not.toContain('nf.dnat');
		}
	});

	test('a pod that reaches itself through the service answers to 169.254.42.1', () => {
		const l = start(version);
		expect(tryConnect(l, 'pod/default/a', VIP).text).toBe(`connected a from ${formatIp(SERVICE_LOOPBACK)}`);
		expect(tryConnect(l, 'pod/default/a', VIP, 8080, 'tcp').text).toContain('connected');
	});

	test('a client at the other node is seen as that node; at the backend’s own as what MASQUERADE finds', () => {
		const l = start(version);
		expect(tryConnect(l, 'host', '172.18.0.2', 32017).text).toBe('connected a from 172.18.0.2');
		// Scope of cilium_host's address: link to 1.12, so the node's own is taken; global later.
		const own = version === '1.12.1' ? '172.18.0.3' : router(l, 0);
		expect(tryConnect(l, 'host', '172.18.0.3', 32017).text).toBe(`connected a from ${own}`);
	});

	test('policy Local keeps the client’s address and answers on the backend’s node only', () => {
		const l = start(version, { externalTrafficPolicy: 'Local' });
		expect(tryConnect(l, 'host', '172.18.0.3', 32017).text).toBe('connected a from 172.18.0.1');
		expect(tryConnect(l, 'host', '172.18.0.2', 32017).text).toBe('timeout');
	});

	test('a pod that reaches a pod of its node by the NodePort comes from cilium_host', () => {
		const l = start(version);
		const { text, packet } = tryConnect(l, 'pod/default/b', '172.18.0.3', 32017);
		expect(text).toBe(`connected a from ${router(l, 0)}`);
		const entries = l.recorder.decisions.filter((d) => d.packet === packet).map((d) => d.entry ?? '');
		expect(entries.some((entry) => entry.includes('hairpin traffic that originated from a local pod'))).toBe(true);
	});

	test('a pod goes out of the cluster with the node’s address', () => {
		const l = start(version);
		const { packet } = tryConnect(l, 'pod/default/b', '172.18.0.1', 9);
		const last = l.recorder.decisions.filter((d) => d.packet === packet && d.ns === 'host' && d.hook === 'rx').at(-1)!;
		expect(formatIp(last.before!.src)).toBe('172.18.0.3');
	});

	test('a pod reaches another node with its own address: nodes are in the ipset', () => {
		const l = start(version);
		const { packet } = tryConnect(l, 'pod/default/b', '172.18.0.2', 9);
		const there = l.recorder.decisions.find((d) => d.packet === packet && d.ns === 'node/worker2' && d.hook === 'rx')!;
		expect(formatIp(there.before!.src)).toBe('10.244.1.7');
	});

	test('a node reaches its pods from the address of cilium_host, others from its own', () => {
		const l = start(version);
		expect(tryConnect(l, 'node/worker', '10.244.1.199').text).toBe(`connected a from ${router(l, 0)}`);
		expect(tryConnect(l, 'node/worker2', '10.244.1.199').text).toBe('connected a from 172.18.0.2');
	});

	test('a node reaches a service by kube-proxy’s rules', () => {
		const l = start(version);
		expect(tryConnect(l, 'node/worker2', VIP).text).toBe('connected a from 172.18.0.2');
	});

	test('an address of the pod CIDR that nobody has is dropped as unroutable', () => {
		const l = start(version);
		const { text, packet } = tryConnect(l, 'node/worker', '10.244.1.77');
		expect(text).toBe('timeout');
		const drops = l.recorder.decisions.filter((d) => d.packet === packet && d.verdict === 'drop');
		expect(drops.map((d) => d.why)).toContainEqual(expect.objectContaining({ reason: 151 }));
	});

	test('UDP goes the same ways', () => {
		const svc = service('default/echo', VIP, [port({ port: 8080, nodePort: 32017, protocol: 'UDP' })], {
			type: 'NodePort',
		});
		const to = slice('default/echo', [{ port: 8080, protocol: 'UDP' }], [{ ip: ON_WORKER[0], node: ON_WORKER[1] }]);
		const l = lab(version, [svc], [to]);
		expect(tryConnect(l, 'pod/default/c', VIP, 8080, 'udp').text).toContain('connected');
		expect(tryConnect(l, 'host', '172.18.0.2', 32017, 'udp').text).toContain('connected');
	});

	test('with endpoint routes the stack delivers, and the program at the pod’s door restores answers', () => {
		const l = start(version, {}, { 'endpointRoutes.enabled': 'true' });
		const { text, packet } = tryConnect(l, 'pod/default/b', '10.244.1.199');
		expect(text).toBe('connected a from 10.244.1.7');
		expect(chains(l, packet, 'node/worker')).toContain('CILIUM_FORWARD');
		expect(tryConnect(l, 'pod/default/b', VIP).text).toBe('connected a from 10.244.1.7');
		expect(tryConnect(l, 'pod/default/a', VIP).text).toContain('connected a from');
		expect(tryConnect(l, 'host', '172.18.0.2', 32017).text).toBe('connected a from 172.18.0.2');
	});

	test('a deleted pod is gone from devices, maps and routes', () => {
		const l = start(version);
		const gone = PODS[0]!;
		expect(l.agent.delPod(l.net, NODES[0]!, gone)).toBeUndefined();
		expect(tryConnect(l, 'pod/default/b', '10.244.1.199').text).not.toContain('connected');
		expect(l.net.namespaces.has('pod/default/a')).toBe(false);
	});
});

test('the node of the API server has an identity of its own on other nodes, and is the host to itself', () => {
	const kubernetes = service('default/kubernetes', '10.96.0.1', [port({ name: 'https', port: 443 })]);
	const slices = [
		slice(
			'default/kubernetes',
			[{ name: 'https', port: 6443 }],
			[{ ip: formatIp(NODES[0]!.internalIP), node: NODES[0]!.name }],
		),
	];
	const { agent, net } = lab('1.18.3', [kubernetes], slices);
	const seen = NODES.map(({ name }) => {
		const ns = net.namespaces.get(`node/${name}`)!;
		return NODES.map(({ internalIP }) => agent.maps.ipcache.lookup(ns, prefixOf(internalIP, 32))?.identity);
	});
	expect(seen).toEqual(NODES.map((_, at) => NODES.map((__, i) => (i === at ? 1 : i === 0 ? 7 : 6))));
});

test('a pod’s program goes on in tail calls only where it balances packets itself', () => {
	const programs = (l: Lab): string[] => {
		const { packet } = tryConnect(l, 'pod/default/b', VIP);
		const said = l.recorder.decisions.filter((d) => d.packet === packet && d.why.code === 'cilium.tail-call');
		return said.map(({ why }) => (why.code === 'cilium.tail-call' ? why.program : ''));
	};
	expect(programs(start('1.18.3'))).toEqual([
		'tail_handle_ipv4',
		'tail_ipv4_ct_egress',
		'tail_handle_ipv4_cont',
		'cil_lxc_policy',
	]);
	const replaced = { kubeProxyReplacement: 'true', k8sServiceHost: '172.18.0.4', k8sServicePort: '6443' };
	expect(programs(start('1.18.3', {}, replaced))).toEqual(['tail_handle_ipv4', 'cil_lxc_policy']);
});

describe('a service without backends, asked by a pod', () => {
	test('to 1.12 it is left to the stack, where CILIUM_FORWARD accepts before kube-proxy can refuse', () => {
		const l = start('1.12.1', {}, {}, behind());
		const { text, packet } = tryConnect(l, 'pod/default/b', VIP);
		// It leaves by the default route, and what becomes of it is for the network beyond to say.
		expect(text).toBe('unreachable');
		const met = chains(l, packet, 'node/worker');
		expect(met).toContain('CILIUM_FORWARD');
		expect(met.filter((chain) => chain === 'KUBE-SERVICES')).toHaveLength(1);
	});

	test.each([
		['1.14.2', 'timeout', 'dropped'],
		['1.18.3', 'refused', 'refused by the program with ICMP'],
	])('Cilium %s: %s, %s', (version, result) => {
		const l = start(version, {}, {}, behind());
		expect(tryConnect(l, 'pod/default/b', VIP).text).toBe(result);
	});
});

test('several backends share the connections, and each connection stays with its own', () => {
	const l = start('1.18.3', {}, {}, behind(ON_WORKER, ['10.244.2.9', 'worker2']));
	const seen = new Set<string>();
	for (let i = 0; i < 12; i++) seen.add(tryConnect(l, 'pod/default/b', VIP).text);
	expect([...seen].sort()).toEqual(['connected a from 10.244.1.7', 'connected c from 10.244.1.7']);
});

test('session affinity keeps a client with its backend', () => {
	const affine = { sessionAffinity: 'ClientIP' as const };
	const tried = (values: Readonly<Record<string, string>>): number => {
		const l = start('1.18.3', affine, values, behind(ON_WORKER, ['10.244.2.9', 'worker2']));
		const seen = new Set<string>();
		for (let i = 0; i < 8; i++) seen.add(tryConnect(l, 'pod/default/b', VIP).text);
		return seen.size;
	};
	expect(tried({ sessionAffinity: 'true' })).toBe(1);
	// Without replacement of kube-proxy it is off (daemon/cmd/kube_proxy_replacement.go @ v1.14.13).
	expect(tried({})).toBe(2);
});

test('a fork has connection tracking of its own', () => {
	const l = start('1.18.3');
	tryConnect(l, 'pod/default/b', VIP);
	const node = () => l.net.namespaces.get('node/worker')!;
	const entries = l.agent.maps.ctTcp.entries(node()).length;
	expect(entries).toBeGreaterThan(0);
	const fork = forkNet(l.net, {});
	expect(tryConnect({ net: fork }, 'pod/default/b', VIP).text).toBe('connected a from 10.244.1.7');
	expect(l.agent.maps.ctTcp.entries(fork.namespaces.get('node/worker')!).length).toBeGreaterThan(entries);
	expect(l.agent.maps.ctTcp.entries(node()).length).toBe(entries);
});

test('the router takes an address of the pod CIDR that no pod is pinned to', () => {
	const l = start('1.12.1');
	const settings = l.agent.settings;
	const taken = new Set([nodePlan(settings, NODES[0]!, NODES, new Set()).routerIP]);
	const other = nodePlan(settings, NODES[0]!, NODES, taken).routerIP;
	expect(taken.has(other)).toBe(false);
	expect(formatIp(other)).toMatch(/^10\.244\.1\./);
	const host = deviceByName(l.net.namespaces.get('node/worker')!, 'cilium_host')!;
	expect(host.addresses.map((a) => [formatIp(a.ip), a.length, a.scope])).toEqual([[router(l, 0), 32, 'link']]);
	const services = [...l.agent.maps.services.dump(l.net.namespaces.get('node/worker')!)];
	expect(services.map(([key]) => `${formatIp(key.address)}:${key.port}/${key.proto} (${key.slot})`)).toEqual([
		`${VIP}:8080/0 (0)`,
		`${VIP}:8080/0 (1)`,
	]);
});
