/**
 * Parts of objects that only people write. The notation is in `read.ts`; a type that is known already gets these fields
 * beside its own.
 *
 * Source: k8s.io/api core, batch, networking, node, storage, rbac, certificates, flowcontrol @ v0.24.0 and @ v0.31.0; kube-aggregator
 * pkg/apis/apiregistration/v1 @ v0.24.0.
 */
import { VOLUME_SOURCES } from './volume-sources.ts';

export const PEOPLE_TYPES = `${VOLUME_SOURCES}PersistentVolume
 spec PersistentVolumeSpec
PersistentVolumeSpec
 accessModes []s
 awsElasticBlockStore AWSElasticBlockStoreVolumeSource
 azureDisk AzureDiskVolumeSource
 azureFile AzureFilePersistentVolumeSource
 capacity {}q
 cephfs CephFSPersistentVolumeSource
 cinder CinderPersistentVolumeSource
 claimRef ObjectReference
 csi CSIPersistentVolumeSource
 fc FCVolumeSource
 flexVolume FlexPersistentVolumeSource
 flocker FlockerVolumeSource
 gcePersistentDisk GCEPersistentDiskVolumeSource
 glusterfs GlusterfsPersistentVolumeSource
 hostPath HostPathVolumeSource
 iscsi ISCSIPersistentVolumeSource
 local LocalVolumeSource
 mountOptions []s
 nfs NFSVolumeSource
 nodeAffinity VolumeNodeAffinity
 persistentVolumeReclaimPolicy s
 photonPersistentDisk PhotonPersistentDiskVolumeSource
 portworxVolume PortworxVolumeSource
 quobyte QuobyteVolumeSource
 rbd RBDPersistentVolumeSource
 scaleIO ScaleIOPersistentVolumeSource
 storageClassName s
 storageos StorageOSPersistentVolumeSource
 volumeAttributesClassName s ^29
 volumeMode s
 vsphereVolume VsphereVirtualDiskVolumeSource
CSIPersistentVolumeSource
 controllerExpandSecretRef SecretReference
 controllerPublishSecretRef SecretReference
 driver s!
 fsType s
 nodeExpandSecretRef SecretReference
 nodePublishSecretRef SecretReference
 nodeStageSecretRef SecretReference
 readOnly b
 volumeAttributes m
 volumeHandle s!
LocalVolumeSource
 fsType s
 path s!
VolumeNodeAffinity
 required NodeSelector
StorageClass
 allowedTopologies []TopologySelectorTerm
TopologySelectorTerm
 matchLabelExpressions []TopologySelectorLabelRequirement
TopologySelectorLabelRequirement
 key s!
 values []s!
CSIDriver
 spec CSIDriverSpec!
CSIDriverSpec
 attachRequired b
 fsGroupPolicy s
 podInfoOnMount b
 requiresRepublish b
 seLinuxMount b
 storageCapacity b
 tokenRequests []any
 volumeLifecycleModes []s
Volume
 awsElasticBlockStore AWSElasticBlockStoreVolumeSource
 azureDisk AzureDiskVolumeSource
 azureFile AzureFileVolumeSource
 cephfs CephFSVolumeSource
 cinder CinderVolumeSource
 csi CSIVolumeSource
 ephemeral EphemeralVolumeSource
 fc FCVolumeSource
 flexVolume FlexVolumeSource
 flocker FlockerVolumeSource
 gcePersistentDisk GCEPersistentDiskVolumeSource
 gitRepo GitRepoVolumeSource
 glusterfs GlusterfsVolumeSource
 image ImageVolumeSource ^31
 iscsi ISCSIVolumeSource
 photonPersistentDisk PhotonPersistentDiskVolumeSource
 portworxVolume PortworxVolumeSource
 quobyte QuobyteVolumeSource
 rbd RBDVolumeSource
 scaleIO ScaleIOVolumeSource
 storageos StorageOSVolumeSource
 vsphereVolume VsphereVirtualDiskVolumeSource
CSIVolumeSource
 driver s!
 fsType s
 nodePublishSecretRef LocalObjectReference
 readOnly b
 volumeAttributes m
EphemeralVolumeSource
 volumeClaimTemplate PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate
 metadata ObjectMeta
 spec PersistentVolumeClaimSpec!
DownwardAPIVolumeSource
 items []DownwardAPIVolumeFile
DownwardAPIVolumeFile
 fieldRef ObjectFieldSelector
 mode i
 path s!
 resourceFieldRef ResourceFieldSelector
ProjectedVolumeSource
 sources []VolumeProjection
VolumeProjection
 clusterTrustBundle any
 configMap ConfigMapProjection
 downwardAPI DownwardAPIProjection
 podCertificate any
 secret SecretProjection
 serviceAccountToken ServiceAccountTokenProjection
ConfigMapProjection
 items []KeyToPath
 name s
 optional b
SecretProjection
 items []KeyToPath
 name s
 optional b
DownwardAPIProjection
 items []DownwardAPIVolumeFile
ServiceAccountTokenProjection
 audience s
 expirationSeconds i
 path s!
PodSecurityContext
 appArmorProfile AppArmorProfile ^30
 seLinuxOptions SELinuxOptions
 windowsOptions WindowsSecurityContextOptions
SecurityContext
 appArmorProfile AppArmorProfile ^30
 seLinuxOptions SELinuxOptions
 windowsOptions WindowsSecurityContextOptions
AppArmorProfile
 localhostProfile s
 type s!
SELinuxOptions
 level s
 role s
 type s
 user s
WindowsSecurityContextOptions
 gmsaCredentialSpec s
 gmsaCredentialSpecName s
 hostProcess b
 runAsUserName s
LimitRangeSpec
 limits []LimitRangeItem!
LimitRangeItem
 default {}q
 defaultRequest {}q
 max {}q
 maxLimitRequestRatio {}q
 min {}q
 type s!
ResourceQuotaSpec
 scopeSelector ScopeSelector
ScopeSelector
 matchExpressions []ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement
 operator s!
 scopeName s!
 values []s
ClusterRole
 aggregationRule AggregationRule
AggregationRule
 clusterRoleSelectors []LabelSelector
RuntimeClass
 handler s!
 overhead Overhead
 scheduling Scheduling
Overhead
 podFixed {}q
Scheduling
 nodeSelector m
 tolerations []Toleration
IngressClassSpec
 parameters IngressClassParametersReference
IngressClassParametersReference
 apiGroup s
 kind s!
 name s!
 namespace s
 scope s
JobSpec
 podFailurePolicy PodFailurePolicy
PodFailurePolicy
 rules []PodFailurePolicyRule!
PodFailurePolicyRule
 action s!
 onExitCodes PodFailurePolicyOnExitCodesRequirement
 onPodConditions []PodFailurePolicyOnPodConditionsPattern
PodFailurePolicyOnExitCodesRequirement
 containerName s
 operator s!
 values []i!
PodFailurePolicyOnPodConditionsPattern
 status s
 type s!
StatefulSetSpec
 ordinals StatefulSetOrdinals
 persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy
StatefulSetOrdinals
 start i
StatefulSetPersistentVolumeClaimRetentionPolicy
 whenDeleted s
 whenScaled s
CertificateSigningRequest
 spec CertificateSigningRequestSpec!
 status any
CertificateSigningRequestSpec
 expirationSeconds i
 extra any
 groups []s
 request s!
 signerName s!
 uid s
 usages []s
 username s
APIService
 spec APIServiceSpec
 status any
APIServiceSpec
 caBundle y
 group s
 groupPriorityMinimum i!
 insecureSkipTLSVerify b
 service ServiceReference
 version s
 versionPriority i!
ServiceReference
 name s
 namespace s
 port i
FlowSchema
 spec FlowSchemaSpec
 status any
FlowSchemaSpec
 distinguisherMethod FlowDistinguisherMethod
 matchingPrecedence i
 priorityLevelConfiguration PriorityLevelConfigurationReference!
 rules []PolicyRulesWithSubjects
FlowDistinguisherMethod
 type s!
PriorityLevelConfigurationReference
 name s!
PolicyRulesWithSubjects
 nonResourceRules []NonResourcePolicyRule
 resourceRules []ResourcePolicyRule
 subjects []any!
NonResourcePolicyRule
 nonResourceURLs []s!
 verbs []s!
ResourcePolicyRule
 apiGroups []s!
 clusterScope b
 namespaces []s
 resources []s!
 verbs []s!
PriorityLevelConfiguration
 spec PriorityLevelConfigurationSpec
 status any
PriorityLevelConfigurationSpec
 exempt ExemptPriorityLevelConfiguration ^28
 limited LimitedPriorityLevelConfiguration
 type s!
ExemptPriorityLevelConfiguration
 lendablePercent i
 nominalConcurrencyShares i
LimitedPriorityLevelConfiguration
 assuredConcurrencyShares i
 borrowingLimitPercent i ^26
 lendablePercent i ^26
 limitResponse LimitResponse
 nominalConcurrencyShares i ^26
LimitResponse
 queuing QueuingConfiguration
 type s!
QueuingConfiguration
 handSize i
 queueLengthLimit i
 queues i
`;
