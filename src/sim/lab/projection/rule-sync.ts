/**
 * kube-proxy's own look at its rules: nothing tells it that somebody flushed them, and all are written anew half a minute
 * after they were written last; a chain of its own that is gone is noticed in the same time.
 *
 * Source: kubernetes pkg/proxy/iptables/proxier.go NewProxier() (BoundedFrequencyRunner, ipt.Monitor() of
 * KUBE-PROXY-CANARY), pkg/proxy/apis/config/v1alpha1/defaults.go (iptables.syncPeriod) @ v1.24.0.
 */
import { forkNet, setRuleset } from '../../linux/index.ts';
import { nodeNs, type World } from '../../world/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { SECOND } from '../time.ts';
import { writtenAnew } from './hand-rules.ts';

const PERIOD = 30 * SECOND;

/** Answers what is to be told of a World that somebody changed by hand. */
export function createRuleSync(
	{ machines, timeline }: Pick<ClusterContext, 'machines' | 'timeline'>,
	world: { get(): World; set(world: World): void },
): (before: World, after: World) => void {
	const waiting = new Set<string>();
	const ruleset = (of: World, node: string) => of.net.namespaces.get(nodeNs(node))?.ruleset;
	const rewrite = (node: string): void => {
		waiting.delete(node);
		const machine = machines.get(node);
		if (!machine?.running || machine.proxyRules !== 'live') return;
		const now = world.get();
		const current = ruleset(now, node);
		const next = current && writtenAnew(current);
		if (!next) return;
		const net = forkNet(now.net);
		setRuleset(net, nodeNs(node), next);
		world.set({ ...now, net });
	};
	return (before, after) => {
		for (const [node, { proxyRules }] of machines) {
			if (proxyRules !== 'live' || waiting.has(node) || ruleset(before, node) === ruleset(after, node)) continue;
			waiting.add(node);
			const phase = timeline.random('rule sync', node, PERIOD);
			timeline.after(PERIOD - ((timeline.now + PERIOD - phase) % PERIOD), () => rewrite(node));
		}
	};
}
