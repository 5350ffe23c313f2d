/** Revisions of an agent's policy repository: pkg/policy/repository.go @ v1.12.1. */
import type { ClusterContext } from '../../cluster/context.ts';
import { all, type Pod } from '../../cluster/kinds.ts';
import type { Machine } from '../../cluster/machine.ts';
import { agentMinor, type CheckedPolicy, importError, importedBy } from '../../projection/policy-errors.ts';

const PLURALS = ['networkpolicies', 'ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies'];
const KINDS: ReadonlySet<string> = new Set(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);

export type Policy = {
	readonly kind: string;
	readonly metadata: Pod['metadata'] & { readonly generation?: number };
};

const policies = ({ api }: ClusterContext): readonly Policy[] => PLURALS.flatMap((plural) => all<Policy>(api, plural));

/** An empty repository is the first; each policy that is there when the agent starts is added. */
export const firstRevision = (cluster: ClusterContext): number =>
	1 + policies(cluster).filter((policy) => errorOf(cluster, policy) === undefined).length;

/** Why the agents do not import it. */
const errorOf = (cluster: ClusterContext, policy: Policy): string | undefined =>
	policy.kind === 'NetworkPolicy' ? undefined : importError(policy as CheckedPolicy, agentMinor(cluster));

/** A policy came or changed (`object`, `old` when it was there), or went (`old` alone). */
export interface PolicyChange {
	readonly object?: Policy;
	readonly old?: Policy;
	/** Why the agent does not import `object`; the repository stays as it is. */
	readonly error?: string;
}

/** A watcher of a machine's agent that calls when a policy came, changed or went; another status is no change. */
export function onPolicy(
	cluster: ClusterContext,
	machine: Machine,
	changed: (change: PolicyChange) => void,
): (event: { readonly type: string; readonly object: object }) => void {
	const there = policies(cluster);
	const known = new Map(there.map((policy) => [policy.metadata.uid, policy]));
	const taken = there.filter((policy) => errorOf(cluster, policy) === undefined);
	const own = importedBy(machine, new Map(taken.map((policy) => [policy.metadata.uid, policy as CheckedPolicy])));
	return ({ type, object }) => {
		const policy = object as Policy;
		if (!KINDS.has(policy.kind)) return;
		const { uid, generation } = policy.metadata;
		const old = known.get(uid);
		if (type === 'DELETED') {
			known.delete(uid);
			if (own.delete(uid)) changed({ old: old ?? policy });
			return;
		}
		if (old && old.metadata.generation === generation) return;
		known.set(uid, policy);
		const error = errorOf(cluster, policy);
		if (error === undefined) own.set(uid, policy as CheckedPolicy);
		changed({ object: policy, ...(old && { old }), ...(error !== undefined && { error }) });
	};
}
