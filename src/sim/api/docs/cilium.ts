/** Documentation of Cilium's policies, endpoints, nodes and what else is its own; written as in `core.ts`. */
export const CILIUM_DOCS = `
Rule
 labels Labels of the rule itself, by which it can be deleted.
 log A text that goes into flows this rule decided.
DefaultDenyConfig Whether what no rule allows is refused.
 egress For what goes out.
 ingress For what comes in.
CiliumIngressRule
 authentication How peers must prove who they are.
 fromGroups From addresses of a cloud's groups.
 fromNodes From nodes with these labels.
 fromRequires Labels a peer must have besides; deprecated.
 icmps Which types of ICMP.
CiliumEgressRule
 authentication How peers must prove who they are.
 icmps Which types of ICMP.
 toGroups To addresses of a cloud's groups.
 toNodes To nodes with these labels.
 toRequires Labels a peer must have besides; deprecated.
CIDRRule A range of addresses.
 cidr The range.
 cidrGroupRef Name of a CiliumCIDRGroup, instead of a range.
 cidrGroupSelector Groups of ranges, by label.
 except Ranges within it that are not meant.
FQDNSelector Names in DNS.
 matchName A full name.
 matchPattern A name with * for any part of a label.
PortRule Ports, and what may be said there.
 listener A listener of Envoy that takes the traffic.
 originatingTLS TLS towards the destination.
 ports The ports.
 rules Which requests; none means all.
 serverNames Names in TLS (SNI) that are allowed.
 terminatingTLS TLS towards the client.
PortProtocol A port.
 endPort Last port of a range.
 port Number or name; 0 for all.
 protocol TCP, UDP, SCTP or ANY.
L7Rules Requests that are allowed.
 dns Names that may be asked for.
 http Requests by HTTP.
 kafka Requests of Kafka.
 l7 Requests of another protocol, in its own keys.
 l7proto Name of that protocol.
PortRuleHTTP A request by HTTP; what is not said is not asked for.
 headerMatches Headers and what happens when they differ.
 headers Headers that must be there.
 host Host, as a regular expression.
 method Method, as a regular expression.
 path Path, as a regular expression.
ICMPRule Types of ICMP.
 fields The types.
ICMPField A type of ICMP.
 family IPv4 or IPv6.
 type Number or name.
CiliumServiceRule Services.
 k8sService One service, by name.
 k8sServiceSelector Services by label.
K8sServiceNamespace A service.
 namespace Its namespace.
 serviceName Its name.
K8sServiceSelectorNamespace Services.
 namespace Their namespace.
 selector Their labels.
Authentication How peers prove who they are.
 mode disabled, required or test-always-fail.
CiliumNetworkPolicy
 specs Several policies in one object.
 status Nodes that have the policy, and what is wrong with it.
CiliumClusterwideNetworkPolicy
 specs Several policies in one object.
 status Nodes that have the policy, and what is wrong with it.
CiliumEndpoint
 status What the agent says of it; there is no spec, as nobody else writes it.
CiliumEndpointStatus What the agent says of an endpoint.
 controllers Tasks of the agent for it that failed.
 encryption Key by which its traffic is encrypted.
 external-identifiers Container, pod and names by which others know it.
 health Whether program, policy and connection are in order.
 id Number of the endpoint on its node.
 identity Its number and labels.
 log The last changes of its state.
 named-ports Ports of the pod that have names.
 networking Addresses, and the node they are on.
 policy Whether policies are enforced, each way.
 service-account Service account of the pod.
 state creating, waiting-for-identity, regenerating, ready, disconnecting, …
 visibility-policy-status What the annotation for visibility came to.
EndpointIdentity Who an endpoint is to policies.
 id The number.
 labels The labels it stands for.
EndpointNetworking Addresses of an endpoint.
 addressing The addresses.
 node Address of its node.
AddressPair Addresses of both families.
 ipv4 The one of IPv4.
 ipv6 The one of IPv6.
EndpointHealth Whether an endpoint is in order.
 bpf Its program.
 connected Whether it is reached.
 overallHealth All of it.
 policy Its policy.
EndpointPolicy Policies of an endpoint.
 egress For what goes out.
 ingress For what comes in.
EndpointPolicyDirection Policies one way.
 adding What is being added.
 allowed Identities that are let through.
 denied Identities that are refused.
 enforcing Whether anything is enforced.
 removing What is being removed.
 state How far it has come.
NamedPort A port with a name.
 name The name.
 port The number.
 protocol TCP, UDP or SCTP.
ExternalIdentifiers By which others know an endpoint.
 cni-attachment-id Container and interface.
 container-id Container of the sandbox.
 container-name Its name.
 docker-endpoint-id Not used any more.
 docker-network-id Not used any more.
 k8s-namespace Namespace of the pod.
 k8s-pod-name Name of the pod.
 pod-name Namespace and name of the pod.
EncryptionSpec Encryption of a node.
 key Number of the key; 0 without encryption.
CiliumIdentity
 status Not used any more.
CiliumNode
 status What operator and agent say of the node's addresses.
NodeSpecCilium
 alibaba-cloud What is known of it at Alibaba Cloud.
 azure What is known of it at Azure.
 bootid Changes with each start of the machine.
 encryption Its key.
 eni What is known of it at AWS.
 health Where its health endpoint is.
 ingress Where its ingress listener is.
 instance-id Who the machine is to its cloud.
 nodeidentity Identity of the node; not used any more.
NodeAddress An address of a node.
 ip The address.
 type InternalIP, ExternalIP or CiliumInternalIP: the last is cilium_host's.
HealthAddressingSpec Addresses of the health endpoint.
 ipv4 The one of IPv4.
 ipv6 The one of IPv6.
IPAMSpec Where pods get their addresses from.
 ipv6-pool Addresses of IPv6 a cloud gave.
 max-above-watermark How many addresses more than needed are asked for at a time.
 max-allocate The most a cloud gives the node.
 min-allocate How many addresses there are at least.
 podCIDRs Ranges of the node; written by the operator with ipam.mode cluster-pool.
 pool Addresses a cloud gave.
 pools Ranges by pool, with ipam.mode multi-pool.
 pre-allocate How many free addresses there should be.
 static-ip-tags Tags of addresses that stay.
IPAMPoolSpec Ranges by pool.
 allocated What the node has.
 requested What it wants.
CiliumNodeStatus What operator and agent say of a node.
 alibaba-cloud What is known of it at Alibaba Cloud.
 azure What is known of it at Azure.
 eni What is known of it at AWS.
 ipam Addresses that are used, and what went wrong.
IPAMStatus Addresses of a node.
 assigned-static-ip An address that stays.
 operator-status What the operator says.
 pod-cidrs Ranges, and whether they are used.
 release-ipv6s Addresses of IPv6 that are given back.
 release-ips Addresses that are given back.
 used Addresses that are used.
 ipv6-used Addresses of IPv6 that are used.
OperatorStatus What the operator says.
 error What went wrong, in words.
CiliumLoadBalancerIPPool
 status Conditions: conflicts, and how many addresses there are and are left.
CiliumLoadBalancerIPPoolStatus State of a pool.
 conditions cilium.io/PoolConflict, cilium.io/IPsTotal, cilium.io/IPsAvailable, cilium.io/IPsUsed.
CiliumLoadBalancerIPPoolIPBlock A range of addresses.
 cidr The range.
 start First address.
 stop Last address.
CiliumEgressGatewayPolicySpec Whose traffic, to where, leaves where.
 destinationCIDRs Ranges the traffic goes to.
 egressGateway The node it leaves by, and the address it has then.
 egressGateways Several such nodes; each pod keeps to one.
 excludedCIDRs Ranges within them that are not meant.
 selectors Pods whose traffic it is.
EgressGateway A node traffic leaves by.
 egressIP Address it has then; it must be the node's. Instead of interface.
 interface Device it leaves by, whose first address it has. Instead of egressIP.
 nodeSelector Which node; the first of those that match.
EgressRuleSelector Pods whose traffic is meant.
 namespaceSelector Namespaces of the pods.
 nodeSelector Nodes the pods are on.
 podSelector The pods.
CiliumLocalRedirectPolicy
 status Whether the agent took it.
CiliumLocalRedirectPolicySpec Which traffic is kept on the node, and by whom it is answered.
 description A note.
 redirectBackend Pods that answer.
 redirectFrontend Traffic that is meant.
 skipRedirectFromBackend Whether what the answering pods send themselves goes its usual way.
RedirectBackend Pods that answer.
 localEndpointSelector Which pods; those of the client's node are used.
 toPorts Their ports.
RedirectFrontend Traffic that is meant.
 addressMatcher By address and port.
 serviceMatcher By service.
AddressMatcher Traffic to an address.
 ip The address.
 toPorts The ports.
ServiceMatcher Traffic to a service.
 namespace Its namespace.
 serviceName Its name.
 toPorts The ports; all when missing.
PortInfo A port.
 name A name, where there are several.
 port The number.
 protocol TCP or UDP.
CiliumExternalWorkload A machine outside the cluster that belongs to it.
 spec Its addresses.
 status Its identity.
CiliumNodeConfigSpec Settings for some nodes.
 defaults Keys of cilium-config, with the values they have on these nodes.
 nodeSelector Which nodes.
CiliumCIDRGroupSpec Ranges.
 externalCIDRs The ranges.
IPPoolSpec Ranges of a pool.
 ipv4 The ones of IPv4.
 ipv6 The ones of IPv6.
 namespaceSelector Namespaces whose pods get theirs from it.
 podSelector Pods that get theirs from it.
IPv4PoolRange Ranges of IPv4.
 cidrs The ranges.
 maskSize Length of the piece a node gets.
IPv6PoolRange Ranges of IPv6.
 cidrs The ranges.
 maskSize Length of the piece a node gets.
`;
