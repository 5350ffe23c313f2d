/** The two targets that look for an address themselves. */
import type { Ip } from '../../wire/index.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import type { BuiltinChain } from './types.ts';

/**
 * nf_nat_masquerade_ipv4 (net/netfilter/nf_nat_masquerade.c @ v6.12): the address of the output device that
 * inet_select_addr finds for the next hop, any global one of the namespace failing that. The route's `src` hint has
 * no say. Undefined: no address, the packet is dropped.
 */
export function masqueradeAddress({ ns, outDev, services }: NetfilterContext, skb: IpSkb): Ip | undefined {
	return outDev && services.selectSourceAddress(ns, outDev, skb.nextHop || skb.net.dst);
}

/**
 * nf_nat_redirect_ipv4 (net/netfilter/nf_nat_redirect.c @ v6.12): loopback for what starts here, the first address
 * of the input device for what comes in.
 */
export function redirectAddress({ inDev }: NetfilterContext, hook: BuiltinChain): Ip | undefined {
	if (hook === 'OUTPUT') return 0x7f000001;
	return inDev?.addresses[0]?.ip;
}
