/**
 * Where volumes of pods and PersistentVolumes come from, beyond what the lab mounts: only people write these. The
 * notation is in `read.ts`.
 *
 * Source: k8s.io/api core/v1 types.go @ v0.24.0 and @ v0.31.0.
 */
export const VOLUME_SOURCES = `
SecretReference
 name s
 namespace s
AWSElasticBlockStoreVolumeSource
 fsType s
 partition i
 readOnly b
 volumeID s!
AzureDiskVolumeSource
 cachingMode s
 diskName s!
 diskURI s!
 fsType s
 kind s
 readOnly b
AzureFileVolumeSource
 readOnly b
 secretName s!
 shareName s!
AzureFilePersistentVolumeSource
 readOnly b
 secretName s!
 secretNamespace s
 shareName s!
CephFSVolumeSource
 monitors []s!
 path s
 readOnly b
 secretFile s
 secretRef LocalObjectReference
 user s
CephFSPersistentVolumeSource
 monitors []s!
 path s
 readOnly b
 secretFile s
 secretRef SecretReference
 user s
CinderVolumeSource
 fsType s
 readOnly b
 secretRef LocalObjectReference
 volumeID s!
CinderPersistentVolumeSource
 fsType s
 readOnly b
 secretRef SecretReference
 volumeID s!
FCVolumeSource
 fsType s
 lun i
 readOnly b
 targetWWNs []s
 wwids []s
FlexVolumeSource
 driver s!
 fsType s
 options m
 readOnly b
 secretRef LocalObjectReference
FlexPersistentVolumeSource
 driver s!
 fsType s
 options m
 readOnly b
 secretRef SecretReference
FlockerVolumeSource
 datasetName s
 datasetUUID s
GCEPersistentDiskVolumeSource
 fsType s
 partition i
 pdName s!
 readOnly b
GitRepoVolumeSource
 directory s
 repository s!
 revision s
GlusterfsVolumeSource
 endpoints s!
 path s!
 readOnly b
GlusterfsPersistentVolumeSource
 endpoints s!
 endpointsNamespace s
 path s!
 readOnly b
ISCSIVolumeSource
 chapAuthDiscovery b
 chapAuthSession b
 fsType s
 initiatorName s
 iqn s!
 iscsiInterface s
 lun i!
 portals []s
 readOnly b
 secretRef LocalObjectReference
 targetPortal s!
ISCSIPersistentVolumeSource
 chapAuthDiscovery b
 chapAuthSession b
 fsType s
 initiatorName s
 iqn s!
 iscsiInterface s
 lun i!
 portals []s
 readOnly b
 secretRef SecretReference
 targetPortal s!
PhotonPersistentDiskVolumeSource
 fsType s
 pdID s!
PortworxVolumeSource
 fsType s
 readOnly b
 volumeID s!
QuobyteVolumeSource
 group s
 readOnly b
 registry s!
 tenant s
 user s
 volume s!
RBDVolumeSource
 fsType s
 image s!
 keyring s
 monitors []s!
 pool s
 readOnly b
 secretRef LocalObjectReference
 user s
RBDPersistentVolumeSource
 fsType s
 image s!
 keyring s
 monitors []s!
 pool s
 readOnly b
 secretRef SecretReference
 user s
ScaleIOVolumeSource
 fsType s
 gateway s!
 protectionDomain s
 readOnly b
 secretRef LocalObjectReference!
 sslEnabled b
 storageMode s
 storagePool s
 system s!
 volumeName s
ScaleIOPersistentVolumeSource
 fsType s
 gateway s!
 protectionDomain s
 readOnly b
 secretRef SecretReference!
 sslEnabled b
 storageMode s
 storagePool s
 system s!
 volumeName s
StorageOSVolumeSource
 fsType s
 readOnly b
 secretRef LocalObjectReference
 volumeName s
 volumeNamespace s
StorageOSPersistentVolumeSource
 fsType s
 readOnly b
 secretRef ObjectReference
 volumeName s
 volumeNamespace s
VsphereVirtualDiskVolumeSource
 fsType s
 storagePolicyID s
 storagePolicyName s
 volumePath s!
ImageVolumeSource
 pullPolicy s
 reference s
`;
