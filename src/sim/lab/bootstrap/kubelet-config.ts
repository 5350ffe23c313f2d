/**
 * KubeletConfiguration as kubeadm writes it, into kube-system's ConfigMap and every node's /var/lib/kubelet/config.yaml
 * (cmd/kubeadm/app/componentconfigs/kubelet.go, staging/src/k8s.io/kubelet/config/v1beta1/types.go @ v1.24.0 and later):
 * all fields that are not left out when empty, with what kind sets (pkg/cluster/internal/kubeadm/config.go @ v0.14.0).
 */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { minorOf } from '../machine/node-images.ts';

export function kubeletConfig({ config, image }: Pick<ClusterContext, 'config' | 'image'>): string {
	const minor = minorOf(image.kubernetes);
	const since = (first: number, ...lines: readonly string[]): readonly string[] => (minor >= first ? lines : []);
	return [
		'apiVersion: kubelet.config.k8s.io/v1beta1',
		'authentication:',
		'  anonymous:',
		'    enabled: false',
		'  webhook:',
		'    cacheTTL: 0s',
		'    enabled: true',
		'  x509:',
		'    clientCAFile: /etc/kubernetes/pki/ca.crt',
		'authorization:',
		'  mode: Webhook',
		'  webhook:',
		'    cacheAuthorizedTTL: 0s',
		'    cacheUnauthorizedTTL: 0s',
		'cgroupDriver: systemd',
		'cgroupRoot: /kubelet',
		'clusterDNS:',
		`- ${formatIp(config.serviceSubnet.address + 10)}`,
		'clusterDomain: cluster.local',
		...since(27, 'containerRuntimeEndpoint: ""'),
		'cpuManagerReconcilePeriod: 0s',
		...since(32, 'crashLoopBackOff: {}'),
		'evictionHard:',
		'  imagefs.available: 0%',
		'  nodefs.available: 0%',
		'  nodefs.inodesFree: 0%',
		'evictionPressureTransitionPeriod: 0s',
		'failSwapOn: false',
		'fileCheckFrequency: 0s',
		'healthzBindAddress: 127.0.0.1',
		'healthzPort: 10248',
		'httpCheckFrequency: 0s',
		'imageGCHighThresholdPercent: 100',
		...since(29, 'imageMaximumGCAge: 0s'),
		'imageMinimumGCAge: 0s',
		'kind: KubeletConfiguration',
		'logging:',
		'  flushFrequency: 0',
		'  options:',
		'    json:',
		'      infoBufferSize: "0"',
		...since(31, '    text:', '      infoBufferSize: "0"'),
		'  verbosity: 0',
		'memorySwap: {}',
		'nodeStatusReportFrequency: 0s',
		'nodeStatusUpdateFrequency: 0s',
		'rotateCertificates: true',
		'runtimeRequestTimeout: 0s',
		'shutdownGracePeriod: 0s',
		'shutdownGracePeriodCriticalPods: 0s',
		'staticPodPath: /etc/kubernetes/manifests',
		'streamingConnectionIdleTimeout: 0s',
		'syncFrequency: 0s',
		'volumeStatsAggPeriod: 0s',
		'',
	].join('\n');
}
