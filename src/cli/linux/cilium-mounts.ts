/**
 * File systems that Cilium's init containers mount on a node, and that stay there when it goes.
 *
 * Source: install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml (mount-bpf-fs, with mountPropagation
 * Bidirectional; mount-cgroup) and tools/mount/main.go @ v1.12.1, v1.18.3.
 */
import type { Lab } from '../../sim/lab/index.ts';

/** Where the pinned maps are. */
export const BPF_FS = '/sys/fs/bpf';

/** `source on at type type (options)`, of one node. */
export function ciliumMounts(
	lab: Lab,
	cluster: string,
	node: string,
): readonly { readonly source: string; readonly type: string; readonly at: string; readonly options: string }[] {
	const agent = lab
		.cluster(cluster)
		?.agents()
		.find((one) => one.node === node);
	if (!agent) return [];
	const cgroups = agent.config['cgroup-root'];
	return [
		{ source: 'bpf', type: 'bpf', at: BPF_FS, options: 'rw,relatime' },
		...(cgroups === undefined || cgroups === '/sys/fs/cgroup'
			? []
			: [{ source: 'none', type: 'cgroup2', at: cgroups, options: 'rw,relatime' }]),
	];
}
