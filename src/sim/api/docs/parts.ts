/**
 * Fields that the API server takes as they are and that whoever explains should see: status, and what the lab does not
 * look into. The notation is that of `schema/read.ts`; a field here stands in the place of the schema's.
 *
 * Source: k8s.io/api core/v1, apps/v1, batch/v1, networking/v1, discovery/v1 types.go @ v0.34.0; cilium
 * pkg/k8s/apis/cilium.io/v2 @ v1.18.3.
 */
export const PARTS = `
PodSpec
 ephemeralContainers []EphemeralContainer
 resourceClaims []PodResourceClaim
EphemeralContainer
 args []s
 command []s
 env []EnvVar
 envFrom []EnvFromSource
 image s
 imagePullPolicy s
 lifecycle Lifecycle
 livenessProbe Probe
 name s!
 ports []ContainerPort
 readinessProbe Probe
 resizePolicy []ContainerResizePolicy
 resources ResourceRequirements
 restartPolicy s
 securityContext SecurityContext
 startupProbe Probe
 stdin b
 stdinOnce b
 targetContainerName s
 terminationMessagePath s
 terminationMessagePolicy s
 tty b
 volumeDevices []VolumeDevice
 volumeMounts []VolumeMount
 workingDir s
PodResourceClaim
 name s!
 resourceClaimName s
 resourceClaimTemplateName s
Container
 resizePolicy []ContainerResizePolicy
ContainerResizePolicy
 resourceName s!
 restartPolicy s!
ResourceRequirements
 claims []ResourceClaim
ResourceClaim
 name s!
 request s
PodSecurityContext
 appArmorProfile AppArmorProfile
 seLinuxOptions SELinuxOptions
 windowsOptions WindowsSecurityContextOptions
SecurityContext
 appArmorProfile AppArmorProfile
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
Volume
 csi CSIVolumeSource
 ephemeral EphemeralVolumeSource
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
 configMap ConfigMapProjection
 downwardAPI DownwardAPIProjection
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
PodStatus
 conditions []PodCondition
 containerStatuses []ContainerStatus
 ephemeralContainerStatuses []ContainerStatus
 hostIPs []HostIP
 initContainerStatuses []ContainerStatus
 podIPs []PodIP
PodCondition
 lastProbeTime t
 lastTransitionTime t
 message s
 observedGeneration i
 reason s
 status s!
 type s!
PodIP
 ip s
HostIP
 ip s!
ContainerStatus
 allocatedResources {}q
 containerID s
 image s!
 imageID s!
 lastState ContainerState
 name s!
 ready b!
 resources ResourceRequirements
 restartCount i!
 started b
 state ContainerState
ContainerState
 running ContainerStateRunning
 terminated ContainerStateTerminated
 waiting ContainerStateWaiting
ContainerStateRunning
 startedAt t
ContainerStateTerminated
 containerID s
 exitCode i!
 finishedAt t
 message s
 reason s
 signal i
 startedAt t
ContainerStateWaiting
 message s
 reason s
Condition
 lastTransitionTime t
 message s
 observedGeneration i
 reason s
 status s!
 type s!
Deployment
 status DeploymentStatus
DeploymentStatus
 availableReplicas i
 collisionCount i
 conditions []DeploymentCondition
 observedGeneration i
 readyReplicas i
 replicas i
 unavailableReplicas i
 updatedReplicas i
DeploymentCondition
 lastTransitionTime t
 lastUpdateTime t
 message s
 reason s
 status s!
 type s!
DeploymentStrategy
 rollingUpdate RollingUpdateDeployment
RollingUpdateDeployment
 maxSurge x
 maxUnavailable x
DaemonSetSpec
 updateStrategy DaemonSetUpdateStrategy
DaemonSetUpdateStrategy
 rollingUpdate RollingUpdateDaemonSet
 type s
RollingUpdateDaemonSet
 maxSurge x
 maxUnavailable x
StatefulSetUpdateStrategy
 rollingUpdate RollingUpdateStatefulSetStrategy
 type s
RollingUpdateStatefulSetStrategy
 maxUnavailable x
 partition i
ReplicaSet
 status ReplicaSetStatus
ReplicaSetStatus
 availableReplicas i
 conditions []Condition
 fullyLabeledReplicas i
 observedGeneration i
 readyReplicas i
 replicas i!
DaemonSet
 status DaemonSetStatus
DaemonSetStatus
 collisionCount i
 conditions []Condition
 currentNumberScheduled i!
 desiredNumberScheduled i!
 numberAvailable i
 numberMisscheduled i!
 numberReady i!
 numberUnavailable i
 observedGeneration i
 updatedNumberScheduled i
StatefulSet
 status StatefulSetStatus
StatefulSetSpec
 ordinals StatefulSetOrdinals
 updateStrategy StatefulSetUpdateStrategy
StatefulSetOrdinals
 start i
StatefulSetStatus
 availableReplicas i
 collisionCount i
 conditions []Condition
 currentReplicas i
 currentRevision s
 observedGeneration i
 readyReplicas i
 replicas i!
 updateRevision s
 updatedReplicas i
Job
 status JobStatus
JobStatus
 active i
 completedIndexes s
 completionTime t
 conditions []Condition
 failed i
 ready i
 startTime t
 succeeded i
 terminating i
 uncountedTerminatedPods any
CronJob
 status CronJobStatus
CronJobStatus
 active []ObjectReference
 lastScheduleTime t
 lastSuccessfulTime t
ServiceStatus
 loadBalancer LoadBalancerStatus
LoadBalancerStatus
 ingress []LoadBalancerIngress
LoadBalancerIngress
 hostname s
 ip s
 ipMode s
 ports []PortStatus
PortStatus
 error s
 port i!
 protocol s!
Ingress
 status IngressStatus
IngressStatus
 loadBalancer LoadBalancerStatus
Endpoint
 hints EndpointHints
EndpointHints
 forZones []ForZone
ForZone
 name s!
NodeStatus
 addresses []KubeNodeAddress
 allocatable {}q
 capacity {}q
 conditions []NodeCondition
 daemonEndpoints NodeDaemonEndpoints
 images []ContainerImage
 nodeInfo NodeSystemInfo
 phase s
 volumesAttached []any
 volumesInUse []s
KubeNodeAddress
 address s!
 type s!
NodeCondition
 lastHeartbeatTime t
 lastTransitionTime t
 message s
 reason s
 status s!
 type s!
NodeDaemonEndpoints
 kubeletEndpoint DaemonEndpoint
DaemonEndpoint
 Port i!
ContainerImage
 names []s
 sizeBytes i
NodeSystemInfo
 architecture s!
 bootID s!
 containerRuntimeVersion s!
 kernelVersion s!
 kubeProxyVersion s!
 kubeletVersion s!
 machineID s!
 operatingSystem s!
 osImage s!
 systemUUID s!
Event
 eventTime t
 related ObjectReference
 reportingComponent s
 reportingInstance s
 series EventSeries
 source EventSource
EventSource
 component s
 host s
EventSeries
 count i
 lastObservedTime t
CiliumIngressRule
 authentication Authentication
 icmps []ICMPRule
CiliumEgressRule
 authentication Authentication
 icmps []ICMPRule
 toServices []CiliumServiceRule
Authentication
 mode s!
ICMPRule
 fields []ICMPField
ICMPField
 family s
 type x!
CiliumServiceRule
 k8sService K8sServiceNamespace
 k8sServiceSelector K8sServiceSelectorNamespace
K8sServiceNamespace
 namespace s
 serviceName s
K8sServiceSelectorNamespace
 namespace s
 selector LabelSelector!
CiliumEndpoint
 status CiliumEndpointStatus
CiliumEndpointStatus
 controllers []any
 encryption EncryptionSpec
 external-identifiers ExternalIdentifiers
 health EndpointHealth
 id i
 identity EndpointIdentity
 log []any
 named-ports []NamedPort
 networking EndpointNetworking
 policy EndpointPolicy
 service-account s
 state s
 visibility-policy-status s
EncryptionSpec
 key i
ExternalIdentifiers
 cni-attachment-id s
 container-id s
 container-name s
 docker-endpoint-id s
 docker-network-id s
 k8s-namespace s
 k8s-pod-name s
 pod-name s
EndpointHealth
 bpf s
 connected b
 overallHealth s
 policy s
EndpointIdentity
 id i
 labels []s
EndpointNetworking
 addressing []AddressPair!
 node s
AddressPair
 ipv4 s
 ipv6 s
EndpointPolicy
 egress EndpointPolicyDirection
 ingress EndpointPolicyDirection
EndpointPolicyDirection
 adding []any
 allowed []any
 denied []any
 enforcing b!
 removing []any
 state s
NamedPort
 name s
 port i
 protocol s
CiliumNode
 status CiliumNodeStatus
NodeSpecCilium
 encryption EncryptionSpec
 health HealthAddressingSpec
 ingress HealthAddressingSpec
 ipam IPAMSpec
HealthAddressingSpec
 ipv4 s
 ipv6 s
IPAMSpec
 ipv6-pool {}any
 max-above-watermark i
 max-allocate i
 min-allocate i
 podCIDRs []s
 pool {}any
 pools IPAMPoolSpec
 pre-allocate i
 static-ip-tags m
IPAMPoolSpec
 allocated []any
 requested []any
CiliumNodeStatus
 alibaba-cloud any
 azure any
 eni any
 ipam IPAMStatus
IPAMStatus
 assigned-static-ip s
 ipv6-used {}any
 operator-status OperatorStatus
 pod-cidrs {}any
 release-ips {}s
 release-ipv6s {}s
 used {}any
OperatorStatus
 error s
CiliumLoadBalancerIPPool
 status CiliumLoadBalancerIPPoolStatus
CiliumLoadBalancerIPPoolStatus
 conditions []Condition
`;

/** Fields that came after 1.24, by the minor they came with (alpha counts: the server's OpenAPI has them). */
export const SINCE: Readonly<Record<string, number>> = {
	'Container.resizePolicy': 27,
	'Container.restartPolicy': 28,
	'ContainerStatus.allocatedResources': 27,
	'ContainerStatus.resources': 27,
	'CustomResourceDefinitionVersion.selectableFields': 30,
	'EphemeralContainer.resizePolicy': 27,
	'EphemeralContainer.restartPolicy': 28,
	'JobSpec.backoffLimitPerIndex': 28,
	'JobSpec.managedBy': 30,
	'JobSpec.maxFailedIndexes': 28,
	'JobSpec.podFailurePolicy': 25,
	'JobSpec.podReplacementPolicy': 28,
	'JobSpec.successPolicy': 30,
	'JobStatus.terminating': 28,
	'LeaseSpec.preferredHolder': 31,
	'LeaseSpec.strategy': 31,
	'LifecycleHandler.sleep': 29,
	'LoadBalancerIngress.ipMode': 29,
	'PersistentVolumeClaimSpec.volumeAttributesClassName': 29,
	'PodAffinityTerm.matchLabelKeys': 29,
	'PodAffinityTerm.mismatchLabelKeys': 29,
	'PodCondition.observedGeneration': 33,
	'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy': 26,
	'PodSecurityContext.appArmorProfile': 30,
	'PodSpec.hostUsers': 25,
	'PodSpec.resourceClaims': 26,
	'PodSpec.resources': 32,
	'PodSpec.schedulingGates': 26,
	'PodStatus.hostIPs': 28,
	'PodStatus.observedGeneration': 33,
	'PodStatus.resize': 27,
	'PodStatus.resourceClaimStatuses': 27,
	'ResourceClaim.request': 31,
	'ResourceRequirements.claims': 26,
	'SecurityContext.appArmorProfile': 30,
	'ServiceSpec.trafficDistribution': 30,
	'StatefulSetSpec.ordinals': 26,
	'TopologySpreadConstraint.matchLabelKeys': 25,
	'TopologySpreadConstraint.nodeAffinityPolicy': 25,
	'TopologySpreadConstraint.nodeTaintsPolicy': 25,
	'Volume.image': 31,
	'VolumeMount.recursiveReadOnly': 30,
};

/** The same for what went away: the last minor that had it. */
export const UNTIL: Readonly<Record<string, number>> = {
	'NetworkPolicy.status': 27,
};
