/** Documentation of workloads, networking and Cilium's kinds; written as in `core.ts`. */
export const MORE_DOCS = `
Deployment Pods that are replaced step by step when their template changes.
DeploymentSpec How many pods, of which template, and how they are replaced.
 minReadySeconds How long a pod must have been ready to count as available.
 paused Whether changes of the template wait.
 progressDeadlineSeconds After how long without progress the rollout is said to have failed.
 replicas How many pods; 1 when missing.
 revisionHistoryLimit How many old ReplicaSets are kept to go back to.
 selector Which pods are counted; it must match the template's labels and cannot change.
 strategy How old pods make place for new ones.
 template What the pods are like.
DeploymentStrategy How pods are replaced.
 rollingUpdate How many at a time, for RollingUpdate.
 type RollingUpdate or Recreate.
RollingUpdate How many pods are replaced at a time.
 maxSurge How many more than wanted there may be, as a number or a share.
 maxUnavailable How many fewer than wanted may be available, as a number or a share.
 partition Pods below this ordinal keep the old template.
ReplicaSet A number of equal pods.
ReplicaSetSpec How many pods of which template.
 replicas How many pods; 1 when missing.
 selector Which pods are counted.
 template What the pods are like.
DaemonSet One pod on each node.
DaemonSetSpec Which pod on which nodes.
 minReadySeconds How long a pod must have been ready to count as available.
 revisionHistoryLimit How many old templates are kept.
 selector Which pods are counted; it cannot change.
 template What the pods are like; its node selector says on which nodes.
 updateStrategy How pods are replaced.
UpdateStrategy How pods are replaced.
 rollingUpdate How many at a time, for RollingUpdate.
 type RollingUpdate or OnDelete.
StatefulSet Pods with names and volumes that stay theirs.
Job Pods that run to their end.
CronJob Jobs by the clock.
Service One name and address for a set of pods.
ServiceSpec Who is behind the service and how it is reached.
 allocateLoadBalancerNodePorts Whether a LoadBalancer service has node ports too.
 clusterIP The service's address in the cluster; None for a headless one. Handed out by the server, and then fixed.
 clusterIPs The same, one for each family.
 externalIPs Addresses for which nodes take traffic; who routes it there is not Kubernetes' concern.
 externalName Name in DNS that the service stands for, with type ExternalName.
 externalTrafficPolicy Cluster spreads traffic from outside over all endpoints and hides the client's address; Local keeps to endpoints on the node it reached, and keeps the address.
 healthCheckNodePort Port where a load balancer asks whether a node has endpoints, with policy Local.
 internalTrafficPolicy The same for traffic from inside: Cluster, or only endpoints on the client's node.
 ipFamilies IPv4, IPv6 or both, in order.
 ipFamilyPolicy SingleStack, PreferDualStack or RequireDualStack.
 loadBalancerClass Which implementation serves a LoadBalancer service.
 loadBalancerIP Address wanted from the load balancer; left to implementations.
 loadBalancerSourceRanges Who may use the load balancer.
 ports Ports of the service.
 publishNotReadyAddresses Whether pods that are not ready have their names in DNS.
 selector Labels of the pods behind the service; without one, somebody else writes the endpoints.
 sessionAffinity None, or ClientIP: one client keeps its endpoint.
 sessionAffinityConfig How long it keeps it.
 trafficDistribution Preference for endpoints near the client.
 type ClusterIP, NodePort, LoadBalancer or ExternalName.
ServicePort A port of a service.
 appProtocol What is spoken, for those who care.
 name A name; needed when there are several.
 nodePort The port on every node; from 30000 to 32767, handed out when missing.
 port The port on the service's address.
 protocol TCP, UDP or SCTP.
 targetPort Number or name of the pods' port; the same as port when missing.
Endpoints Addresses behind a service, in one object.
EndpointSlice Up to a hundred addresses behind a service.
 addressType IPv4, IPv6 or FQDN.
 endpoints The addresses, with what is known of them.
 ports The ports, the same for all of them.
Ingress Rules by which requests from outside reach services.
NetworkPolicy Who may speak to the selected pods, and whom they may speak to.
NetworkPolicySpec Rules for the selected pods.
 egress Where the pods may send; nothing else once Egress is among the policy's types.
 ingress From where the pods may be reached; nothing else once Ingress is among the policy's types.
 podSelector Which pods of the namespace; an empty one means all.
 policyTypes Ingress, Egress or both.
NetworkPolicyPort A port, or ports up to endPort.
 endPort Last port of a range.
 port Number or name.
 protocol TCP, UDP or SCTP.
NetworkPolicyPeer Who is at the other end.
 ipBlock Addresses.
 namespaceSelector Namespaces.
 podSelector Pods.
CustomResourceDefinition A resource that is added to the API.
CiliumNetworkPolicy A policy of Cilium: also by entity, name in DNS, and request.
CiliumClusterwideNetworkPolicy The same, for endpoints of all namespaces, or for nodes.
Rule One policy.
 description A note.
 egress Where the selected endpoints may send.
 egressDeny What is refused whatever else allows it.
 enableDefaultDeny Whether what no rule allows is refused, for each direction.
 endpointSelector Which endpoints; required, or nodeSelector.
 ingress From where the selected endpoints may be reached.
 ingressDeny What is refused whatever else allows it.
 nodeSelector Which nodes, in a clusterwide policy.
CiliumIngressRule What may come in.
 fromCIDR From these ranges.
 fromCIDRSet From these ranges, with exceptions.
 fromEndpoints From endpoints with these labels.
 fromEntities From host, world, cluster, all, …
 toPorts To these ports, with these requests.
CiliumEgressRule What may go out.
 toCIDR To these ranges.
 toCIDRSet To these ranges, with exceptions.
 toEndpoints To endpoints with these labels.
 toEntities To host, world, cluster, all, …
 toFQDNs To addresses that DNS gave for these names.
 toPorts To these ports, with these requests.
 toServices To endpoints of these services.
CiliumEndpoint What Cilium's agent knows of a pod it looks after.
CiliumIdentity A number for a set of labels; policies are enforced by it.
 security-labels The labels, with their sources.
CiliumNode What Cilium knows of a node.
NodeSpecCilium Addresses and ranges of a node.
 addresses Addresses of the node, with their types.
 ipam Ranges and addresses pods get theirs from.
CiliumLoadBalancerIPPool Addresses for services of type LoadBalancer.
CiliumLoadBalancerIPPoolSpec Which addresses for which services.
 allowFirstLastIPs Whether a range's first and last address may be given out: Yes or No.
 blocks Ranges: cidr, or start and stop.
 cidrs Ranges, up to Cilium 1.15.
 disabled Whether nothing new is given out.
 serviceSelector Which services; all when missing.
CiliumL2AnnouncementPolicy Which services' addresses nodes answer ARP for.
CiliumEgressGatewayPolicy Whose traffic leaves through which node, with which address.
CiliumLocalRedirectPolicy Traffic to an address or service that stays on its node.
CiliumBGPPeeringPolicy Which nodes speak BGP with whom, up to Cilium 1.18.
CiliumBGPClusterConfig Which nodes speak BGP with whom.
CiliumBGPPeerConfig How sessions are kept and what is advertised in them.
CiliumBGPAdvertisement What is advertised.
CiliumNodeConfig Settings of Cilium for some nodes.
CiliumPodIPPool Ranges for pods that ask for them.
CiliumCIDRGroup A named list of ranges for policies.
`;
