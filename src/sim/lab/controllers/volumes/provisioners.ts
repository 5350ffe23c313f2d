/** Provisioners of Kubernetes' own, and who took their place. */

/** Of the control plane itself; without clouds it has none that makes volumes. */
export const IN_TREE = /^kubernetes\.io\//;

/**
 * CSI drivers that make what the provisioners of clouds made, and the version from which on they do
 * (pkg/features/kube_features.go CSIMigration*, staging/src/k8s.io/csi-translation-lib/plugins).
 */
const MIGRATED: Readonly<Record<string, readonly [driver: string, from: number]>> = {
	'kubernetes.io/cinder': ['cinder.csi.openstack.org', 21],
	'kubernetes.io/aws-ebs': ['ebs.csi.aws.com', 23],
	'kubernetes.io/gce-pd': ['pd.csi.storage.gke.io', 23],
	'kubernetes.io/azure-disk': ['disk.csi.azure.com', 23],
	'kubernetes.io/azure-file': ['file.csi.azure.com', 24],
	'kubernetes.io/vsphere-volume': ['csi.vsphere.vmware.com', 25],
	'kubernetes.io/portworx-volume': ['pxd.portworx.com', 31],
};

/** Who is asked for volumes of a class. */
export function migrated(provisioner: string, minor: number): string {
	const [driver, from] = MIGRATED[provisioner] ?? [];
	return driver !== undefined && minor >= from! ? driver : provisioner;
}
