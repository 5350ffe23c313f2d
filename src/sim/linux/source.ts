/** Which address: the choice of a source (net/ipv4/devinet.c) and what kind an address is (fib_frontend.c). */
import { type Ip, maskOf } from '../wire/index.ts';
import { LOOPBACK_IFINDEX } from './device.ts';
import { lookupTable, RT_SCOPE } from './fib.ts';
import { RT_TABLE_LOCAL } from './namespace.ts';
import type { AddrType } from './netfilter/index.ts';
import type { Device, Namespace } from './types.ts';

/**
 * inet_select_addr(dev, dst, scope): an address of the device whose scope is no nearer than `scope`, not secondary,
 * preferring the one whose subnet holds `dst` (0 for any). When the device has none, the first such address that
 * is not of scope link of any device, in the order of the device list, `lo` first. 0 when there is none at all.
 */
export const selectAddress = (ns: Namespace, dev: Device | undefined, dst: Ip, scope: number): Ip => {
	let found = 0;
	if (dev) {
		const localnet = dev.routeLocalnet || ns.sysctls.route_localnet ? RT_SCOPE.link : RT_SCOPE.host;
		for (const address of dev.addresses) {
			if (address.secondary || Math.min(RT_SCOPE[address.scope], localnet) > scope) continue;
			if (dst === 0 || ((address.ip ^ dst) & maskOf(address.length)) === 0) return address.ip;
			if (found === 0) found = address.ip;
		}
		if (found !== 0) return found;
	}
	for (const other of ns.devices.values())
		for (const address of other.addresses)
			if (!address.secondary && address.scope !== 'link' && RT_SCOPE[address.scope] <= scope) return address.ip;
	return 0;
};

export const isMulticast = (ip: Ip): boolean => ip >>> 28 === 0xe;
export const isLoopback = (ip: Ip): boolean => ip >>> 24 === 127;
/** 0.0.0.0 alone: the rest of 0.0.0.0/8 is like any other address from Linux 5.3 on (include/linux/in.h). */
export const isZeronet = (ip: Ip): boolean => ip === 0;
export const LIMITED_BROADCAST: Ip = 0xffffffff;

/** inet_addr_type(), or inet_dev_addr_type() with a device: what the local table says of an address. */
export const addressType = (ns: Namespace, ip: Ip, dev?: Device): AddrType => {
	if (isZeronet(ip) || ip === LIMITED_BROADCAST) return 'BROADCAST';
	if (isMulticast(ip)) return 'MULTICAST';
	const route = lookupTable(ns, RT_TABLE_LOCAL, { dst: ip, src: 0, mark: 0, iif: 0, oif: 0, scope: 0 });
	if (!route || (dev && dev.ifindex !== route.dev)) return 'UNICAST';
	return route.type === 'local' ? 'LOCAL' : route.type === 'broadcast' ? 'BROADCAST' : 'UNICAST';
};

/** Whether the namespace answers to the address. */
export const isLocalAddress = (ns: Namespace, ip: Ip): boolean => addressType(ns, ip) === 'LOCAL';

/** inet_lookup_ifaddr_rcu(): whether the address is configured on a device, whatever the local table says. */
export const isConfigured = (ns: Namespace, ip: Ip): boolean => {
	let owned = ownAddresses.get(ns.devices);
	if (!owned) {
		owned = new Set();
		for (const device of ns.devices.values()) for (const address of device.addresses) owned.add(address.ip);
		ownAddresses.set(ns.devices, owned);
	}
	return owned.has(ip) || (isLoopback(ip) && ns.devices.get(LOOPBACK_IFINDEX)?.up === true);
};

const ownAddresses = new WeakMap<ReadonlyMap<number, Device>, Set<Ip>>();
