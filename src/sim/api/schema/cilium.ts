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
 fromCIDR []s
 fromCIDRSet []CIDRRule
 fromEndpoints []LabelSelector
 fromEntities []s
 fromGroups []any
 fromNodes []LabelSelector
 fromRequires []LabelSelector
 icmps []any
 toPorts []PortRule
CiliumEgressRule
 authentication any
 icmps []any
 toCIDR []s
 toCIDRSet []CIDRRule
 toEndpoints []LabelSelector
 toEntities []s
 toFQDNs []FQDNSelector
 toGroups []any
 toNodes []LabelSelector
 toPorts []PortRule
 toRequires []LabelSelector
 toServices []any
CIDRRule
 cidr s
 cidrGroupRef s
 cidrGroupSelector LabelSelector
 except []s
FQDNSelector
 matchName s
 matchPattern s
PortRule
 listener any
 originatingTLS any
 ports []PortProtocol
 rules L7Rules
 serverNames []s
 terminatingTLS any
PortProtocol
 endPort i
 port s
 protocol s
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
 allowFirstLastIPs s
 blocks []CiliumLoadBalancerIPPoolIPBlock
 cidrs []CiliumLoadBalancerIPPoolIPBlock
 disabled b
 serviceSelector LabelSelector
CiliumLoadBalancerIPPoolIPBlock
 cidr s
 start s
 stop s
CiliumCIDRGroup
 spec CiliumCIDRGroupSpec!
CiliumCIDRGroupSpec
 externalCIDRs []s!
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
 ipv4 IPPoolRange
 ipv6 IPPoolRange
 namespaceSelector LabelSelector
 podSelector LabelSelector
IPPoolRange
 cidrs []s!
 maskSize i!
CiliumEgressGatewayPolicy
 spec CiliumEgressGatewayPolicySpec
CiliumEgressGatewayPolicySpec
 destinationCIDRs []s!
 egressGateway EgressGateway!
 egressGateways []EgressGateway
 excludedCIDRs []s
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
 protocol s!
CiliumBGPPeeringPolicy
 spec CiliumBGPPeeringPolicySpec
CiliumBGPPeeringPolicySpec
 nodeSelector LabelSelector
 virtualRouters []CiliumBGPVirtualRouter!
CiliumBGPVirtualRouter
 exportPodCIDR b
 localASN i!
 neighbors []CiliumBGPNeighbor!
 podIPPoolSelector LabelSelector
 serviceAdvertisements []s
 serviceSelector LabelSelector
CiliumBGPNeighbor
 advertisedPathAttributes []any
 authSecretRef s
 connectRetryTimeSeconds i
 eBGPMultihopTTL i
 families []CiliumBGPFamily
 gracefulRestart any
 holdTimeSeconds i
 keepAliveTimeSeconds i
 peerASN i!
 peerAddress s!
 peerPort i
CiliumBGPFamily
 afi s!
 safi s!
CiliumBGPClusterConfig
 spec CiliumBGPClusterConfigSpec!
 status any
CiliumBGPClusterConfigSpec
 bgpInstances []CiliumBGPInstance!
 nodeSelector LabelSelector
CiliumBGPInstance
 localASN i
 localPort i
 name s!
 peers []CiliumBGPPeer
CiliumBGPPeer
 autoDiscovery any
 name s!
 peerASN i
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
 ebgpMultihop i
 families []CiliumBGPFamilyWithAdverts
 gracefulRestart any
 timers CiliumBGPTimers
 transport CiliumBGPTransport
CiliumBGPFamilyWithAdverts
 advertisements LabelSelector
 afi s!
 safi s!
CiliumBGPTimers
 connectRetryTimeSeconds i
 holdTimeSeconds i
 keepAliveTimeSeconds i
CiliumBGPTransport
 localPort i
 peerPort i
 sourceInterface s
CiliumBGPAdvertisement
 spec CiliumBGPAdvertisementSpec!
CiliumBGPAdvertisementSpec
 advertisements []BGPAdvertisement!
BGPAdvertisement
 advertisementType s!
 attributes any
 interface any
 selector LabelSelector
 service BGPServiceOptions
BGPServiceOptions
 addresses []s!
 aggregationLengthIPv4 i
 aggregationLengthIPv6 i
CiliumBGPNodeConfigOverride
 spec any
`;
