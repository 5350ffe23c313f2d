/** What the programs of a node know of addresses and devices: whose they are. */
import { identityOfMark, ipcacheLookup4 } from '../../../../sim/cilium/index.ts';
import { deviceByName, type Namespace } from '../../../../sim/linux/index.ts';
import type { Headers } from '../../../../sim/trace/index.ts';
import type { Ip } from '../../../../sim/wire/index.ts';
import { type Agent, type EndpointView, endpointsOf } from '../context.ts';

export interface NodeView {
	readonly host: EndpointView;
	readonly byIp: ReadonlyMap<Ip, EndpointView>;
	/** Endpoints by the name of the node's end of their veth pairs. */
	readonly byDev: ReadonlyMap<string, EndpointView>;
	/** Identity of an address in the ipcache; the world's where it knows none. */
	identityFor(ip: Ip): number;
	indexOf(dev: string): number;
	/** resolve_srcid_ipv4(): what the packet says of its sender, or whoever the ipcache knows. */
	resolve(head: Headers, said: number): number;
	/** Who sends what is about to leave the node: by its mark, or by its address, before it is translated. */
	senderOf(head: Headers): number;
}

/** A node as its agent's maps have it now. `ns` is its namespace, to be read only. */
export function nodeView(agent: Agent, ns: Namespace): NodeView {
	const endpoints = endpointsOf(agent);
	const byIp = new Map(endpoints.map((e) => [e.ip ?? 0, e] as const));
	const byDev = new Map<string, EndpointView>();
	for (const [ip, info] of agent.maps.lxc.dump(ns)) {
		const dev = ns.devices.get(info.ifindex);
		const endpoint = byIp.get(ip);
		if (dev && endpoint) byDev.set(dev.name, endpoint);
	}
	const identityFor = (ip: Ip): number => ipcacheLookup4(agent.maps.ipcache, ns, ip)?.identity ?? 2;
	return {
		host: endpoints.find(({ kind }) => kind === 'host')!,
		byIp,
		byDev,
		identityFor,
		indexOf: (dev) => deviceByName(ns, dev)?.ifindex ?? 0,
		resolve(head, said) {
			if (said > 2 && said !== 6) return said;
			const known = ipcacheLookup4(agent.maps.ipcache, ns, head.src)?.identity ?? 0;
			return known > 1 ? known : said || 2;
		},
		senderOf: (head) => identityOfMark(head.mark) ?? identityFor(head.src),
	};
}
