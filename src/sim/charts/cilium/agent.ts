/**
 * The agents' DaemonSet.
 *
 * Source: install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml @ v1.12.1 to v1.19.5.
 */
import type { ApiInput } from '../../api/index.ts';
import {
	antiAffinity,
	apiServerEnv,
	fieldEnv,
	flag,
	hostPath,
	httpProbe,
	image,
	meta,
	type Release,
	setting,
} from './parts.ts';

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

/** `runAsUser: 0` and what the script of an init container needs. */
const initContainer = (release: Release, name: string, command: readonly string[], more: ApiInput = {}): ApiInput => ({
	name,
	image: image(release, 'image', 'cilium'),
	imagePullPolicy: 'IfNotPresent',
	command,
	terminationMessagePolicy: 'FallbackToLogsOnError',
	...more,
});

const tool = (release: Release): string => (release.minor >= 15 ? 'cilium-dbg' : 'cilium');

function initContainers(release: Release): readonly ApiInput[] {
	const { minor } = release;
	const run = [{ name: 'cilium-run', mountPath: '/var/run/cilium' }];
	const nsenter = [
		{ name: 'hostproc', mountPath: '/hostproc' },
		{ name: 'cni-path', mountPath: '/hostbin' },
	];
	return [
		...(minor >= 13
			? [
					initContainer(release, 'config', [tool(release), 'build-config'], {
						env: [
							fieldEnv('K8S_NODE_NAME', 'spec.nodeName'),
							fieldEnv('CILIUM_K8S_NAMESPACE', 'metadata.namespace'),
							...apiServerEnv(release),
						],
						volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
					}),
				]
			: []),
		initContainer(
			release,
			'mount-cgroup',
			[
				'sh',
				'-ec',
				'nsenter --cgroup=/hostproc/1/ns/cgroup --mount=/hostproc/1/ns/mnt /opt/cni/bin/cilium-mount /run/cilium/cgroupv2',
			],
			{
				env: [
					{ name: 'CGROUP_ROOT', value: '/run/cilium/cgroupv2' },
					{ name: 'BIN_PATH', value: '/opt/cni/bin' },
				],
				volumeMounts: nsenter,
			},
		),
		initContainer(
			release,
			'apply-sysctl-overwrites',
			['sh', '-ec', 'nsenter --mount=/hostproc/1/ns/mnt /opt/cni/bin/cilium-sysctlfix'],
			{ env: [{ name: 'BIN_PATH', value: '/opt/cni/bin' }], volumeMounts: nsenter },
		),
		initContainer(release, 'mount-bpf-fs', ['/bin/bash', '-c', '--'], {
			args: ['mount | grep "/sys/fs/bpf type bpf" || mount -t bpf bpf /sys/fs/bpf'],
			securityContext: { privileged: true },
			volumeMounts: [{ name: 'bpf-maps', mountPath: '/sys/fs/bpf', mountPropagation: 'Bidirectional' }],
		}),
		initContainer(release, 'clean-cilium-state', ['/init-container.sh'], {
			env: [
				{
					name: 'CILIUM_ALL_STATE',
					valueFrom: { configMapKeyRef: { name: 'cilium-config', key: 'clean-cilium-state', optional: true } },
				},
				{
					name: 'CILIUM_BPF_STATE',
					valueFrom: { configMapKeyRef: { name: 'cilium-config', key: 'clean-cilium-bpf-state', optional: true } },
				},
				...(minor >= 15
					? [
							{
								name: 'WRITE_CNI_CONF_WHEN_READY',
								valueFrom: {
									configMapKeyRef: { name: 'cilium-config', key: 'write-cni-conf-when-ready', optional: true },
								},
							},
						]
					: []),
				...apiServerEnv(release),
			],
			volumeMounts: [
				{ name: 'bpf-maps', mountPath: '/sys/fs/bpf' },
				{ name: 'cilium-cgroup', mountPath: '/run/cilium/cgroupv2', mountPropagation: 'HostToContainer' },
				...run,
			],
		}),
		...(minor >= 13
			? [
					initContainer(release, 'install-cni-binaries', ['/install-plugin.sh'], {
						resources: { requests: { cpu: '100m', memory: '10Mi' } },
						volumeMounts: [{ name: 'cni-path', mountPath: '/host/opt/cni/bin' }],
					}),
				]
			: []),
	];
}

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

function volumes(release: Release): readonly ApiInput[] {
	const { minor } = release;
	return [
		...(minor >= 13 ? [{ name: 'tmp', emptyDir: {} }] : []),
		hostPath('cilium-run', '/var/run/cilium', 'DirectoryOrCreate'),
		hostPath('bpf-maps', '/sys/fs/bpf', 'DirectoryOrCreate'),
		hostPath('hostproc', '/proc', 'Directory'),
		hostPath('cilium-cgroup', '/run/cilium/cgroupv2', 'DirectoryOrCreate'),
		hostPath('cni-path', '/opt/cni/bin', 'DirectoryOrCreate'),
		hostPath('etc-cni-netd', '/etc/cni/net.d', 'DirectoryOrCreate'),
		hostPath('lib-modules', '/lib/modules'),
		hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
		...(flag(release, 'envoy.enabled', minor >= 16)
			? [hostPath('envoy-sockets', '/var/run/cilium/envoy/sockets', 'DirectoryOrCreate')]
			: []),
		{
			name: 'clustermesh-secrets',
			projected: { defaultMode: 256, sources: [{ secret: { name: 'cilium-clustermesh', optional: true } }] },
		},
		...(minor >= 13 ? [] : [{ name: 'cilium-config-path', configMap: { name: 'cilium-config' } }]),
		...(minor >= 13
			? [
					hostPath('host-proc-sys-net', '/proc/sys/net', 'Directory'),
					hostPath('host-proc-sys-kernel', '/proc/sys/kernel', 'Directory'),
				]
			: []),
		...(release.config.has('hubble-tls-cert-file')
			? [
					{
						name: 'hubble-tls',
						projected: {
							defaultMode: 256,
							sources: [
								{
									secret: {
										name: 'hubble-server-certs',
										optional: true,
										items: [
											{ key: 'tls.crt', path: 'server.crt' },
											{ key: 'tls.key', path: 'server.key' },
											{ key: 'ca.crt', path: 'client-ca.crt' },
										],
									},
								},
							],
						},
					},
				]
			: []),
	];
}

/** One agent on each node that runs Linux, whatever its taints. */
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
					volumes: volumes(release),
				},
			},
		},
	};
}
