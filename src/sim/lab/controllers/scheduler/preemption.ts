/** Pods of a lower priority that would have to go (pkg/scheduler/framework/preemption @ v1.24.0). */
import type { Node, Pod } from '../../cluster/kinds.ts';
import { on, type Refusal, refusal, type Scene } from './filters.ts';

export const priorityOf = (pod: Pod): number => Number(pod.spec.priority ?? 0);

export interface Preemption {
	readonly node: Node;
	readonly victims: readonly Pod[];
}

/**
 * Pods that others made room for and that matter at least as much, as if they were on their nodes already: nobody takes
 * the place meanwhile (pkg/scheduler/framework/runtime/framework.go RunFilterPluginsWithNominatedPods()).
 */
export const nominatedFor = (pod: Pod, pods: readonly Pod[]): readonly Pod[] =>
	pods.flatMap((other): Pod[] => {
		const { nominatedNodeName } = (other.status ?? {}) as { readonly nominatedNodeName?: string };
		if (!nominatedNodeName || other.spec.nodeName !== undefined || other.metadata.uid === pod.metadata.uid) return [];
		if (priorityOf(other) < priorityOf(pod)) return [];
		return [{ ...other, spec: { ...other.spec, nodeName: nominatedNodeName } }];
	});

/** The node where least is lost, and who has to go there; undefined when that would not help anywhere. */
export function preempt(
	pod: Pod,
	refusals: readonly (readonly [node: Node, why: Refusal])[],
	scene: Scene,
): Preemption | undefined {
	if (pod.spec.preemptionPolicy === 'Never') return undefined;
	const found = refusals.flatMap(([node, { resolvable }]): Preemption[] => {
		if (!resolvable) return [];
		const lower = on(node, scene.placed).filter((p) => priorityOf(p) < priorityOf(pod));
		if (lower.length === 0) return [];
		const without = (gone: readonly Pod[]): Scene => ({
			...scene,
			placed: scene.placed.filter((p) => !gone.includes(p)),
		});
		if (refusal(pod, node, without(lower))) return [];
		// Those that may stay, the most important first, are left where they are.
		let victims: readonly Pod[] = lower;
		for (const kept of [...lower].sort((a, b) => priorityOf(b) - priorityOf(a) || older(a, b))) {
			const fewer = victims.filter((p) => p !== kept);
			if (!refusal(pod, node, without(fewer))) victims = fewer;
		}
		return [{ node, victims }];
	});
	const highest = ({ victims }: Preemption): number => Math.max(...victims.map(priorityOf));
	return found.sort((a, b) => highest(a) - highest(b) || a.victims.length - b.victims.length)[0];
}

const older = (a: Pod, b: Pod): number =>
	a.metadata.creationTimestamp < b.metadata.creationTimestamp
		? -1
		: a.metadata.creationTimestamp > b.metadata.creationTimestamp
			? 1
			: 0;

const OF_THE_POD = /^(?:persistentvolumeclaim |pod has unbound immediate|waiting for ephemeral volume|PVC )/;

/**
 * `0/4 nodes are available: 1 node(s) had untolerated taint {…}, 3 Insufficient cpu. preemption: 0/4 nodes are available:
 * …`, the second sentence from 1.24 (framework/types.go FitError.Error()). It is there when no room was made.
 *
 * @param room whether room is made now, was made before and is waited for, is never made for this pod, or cannot be made
 */
export function fitError(
	refusals: readonly Refusal[],
	minor: number,
	room: 'made' | 'waits' | 'never' | 'none',
): string {
	const total = refusals.length;
	if (total === 0) return 'no nodes available to schedule pods';
	const histogram = (words: readonly string[]): string => {
		const counts = new Map<string, number>();
		for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
		return [...counts]
			.map(([word, n]) => `${n} ${word}`)
			.sort()
			.join(', ');
	};
	const reasons = refusals.flatMap((refused) => refused.reasons);
	// What keeps a pod from all nodes alike is found before they are looked at, and not counted from 1.25.
	const whole = minor >= 25 && reasons.every((word) => OF_THE_POD.test(word));
	const main = `0/${total} nodes are available: ${whole ? reasons[0] : histogram(reasons)}.`;
	if (minor < 24 || room === 'made') return main;
	// What the plugin of dynamic resources has to say comes first, where it is on by default.
	const lead = minor >= 34 ? 'no new claims to deallocate, preemption' : 'preemption';
	// Not eligible: a reason is given from 1.25 on (plugins/defaultpreemption PodEligibleToPreemptOthers()).
	if (room !== 'none') {
		const why = room === 'never' ? 'preemptionPolicy=Never' : 'a terminating pod on the nominated node';
		return minor < 25 ? main : `${main} ${lead}: not eligible due to ${why}.`;
	}
	const preemption = histogram(
		refusals.map(({ resolvable }) =>
			resolvable ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
		),
	);
	return `${main} ${lead}: 0/${total} nodes are available: ${preemption}.`;
}
