/**
 * What kube-proxy knows of the cluster: its service ports with their endpoints, the same on every node.
 *
 * Source: kubernetes pkg/proxy/{serviceport,endpointslicecache}.go @ v1.33.0 (service.go @ v1.24.0).
 */
import { formatIp, type Ip, type Prefix } from '../../wire/index.ts';
import type { EndpointSlice, Service, ServiceExposure } from '../objects.ts';
import { compare } from '../store.ts';
import { endpointChain, type ServiceChains, serviceChains, servicePortName } from './names.ts';
import { type L4, L4_OF } from './netfilter.ts';

export interface ProxyEndpoint {
	readonly ip: Ip;
	readonly port: number;
	/** `10.244.1.199:8080`. */
	readonly text: string;
	readonly nodeName: string;
	readonly ready: boolean;
	readonly serving: boolean;
	readonly terminating: boolean;
	/** KUBE-SEP-…. */
	readonly chain: string;
}

/** One port of one Service. */
export interface ServicePortInfo {
	/** `default/web` or `default/web:http`. */
	readonly name: string;
	readonly l4: L4;
	readonly clusterIP: Ip;
	readonly port: number;
	/** 0: none. */
	readonly nodePort: number;
	readonly externalIPs: readonly Ip[];
	readonly loadBalancerVIPs: readonly Ip[];
	readonly sourceRanges: readonly Prefix[];
	/** Seconds a client stays with its endpoint; undefined without session affinity. */
	readonly affinitySeconds?: number;
	readonly type: Service['type'];
	readonly externalPolicyLocal: boolean;
	readonly internalPolicyLocal: boolean;
	/** 0: none. */
	readonly healthCheckNodePort: number;
	/** For Cilium's agents. */
	readonly exposure?: ServiceExposure | undefined;
	readonly endpoints: readonly ProxyEndpoint[];
	readonly chains: ServiceChains;
}

export interface ProxyState {
	/** In order of their names: the real one walks a Go map, that is in no order. */
	readonly ports: readonly ServicePortInfo[];
	/** More than 1000 endpoints: comments that only help readers are left out. */
	readonly large: boolean;
}

/** largeClusterEndpointsThreshold. */
export const LARGE_CLUSTER_ENDPOINTS = 1000;

/** NodePort, load balancer or external addresses: reachable from outside. */
export const externallyAccessible = (info: ServicePortInfo): boolean =>
	info.nodePort !== 0 || info.loadBalancerVIPs.length > 0 || info.externalIPs.length > 0;

/** Policy Cluster somewhere, or external traffic at all: pods and nodes take a short cut to all endpoints. */
export const usesClusterEndpoints = (info: ServicePortInfo): boolean =>
	!info.internalPolicyLocal || externallyAccessible(info);

/** Policy Local somewhere. */
export const usesLocalEndpoints = (info: ServicePortInfo): boolean =>
	info.internalPolicyLocal || (info.externalPolicyLocal && externallyAccessible(info));

interface Addressed {
	readonly ip: Ip;
	readonly port: number;
	readonly endpoint: EndpointSlice['endpoints'][number];
}

/** Service ports out of Services and their slices. Headless and ExternalName services are none of kube-proxy's business. */
export const proxyState = (services: readonly Service[], slices: readonly EndpointSlice[]): ProxyState => {
	const slicesOf = new Map<string, EndpointSlice[]>();
	for (const slice of slices) {
		const key = `${slice.metadata.namespace}/${slice.service}`;
		const some = slicesOf.get(key);
		if (some) some.push(slice);
		else slicesOf.set(key, [slice]);
	}
	const ports: ServicePortInfo[] = [];
	let endpointCount = 0;
	for (const service of services) {
		if (service.type === 'ExternalName' || service.clusterIP === undefined) continue;
		const { namespace, name: serviceName } = service.metadata;
		const mine = slicesOf.get(`${namespace}/${serviceName}`) ?? [];
		for (const port of service.ports) {
			const name = servicePortName(namespace, serviceName, port.name);
			const l4 = L4_OF[port.protocol];
			const found = new Map<string, Addressed>();
			for (const slice of mine)
				for (const to of slice.ports) {
					if (to.name !== port.name || to.protocol !== port.protocol) continue;
					for (const endpoint of slice.endpoints)
						found.set(`${formatIp(endpoint.ip)}:${to.port}`, { ip: endpoint.ip, port: to.port, endpoint });
				}
			// Ordered as strings, as the slice cache does: 10.0.0.10:80 comes before 10.0.0.2:80.
			const endpoints = [...found]
				.sort(([a], [b]) => compare(a, b))
				.map(([text, { ip, port: number, endpoint }]) => ({
					ip,
					port: number,
					text,
					nodeName: endpoint.nodeName,
					ready: endpoint.ready,
					serving: endpoint.serving,
					terminating: endpoint.terminating,
					chain: endpointChain(name, l4.module, text),
				}));
			endpointCount += endpoints.length;
			const info: ServicePortInfo = {
				name,
				l4,
				clusterIP: service.clusterIP,
				port: port.port,
				nodePort: port.nodePort,
				externalIPs: service.externalIPs,
				loadBalancerVIPs: service.loadBalancerIngress,
				sourceRanges: service.loadBalancerSourceRanges,
				...(service.sessionAffinity === 'ClientIP' ? { affinitySeconds: service.sessionAffinityTimeout } : {}),
				type: service.type,
				externalPolicyLocal: service.externalTrafficPolicy === 'Local',
				internalPolicyLocal: service.internalTrafficPolicy === 'Local',
				healthCheckNodePort:
					service.type === 'LoadBalancer' && service.externalTrafficPolicy === 'Local'
						? service.healthCheckNodePort
						: 0,
				exposure: service.exposure,
				endpoints,
				chains: serviceChains(name, l4.module),
			};
			ports.push(info);
		}
	}
	ports.sort((a, b) => compare(a.name, b.name) || compare(a.l4.module, b.l4.module));
	return { ports, large: endpointCount > LARGE_CLUSTER_ENDPOINTS };
};
