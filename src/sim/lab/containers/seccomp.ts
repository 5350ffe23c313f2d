/**
 * Profiles of seccomp that lie on a node. The runtime reads one as it makes the container; the lab's containers make no
 * system calls, so that what a profile forbids is not seen.
 *
 * Sources: kubernetes pkg/kubelet/kuberuntime/helpers.go fieldSeccompProfile() @ v1.24.0; containerd
 * contrib/seccomp/seccomp.go WithProfile(), pkg/cri/server/container_create.go @ v1.6.4.
 */
import type { ClusterContext } from '../cluster/context.ts';
import type { ContainerSpec, Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Cluster } from '../types.ts';
import { nodeDisk } from './nodes.ts';
import { securityOf } from './security.ts';

const ROOT = '/var/lib/kubelet/seccomp';

/** Why the runtime does not make a container whose profile it cannot read. */
export function seccompFault(
	cluster: ClusterContext,
	machine: Machine,
	pod: Pod,
	spec: ContainerSpec,
): string | undefined {
	const { seccompProfile: profile, privileged } = securityOf(pod, spec);
	if (privileged || profile?.type !== 'Localhost') return undefined;
	const path = `${ROOT}/${profile.localhostProfile}`;
	const stat = nodeDisk({ context: cluster } as unknown as Cluster, machine.name)?.disk.stat(path);
	if (stat?.kind === 'file') return undefined;
	const why = stat?.kind === 'directory' ? `read ${path}: is a directory` : `open ${path}: no such file or directory`;
	return `failed to create containerd container: cannot load seccomp profile ${JSON.stringify(path)}: ${why}`;
}
