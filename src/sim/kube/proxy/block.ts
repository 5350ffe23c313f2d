/** What one service port adds to the rules: a block, the same on all nodes unless a policy is Local. */
import type { Chain, Rule } from './netfilter.ts';

export interface Block {
	/** nat KUBE-SERVICES. */
	readonly services: Rule[];
	/** nat KUBE-NODEPORTS. */
	readonly nodePorts: Rule[];
	/** nat chains of the service's own. */
	readonly chains: Map<string, Rule[]>;
	/** filter KUBE-SERVICES. */
	readonly filterServices: Rule[];
	/** filter KUBE-EXTERNAL-SERVICES. */
	readonly filterExternal: Rule[];
	/** filter KUBE-NODEPORTS. */
	readonly filterNodePorts: Rule[];
	/** filter KUBE-PROXY-FIREWALL. */
	readonly filterFirewall: Rule[];
}

export const newBlock = (): Block => ({
	services: [],
	nodePorts: [],
	chains: new Map(),
	filterServices: [],
	filterExternal: [],
	filterNodePorts: [],
	filterFirewall: [],
});

/** The rules of a chain of the block; the chain comes into being. */
export const chainOf = (block: Block, name: string): Rule[] => {
	let rules = block.chains.get(name);
	if (!rules) {
		rules = [];
		block.chains.set(name, rules);
	}
	return rules;
};

export const chainsOf = (block: Block): Chain[] => {
	const chains: Chain[] = [];
	for (const [name, rules] of block.chains) chains.push({ name, rules });
	return chains;
};
