/** Documentation of a pod's volumes and of what mounts them; written as in `core.ts`. */
export const VOLUME_DOCS = `
VolumeDevice A volume as a block device.
 devicePath Path of the device in the container.
 name Name of a claim of the pod.
VolumeMount
 mountPropagation Whether mounts made later are seen on the other side: None, HostToContainer or Bidirectional.
 recursiveReadOnly Whether mounts below it are read-only too: Disabled, IfPossible or Enabled.
 subPathExpr Which part of it, with variables of the container in the form $(NAME).
Volume
 awsElasticBlockStore A disk of AWS; its driver has moved to CSI.
 azureDisk A disk of Azure; its driver has moved to CSI.
 azureFile A share of Azure; its driver has moved to CSI.
 cephfs A folder of Ceph.
 cinder A disk of OpenStack; its driver has moved to CSI.
 csi A volume that a CSI driver makes for the pod.
 downwardAPI Fields of the pod as files.
 ephemeral A claim that lives as long as the pod.
 fc A Fibre Channel disk.
 flexVolume A volume of a FlexVolume driver.
 flocker A volume of Flocker.
 gcePersistentDisk A disk of Google's; its driver has moved to CSI.
 gitRepo A repository that is cloned at the start; deprecated.
 glusterfs A volume of Gluster.
 image The files of an image, read-only.
 iscsi A disk reached by iSCSI.
 nfs A share of an NFS server.
 photonPersistentDisk A disk of Photon.
 portworxVolume A volume of Portworx.
 quobyte A volume of Quobyte.
 rbd A block device of Ceph.
 scaleIO A volume of ScaleIO.
 storageos A volume of StorageOS.
 vsphereVolume A disk of vSphere; its driver has moved to CSI.
ConfigMapVolumeSource The keys of a ConfigMap as files.
 defaultMode Permissions of the files; 0644 when missing.
 items Which keys, and as which files; all when missing.
 name Name of the ConfigMap.
 optional Whether the pod starts without it.
SecretVolumeSource The keys of a Secret as files.
 defaultMode Permissions of the files; 0644 when missing.
 items Which keys, and as which files; all when missing.
 optional Whether the pod starts without it.
 secretName Name of the Secret.
KeyToPath A key as a file.
 key The key.
 mode Permissions of the file.
 path Where the file is, below the mount.
DownwardAPIVolumeSource Fields of the pod as files.
 defaultMode Permissions of the files; 0644 when missing.
 items The files.
DownwardAPIVolumeFile A field of the pod as a file.
 fieldRef Which field.
 mode Permissions of the file.
 path Where the file is, below the mount.
 resourceFieldRef Which resource of which container.
EmptyDirVolumeSource An empty folder that goes with the pod.
 medium Empty for the node's disk, Memory for tmpfs.
 sizeLimit How much it may hold.
HostPathVolumeSource A file or folder of the node.
 path Its path on the node.
 type What must be there, or is made: Directory, DirectoryOrCreate, File, FileOrCreate, Socket, …
NFSVolumeSource A share of an NFS server.
 path What the server exports.
 readOnly Whether it is mounted read-only.
 server The server.
PersistentVolumeClaimVolumeSource A claim of the pod's namespace.
 claimName Name of the claim.
 readOnly Whether it is mounted read-only.
ProjectedVolumeSource Several sources in one folder.
 defaultMode Permissions of the files; 0644 when missing.
 sources The sources.
VolumeProjection One source.
 clusterTrustBundle Certificates of authorities that a ClusterTrustBundle keeps.
 podCertificate A key of the pod's own, with a certificate for it.
 configMap Keys of a ConfigMap.
 downwardAPI Fields of the pod.
 secret Keys of a Secret.
 serviceAccountToken A token of the pod's service account.
ConfigMapProjection Keys of a ConfigMap.
 items Which keys, and as which files; all when missing.
 name Name of the ConfigMap.
 optional Whether the pod starts without it.
SecretProjection Keys of a Secret.
 items Which keys, and as which files; all when missing.
 name Name of the Secret.
 optional Whether the pod starts without it.
DownwardAPIProjection Fields of the pod.
 items The files.
ServiceAccountTokenProjection A token that the kubelet renews.
 audience For whom it is; the API server when missing.
 expirationSeconds How long it is good for.
 path Where the file is, below the mount.
CSIVolumeSource A volume that a CSI driver makes for the pod.
 driver Name of the driver.
 fsType File system.
 nodePublishSecretRef Secret with credentials for the driver.
 readOnly Whether it is mounted read-only.
 volumeAttributes What the driver is told.
EphemeralVolumeSource A claim that lives as long as the pod.
 volumeClaimTemplate What the claim is like.
PersistentVolumeClaimTemplate A claim that is made.
`;
