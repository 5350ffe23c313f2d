import type { Plugin } from 'vite';
import { isTerminals } from './terminal-graph.ts';

/**
 * What stands in the place of what in the browser's build of `src/sim`, by folder: Cilium comes when a bundle has it, without
 * the egress gateway and network policies, the writing and reading of octets with it or when bytes are asked for, and rules as text, objects of one's own and nodes whose agents differ stay with the lab.
 */
const INSTEAD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	world: {
		'./cilium.ts': './cilium-later.ts',
		'./mixed-cni.ts': './mixed-cni-none.ts',
		'./objects-check.ts': './objects-check-none.ts',
		'./rules-text.ts': './rules-text-none.ts',
	},
	'linux/netfilter': {
		'./match-counted.ts': './match-counted-none.ts',
		'./save-print-more.ts': './save-print-more-none.ts',
	},
	wire: { './fragment.ts': './fragment-later.ts' },
	cilium: {
		'./attach.ts': './programs/index.ts',
		'./egress-gateway.ts': './egress-gateway-none.ts',
		'./policy/policy.ts': './policy-none.ts',
	},
	'cilium/print': { '../egress-gateway.ts': '../egress-gateway-none.ts' },
};

/** Makes the first load of the simulator smaller by a third. */
export function smallerWorld(): Plugin {
	return {
		name: 'packetwalk:smaller-world',
		enforce: 'pre',
		resolveId(source, importer) {
			// The lab's world is the whole one.
			if (this.environment.name !== 'client' || !importer || isTerminals(importer)) return;
			const [, folder, file] = /\/sim\/([\w/]+)\/([^/]+)$/.exec(importer) ?? [];
			const other = INSTEAD[folder ?? '']?.[source];
			// What comes later asks for the real thing itself.
			if (!other || other === `./${file}`) return;
			return this.resolve(other, importer, { skipSelf: true });
		},
	};
}
