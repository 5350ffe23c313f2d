/**
 * Configuration rules: install/kubernetes/cilium/{values.yaml,templates}, pkg/option/config.go,
 * daemon/cmd/{daemon,kube_proxy_replacement}.go @ v1.12.1 to v1.18.0, pkg/kpr/initializer @ v1.19.0.
 */
import { describe, expect, test } from 'vitest';
import {
	type AgentHost,
	type CiliumSettings,
	ciliumSettings,
	dynamicMapSizes,
	isCiliumError,
	kprValues,
	nativeRoutingValues,
} from '../../../src/sim/cilium/index.ts';
import { parsePrefix } from '../../../src/sim/wire/index.ts';

const CLUSTER = parsePrefix('10.244.0.0/16')!;
type Values = Readonly<Record<string, string>>;

const start = (version: string, values: Values, host: Partial<AgentHost> = {}): CiliumSettings => {
	const settings = ciliumSettings(version, { ...nativeRoutingValues(version, CLUSTER), ...values }, host);
	if (isCiliumError(settings)) throw new Error(JSON.stringify(settings));
	return settings;
};
const kpr = (version: string, values: Values = {}, host: Partial<AgentHost> = {}): CiliumSettings =>
	start(version, { ...kprValues(version), ...values }, host);
/** Tunnel mode, the chart's default. */
const tunnel = (version: string, values: Values = {}) => ciliumSettings(version, { ...kprValues(version), ...values });
const codes = (s: CiliumSettings): string[] => s.messages.map((m) => m.code);

const EVERY = ['1.12.1', '1.13.4', '1.14.14', '1.15.19', '1.16.11', '1.17.5', '1.18.3', '1.19.5'] as const;

describe('H.1: names and values by version', () => {
	test.each([
		['1.12.1', 'vxlan', 'tunnel', 'disabled'],
		['1.13.4', 'vxlan', 'tunnel', 'disabled'],
		['1.14.14', 'vxlan', 'routing-mode', 'false'],
		['1.15.19', 'vxlan', 'routing-mode', 'false'],
		['1.16.11', 'vxlan', 'routing-mode', 'false'],
		['1.18.3', 'vxlan', 'routing-mode', 'false'],
		['1.19.5', 'vxlan', 'routing-mode', 'false'],
	])('%s defaults to a %s tunnel (%s), replacement %s', (version, protocol, key, replacement) => {
		const s = ciliumSettings(version, {}) as CiliumSettings;
		expect(s).toMatchObject({ routingMode: 'tunnel', tunnelProtocol: protocol, kubeProxyReplacement: replacement });
		expect(s.configMap.has(key)).toBe(true);
		expect(s.tunnelPort).toBe(8472);
		expect(s).toMatchObject({ nodePort: false, socketLB: 'off', hostRouting: 'legacy', ipamMode: 'cluster-pool' });
	});

	test.each([
		['1.12.1', ['disabled', 'partial', 'probe', 'strict', 'false'], ['true', 'perhaps']],
		['1.13.4', ['disabled', 'partial', 'strict'], ['probe', 'true']],
		['1.14.14', ['true', 'false', 'disabled', 'partial', 'strict'], ['probe']],
		['1.15.19', ['true', 'false', 'strict'], ['perhaps']],
		['1.16.11', ['true', 'false'], ['strict', 'disabled', 'partial']],
		['1.18.3', ['true', 'false'], ['strict']],
		['1.19.5', ['true', 'false'], ['disabled']],
	])('%s takes kubeProxyReplacement %o, not %o', (version, yes, no) => {
		for (const kubeProxyReplacement of yes) expect(start(version, { kubeProxyReplacement })).toBeTruthy();
		for (const kubeProxyReplacement of no)
			expect(ciliumSettings(version, { kubeProxyReplacement })).toMatchObject({ code: 'cilium.value' });
	});

	test('old values are deprecated from 1.14, and say so', () => {
		const s = start('1.14.14', { kubeProxyReplacement: 'strict' });
		expect(s.messages).toContainEqual(
			expect.objectContaining({
				level: 'warning',
				log: 'Deprecated value for --kube-proxy-replacement: strict (use either "true", or "false")',
			}),
		);
	});

	test('`tunnel` stops helm from 1.15; `routingMode` means nothing to 1.12 and 1.13', () => {
		expect(ciliumSettings('1.15.19', { tunnel: 'disabled' })).toMatchObject({
			code: 'cilium.fatal',
			params: { reason: 'tunnel-removed', stage: 'chart' },
		});
		const s = ciliumSettings('1.12.1', { routingMode: 'native' }) as CiliumSettings;
		expect(s.routingMode).toBe('tunnel');
		expect(codes(s)).toContain('helm.other-version');
	});

	test.each(EVERY)('%s accepts a misspelt key and does nothing with it', (version) => {
		const wrong = { 'dubug.enabled': 'true', monitorAggregation: 'none', 'bpf.masqurade': 'true' };
		const s = start(version, wrong);
		expect(s.configMap).toEqual(start(version, {}).configMap);
		expect(
			s.messages.filter((m) => m.code === 'helm.unknown-key').map((m) => [m.level, m.params.key, m.params.near]),
		).toEqual([
			['silent', 'dubug.enabled', 'debug.enabled'],
			['silent', 'monitorAggregation', 'bpf.monitorAggregation'],
			['silent', 'bpf.masqurade', 'bpf.masquerade'],
		]);
	});
});

test('the three installations of 1.13 differ by one key each in cilium-config', () => {
	const keys = (s: CiliumSettings) => [...s.configMap.keys()];
	const one = start('1.13.4', {});
	const two = start('1.13.4', { kubeProxyReplacement: 'strict' });
	const three = start('1.13.4', { kubeProxyReplacement: 'strict', 'bpf.masquerade': 'true' });
	expect(keys(two).filter((k) => !one.configMap.has(k))).toEqual(['kube-proxy-replacement-healthz-bind-address']);
	expect([one, two].map((s) => s.configMap.get('kube-proxy-replacement'))).toEqual(['disabled', 'strict']);
	expect(keys(three).filter((k) => !two.configMap.has(k))).toEqual(['enable-bpf-masquerade']);
});

describe('H.2: what the values of 1.12 enable', () => {
	const on = { nodePort: true, externalIPs: true, hostPort: true, socketLB: 'full', sessionAffinity: true };
	const off = { nodePort: false, externalIPs: false, hostPort: false, socketLB: 'off', sessionAffinity: false };
	test.each([
		['disabled', off],
		['strict', on],
		['probe', on],
		['partial', off],
	])('%s', (kubeProxyReplacement, expected) => {
		expect(start('1.12.1', { kubeProxyReplacement })).toMatchObject(expected);
	});
	test('partial goes by each feature’s own switch, disabled by none', () => {
		const own = { 'nodePort.enabled': 'true', 'socketLB.enabled': 'true', sessionAffinity: 'true' };
		expect(start('1.12.1', { kubeProxyReplacement: 'partial', ...own })).toMatchObject({
			...on,
			externalIPs: false,
			hostPort: false,
		});
		const s = start('1.12.1', { kubeProxyReplacement: 'disabled', 'nodePort.enabled': 'true' });
		expect(s).toMatchObject({ nodePort: false, hostRouting: 'legacy' });
		expect(s.configMap.has('enable-node-port')).toBe(false);
		expect(codes(s)).toContain('kpr.auto-disabled');
	});
	test('the switches are gone in 1.19', () => {
		expect(start('1.18.3', { 'nodePort.enabled': 'true' }).nodePort).toBe(true);
		expect(start('1.19.5', { 'nodePort.enabled': 'true' }).nodePort).toBe(false);
	});
});

describe('H.3: BPF host routing and its conditions', () => {
	const full = { 'bpf.masquerade': 'true' };
	test.each(EVERY)('%s: with replacement and BPF masquerade, or without masquerade', (version) => {
		expect(kpr(version, full).hostRouting).toBe('bpf');
		expect(kpr(version, { enableIPv4Masquerade: 'false' }).hostRouting).toBe('bpf');
	});
	test.each([
		...EVERY.map((v) => [v, {}, {}, 'bpf-masquerade'] as const),
		['1.12.1', { ...full, 'endpointRoutes.enabled': 'true' }, {}, 'endpoint-routes'],
		['1.13.4', { ...full, 'endpointRoutes.enabled': 'true' }, {}, 'endpoint-routes'],
		['1.12.1', full, { kernel: '5.9.16' }, 'kernel'],
		['1.17.5', full, { kernel: '5.9.16' }, 'kernel'],
		['1.13.18', { ...full, kubeProxyReplacement: 'partial', 'nodePort.enabled': 'true' }, {}, 'kube-proxy-replacement'],
		['1.17.5', { ...full, kubeProxyReplacement: 'false', 'nodePort.enabled': 'true' }, {}, 'kube-proxy-replacement'],
	] as const)('%s with %o on %o: legacy because of %s', (version, values, host, reason) => {
		const s = kpr(version, values, host);
		expect(s.hostRouting).toBe('legacy');
		expect(s.messages.find((m) => m.code === 'host-routing.legacy')).toMatchObject({
			level: 'info',
			params: { reason },
			log: expect.stringMatching(/ Falling back to legacy host routing \(enable-host-legacy-routing=true\)\.$/),
		});
	});
	test.each(EVERY)('%s: on Linux 5.10', (version) => {
		expect(kpr(version, full, { kernel: '5.10.0' }).hostRouting).toBe('bpf');
	});
	test('1.12 needs NodePort only, not the full word; endpoint routes are no obstacle from 1.14', () => {
		const partial = { ...full, kubeProxyReplacement: 'partial', 'nodePort.enabled': 'true' };
		expect(start('1.12.1', partial).hostRouting).toBe('bpf');
		expect(kpr('1.14.14', { ...full, 'endpointRoutes.enabled': 'true' }).hostRouting).toBe('bpf');
	});
	test('legacy when it is asked for', () => {
		expect(kpr('1.18.3', { ...full, 'bpf.hostLegacyRouting': 'true' }).hostRouting).toBe('legacy');
	});
});

describe('H.4: other validations', () => {
	const stops = (version: string, values: Values, reason: string) =>
		expect(
			ciliumSettings(version, { ...nativeRoutingValues(version, CLUSTER), ...kprValues(version), ...values }),
		).toMatchObject({
			code: 'cilium.fatal',
			params: { reason },
		});

	test.each(EVERY)('1: %s, native routing and masquerade without ipv4NativeRoutingCIDR', (version) => {
		const { ipv4NativeRoutingCIDR: _, ...values } = nativeRoutingValues(version, CLUSTER);
		expect(ciliumSettings(version, values)).toMatchObject({ code: 'cilium.no-native-routing-cidr' });
		expect(ciliumSettings(version, { ...values, enableIPv4Masquerade: 'false' })).not.toHaveProperty('code');
	});
	test('1: ip-masq-agent excuses it in 1.18', () => {
		const values = { ipv4NativeRoutingCIDR: '', 'bpf.masquerade': 'true', 'ipMasqAgent.enabled': 'true' };
		expect(kpr('1.18.3', values).ipMasq?.length).toBe(12);
		expect(
			ciliumSettings('1.17.5', { ...nativeRoutingValues('1.17.5', CLUSTER), ...kprValues('1.17.5'), ...values }),
		).toMatchObject({ code: 'cilium.no-native-routing-cidr' });
	});
	test.each(EVERY)('2: %s, direct node routes and a tunnel', (version) => {
		expect(tunnel(version, { autoDirectNodeRoutes: 'true' })).toMatchObject({
			params: { reason: 'direct-routes-tunnel' },
		});
	});
	test('4: BPF masquerade without NodePort: 1.12 falls back, 1.18 stops', () => {
		const s = start('1.12.1', { 'bpf.masquerade': 'true' });
		expect(s).toMatchObject({ bpfMasquerade: false, hostRouting: 'legacy', enableIPv4Masquerade: true });
		expect(codes(s)).toContain('masquerade.iptables');
		stops('1.18.3', { kubeProxyReplacement: 'false', 'bpf.masquerade': 'true' }, 'bpf-masquerade-nodeport');
	});
	test('5: BPF masquerade and named interfaces', () => {
		for (const version of ['1.12.1', '1.18.3'])
			stops(version, { 'bpf.masquerade': 'true', egressMasqueradeInterfaces: 'eth0' }, 'bpf-masquerade-interfaces');
	});
	test('6: BPF masquerade of IPv6 in 1.12', () => {
		stops('1.12.1', { 'bpf.masquerade': 'true', 'ipv6.enabled': 'true' }, 'bpf-masquerade-ipv6');
	});
	test('7: ip-masq-agent and egress gateway need BPF masquerade', () => {
		stops('1.18.3', { 'ipMasqAgent.enabled': 'true' }, 'ip-masq-agent');
		for (const version of ['1.12.1', '1.13.18', '1.18.3'])
			stops(version, { 'egressGateway.enabled': 'true' }, 'egress-gateway');
		stops(
			'1.18.3',
			{ 'egressGateway.enabled': 'true', 'bpf.masquerade': 'true', enableIPv4Masquerade: 'false' },
			'egress-gateway',
		);
	});
	test('the egress gateway’s option got another name with 1.18', () => {
		const on = { 'egressGateway.enabled': 'true', 'bpf.masquerade': 'true' };
		for (const [version, option, other] of [
			['1.12.1', 'enable-ipv4-egress-gateway', 'enable-egress-gateway'],
			['1.17.5', 'enable-ipv4-egress-gateway', 'enable-egress-gateway'],
			['1.18.3', 'enable-egress-gateway', 'enable-ipv4-egress-gateway'],
		] as const) {
			const s = kpr(version, on);
			expect(s.egressGateway).toBe(true);
			expect(s.configMap.get(option)).toBe('true');
			expect(s.configMap.has(other)).toBe(false);
			expect(kpr(version, { ...on, 'egressGateway.enabled': 'false' }).egressGateway).toBe(false);
		}
	});
	test('8: DSR in a tunnel: 1.12 and 1.13 use SNAT, from 1.14 the agent stops', () => {
		for (const version of ['1.12.1', '1.13.18']) {
			const old = tunnel(version, { 'loadBalancer.mode': 'dsr' }) as CiliumSettings;
			expect(old.lbMode).toBe('snat');
			expect(codes(old)).toContain('dsr.snat');
		}
		for (const version of ['1.14.14', '1.18.3']) {
			expect(tunnel(version, { 'loadBalancer.mode': 'dsr' })).toMatchObject({ params: { reason: 'dsr-vxlan' } });
			expect(tunnel(version, { 'loadBalancer.mode': 'hybrid', tunnelProtocol: 'geneve' })).toMatchObject({
				params: { reason: 'dsr-tunnel-dispatch' },
			});
			expect(
				tunnel(version, { 'loadBalancer.mode': 'dsr', tunnelProtocol: 'geneve', 'loadBalancer.dsrDispatch': 'geneve' }),
			).toMatchObject({ lbMode: 'dsr', dsrDispatch: 'geneve', tunnelPort: 6081 });
		}
	});
	test('9: Geneve dispatch needs the Geneve protocol, in native routing too', () => {
		const dispatch = { 'loadBalancer.mode': 'dsr', 'loadBalancer.dsrDispatch': 'geneve' };
		stops('1.18.3', dispatch, 'dsr-geneve-protocol');
		expect(kpr('1.18.3', { ...dispatch, tunnelProtocol: 'geneve' })).toMatchObject({ dsrDispatch: 'geneve' });
		expect(
			ciliumSettings('1.13.4', { ...nativeRoutingValues('1.13.4', CLUSTER), ...kprValues('1.13.4'), ...dispatch }),
		).toMatchObject({ code: 'cilium.value' });
	});
	test('10 and 11: IPIP is for load balancers only; XDP in a tunnel stops 1.12, later versions take it', () => {
		stops('1.12.1', { 'loadBalancer.mode': 'dsr', 'loadBalancer.dsrDispatch': 'ipip' }, 'dsr-ipip');
		expect(tunnel('1.12.1', { 'loadBalancer.acceleration': 'native' })).toMatchObject({
			params: { reason: 'xdp-tunnel' },
		});
		for (const version of ['1.13.4', '1.18.3'])
			expect(tunnel(version, { 'loadBalancer.acceleration': 'native' })).toMatchObject({ acceleration: 'native' });
	});
	test('11: acceleration, by version', () => {
		for (const version of EVERY) {
			expect(kpr(version).acceleration).toBe('disabled');
			// The chart writes the default from 1.15 on.
			const written = kpr(version).configMap.get('bpf-lb-acceleration');
			expect(written).toBe(version < '1.15' ? undefined : 'disabled');
			for (const acceleration of ['native', 'testing-only', 'disabled'] as const) {
				const s = kpr(version, { 'loadBalancer.acceleration': acceleration });
				expect(s.acceleration).toBe(acceleration);
				expect(s.configMap.get('bpf-lb-acceleration')).toBe(acceleration);
			}
			const asked = { ...nativeRoutingValues(version, CLUSTER), ...kprValues(version) };
			for (const [acceleration, ok] of [
				// cilium PR 28666
				['best-effort', version >= '1.15'],
				['generic', false],
			] as const)
				expect(ciliumSettings(version, { ...asked, 'loadBalancer.acceleration': acceleration })).toMatchObject(
					ok ? { acceleration } : { code: 'cilium.value', params: { key: 'loadBalancer.acceleration' } },
				);
			// Without NodePort nothing is attached to the nodes’ devices.
			expect(start(version, { 'loadBalancer.acceleration': 'native' }).acceleration).toBe('disabled');
		}
	});
	test('12: IPsec and NodePort in 1.12', () => {
		stops('1.12.1', { 'encryption.enabled': 'true' }, 'ipsec-nodeport');
		// In 1.18 it works, and is not modelled.
		const values = { ...nativeRoutingValues('1.18.3', CLUSTER), ...kprValues('1.18.3'), 'encryption.enabled': 'true' };
		expect(ciliumSettings('1.18.3', values)).toMatchObject({ code: 'cilium.not-modelled' });
	});
	test('13: Maglev table sizes', () => {
		const maglev = { 'loadBalancer.algorithm': 'maglev' };
		stops('1.18.3', { ...maglev, 'maglev.tableSize': '1000' }, 'maglev-size');
		stops('1.18.3', { ...maglev, 'maglev.hashSeed': 'short' }, 'maglev-seed');
		expect(kpr('1.18.3', maglev).lb).toMatchObject({
			algorithm: 'maglev',
			maglevTableSize: 16381,
			jhashSeed: 0x71dcda46,
		});
		expect(kpr('1.12.1', { ...maglev, 'maglev.tableSize': '251' }).lb.maglevTableSize).toBe(251);
	});
	test('14: the NodePort range and the ephemeral ports', () => {
		expect(kpr('1.18.3').nodePortRange).toEqual([30000, 32767]);
		const s = kpr('1.18.3', { 'nodePort.range': '30000,40000' });
		expect(s.nodePortRange).toEqual([30000, 40000]);
		expect(codes(s)).toContain('nodeport-range.reserved');
		stops('1.18.3', { 'nodePort.range': '30000,40000', 'nodePort.autoProtectPortRange': 'false' }, 'nodeport-range');
		stops('1.18.3', { 'nodePort.range': '61000,62000' }, 'nodeport-range');
	});
	test('15: NOTRACK rules need everything in BPF', () => {
		stops('1.18.3', { installNoConntrackIptablesRules: 'true' }, 'no-conntrack-rules');
	});
	test('18: affinity of sockets needs kernel 5.7', () => {
		expect(codes(kpr('1.12.1', {}, { kernel: '5.4.0' }))).toContain('affinity.one-client');
		expect(codes(kpr('1.12.1', {}, { kernel: '5.10.0' }))).not.toContain('affinity.one-client');
	});
	test('22: mode and algorithm stand in cilium-config only when set', () => {
		const s = kpr('1.18.3');
		expect([s.lbMode, s.lb.algorithm]).toEqual(['snat', 'random']);
		expect([s.configMap.has('bpf-lb-mode'), s.configMap.has('bpf-lb-algorithm')]).toEqual([false, false]);
		expect(kpr('1.18.3', { 'loadBalancer.mode': 'dsr' }).configMap.get('bpf-lb-mode')).toBe('dsr');
		expect(
			ciliumSettings('1.18.3', {
				...nativeRoutingValues('1.18.3', CLUSTER),
				...kprValues('1.18.3'),
				'loadBalancer.mode': 'both',
			}),
		).toMatchObject({ code: 'cilium.value', params: { key: 'loadBalancer.mode' } });
	});
});

test('socket LB for the nodes’ own sockets only', () => {
	expect(kpr('1.18.3', { 'socketLB.hostNamespaceOnly': 'true' }).socketLB).toBe('hostns');
});

test('a service without backends: the option came with 1.15', () => {
	expect(kpr('1.18.3').noBackendResponse).toBe('reject');
	expect(kpr('1.18.3', { serviceNoBackendResponse: 'drop' }).noBackendResponse).toBe('drop');
	expect(codes(kpr('1.14.14', { serviceNoBackendResponse: 'drop' }))).toContain('helm.other-version');
});

test('the clock: jiffies with the charts of 1.12 and 1.13, seconds since boot later', () => {
	expect(kpr('1.12.1').clock).toEqual({ source: 'jiffies', hz: 250 });
	expect(kpr('1.18.3').clock.source).toBe('ktime');
});

test('map sizes go by memory, within limits, unless they are given', () => {
	expect(dynamicMapSizes(512 * 2 ** 20, 0.0025)).toEqual({
		ctTcp: 131072,
		ctAny: 65536,
		nat: 131072,
		neigh: 131072,
		sockRevNat: 65536,
	});
	expect(dynamicMapSizes(64 * 2 ** 30, 0.0025).ctTcp).toBeGreaterThan(524288);
	expect(dynamicMapSizes(0, 0).ctTcp).toBe(524288);
	expect(kpr('1.18.3', { 'bpf.natMax': '1024', 'bpf.lbMapMax': '16' }).mapSizes).toMatchObject({ nat: 1024, lb: 16 });
});
