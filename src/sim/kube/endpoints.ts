/**
 * The EndpointSlice controller: which addresses stand behind a Service and in what condition.
 *
 * Source: kubernetes staging/src/k8s.io/endpointslice/{reconciler,utils}.go @ v1.28; discovery/v1 conditions
 * (`ready` is never true for a terminating pod; `serving` is readiness regardless of termination).
 */
import { fnv32a, safeEncode } from './chance.ts';
import type { Endpoint, EndpointSlice, Pod, Service, ServicePort } from './objects.ts';
import { compare, selects } from './store.ts';

/** `--max-endpoints-per-slice`. */
const MAX_ENDPOINTS = 100;

/** The pod's port a service port leads to; undefined when a named port is not on this pod. */
const targetPort = (port: ServicePort, pod: Pod): number | undefined => {
	if (typeof port.targetPort === 'number') return port.targetPort;
	return pod.ports.find((p) => p.name === port.targetPort && p.protocol === port.protocol)?.containerPort;
};

const endpointOf = (pod: Pod): Endpoint => {
	const terminating = pod.metadata.deletionTimestamp !== undefined;
	return {
		ip: pod.podIP!,
		nodeName: pod.nodeName!,
		ready: pod.ready && !terminating,
		serving: terminating ? pod.serving : pod.ready,
		terminating,
		podName: pod.metadata.name,
	};
};

/**
 * The slices of a Service, from the pods of its namespace. Pods whose named ports resolve differently go to
 * different slices. No selector: none (somebody else writes them). Pods without an address are left out.
 */
export const endpointSlices = (service: Service, pods: readonly Pod[]): readonly EndpointSlice[] => {
	const { name, namespace } = service.metadata;
	if (service.type === 'ExternalName') return [];
	const chosen = pods.filter(
		(pod) =>
			pod.metadata.namespace === namespace &&
			pod.podIP !== undefined &&
			pod.nodeName !== undefined &&
			selects(service.selector, pod.metadata.labels),
	);
	if (Object.keys(service.selector).length === 0) return [];
	const groups = new Map<string, { ports: EndpointSlice['ports'][number][]; endpoints: Endpoint[] }>();
	for (const pod of chosen) {
		const ports: EndpointSlice['ports'][number][] = [];
		for (const port of service.ports) {
			const number = targetPort(port, pod);
			if (number !== undefined) ports.push({ name: port.name, port: number, protocol: port.protocol });
		}
		const key = ports.map((port) => `${port.name}:${port.port}/${port.protocol}`).join(',');
		let group = groups.get(key);
		if (!group) {
			group = { ports, endpoints: [] };
			groups.set(key, group);
		}
		group.endpoints.push(endpointOf(pod));
	}
	// A Service that selects nothing has one slice without endpoints: the placeholder.
	if (groups.size === 0) groups.set('', { ports: [], endpoints: [] });
	const slices: EndpointSlice[] = [];
	for (const [key, group] of [...groups].sort(([a], [b]) => compare(a, b))) {
		group.endpoints.sort((a, b) => a.ip - b.ip);
		for (let from = 0; from === 0 || from < group.endpoints.length; from += MAX_ENDPOINTS) {
			const suffix = safeEncode(String(fnv32a(`${namespace}/${name}|${key}|${from}`))).slice(-5);
			slices.push({
				kind: 'EndpointSlice',
				metadata: {
					name: `${name}-${suffix}`,
					namespace,
					labels: { 'kubernetes.io/service-name': name },
					uid: `${namespace}/${name}-${suffix}`,
					creationTimestamp: service.metadata.creationTimestamp,
					owner: name,
				},
				service: name,
				ports: group.ports,
				endpoints: group.endpoints.slice(from, from + MAX_ENDPOINTS),
			});
		}
	}
	return slices;
};
