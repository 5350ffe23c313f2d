/** What functions of a set of templates are. */
import type { Data } from './values.ts';

/** What a function refuses: `error calling NAME: …`. */
export class CallError extends Error {}

/**
 * A function: `types` has a letter for each argument: any, string, int (bigint), integer of 64 bits, list, map, float,
 * bool; `*` after the last one when it may come any number of times.
 */
export interface TypedFunction {
	readonly types: string;
	call(...args: Data[]): Data;
}

export type Functions = Readonly<Record<string, TypedFunction>>;
