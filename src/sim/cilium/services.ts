/**
 * What the agent writes of services while kube-proxy replacement is off: ClusterIPs, which it balances for pods in
 * any case. NodePorts, external addresses and load balancers stay with kube-proxy. pkg/service @ v1.12.1, v1.18.
 */
import type { ProxyEndpoint, ProxyState } from '../kube/index.ts';
import type { Namespace } from '../linux/index.ts';
import type { LbAffinityMatch } from './maps/affinity.ts';
import type { CiliumMaps } from './maps/index.ts';
import { type Lb4Backend, type Lb4Key, type Lb4ReverseNat, type Lb4Service, SCOPE_EXT } from './maps/services.ts';

/** Active backends; when there is none, those that end but still serve. */
const usable = (endpoints: readonly ProxyEndpoint[]): readonly ProxyEndpoint[] => {
	const ready = endpoints.filter((endpoint) => endpoint.ready);
	return ready.length > 0 ? ready : endpoints.filter((endpoint) => endpoint.serving && endpoint.terminating);
};

/** Fills cilium_lb4_services_v2, _backends and _reverse_nat of one node. Numbers go in order of the services' names. */
export const programServices = (ns: Namespace, maps: CiliumMaps, state: ProxyState, nodeName: string): void => {
	const { internalTrafficPolicy, protocolInKey: withProtocol } = maps.features;
	const services: [Lb4Key, Lb4Service][] = [];
	const backends: [number, Lb4Backend][] = [];
	const matches: [LbAffinityMatch, true][] = [];
	const reverse: [number, Lb4ReverseNat][] = [];
	const ids = new Map<string, number>();
	state.ports.forEach((info, i) => {
		const revNatIndex = i + 1;
		let endpoints = info.endpoints;
		if (internalTrafficPolicy && info.internalPolicyLocal)
			endpoints = endpoints.filter((endpoint) => endpoint.nodeName === nodeName);
		const chosen = usable(endpoints);
		const key = {
			address: info.clusterIP,
			port: info.port,
			proto: withProtocol ? info.l4.number : 0,
			scope: SCOPE_EXT,
		} as const;
		const plain = { algorithm: 0, qcount: 0, flags: info.affinitySeconds ? 0x10 : 0, flags2: 0 } as const;
		const affinityTimeout = info.affinitySeconds ?? 0;
		services.push([
			{ ...key, slot: 0 },
			{ ...plain, backendId: 0, count: chosen.length, revNatIndex, affinityTimeout },
		]);
		chosen.forEach((endpoint, slot) => {
			const name = `${endpoint.text}/${info.l4.module}`;
			let backendId = ids.get(name);
			if (backendId === undefined) {
				backendId = ids.size + 1;
				ids.set(name, backendId);
				backends.push([
					backendId,
					{ address: endpoint.ip, port: endpoint.port, proto: withProtocol ? info.l4.number : 0, state: 0 },
				]);
			}
			if (affinityTimeout > 0) matches.push([{ backendId, revNatIndex }, true]);
			services.push([
				{ ...key, slot: slot + 1 },
				{ ...plain, backendId, count: 0, revNatIndex, affinityTimeout: 0 },
			]);
		});
		reverse.push([revNatIndex, { address: info.clusterIP, port: info.port }]);
	});
	maps.services.replace(ns, services);
	maps.backends.replace(ns, backends);
	maps.affinityMatch.replace(ns, matches);
	maps.reverseNat.replace(ns, reverse);
};
