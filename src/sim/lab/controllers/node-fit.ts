/** Whether a pod may be on a node: selectors, affinity, taints (component-helpers scheduling/corev1 @ v0.24.0). */
import {
	expressionMatches,
	type Node,
	type NodeSelectorTerm,
	type PodSpec,
	type Toleration,
} from '../cluster/kinds.ts';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

export const tolerates = (toleration: Toleration, taint: Taint): boolean =>
	(!toleration.effect || toleration.effect === taint.effect) &&
	(!toleration.key || toleration.key === taint.key) &&
	(toleration.operator === 'Exists' || (!!toleration.key && (toleration.value ?? '') === (taint.value ?? '')));

export const untolerated = (
	tolerations: readonly Toleration[],
	node: Node,
	effects: readonly string[],
): Taint | undefined =>
	(node.spec?.taints ?? []).find(
		(taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
	);

export const toleratesAll = (tolerations: readonly Toleration[], node: Node, effects: readonly string[]): boolean =>
	untolerated(tolerations, node, effects) === undefined;

const termMatches = (term: NodeSelectorTerm, node: Node): boolean =>
	(term.matchExpressions ?? []).every((e) => expressionMatches(e, node.metadata.labels ?? {})) &&
	(term.matchFields ?? []).every((e) => expressionMatches(e, { 'metadata.name': node.metadata.name }));

/** nodeSelector and the required node affinity. */
export const matchesNodeSelection = (spec: PodSpec, node: Node): boolean => {
	const labels = node.metadata.labels ?? {};
	const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
	return (
		Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
		(!terms || terms.some((term) => termMatches(term, node)))
	);
};
