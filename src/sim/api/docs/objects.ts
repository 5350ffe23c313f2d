/** Documentation of services, nodes and the rest of what the API server brings along; written as in `core.ts`. */
export const OBJECT_DOCS = `
SessionAffinityConfig How long a client keeps its endpoint.
 clientIP For clients told apart by their address.
ClientIPConfig How long a client keeps its endpoint.
 timeoutSeconds After how long without a connection it may get another; three hours when missing.
ServiceStatus What became of the service.
 conditions What else is known.
 loadBalancer Addresses a load balancer gave.
LoadBalancerStatus Addresses a load balancer gave.
 ingress Where it takes traffic.
LoadBalancerIngress An address of a load balancer.
 hostname Its name, where it has a name.
 ip Its address, where it has an address.
 ipMode VIP, or Proxy: then nodes do not short-cut the address.
 ports What it says of single ports.
PortStatus What a load balancer says of a port.
 error What went wrong.
 port The port.
 protocol TCP, UDP or SCTP.
Endpoints
 subsets Addresses that have the same ports.
EndpointSubset Addresses, each with all these ports.
 addresses Addresses that are ready.
 notReadyAddresses Addresses that are not.
 ports Ports of each of them.
EndpointAddress One address.
 hostname Its name under a headless service.
 ip The address.
 nodeName Node it is on.
 targetRef The pod behind it.
EndpointPort One port.
 appProtocol What is spoken, for those who care.
 name Name of the service's port.
 port The number on the pods; the service's target port.
 protocol TCP, UDP or SCTP.
Endpoint One endpoint of a service.
 addresses Its addresses; all are one endpoint, and the first is used.
 conditions Whether it is ready, serves, or is ending.
 deprecatedTopology What v1beta1 knew of its place.
 hints Zones that should use it.
 hostname Its name under a headless service.
 nodeName Node it is on.
 targetRef The pod behind it.
 zone Zone it is in.
EndpointConditions State of an endpoint.
 ready Whether it takes new connections; never while it is ending, unless the service publishes those too.
 serving The same, whether it is ending or not.
 terminating Whether it is ending.
EndpointHints Who should use an endpoint.
 forZones In these zones.
ForZone A zone.
 name Its name.
ObjectReference An object.
 apiVersion Its group and version.
 fieldPath Part of it: spec.containers{name}.
 kind Its kind.
 name Its name.
 namespace Its namespace.
 resourceVersion Its revision at that time.
 uid The object itself.
NodeSpec
 configSource Not used any more.
 externalID Not used any more.
Taint
 timeAdded When a NoExecute taint came.
NodeStatus How a node is, as its kubelet saw it last.
 addresses Its addresses: InternalIP, Hostname, …
 allocatable What pods may have of the capacity.
 capacity Processors, memory, and how many pods.
 conditions Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable.
 daemonEndpoints Port of the kubelet.
 images Images the node has.
 nodeInfo Versions of kernel, runtime, kubelet and the rest.
 phase Not used any more.
 volumesAttached Volumes attached to the node.
 volumesInUse Volumes mounted on the node.
NodeCondition One condition of a node.
 lastHeartbeatTime When the kubelet said so last.
 lastTransitionTime When it last became what it is.
 message Why, in words.
 reason Why, in one word: KubeletReady, KubeletNotReady, …
 status True, False or Unknown.
 type Ready, MemoryPressure, …
DeploymentCondition One condition of a deployment.
 lastTransitionTime When it last became what it is.
 lastUpdateTime When it was written last.
 message Why, in words.
 reason Why, in one word: NewReplicaSetAvailable, ProgressDeadlineExceeded, …
 status True, False or Unknown.
 type Available, Progressing or ReplicaFailure.
KubeNodeAddress An address of a node.
 address The address or name.
 type InternalIP, ExternalIP, Hostname, …
NodeDaemonEndpoints Ports of programs of the node.
 kubeletEndpoint Where the kubelet listens.
DaemonEndpoint A port of a program of the node.
 Port The number.
ContainerImage An image on a node.
 names Names it is known by.
 sizeBytes Its size in octets.
NodeSystemInfo What a node runs.
 architecture Of the processor: amd64, arm64.
 bootID Changes with each start of the machine.
 containerRuntimeVersion Of the container runtime: containerd://…
 kernelVersion What uname -r says.
 kubeProxyVersion Not to be relied on: the kubelet's.
 kubeletVersion Version of the kubelet.
 machineID From /etc/machine-id.
 operatingSystem linux or windows.
 osImage From /etc/os-release.
 systemUUID Of the hardware.
NamespaceSpec How a namespace ends.
 finalizers Who must let go before it can go.
NamespaceStatus How a namespace is.
 conditions What keeps it from going.
 phase Active or Terminating.
Secret
 immutable Whether data can change.
ServiceAccount
 automountServiceAccountToken Whether pods get its token.
 imagePullSecrets Secrets with credentials for image registries.
 secrets Secrets with its tokens; no longer made since 1.24.
Event
 action What was done or tried.
 eventTime When it was seen, to the microsecond.
 firstTimestamp When it was seen first.
 lastTimestamp When it was seen last.
 related Another object it has to do with.
 reportingComponent Who saw it.
 reportingInstance Which one of those.
 series How often since the first time.
 source Who saw it, and on which node.
EventSource Who saw an event.
 component The program.
 host The node.
EventSeries An event that goes on.
 count How often.
 lastObservedTime When last.
LeaseSpec Who holds something, until when.
 acquireTime When the holder got it.
 holderIdentity Who holds it.
 leaseDurationSeconds How long it is held after a renewal.
 leaseTransitions How often the holder changed.
 preferredHolder Who should hold it.
 renewTime When the holder renewed it last.
 strategy How the holder is found.
Ingress
 status Addresses of the load balancer.
IngressStatus What became of the ingress.
 loadBalancer Addresses where requests are taken.
IngressSpec Which requests go to which service.
 defaultBackend Where requests go that no rule matches.
 ingressClassName Whose rules these are: an IngressClass.
 rules The rules.
 tls Certificates by host.
IngressBackend Where requests go.
 resource An object of the namespace, instead of a service.
 service A service.
IngressServiceBackend A service's port.
 name Name of the service.
 port Which port.
ServiceBackendPort A port of a service.
 name By name.
 number By number.
TypedLocalObjectReference An object of the same namespace.
 apiGroup Its group.
 kind Its kind.
 name Its name.
IngressRule What is asked of one host.
 host Host of the request; *.example.com stands for one label. All when missing.
 http Paths, and where they lead.
HTTPIngressRuleValue Paths, and where they lead.
 paths The paths.
HTTPIngressPath A path, and where it leads.
 backend Where it leads.
 path The path.
 pathType Exact, Prefix or ImplementationSpecific.
IngressTLS A certificate and its hosts.
 hosts Hosts the certificate is for.
 secretName Secret with certificate and key.
IngressClass A kind of ingress, and who serves it.
IngressClassParametersReference Where more settings are.
 apiGroup Group of the object; empty for the core group.
 kind Its kind.
 name Its name.
 namespace Its namespace, where the scope is Namespace.
 scope Cluster, or Namespace.
IngressClassSpec Who serves a kind of ingress.
 controller Name of the controller.
 parameters More settings, in an object.
NetworkPolicy
 status Whether somebody enforces the policy.
NetworkPolicyIngressRule What may come in.
 from From whom; from everywhere when missing.
 ports To which ports; to all when missing.
NetworkPolicyEgressRule What may go out.
 ports To which ports; to all when missing.
 to To whom; to everywhere when missing.
IPBlock A range of addresses.
 cidr The range.
 except Ranges within it that are not meant.
PersistentVolume A piece of storage.
 spec What it is and who may use it.
 status Whether somebody has it.
PersistentVolumeClaim A wish for storage.
PersistentVolumeClaimSpec Which storage is wanted.
 accessModes ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.
 dataSource What it is filled with.
 dataSourceRef The same, also from other kinds and namespaces.
 resources How much.
 selector Which volumes.
 storageClassName Which class; the default one when missing.
 volumeAttributesClassName Class of settings that can be changed later.
 volumeMode Filesystem or Block.
 volumeName The volume it is bound to.
TopologySelectorTerm Nodes near which volumes may be made.
 matchLabelExpressions Labels that all have to fit.
TopologySelectorLabelRequirement A label, and what it may be.
 key Key of the label.
 values One of them.
StorageClass How volumes are made.
 allowVolumeExpansion Whether volumes can grow.
 allowedTopologies Where volumes may be made.
 mountOptions Options of mount.
 parameters What the provisioner is told.
 provisioner Who makes volumes.
 reclaimPolicy What becomes of a volume when its claim goes: Delete or Retain.
 volumeBindingMode When it is made: Immediate or WaitForFirstConsumer.
PodDisruptionBudget How many pods may be missing on purpose.
PodDisruptionBudgetSpec How many pods may be missing on purpose.
 maxUnavailable How many may be missing, as a number or a share.
 minAvailable How many must stay, as a number or a share.
 selector Which pods.
 unhealthyPodEvictionPolicy Whether pods that are not ready may always go: IfHealthyBudget or AlwaysAllow.
HorizontalPodAutoscaler A number of pods that follows their load.
HorizontalPodAutoscalerSpec Which load, and how many pods.
 behavior How fast it goes up and down.
 maxReplicas The most.
 metrics What is measured, and what is aimed at.
 minReplicas The least; 1 when missing.
 scaleTargetRef What is scaled.
 targetCPUUtilizationPercentage Use of the processor that is aimed at.
HorizontalPodAutoscalerBehavior How fast it goes up and down.
 scaleDown Towards fewer.
 scaleUp Towards more.
HPAScalingRules How fast it goes in one direction.
 policies How much at most; without any, what is usual in this direction.
 selectPolicy Max, Min or Disabled: which of the policies holds.
 stabilizationWindowSeconds How long it looks back, so that it does not swing.
 tolerance How far off the aim may be without a change.
HPAScalingPolicy A bound of one step.
 periodSeconds In how many seconds.
 type Pods or Percent.
 value How many.
MetricSpec One thing that is measured.
 containerResource What one container of each pod uses.
 external A number from outside the cluster.
 object A number of another object.
 pods A number of each pod.
 resource What all containers of each pod use.
 type Which of the others is meant: ContainerResource, External, Object, Pods or Resource.
ContainerResourceMetricSource What one container of each pod uses.
 container Its name.
 name cpu or memory.
 target What is aimed at.
ExternalMetricSource A number from outside the cluster.
 metric Which number.
 target What is aimed at.
ObjectMetricSource A number of another object.
 describedObject The object.
 metric Which number.
 target What is aimed at.
PodsMetricSource A number of each pod.
 metric Which number.
 target What is aimed at.
ResourceMetricSource What all containers of each pod use.
 name cpu or memory.
 target What is aimed at.
MetricIdentifier Which number.
 name Its name.
 selector Labels it is narrowed by.
MetricTarget What is aimed at.
 averageUtilization The mean over the pods, in percent of what they request.
 averageValue The mean over the pods.
 type Utilization, Value or AverageValue.
 value The number itself.
CrossVersionObjectReference An object.
 apiVersion Its group and version.
 kind Its kind.
 name Its name.
Role What may be done in a namespace.
 rules The rules; whatever one of them allows is allowed.
AggregationRule Which roles are taken over.
 clusterRoleSelectors Labels of such roles; one selector is enough.
ClusterRole What may be done everywhere, or in a namespace where it is bound.
 aggregationRule Roles whose rules this one takes over.
 rules The rules; whatever one of them allows is allowed.
PolicyRule Verbs, and what they may be used on.
 apiGroups Groups of the resources; empty for the core group.
 nonResourceURLs Paths, for what is no resource.
 resourceNames Only these objects.
 resources Resources, with subresources as pods/log.
 verbs get, list, watch, create, update, patch, delete, … or *.
RoleBinding Who has a role in a namespace.
 roleRef The role; it cannot change.
 subjects Who.
ClusterRoleBinding Who has a role everywhere.
 roleRef The role; it cannot change.
 subjects Who.
RoleRef A role.
 apiGroup rbac.authorization.k8s.io.
 kind Role or ClusterRole.
 name Its name.
Subject A user, a group or a service account.
 apiGroup rbac.authorization.k8s.io; empty for a service account.
 kind User, Group or ServiceAccount.
 name Its name.
 namespace Namespace of a service account.
CustomResourceDefinitionSpec Name, scope and versions of a resource.
 conversion How versions become each other.
 group Its group.
 names How it is called.
 preserveUnknownFields Whether fields are kept that the schema does not have; deprecated.
 scope Namespaced or Cluster.
 versions Its versions, each with its schema.
CustomResourceDefinitionNames How a resource is called.
 categories Groups of resources it is listed with: all.
 kind Its kind, in camel case.
 listKind Kind of a list.
 plural In paths, and for kubectl get.
 shortNames Short names for kubectl.
 singular Singular of the name.
CustomResourceDefinitionVersion A version of a resource.
 additionalPrinterColumns Columns of kubectl get.
 deprecated Whether its use is warned of.
 deprecationWarning What the warning says.
 name v1, v1beta1, …
 schema Which fields there are.
 selectableFields Fields that field selectors may name.
 served Whether it can be asked for.
 storage Whether objects are stored in it; true for exactly one version.
 subresources status and scale.
CustomResourceColumnDefinition A column of kubectl get.
 description What it shows.
 format How its values are written.
 jsonPath Where the value is.
 name Its heading.
 priority 0 for always, more for -o wide.
 type Type of the value.
PriorityClass A name for a priority.
 description When to use it.
 globalDefault Whether pods have it that name none.
 preemptionPolicy Whether pods may displace others: PreemptLowerPriority or Never.
 value The number; higher ones go first.
`;
