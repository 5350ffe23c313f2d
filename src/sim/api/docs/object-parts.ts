/**
 * As `pod-parts.ts`, of all other objects.
 *
 * Source: k8s.io/api apps/v1, batch/v1, networking/v1, discovery/v1 types.go @ v0.34.0; cilium pkg/k8s/apis/cilium.io/v2 @
 * v1.18.3.
 */
export const OBJECT_PARTS = `
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
