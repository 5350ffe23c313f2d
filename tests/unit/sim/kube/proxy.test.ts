import { describe, expect, test } from 'vitest';
import {
	chainHash,
	defaultProxyConfig,
	endpointChain,
	kubeletRules,
	type ProxyConfig,
	type ProxyGeneration,
	proxyRules,
	proxyState,
	type Service,
	serviceChains,
} from '../../../../src/sim/kube/index.ts';
import { probability } from '../../../../src/sim/kube/proxy/netfilter.ts';
import { applyPatches, type Rule, type Ruleset, type TableName } from '../../../../src/sim/linux/netfilter/index.ts';
import { ip, port, prefix, service, slice } from './fixtures.ts';

const config = (generation: ProxyGeneration, more: Partial<ProxyConfig> = {}): ProxyConfig => ({
	...defaultProxyConfig(generation, {
		name: 'worker',
		ip: ip('172.18.0.3'),
		clusterCIDR: prefix('10.244.0.0/16'),
	}),
	...more,
});

const build = (generation: ProxyGeneration, services: Service[], slices: ReturnType<typeof slice>[], more = {}) =>
	applyPatches({}, proxyRules(proxyState(services, slices), config(generation, more)).patches);

const rulesOf = (ruleset: Ruleset, table: TableName, chain: string): readonly Rule[] =>
	ruleset[table]!.chains.get(chain)?.rules ?? [];

/** Rules of nat that kube-proxy writes, without the jumps from built-in chains. */
const natRules = (ruleset: Ruleset): number => {
	let count = 0;
	for (const chain of ruleset.nat!.chains.values()) if (chain.name.startsWith('KUBE-')) count += chain.rules.length;
	return count;
};

const comments = (rules: readonly Rule[]): (string | undefined)[] =>
	rules.map((rule) => rule.matches.flatMap((match) => (match.kind === 'comment' ? [match.text] : []))[0]);
const targets = (rules: readonly Rule[]): string[] =>
	rules.map(({ target }) => (target.kind === 'jump' ? target.chain : target.kind));

const echo = (more: Partial<Service> = {}, nodePort = 0) =>
	service('default/svc-echoserver', '10.96.101.186', [port({ port: 8080, nodePort })], more);
const echoSlice = (...endpoints: [string, string][]) =>
	slice(
		'default/svc-echoserver',
		[{ port: 8080 }],
		endpoints.map(([address, node]) => ({ ip: address, node })),
	);

describe('chain names', () => {
	test.each([
		['ns1/svc1:p80tcp', 'XPGD46QRK7WJZT7O'],
		['ns1/svc1:p80tcp10.180.0.1:80', 'SXIVWICOYRO3J4NJ'],
		['ns2/svc2:p80tcp', 'GNZBNJ2PO5MGZ6GT'],
		['ns3/svc3:p80tcp', 'X27LE4BHSL4DOUIK'],
		['ns3/svc3:p8081tcp203.0.113.4:8081', 'RUVVH7YV3PHQBDOS'],
		['ns4/svc4:p80tcp', '4SW47YFZTEDKD3PK'],
		['ns4/svc4:p80tcp10.180.0.4:80', 'UKSFD7AGPMPPLUHC'],
		['ns5/svc5:p80tcp', 'NUKIZ6OKUXPJNT4C'],
		['default/kubernetes:httpstcp', 'NPX46M4PTMTKRN6Y'],
		['kube-system/kube-dns:dnsudp', 'TCOU7JCQXEZGVUNU'],
		['kube-system/kube-dns:dns-tcptcp', 'ERIFXISQEP7F7OF4'],
		['kube-system/kube-dns:metricstcp', 'JD5MR3NA4I4DYORP'],
		['default/svc-echoservertcp', 'FGWWRXV2R5QQQFJ3'],
	])('%s hashes to %s, as in real clusters', (text, hash) => {
		expect(chainHash(text)).toBe(hash);
	});

	test('an endpoint of ns2 hashes with its address', () => {
		expect(endpointChain('ns2/svc2:p80', 'tcp', '10.180.0.2:80')).toBe('KUBE-SEP-RS4RBKLTHTF2IUXJ');
	});
});

describe('probabilities', () => {
	// `%0.10f` of 1/n, then iptables' lround(0x80000000 * value).
	test.each([
		[2, 0x40000000],
		[3, 715827883],
		[10, 214748365],
		[100, 21474836],
		[100001, Math.round(0x80000000 * 0.0000099999)],
	])('1/%i is %i parts of 2^31', (n, parts) => {
		expect(probability(n)).toBe(parts);
	});
});

describe('how many rules', () => {
	const base = natRules(build('1.24', [], []));
	const endpoints = (n: number): [string, string][] =>
		Array.from({ length: n }, (_, i) => [`10.244.1.${i + 2}`, 'worker']);

	test('without services there are four fixed nat rules and the jump to node ports', () => {
		expect(base).toBe(5);
	});

	test.each([1, 2, 5])('a ClusterIP with %i endpoints costs 2 + 3E', (n) => {
		const ruleset = build('1.24', [echo()], [echoSlice(...endpoints(n))]);
		expect(natRules(ruleset) - base).toBe(2 + 3 * n);
	});

	test('a NodePort adds three rules, four with the loopback counter of 1.33', () => {
		const nodePort = echo({ type: 'NodePort' }, 32017);
		const cost = (generation: ProxyGeneration) =>
			natRules(build(generation, [nodePort], [echoSlice(...endpoints(1))])) - base;
		expect(cost('1.24')).toBe(5 + 3);
		expect(cost('1.26')).toBe(5 + 3);
		expect(cost('1.33')).toBe(5 + 4);
	});

	test('policy Local adds one rule, four in KUBE-EXT and one per local endpoint', () => {
		const nodePort = echo({ type: 'NodePort', externalTrafficPolicy: 'Local' }, 32017);
		const two = build('1.24', [nodePort], [echoSlice(['10.244.1.2', 'worker'], ['10.244.2.2', 'worker2'])]);
		expect(natRules(two) - base).toBe(2 + 3 * 2 + 1 + 4 + 1);
	});

	test('an external address adds one rule, affinity one per endpoint, source ranges their number and one or two', () => {
		const cost = (more: Partial<Service>) => natRules(build('1.33', [echo(more)], [echoSlice(...endpoints(2))])) - base;
		const plain = cost({});
		expect(cost({ sessionAffinity: 'ClientIP' })).toBe(plain + 2);
		expect(cost({ externalIPs: [ip('192.168.99.11')] })).toBe(plain + 1 + 2);
		const lb = { type: 'LoadBalancer' as const, loadBalancerIngress: [ip('1.2.3.4')] };
		expect(cost(lb)).toBe(plain + 1 + 2);
		expect(cost({ ...lb, loadBalancerSourceRanges: [prefix('203.0.113.0/25')] })).toBe(plain + 1 + 2 + 2);
		expect(cost({ ...lb, loadBalancerSourceRanges: [prefix('172.18.0.0/16')] })).toBe(plain + 1 + 2 + 3);
	});
});

describe('a NodePort service, rule by rule', () => {
	const nodePort = echo({ type: 'NodePort' }, 32017);
	const { svc, ext, xlb, svl } = serviceChains('default/svc-echoserver', 'tcp');
	const two = echoSlice(['10.244.1.199', 'worker'], ['10.244.2.7', 'worker2']);

	test('1.24 sends the node port through KUBE-EXT, which masquerades', () => {
		const ruleset = build('1.24', [nodePort], [two]);
		expect(comments(rulesOf(ruleset, 'nat', 'KUBE-SERVICES'))).toEqual([
			'default/svc-echoserver cluster IP',
			'kubernetes service nodeports; NOTE: this must be the last rule in this chain',
		]);
		expect(targets(rulesOf(ruleset, 'nat', 'KUBE-NODEPORTS'))).toEqual([ext]);
		expect(comments(rulesOf(ruleset, 'nat', ext))).toEqual([
			'masquerade traffic for default/svc-echoserver external destinations',
			undefined,
		]);
		expect(targets(rulesOf(ruleset, 'nat', ext))).toEqual(['KUBE-MARK-MASQ', svc]);
		expect(comments(rulesOf(ruleset, 'nat', svc))).toEqual([
			'default/svc-echoserver cluster IP',
			'default/svc-echoserver -> 10.244.1.199:8080',
			'default/svc-echoserver -> 10.244.2.7:8080',
		]);
		expect(ruleset.nat!.chains.has('KUBE-MARK-DROP')).toBe(true);
		expect(ruleset.filter!.chains.has('KUBE-PROXY-FIREWALL')).toBe(false);
	});

	test('policy Local: pods and the node take the short cut, the others go to KUBE-SVL', () => {
		const local = { ...nodePort, externalTrafficPolicy: 'Local' as const };
		const ruleset = build('1.24', [local], [two]);
		expect(comments(rulesOf(ruleset, 'nat', ext))).toEqual([
			'pod traffic for default/svc-echoserver external destinations',
			'masquerade LOCAL traffic for default/svc-echoserver external destinations',
			'route LOCAL traffic for default/svc-echoserver external destinations',
			undefined,
		]);
		expect(targets(rulesOf(ruleset, 'nat', ext))).toEqual([svc, 'KUBE-MARK-MASQ', svc, svl]);
	});

	test('policy Local without a local endpoint: 1.24 marks for drop in nat, 1.26 drops in filter', () => {
		const local = { ...nodePort, externalTrafficPolicy: 'Local' as const };
		const away = echoSlice(['10.244.2.7', 'worker2']);
		const marked = build('1.24', [local], [away]);
		expect(targets(rulesOf(marked, 'nat', svl))).toEqual(['KUBE-MARK-DROP']);
		expect(rulesOf(marked, 'filter', 'KUBE-EXTERNAL-SERVICES')).toEqual([]);
		const dropped = build('1.26', [local], [away]);
		expect(dropped.nat!.chains.has(svl)).toBe(false);
		expect(targets(rulesOf(dropped, 'filter', 'KUBE-EXTERNAL-SERVICES'))).toEqual(['DROP']);
		expect(comments(rulesOf(dropped, 'filter', 'KUBE-EXTERNAL-SERVICES'))).toEqual([
			'default/svc-echoserver has no local endpoints',
		]);
		expect(targets(rulesOf(dropped, 'nat', ext))).toEqual([svc, 'KUBE-MARK-MASQ', svc]);
	});

	test('1.23 marks node ports in KUBE-SVC, and keeps KUBE-XLB for policy Local', () => {
		const cluster = build('1.23', [nodePort], [two]);
		expect(targets(rulesOf(cluster, 'nat', 'KUBE-NODEPORTS'))).toEqual([svc]);
		expect(comments(rulesOf(cluster, 'nat', svc))).toEqual([
			'default/svc-echoserver cluster IP',
			'default/svc-echoserver',
			'default/svc-echoserver',
			'default/svc-echoserver',
		]);
		const local = build('1.23', [{ ...nodePort, externalTrafficPolicy: 'Local' }], [two]);
		expect(targets(rulesOf(local, 'nat', 'KUBE-NODEPORTS'))).toEqual(['KUBE-MARK-MASQ', xlb]);
		expect(comments(rulesOf(local, 'nat', xlb)).slice(0, 3)).toEqual([
			'Redirect pods trying to reach external loadbalancer VIP to clusterIP',
			'masquerade LOCAL traffic for default/svc-echoserver LB IP',
			'route LOCAL traffic for default/svc-echoserver LB IP to service chain',
		]);
	});

	test('no endpoints: nothing in nat, REJECT in filter', () => {
		const ruleset = build('1.24', [nodePort], [echoSlice()]);
		expect(natRules(ruleset)).toBe(5);
		expect(targets(rulesOf(ruleset, 'filter', 'KUBE-SERVICES'))).toEqual(['REJECT']);
		expect(targets(rulesOf(ruleset, 'filter', 'KUBE-EXTERNAL-SERVICES'))).toEqual(['REJECT']);
	});

	test('endpoints stand in the order of their text, as in the real slice cache', () => {
		const ruleset = build('1.24', [echo()], [echoSlice(['10.244.1.2', 'worker'], ['10.244.1.10', 'worker'])]);
		expect(comments(rulesOf(ruleset, 'nat', svc)).slice(1)).toEqual([
			'default/svc-echoserver -> 10.244.1.10:8080',
			'default/svc-echoserver -> 10.244.1.2:8080',
		]);
	});
});

describe('switches', () => {
	const last = <T>(items: readonly T[]): T => items[items.length - 1]!;
	const nodePort = echo({ type: 'NodePort' }, 32017);
	const one = echoSlice(['10.244.1.199', 'worker']);

	test('X1: --random-fully stands on MASQUERADE when iptables knows it, and only then', () => {
		const masquerade = (randomFully: boolean) =>
			last(rulesOf(build('1.33', [], [], { randomFully }), 'nat', 'KUBE-POSTROUTING')).target;
		expect(masquerade(true)).toEqual({ kind: 'MASQUERADE', randomFully: true });
		expect(masquerade(false)).toEqual({ kind: 'MASQUERADE' });
	});

	test('X2: INVALID packets are dropped, counted where nfacct works, and let through when conntrack is liberal', () => {
		const forward = (more: object) => rulesOf(build('1.33', [], [], more), 'filter', 'KUBE-FORWARD');
		expect(forward({})[0]!.matches.map((m) => m.kind)).toEqual(['conntrack', 'nfacct']);
		expect(forward({ nfacct: false })[0]!.matches.map((m) => m.kind)).toEqual(['conntrack']);
		expect(targets(forward({}))).toEqual(['DROP', 'ACCEPT', 'ACCEPT']);
		expect(targets(forward({ conntrackTcpLiberal: true }))).toEqual(['ACCEPT', 'ACCEPT']);
		expect(rulesOf(build('1.26', [], []), 'filter', 'KUBE-FORWARD')[0]!.matches.map((m) => m.kind)).toEqual([
			'conntrack',
		]);
	});

	test('X3: beyond a thousand endpoints the comments of service and endpoint chains are left out', () => {
		const many = Array.from({ length: 1001 }, (_, i): [string, string] => [`10.244.${i >> 8}.${i & 255}`, 'worker']);
		const { svc } = serviceChains('default/svc-echoserver', 'tcp');
		const quiet = build('1.33', [echo()], [echoSlice(...many)]);
		expect(
			comments(rulesOf(quiet, 'nat', svc))
				.slice(1)
				.every((text) => text === undefined),
		).toBe(true);
		expect(comments(rulesOf(quiet, 'nat', svc))[0]).toBe('default/svc-echoserver cluster IP');
		const talking = build('1.33', [echo()], [echoSlice(...many.slice(1))]);
		expect(comments(rulesOf(talking, 'nat', svc))[1]).toMatch(/^default\/svc-echoserver -> 10\.244\./);
	});

	test('node port addresses: one rule for each address of the node that is in a range', () => {
		const ruleset = build('1.33', [nodePort], [one], {
			nodeAddresses: [ip('127.0.0.1'), ip('172.18.0.3'), ip('10.9.9.9')],
			nodePortAddresses: [prefix('172.18.0.0/16')],
		});
		const rules = rulesOf(ruleset, 'nat', 'KUBE-SERVICES').slice(1);
		expect(rules.map((rule) => rule.matches[0])).toEqual([{ kind: 'destination', prefix: prefix('172.18.0.3') }]);
	});

	test('without localhost node ports, 127/8 is left out of them and no rule guards it', () => {
		const off = proxyRules(proxyState([], []), config('1.33', { localhostNodePorts: false }));
		expect(off.routeLocalnet).toBe(false);
		const ruleset = applyPatches({}, off.patches);
		expect(rulesOf(ruleset, 'filter', 'KUBE-FIREWALL')).toEqual([]);
		expect(last(rulesOf(ruleset, 'nat', 'KUBE-SERVICES')).matches[0]).toEqual({
			kind: 'destination',
			prefix: prefix('127.0.0.0/8'),
			invert: true,
		});
		expect(proxyRules(proxyState([], []), config('1.33')).routeLocalnet).toBe(true);
	});

	test('local pods are told by interface names too', () => {
		const { svc } = serviceChains('default/svc-echoserver', 'tcp');
		const ruleset = build('1.33', [echo()], [one], {
			localDetector: { kind: 'InterfaceNamePrefix', prefix: 'veth' },
		});
		expect(rulesOf(ruleset, 'nat', svc)[0]!.matches[1]).toEqual({ kind: 'in', device: 'veth+', invert: true });
	});
});

describe('beside each other', () => {
	test('the kubelet and kube-proxy share the firewall chain and the jumps without writing anything twice', () => {
		const together = applyPatches({}, [
			...kubeletRules('1.26.0'),
			...proxyRules(proxyState([], []), config('1.26')).patches,
		]);
		expect(targets(rulesOf(together, 'filter', 'KUBE-FIREWALL'))).toEqual(['DROP', 'DROP']);
		expect(targets(rulesOf(together, 'nat', 'POSTROUTING'))).toEqual(['KUBE-POSTROUTING']);
		expect(targets(rulesOf(together, 'filter', 'INPUT'))).toEqual([
			'KUBE-PROXY-FIREWALL',
			'KUBE-NODEPORTS',
			'KUBE-EXTERNAL-SERVICES',
			'KUBE-FIREWALL',
		]);
		expect(targets(rulesOf(together, 'filter', 'FORWARD'))).toEqual([
			'KUBE-PROXY-FIREWALL',
			'KUBE-FORWARD',
			'KUBE-SERVICES',
			'KUBE-EXTERNAL-SERVICES',
		]);
	});
});

describe('scale', () => {
	test('27,000 services on one node, and the blocks are shared with the next', () => {
		const services: Service[] = [];
		const slices: ReturnType<typeof slice>[] = [];
		for (let i = 0; i < 27000; i++) {
			const key = `ns${i % 100}/svc-${i}`;
			services.push({ ...service(key, '0.0.0.0', [port({ port: 80 })]), clusterIP: ip('10.96.0.0') + i });
			slices.push(slice(key, [{ port: 80 }], [{ ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, node: 'worker' }]));
		}
		const state = proxyState(services, slices);
		const first = proxyRules(state, config('1.33'));
		const second = proxyRules(state, config('1.33', { nodeName: 'worker2', nodeIP: ip('172.18.0.2') }));
		const nat = (rules: typeof first) => rules.patches.find((patch) => patch.table === 'nat')!;
		expect(nat(first).chains.length).toBe(5 + 2 * 27000);
		expect(nat(second).chains[100]!.rules).toBe(nat(first).chains[100]!.rules);
	});
});
