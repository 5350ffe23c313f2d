import type { Plugin } from 'vite';

/**
 * What stands in the place of what in the browser's build of `src/sim/world`: Cilium comes when a bundle has it, and
 * rules as text stay with the lab.
 */
const INSTEAD: Readonly<Record<string, string>> = {
	'./cilium.ts': './cilium-later.ts',
	'./rules-text.ts': './rules-text-none.ts',
};

/** Makes the first load of the simulator smaller by a third. */
export function smallerWorld(): Plugin {
	return {
		name: 'packetwalk:smaller-world',
		enforce: 'pre',
		resolveId(source, importer) {
			const other = INSTEAD[source];
			if (this.environment.name !== 'client' || !other || !importer?.includes('/sim/world/')) return;
			return this.resolve(other, importer, { skipSelf: true });
		},
	};
}
