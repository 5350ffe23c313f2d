/** Services and what carries their traffic. The notation is in `read.ts`. */
export const NETWORK_TYPES = `
Service
 spec ServiceSpec
 status ServiceStatus
ServiceSpec
 allocateLoadBalancerNodePorts b
 clusterIP s
 clusterIPs []s
 externalIPs []s
 externalName s
 externalTrafficPolicy s
 healthCheckNodePort i
 internalTrafficPolicy s
 ipFamilies []s
 ipFamilyPolicy s
 loadBalancerClass s
 loadBalancerIP s
 loadBalancerSourceRanges []s
 ports []ServicePort @port
 publishNotReadyAddresses b
 selector m
 sessionAffinity s
 sessionAffinityConfig SessionAffinityConfig
 trafficDistribution s ^30
 type s
ServicePort
 appProtocol s
 name s
 nodePort i
 port i!
 protocol s
 targetPort x
SessionAffinityConfig
 clientIP ClientIPConfig
ClientIPConfig
 timeoutSeconds i
ServiceStatus
 conditions []Condition @type
 loadBalancer any
Endpoints
 subsets []EndpointSubset
EndpointSubset
 addresses []EndpointAddress
 notReadyAddresses []EndpointAddress
 ports []EndpointPort
EndpointAddress
 hostname s
 ip s!
 nodeName s
 targetRef ObjectReference
EndpointPort
 appProtocol s
 name s
 port i
 protocol s
EndpointSlice
 addressType s!
 endpoints []Endpoint!
 ports []EndpointPort
Endpoint
 addresses []s!
 conditions EndpointConditions
 deprecatedTopology m
 hints any
 hostname s
 nodeName s
 targetRef ObjectReference
 zone s
EndpointConditions
 ready b
 serving b
 terminating b
Ingress
 spec IngressSpec
 status any
IngressSpec
 defaultBackend IngressBackend
 ingressClassName s
 rules []IngressRule
 tls []IngressTLS
IngressBackend
 resource TypedLocalObjectReference
 service IngressServiceBackend
IngressServiceBackend
 name s!
 port ServiceBackendPort
ServiceBackendPort
 name s
 number i
IngressRule
 host s
 http HTTPIngressRuleValue
HTTPIngressRuleValue
 paths []HTTPIngressPath!
HTTPIngressPath
 backend IngressBackend!
 path s
 pathType s!
IngressTLS
 hosts []s
 secretName s
IngressClass
 spec IngressClassSpec
IngressClassSpec
 controller s
 parameters any
NetworkPolicy
 spec NetworkPolicySpec
 status any
NetworkPolicySpec
 egress []NetworkPolicyEgressRule
 ingress []NetworkPolicyIngressRule
 podSelector LabelSelector!
 policyTypes []s
NetworkPolicyIngressRule
 from []NetworkPolicyPeer
 ports []NetworkPolicyPort
NetworkPolicyEgressRule
 ports []NetworkPolicyPort
 to []NetworkPolicyPeer
NetworkPolicyPeer
 ipBlock IPBlock
 namespaceSelector LabelSelector
 podSelector LabelSelector
IPBlock
 cidr s!
 except []s
NetworkPolicyPort
 endPort i
 port x
 protocol s
`;
