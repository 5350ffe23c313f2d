/** Conditions that keep a number between packets: `-m limit`, `-m statistic --mode nth`. */
import type { NetfilterContext } from './context.ts';
import type { Match } from './types.ts';

export type CountedMatch = Extract<Match, { kind: 'limit' | 'nth' }>;

/** Ticks of `cost` in microseconds (XT_LIMIT_SCALE). */
const TICK = 100;

/**
 * Whether the condition holds now, which it takes note of in `Namespace.ruleState`, by the rule's own match.
 *
 * Source: net/netfilter/xt_limit.c (a bucket of `burst` packets that fills with time), xt_statistic.c and
 * libxt_statistic.c (the counter begins so that packet `packet` is the first to match) @ v5.15, 1.8.7.
 */
export function matchCounted(match: CountedMatch, { net, ns }: NetfilterContext): boolean {
	const state = ns.ruleState.get(match);
	if (match.kind === 'nth') {
		const last = match.every - 1;
		const count = state ? state[0] : last - match.packet;
		const next = count === last ? 0 : count + 1;
		ns.ruleState.set(match, [next, net.now]);
		return (next === 0) !== (match.invert ?? false);
	}
	const cost = match.cost * TICK;
	const full = cost * match.burst;
	const credit = state ? Math.min(full, state[0] + net.now - state[1]) : full;
	const passes = credit >= cost;
	ns.ruleState.set(match, [passes ? credit - cost : credit, net.now]);
	return passes;
}
