/** Numbers an agent has for the other nodes, and for each their addresses. pkg/datapath/linux/node_ids.go @ v1.14.13. */
import type { Agent } from './context.ts';

export interface NodeId {
	readonly id: number;
	readonly ips: readonly string[];
}

/** By number; each agent draws its own. */
export function nodeIds({ lab, cluster, state }: Agent): readonly NodeId[] {
	const resource = cluster.api.find('ciliumnodes');
	const used = new Set<number>();
	return (resource ? cluster.api.list(resource) : [])
		.filter(({ metadata }) => metadata.name !== state.node)
		.map(({ metadata, spec }) => {
			let id = 0;
			for (let i = 0; id === 0 || used.has(id); i++)
				id = 1 + lab.random('node id', `${state.node}\0${metadata.name}\0${i}`, 65_535);
			used.add(id);
			const addresses = (spec?.addresses ?? []) as readonly { readonly ip: string }[];
			return { id, ips: addresses.map(({ ip }) => ip) };
		})
		.sort((a, b) => a.id - b.id);
}
