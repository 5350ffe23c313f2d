/** The neighbour table (net/core/neighbour.c): who has which address on a link, and who waits to know. */
import {
	formatIp,
	formatMac,
	ICMP_HOST_UNREACH,
	ICMP_UNREACHABLE,
	type Ip,
	MAC_BROADCAST,
	type Mac,
} from '../wire/index.ts';
import { sendArpRequest } from './arp.ts';
import { sendIcmpError } from './icmp.ts';
import { neighbourKey } from './neigh-key.ts';
import type { Network } from './net.ts';
import { note, noteNeighbour } from './records.ts';
import { isMulticast } from './source.ts';
import { transmit } from './transmit.ts';
import type { Device, Namespace, Neighbour, NeighbourState, Net, Skb } from './types.ts';

/** base_reachable_time: the kernel draws 15 to 45 s around it, we take the middle. */
const REACHABLE_TIME = 30_000_000;
/** delay_first_probe_time. */
const DELAY_PROBE_TIME = 5_000_000;
/**
 * retrans_time and mcast_solicit. The second is 1.024 s because the kernel's timers of that length fire up to 32 ms
 * late (kernel/time/timer.c, "granularity"): the third try is given up after the third SYN was sent again.
 */
const RETRANS_TIME = 1_024_000;
const MAX_SOLICITS = 3;
/** unres_qlen_bytes lets about this many packets wait. */
const QUEUE_LENGTH = 101;

/**
 * The state as it is now: confirmation wears off without an event. A stale entry that is used is DELAY for a while;
 * the unicast question the kernel asks then (PROBE) is not modelled: the entry is taken to be stale again.
 */
export const neighbourState = (net: Net, neighbour: Neighbour): NeighbourState => {
	const age = net.now - neighbour.updated;
	if (neighbour.state === 'REACHABLE' && age > REACHABLE_TIME) return 'STALE';
	if (neighbour.state === 'DELAY' && age > DELAY_PROBE_TIME) return 'STALE';
	return neighbour.state;
};

const send = (net: Network, ns: Namespace, dev: Device, skb: Skb, mac: Mac): void => {
	skb.frame.src = dev.mac;
	skb.frame.dst = mac;
	transmit(net, ns, dev, skb);
};

/** ip_finish_output2() and neigh_resolve_output(): fills in the link-layer address, or lets the packet wait for it. */
export const neighbourOutput = (net: Network, ns: Namespace, dev: Device, skb: Skb, nextHop: Ip): void => {
	if (dev.kind === 'loopback' || dev.kind === 'dummy') {
		send(net, ns, dev, skb, dev.mac);
		return;
	}
	if (skb.dst?.type === 'broadcast') {
		send(net, ns, dev, skb, MAC_BROADCAST);
		return;
	}
	if (isMulticast(nextHop)) {
		send(net, ns, dev, skb, 0x01005e000000 + (nextHop & 0x7fffff));
		return;
	}
	const key = neighbourKey(dev.ifindex, nextHop);
	let neighbour = ns.neighbours.get(key);
	if (neighbour?.mac !== undefined && neighbour.state !== 'FAILED' && neighbour.state !== 'INCOMPLETE') {
		if (net.recorder)
			noteNeighbour(net, ns, skb, dev, neighbour, 'hit', {
				code: 'neigh.known',
				ip: formatIp(nextHop),
				mac: formatMac(neighbour.mac),
				state: neighbourState(net, neighbour),
			});
		if (neighbourState(net, neighbour) === 'STALE') {
			neighbour.state = 'DELAY';
			neighbour.updated = net.now;
		}
		send(net, ns, dev, skb, neighbour.mac);
		return;
	}
	const fresh = !neighbour || neighbour.state === 'FAILED';
	if (!neighbour) {
		neighbour = { ip: nextHop, dev: dev.ifindex, state: 'INCOMPLETE', updated: net.now, queue: [] };
		ns.neighbours.set(key, neighbour);
	} else if (fresh) {
		neighbour.state = 'INCOMPLETE';
		neighbour.mac = undefined;
	}
	if (neighbour.queue.length < QUEUE_LENGTH) neighbour.queue.push(skb);
	if (net.recorder)
		noteNeighbour(net, ns, skb, dev, neighbour, 'miss', {
			code: 'neigh.waits',
			ip: formatIp(nextHop),
			dev: dev.name,
		});
	if (fresh) solicit(net, ns, neighbour, 1);
};

/** Asks, and asks again after a second; after three tries the packets that wait are given up. */
const solicit = (net: Network, ns: Namespace, neighbour: Neighbour, attempt: number): void => {
	const dev = ns.devices.get(neighbour.dev);
	if (!dev) return;
	sendArpRequest(net, ns, dev, neighbour.ip, neighbour.queue[0]);
	// The event holds until the answer comes or the tries are used up; an answer cancels it.
	neighbour.timer = net.schedule(net.now + RETRANS_TIME, () => {
		if (neighbour.state !== 'INCOMPLETE') return;
		if (attempt < MAX_SOLICITS) solicit(net, ns, neighbour, attempt + 1);
		else fail(net, ns, dev, neighbour);
	});
};

/** neigh_invalidate(): every packet that waited is answered with "host unreachable" (arp_error_report()). */
const fail = (net: Network, ns: Namespace, dev: Device, neighbour: Neighbour): void => {
	neighbour.state = 'FAILED';
	neighbour.updated = net.now;
	const { queue } = neighbour;
	neighbour.queue = [];
	for (const skb of queue) {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'neigh',
				'error',
				{ code: 'neigh.failed', ip: formatIp(neighbour.ip), dev: dev.name, tries: MAX_SOLICITS },
				{ dev: dev.name, table: 'neigh', key: `${formatIp(neighbour.ip)} dev ${dev.name}` },
			);
		sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_HOST_UNREACH);
	}
};

/**
 * neigh_update(): somebody said who has the address. `create` also when nobody here asked. `REACHABLE` is a
 * confirmed answer, `STALE` hearsay; hearsay of the address that is there already changes nothing.
 */
export const updateNeighbour = (
	net: Network,
	ns: Namespace,
	dev: Device,
	ip: Ip,
	mac: Mac,
	state: 'REACHABLE' | 'STALE',
	create: boolean,
): Neighbour | undefined => {
	const key = neighbourKey(dev.ifindex, ip);
	let neighbour = ns.neighbours.get(key);
	if (!neighbour) {
		if (!create) return undefined;
		neighbour = { ip, dev: dev.ifindex, mac, state, updated: net.now, queue: [] };
		ns.neighbours.set(key, neighbour);
		return neighbour;
	}
	if (neighbour.state === 'PERMANENT') return neighbour;
	const valid = neighbour.state !== 'FAILED' && neighbour.state !== 'INCOMPLETE' && neighbour.mac === mac;
	if (state === 'REACHABLE' || !valid) {
		neighbour.state = state;
		neighbour.updated = net.now;
	}
	neighbour.mac = mac;
	net.cancel(neighbour.timer);
	neighbour.timer = undefined;
	const { queue } = neighbour;
	if (queue.length > 0) {
		neighbour.queue = [];
		for (const skb of queue) neighbourOutput(net, ns, dev, skb, ip);
	}
	return neighbour;
};
