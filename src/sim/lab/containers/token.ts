/** Tokens of service accounts in volumes. Source: kubernetes pkg/kubelet/token/token_manager.go @ v1.24.0. */
import { parseTime, serviceAccountToken } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type ObjectView, one, type Pod } from '../cluster/kinds.ts';

/** Renewed when four fifths of its time are over. */
export function accountToken(
	{ api }: ClusterContext,
	{ metadata, spec, status }: Pod,
	{ audience, expirationSeconds: seconds = 3600 }: { readonly audience?: string; readonly expirationSeconds?: number },
): string {
	const name = spec.serviceAccountName ?? 'default';
	const { namespace = '' } = metadata;
	const account = one<ObjectView>(api, 'serviceaccounts', namespace, name);
	if (!account) return '';
	const node = one<ObjectView>(api, 'nodes', undefined, spec.nodeName ?? '');
	const born = parseTime((status?.startTime as string | undefined) ?? metadata.creationTimestamp) ?? 0;
	const every = Math.floor(seconds * 0.8);
	return serviceAccountToken(api, {
		namespace,
		account: { name, uid: account.metadata.uid },
		audiences: audience ? [audience] : [],
		at: born + every * Math.max(0, Math.floor((Math.floor(api.now()) - born) / every)),
		seconds,
		pod: { name: metadata.name, uid: metadata.uid },
		node: node?.metadata,
	});
}
