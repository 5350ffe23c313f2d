/**
 * What XDP sends leaves by a driver at once: no tap sees it, no program at tc. net/core/filter.c xdp_do_redirect(),
 * net/core/dev.c generic_xdp_tx(), drivers/net/veth.c veth_xdp_xmit() @ v5.15.
 */
import type { Network } from './net.ts';
import { note } from './records.ts';
import { toPeer } from './transmit.ts';
import type { Device, Namespace, Skb } from './types.ts';

/** Out of `dev`, for the program `name`. */
export const sendXdp = (
	net: Network,
	ns: Namespace,
	dev: Device,
	skb: Skb,
	name: string,
	mode: 'native' | 'generic',
): void => {
	const { peer } = dev;
	const end = peer && net.namespaces.get(peer.ns)?.devices.get(peer.ifindex);
	const takes = end && (mode === 'generic' || dev.kind !== 'veth' || end.xdp);
	if (dev.up && takes) toPeer(net, ns, dev, skb);
	else if (net.recorder) {
		const code = dev.up ? 'xdp.refused' : 'dev.down';
		note(net, ns, skb, 'xdp', 'drop', { code, dev: dev.name }, { dev: dev.name, chain: name });
	}
};
