/**
 * Rules that somebody wrote on a node by hand, kept while kube-proxy, the kubelet and the agent write theirs: each of them
 * rewrites its own chains and sees to the jumps there, and leaves the rest (kubernetes pkg/proxy/iptables/proxier.go
 * syncProxyRules(): iptables-restore --noflush, EnsureRule @ v1.24.0). Chains of an agent that were changed stay changed
 * until it writes another rule into them.
 */
import type { Ruleset } from '../../linux/index.ts';
import { mergeRules } from './hand-rules-merge.ts';

/** What the node's own programs had written when somebody changed it. */
const written = new WeakMap<Ruleset, Ruleset>();

/** Says that `next` is `was` after somebody's change. */
export function changedByHand(next: Ruleset, was: Ruleset): Ruleset {
	written.set(next, written.get(was) ?? was);
	return next;
}

/**
 * What a node has after its programs wrote `next`; undefined when nobody had changed what was there.
 *
 * @param proxied whether kube-proxy runs, and writes its chains anew with every change
 */
export function withHandRules(current: Ruleset, next: Ruleset, proxied: boolean): Ruleset | undefined {
	const before = written.get(current);
	if (!before) return undefined;
	const merged = mergeRules(before, current, next, proxied);
	written.set(merged, next);
	return merged;
}

/** What a node has once kube-proxy wrote its rules over somebody's change; undefined when nobody had changed them. */
export function writtenAnew(current: Ruleset): Ruleset | undefined {
	const own = written.get(current);
	return own && withHandRules(current, own, true);
}
