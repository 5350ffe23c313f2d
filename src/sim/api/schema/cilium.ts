/**
 * Custom resources of Cilium, as far as they are taught. Source: cilium pkg/k8s/apis/cilium.io and pkg/policy/api @
 * v1.18.3, with the fields that older versions had. The notation is in `read.ts`.
 */
export const CILIUM_TYPES = `
CiliumNetworkPolicy
 spec Rule
 specs []Rule
 status any
CiliumClusterwideNetworkPolicy
 spec Rule
 specs []Rule
 status any
Rule
 description s
 egress []CiliumEgressRule
 egressDeny []CiliumEgressRule
 enableDefaultDeny DefaultDenyConfig
 endpointSelector LabelSelector
 ingress []CiliumIngressRule
 ingressDeny []CiliumIngressRule
 labels []any
 log any
 nodeSelector LabelSelector
DefaultDenyConfig
 egress b
 ingress b
CiliumIngressRule
 authentication any
 fromCIDR []s %cidr
 fromCIDRSet []CIDRRule
 fromEndpoints []LabelSelector
 fromEntities []s =all|world|cluster|host|init|ingress|unmanaged|remote-node|health|none|kube-apiserver
 fromGroups []any
 fromNodes []LabelSelector
 fromRequires []LabelSelector
 icmps []any
 toPorts []PortRule
CiliumEgressRule
 authentication any
 icmps []any
 toCIDR []s %cidr
 toCIDRSet []CIDRRule
 toEndpoints []LabelSelector
 toEntities []s =all|world|cluster|host|init|ingress|unmanaged|remote-node|health|none|kube-apiserver
 toFQDNs []FQDNSelector
 toGroups []any
 toNodes []LabelSelector
 toPorts []PortRule
 toRequires []LabelSelector
 toServices []any
CIDRRule
 cidr s %cidr
 cidrGroupRef s
 cidrGroupSelector LabelSelector
 except []s %cidr
FQDNSelector
 matchName s %fqdn
 matchPattern s %fqdnPattern
PortRule
 listener any
 originatingTLS any
 ports []PortProtocol
 rules L7Rules
 serverNames []s
 terminatingTLS any
PortProtocol
 endPort i #0..65535
 port s
 protocol s =TCP|UDP|SCTP|ANY
L7Rules
 dns []FQDNSelector
 http []PortRuleHTTP
 kafka []any
 l7 []any
 l7proto s
PortRuleHTTP
 headerMatches []any
 headers []s
 host s
 method s
 path s
CiliumEndpoint
 status any
CiliumIdentity
 security-labels m!
 status any
CiliumNode
 spec NodeSpecCilium!
 status any
NodeSpecCilium
 addresses []NodeAddress
 alibaba-cloud any
 azure any
 bootid s
 encryption any
 eni any
 health any
 ingress any
 instance-id s
 ipam any
 nodeidentity i
NodeAddress
 ip s
 type s
CiliumExternalWorkload
 spec any
 status any
CiliumNodeConfig
 spec CiliumNodeConfigSpec!
CiliumNodeConfigSpec
 defaults m!
 nodeSelector LabelSelector!
CiliumLoadBalancerIPPool
 spec CiliumLoadBalancerIPPoolSpec!
 status any
CiliumLoadBalancerIPPoolSpec
 allowFirstLastIPs s =Yes|No
 blocks []CiliumLoadBalancerIPPoolIPBlock
 cidrs []CiliumLoadBalancerIPPoolIPBlock
 disabled b
 serviceSelector LabelSelector
CiliumLoadBalancerIPPoolIPBlock
 cidr s %cidr
 start s
 stop s
CiliumCIDRGroup
 spec CiliumCIDRGroupSpec!
CiliumCIDRGroupSpec
 externalCIDRs []s! %cidr
CiliumL2AnnouncementPolicy
 spec CiliumL2AnnouncementPolicySpec
 status any
CiliumL2AnnouncementPolicySpec
 externalIPs b
 interfaces []s
 loadBalancerIPs b
 nodeSelector LabelSelector
 serviceSelector LabelSelector
CiliumPodIPPool
 spec IPPoolSpec!
IPPoolSpec
 ipv4 IPv4PoolRange
 ipv6 IPv6PoolRange
 namespaceSelector LabelSelector
 podSelector LabelSelector
IPv4PoolRange
 cidrs []s! %cidr +
 maskSize i! #1..32
IPv6PoolRange
 cidrs []s! %cidr +
 maskSize i! #1..128
CiliumEgressGatewayPolicy
 spec CiliumEgressGatewayPolicySpec
CiliumEgressGatewayPolicySpec
 destinationCIDRs []s! %cidr4
 egressGateway EgressGateway!
 egressGateways []EgressGateway
 excludedCIDRs []s %cidr4
 selectors []EgressRuleSelector!
EgressGateway
 egressIP s
 interface s
 nodeSelector LabelSelector!
EgressRuleSelector
 namespaceSelector LabelSelector
 nodeSelector LabelSelector
 podSelector LabelSelector
CiliumLocalRedirectPolicy
 spec CiliumLocalRedirectPolicySpec
 status any
CiliumLocalRedirectPolicySpec
 description s
 redirectBackend RedirectBackend!
 redirectFrontend RedirectFrontend!
 skipRedirectFromBackend b
RedirectBackend
 localEndpointSelector LabelSelector!
 toPorts []PortInfo!
RedirectFrontend
 addressMatcher AddressMatcher
 serviceMatcher ServiceMatcher
AddressMatcher
 ip s!
 toPorts []PortInfo!
ServiceMatcher
 namespace s!
 serviceName s!
 toPorts []PortInfo
PortInfo
 name s
 port s!
 protocol s! =TCP|UDP
CiliumBGPPeeringPolicy
 spec CiliumBGPPeeringPolicySpec
CiliumBGPPeeringPolicySpec
 nodeSelector LabelSelector
 virtualRouters []CiliumBGPVirtualRouter! +
CiliumBGPVirtualRouter
 exportPodCIDR b
 localASN i! #0..4294967295
 neighbors []CiliumBGPNeighbor! +
 podIPPoolSelector LabelSelector
 serviceAdvertisements []s =LoadBalancerIP|ClusterIP|ExternalIP
 serviceSelector LabelSelector
CiliumBGPNeighbor
 advertisedPathAttributes []any
 authSecretRef s
 connectRetryTimeSeconds i #1..2147483647
 eBGPMultihopTTL i #1..255
 families []CiliumBGPFamily
 gracefulRestart any
 holdTimeSeconds i #3..65535
 keepAliveTimeSeconds i #1..65535
 peerASN i! #0..4294967295
 peerAddress s! %cidr
 peerPort i #1..65535
CiliumBGPFamily
 afi s! =ipv4|ipv6|l2vpn|ls|opaque
 safi s!
CiliumBGPClusterConfig
 spec CiliumBGPClusterConfigSpec!
 status any
CiliumBGPClusterConfigSpec
 bgpInstances []CiliumBGPInstance! +
 nodeSelector LabelSelector
CiliumBGPInstance
 localASN i #1..4294967295
 localPort i #1..65535
 name s!
 peers []CiliumBGPPeer
CiliumBGPPeer
 autoDiscovery any
 name s!
 peerASN i #0..4294967295
 peerAddress s
 peerConfigRef PeerConfigReference
PeerConfigReference
 group s
 kind s
 name s!
CiliumBGPPeerConfig
 spec CiliumBGPPeerConfigSpec!
 status any
CiliumBGPPeerConfigSpec
 authSecretRef s
 ebgpMultihop i #1..255
 families []CiliumBGPFamilyWithAdverts
 gracefulRestart any
 timers CiliumBGPTimers
 transport CiliumBGPTransport
CiliumBGPFamilyWithAdverts
 advertisements LabelSelector
 afi s! =ipv4|ipv6|l2vpn|ls|opaque
 safi s!
CiliumBGPTimers
 connectRetryTimeSeconds i #1..2147483647
 holdTimeSeconds i #3..65535
 keepAliveTimeSeconds i #1..65535
CiliumBGPTransport
 localPort i #1..65535
 peerPort i #1..65535
 sourceInterface s
CiliumBGPAdvertisement
 spec CiliumBGPAdvertisementSpec!
CiliumBGPAdvertisementSpec
 advertisements []BGPAdvertisement!
BGPAdvertisement
 advertisementType s! =PodCIDR|CiliumPodIPPool|Service
 attributes any
 interface any
 selector LabelSelector
 service BGPServiceOptions
BGPServiceOptions
 addresses []s! =LoadBalancerIP|ClusterIP|ExternalIP +
 aggregationLengthIPv4 i #0..31
 aggregationLengthIPv6 i #0..127
CiliumBGPNodeConfigOverride
 spec any
CiliumBGPNodeConfig
 spec any!
 status any
`;
