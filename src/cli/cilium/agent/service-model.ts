/**
 * models.Service of a frontend: pkg/loadbalancer/loadbalancer.go SVC.GetModel() @ v1.12.1, v1.16.15,
 * pkg/loadbalancer/frontend.go ToModel() @ v1.18.3.
 */
import type { Lb4Backend } from '../../../sim/cilium/index.ts';
import { list, type Service } from '../../../sim/kube/index.ts';
import { formatIp, type Ip } from '../../../sim/wire/index.ts';
import type { Agent } from './context.ts';
import { NIL, NO_TEXT, orEmpty, orZero, UNSET } from './go-output.ts';

export interface FrontendView {
	readonly id: number;
	readonly address: Ip;
	readonly port: number;
	/** 0 where the key has none. */
	readonly proto: number;
	readonly internal: boolean;
	/** `NodePort`. */
	readonly type: string;
	readonly backends: readonly Lb4Backend[];
}

const STATES = ['active', 'terminating', 'quarantined', 'maintenance'];
const protocol = (proto: number): string => (proto === 17 ? 'UDP' : proto === 6 ? 'TCP' : 'ANY');

/** Whose frontend it is. */
function serviceOf(agent: Agent, { address, port, type }: FrontendView): Service | undefined {
	const services = list(agent.cluster.world().snapshot, 'Service');
	return services.find((service) =>
		service.ports.some((p) =>
			type === 'NodePort'
				? p.nodePort === port
				: p.port === port &&
					(service.clusterIP === address ||
						service.externalIPs.includes(address) ||
						service.loadBalancerIngress.includes(address)),
		),
	);
}

/** Node of an address of a pod or a node. */
function nodeNameOf(agent: Agent, service: Service | undefined, ip: Ip): string {
	if (!service) return '';
	for (const slice of list(agent.cluster.world().snapshot, 'EndpointSlice')) {
		if (slice.service !== service.metadata.name || slice.metadata.namespace !== service.metadata.namespace) continue;
		const found = slice.endpoints.find((endpoint) => endpoint.ip === ip);
		if (found) return found.nodeName;
	}
	return '';
}

export function serviceModel(agent: Agent, frontend: FrontendView): object {
	const { minor } = agent;
	const service = serviceOf(agent, frontend);
	const external = service?.externalTrafficPolicy ?? 'Cluster';
	const weighted = minor >= 13;
	const spec = {
		'backend-addresses': frontend.backends.map((backend) => ({
			ip: formatIp(backend.address),
			nodeName: orEmpty(nodeNameOf(agent, service, backend.address)),
			port: orZero(backend.port),
			preferred: minor >= 18 ? true : UNSET,
			...(minor >= 17 && { protocol: protocol(backend.proto) }),
			state: STATES[backend.state],
			...(weighted ? { weight: 100 } : { weight: NIL }),
			...(minor >= 16 && { zone: NO_TEXT }),
		})),
		flags: {
			...(minor >= 15 && { cluster: NO_TEXT }),
			...(minor >= 13 && { extTrafficPolicy: external }),
			healthCheckNodePort: orZero(service?.healthCheckNodePort ?? 0),
			...(minor >= 13 && { intTrafficPolicy: service?.internalTrafficPolicy ?? 'Cluster' }),
			name: orEmpty(service?.metadata.name ?? ''),
			namespace: orEmpty(service?.metadata.namespace ?? ''),
			natPolicy: NO_TEXT,
			trafficPolicy: external,
			type: frontend.type,
		},
		'frontend-address': {
			ip: formatIp(frontend.address),
			port: orZero(frontend.port),
			protocol: minor >= 17 ? protocol(frontend.proto) : NO_TEXT,
			scope: frontend.internal ? 'internal' : 'external',
		},
		id: orZero(frontend.id),
		updateServices: UNSET,
	};
	return { spec, status: { realized: spec } };
}
