/**
 * Helm values the simulator knows, with the ConfigMap key each becomes. install/kubernetes/cilium/{values.yaml,
 * templates/cilium-configmap.yaml} @ v1.12.1 to v1.19.
 */

export interface HelmKey {
	/** Dotted, as `--set` takes it. */
	readonly name: string;
	/** What it becomes in cilium-config; undefined: no key of its own, or one that is derived. */
	readonly config?: string;
	readonly kind: 'bool' | 'int' | 'text';
	/** From this minor version on it becomes another one. */
	readonly renamed?: readonly [since: number, config: string];
	/** First and last minor version whose chart looks at it. */
	readonly since?: number;
	readonly until?: number;
	/** The ConfigMap key is only written for these values; others leave it out. */
	readonly writtenFor?: readonly string[];
}

const bool = (name: string, config?: string, more: Partial<HelmKey> = {}): HelmKey => ({
	name,
	kind: 'bool',
	...(config ? { config } : {}),
	...more,
});
const text = (name: string, config?: string, more: Partial<HelmKey> = {}): HelmKey => ({
	name,
	kind: 'text',
	...(config ? { config } : {}),
	...more,
});
const int = (name: string, config: string, more: Partial<HelmKey> = {}): HelmKey => ({
	name,
	kind: 'int',
	config,
	...more,
});
const TRUE = { writtenFor: ['true'] };

const KEYS: readonly HelmKey[] = [
	int('MTU', 'mtu'),
	bool('autoDirectNodeRoutes', 'auto-direct-node-routes'),
	bool('bpf.clockProbe', 'enable-bpf-clock-probe'),
	bool('bpf.ctAccounting', 'bpf-conntrack-accounting', { since: 17 }),
	int('bpf.ctAnyMax', 'bpf-ct-global-any-max'),
	int('bpf.ctTcpMax', 'bpf-ct-global-tcp-max'),
	bool('bpf.hostLegacyRouting', 'enable-host-legacy-routing'),
	bool('bpf.lbExternalClusterIP', 'bpf-lb-external-clusterip'),
	int('bpf.lbMapMax', 'bpf-lb-map-max'),
	bool('bpf.lbSourceRangeAllTypes', 'bpf-lb-source-range-all-types', { since: 17 }),
	text('bpf.mapDynamicSizeRatio', 'bpf-map-dynamic-size-ratio'),
	bool('bpf.masquerade', 'enable-bpf-masquerade'),
	text('bpf.monitorAggregation', 'monitor-aggregation'),
	int('bpf.natMax', 'bpf-nat-global-max'),
	int('bpf.neighMax', 'bpf-neigh-global-max'),
	int('bpf.policyMapMax', 'bpf-policy-map-max'),
	text('cluster.id', 'cluster-id'),
	text('cluster.name', 'cluster-name'),
	bool('debug.enabled', 'debug'),
	text('debug.verbose', 'debug-verbose'),
	bool('directRoutingSkipUnreachable', 'direct-routing-skip-unreachable', { since: 16 }),
	text('egressMasqueradeInterfaces', 'egress-masquerade-interfaces'),
	bool('egressGateway.enabled', 'enable-ipv4-egress-gateway', { ...TRUE, renamed: [18, 'enable-egress-gateway'] }),
	bool('enableIPv4Masquerade', 'enable-ipv4-masquerade'),
	bool('enableIPv6Masquerade', 'enable-ipv6-masquerade'),
	bool('encryption.enabled'),
	text('encryption.type'),
	bool('endpointRoutes.enabled', 'enable-endpoint-routes', TRUE),
	bool('envoyConfig.enabled', 'enable-envoy-config', { ...TRUE, since: 13 }),
	bool('externalIPs.enabled', 'enable-external-ips', { until: 18 }),
	bool('hostFirewall.enabled', 'enable-host-firewall', TRUE),
	bool('hostPort.enabled', 'enable-host-port', { until: 18 }),
	bool('installNoConntrackIptablesRules', 'install-no-conntrack-iptables-rules'),
	bool('ipMasqAgent.enabled', 'enable-ip-masq-agent', TRUE),
	text('ipam.mode', 'ipam'),
	text('ipam.operator.clusterPoolIPv4MaskSize', 'cluster-pool-ipv4-mask-size'),
	text('ipam.operator.clusterPoolIPv4PodCIDRList', 'cluster-pool-ipv4-cidr'),
	text('ipv4NativeRoutingCIDR', 'ipv4-native-routing-cidr'),
	bool('ipv6.enabled', 'enable-ipv6'),
	bool('k8s.requireIPv4PodCIDR', 'k8s-require-ipv4-pod-cidr'),
	text('k8sServiceHost'),
	text('k8sServicePort'),
	text('kubeProxyReplacement', 'kube-proxy-replacement'),
	bool('l2NeighDiscovery.enabled', 'enable-l2-neigh-discovery'),
	bool('l7Proxy', 'enable-l7-proxy'),
	text('loadBalancer.acceleration', 'bpf-lb-acceleration'),
	text('loadBalancer.algorithm', 'bpf-lb-algorithm'),
	text('loadBalancer.dsrDispatch', 'bpf-lb-dsr-dispatch'),
	text('loadBalancer.mode', 'bpf-lb-mode'),
	text('maglev.hashSeed', 'bpf-lb-maglev-hash-seed'),
	int('maglev.tableSize', 'bpf-lb-maglev-table-size'),
	bool('nodePort.autoProtectPortRange', 'enable-auto-protect-node-port-range'),
	bool('nodePort.bindProtection', 'node-port-bind-protection'),
	bool('nodePort.enabled', 'enable-node-port', { until: 18 }),
	text('nodePort.range', 'node-port-range'),
	bool('pmtuDiscovery.enabled', 'enable-pmtu-discovery', TRUE),
	text('policyEnforcementMode', 'enable-policy'),
	text('routingMode', 'routing-mode', { since: 14 }),
	bool('sctp.enabled', 'enable-sctp', { since: 13 }),
	text('serviceNoBackendResponse', 'service-no-backend-response', { since: 15 }),
	bool('sessionAffinity', 'enable-session-affinity', { until: 18 }),
	bool('socketLB.enabled', 'bpf-lb-sock'),
	bool('socketLB.hostNamespaceOnly', 'bpf-lb-sock-hostns-only'),
	bool('svcSourceRangeCheck', 'enable-svc-source-range-check'),
	text('tunnel', 'tunnel', { until: 14 }),
	text('tunnelPort', 'tunnel-port'),
	text('tunnelProtocol', 'tunnel-protocol', { since: 14 }),
];

/** Keys that are looked at, by name. */
export const HELM_TABLE: ReadonlyMap<string, HelmKey> = new Map(KEYS.map((key) => [key.name, key]));

/** Names of the keys above, sorted. */
export const HELM_KEYS: readonly string[] = [...HELM_TABLE.keys()].sort();

/** Values without a say in where packets go. */
const HARMLESS = [
	'affinity.',
	'annotateK8sNode',
	'bgpControlPlane.',
	'cni.',
	'devices',
	'envoy.',
	'hubble.',
	'image.',
	'ipv4.enabled',
	'monitor.',
	'operator.',
	'podLabels.',
	'prometheus.',
	'resources.',
	'rollOutCiliumPods',
	'tolerations',
	'upgradeCompatibility',
];

/** Whether some version's chart knows this key: those above, and those that have no say in where packets go. */
export const isHelmKey = (key: string): boolean =>
	HELM_TABLE.has(key) || HARMLESS.some((known) => (known.endsWith('.') ? key.startsWith(known) : key === known));

/** Edit distance, at most `limit` + 1. */
const distance = (a: string, b: string, limit: number): number => {
	if (Math.abs(a.length - b.length) > limit) return limit + 1;
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++)
			next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		row = next;
	}
	return row[b.length]!;
};

/** The key somebody probably meant: one a few letters away, or the same name in another place. */
export const nearHelmKey = (key: string): string | undefined => {
	const placed = HELM_KEYS.find((known) => known.toLowerCase().endsWith(`.${key.toLowerCase()}`));
	if (placed) return placed;
	let best: string | undefined;
	let least = 3;
	for (const known of HELM_KEYS) {
		const away = distance(key.toLowerCase(), known.toLowerCase(), 2);
		if (away < least) {
			least = away;
			best = known;
		}
	}
	return best;
};
