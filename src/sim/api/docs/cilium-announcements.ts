/** Documentation of Cilium's kinds that announce addresses: on the link (L2) and by BGP; written as in `core.ts`. */
export const CILIUM_ANNOUNCEMENT_DOCS = `
CiliumL2AnnouncementPolicy
 status Whether it could be used.
CiliumL2AnnouncementPolicySpec Whose addresses are answered for, where.
 externalIPs Whether external addresses of services are.
 interfaces Devices, as regular expressions; all of Cilium's when missing.
 loadBalancerIPs Whether load-balancer addresses are.
 nodeSelector Nodes that may answer.
 serviceSelector Services whose addresses are meant.
CiliumBGPPeeringPolicySpec Who speaks BGP.
 nodeSelector Which nodes.
 virtualRouters What they speak.
CiliumBGPVirtualRouter One speaker of BGP.
 exportPodCIDR Whether the node's range for pods is advertised.
 localASN Its own number.
 neighbors Whom it speaks to.
 podIPPoolSelector Pools whose ranges are advertised.
 serviceAdvertisements Which addresses of services are advertised.
 serviceSelector Services that are advertised; none when missing.
CiliumBGPNeighbor A neighbour.
 advertisedPathAttributes Attributes of what is advertised.
 authSecretRef Secret with the password of the session.
 connectRetryTimeSeconds How long until it is tried again.
 eBGPMultihopTTL TTL towards a neighbour of another number.
 families Families of addresses.
 gracefulRestart Whether routes outlive a restart.
 holdTimeSeconds After how long of silence the session is over.
 keepAliveTimeSeconds How often it says that it lives.
 peerASN Its number.
 peerAddress Its address, as a prefix.
 peerPort Its port; 179 when missing.
CiliumBGPFamily A family of addresses.
 afi ipv4, ipv6, …
 safi unicast, …
CiliumBGPClusterConfigSpec Who speaks BGP.
 bgpInstances What they speak.
 nodeSelector Which nodes.
CiliumBGPInstance One speaker of BGP.
 localASN Its own number.
 localPort Port it listens at.
 name Its name.
 peers Whom it speaks to.
CiliumBGPPeer A neighbour.
 autoDiscovery How it is found.
 name Its name.
 peerASN Its number.
 peerAddress Its address.
 peerConfigRef How the session is kept.
PeerConfigReference A CiliumBGPPeerConfig.
 group Its group.
 kind Its kind.
 name Its name.
CiliumBGPPeerConfigSpec How a session is kept.
 authSecretRef Secret with the password of the session.
 ebgpMultihop TTL towards a neighbour of another number.
 families Families of addresses, and what is advertised in them.
 gracefulRestart Whether routes outlive a restart.
 timers Times of the session.
 transport Ports and source.
CiliumBGPFamilyWithAdverts A family, and what is advertised in it.
 advertisements Which CiliumBGPAdvertisements.
 afi ipv4, ipv6, …
 safi unicast, …
CiliumBGPTimers Times of a session.
 connectRetryTimeSeconds How long until it is tried again.
 holdTimeSeconds After how long of silence it is over.
 keepAliveTimeSeconds How often it says that it lives.
CiliumBGPTransport Connection of a session.
 localPort Port of this side.
 peerPort Port of the other side; 179 when missing.
 sourceInterface Device whose address it has.
CiliumBGPAdvertisementSpec What is advertised.
 advertisements One entry for each.
BGPAdvertisement Something that is advertised.
 advertisementType PodCIDR, CiliumPodIPPool, Service or Interface.
 attributes Attributes of the routes.
 interface A device whose addresses are advertised.
 selector Which pools or services.
 service Which addresses of services.
BGPServiceOptions Which addresses of services.
 addresses LoadBalancerIP, ClusterIP, ExternalIP.
 aggregationLengthIPv4 Length to which prefixes of IPv4 are shortened.
 aggregationLengthIPv6 Length to which prefixes of IPv6 are shortened.
CiliumBGPNodeConfigOverride What one node does otherwise.
 spec What it does otherwise.
CiliumBGPNodeConfig What one node does; made by the operator.
 spec What it speaks.
 status How its sessions are.
`;
