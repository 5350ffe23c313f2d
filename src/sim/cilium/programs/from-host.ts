/**
 * cil_from_host (section from-host to 1.12): what the stack sends into cilium_host, egress: packets for pods of this
 * node. bpf/bpf_host.c handle_ipv4() with from_host @ v1.12.1 and v1.18, native routing.
 */
import type { Program } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { DROP_UNROUTABLE } from '../drop.ts';
import { ID_WORLD } from '../identity.ts';
import type { CiliumMaps } from '../maps/index.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import { drop, OK, program, say } from './context.ts';
import { endpointEntry, localDelivery } from './local-delivery.ts';

export const fromHost = (maps: CiliumMaps): Program =>
	program(maps.features.programNames === 'section' ? 'from-host' : 'cil_from_host', maps, (skb, ctx) => {
		const ep = ctx.maps.lxc.lookup(ctx.ns, skb.net.dst);
		if (ep?.host) {
			const ip = formatIp(skb.net.dst);
			say(
				ctx,
				skb,
				'pass',
				{ code: 'cilium.host', ip },
				{
					table: ctx.maps.lxc.spec.name,
					key: ip,
					entry: endpointEntry(ep),
				},
			);
			return OK;
		}
		if (ep) return localDelivery(skb, ctx, ep);
		// Routed here by the pod CIDR, and nobody has the address.
		const info = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, skb.net.dst);
		return !info || info.identity === ID_WORLD ? drop(DROP_UNROUTABLE) : OK;
	});
