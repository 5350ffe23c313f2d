/** NetworkPolicies and PodDisruptionBudgets. Source: describe.go @ kubectl v0.24.0. */
import { type ApiObject, formatSelector, labelSelector, parseTime } from '../../../sim/api/index.ts';
import { goTime } from '../../kube/index.ts';
import { type Fields, has, number, sub, subs, text, texts } from '../print/index.ts';
import { type Description, NONE, UNSET } from './description.ts';

/** metav1.FormatLabelSelector */
export const selectorText = (selector: unknown): string => formatSelector(labelSelector(selector)) || NONE;

interface Words {
	readonly isolated: string;
	readonly peers: 'from' | 'to';
	readonly peer: string;
	readonly anywhere: string;
}

const INGRESS: Words = {
	isolated: '<none> (Selected pods are isolated for ingress connectivity)',
	peers: 'from',
	peer: 'From',
	anywhere: 'From: <any> (traffic not restricted by source)',
};
const EGRESS: Words = {
	isolated: '<none> (Selected pods are isolated for egress connectivity)',
	peers: 'to',
	peer: 'To',
	anywhere: 'To: <any> (traffic not restricted by destination)',
};

function describeRules(d: Description, rules: readonly Fields[], words: Words): void {
	if (rules.length === 0) d.put(2, `${words.isolated}\n`);
	for (const [i, rule] of rules.entries()) {
		const ports = subs(rule, 'ports');
		if (ports.length === 0) d.put(2, 'To Port: <any> (traffic allowed to all ports)\n');
		// A port that is not given is Go's nil there.
		for (const port of ports)
			d.put(2, `To Port: ${has(port, 'port') ? text(port, 'port') : '<nil>'}/${text(port, 'protocol') || 'TCP'}\n`);
		const peers = subs(rule, words.peers);
		if (peers.length === 0) d.put(2, `${words.anywhere}\n`);
		for (const peer of peers) {
			d.put(2, `${words.peer}:\n`);
			if (has(peer, 'namespaceSelector')) d.put(3, `NamespaceSelector: ${selectorText(peer.namespaceSelector)}\n`);
			if (has(peer, 'podSelector')) d.put(3, `PodSelector: ${selectorText(peer.podSelector)}\n`);
			if (has(peer, 'podSelector') || has(peer, 'namespaceSelector') || !has(peer, 'ipBlock')) continue;
			d.put(3, 'IPBlock:\n');
			d.put(4, `CIDR: ${text(peer, 'ipBlock', 'cidr')}\n`);
			d.put(4, `Except: ${texts(peer, 'ipBlock', 'except').join(', ')}\n`);
		}
		if (i < rules.length - 1) d.put(2, '----------\n');
	}
}

export function describeNetworkPolicy(d: Description, policy: ApiObject): void {
	const { metadata } = policy;
	const spec = sub(policy, 'spec');
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	d.line(0, 'Created on', goTime((parseTime(metadata.creationTimestamp) ?? 0) * 1e6));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.put(0, 'Spec:\n');
	const pods = selectorText(spec.podSelector);
	d.put(
		1,
		`PodSelector:     ${pods === NONE ? '<none> (Allowing the specific traffic to all pods in this namespace)' : pods}\n`,
	);
	const types = texts(spec, 'policyTypes');
	if (types.includes('Ingress')) {
		d.put(1, 'Allowing ingress traffic:\n');
		describeRules(d, subs(spec, 'ingress'), INGRESS);
	} else d.put(1, 'Not affecting ingress traffic\n');
	if (types.includes('Egress')) {
		d.put(1, 'Allowing egress traffic:\n');
		describeRules(d, subs(spec, 'egress'), EGRESS);
	} else d.put(1, 'Not affecting egress traffic\n');
	d.put(1, `Policy Types: ${types.join(', ') || NONE}\n`);
}

export function describePodDisruptionBudget(d: Description, budget: ApiObject): void {
	const spec = sub(budget, 'spec');
	d.line(0, 'Name', budget.metadata.name);
	d.line(0, 'Namespace', budget.metadata.namespace);
	if (has(spec, 'minAvailable')) d.line(0, 'Min available', text(spec, 'minAvailable'));
	else d.optional(0, 'Max unavailable', text(spec, 'maxUnavailable'));
	d.line(0, 'Selector', has(spec, 'selector') ? selectorText(spec.selector) : UNSET);
	d.put(0, 'Status:\n');
	for (const [label, key] of [
		['Allowed disruptions', 'disruptionsAllowed'],
		['Current', 'currentHealthy'],
		['Desired', 'desiredHealthy'],
		['Total', 'expectedPods'],
	] as const)
		d.line(2, label, number(budget, 'status', key));
	d.events(budget);
}
