/**
 * Volumes of the agents' pods.
 *
 * Source: install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml @ v1.12.1 to v1.19.5.
 */
import type { ApiInput } from '../../api/index.ts';
import { flag, hostPath, type Release } from './parts.ts';

export function agentVolumes(release: Release): readonly ApiInput[] {
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
