/** Devices: veth pairs, wires, bridges, dummies; how they are found, changed and removed. */
import type { Mac } from '../wire/index.ts';
import { type LinuxError, linuxError } from './error.ts';
import type { Network } from './net.ts';
import { hashText } from './random.ts';
import type { Device, Namespace, Route } from './types.ts';

/** `lo` is always the first device of a namespace. */
export const LOOPBACK_IFINDEX = 1;

const byPorts = new WeakMap<ReadonlyMap<number, Device>, Map<number, Device[]>>();

/** The device of that name, or undefined. Walks the devices: for configuration and views, not for packets. */
export const deviceByName = (ns: Namespace, name: string): Device | undefined => {
	for (const device of ns.devices.values()) if (device.name === name) return device;
	return undefined;
};

/** The ports of a bridge, in the order of their ifindex. */
export const portsOf = (ns: Namespace, bridge: number): readonly Device[] => {
	let ports = byPorts.get(ns.devices);
	if (!ports) {
		ports = new Map();
		for (const device of ns.devices.values())
			if (device.master !== undefined) {
				const list = ports.get(device.master);
				if (list) list.push(device);
				else ports.set(device.master, [device]);
			}
		for (const list of ports.values()) list.sort((a, b) => a.ifindex - b.ifindex);
		byPorts.set(ns.devices, ports);
	}
	return ports.get(bridge) ?? [];
};

/** A unicast, locally administered address that depends on the seed and the names only. */
const macFor = (net: Network, ns: string, dev: string): Mac => {
	const high = hashText(net.macSeed, `mac\0${ns}\0${dev}`);
	const low = hashText(net.macSeed ^ 0x5bd1e995, `mac\0${ns}\0${dev}`);
	return ((((high >>> 16) & 0xfcff) | 0x0200) >>> 0) * 0x100000000 + low;
};

const nextIfindex = (ns: Namespace): number => {
	let last = 0;
	for (const ifindex of ns.devices.keys()) if (ifindex > last) last = ifindex;
	return last + 1;
};

/** One device as it is asked for. */
export interface DeviceSpec {
	/** Name of the namespace. */
	readonly ns: string;
	readonly name: string;
	/** Next free one of the namespace when absent. */
	readonly ifindex?: number;
	/** Derived from the seed and the names when absent. */
	readonly mac?: Mac;
	readonly proxyArp?: boolean;
	readonly rpFilter?: 0 | 1 | 2;
	readonly routeLocalnet?: boolean;
}

export interface LinkOptions {
	/** Octets; 1500 when absent. */
	readonly mtu?: number;
	/** One way, microseconds; DEFAULT_DELAY when absent. */
	readonly delay?: number;
}

/** How long a frame takes through a veth or a wire unless told otherwise, microseconds. */
export const DEFAULT_DELAY = 10;

const put = (ns: Namespace, device: Device): void => {
	const devices = new Map(ns.devices);
	devices.set(device.ifindex, device);
	ns.devices = devices;
};

const create = (net: Network, spec: DeviceSpec, kind: Device['kind'], options: LinkOptions): Device | LinuxError => {
	const ns = net.namespaces.get(spec.ns);
	if (!ns) return linuxError('ns.unknown', { ns: spec.ns });
	if (deviceByName(ns, spec.name)) return linuxError('dev.exists', { ns: spec.ns, dev: spec.name });
	const ifindex = spec.ifindex ?? nextIfindex(ns);
	if (ns.devices.has(ifindex)) return linuxError('dev.exists', { ns: spec.ns, dev: spec.name, ifindex });
	return {
		ifindex,
		name: spec.name,
		kind,
		mac: kind === 'loopback' ? 0 : (spec.mac ?? macFor(net, spec.ns, spec.name)),
		mtu: options.mtu ?? (kind === 'loopback' ? 65536 : 1500),
		up: true,
		addresses: [],
		delay: options.delay ?? DEFAULT_DELAY,
		proxyArp: spec.proxyArp ?? false,
		rpFilter: spec.rpFilter ?? 0,
		routeLocalnet: spec.routeLocalnet ?? false,
	};
};

/** Makes a device that has no other end. */
export const addSingle = (
	net: Network,
	spec: DeviceSpec,
	kind: Device['kind'],
	options: LinkOptions,
): Device | LinuxError => {
	const device = create(net, spec, kind, options);
	if (!('code' in device)) put(net.namespaces.get(spec.ns)!, device);
	return device;
};

/** The loopback device of a new namespace, up, without its address (`addNamespace` gives it). */
export const addLoopback = (net: Network, ns: string): Device | LinuxError =>
	addSingle(net, { ns, name: 'lo', ifindex: LOOPBACK_IFINDEX }, 'loopback', { delay: 0 });

/** `ip link add NAME type bridge`, up. STP is off. */
export const addBridge = (net: Network, spec: DeviceSpec, options: LinkOptions = {}): Device | LinuxError =>
	addSingle(net, spec, 'bridge', { delay: 0, ...options });

/** `ip link add NAME type dummy`, up: what is sent there is gone. */
export const addDummy = (net: Network, spec: DeviceSpec, options: LinkOptions = {}): Device | LinuxError =>
	addSingle(net, spec, 'dummy', { delay: 0, ...options });

const pair = (
	net: Network,
	a: DeviceSpec,
	b: DeviceSpec,
	kind: 'veth' | 'physical',
	options: LinkOptions,
): readonly [Device, Device] | LinuxError => {
	const first = create(net, a, kind, options);
	if ('code' in first) return first;
	put(net.namespaces.get(a.ns)!, first);
	const second = create(net, b, kind, options);
	if ('code' in second) {
		forget(net.namespaces.get(a.ns)!, first.ifindex);
		return second;
	}
	const one: Device = { ...first, peer: { ns: b.ns, ifindex: second.ifindex } };
	const two: Device = { ...second, peer: { ns: a.ns, ifindex: first.ifindex } };
	put(net.namespaces.get(a.ns)!, one);
	put(net.namespaces.get(b.ns)!, two);
	return [one, two];
};

/** `ip link add A type veth peer name B`, each end in its namespace (or both in one), both up. */
export const addVeth = (
	net: Network,
	a: DeviceSpec,
	b: DeviceSpec,
	options: LinkOptions = {},
): readonly [Device, Device] | LinuxError => pair(net, a, b, 'veth', options);

/** A wire between two network cards. Like a veth pair, with a delay worth the name. */
export const addPhysical = (
	net: Network,
	a: DeviceSpec,
	b: DeviceSpec,
	options: LinkOptions = {},
): readonly [Device, Device] | LinuxError => pair(net, a, b, 'physical', options);

/** What may be changed of a device after it was made; programs included (`undefined` detaches). */
export type DeviceChange = Partial<
	Pick<Device, 'up' | 'mtu' | 'mac' | 'proxyArp' | 'rpFilter' | 'routeLocalnet' | 'xdp' | 'tcIngress' | 'tcEgress'>
>;

/** `ip link set`, `sysctl net.ipv4.conf.DEV.*`, and attaching programs. Answers the device as it is now. */
export const setDevice = (net: Network, ns: string, dev: string, change: DeviceChange): Device | LinuxError => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	const device = deviceByName(space, dev);
	if (!device) return linuxError('dev.unknown', { ns, dev });
	const changed = { ...device, ...change };
	put(space, changed);
	return changed;
};

/** Replaces a device's record: for the code that keeps addresses. */
export const replaceDevice = (ns: Namespace, device: Device): void => put(ns, device);

/** `ip link set PORT master BRIDGE`. */
export const enslave = (net: Network, ns: string, bridge: string, port: string): LinuxError | undefined => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	const master = deviceByName(space, bridge);
	if (master?.kind !== 'bridge') return linuxError('dev.unknown', { ns, dev: bridge });
	const device = deviceByName(space, port);
	if (!device) return linuxError('dev.unknown', { ns, dev: port });
	if (device.kind === 'bridge' || device.kind === 'loopback' || device.master !== undefined)
		return linuxError('dev.master', { ns, dev: port });
	put(space, { ...device, master: master.ifindex });
	return undefined;
};

/** Takes a device out of one namespace with all that points to it: its routes, neighbours and fdb entries. */
const forget = (ns: Namespace, ifindex: number): void => {
	const gone = ns.devices.get(ifindex);
	if (!gone) return;
	const devices = new Map<number, Device>();
	for (const [index, device] of ns.devices)
		if (index !== ifindex) devices.set(index, device.master === ifindex ? { ...device, master: undefined } : device);
	ns.devices = devices;
	if (ns.routes.some((route) => route.dev === ifindex))
		ns.routes = ns.routes.filter((route: Route) => route.dev !== ifindex);
	for (const [key, neighbour] of ns.neighbours) if (neighbour.dev === ifindex) ns.neighbours.delete(key);
	for (const [mac, entry] of ns.fdb) if (entry.port === ifindex) ns.fdb.delete(mac);
	ns.counters.delete(ifindex);
};

/** `ip link del`: both ends of a pair go, with their addresses and routes. */
export const delDevice = (net: Network, ns: string, dev: string): LinuxError | undefined => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	const device = deviceByName(space, dev);
	if (!device) return linuxError('dev.unknown', { ns, dev });
	forget(space, device.ifindex);
	const peer = device.peer && net.namespaces.get(device.peer.ns);
	if (peer) forget(peer, device.peer!.ifindex);
	return undefined;
};
