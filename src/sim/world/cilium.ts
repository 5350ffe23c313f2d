/**
 * Cilium as the World uses it. In the browser `cilium-later.ts` stands in its place (`src/integrations/smaller-world.ts`):
 * most bundles of a lesson have no Cilium, and its programs are a third of the simulator.
 */
export {
	type CiliumError,
	type CiliumList,
	type CiliumMessage,
	type CiliumSettings,
	ciliumList,
	ciliumSettings,
	createCilium,
	findsApiServer,
	HELM_KEYS,
	isCiliumError,
	nativeRoutingValues,
	type Printed,
} from '../cilium/index.ts';

/** Whether a World with Cilium can be made now. */
export const hasCilium = (): boolean => true;

/** Resolves when it can. */
export const loadCilium = (): Promise<void> => Promise.resolve();
