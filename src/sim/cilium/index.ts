/**
 * Cilium, as far as it goes today: native routing with kube-proxy beside it. Settings from Helm values, what the
 * agent makes on a node and for a pod, its iptables rules, its maps, and its programs.
 */
export { type CiliumAgent, type CiliumCluster, createCilium } from './agent.ts';
export { dropReason } from './drop.ts';
export { type CiliumError, isCiliumError } from './error.ts';
export { type Features, features } from './features.ts';
export { identityMark, identityOf, identityOfMark } from './identity.ts';
export { ciliumRules, NODE_IPSET, type RulesNode } from './iptables.ts';
export { type CtEntry, ct4Global, ctAny4Global, type Tuple4 } from './maps/conntrack.ts';
export { ciliumLxc, type EndpointInfo } from './maps/endpoints.ts';
export { ciliumIpcache, ipcacheLookup4, type RemoteEndpointInfo } from './maps/ipcache.ts';
export { lb4Affinity, lb4Backends, lb4ReverseNat, lb4Services } from './maps/services.ts';
export { type CiliumNode, lxcName, type NodePlan, nodePlan } from './plan.ts';
export { SERVICE_LOOPBACK } from './programs/lb.ts';
export { type CiliumSettings, ciliumSettings, HELM_KEYS, isHelmKey, nativeRoutingValues } from './settings.ts';
