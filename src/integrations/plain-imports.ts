import type { Plugin } from 'vite';

/** Vite's module around each `import()`. */
const HELPER = '\0vite/preload-helper.js';

/**
 * An `import()` is only that. Vite would first preload what a chunk needs and its style sheets; here the registry
 * fetches what a chunk needs (`portable/runtime.ts`), and every style is in the page from the start.
 */
export function plainImports(): Plugin {
	return {
		name: 'packetwalk:plain-imports',
		enforce: 'pre',
		load(id) {
			if (this.environment.name === 'client' && id === HELPER) return 'export const __vitePreload = (load) => load();';
		},
	};
}
