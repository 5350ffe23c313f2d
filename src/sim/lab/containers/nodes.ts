/** Files of nodes, as far as somebody wrote them: people, volumes, what pods mount of them. */
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { createDisk, type Disk, type DiskMount } from '../disk/disk.ts';
import { below, type DirectoryNode, directory, file, makeDirectory, put } from '../disk/tree.ts';
import type { Cluster } from '../types.ts';
import { putNodeFiles } from './node-files.ts';

const machines = new WeakMap<Machine, DirectoryNode>();

/** Directories that pods mount and that are there on every node of kind, whatever is in them. */
const FOLDERS =
	'bin boot dev etc etc/cni/net.d etc/containerd etc/kubernetes etc/kubernetes/manifests etc/kubernetes/pki etc/ssl/certs home lib lib/modules media mnt opt opt/cni/bin proc root run run/containerd sbin srv sys sys/fs/bpf sys/fs/cgroup tmp usr usr/lib usr/local usr/share usr/share/ca-certificates usr/src var var/cache var/lib var/lib/containerd var/lib/kubelet var/lib/kubelet/pods var/log var/log/containers var/log/pods var/run var/tmp'.split(
		' ',
	);

/** The root of a node's files, changed in place. */
export function nodeRoot(cluster: ClusterContext, machine: Machine): DirectoryNode {
	const known = machines.get(machine);
	if (known) return known;
	// They were there before anybody looked.
	const now = cluster.begun;
	const root = directory(now);
	for (const path of FOLDERS) makeDirectory(root, path, now);
	for (const path of ['tmp', 'var/tmp']) makeDirectory(root, path, now)!.mode = 0o1777;
	// Of containernetworking/plugins (kind images/base/Dockerfile @ v0.14.0).
	for (const plugin of ['host-local', 'loopback', 'portmap', 'ptp'])
		put(root, `opt/cni/bin/${plugin}`, file('', now, 0o755));
	put(root, 'run/containerd/containerd.sock', file('', now, 0o660));
	if (machine.role === 'control-plane') makeDirectory(root, 'var/lib/etcd', now, 0o700);
	if (machine.role !== 'external-load-balancer') putNodeFiles(cluster, machine, root);
	machines.set(machine, root);
	return root;
}

interface Held {
	readonly disk: Disk;
	readonly gone: Set<string>;
}

const ofMachines = new WeakMap<Machine, Held>();

/** The laptop's modules, which kind mounts into its nodes (provision.go @ v0.14.0); in the image /lib is /usr/lib. */
function modulesOf(root: DirectoryNode): readonly DiskMount[] {
	const node = below(root, 'usr/lib/modules');
	if (!node) return [];
	const mount = { node, readOnly: true, device: '/dev/nvme0n1p2', type: 'ext4' };
	return ['/lib/modules', '/usr/lib/modules'].map((path) => ({ path, ...mount }));
}

/** A node's files as root has them. */
export function nodeDisk(cluster: Cluster, node: string): Held | undefined {
	const { context } = cluster as { readonly context?: ClusterContext };
	const machine = context?.machines.get(node);
	if (!context || !machine) return undefined;
	let held = ofMachines.get(machine);
	if (!held) {
		const { timeline } = context;
		const root = nodeRoot(context, machine);
		held = { disk: createDisk({ root, mounts: modulesOf(root), now: () => timeline.now }), gone: new Set() };
		ofMachines.set(machine, held);
	}
	return held;
}

/** What the provisioner's helper does on a node: `mkdir -m 0777 -p PATH`, `rm -rf PATH`. */
export function runOnNode(cluster: ClusterContext, machine: Machine, script: string): void {
	const root = nodeRoot(cluster, machine);
	const [, made] = /^mkdir -m 0777 -p (\S+)$/.exec(script) ?? [];
	const [, gone] = /^rm -rf (\S+)$/.exec(script) ?? [];
	if (made !== undefined) makeDirectory(root, made, cluster.timeline.now, 0o777);
	const at = gone?.lastIndexOf('/') ?? -1;
	const parent = at > 0 ? below(root, gone!.slice(0, at)) : undefined;
	if (parent?.kind === 'directory') parent.names.delete(gone!.slice(at + 1));
}
