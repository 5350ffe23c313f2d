/** Short ways to write Kubernetes objects in tests. */
import type { EndpointSlice, Node, Pod, Service, ServicePort } from '../../../../src/sim/kube/index.ts';
import { type Ip, type Prefix, parseIp, parsePrefix } from '../../../../src/sim/wire/index.ts';

export const ip = (text: string): Ip => {
	const value = parseIp(text);
	if (value === undefined) throw new Error(`not an address: ${text}`);
	return value;
};

export const prefix = (text: string): Prefix => {
	const value = parsePrefix(text);
	if (value === undefined) throw new Error(`not a prefix: ${text}`);
	return value;
};

/** A draw that is the same for the same key: a small hash, good enough for tests. */
export const random = (purpose: string, key: string, bound: number): number => {
	let hash = 7;
	for (const c of purpose + key) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) >>> 0;
	return hash % bound;
};

const meta = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
	name,
	namespace,
	labels,
	uid: `${namespace}/${name}`,
	creationTimestamp: 0,
});

export const node = (name: string, address: string, podCIDR: string, more: Partial<Node> = {}): Node => ({
	kind: 'Node',
	metadata: meta('', name),
	podCIDR: prefix(podCIDR),
	internalIP: ip(address),
	ready: true,
	unschedulable: false,
	taints: [],
	...more,
});

export const pod = (name: string, more: Partial<Pod> = {}, labels: Record<string, string> = { app: 'web' }): Pod => ({
	kind: 'Pod',
	metadata: meta('default', name, labels),
	hostNetwork: false,
	ready: true,
	serving: true,
	ports: [],
	...more,
});

/** `name/protocol:port->targetPort@nodePort` would be shorter still; an object reads better. */
export const port = (more: Partial<ServicePort> & { port: number }): ServicePort => ({
	name: '',
	protocol: 'TCP',
	targetPort: more.port,
	nodePort: 0,
	...more,
});

export const service = (
	key: string,
	clusterIP: string,
	ports: readonly ServicePort[],
	more: Partial<Service> = {},
): Service => {
	const [namespace, name] = key.split('/') as [string, string];
	return {
		kind: 'Service',
		metadata: meta(namespace, name),
		type: 'ClusterIP',
		clusterIP: ip(clusterIP),
		ports,
		selector: { app: name },
		externalIPs: [],
		loadBalancerIngress: [],
		loadBalancerSourceRanges: [],
		externalTrafficPolicy: 'Cluster',
		internalTrafficPolicy: 'Cluster',
		sessionAffinity: 'None',
		sessionAffinityTimeout: 10800,
		healthCheckNodePort: 0,
		...more,
	};
};

/** Condition of an endpoint: `!` after the node is terminating but serving, `x` is terminating and not serving. */
export interface TestEndpoint {
	readonly ip: string;
	readonly node: string;
	readonly state?: 'ready' | 'serving' | 'gone' | 'unready';
}

export const slice = (
	key: string,
	ports: readonly { readonly name?: string; readonly port: number; readonly protocol?: ServicePort['protocol'] }[],
	endpoints: readonly TestEndpoint[],
): EndpointSlice => {
	const [namespace, name] = key.split('/') as [string, string];
	return {
		kind: 'EndpointSlice',
		metadata: meta(namespace, `${name}-1`),
		service: name,
		ports: ports.map((p) => ({ name: p.name ?? '', port: p.port, protocol: p.protocol ?? 'TCP' })),
		endpoints: endpoints.map((endpoint, i) => {
			const state = endpoint.state ?? 'ready';
			return {
				ip: ip(endpoint.ip),
				nodeName: endpoint.node,
				ready: state === 'ready',
				serving: state === 'ready' || state === 'serving',
				terminating: state === 'serving' || state === 'gone',
				podName: `${name}-${i}`,
			};
		}),
	};
};
