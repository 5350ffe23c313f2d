/** Nodes, configuration, storage, access, extensions. The notation is in `read.ts`. */
export const CLUSTER_TYPES = `
MutatingWebhookConfiguration
 webhooks []MutatingWebhook @name
MutatingWebhook
 admissionReviewVersions []s!
 clientConfig WebhookClientConfig!
 failurePolicy s
 matchConditions []MatchCondition @name ^27
 matchPolicy s
 name s!
 namespaceSelector LabelSelector
 objectSelector LabelSelector
 reinvocationPolicy s
 rules []RuleWithOperations
 sideEffects s
 timeoutSeconds i
ValidatingWebhookConfiguration
 webhooks []ValidatingWebhook @name
ValidatingWebhook
 admissionReviewVersions []s!
 clientConfig WebhookClientConfig!
 failurePolicy s
 matchConditions []MatchCondition @name ^27
 matchPolicy s
 name s!
 namespaceSelector LabelSelector
 objectSelector LabelSelector
 rules []RuleWithOperations
 sideEffects s
 timeoutSeconds i
MatchCondition
 expression s!
 name s!
WebhookClientConfig
 caBundle s
 service WebhookService
 url s
WebhookService
 name s!
 namespace s!
 path s
 port i
RuleWithOperations
 apiGroups []s
 apiVersions []s
 operations []s
 resources []s
 scope s
Node
 spec NodeSpec
 status NodeStatus
NodeSpec
 configSource any
 externalID s
 podCIDR s
 podCIDRs []s @
 providerID s
 taints []Taint
 unschedulable b
Taint
 effect s!
 key s!
 timeAdded t
 value s
NodeStatus
 * any
 addresses []any @type
 conditions []Condition @type
Namespace
 spec NamespaceSpec
 status NamespaceStatus
NamespaceSpec
 finalizers []s
NamespaceStatus
 conditions []Condition @type
 phase s
ConfigMap
 binaryData y
 data m
 immutable b
Secret
 data y
 immutable b
 stringData m
 type s
ServiceAccount
 automountServiceAccountToken b
 imagePullSecrets []LocalObjectReference
 secrets []ObjectReference @name
Event
 * any
 action s
 count i
 firstTimestamp t
 involvedObject ObjectReference!
 lastTimestamp t
 message s
 reason s
 source any
 type s
Lease
 spec LeaseSpec
LeaseSpec
 acquireTime t
 holderIdentity s
 leaseDurationSeconds i
 leaseTransitions i
 preferredHolder s
 renewTime t
 strategy s
ResourceQuota
 spec ResourceQuotaSpec
 status any
ResourceQuotaSpec
 hard {}q
 scopeSelector any
 scopes []s
LimitRange
 spec LimitRangeSpec
LimitRangeSpec
 limits []any!
PersistentVolume
 spec any
 status any
PersistentVolumeClaim
 apiVersion s
 kind s
 metadata ObjectMeta
 spec PersistentVolumeClaimSpec
 status any
PersistentVolumeClaimSpec
 accessModes []s
 dataSource any
 dataSourceRef any
 resources ResourceRequirements
 selector LabelSelector
 storageClassName s
 volumeAttributesClassName s ^29
 volumeMode s
 volumeName s
StorageClass
 allowVolumeExpansion b
 allowedTopologies []any
 mountOptions []s
 parameters m
 provisioner s!
 reclaimPolicy s
 volumeBindingMode s
Role
 rules []PolicyRule
ClusterRole
 aggregationRule any
 rules []PolicyRule
PolicyRule
 apiGroups []s
 nonResourceURLs []s
 resourceNames []s
 resources []s
 verbs []s!
RoleBinding
 roleRef RoleRef!
 subjects []Subject
ClusterRoleBinding
 roleRef RoleRef!
 subjects []Subject
RoleRef
 apiGroup s!
 kind s!
 name s!
Subject
 apiGroup s
 kind s!
 name s!
 namespace s
CustomResourceDefinition
 spec CustomResourceDefinitionSpec!
 status any
CustomResourceDefinitionSpec
 conversion any
 group s!
 names CustomResourceDefinitionNames!
 preserveUnknownFields b
 scope s!
 versions []CustomResourceDefinitionVersion!
CustomResourceDefinitionNames
 categories []s
 kind s!
 listKind s
 plural s!
 shortNames []s
 singular s
CustomResourceDefinitionVersion
 additionalPrinterColumns []CustomResourceColumnDefinition
 deprecated b
 deprecationWarning s
 name s!
 schema any
 selectableFields []any
 served b!
 storage b!
 subresources any
CustomResourceColumnDefinition
 description s
 format s
 jsonPath s!
 name s!
 priority i
 type s!
`;
