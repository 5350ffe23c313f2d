/** What sets versions of the egress gateway apart: `features.ts` of what is only there when it is on. */
import { minorOf } from './features.ts';

export interface EgressFeatures {
	/** The pod's own program sends to the gateway, to 1.16. */
	readonly atPod: boolean;
	/** to_netdev does, from 1.16: what comes from a proxy is seen there too. */
	readonly atNetdev: boolean;
	/**
	 * Excluded CIDRs, and traffic without a gateway is dropped with a reason of its own, from 1.14; the gateway tracks
	 * what it translates for others. Before, a gateway of 0.0.0.0 was no tunnel endpoint (160).
	 */
	readonly specialValues: boolean;
	/** The gateway's programs find the way out by the egress IP, from 1.15; before, the stack does. */
	readonly ownFib: boolean;
	/** The mark says that the packet came to its gateway by the tunnel, from 1.16. */
	readonly doneMark: boolean;
	/** It carries the sender's identity as well, from 1.18. */
	readonly markIdentity: boolean;
	/** Without an egress IP the gateway drops, from 1.17; before, 0.0.0.0 became the source. */
	readonly needsAddress: boolean;
	/** XDP sends answers back as well, from 1.13. */
	readonly replyAtXdp: boolean;
	/** A policy's own selectors may name nodes, from 1.17. */
	readonly selectorNodes: boolean;
}

/** Pull requests 23448 and 24835 (1.14), 26215 (1.15), 32828 (1.16), 33625 and 34123 (1.17) of cilium/cilium. */
export const egressFeatures = (version: string): EgressFeatures => {
	const minor = minorOf(version);
	return {
		atPod: minor <= 16,
		atNetdev: minor >= 16,
		specialValues: minor >= 14,
		ownFib: minor >= 15,
		doneMark: minor >= 16,
		markIdentity: minor >= 18,
		needsAddress: minor >= 17,
		replyAtXdp: minor >= 13,
		selectorNodes: minor >= 17,
	};
};
