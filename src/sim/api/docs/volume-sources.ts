/** Documentation of where volumes come from that the lab does not mount; written as in `core.ts`. */
export const VOLUME_SOURCE_DOCS = `
*
 fsType File system of the volume, such as ext4; the driver's own choice when missing.
 readOnly Whether it is mounted read-only.
 secretRef The Secret with what is needed to get at it.
SecretReference A Secret of some namespace.
 name Name of the Secret.
 namespace Its namespace.
AWSElasticBlockStoreVolumeSource A disk of AWS.
 partition Which partition of it; the whole disk when 0.
 volumeID Its identifier at AWS.
AzureDiskVolumeSource A disk of Azure.
 cachingMode How the host caches it: None, ReadOnly or ReadWrite.
 diskName Its name.
 diskURI Its address at Azure.
 kind Shared, Dedicated or Managed.
AzureFileVolumeSource A share of Azure.
 secretName The Secret with the account's name and key.
 shareName Name of the share.
AzureFilePersistentVolumeSource A share of Azure.
 secretNamespace Namespace of the Secret; that of the claim when missing.
CephFSVolumeSource A folder of Ceph.
 monitors Addresses of Ceph's monitors.
 path The folder; / when missing.
 secretFile The file with the user's keyring.
 user Who mounts it; admin when missing.
CinderVolumeSource A disk of OpenStack.
 volumeID Its identifier in Cinder.
FCVolumeSource A Fibre Channel disk.
 lun Number of the logical unit.
 targetWWNs World-wide names of the targets.
 wwids World-wide identifiers of the volume, instead of names and a number.
FlexVolumeSource A volume of a FlexVolume driver.
 driver Name of the driver.
 options What the driver is handed.
FlockerVolumeSource A volume of Flocker.
 datasetName Name of the dataset; use its identifier instead.
 datasetUUID Identifier of the dataset.
GCEPersistentDiskVolumeSource A disk of Google's.
 partition Which partition of it; the whole disk when 0.
 pdName Name of the disk.
GitRepoVolumeSource A repository that is cloned at the start.
 directory Where it goes, below the mount.
 repository Its address.
 revision Which commit.
GlusterfsVolumeSource A volume of Gluster.
 endpoints Name of the Endpoints with Gluster's servers.
 path Name of the volume.
GlusterfsPersistentVolumeSource A volume of Gluster.
 endpointsNamespace Namespace of the Endpoints; that of the claim when missing.
ISCSIVolumeSource A disk reached by iSCSI.
 chapAuthDiscovery Whether discovery proves itself by CHAP.
 chapAuthSession Whether the session proves itself by CHAP.
 initiatorName Name of the initiator, instead of the node's.
 iqn Name of the target.
 iscsiInterface The interface to use; default (tcp) when missing.
 lun Number of the logical unit.
 portals More portals of the target.
 targetPortal Address of the target's portal, with its port unless that is 3260.
PhotonPersistentDiskVolumeSource A disk of Photon.
 pdID Its identifier.
PortworxVolumeSource A volume of Portworx.
 volumeID Its identifier.
QuobyteVolumeSource A volume of Quobyte.
 group Which group mounts it.
 registry Addresses of Quobyte's registries, with ports.
 tenant Who owns it in Quobyte.
 user Who mounts it.
 volume Name of the volume.
RBDVolumeSource A block device of Ceph.
 image Name of the image.
 keyring The file with the user's keys; /etc/ceph/keyring when missing.
 monitors Addresses of Ceph's monitors.
 pool The pool; rbd when missing.
 user Who mounts it; admin when missing.
ScaleIOVolumeSource A volume of ScaleIO.
 gateway Address of its gateway.
 protectionDomain The protection domain.
 sslEnabled Whether the gateway is spoken to in TLS.
 storageMode ThickProvisioned or ThinProvisioned.
 storagePool The pool.
 system Name of the system.
 volumeName Name of the volume.
StorageOSVolumeSource A volume of StorageOS.
 volumeName Name of the volume.
 volumeNamespace Its namespace in StorageOS; the pod's when missing.
VsphereVirtualDiskVolumeSource A disk of vSphere.
 storagePolicyID Identifier of the storage policy.
 storagePolicyName Name of the storage policy.
 volumePath Path of the disk.
ImageVolumeSource The files of an image, read-only.
 pullPolicy When it is pulled: Always, Never or IfNotPresent.
 reference The image.
`;
