/** Revisions of an agent's policy repository: pkg/policy/repository.go @ v1.12.1. */
import type { ClusterContext } from '../../cluster/context.ts';
import { all, type Pod } from '../../cluster/kinds.ts';

const PLURALS = ['networkpolicies', 'ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies'];
const KINDS: ReadonlySet<string> = new Set(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);

type Policy = { readonly metadata: Pod['metadata'] & { readonly generation?: number } };

const policies = ({ api }: ClusterContext): readonly Policy[] => PLURALS.flatMap((plural) => all<Policy>(api, plural));

/** An empty repository is the first; each policy that is there when the agent starts is added. */
export const firstRevision = (cluster: ClusterContext): number => 1 + policies(cluster).length;

/** A watcher that calls when a policy came, changed or went; another status is no change. */
export function onPolicy(
	cluster: ClusterContext,
	changed: () => void,
): (event: { readonly type: string; readonly object: object }) => void {
	const known = new Map(policies(cluster).map(({ metadata }) => [metadata.uid, metadata.generation]));
	return ({ type, object }) => {
		const { kind, metadata } = object as Policy & { readonly kind?: string };
		if (!KINDS.has(kind ?? '')) return;
		if (type === 'DELETED') known.delete(metadata.uid);
		else if (known.has(metadata.uid) && known.get(metadata.uid) === metadata.generation) return;
		else known.set(metadata.uid, metadata.generation);
		changed();
	};
}
