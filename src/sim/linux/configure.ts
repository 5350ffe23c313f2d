/** Namespaces, addresses, rulesets and sysctls: what `ip`, `sysctl` and `iptables-restore` change. */
import { formatIp, type Ip, maskOf } from '../wire/index.ts';
import { addLoopback, delDevice, deviceByName, replaceDevice } from './device.ts';
import { type LinuxError, linuxError } from './error.ts';
import { appendRoutes, RT_SCOPE, routesAt } from './fib.ts';
import { DEFAULT_SYSCTLS, emptyNamespace, RT_TABLE_LOCAL, RT_TABLE_MAIN } from './namespace.ts';
import type { Network } from './net.ts';
import type { Ruleset } from './netfilter/index.ts';
import { isMulticast, LIMITED_BROADCAST } from './source.ts';
import type { Address, Device, Namespace, Route, Scope, Sysctls } from './types.ts';

export interface NamespaceOptions {
	/** Kernel version; `5.15.0` when absent. */
	readonly kernel?: string;
	/** Over the kernel's defaults (forwarding off, rp_filter 0). */
	readonly sysctls?: Partial<Sysctls>;
}

/** A namespace with `lo` up and 127.0.0.1/8 on it, no rules, the three policy rules of the kernel. */
export const addNamespace = (net: Network, name: string, options: NamespaceOptions = {}): Namespace | LinuxError => {
	if (net.namespaces.has(name)) return linuxError('ns.exists', { ns: name });
	const ns = emptyNamespace(name, options.kernel ?? '5.15.0', { ...DEFAULT_SYSCTLS, ...options.sysctls });
	net.namespaces.add(ns);
	addLoopback(net, name);
	addAddress(net, name, 'lo', { ip: 0x7f000001, length: 8, scope: 'host' });
	return ns;
};

/** The namespace goes with its devices; the other ends of its links go with it. */
export const delNamespace = (net: Network, name: string): LinuxError | undefined => {
	const ns = net.namespaces.get(name);
	if (!ns) return linuxError('ns.unknown', { ns: name });
	for (const device of ns.devices.values()) delDevice(net, name, device.name);
	net.namespaces.remove(name);
	return undefined;
};

export interface AddressOptions {
	readonly ip: Ip;
	/** Prefix length. */
	readonly length: number;
	/** `global` when absent. */
	readonly scope?: Scope;
}

/** The routes the kernel makes for an address (net/ipv4/fib_frontend.c, fib_add_ifaddr()). */
const routesFor = (device: Device, address: Address, primary: Ip): Route[] => {
	const { ip, length } = address;
	const base = { dev: device.ifindex, metric: 0, protocol: 'kernel' };
	const out: Route[] = [
		{ ...base, dst: { address: ip, length: 32 }, type: 'local', table: RT_TABLE_LOCAL, src: primary, scope: 'host' },
	];
	const network = (ip & maskOf(length)) >>> 0;
	if (network === 0 || address.secondary || (network === ip && length === 32)) return out;
	const loopback = device.kind === 'loopback';
	out.push({
		...base,
		dst: { address: network, length },
		type: loopback ? 'local' : 'unicast',
		table: loopback ? RT_TABLE_LOCAL : RT_TABLE_MAIN,
		src: ip,
		scope: loopback ? 'host' : 'link',
	});
	if (length < 31)
		out.push({
			...base,
			dst: { address: (network | ~maskOf(length)) >>> 0, length: 32 },
			type: 'broadcast',
			table: RT_TABLE_LOCAL,
			src: ip,
			scope: 'link',
		});
	return out;
};

const sameRoute = (a: Route, b: Route): boolean =>
	a.table === b.table &&
	a.dst.address === b.dst.address &&
	a.dst.length === b.dst.length &&
	a.metric === b.metric &&
	a.dev === b.dev &&
	a.type === b.type;

/**
 * `ip address add IP/LENGTH dev DEV scope SCOPE`: the address is put where __inet_insert_ifa() puts it (primaries by
 * scope, a later address of a subnet as secondary) and its local, connected and broadcast routes appear.
 */
export const addAddress = (
	net: Network,
	nsName: string,
	dev: string,
	options: AddressOptions,
): Address | LinuxError => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const device = deviceByName(ns, dev);
	if (!device) return linuxError('dev.unknown', { ns: nsName, dev });
	const { ip, length } = options;
	if (
		!(Number.isInteger(length) && length >= 0 && length <= 32) ||
		ip === 0 ||
		isMulticast(ip) ||
		ip === LIMITED_BROADCAST
	)
		return linuxError('address.invalid', { ip: formatIp(ip), length });
	const mask = maskOf(length);
	const scope = options.scope ?? 'global';
	let primary: Address | undefined;
	for (const other of device.addresses)
		if (other.length === length && ((other.ip ^ ip) & mask) === 0) {
			if (other.ip === ip) return linuxError('address.exists', { ip: formatIp(ip), length, dev });
			// __inet_insert_ifa(): "Invalid scope value".
			if (other.scope !== scope) return linuxError('address.invalid', { ip: formatIp(ip), length });
			if (!other.secondary) primary = other;
		}
	const address: Address = { ip, length, scope, secondary: primary !== undefined };
	const addresses = [...device.addresses];
	if (address.secondary) addresses.push(address);
	else {
		let at = 0;
		for (let i = 0; i < addresses.length; i++)
			if (!addresses[i]!.secondary && RT_SCOPE[scope] <= RT_SCOPE[addresses[i]!.scope]) at = i + 1;
		addresses.splice(at, 0, address);
	}
	replaceDevice(ns, { ...device, addresses });
	const made = routesFor(device, address, primary?.ip ?? ip);
	appendRoutes(
		ns,
		made.filter((route) => !routesAt(ns, route.table, route.dst).some((old) => sameRoute(old, route))),
	);
	return address;
};

/** `ip address del`: secondaries of the same subnet go with their primary (promote_secondaries is 0). */
export const delAddress = (
	net: Network,
	nsName: string,
	dev: string,
	{ ip, length }: { readonly ip: Ip; readonly length: number },
): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const device = deviceByName(ns, dev);
	if (!device) return linuxError('dev.unknown', { ns: nsName, dev });
	const address = device.addresses.find((a) => a.ip === ip && a.length === length);
	if (!address) return linuxError('address.unknown', { ip: formatIp(ip), length, dev });
	const mask = maskOf(length);
	const gone = address.secondary
		? [address]
		: device.addresses.filter(
				(a) => a === address || (a.secondary && a.length === length && ((a.ip ^ ip) & mask) === 0),
			);
	const addresses = device.addresses.filter((a) => !gone.includes(a));
	replaceDevice(ns, { ...device, addresses });
	const dead = gone.flatMap((a) => routesFor(device, a, ip));
	const lost = new Set(gone.map((a) => a.ip));
	ns.routes = ns.routes.filter(
		(route) =>
			!dead.some((d) => sameRoute(d, route)) &&
			// fib_sync_down_addr(): routes that prefer an address that is gone.
			!(route.src !== undefined && route.table !== RT_TABLE_LOCAL && lost.has(route.src)),
	);
	return undefined;
};

/** `iptables-restore`: the whole ruleset at once. */
export const setRuleset = (net: Network, nsName: string, ruleset: Ruleset): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	ns.ruleset = ruleset;
	return undefined;
};

/** `sysctl -w` of what is per namespace; per-device ones are `setDevice`. */
export const setSysctl = (net: Network, nsName: string, change: Partial<Sysctls>): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	ns.sysctls = { ...ns.sysctls, ...change };
	return undefined;
};
