/** Pod and its parts. The notation is in `read.ts`. */
export const POD_TYPES = `
Pod
 spec PodSpec
 status PodStatus
PodStatus
 conditions []Condition @type
 containerStatuses []any
 ephemeralContainerStatuses []any
 hostIP s
 hostIPs []any @ip
 initContainerStatuses []any
 message s
 nominatedNodeName s
 observedGeneration i
 phase s
 podIP s
 podIPs []any @ip
 qosClass s
 reason s
 resize s
 resourceClaimStatuses []any @name
 startTime t
PodTemplate
 template PodTemplateSpec
PodTemplateSpec
 metadata ObjectMeta
 spec PodSpec
PodSpec
 activeDeadlineSeconds i
 affinity Affinity
 automountServiceAccountToken b
 containers []Container! @name
 dnsConfig PodDNSConfig
 dnsPolicy s
 enableServiceLinks b
 ephemeralContainers []EphemeralContainer @name
 hostAliases []HostAlias @ip
 hostIPC b
 hostNetwork b
 hostPID b
 hostUsers b ^25
 hostname s
 hostnameOverride s ^34
 imagePullSecrets []LocalObjectReference @name
 initContainers []Container @name
 nodeName s
 nodeSelector m
 os PodOS
 overhead {}q
 preemptionPolicy s
 priority i
 priorityClassName s
 readinessGates []PodReadinessGate
 resourceClaims []any @name ^26
 resources ResourceRequirements ^32
 restartPolicy s
 runtimeClassName s
 schedulerName s
 schedulingGates []PodSchedulingGate @name ^26
 securityContext PodSecurityContext
 serviceAccount s
 serviceAccountName s
 setHostnameAsFQDN b
 shareProcessNamespace b
 subdomain s
 terminationGracePeriodSeconds i
 tolerations []Toleration
 topologySpreadConstraints []TopologySpreadConstraint @topologyKey
 volumes []Volume @name ~
PodOS
 name s!
PodReadinessGate
 conditionType s!
PodSchedulingGate
 name s!
HostAlias
 hostnames []s
 ip s
PodDNSConfig
 nameservers []s
 options []PodDNSConfigOption
 searches []s
PodDNSConfigOption
 name s
 value s
Toleration
 effect s
 key s
 operator s
 tolerationSeconds i
 value s
TopologySpreadConstraint
 labelSelector LabelSelector
 matchLabelKeys []s ^25
 maxSkew i!
 minDomains i
 nodeAffinityPolicy s ^25
 nodeTaintsPolicy s ^25
 topologyKey s!
 whenUnsatisfiable s!
Affinity
 nodeAffinity NodeAffinity
 podAffinity PodAffinity
 podAntiAffinity PodAffinity
NodeAffinity
 preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm
 requiredDuringSchedulingIgnoredDuringExecution NodeSelector
PreferredSchedulingTerm
 preference NodeSelectorTerm!
 weight i!
PodAffinity
 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm
WeightedPodAffinityTerm
 podAffinityTerm PodAffinityTerm!
 weight i!
PodAffinityTerm
 labelSelector LabelSelector
 matchLabelKeys []s ^29
 mismatchLabelKeys []s ^29
 namespaceSelector LabelSelector
 namespaces []s
 topologyKey s!
PodSecurityContext
 appArmorProfile any ^30
 fsGroup i
 fsGroupChangePolicy s
 runAsGroup i
 runAsNonRoot b
 runAsUser i
 seLinuxChangePolicy s ^32
 seLinuxOptions any
 seccompProfile SeccompProfile
 supplementalGroups []i
 supplementalGroupsPolicy s ^31
 sysctls []Sysctl
 windowsOptions any
Sysctl
 name s!
 value s!
SeccompProfile
 localhostProfile s
 type s!
`;
