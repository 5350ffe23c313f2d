/** A raw socket with IP_HDRINCL off: one packet of whatever protocol, sent as any of this machine's own. */
import type { Ip, Transport } from '../wire/index.ts';
import { sendArpRequest } from './arp.ts';
import { deviceByName } from './device.ts';
import { type LinuxError, linuxError } from './error.ts';
import { sendLocal } from './ip-output.ts';
import type { Network } from './net.ts';
import { routeOutput } from './routing.ts';
import type { Errno } from './types.ts';

export interface RawOptions {
	readonly dst: Ip;
	readonly src?: Ip;
	readonly protocol: number;
	readonly payload: Transport;
	readonly ttl?: number;
	readonly df?: boolean;
	readonly mark?: number;
	/** IP_PMTUDISC_PROBE: only the device's MTU counts; EMSGSIZE for what it is too small for. */
	readonly probe?: boolean;
}

/** Sends it now. Answers its identity and source, or what sendto() gave. */
export const sendRaw = (
	net: Network,
	nsName: string,
	options: RawOptions,
): { readonly packet: number; readonly src: Ip; readonly errno?: Errno; readonly mtu?: number } | LinuxError => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const { dst, protocol, payload, ttl, df = false, mark = 0 } = options;
	const packet = net.nextPacketId();
	const found = routeOutput(net, ns, { dst, src: options.src ?? 0, mark });
	const route = options.probe ? { ...found, mtu: ns.devices.get(found.oif)?.mtu ?? 0 } : found;
	const tooLong = options.probe && payload.data.length + 28 > route.mtu;
	if (tooLong && route.type !== 'error') return { packet, src: route.src, errno: 'EMSGSIZE', mtu: route.mtu };
	const errno =
		route.type === 'error'
			? route.error
			: sendLocal(net, ns, { src: route.src, dst, protocol, payload, df, ttl, packet, mark }, route);
	return { packet, src: route.src, ...(errno ? { errno } : {}) };
};

/** A packet socket's question who has an address, as arping asks it; from `sender`, 0 for a probe (RFC 5227). */
export const sendArp = (net: Network, nsName: string, dev: string, ip: Ip, sender?: Ip): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	const device = ns && deviceByName(ns, dev);
	if (!ns || !device) return linuxError('dev.unknown', { ns: nsName, dev });
	sendArpRequest(net, ns, device, ip, undefined, sender);
	return undefined;
};
