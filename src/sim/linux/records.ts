/** Decisions of this layer, written down. Every function here is called only when somebody looks. */
import { type Draft, type Headers, type Hook, headersOf, type Verdict, type Why } from '../trace/index.ts';
import { formatIp, formatMac } from '../wire/index.ts';
import { formatNeighbour, formatRoute } from './print.ts';
import type { Device, Dst, Namespace, Neighbour, Net, Skb } from './types.ts';

/** A packet's headers now; ARP has none. */
export const skbHeaders = (skb: Skb): Headers | undefined =>
	skb.net.kind === 'ipv4' ? headersOf(skb.net, skb.mark) : undefined;

/** One decision about a packet. `more` adds what the place knows. */
export const note = (
	net: Net,
	ns: Namespace,
	skb: Pick<Skb, 'packet'>,
	hook: Hook,
	verdict: Verdict,
	why: Why,
	more: Partial<Draft> = {},
): void => {
	net.recorder!.record({ time: net.now, packet: skb.packet, ns: ns.name, hook, verdict, why, ...more });
};

/** `who-has 10.0.0.1 tell 10.0.0.2`, `10.0.0.1 is-at 02:…`: as tcpdump has it, for frames without IP headers. */
const arpKey = (skb: Skb): string | undefined => {
	const { net } = skb;
	if (net.kind !== 'arp') return undefined;
	return net.op === 1
		? `who-has ${formatIp(net.targetIp)} tell ${formatIp(net.senderIp)}`
		: `${formatIp(net.senderIp)} is-at ${formatMac(net.senderMac)}`;
};

/** A device received or sent the frame. */
export const noteFrame = (net: Net, ns: Namespace, dev: Device, skb: Skb, direction: 'rx' | 'tx'): void => {
	const key = arpKey(skb);
	const before = skbHeaders(skb);
	net.recorder!.record({
		time: net.now,
		packet: skb.packet,
		ns: ns.name,
		dev: dev.name,
		hook: direction,
		verdict: direction === 'rx' ? 'pass' : 'transmit',
		why: direction === 'rx' ? { code: 'dev.received', dev: dev.name } : { code: 'dev.sent', dev: dev.name },
		...(key === undefined ? undefined : { key }),
		...(before && { before }),
	});
};

const routeWhy = (ns: Namespace, dst: Dst, ip: number): Why => {
	const dev = ns.devices.get(dst.oif)?.name ?? '';
	switch (dst.type) {
		case 'local':
			return { code: 'route.local', ip: formatIp(ip) };
		case 'broadcast':
			return { code: 'route.broadcast', ip: formatIp(ip) };
		case 'unicast':
			return dst.gateway ? { code: 'route.via', via: formatIp(dst.gateway), dev } : { code: 'route.connected', dev };
		case 'error':
			return dst.route
				? { code: 'route.refused', type: dst.route.type, ip: formatIp(ip) }
				: { code: 'route.none', ip: formatIp(ip) };
	}
};

/** `10.244.1.2 from 172.18.0.1 iif eth0`: what `ip route get` would be asked. */
export const routeKey = (skb: Skb, dst: number, src: number, iif: string | undefined): string =>
	`${formatIp(dst)}${src === 0 ? '' : ` from ${formatIp(src)}`}${iif ? ` iif ${iif}` : ''}${
		skb.mark ? ` mark 0x${skb.mark.toString(16)}` : ''
	}`;

/** The FIB answered. `why` overrides the reason for answers that no route gave (martians, reverse path). */
export const noteRoute = (
	net: Net,
	ns: Namespace,
	skb: Skb,
	dst: Dst,
	key: string,
	ip: number,
	inDev: Device | undefined,
	why?: Why,
): void => {
	const entry = dst.route && formatRoute(ns, dst.route);
	const dev = inDev?.name ?? ns.devices.get(dst.oif)?.name;
	note(
		net,
		ns,
		skb,
		'route',
		dst.type === 'error'
			? dst.input && (dst.error === 'EXDEV' || dst.error === 'EINVAL')
				? 'drop'
				: 'error'
			: dst.type === 'local' || dst.type === 'broadcast'
				? 'deliver'
				: dst.input
					? 'forward'
					: 'hit',
		why ?? routeWhy(ns, dst, ip),
		{
			table: 'fib',
			key,
			...(entry === undefined ? undefined : { entry }),
			...(dev === undefined ? undefined : { dev }),
		},
	);
};

/** What the neighbour table said. */
export const noteNeighbour = (
	net: Net,
	ns: Namespace,
	skb: Skb,
	dev: Device,
	neighbour: Neighbour,
	verdict: Verdict,
	why: Why,
): void =>
	note(net, ns, skb, 'neigh', verdict, why, {
		dev: dev.name,
		table: 'neigh',
		key: `${formatIp(neighbour.ip)} dev ${dev.name}`,
		entry: formatNeighbour(net, ns, neighbour),
	});
