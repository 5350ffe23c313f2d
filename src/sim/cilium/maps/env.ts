import type { Namespace } from '../../linux/index.ts';
import type { CiliumMaps } from './index.ts';

/** What the functions here work on; a program's context is one. */
export interface MapEnv {
	readonly ns: Namespace;
	readonly net: { readonly now: number };
	readonly maps: CiliumMaps;
}
