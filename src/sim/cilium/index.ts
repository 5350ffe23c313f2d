/**
 * Cilium: settings from Helm values, what the agent makes on a node and for a pod, its iptables rules, its maps with
 * the tools that print them, and its programs. Services by kube-proxy beside it or by BPF in its place, native routing
 * or a tunnel.
 */
export { type CiliumAgent, type CiliumCluster, createCilium, healthNs } from './agent.ts';
export { type ApiServers, findsApiServer } from './api-server.ts';
export { type BpfClock, monoNow, monoToSec, secToMono } from './clock.ts';
export { DROP_POLICY, DROP_POLICY_DENY, dropReason } from './drop.ts';
export { type CiliumError, type FatalReason, isCiliumError } from './error.ts';
export { type Features, features } from './features.ts';
export { HELM_KEYS, isHelmKey, nearHelmKey } from './helm-keys.ts';
export { identityMark, identityOf, identityOfMark } from './identity.ts';
export { ciliumRules, type RulesNode } from './iptables.ts';
export { hashFromTuple4, jhash3words } from './jhash.ts';
export { type LbChoice, type LbLocal, lb4Local } from './lb-local.ts';
export { type FoundService, type LbEnv, lb4LookupService, lb4SelectBackendId } from './lb-select.ts';
export * from './maglev.ts';
export { dynamicMapSizes } from './map-sizes.ts';
export * from './maps/affinity.ts';
export * from './maps/conntrack.ts';
export * from './maps/ct-entry.ts';
export { lastPass, sweep } from './maps/ct-gc.ts';
export type { CiliumLxc, EndpointInfo } from './maps/endpoints.ts';
export { type CiliumMaps, ciliumMaps, type LbSettings, type MapSizes } from './maps/index.ts';
export { type CiliumIpcache, ipcacheLookup4, type RemoteEndpointInfo } from './maps/ipcache.ts';
export {
	type Backend,
	type Frontend,
	type FrontendTable,
	type FrontendType,
	type HostPort,
	type ServiceNumbers,
	type Slots,
	slotsOf,
} from './maps/lb-frontends.ts';
export { type LbNode, type LbPlan, lbOverflow, lbPlan, serviceNumbers, syncServiceMaps } from './maps/lb-sync.ts';
export type { NatEntry, SnatV4 } from './maps/nat-entry.ts';
export type { PolicyEntry, PolicyKey } from './maps/policy.ts';
export * from './maps/services.ts';
export * from './maps/snat.ts';
export * from './maps/tuple.ts';
export { murmur3 } from './murmur3.ts';
export { NODE_IPSET } from './node-ipset.ts';
export { type CiliumNode, lxcName, type NodePlan, nodePlan } from './plan.ts';
export { policyPort } from './policy/columns.ts';
export { LOCAL_IDENTITY } from './policy/identities.ts';
export { peerIdentities } from './policy/resolve.ts';
export { selects as selectsLabels } from './policy/selector.ts';
export { nodePolicyContext } from './policy/sync.ts';
export * from './print/index.ts';
export { SERVICE_LOOPBACK } from './programs/node.ts';
export { wildcardLookup } from './programs/sock.ts';
export {
	type AgentHost,
	type CiliumMessage,
	type CiliumSettings,
	ciliumSettings,
	DEFAULT_HOST,
	kprValues,
	nativeRoutingValues,
} from './settings.ts';
export { type Chart as CiliumChart, renderChart as renderCiliumChart } from './settings-chart.ts';
export { valuesOfConfig } from './settings-config.ts';
