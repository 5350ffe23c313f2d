/**
 * Volumes that are no directory of their node: what the kubelet says when it cannot mount them.
 *
 * Source: kubernetes pkg/volume/csi/{csi_plugin,csi_mounter,csi_attacher}.go, pkg/volume/nfs/nfs.go, k8s.io/mount-utils
 * mount_linux.go (formatMountError) @ v1.24.0. The lab has no CSI driver and no NFS server; of the other kinds it knows no
 * more than that they are not simulated.
 */
import type { ClusterContext } from '../cluster/context.ts';
import { one, type Pod } from '../cluster/kinds.ts';

/** What containers find files in, or what is there by another name. */
const MOUNTED =
	'name hostPath emptyDir configMap secret projected downwardAPI persistentVolumeClaim ephemeral local'.split(' ');

interface Csi {
	readonly driver: string;
}
interface Nfs {
	readonly server: string;
	readonly path: string;
}

/**
 * Why a source cannot be mounted; undefined for those that can.
 *
 * @param name the pod's volume, or the PersistentVolume
 * @param source the pod's volume, or what stands in the spec of the PersistentVolume
 */
export function pluginFault(
	cluster: ClusterContext,
	pod: Pod,
	name: string,
	source: Readonly<Record<string, unknown>>,
	persistent: boolean,
): string | undefined {
	const kind = Object.keys(source).find((key) => !MOUNTED.includes(key) && isSource(source[key]));
	if (kind === undefined) return undefined;
	const failed = (step: string, why: string): string => `MountVolume.${step} failed for volume "${name}" : ${why}`;
	if (kind === 'csi') {
		const { driver } = source.csi as Csi;
		const missing = `driver name ${driver} not found in the list of registered CSI drivers`;
		if (persistent)
			return failed(
				'MountDevice',
				`kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${missing}`,
			);
		return one(cluster.api, 'csidrivers', undefined, driver)
			? failed('SetUp', `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${missing}`)
			: failed(
					'NewMounter initialization',
					`volume mode "Ephemeral" not supported by driver ${driver} (no CSIDriver object)`,
				);
	}
	if (kind === 'nfs') {
		const { server, path } = source.nfs as Nfs;
		// A name is asked of the node's resolver, which knows no Services.
		if (/[a-z]/i.test(server) && server.includes('.')) {
			const directory = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~nfs/${name}`;
			return failed(
				'SetUp',
				`mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs ${server}:${path} ${directory}\nOutput: mount.nfs: Failed to resolve server ${server}: Name or service not known\n`,
			);
		}
	}
	return failed('SetUp', `this lab does not simulate ${kind} volumes`);
}

const isSource = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a PersistentVolume is made of, without what all of them have. */
export function sourceOf(spec: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const { capacity: _size, claimRef: _claim, nodeAffinity: _nodes, ...rest } = spec;
	return rest;
}
