/** BPF programs at their hooks: running them and doing what they answer (net/core/filter.c, sched/cls_bpf.c). */
import type { Why } from '../trace/index.ts';
import { counted } from './bpf-count.ts';
import { neighbourOutput } from './neigh.ts';
import type { Network } from './net.ts';
import { receive } from './receive.ts';
import { note } from './records.ts';
import { routeOutput } from './routing.ts';
import { scrub, transmit } from './transmit.ts';
import type { Device, Namespace, Program, Skb } from './types.ts';

/** Runs the program; true when the packet goes on where it was. */
export const runProgram = (
	net: Network,
	ns: Namespace,
	device: Device,
	skb: Skb,
	hook: 'xdp' | 'tc-ingress' | 'tc-egress',
	program: Program,
): boolean => {
	const verdict = counted(net, ns.name, skb.packet, program.name, () => program.run(skb, { net, ns, device, hook }));
	if (verdict.action === 'ok') return true;
	const tell = (what: 'drop' | 'redirect', why: Why): void => {
		if (net.recorder) note(net, ns, skb, hook, what, why, { dev: device.name, chain: program.name });
	};
	if (verdict.action === 'drop') {
		tell('drop', { code: 'program.dropped', program: program.name, reason: verdict.reason });
		return false;
	}
	const target = ns.devices.get(verdict.ifindex);
	if (!target) {
		tell('drop', { code: 'program.no-device', program: program.name, ifindex: verdict.ifindex });
		return false;
	}
	tell('redirect', {
		code: verdict.action === 'redirect-peer' ? 'program.redirected-peer' : 'program.redirected',
		program: program.name,
		dev: target.name,
	});
	switch (verdict.action) {
		case 'redirect':
			if (hook === 'xdp') device.xdp!.transmit(net, ns, target, skb);
			else if (verdict.ingress) net.schedule(net.now, () => receive(net, ns, target, skb));
			else transmit(net, ns, target, skb);
			break;
		case 'redirect-peer': {
			const peer = target.peer && net.namespaces.get(target.peer.ns);
			const end = peer?.devices.get(target.peer!.ifindex);
			if (!peer || !end) break;
			// Straight to the other end: the device here never sees the packet.
			scrub(skb, false);
			// Nobody looks at the link-layer addresses again.
			net.schedule(net.now, () => receive(net, peer, end, skb, skb.type));
			break;
		}
		case 'redirect-neigh': {
			const packet = skb.net;
			if (packet.kind !== 'ipv4') break;
			let hop = verdict.nextHop ?? 0;
			if (hop === 0) {
				const dst = routeOutput(net, ns, { dst: packet.dst, src: packet.src, oif: target.ifindex, anySource: true });
				hop = dst.gateway || packet.dst;
			}
			neighbourOutput(net, ns, target, skb, hop);
		}
	}
	return false;
};
