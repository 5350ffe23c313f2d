/** Coming in by a device: XDP, taps, tc ingress, then bridge, ARP or IP (net/core/dev.c, __netif_receive_skb_core()). */
import { MAC_BROADCAST } from '../wire/index.ts';
import { arpReceive } from './arp.ts';
import { bridgeReceive } from './bridge.ts';
import { ipReceive } from './ip-input.ts';
import type { Network } from './net.ts';
import { runProgram } from './program.ts';
import { note } from './records.ts';
import { tap } from './transmit.ts';
import type { Device, Namespace, Skb } from './types.ts';

/** eth_type_trans(): for whom the frame is. */
const packetType = (dev: Device, skb: Skb): Skb['type'] => {
	const { dst } = skb.frame;
	if (dst === dev.mac) return 'host';
	// The group bit is the lowest of the first octet.
	if (dst === MAC_BROADCAST || (Math.floor(dst / 0x10000000000) & 1) === 1) return 'broadcast';
	return 'otherhost';
};

/** A frame has arrived at the device. `type`: for whom it is, where that is known already. */
export const receive = (net: Network, ns: Namespace, dev: Device, skb: Skb, type = packetType(dev, skb)): void => {
	skb.iif = dev.ifindex;
	skb.type = type;
	if (dev.xdp && !runProgram(net, ns, dev, skb, 'xdp', dev.xdp)) return;
	tap(net, ns, dev, skb, 'rx');
	if (dev.tcIngress && !skb.redirected && !runProgram(net, ns, dev, skb, 'tc-ingress', dev.tcIngress)) return;
	skb.redirected = false;
	deliver(net, ns, dev, skb);
};

/** Past the programs: to the bridge the device is a port of, or up the stack. */
export const deliver = (net: Network, ns: Namespace, dev: Device, skb: Skb): void => {
	if (dev.master !== undefined) {
		bridgeReceive(net, ns, dev, skb);
		return;
	}
	if (skb.net.kind === 'arp') arpReceive(net, ns, dev, skb);
	else if (skb.type === 'otherhost') {
		if (net.recorder) note(net, ns, skb, 'rx', 'drop', { code: 'dev.otherhost', dev: dev.name }, { dev: dev.name });
	} else ipReceive(net, ns, dev, skb);
};
