/**
 * Why a node does not take a pod: the words of the first filter that refuses, in the order of the default plugins.
 *
 * Source: kubernetes pkg/scheduler/framework/plugins/{nodeunschedulable,nodename,tainttoleration,nodeaffinity,nodeports,
 * noderesources,volumebinding,podtopologyspread,interpodaffinity} @ v1.24.0.
 */
import {
	isDone,
	type LabelSelector,
	type Node,
	type Pod,
	type PodAffinityTerm,
	selectorMatches,
} from '../../cluster/kinds.ts';
import { matchesNodeSelection, untolerated } from '../node-fit.ts';
import { missingResources } from './resources.ts';

export interface Refusal {
	readonly reasons: readonly string[];
	/** Whether fewer pods on the node would help. */
	readonly resolvable: boolean;
}

/** The cluster as one attempt sees it. */
export interface Scene {
	readonly minor: number;
	readonly nodes: readonly Node[];
	/** All pods that have a node and are not over. */
	readonly placed: readonly Pod[];
	/** Why the pod's volumes keep it from a node. */
	volumes(pod: Pod, node: Node): string | undefined;
}

const never = (reason: string): Refusal => ({ reasons: [reason], resolvable: false });
const perhaps = (...reasons: string[]): Refusal => ({ reasons, resolvable: true });

export const on = (node: Node, placed: readonly Pod[]): readonly Pod[] =>
	placed.filter((pod) => pod.spec.nodeName === node.metadata.name);

/** `80/TCP` of ports a pod takes of its node. */
const portsOf = ({ spec }: Pod): readonly string[] =>
	spec.containers.flatMap((c) =>
		(c.ports ?? []).flatMap((p) => {
			const port = p.hostPort ?? (spec.hostNetwork ? p.containerPort : undefined);
			return port ? [`${port}/${p.protocol ?? 'TCP'}`] : [];
		}),
	);

/** Whether a term of a pod means another: its namespace, or those the term names; its labels. */
export const means = (owner: Pod, term: PodAffinityTerm, other: Pod): boolean =>
	(term.namespaces && term.namespaces.length > 0
		? term.namespaces.includes(other.metadata.namespace ?? '')
		: other.metadata.namespace === owner.metadata.namespace) &&
	selectorMatches(term.labelSelector, other.metadata.labels);

const required = (pod: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly PodAffinityTerm[] =>
	pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

export const affinityTerms = (pod: Pod): readonly PodAffinityTerm[] => [
	...required(pod, 'podAffinity'),
	...required(pod, 'podAntiAffinity'),
];

interface Spread {
	readonly maxSkew: number;
	readonly topologyKey: string;
	readonly whenUnsatisfiable?: 'DoNotSchedule' | 'ScheduleAnyway';
	readonly labelSelector?: LabelSelector;
	readonly minDomains?: number;
}

const spreadsOf = (pod: Pod): readonly Spread[] =>
	((pod.spec.topologySpreadConstraints ?? []) as readonly Spread[]).filter(
		(c) => (c.whenUnsatisfiable ?? 'DoNotSchedule') === 'DoNotSchedule',
	);

const domainOf = (node: Node, key: string): string | undefined => node.metadata.labels?.[key];

function spreadRefusal(pod: Pod, node: Node, { nodes, placed }: Scene): Refusal | undefined {
	for (const constraint of spreadsOf(pod)) {
		const { topologyKey: key, maxSkew, labelSelector, minDomains } = constraint;
		const own = domainOf(node, key);
		if (own === undefined)
			return never("node(s) didn't match pod topology spread constraints (missing required label)");
		const counts = new Map<string, number>();
		// Domains are those the pod could go to at all.
		for (const other of nodes) {
			const domain = domainOf(other, key);
			if (domain === undefined || !matchesNodeSelection(pod.spec, other)) continue;
			const matching = on(other, placed).filter(
				(p) =>
					p.metadata.namespace === pod.metadata.namespace &&
					p.metadata.deletionTimestamp === undefined &&
					selectorMatches(labelSelector, p.metadata.labels),
			).length;
			counts.set(domain, (counts.get(domain) ?? 0) + matching);
		}
		const least = minDomains !== undefined && counts.size < minDomains ? 0 : Math.min(...counts.values());
		const self = selectorMatches(labelSelector, pod.metadata.labels) ? 1 : 0;
		if ((counts.get(own) ?? 0) + self - least > maxSkew)
			return perhaps("node(s) didn't match pod topology spread constraints");
	}
	return undefined;
}

function interPodRefusal(pod: Pod, node: Node, { nodes, placed }: Scene): Refusal | undefined {
	/** Pods in the node's part of a topology. */
	const beside = (key: string): readonly Pod[] => {
		const domain = domainOf(node, key);
		if (domain === undefined) return [];
		const names = new Set(nodes.filter((n) => domainOf(n, key) === domain).map((n) => n.metadata.name));
		return placed.filter((p) => names.has(p.spec.nodeName ?? '') && p.metadata.uid !== pod.metadata.uid);
	};
	for (const term of required(pod, 'podAffinity')) {
		if (beside(term.topologyKey).some((p) => means(pod, term, p))) continue;
		// The first of a group that wants to be together may go anywhere.
		const first = !placed.some((p) => means(pod, term, p)) && means(pod, term, pod);
		if (!first || domainOf(node, term.topologyKey) === undefined)
			return never("node(s) didn't match pod affinity rules");
	}
	for (const term of required(pod, 'podAntiAffinity'))
		if (beside(term.topologyKey).some((p) => means(pod, term, p)))
			return perhaps("node(s) didn't match pod anti-affinity rules");
	// A pod that is there keeps away whom it does not want beside it, too.
	for (const other of placed)
		for (const term of required(other, 'podAntiAffinity'))
			if (means(other, term, pod) && beside(term.topologyKey).includes(other))
				return perhaps("node(s) didn't satisfy existing pods anti-affinity rules");
	return undefined;
}

export function refusal(pod: Pod, node: Node, scene: Scene): Refusal | undefined {
	const { spec } = pod;
	const tolerations = spec.tolerations ?? [];
	const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
	if (
		node.spec?.unschedulable &&
		!tolerations.some((t) => t.operator === 'Exists' && (!t.key || t.key === unschedulable.key))
	)
		return never('node(s) were unschedulable');
	const taint = untolerated(tolerations, node, ['NoSchedule', 'NoExecute']);
	if (taint) {
		const text = `{${taint.key}: ${taint.value ?? ''}}`;
		return never(
			scene.minor <= 23
				? `node(s) had taint ${text}, that the pod didn't tolerate`
				: `node(s) had untolerated taint ${text}`,
		);
	}
	if (!matchesNodeSelection(spec, node)) return never("node(s) didn't match Pod's node affinity/selector");
	const here = on(node, scene.placed).filter((p) => !isDone(p));
	if (portsOf(pod).some((port) => here.some((p) => portsOf(p).includes(port))))
		return perhaps("node(s) didn't have free ports for the requested pod ports");
	const missing = missingResources(pod, node, here);
	if (missing.length > 0) return perhaps(...missing);
	const volume = scene.volumes(pod, node);
	if (volume !== undefined) return never(volume);
	return spreadRefusal(pod, node, scene) ?? interPodRefusal(pod, node, scene);
}
