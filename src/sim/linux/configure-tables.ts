/** Policy rules, ipsets, neighbours and socket programs: the tables of a namespace that agents write. */
import type { Ip, Mac, Prefix } from '../wire/index.ts';
import { deviceByName } from './device.ts';
import { type LinuxError, linuxError } from './error.ts';
import { neighbourKey } from './neigh-key.ts';
import type { Network } from './net.ts';
import type { ConnectProgram } from './socket.ts';
import type { PacketQueue, PolicyRule } from './types.ts';

/** `ip rule add`. */
export const addRule = (net: Network, nsName: string, rule: PolicyRule): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const before = ns.rules.filter((other) => other.priority <= rule.priority);
	ns.rules = [...before, rule, ...ns.rules.slice(before.length)];
	return undefined;
};

/** `ip rule del`: the first of that priority and table. */
export const delRule = (net: Network, nsName: string, priority: number, table: number): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const at = ns.rules.findIndex((rule) => rule.priority === priority && rule.table === table);
	if (at >= 0) ns.rules = ns.rules.filter((_, i) => i !== at);
	return undefined;
};

/** `ipset`: replaces or makes the set; `undefined` destroys it. */
export const setIpset = (
	net: Network,
	nsName: string,
	name: string,
	members: readonly Prefix[] | undefined,
): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const ipsets = new Map(ns.ipsets);
	if (members) ipsets.set(name, members);
	else ipsets.delete(name);
	ns.ipsets = ipsets;
	return undefined;
};

/** Programs on cgroup/connect4 for every process of the namespace, in attach order. */
export const setConnectPrograms = (
	net: Network,
	nsName: string,
	programs: readonly ConnectProgram[],
): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	ns.connectPrograms = programs;
	return undefined;
};

/** Who is asked about packets that leave; undefined: nobody any more. */
export const setPacketQueue = (
	net: Network,
	nsName: string,
	queue: PacketQueue | undefined,
): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	ns.packetQueue = queue;
	return undefined;
};

/** `ip neigh replace IP lladdr MAC dev DEV nud permanent`. */
export const addNeighbour = (
	net: Network,
	nsName: string,
	dev: string,
	ip: Ip,
	mac: Mac,
	state: 'PERMANENT' | 'REACHABLE' = 'PERMANENT',
): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const device = deviceByName(ns, dev);
	if (!device) return linuxError('dev.unknown', { ns: nsName, dev });
	ns.neighbours.set(neighbourKey(device.ifindex, ip), {
		ip,
		dev: device.ifindex,
		mac,
		state,
		updated: net.now,
		queue: [],
	});
	return undefined;
};
