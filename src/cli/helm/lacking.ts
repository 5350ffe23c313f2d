/**
 * What somebody set that the chart has and the lab does not: helm would say nothing of it, so one line on standard error
 * does. A value that no chart has stays without a word, as in life.
 *
 * Source: install/kubernetes/cilium/values.yaml, main between v1.13 and v1.20.
 */
import { type ChartRequest, flattenValues, renderCilium, type Values, valueAt } from '../../sim/charts/index.ts';
import { lackingOf } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';

/** Tables and values of the chart; after a colon, what a table of theirs has where the lab knows a part of it. */
const CHART = `LBIPAM agent agentNotReadyTaintKey aksbyocni alibabacloud affinity annotations apiRateLimit authentication azure
bandwidthManager bgp bgpControlPlane bpfClockProbe certgen cgroup ciliumEndpointSlice clustermesh commonLabels
configDriftDetection connectivityProbeFrequencyRatio conntrackGCInterval conntrackGCMaxInterval containerRuntime
crdWaitTimeout customCalls daemon dashboards datapathPlugins defaultLBServiceIPAM disableEndpointCRD dnsPolicy dnsProxy
enableCiliumEndpointSlice enableCnpStatusUpdates enableCriticalPriorityClass enableIPv4BIGTCP enableIPv6BIGTCP
enableInternalTrafficPolicy enableK8sEventHandover enableK8sTerminatingEndpoint enableLBIPAM
enableMasqueradeRouteSource enableNoServiceEndpointsRoutable enableNonDefaultDenyPolicies
enableRuntimeDeviceDetection enableTunnelBIGTCP enableXTSocketFallback endpointLockdownOnMapOverflow
endpointPolicyUpdateTimeoutDuration endpointStatus envoyConfig etcd externalWorkloads extraArgs extraContainers extraEnv
extraHostPathMounts extraInitContainers extraVolumeMounts extraVolumes forceDeviceDetection gatewayAPI gke
healthCheckICMPFailureThreshold healthPort highScaleIPcache identityChangeGracePeriod identityManagementMode
imagePullSecrets ingressController initResources installIptablesRules iptablesRandomFully ipv6NativeRoutingCIDR
k8sClientExponentialBackoff k8sClusterNetworkPolicy k8sNetworkPolicy k8sServiceHostRef k8sServiceLookupConfigMapName
k8sServiceLookupNamespace keepDeprecatedLabels keepDeprecatedProbes kubeConfigPath kubeProxyReplacementHealthzBindAddr
l2podAnnouncements livenessProbe localRedirectPolicies logSystemLoad minReadySeconds name namespaceOverride nat
nat46x64Gateway nativeRoutingCIDRFromClusterPool nodeIPAM nodeSelector nodeSelectorLabels nodeinit podAnnotations
podLabels podSecurityContext policyDenyResponse pprof preferIpv6 preflight priorityClassName proxy rbac readinessProbe
remoteNodeIdentity resourceQuotas resources scheduling sctp secretsNamespaceAnnotations secretsNamespaceLabels
securityContext serviceAccounts sleepAfterInit sockops standaloneDnsProxy startupProbe synchronizeK8sNodes sysctlfix
terminationGracePeriodSeconds tls tmpVolume tolerations tunnelSourcePortRange underlayProtocol updateStrategy vtep
waitForKubeProxy wellKnownIdentities
bpf: authMapMax autoMount datapathMode disableExternalIPMitigation distributedLRU enableTCX events lbAlgorithmAnnotation
lbModeAnnotation monitorFlags monitorInterval monitorTraceIPOption nodeMapMax policyMapPressureMetricsThreshold
policyStatsMapMax preallocateMaps root tproxy vlanBypass
cni: binPath chainingTarget confFileMountPath confPath configMap configMapKey enableRouteMTUForCNIChaining
hostConfDirMountPath iptablesRemoveAWSRules resources uninstall
egressGateway: installRoutes reconciliationTriggerInterval
encryption: interface ipsec keyFile mountPath nodeEncryption secretName strictMode wireguard ztunnel
envoy: affinity annotations baseID bootstrapConfigMap connectTimeoutSeconds debug dnsPolicy extraArgs extraContainers
extraEnv extraVolumeMounts extraVolumes healthPort initialFetchTimeoutSeconds livenessProbe log
maxConnectionDurationSeconds maxRequestsPerConnection nodeSelector podAnnotations podLabels podSecurityContext
priorityClassName prometheus readinessProbe resources securityContext startupProbe tolerations updateStrategy
hubble: annotations dropEventEmitter export listenAddress networkPolicyCorrelation peerService preferIpv6 redact
skipUnknownCGroupIDs socketPath
ipam: ciliumNodeUpdateRate multiPoolPreAllocation nodeSpec
k8s: apiServerURLs requireIPv6PodCIDR
loadBalancer: experimental l7 serviceTopology
nodePort: enableDynamicSourceLookup enableHealthCheckLoadBalancerIP
operator: affinity annotations dashboards dnsPolicy endpointGCInterval extraArgs extraEnv extraVolumeMounts extraVolumes
hostNetwork identityGCInterval identityHeartbeatTimeout nodeGCInterval nodeSelector podAnnotations
podDisruptionBudget podLabels podSecurityContext pprof priorityClassName removeNodeTaints resources securityContext
setNodeNetworkStatus setNodeTaints skipCRDCreation tolerations topologySpreadConstraints unmanagedPodWatcher
updateStrategy
pmtuDiscovery: packetizationLayerPMTUD packetizationLayerPMTUDMode
prometheus: controllerGroupMetrics metrics metricsService serviceMonitor`;

let names: ReadonlySet<string> | undefined;

function chartNames(): ReadonlySet<string> {
	if (names) return names;
	const out = new Set<string>();
	let table = '';
	for (const word of CHART.split(/\s+/)) {
		if (word.endsWith(':')) table = `${word.slice(0, -1)}.`;
		else out.add(table + word);
	}
	names = out;
	return names;
}

/** Values that ask for nothing. */
const NOTHING: readonly string[] = ['', 'false', '0', 'disabled', 'none'];

function without(values: Values, path: readonly string[]): Values {
	const [first = '', ...rest] = path;
	if (rest.length === 0) return Object.fromEntries(Object.entries(values).filter(([key]) => key !== first));
	return { ...values, [first]: without((values[first] ?? {}) as Values, rest) };
}

/** Values of the chart that change none of the manifests here. */
function unread(request: ChartRequest, whole: string): readonly string[] {
	const known = chartNames();
	return Object.entries(flattenValues(request.values)).flatMap(([path, value]) => {
		const keys = path.split('.');
		if (NOTHING.includes(value) || !(known.has(keys[0]!) || known.has(keys.slice(0, 2).join('.')))) return [];
		if (valueAt(request.values, path) === undefined) return [];
		const other = renderCilium({ ...request, values: without(request.values, keys) });
		return 'error' in other || JSON.stringify(other.manifests) !== whole ? [] : [`${path}=${value}`];
	});
}

/**
 * What materials set and the lab lacks: an upgrade prints what it prints there. `cilium bgp`, its resources and the agents'
 * logs say it to whoever looks for peers.
 */
const TOLD_ELSEWHERE = /\(enable-bgp-control-plane=/;

/** Says on standard error what of these values the lab lacks. */
export function tellLacking(call: Pick<Call, 'err'>, request: ChartRequest): void {
	const rendered = renderCilium(request);
	if ('error' in rendered) return;
	const config = rendered.manifests.find(
		({ kind, metadata }) =>
			kind === 'ConfigMap' && (metadata as { name?: string } | undefined)?.name === 'cilium-config',
	)?.data as Readonly<Record<string, string>> | undefined;
	const lines = [
		...lackingOf(config ?? {})
			.filter(({ text }) => !TOLD_ELSEWHERE.test(text))
			.map(({ text, stops }) => `${text}${stops ? '; the agents will not start' : ''}`),
		...unread(request, JSON.stringify(rendered.manifests)).map(
			(value) => `the simulator’s chart does not look at ${value}`,
		),
	];
	for (const line of lines) call.err(`${line}\n`);
}
