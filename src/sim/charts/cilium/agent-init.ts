/**
 * Init containers of the agents' pods.
 *
 * Source: install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml @ v1.12.1 to v1.19.5.
 */
import type { ApiInput } from '../../api/index.ts';
import { apiServerEnv, fieldEnv, image, type Release } from './parts.ts';

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

/** In the order they run; which there are depends on version and settings. */
export function initContainers(release: Release): readonly ApiInput[] {
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
			// Those of `nodeinit`, until the chart has `initResources`, which are none.
			...(minor >= 15 ? {} : { resources: { requests: { cpu: '100m', memory: '100Mi' } } }),
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
