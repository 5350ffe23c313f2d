/**
 * What the agent writes of services while kube-proxy replacement is off: ClusterIPs, which it balances for pods in
 * any case. NodePorts, external addresses and load balancers stay with kube-proxy. pkg/service @ v1.12.1, v1.18.
 */
import type { ProxyEndpoint, ProxyState } from '../kube/index.ts';
import type { Namespace } from '../linux/index.ts';
import { features, minorOf } from './features.ts';
import {
	type Lb4Backend,
	type Lb4Key,
	type Lb4Service,
	lb4Backends,
	lb4ReverseNat,
	lb4Services,
} from './maps/services.ts';
import type { CiliumSettings } from './settings.ts';

/** Active backends; when there is none, those that end but still serve. */
const usable = (endpoints: readonly ProxyEndpoint[]): readonly ProxyEndpoint[] => {
	const ready = endpoints.filter((endpoint) => endpoint.ready);
	return ready.length > 0 ? ready : endpoints.filter((endpoint) => endpoint.serving && endpoint.terminating);
};

/** Fills cilium_lb4_services_v2, _backends and _reverse_nat of one node. Numbers go in order of the services' names. */
export const programServices = (ns: Namespace, settings: CiliumSettings, state: ProxyState, nodeName: string): void => {
	const { internalTrafficPolicy } = features(settings.version);
	const withProtocol = minorOf(settings.version) >= 17;
	const services: [Lb4Key, Lb4Service][] = [];
	const backends: [number, Lb4Backend][] = [];
	const reverse: [number, Lb4Backend][] = [];
	const ids = new Map<string, number>();
	state.ports.forEach((info, i) => {
		const revNatIndex = i + 1;
		let endpoints = info.endpoints;
		if (internalTrafficPolicy && info.internalPolicyLocal)
			endpoints = endpoints.filter((endpoint) => endpoint.nodeName === nodeName);
		const chosen = usable(endpoints);
		const key = { address: info.clusterIP, port: info.port, proto: withProtocol ? info.l4.number : 0 };
		const affinityTimeout = info.affinitySeconds ?? 0;
		services.push([
			{ ...key, slot: 0 },
			{ backendId: 0, count: chosen.length, revNatIndex, affinityTimeout },
		]);
		chosen.forEach((endpoint, slot) => {
			const name = `${endpoint.text}/${info.l4.module}`;
			let backendId = ids.get(name);
			if (backendId === undefined) {
				backendId = ids.size + 1;
				ids.set(name, backendId);
				backends.push([backendId, { address: endpoint.ip, port: endpoint.port }]);
			}
			services.push([
				{ ...key, slot: slot + 1 },
				{ backendId, count: 0, revNatIndex, affinityTimeout: 0 },
			]);
		});
		reverse.push([revNatIndex, { address: info.clusterIP, port: info.port }]);
	});
	lb4Services.replace(ns, services);
	lb4Backends.replace(ns, backends);
	lb4ReverseNat.replace(ns, reverse);
};
