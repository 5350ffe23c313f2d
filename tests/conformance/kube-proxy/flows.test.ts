/**
 * Packet flows of kube-proxy's own tests: ClusterIP, no endpoints, source ranges, NodePorts, traffic policies,
 * terminating endpoints. Source: kubernetes pkg/proxy/iptables/proxier_test.go @ 4177b600d4b9.
 *
 * Upstream's rows for IPv6 (N5 to N7) have no counterpart: the simulator is IPv4 only.
 */
import { describe, expect, test } from 'vitest';
import type { EndpointSlice, ProxyGeneration, Service } from '../../../src/sim/kube/index.ts';
import { ip, port, prefix, service, slice, type TestEndpoint } from '../../unit/sim/kube/fixtures.ts';
import { BLOCKED_CLIENT, CLIENT, cluster, LOCALHOST, NODE, NODE_IP, NODE_IP_ALT, OTHER_NODE, POD } from './cluster.ts';
import { type Traced, type TracedNode, trace } from './trace.ts';

/** `10.180.0.1:80 M`, `10.180.0.1:80 -`, `DROP`, `REJECT`, `ACCEPT`, or nothing. */
const text = ({ output, masq }: Traced): string => (masq === undefined ? output : `${output} ${masq ? 'M' : '-'}`);
const flow = (node: TracedNode, src: string, dst: string, dport: number, protocol?: 'TCP' | 'UDP' | 'SCTP'): string =>
	text(trace(node, { src, dst, port: dport, ...(protocol ? { protocol } : {}) }));

/**
 * To 1.25 a drop is a mark in nat, and the kubelet's rule that drops marked packets stands in INPUT and OUTPUT: a
 * packet for an address that is not the node's own is forwarded as it came. Upstream's tests take the mark for the
 * drop; a kernel does not.
 */
const dropped = (generation: ProxyGeneration): string => (generation === '1.23' || generation === '1.24' ? '' : 'DROP');

const ALL = ['1.33', '1.26', '1.24', '1.23'] as const;
const WITH_TERMINATING = ['1.33', '1.26'] as const;

describe.each(ALL)('ClusterIP, kube-proxy %s (TestClusterIPGeneral)', (generation) => {
	const node = cluster(
		generation,
		[
			service('ns1/svc1', '172.30.0.41', [port({ name: 'http', port: 80 })]),
			service('ns2/svc2', '172.30.0.42', [
				port({ name: 'http', port: 80, targetPort: 8080 }),
				port({ name: 'https', port: 443, targetPort: 8443 }),
				port({ name: 'dns-tcp', port: 53, targetPort: 5353 }),
				port({ name: 'dns-udp', port: 53, protocol: 'UDP' }),
				port({ name: 'dns-sctp', port: 53, protocol: 'SCTP' }),
			]),
		],
		[
			slice('ns1/svc1', [{ name: 'http', port: 80 }], [{ ip: '10.180.0.1', node: NODE }]),
			slice(
				'ns2/svc2',
				[
					{ name: 'http', port: 8080 },
					{ name: 'https', port: 8443 },
					{ name: 'dns-tcp', port: 5353 },
					{ name: 'dns-udp', port: 53, protocol: 'UDP' },
					{ name: 'dns-sctp', port: 53, protocol: 'SCTP' },
				],
				[
					{ ip: '10.180.0.1', node: NODE },
					{ ip: '10.180.2.1', node: OTHER_NODE },
				],
			),
		],
	);
	const both = (n: number) => `10.180.0.1:${n}, 10.180.2.1:${n} -`;
	test.each([
		['C1 a simple ClusterIP', '10.180.0.2', '172.30.0.41', 80, 'TCP', '10.180.0.1:80 -'],
		['C2 a pod that reaches itself is masqueraded', '10.180.0.1', '172.30.0.41', 80, 'TCP', '10.180.0.1:80 M'],
		['C4 another target port', '10.180.0.2', '172.30.0.42', 443, 'TCP', both(8443)],
		['C5 TCP on a port that three protocols share', '10.180.0.2', '172.30.0.42', 53, 'TCP', both(5353)],
		['C6 UDP on it', '10.180.0.2', '172.30.0.42', 53, 'UDP', both(53)],
		['C7 SCTP on it', '10.180.0.2', '172.30.0.42', 53, 'SCTP', both(53)],
		['C8 the wrong protocol matches nothing', '10.180.0.2', '172.30.0.42', 80, 'UDP', ''],
		['C9 the wrong port matches nothing', '10.180.0.2', '172.30.0.41', 443, 'TCP', ''],
	] as const)('%s', (_name, src, dst, dport, protocol, expected) => {
		expect(flow(node, src, dst, dport, protocol)).toBe(expected);
	});
});

describe.each(ALL)('no endpoints at all, kube-proxy %s (TestClusterIPReject and its kin)', (generation) => {
	const node = cluster(
		generation,
		[
			service('ns1/svc1', '172.30.0.41', [port({ name: 'p80', port: 80, nodePort: 3001 })], {
				type: 'LoadBalancer',
				externalIPs: [ip('192.168.99.11')],
				loadBalancerIngress: [ip('1.2.3.4')],
			}),
		],
		[],
	);
	test.each([
		['R1 a pod to the ClusterIP', POD, '172.30.0.41', 80],
		['R2 a client to the external IP', CLIENT, '192.168.99.11', 80],
		['R3 a pod to the NodePort', POD, NODE_IP, 3001],
		['R4 a client to the NodePort', CLIENT, NODE_IP, 3001],
		['R5 a pod to the load balancer', POD, '1.2.3.4', 80],
	] as const)('%s is refused', (_name, src, dst, dport) => {
		expect(flow(node, src, dst, dport)).toBe('REJECT');
	});
});

describe.each(ALL)('source ranges of a load balancer, kube-proxy %s (TestLoadBalancer)', (generation) => {
	const node = cluster(
		generation,
		[
			service('ns1/svc1', '172.30.0.41', [port({ name: 'p80', port: 80, nodePort: 3001 })], {
				type: 'LoadBalancer',
				loadBalancerIngress: [ip('1.2.3.4'), ip('5.6.7.8')],
				loadBalancerSourceRanges: [prefix('192.168.0.0/24'), prefix('203.0.113.0/25')],
			}),
		],
		[slice('ns1/svc1', [{ name: 'p80', port: 80 }], [{ ip: '10.180.0.1', node: OTHER_NODE }])],
	);
	// 1.23 marks for masquerade before it looks at the ranges, and KUBE-FORWARD accepts what is so marked.
	const no = generation === '1.23' ? 'ACCEPT' : dropped(generation);
	test.each([
		['L1 a pod to the ClusterIP', POD, '172.30.0.41', 80, '10.180.0.1:80 -'],
		['L2 an allowed client to the NodePort', CLIENT, NODE_IP, 3001, '10.180.0.1:80 M'],
		['L3 a blocked client to the NodePort, which knows no ranges', BLOCKED_CLIENT, NODE_IP, 3001, '10.180.0.1:80 M'],
		['L4 an allowed client to the first address', CLIENT, '1.2.3.4', 80, '10.180.0.1:80 M'],
		['L5 an allowed client to the second', CLIENT, '5.6.7.8', 80, '10.180.0.1:80 M'],
		['L6 a blocked client to the first', BLOCKED_CLIENT, '1.2.3.4', 80, no],
		['L7 a blocked client to the second', BLOCKED_CLIENT, '5.6.7.8', 80, no],
		['L8 a pod, which is in no range, to the first', POD, '1.2.3.4', 80, no],
		['L9 a pod to the second', POD, '5.6.7.8', 80, no],
		['L10 the node to the first', NODE_IP, '1.2.3.4', 80, '10.180.0.1:80 M'],
		['L11 the node to the second', NODE_IP, '5.6.7.8', 80, '10.180.0.1:80 M'],
		['L12 the first address to itself, as a node that holds it would', '1.2.3.4', '1.2.3.4', 80, '10.180.0.1:80 M'],
		['L13 the second to itself', '5.6.7.8', '5.6.7.8', 80, '10.180.0.1:80 M'],
	] as const)('%s', (_name, src, dst, dport, expected) => {
		expect(flow(node, src, dst, dport)).toBe(expected);
	});

	test('a blocked client is dropped in every generation where the address is the node’s own', () => {
		const own = { ...node, addresses: [...node.addresses, ip('1.2.3.4')] };
		expect(flow(own, BLOCKED_CLIENT, '1.2.3.4', 80)).toBe('DROP');
	});
});

describe('NodePort flags (TestNodePorts)', () => {
	const SERVICES = [
		service('ns1/svc1', '172.30.0.41', [port({ name: 'p80', port: 80, nodePort: 3001 })], { type: 'NodePort' }),
	];
	const SLICES = [
		slice(
			'ns1/svc1',
			[{ name: 'p80', port: 80 }],
			[
				{ ip: '10.180.0.1', node: NODE },
				{ ip: '10.180.2.1', node: OTHER_NODE },
			],
		),
	];
	const BOTH = '10.180.0.1:80, 10.180.2.1:80';
	const addresses = ['192.168.0.0/24', '192.168.1.0/24'].map(prefix);
	test.each([
		['N1 with localhost NodePorts', {}, `${BOTH} M`, true],
		['N2 without', { localhostNodePorts: false }, '', false],
		['N4 without, and with addresses', { localhostNodePorts: false, nodePortAddresses: addresses }, '', false],
	] as const)('%s', (_name, more, fromLocalhost, guarded) => {
		const node = cluster('1.33', SERVICES, SLICES, more);
		expect(flow(node, POD, '172.30.0.41', 80)).toBe(`${BOTH} -`);
		expect(flow(node, CLIENT, NODE_IP, 3001)).toBe(`${BOTH} M`);
		expect(flow(node, NODE_IP, NODE_IP, 3001)).toBe(`${BOTH} M`);
		expect(flow(node, LOCALHOST, LOCALHOST, 3001)).toBe(fromLocalhost);
		expect(flow(node, CLIENT, NODE_IP_ALT, 3001)).toBe(`${BOTH} M`);
		// The kubelet keeps the same rule on its own: only kube-proxy's is looked at.
		expect(node.proxyGuardsLoopback).toBe(guarded);
	});

	test('an address outside --nodeport-addresses has no NodePorts', () => {
		const node = cluster('1.33', SERVICES, SLICES, { nodePortAddresses: [prefix('192.168.0.0/24')] });
		expect(flow(node, CLIENT, NODE_IP, 3001)).toBe(`${BOTH} M`);
		expect(flow(node, CLIENT, NODE_IP_ALT, 3001)).toBe('');
	});
});

describe.each(ALL)('externalTrafficPolicy, kube-proxy %s (TestExternalTrafficPolicy…)', (generation) => {
	const build = (externalTrafficPolicy: Service['externalTrafficPolicy']) =>
		cluster(
			generation,
			[
				service('ns1/svc1', '172.30.0.41', [port({ name: 'p80', port: 80, nodePort: 3001 })], {
					type: 'LoadBalancer',
					externalIPs: [ip('192.168.99.11')],
					loadBalancerIngress: [ip('1.2.3.4')],
					externalTrafficPolicy,
				}),
			],
			[
				slice(
					'ns1/svc1',
					[{ name: 'p80', port: 80 }],
					[
						{ ip: '10.180.0.1', node: OTHER_NODE },
						{ ip: '10.180.2.1', node: NODE },
					],
				),
			],
		);
	const local = build('Local');
	const all = build('Cluster');
	const both = '10.180.0.1:80, 10.180.2.1:80';
	const here = '10.180.2.1:80 -';
	test.each([
		['E1 a pod to the ClusterIP', POD, '172.30.0.41', 80, `${both} -`, `${both} -`],
		['E3 a client to the external IP', CLIENT, '192.168.99.11', 80, here, `${both} M`],
		['E4 a pod to the load balancer', POD, '1.2.3.4', 80, `${both} -`, `${both} M`],
		['E5 a client to the load balancer', CLIENT, '1.2.3.4', 80, here, `${both} M`],
		['E6 a pod to the NodePort', POD, NODE_IP, 3001, `${both} -`, `${both} M`],
		['E7 a client to the NodePort', CLIENT, NODE_IP, 3001, here, `${both} M`],
	] as const)('%s', (_name, src, dst, dport, withLocal, withCluster) => {
		expect(flow(local, src, dst, dport)).toBe(withLocal);
		expect(flow(all, src, dst, dport)).toBe(withCluster);
	});
});

describe.each(ALL)('internalTrafficPolicy, kube-proxy %s (TestInternalTrafficPolicy)', (generation) => {
	const toClusterIP = (internalTrafficPolicy: Service['internalTrafficPolicy'], endpoints: readonly TestEndpoint[]) => {
		const svc = service('ns1/svc1', '172.30.0.41', [port({ port: 80 })], { internalTrafficPolicy });
		return flow(cluster(generation, [svc], [slice('ns1/svc1', [{ port: 80 }], endpoints)]), POD, '172.30.0.41', 80);
	};
	const at = (...nodes: string[]): TestEndpoint[] => nodes.map((node, i) => ({ ip: `10.0.1.${i + 1}`, node }));
	// To 1.23 Local without a local endpoint is no endpoint at all; in 1.24 it is a mark that nobody heeds here.
	const none = generation === '1.23' ? 'REJECT' : dropped(generation);

	test('P1 Cluster: all of them', () => {
		expect(toClusterIP('Cluster', at(NODE, OTHER_NODE, 'node3'))).toBe('10.0.1.1:80, 10.0.1.2:80, 10.0.1.3:80 -');
	});
	test('P2 Local, one of three here: that one', () => {
		expect(toClusterIP('Local', at(NODE, OTHER_NODE, 'node3'))).toBe('10.0.1.1:80 -');
	});
	test('P3 Local, two here: both', () => {
		expect(toClusterIP('Local', at(NODE, NODE, OTHER_NODE))).toBe('10.0.1.1:80, 10.0.1.2:80 -');
	});
	test('P4 Local, none here: dropped', () => {
		expect(toClusterIP('Local', at(OTHER_NODE, OTHER_NODE, 'node3'))).toBe(none);
	});
	test('P5 endpoints removed: refused', () => {
		expect(toClusterIP('Local', [])).toBe('REJECT');
	});
});

/** TestTerminatingEndpoints…: .1 to .4 on this node, .5 on another. */
const endpoints = (states: readonly (TestEndpoint['state'] | 'gone')[]): TestEndpoint[] =>
	states.map((state, i) => ({ ip: `10.0.1.${i + 1}`, node: i === 4 ? OTHER_NODE : NODE, ...(state ? { state } : {}) }));

const terminating = (
	generation: ProxyGeneration,
	externalTrafficPolicy: Service['externalTrafficPolicy'],
	slices: readonly EndpointSlice[],
) => {
	const node = cluster(
		generation,
		[
			service('ns1/svc1', '172.30.1.1', [port({ port: 80 })], {
				type: 'LoadBalancer',
				loadBalancerIngress: [ip('1.2.3.4')],
				externalTrafficPolicy,
				healthCheckNodePort: 30000,
			}),
		],
		slices,
	);
	return { cluster: flow(node, POD, '172.30.1.1', 80), external: flow(node, CLIENT, '1.2.3.4', 80) };
};
const of = (states: readonly TestEndpoint['state'][]) => [slice('ns1/svc1', [{ port: 80 }], endpoints(states))];

describe.each(WITH_TERMINATING)('terminating endpoints, policy Local, kube-proxy %s', (generation) => {
	test.each([
		['Z1 ready ones exist', ['ready', 'ready', 'serving', 'gone', 'ready'], '1 2 5 -', '1 2 -'],
		[
			'Z2 only terminating ones here, a ready one elsewhere',
			['gone', 'serving', 'serving', 'gone', 'ready'],
			'5 -',
			'2 3 -',
		],
		['Z3 nothing usable here, one that ends elsewhere', ['gone', 'gone', 'gone', 'gone', 'serving'], '5 -', 'DROP'],
		['Z4 nothing usable', ['gone', 'gone', 'gone', 'gone', 'gone'], 'REJECT', 'REJECT'],
	] as const)('%s', (_name, states, inside, outside) => {
		const expand = (short: string) => short.replace(/\d/g, (n) => `10.0.1.${n}:80`).replace(/0 10/g, '0, 10');
		expect(terminating(generation, 'Local', of(states))).toEqual({
			cluster: expand(inside),
			external: expand(outside),
		});
	});

	test('Z5 after deletion everything is refused', () => {
		expect(terminating(generation, 'Local', [])).toEqual({ cluster: 'REJECT', external: 'REJECT' });
	});
});

describe.each(WITH_TERMINATING)('terminating endpoints, policy Cluster, kube-proxy %s', (generation) => {
	test.each([
		['Y1 ready ones exist', ['ready', 'ready', 'serving', 'gone', 'ready'], ['1', '2', '5']],
		['Y2 only those that end and still serve', ['gone', 'serving', 'serving', 'gone', 'serving'], ['2', '3', '5']],
	] as const)('%s', (_name, states, expected) => {
		const list = expected.map((n) => `10.0.1.${n}:80`).join(', ');
		expect(terminating(generation, 'Cluster', of(states))).toEqual({ cluster: `${list} -`, external: `${list} M` });
	});

	test('Y4 none: refused', () => {
		expect(terminating(generation, 'Cluster', of(['gone', 'gone', 'gone', 'gone', 'gone']))).toEqual({
			cluster: 'REJECT',
			external: 'REJECT',
		});
	});
});

test('to 1.25 endpoints that end are not used, whether they serve or not', () => {
	for (const generation of ['1.24', '1.23'] as const)
		expect(terminating(generation, 'Cluster', of(['serving', 'serving', 'gone', 'gone', 'serving']))).toEqual({
			cluster: 'REJECT',
			external: 'REJECT',
		});
});

describe.each(ALL)('session affinity, kube-proxy %s', (generation) => {
	test('the first packet is balanced, and endpoints remember their clients in a recent list', () => {
		const svc = service('ns1/svc1', '172.30.0.41', [port({ port: 80 })], { sessionAffinity: 'ClientIP' });
		const node = cluster(generation, [svc], [slice('ns1/svc1', [{ port: 80 }], endpoints(['ready', 'ready']))]);
		expect(flow(node, POD, '172.30.0.41', 80)).toBe('10.0.1.1:80, 10.0.1.2:80 -');
	});
});
