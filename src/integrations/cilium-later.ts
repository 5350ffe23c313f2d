import type { Plugin } from 'vite';

/** In the browser's build, the World takes Cilium when it is asked for, not with the first load. */
export function ciliumLater(): Plugin {
	return {
		name: 'packetwalk:cilium-later',
		enforce: 'pre',
		resolveId(source, importer) {
			if (this.environment.name !== 'client' || source !== './cilium.ts' || !importer?.includes('/sim/world/')) return;
			return this.resolve('./cilium-later.ts', importer, { skipSelf: true });
		},
	};
}
