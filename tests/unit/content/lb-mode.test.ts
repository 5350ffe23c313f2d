import { describe, expect, test } from 'vitest';
import { LB_MODES, lbModeOf, lbModeSettings } from '../../../src/content/index.ts';
import { runSituation } from '../../../src/exercises/index.ts';
import { BUNDLES, kindBasic } from '../../../src/sim/scenarios/index.ts';
import { formatIp, parseIp } from '../../../src/sim/wire/index.ts';

const CILIUM = BUNDLES.filter((b) => b.cilium).map((b) => b.id);

test('a mode read back from what was set for it is the mode', () => {
	for (const bundle of CILIUM)
		for (const mode of LB_MODES) expect(lbModeOf(lbModeSettings(kindBasic, bundle, mode))).toBe(mode);
});

test('the replacement is spelt as the chart of the version has it', () => {
	const spelt = (bundle: string) => lbModeSettings(kindBasic, bundle, 'snat').helm.kubeProxyReplacement;
	expect(CILIUM.map((b) => `${b} ${spelt(b)}`)).toEqual([
		'cilium-1.12 strict',
		'cilium-1.13 strict',
		'cilium-1.14 true',
		'cilium-1.16 true',
		'cilium-1.17 true',
		'cilium-1.18 true',
		'cilium-1.19 true',
	]);
});

test('other Helm values stay, and without Cilium there is kube-proxy alone', () => {
	const helm = { 'bpf.masquerade': 'true', kubeProxyReplacement: 'strict', 'loadBalancer.mode': 'dsr' };
	expect(lbModeSettings(kindBasic, 'cilium-1.18', 'hybrid', helm).helm).toEqual({
		'bpf.masquerade': 'true',
		kubeProxyReplacement: 'true',
		'loadBalancer.mode': 'hybrid',
	});
	expect(lbModeSettings(kindBasic, 'cilium-1.18', 'proxy', helm)).toEqual({
		kubeProxy: 'iptables',
		helm: { 'bpf.masquerade': 'true' },
	});
	expect(lbModeSettings(kindBasic, 'bare-1.33', 'dsr')).toEqual({ kubeProxy: 'iptables', helm: {} });
});

describe.each(CILIUM)('under %s', (bundle) => {
	const CLIENT = '172.18.0.1';
	test.each(LB_MODES)('%s shows what it is said to show, at the pod’s door and at another', (mode) => {
		for (const protocol of ['tcp', 'udp'] as const)
			for (const door of ['172.18.0.3', '172.18.0.5']) {
				const { outcome } = runSituation({
					scenario: 'kind-basic',
					settings: {
						bundle,
						podOn: 'basic-worker',
						protocol: protocol === 'tcp' ? 'TCP' : 'UDP',
						...lbModeSettings(kindBasic, bundle, mode),
					},
					probe: { from: 'host', to: { ip: parseIp(door)!, port: 32017 }, protocol },
				});
				expect(outcome.result).toBe('connected');
				const atHome = door === '172.18.0.3';
				const kept = mode === 'dsr' || (mode === 'hybrid' && protocol === 'tcp') || (mode !== 'proxy' && atHome);
				// Behind kube-proxy a pod at home sees the address of cilium_host from 1.13 on, whose scope is global then.
				const own = mode === 'proxy' && atHome && bundle !== 'cilium-1.12' ? /^10\.244\.1\./ : door;
				expect(formatIp(outcome.observedSource!.ip)).toMatch(kept ? CLIENT : own);
			}
	});
});
