/**
 * The agents' DaemonSet.
 *
 * Source: install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml @ v1.12.1 to v1.19.5.
 */
import type { ApiInput } from '../../api/index.ts';
import { initContainers } from './agent-init.ts';
import { agentVolumes } from './agent-volumes.ts';
import { antiAffinity, apiServerEnv, fieldEnv, flag, httpProbe, image, meta, type Release, setting } from './parts.ts';

const CAPABILITIES = [
	'CHOWN',
	'KILL',
	'NET_ADMIN',
	'NET_RAW',
	'IPC_LOCK',
	'SYS_MODULE',
	'SYS_ADMIN',
	'SYS_RESOURCE',
	'DAC_OVERRIDE',
	'FOWNER',
	'SETGID',
	'SETUID',
];

function agentContainer(release: Release): ApiInput {
	const { minor } = release;
	const extraArgs = setting(release, 'extraArgs', '');
	return {
		name: 'cilium-agent',
		image: image(release, 'image', 'cilium'),
		imagePullPolicy: 'IfNotPresent',
		command: ['cilium-agent'],
		args: ['--config-dir=/tmp/cilium/config-map', ...(extraArgs ? extraArgs.split(' ') : [])],
		startupProbe: httpProbe(9879, {
			failureThreshold: 105,
			periodSeconds: 2,
			...(minor >= 16 ? { initialDelaySeconds: 5 } : {}),
		}),
		livenessProbe: httpProbe(9879, { failureThreshold: 10, periodSeconds: 30, timeoutSeconds: 5 }),
		readinessProbe: httpProbe(9879, { failureThreshold: 3, periodSeconds: 30, timeoutSeconds: 5 }),
		env: [
			fieldEnv('K8S_NODE_NAME', 'spec.nodeName'),
			fieldEnv('CILIUM_K8S_NAMESPACE', 'metadata.namespace'),
			...(minor <= 12
				? [
						{
							name: 'CILIUM_CNI_CHAINING_MODE',
							valueFrom: { configMapKeyRef: { name: 'cilium-config', key: 'cni-chaining-mode', optional: true } },
						},
						{
							name: 'CILIUM_CUSTOM_CNI_CONF',
							valueFrom: { configMapKeyRef: { name: 'cilium-config', key: 'custom-cni-conf', optional: true } },
						},
					]
				: []),
			{ name: 'CILIUM_CLUSTERMESH_CONFIG', value: '/var/lib/cilium/clustermesh/' },
			...(minor >= 15
				? [{ name: 'GOMEMLIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1' } } }]
				: []),
			...apiServerEnv(release),
		],
		lifecycle: {
			...(minor <= 12
				? {
						postStart: {
							exec: {
								command: [
									'/cni-install.sh',
									'--enable-debug=false',
									'--cni-exclusive=true',
									'--log-file=/var/run/cilium/cilium-cni.log',
								],
							},
						},
					}
				: {}),
			preStop: { exec: { command: ['/cni-uninstall.sh'] } },
		},
		...(flag(release, 'prometheus.enabled', false)
			? { ports: [{ name: 'prometheus', containerPort: 9962, hostPort: 9962, protocol: 'TCP' }] }
			: {}),
		securityContext:
			minor <= 12
				? { privileged: true }
				: { seLinuxOptions: { type: 'spc_t', level: 's0' }, capabilities: { add: CAPABILITIES, drop: ['ALL'] } },
		terminationMessagePolicy: 'FallbackToLogsOnError',
		volumeMounts: [
			...(flag(release, 'envoy.enabled', minor >= 16)
				? [{ name: 'envoy-sockets', mountPath: '/var/run/cilium/envoy/sockets', readOnly: false }]
				: []),
			...(minor >= 13
				? [
						{ name: 'host-proc-sys-net', mountPath: '/host/proc/sys/net' },
						{ name: 'host-proc-sys-kernel', mountPath: '/host/proc/sys/kernel' },
					]
				: []),
			{
				name: 'bpf-maps',
				mountPath: '/sys/fs/bpf',
				mountPropagation: minor >= 13 ? 'HostToContainer' : 'Bidirectional',
			},
			{ name: 'cilium-run', mountPath: '/var/run/cilium' },
			{
				name: minor >= 13 ? 'etc-cni-netd' : 'cni-path',
				mountPath: minor >= 13 ? '/host/etc/cni/net.d' : '/host/opt/cni/bin',
			},
			...(minor >= 13 ? [] : [{ name: 'etc-cni-netd', mountPath: '/host/etc/cni/net.d' }]),
			{ name: 'clustermesh-secrets', mountPath: '/var/lib/cilium/clustermesh', readOnly: true },
			...(minor >= 13 ? [] : [{ name: 'cilium-config-path', mountPath: '/tmp/cilium/config-map', readOnly: true }]),
			{ name: 'lib-modules', mountPath: '/lib/modules', readOnly: true },
			{ name: 'xtables-lock', mountPath: '/run/xtables.lock' },
			...(release.config.has('hubble-tls-cert-file')
				? [{ name: 'hubble-tls', mountPath: '/var/lib/cilium/tls/hubble', readOnly: true }]
				: []),
			...(minor >= 13 ? [{ name: 'tmp', mountPath: '/tmp' }] : []),
		],
	};
}

export function agentDaemonSet(release: Release, checksum: string): ApiInput {
	const labels = {
		'k8s-app': 'cilium',
		...(release.minor >= 13 ? { 'app.kubernetes.io/name': 'cilium-agent', 'app.kubernetes.io/part-of': 'cilium' } : {}),
	};
	return {
		apiVersion: 'apps/v1',
		kind: 'DaemonSet',
		metadata: meta(release, 'cilium', labels),
		spec: {
			selector: { matchLabels: { 'k8s-app': 'cilium' } },
			updateStrategy: { rollingUpdate: { maxUnavailable: 2 }, type: 'RollingUpdate' },
			template: {
				metadata: {
					labels,
					...(flag(release, 'rollOutCiliumPods', false)
						? { annotations: { 'cilium.io/cilium-configmap-checksum': checksum } }
						: {}),
				},
				spec: {
					containers: [agentContainer(release)],
					initContainers: initContainers(release),
					restartPolicy: 'Always',
					priorityClassName: 'system-node-critical',
					serviceAccountName: 'cilium',
					serviceAccount: 'cilium',
					automountServiceAccountToken: true,
					terminationGracePeriodSeconds: 1,
					hostNetwork: true,
					affinity: antiAffinity('k8s-app=cilium'),
					nodeSelector: { 'kubernetes.io/os': 'linux' },
					tolerations: [{ operator: 'Exists' }],
					volumes: agentVolumes(release),
				},
			},
		},
	};
}
