/** CiliumNode, as far as the lab writes and reads it (pkg/k8s/apis/cilium.io/v2/types.go @ v1.12.1). */
import type { ApiMeta } from '../../../api/index.ts';

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
