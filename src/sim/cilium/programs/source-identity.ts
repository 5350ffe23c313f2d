/** Who sends a packet. bpf/bpf_host.c resolve_srcid_ipv4(), lib/identity.h @ v1.12.1, v1.18.0. */
import { ID_HOST, ID_REMOTE_NODE, ID_WORLD } from '../identity.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import type { Ctx, IpSkb } from './context.ts';

/** identity_is_reserved(): unknown, the host, the world, another node: a role, and nobody in particular. */
const isReserved = (identity: number): boolean => identity <= ID_WORLD || identity === ID_REMOTE_NODE;

/** What the packet says of its sender (0: nothing); where that is a role only, whoever the ipcache knows. */
export const resolveSrcid4 = (skb: IpSkb, ctx: Ctx, said: number): number => {
	if (!isReserved(said)) return said;
	const known = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, skb.net.src)?.identity ?? 0;
	// Nobody else is this host.
	return known > ID_HOST ? known : said || ID_WORLD;
};
