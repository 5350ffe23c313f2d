/** `mixed-cni.ts` for the figures, whose agents are all alike. */
import type * as Mixed from './mixed-cni.ts';

export const mixedCni: typeof Mixed.mixedCni | undefined = undefined;
export const settingsOfNode: typeof Mixed.settingsOfNode | undefined = undefined;
