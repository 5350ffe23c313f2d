/** kubeadm's addons, CoreDNS and kube-proxy, as their manifests have them. */
import { formatIp, formatPrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { minorOf } from '../machine/node-images.ts';
import { endpointHost } from './control-plane.ts';
import { account, CONTROL_PLANE, configMap, create } from './manifests.ts';

/** cmd/kubeadm/app/phases/addons/dns/manifests.go @ v1.24.0. */
export function installCoreDns(cluster: ClusterContext): void {
	const { image, config } = cluster;
	const labels = { 'k8s-app': 'kube-dns' };
	create(cluster, [
		account('coredns'),
		configMap('coredns', {
			Corefile: `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`,
		}),
		{
			apiVersion: 'v1',
			kind: 'Service',
			metadata: {
				name: 'kube-dns',
				namespace: 'kube-system',
				labels: { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
				annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
			},
			spec: {
				clusterIP: formatIp(config.serviceSubnet.address + 10),
				ports: [
					{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
					{ name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
					{ name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
				],
				selector: labels,
			},
		},
		{
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: { name: 'coredns', namespace: 'kube-system', labels },
			spec: {
				replicas: 2,
				selector: { matchLabels: labels },
				strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
				template: {
					metadata: { labels },
					spec: {
						priorityClassName: 'system-cluster-critical',
						serviceAccountName: 'coredns',
						tolerations: [
							{ key: 'CriticalAddonsOnly', operator: 'Exists' },
							...(minorOf(image.kubernetes) <= 24 ? CONTROL_PLANE : CONTROL_PLANE.slice(1)).map((key) => ({
								effect: 'NoSchedule',
								key,
							})),
						],
						nodeSelector: { 'kubernetes.io/os': 'linux' },
						containers: [
							{
								name: 'coredns',
								image: `${image.registry}/coredns/coredns:${image.coredns}`,
								imagePullPolicy: 'IfNotPresent',
								resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
								args: ['-conf', '/etc/coredns/Corefile'],
								volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
								ports: [
									{ containerPort: 53, name: 'dns', protocol: 'UDP' },
									{ containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
									{ containerPort: 9153, name: 'metrics', protocol: 'TCP' },
								],
								livenessProbe: {
									httpGet: { path: '/health', port: 8080, scheme: 'HTTP' },
									initialDelaySeconds: 60,
									timeoutSeconds: 5,
									successThreshold: 1,
									failureThreshold: 5,
								},
								readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
								securityContext: {
									allowPrivilegeEscalation: false,
									capabilities: { add: ['NET_BIND_SERVICE'], drop: ['all'] },
									readOnlyRootFilesystem: true,
								},
							},
						],
						dnsPolicy: 'Default',
						volumes: [
							{ name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
						],
					},
				},
			},
		},
	]);
}

/** What kubeadm gives kube-proxy. */
export const kubeProxyConfig = ({ config }: Pick<ClusterContext, 'config'>, mode: string): string =>
	[
		'apiVersion: kubeproxy.config.k8s.io/v1alpha1',
		'bindAddress: 0.0.0.0',
		'clientConnection:',
		'  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf',
		`clusterCIDR: ${formatPrefix(config.podSubnet)}`,
		'conntrack:',
		'  maxPerCore: 0',
		'iptables:',
		'  minSyncPeriod: 1s',
		'kind: KubeProxyConfiguration',
		`mode: ${mode}`,
		'',
	].join('\n');

/** cmd/kubeadm/app/phases/addons/proxy/manifests.go @ v1.24.0. */
export function installKubeProxy(cluster: ClusterContext): void {
	const { image, config } = cluster;
	const labels = { 'k8s-app': 'kube-proxy' };
	create(cluster, [
		account('kube-proxy'),
		configMap(
			'kube-proxy',
			{
				'config.conf': kubeProxyConfig(cluster, config.kubeProxyMode),
				'kubeconfig.conf': [
					'apiVersion: v1',
					'kind: Config',
					'clusters:',
					'- cluster:',
					'    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
					`    server: https://${endpointHost(cluster)}:6443`,
					'  name: default',
					'contexts:',
					'- context:',
					'    cluster: default',
					'    namespace: default',
					'    user: default',
					'  name: default',
					'current-context: default',
					'users:',
					'- name: default',
					'  user:',
					'    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token',
					'',
				].join('\n'),
			},
			{ app: 'kube-proxy' },
		),
		{
			apiVersion: 'apps/v1',
			kind: 'DaemonSet',
			metadata: { name: 'kube-proxy', namespace: 'kube-system', labels },
			spec: {
				selector: { matchLabels: labels },
				updateStrategy: { type: 'RollingUpdate' },
				template: {
					metadata: { labels },
					spec: {
						priorityClassName: 'system-node-critical',
						containers: [
							{
								name: 'kube-proxy',
								image: `${image.registry}/kube-proxy:v${image.kubernetes}`,
								imagePullPolicy: 'IfNotPresent',
								command: [
									'/usr/local/bin/kube-proxy',
									'--config=/var/lib/kube-proxy/config.conf',
									'--hostname-override=$(NODE_NAME)',
								],
								securityContext: { privileged: true },
								volumeMounts: [
									{ mountPath: '/var/lib/kube-proxy', name: 'kube-proxy' },
									{ mountPath: '/run/xtables.lock', name: 'xtables-lock' },
									{ mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
								],
								env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
							},
						],
						hostNetwork: true,
						serviceAccountName: 'kube-proxy',
						volumes: [
							{ name: 'kube-proxy', configMap: { name: 'kube-proxy' } },
							{ name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
							{ name: 'lib-modules', hostPath: { path: '/lib/modules' } },
						],
						tolerations: [{ operator: 'Exists' }],
						nodeSelector: { 'kubernetes.io/os': 'linux' },
					},
				},
			},
		},
	]);
}
