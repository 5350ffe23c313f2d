/**
 * `fragment.ts` for the browser (`src/integrations/smaller-world.ts`): fragments are cut from octets, and writing and
 * reading octets is fetched with what may need it. Presets without Cilium have one MTU everywhere and no longer
 * datagrams.
 */
import type * as Fragments from './fragment.ts';

export let fragment: typeof Fragments.fragment = missing;
export let reassemble: typeof Fragments.reassemble = missing;

function missing(): never {
	throw new Error('loadFragments() first');
}

/** Resolves when datagrams can be cut. The import is literal: the build makes it a file of its own. */
export const loadFragments = async (): Promise<void> => {
	({ fragment, reassemble } = await import('./fragment.ts'));
};
