/** Time that goes by, and the state that comes of an action. Apart from what sends packets (`apply.ts`). */
import { forkNet, run } from '../linux/index.ts';
import { printable } from './settings.ts';
import { fromLinuxError } from './topology.ts';
import type { Action, Outcome, SimError } from './types.ts';
import type { Moment, World } from './world.ts';

/** States kept for undo. */
export const HISTORY = 50;
/** Events one action may take, unless it is told otherwise. */
export const EVENT_BUDGET = 200_000;
/** Longest `advance`, microseconds: ten days, twice the longest conntrack timeout. */
export const MAX_ADVANCE = 864_000_000_000;

export type Applied = { readonly world: World; readonly outcome?: Outcome } | { readonly error: SimError };

/** The next state: what changed, the action, and the old state kept for undo. */
export function after(world: World, action: Action, changed: Partial<Moment>): World {
	const { past, ...moment } = world;
	return {
		...moment,
		...changed,
		actions: [...world.actions, action],
		past: [...past.slice(-(HISTORY - 1)), moment],
	};
}

/** Lets time go by, and what is due by then happen. */
export function advance(world: World, action: Extract<Action, { kind: 'advance' }>, budget: number): Applied {
	if (!Number.isSafeInteger(action.by) || action.by < 0 || action.by > MAX_ADVANCE)
		return {
			error: { code: 'bad-number', params: { name: 'by', value: printable(action.by), min: 0, max: MAX_ADVANCE } },
		};
	const net = forkNet(world.net);
	const { error } = run(net, { until: net.now + action.by, budget });
	return error ? { error: fromLinuxError(error) } : { world: after(world, action, { net }) };
}
