/** XDP: a program that sees a frame before anybody else: in the driver (native), or just after it (generic). */
import type { Program, XdpProgram } from './types.ts';
import { sendXdp } from './xdp-send.ts';

/**
 * A program for `xdp` of a device. Native mode sends only by drivers that take frames from XDP, which a veth pair does
 * when the other end has a program too (its NAPI is off otherwise); generic mode sends by any.
 */
export const xdpProgram = (program: Program, mode: 'native' | 'generic'): XdpProgram => ({
	...program,
	transmit: (net, ns, dev, skb) => sendXdp(net, ns, dev, skb, program.name, mode),
});
