/** cilium_lxc: the endpoints of this node, and this node's own addresses. struct endpoint_info: bpf/lib/common.h. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import type { Ip, Mac } from '../../wire/index.ts';

/** struct endpoint_info. */
export interface EndpointInfo {
	/** Of the lxc device. */
	readonly ifindex: number;
	/** 0 for the host. */
	readonly lxcId: number;
	/** ENDPOINT_F_HOST: an address of the node. */
	readonly host: boolean;
	/** Of the pod's end. */
	readonly mac: Mac;
	/** Of the node's end: source of what is delivered. */
	readonly nodeMac: Mac;
	/** Security identity; filled in from 1.14. */
	readonly identity: number;
	/** POLICY_AUDIT_MODE, compiled into its program. */
	readonly audits?: boolean | undefined;
}

export type CiliumLxc = BpfMapHandle<Ip, EndpointInfo>;

export const ciliumLxc = (): CiliumLxc =>
	declareMap({ name: 'cilium_lxc', type: 'hash', keySize: 20, valueSize: 48, maxEntries: 65535, key: String });
