/** CiliumNode, as far as the lab writes and reads it (pkg/k8s/apis/cilium.io/v2/types.go @ v1.12.1). */
import { type ApiMeta, type ApiServer, equal, type WatchEvent } from '../../../api/index.ts';
import { one } from '../../cluster/kinds.ts';

export interface CiliumNodeObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ApiMeta;
	readonly spec?: {
		readonly addresses?: readonly { readonly type: string; readonly ip: string }[];
		readonly health?: { readonly ipv4?: string };
		readonly ipam?: { readonly podCIDRs?: readonly string[] };
		readonly [key: string]: unknown;
	};
	readonly status?: { readonly [key: string]: unknown };
}

/**
 * Parts of a spec that are there though nothing is in them: they are structs of Go, which `omitempty` does not leave out.
 * Pools came with IPAM of several pools, 1.14; addresses of ingress with 1.13.
 */
export const emptyParts = (minor: number) => ({
	spec: {
		'alibaba-cloud': {},
		azure: {},
		encryption: {},
		eni: {},
		...(minor >= 13 ? { ingress: {} } : {}),
	},
	ipam: minor >= 14 ? { pools: {} } : {},
});

/** The labels of a CiliumNode are those of its Node, also later (pkg/k8s/watchers/cilium_node_updater.go @ v1.12.1). */
export const followLabels =
	(api: ApiServer, name: string, ended: () => boolean) =>
	({ object, type }: WatchEvent): void => {
		if (ended() || type !== 'MODIFIED' || object.kind !== 'Node' || object.metadata.name !== name) return;
		const mine = one<CiliumNodeObject>(api, 'ciliumnodes', undefined, name);
		const { labels = {} } = object.metadata;
		if (mine && !equal(mine.metadata.labels ?? {}, labels))
			api.update({ ...mine, metadata: { ...mine.metadata, labels } });
	};
