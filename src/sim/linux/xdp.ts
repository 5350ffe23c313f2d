/**
 * XDP: a program that sees a frame before anybody else: in the driver (native), or just after it (generic). What it
 * sends leaves by a driver at once: no tap sees it, no program at tc. net/core/filter.c xdp_do_redirect(),
 * net/core/dev.c generic_xdp_tx(), drivers/net/veth.c veth_xdp_xmit() @ v5.15.
 */
import { note } from './records.ts';
import { toPeer } from './transmit.ts';
import type { Program, XdpProgram } from './types.ts';

/**
 * A program for `xdp` of a device. Native mode sends only by drivers that take frames from XDP, which a veth pair does
 * when the other end has a program too (its NAPI is off otherwise); generic mode sends by any.
 */
export const xdpProgram = (program: Program, mode: 'native' | 'generic'): XdpProgram => ({
	...program,
	transmit(net, ns, dev, skb) {
		const { peer } = dev;
		const end = peer && net.namespaces.get(peer.ns)?.devices.get(peer.ifindex);
		const takes = end && (mode === 'generic' || dev.kind !== 'veth' || end.xdp);
		if (dev.up && takes) toPeer(net, ns, dev, skb);
		else if (net.recorder) {
			const code = dev.up ? 'xdp.refused' : 'dev.down';
			note(net, ns, skb, 'xdp', 'drop', { code, dev: dev.name }, { dev: dev.name, chain: program.name });
		}
	},
});
