/** The clusters of kube-proxy's own tests, with their constants. */
import {
	defaultProxyConfig,
	type EndpointSlice,
	kubeletRules,
	type ProxyConfig,
	type ProxyGeneration,
	proxyRules,
	proxyState,
	type Service,
} from '../../../src/sim/kube/index.ts';
import { applyPatches } from '../../../src/sim/linux/index.ts';
import { ip, prefix } from '../../unit/sim/kube/fixtures.ts';
import type { TracedNode } from './trace.ts';

/** proxier_test.go: testNodeName, testNodeIP, testNodeIPAlt, testExternalClient, testExternalClientBlocked. */
export const NODE = 'test-node';
export const OTHER_NODE = 'test-node-2';
export const NODE_IP = '192.168.0.2';
export const NODE_IP_ALT = '192.168.1.2';
export const POD = '10.0.0.2';
export const CLIENT = '203.0.113.2';
export const BLOCKED_CLIENT = '203.0.113.130';
export const LOCALHOST = '127.0.0.1';

/** Kubelet of the generation: to 1.25 kube-proxy's drops are done by the kubelet's chain. */
const KUBELET: Readonly<Record<ProxyGeneration, string>> = {
	'1.23': '1.23.0',
	'1.24': '1.24.0',
	'1.26': '1.26.0',
	'1.33': '1.33.0',
};

export const GENERATIONS: readonly ProxyGeneration[] = ['1.23', '1.24', '1.26', '1.33'];

/** kube-proxy's rules beside the kubelet's, on the node under test. */
export const cluster = (
	generation: ProxyGeneration,
	services: readonly Service[],
	slices: readonly EndpointSlice[],
	more: Partial<ProxyConfig> = {},
): TracedNode & { readonly proxyGuardsLoopback: boolean } => {
	const config: ProxyConfig = {
		...defaultProxyConfig(generation, {
			name: NODE,
			ip: ip(NODE_IP),
			clusterCIDR: prefix('10.0.0.0/8'),
			addresses: [LOCALHOST, NODE_IP, NODE_IP_ALT].map(ip),
		}),
		...more,
	};
	const { patches } = proxyRules(proxyState(services, slices), config);
	return {
		rules: applyPatches({}, [...kubeletRules(KUBELET[generation]), ...patches]),
		addresses: [ip(NODE_IP), ip(NODE_IP_ALT)],
		/** Whether kube-proxy guards 127/8 itself: the rule against martians in KUBE-FIREWALL. */
		proxyGuardsLoopback: patches.some((patch) =>
			patch.inserts.some((insert) => insert.chain === 'KUBE-FIREWALL' && insert.rule.target.kind === 'DROP'),
		),
	};
};
