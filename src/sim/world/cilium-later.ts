/** `cilium.ts` for the browser: the same names, bound when `loadCilium` was asked for them. */
import type * as Cilium from '../cilium/index.ts';

export type { CiliumError, CiliumList, CiliumMessage, CiliumSettings, Printed } from '../cilium/index.ts';

export let ciliumList: typeof Cilium.ciliumList;
export let ciliumSettings: typeof Cilium.ciliumSettings;
export let createCilium: typeof Cilium.createCilium;
export let findsApiServer: typeof Cilium.findsApiServer;
export let HELM_KEYS: typeof Cilium.HELM_KEYS = [];
export let isCiliumError: typeof Cilium.isCiliumError;
export let nativeRoutingValues: typeof Cilium.nativeRoutingValues;

let loaded = false;

/** Whether a World with Cilium can be made now. Before that, `createWorld` answers `internal` for such a bundle. */
export const hasCilium = (): boolean => loaded;

/** Resolves when it can. The import is literal: the build makes it a file of its own. */
export const loadCilium = async (): Promise<void> => {
	if (loaded) return;
	const cilium = await import('./cilium.ts');
	({ ciliumList, ciliumSettings, createCilium, findsApiServer, HELM_KEYS, isCiliumError, nativeRoutingValues } =
		cilium);
	loaded = true;
};
