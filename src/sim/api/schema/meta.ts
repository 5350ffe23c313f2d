/** Fields of what all kinds share. The notation is in `read.ts`. */
export const META_TYPES = `
ObjectMeta
 annotations m
 creationTimestamp t
 deletionGracePeriodSeconds i
 deletionTimestamp t
 finalizers []s @
 generateName s
 generation i
 labels m
 managedFields []any
 name s
 namespace s
 ownerReferences []OwnerReference @uid
 resourceVersion s
 selfLink s
 uid s
OwnerReference
 apiVersion s!
 blockOwnerDeletion b
 controller b
 kind s!
 name s!
 uid s!
LabelSelector
 matchExpressions []LabelSelectorRequirement
 matchLabels m
LabelSelectorRequirement
 key s!
 operator s!
 values []s
ObjectReference
 apiVersion s
 fieldPath s
 kind s
 name s
 namespace s
 resourceVersion s
 uid s
LocalObjectReference
 name s
TypedLocalObjectReference
 apiGroup s
 kind s!
 name s!
Condition
 lastHeartbeatTime t
 lastProbeTime t
 lastTransitionTime t
 lastUpdateTime t
 message s
 observedGeneration i
 reason s
 status s!
 type s!
NodeSelector
 nodeSelectorTerms []NodeSelectorTerm!
NodeSelectorTerm
 matchExpressions []NodeSelectorRequirement
 matchFields []NodeSelectorRequirement
NodeSelectorRequirement
 key s!
 operator s!
 values []s
`;
