/**
 * Whole rule sets: TestOverallIPTablesRules with its counts, the switches, the kubelet's own rules.
 * Source: kubernetes pkg/proxy/iptables/proxier_test.go @ 4177b600d4b9; pkg/kubelet/kubelet_network_linux.go @ v1.24.0.
 */
import { describe, expect, test } from 'vitest';
import {
	defaultProxyConfig,
	kubeletRules,
	type ProxyConfig,
	proxyRules,
	proxyState,
} from '../../../src/sim/kube/index.ts';
import { applyPatches, parseIptablesSave, printIptablesSave, type Ruleset } from '../../../src/sim/linux/index.ts';
import { ip, port, prefix, service, slice } from '../../unit/sim/kube/fixtures.ts';
import { CLIENT, cluster, NODE, NODE_IP, OTHER_NODE, POD } from './cluster.ts';
import { trace } from './trace.ts';

const p80 = (nodePort = 0) => [port({ name: 'p80', port: 80, nodePort })];
const SERVICES = [
	service('ns1/svc1', '172.30.0.41', p80()),
	service('ns2/svc2', '172.30.0.42', p80(3001), {
		type: 'LoadBalancer',
		externalTrafficPolicy: 'Local',
		externalIPs: [ip('192.168.99.22')],
		loadBalancerIngress: [ip('1.2.3.4')],
		healthCheckNodePort: 30000,
	}),
	service('ns3/svc3', '172.30.0.43', p80(3003), { type: 'NodePort' }),
	service('ns4/svc4', '172.30.0.44', p80(), { externalIPs: [ip('192.168.99.33')] }),
	service('ns5/svc5', '172.30.0.45', p80(3002), {
		type: 'LoadBalancer',
		loadBalancerIngress: [ip('5.6.7.8')],
		loadBalancerSourceRanges: [prefix('203.0.113.0/25')],
		sessionAffinity: 'ClientIP',
	}),
	service('ns6/svc6', '172.30.0.46', p80()),
];
const to = (n: number, endpoints: [string, string][]) =>
	slice(
		`ns${n}/svc${n}`,
		[{ name: 'p80', port: 80 }],
		endpoints.map(([address, node]) => ({ ip: address, node })),
	);
const SLICES = [
	to(1, [['10.180.0.1', NODE]]),
	to(2, [['10.180.0.2', OTHER_NODE]]),
	to(3, [['10.180.0.3', NODE]]),
	to(4, [
		['10.180.0.4', NODE],
		['10.180.0.5', NODE],
	]),
	to(5, [['10.180.0.3', NODE]]),
];

const config = (more: Partial<ProxyConfig> = {}): ProxyConfig => ({
	...defaultProxyConfig('1.33', { name: NODE, ip: ip(NODE_IP), clusterCIDR: prefix('10.0.0.0/8') }),
	...more,
});

/** kube-proxy's alone, without the kubelet's. */
const alone = (more: Partial<ProxyConfig> = {}): Ruleset =>
	applyPatches({}, proxyRules(proxyState(SERVICES, SLICES), config(more)).patches);

/** `-A` lines of a table's KUBE chains: jumps from built-in chains are not kube-proxy's restore input. */
const lines = (rules: Ruleset, table: 'nat' | 'filter'): string[] =>
	printIptablesSave({ [table]: rules[table] })
		.split('\n')
		.filter((line) => line.startsWith('-A KUBE-'));

describe('the overall data set', () => {
	const node = cluster('1.33', SERVICES, SLICES);
	test.each([
		['T1 pod to pod: no rule has a say', POD, '10.0.0.3', 80, ''],
		['T2 pod to a ClusterIP', POD, '172.30.0.41', 80, '10.180.0.1:80'],
		['T3 pod to a ClusterIP with two endpoints', POD, '172.30.0.44', 80, '10.180.0.4:80, 10.180.0.5:80'],
		['T5 client to an external IP, policy Local, none here', CLIENT, '192.168.99.22', 80, 'DROP'],
		['T6 node to its health check port', NODE_IP, NODE_IP, 30000, 'ACCEPT'],
		['T7 pod to a service without endpoints', POD, '172.30.0.46', 80, 'REJECT'],
	] as const)('%s', (_name, src, dst, dport, output) => {
		const got = trace(node, { src, dst, port: dport });
		expect(got.output).toBe(output);
		expect(got.masq ?? false).toBe(false);
	});

	test('nat has 55 rules in 20 chains', () => {
		const rules = alone();
		const chains = [...rules.nat!.chains.values()].filter(
			(chain) => chain.name.startsWith('KUBE-') && chain.name !== 'KUBE-PROXY-CANARY',
		);
		const count = (start: string) => {
			const some = chains.filter((chain) => chain.name.startsWith(start));
			return [some.reduce((sum, chain) => sum + chain.rules.length, 0), some.length];
		};
		expect(count('KUBE-NODEPORTS')).toEqual([6, 1]);
		expect(count('KUBE-SERVICES')).toEqual([10, 1]);
		expect(count('KUBE-EXT')).toEqual([9, 4]);
		expect(count('KUBE-FW')).toEqual([2, 1]);
		expect(count('KUBE-MARK-MASQ')).toEqual([1, 1]);
		expect(count('KUBE-POSTROUTING')).toEqual([3, 1]);
		expect(count('KUBE-SEP')).toEqual([12, 6]);
		expect(count('KUBE-SVC')).toEqual([12, 5]);
		expect(count('KUBE-')).toEqual([55, 20]);
		expect(lines(rules, 'nat')).toHaveLength(55);
	});

	test('filter has 10 rules', () => {
		const rules = lines(alone(), 'filter');
		const count = (chain: string) => rules.filter((line) => line.startsWith(`-A ${chain} `)).length;
		expect(count('KUBE-NODEPORTS')).toBe(1);
		expect(count('KUBE-SERVICES')).toBe(1);
		expect(count('KUBE-EXTERNAL-SERVICES')).toBe(3);
		expect(count('KUBE-FIREWALL')).toBe(1);
		expect(count('KUBE-FORWARD')).toBe(3);
		expect(count('KUBE-PROXY-FIREWALL')).toBe(1);
		expect(rules).toHaveLength(10);
	});

	test('the endpoint chains have the names upstream prints', () => {
		const names = [...alone().nat!.chains.keys()].filter((name) => name.startsWith('KUBE-SEP-'));
		expect(names.sort()).toEqual(
			[
				'SXIVWICOYRO3J4NJ', // ns1 10.180.0.1
				'RS4RBKLTHTF2IUXJ', // ns2 10.180.0.2
				'OYPFS5VJICHGATKP', // ns3 10.180.0.3
				'UKSFD7AGPMPPLUHC', // ns4 10.180.0.4
				'C6EBXVWJJZMIWKLZ', // ns4 10.180.0.5
				'I77PXRDZVX7PMWMN', // ns5 10.180.0.3
			]
				.map((hash) => `KUBE-SEP-${hash}`)
				.sort(),
		);
	});

	test('what is printed reads back as the same rules', () => {
		const text = printIptablesSave(alone());
		const parsed = parseIptablesSave(text);
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
		expect(printIptablesSave(parsed.ruleset)).toBe(text);
	});
});

describe('switches', () => {
	test('X1 random-fully supported or not', () => {
		const last = (randomFully: boolean) =>
			lines(alone({ randomFully }), 'nat')
				.filter((line) => line.startsWith('-A KUBE-POSTROUTING'))
				.at(-1);
		const masquerade =
			'-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE';
		expect(last(true)).toBe(`${masquerade} --random-fully`);
		expect(last(false)).toBe(masquerade);
	});

	test('X2 the drop of INVALID packets: counted, plain, or left out when conntrack is liberal', () => {
		const first = (more: Partial<ProxyConfig>) =>
			lines(alone(more), 'filter').filter((line) => line.startsWith('-A KUBE-FORWARD'))[0];
		expect(first({})).toMatch(
			/^-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name +ct_state_invalid_dropped_pkts -j DROP$/,
		);
		expect(first({ nfacct: false })).toBe('-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP');
		expect(first({ conntrackTcpLiberal: true })).toContain('kubernetes forwarding rules');
	});

	test('X3 beyond a thousand endpoints there are no comments on service and endpoint rules', () => {
		const many = Array.from({ length: 1001 }, (_, i): [string, string] => [`10.180.${10 + (i >> 8)}.${i & 255}`, NODE]);
		const state = proxyState(SERVICES, [to(1, many)]);
		const rules = lines(applyPatches({}, proxyRules(state, config()).patches), 'nat');
		const chain = rules.filter((line) => line.startsWith('-A KUBE-SEP-'));
		expect(chain).toHaveLength(2002);
		expect(chain.some((line) => line.includes('--comment'))).toBe(false);
	});

	test('X4 a health check NodePort is accepted while its service exists', () => {
		const there = cluster('1.33', SERVICES, SLICES);
		const gone = cluster(
			'1.33',
			SERVICES.filter((s) => s.metadata.name !== 'svc2'),
			SLICES,
		);
		expect(trace(there, { src: CLIENT, dst: NODE_IP, port: 30000 }).output).toBe('ACCEPT');
		expect(trace(gone, { src: CLIENT, dst: NODE_IP, port: 30000 }).output).toBe('');
	});
});

describe('rules in words', () => {
	test('probabilities print as iptables-save has them', () => {
		const three = ['1', '2', '3'].map((n): [string, string] => [`10.180.0.${n}`, NODE]);
		const state = proxyState([service('ns1/svc1', '172.30.0.41', p80())], [to(1, three)]);
		const rules = lines(applyPatches({}, proxyRules(state, config()).patches), 'nat');
		const svc = rules.filter((line) => line.startsWith('-A KUBE-SVC-'));
		expect(svc).toEqual([
			'-A KUBE-SVC-XPGD46QRK7WJZT7O ! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp -m comment --comment "ns1/svc1:p80 cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
			'-A KUBE-SVC-XPGD46QRK7WJZT7O -m comment --comment "ns1/svc1:p80 -> 10.180.0.1:80" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-SXIVWICOYRO3J4NJ',
			expect.stringContaining('--probability 0.50000000000'),
			expect.not.stringContaining('--probability'),
		]);
		const sep = rules.filter((line) => line.startsWith('-A KUBE-SEP-SXIVWICOYRO3J4NJ'));
		expect(sep).toEqual([
			'-A KUBE-SEP-SXIVWICOYRO3J4NJ -s 10.180.0.1/32 -m comment --comment "ns1/svc1:p80" -j KUBE-MARK-MASQ',
			'-A KUBE-SEP-SXIVWICOYRO3J4NJ -p tcp -m comment --comment "ns1/svc1:p80" -m tcp -j DNAT --to-destination 10.180.0.1:80',
		]);
	});
});

describe('the kubelet', () => {
	const count = (version: string): number =>
		printIptablesSave(applyPatches({}, kubeletRules(version)))
			.split('\n')
			.filter((line) => line.includes('KUBE')).length;

	test('from 1.24 to 1.26 a node without kube-proxy has 18 lines with KUBE', () => {
		expect([count('1.24.0'), count('1.25.3'), count('1.26.0')]).toEqual([18, 18, 18]);
	});

	test('from 1.27 the nat part shrinks to the canary', () => {
		const rules = applyPatches({}, kubeletRules('1.33.1'));
		expect([...rules.nat!.chains.keys()].filter((name) => name.startsWith('KUBE'))).toEqual(['KUBE-KUBELET-CANARY']);
		expect(count('1.33.1')).toBe(8);
	});
});
