/**
 * cilium-config, complete: the chart's defaults, what the settings of `sim/cilium` change, and the keys that have no
 * say in where packets go.
 *
 * Source: install/kubernetes/cilium/templates/cilium-configmap.yaml @ v1.12.1 to v1.19.5.
 */
import { type CiliumMessage, isCiliumError, renderCiliumChart } from '../../cilium/index.ts';
import type { ChartError } from '../types.ts';
import { flattenValues, type Values, valueAt, valueText } from '../values.ts';
import { refusal } from './refusals.ts';

export interface CiliumConfig {
	readonly data: ReadonlyMap<string, string>;
	readonly messages: readonly CiliumMessage[];
}

/** Keys written for a value that is set at all. */
interface Simple {
	readonly value: string;
	readonly key: string;
	readonly since?: number;
	readonly until?: number;
	/** Only when the value is true. */
	readonly ifTrue?: boolean;
}

const SIMPLE: readonly Simple[] = [
	{ value: 'MTU', key: 'mtu' },
	{ value: 'annotateK8sNode', key: 'annotate-k8s-node', ifTrue: true },
	{ value: 'authentication.mutual.spire.enabled', key: 'mesh-auth-mutual-enabled', ifTrue: true, since: 14 },
	{ value: 'autoCreateCiliumNodeResource', key: 'auto-create-cilium-node-resource', ifTrue: true },
	{ value: 'bandwidthManager.bbr', key: 'enable-bbr', ifTrue: true },
	{ value: 'bandwidthManager.enabled', key: 'enable-bandwidth-manager', ifTrue: true },
	{ value: 'bgp.announce.loadbalancerIP', key: 'bgp-announce-lb-ip', ifTrue: true, until: 14 },
	{ value: 'bgp.announce.podCIDR', key: 'bgp-announce-pod-cidr', ifTrue: true, until: 14 },
	{ value: 'bgpControlPlane.enabled', key: 'enable-bgp-control-plane' },
	{ value: 'bpf.datapathMode', key: 'datapath-mode', since: 16 },
	{ value: 'bpf.distributedLRU.enabled', key: 'bpf-distributed-lru', since: 16 },
	{ value: 'bpf.lbAlgorithmAnnotation', key: 'bpf-lb-algorithm-annotation', since: 18 },
	{ value: 'bpf.lbModeAnnotation', key: 'bpf-lb-mode-annotation', since: 18 },
	{ value: 'bpf.preallocateMaps', key: 'preallocate-bpf-maps' },
	{ value: 'bpf.tproxy', key: 'enable-bpf-tproxy' },
	{ value: 'bpf.vlanBypass', key: 'vlan-bpf-bypass' },
	{ value: 'ciliumEndpointSlice.enabled', key: 'enable-cilium-endpoint-slice', ifTrue: true, since: 16 },
	{ value: 'cleanBpfState', key: 'clean-cilium-bpf-state', ifTrue: true },
	{ value: 'cleanState', key: 'clean-cilium-state', ifTrue: true },
	{ value: 'cni.chainingMode', key: 'cni-chaining-mode' },
	{ value: 'cni.customConf', key: 'custom-cni-conf' },
	{ value: 'cni.exclusive', key: 'cni-exclusive', since: 14 },
	{ value: 'cni.logFile', key: 'cni-log-file', since: 14 },
	{ value: 'devices', key: 'devices' },
	{ value: 'disableEndpointCRD', key: 'disable-endpoint-crd' },
	{ value: 'enableCiliumEndpointSlice', key: 'enable-cilium-endpoint-slice', ifTrue: true },
	{ value: 'enableIPv4BIGTCP', key: 'enable-ipv4-big-tcp', since: 14 },
	{ value: 'enableIPv6BIGTCP', key: 'enable-ipv6-big-tcp', since: 13 },
	{ value: 'encryption.nodeEncryption', key: 'encrypt-node', ifTrue: true },
	{ value: 'endpointHealthChecking.enabled', key: 'enable-endpoint-health-checking' },
	{ value: 'envoy.enabled', key: 'external-envoy-proxy', since: 14 },
	{ value: 'envoyConfig.enabled', key: 'enable-envoy-config', ifTrue: true, since: 13 },
	{ value: 'gatewayAPI.enabled', key: 'enable-envoy-config', ifTrue: true, since: 13 },
	{ value: 'gatewayAPI.enabled', key: 'enable-gateway-api', ifTrue: true, since: 13 },
	{ value: 'healthChecking', key: 'enable-health-checking' },
	{ value: 'highScaleIPcache.enabled', key: 'enable-high-scale-ipcache', ifTrue: true, since: 14, until: 17 },
	{ value: 'identityAllocationMode', key: 'identity-allocation-mode' },
	{ value: 'ingressController.enabled', key: 'enable-envoy-config', ifTrue: true },
	{ value: 'ingressController.enabled', key: 'enable-ingress-controller', ifTrue: true },
	{ value: 'ipv4.enabled', key: 'enable-ipv4' },
	{ value: 'k8sClientRateLimit.burst', key: 'k8s-client-burst', since: 14 },
	{ value: 'k8sClientRateLimit.qps', key: 'k8s-client-qps', since: 14 },
	{ value: 'l2NeighDiscovery.enabled', key: 'enable-l2-neigh-discovery' },
	{ value: 'l2announcements.enabled', key: 'enable-l2-announcements', since: 14 },
	{ value: 'l2announcements.leaseDuration', key: 'l2-announcements-lease-duration', since: 14 },
	{ value: 'l2announcements.leaseRenewDeadline', key: 'l2-announcements-renew-deadline', since: 14 },
	{ value: 'l2announcements.leaseRetryPeriod', key: 'l2-announcements-retry-period', since: 14 },
	{ value: 'l2podAnnouncements.enabled', key: 'enable-l2-pod-announcements', ifTrue: true, since: 14 },
	{ value: 'loadBalancer.l7.backend', key: 'loadbalancer-l7', since: 13 },
	{ value: 'loadBalancer.serviceTopology', key: 'enable-service-topology' },
	{ value: 'localRedirectPolicies.enabled', key: 'enable-local-redirect-policy', since: 18 },
	{ value: 'localRedirectPolicy', key: 'enable-local-redirect-policy' },
	{ value: 'nat46x64Gateway.enabled', key: 'enable-nat46x64-gateway', ifTrue: true, since: 13 },
	{ value: 'nodeIPAM.enabled', key: 'enable-node-ipam', ifTrue: true, since: 16 },
	{ value: 'nodePort.addresses', key: 'nodeport-addresses', since: 15 },
	{ value: 'nodePort.directRoutingDevice', key: 'direct-routing-device' },
	{ value: 'nodePort.enableHealthCheck', key: 'enable-health-check-nodeport' },
	{ value: 'policyAuditMode', key: 'policy-audit-mode' },
	{ value: 'policyCIDRMatchMode', key: 'policy-cidr-match-mode', since: 14 },
	{ value: 'policyEnforcementMode', key: 'enable-policy' },
	{ value: 'proxy.sidecarImageRegex', key: 'sidecar-istio-proxy-image', until: 15 },
	{ value: 'sctp.enabled', key: 'enable-sctp', since: 13 },
	{ value: 'svcSourceRangeCheck', key: 'enable-svc-source-range-check' },
	{ value: 'vtep.enabled', key: 'enable-vtep' },
];

const HUBBLE_KEYS = /^hubble-(?:socket-path|listen-address|disable-tls|tls-|export-|network-policy-|event-|metrics)/;

/** The ConfigMap of a release of the chart, or why the templates do not render. */
export function ciliumConfig(version: string, minor: number, values: Values): CiliumConfig | ChartError {
	const refused = refusal(minor, values);
	if (refused) return refused;
	const flat = flattenValues(values);
	const chart = renderCiliumChart(version, flat);
	if (isCiliumError(chart)) {
		const { log, key, value } = chart.params;
		return {
			error: log ?? `execution error at (cilium/templates/cilium-configmap.yaml): invalid value "${value}" of ${key}`,
		};
	}
	const data = new Map(chart.config);
	const isTrue = (path: string): boolean => valueAt(values, path) === true;
	for (const { value, key, since = 0, until = 99, ifTrue } of SIMPLE) {
		const set = valueAt(values, value);
		if (set === undefined || minor < since || minor > until) continue;
		if (ifTrue && set !== true) continue;
		data.set(key, valueText(set));
	}
	fineGrained(data, minor);
	addressing(data, values);
	if (valueAt(values, 'hubble.enabled') === false) {
		data.set('enable-hubble', 'false');
		for (const key of data.keys()) if (HUBBLE_KEYS.test(key)) data.delete(key);
	} else if (valueAt(values, 'hubble.tls.enabled') === false) {
		data.set('hubble-disable-tls', 'true');
		for (const key of data.keys()) if (key.startsWith('hubble-tls-')) data.delete(key);
	}
	const metrics = valueAt(values, 'hubble.metrics.enabled');
	if (Array.isArray(metrics) && metrics.length > 0) {
		data.set('hubble-metrics-server', ':9965');
		data.set('hubble-metrics', metrics.map(valueText).join(' '));
		if (minor >= 15) data.set('enable-hubble-open-metrics', String(isTrue('hubble.metrics.enableOpenMetrics')));
	}
	if (isTrue('prometheus.enabled')) {
		data.set('prometheus-serve-addr', `:${valueText(valueAt(values, 'prometheus.port') ?? 9962)}`);
		data.set('controller-group-metrics', 'write-cni-file sync-host-ips sync-lb-maps-with-k8s-services');
		if (minor < 16) data.delete('controller-group-metrics');
	}
	if (isTrue('operator.prometheus.enabled')) {
		data.set('operator-prometheus-serve-addr', ':9963');
		data.set('enable-metrics', 'true');
	}
	if (valueAt(values, 'operator.prometheus.enabled') === false) {
		data.delete('operator-prometheus-serve-addr');
		data.delete('enable-metrics');
	}
	if (isTrue('encryption.enabled')) {
		const type = valueText(valueAt(values, 'encryption.type') ?? 'ipsec');
		if (type === 'ipsec') {
			data.set('enable-ipsec', 'true');
			data.set('ipsec-key-file', '/etc/ipsec/keys');
		} else data.set('enable-wireguard', 'true');
	}
	const extra = valueAt(values, 'extraConfig');
	if (typeof extra === 'object' && extra !== null && !Array.isArray(extra))
		for (const [key, value] of Object.entries(extra)) data.set(key, valueText(value));
	return { data, messages: chart.messages };
}

/** From 1.14 to 1.18 the single switches are written where the replacement is not complete. */
function fineGrained(data: Map<string, string>, minor: number): void {
	const kpr = data.get('kube-proxy-replacement');
	if (minor < 14 || minor > 18 || kpr === 'false' || kpr === 'partial') return;
	for (const key of ['enable-node-port', 'enable-host-port', 'enable-external-ips']) data.delete(key);
}

function addressing(data: Map<string, string>, values: Values): void {
	if (valueAt(values, 'eni.enabled') === true) {
		data.set('ipam', 'eni');
		data.set('enable-endpoint-routes', 'true');
		data.set('auto-create-cilium-node-resource', 'true');
		data.set('ec2-api-endpoint', '');
		data.set('eni-tags', '{}');
	}
	const ipam = data.get('ipam')!;
	if (!ipam.startsWith('cluster-pool'))
		for (const key of data.keys()) if (key.startsWith('cluster-pool-')) data.delete(key);
}
