/** kube-proxy in iptables mode. */
export { type ProxyRules, proxyRules } from './build.ts';
export { defaultProxyConfig, type LocalDetector, localhostNodePorts, type ProxyConfig } from './config.ts';
export { chainHash, endpointChain, type ServiceChains, serviceChains, servicePortName } from './names.ts';
export { type StaleFlow, staleFlows, type UdpFlow } from './stale.ts';
export { type ProxyEndpoint, type ProxyState, proxyState, type ServicePortInfo } from './state.ts';
