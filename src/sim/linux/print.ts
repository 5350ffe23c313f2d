/** Entries as iproute2 prints them (ip/iproute.c, ipaddress.c, ipneigh.c, iprule.c). */
import { formatIp, formatMac, formatPrefix, maskOf } from '../wire/index.ts';
import { RT_TABLE_LOCAL, RT_TABLE_MAIN } from './namespace.ts';
import { neighbourState } from './neigh.ts';
import type { Device, Namespace, Neighbour, Net, PolicyRule, Route } from './types.ts';

const prefixText = (address: number, length: number): string =>
	length === 0 ? 'default' : length === 32 ? formatIp(address) : formatPrefix({ address, length });

/** One line of `ip route show`, without the blank iproute2 leaves at its end. */
export const formatRoute = (ns: Namespace, route: Route): string => {
	let out = route.type === 'unicast' ? '' : `${route.type} `;
	out += prefixText(route.dst.address, route.dst.length);
	if (route.via !== undefined) out += ` via ${formatIp(route.via)}`;
	if (route.dev !== undefined) out += ` dev ${ns.devices.get(route.dev)?.name ?? `if${route.dev}`}`;
	if (route.table !== RT_TABLE_MAIN && route.table !== RT_TABLE_LOCAL) out += ` table ${route.table}`;
	if (route.protocol !== 'boot') out += ` proto ${route.protocol}`;
	if (route.scope !== 'global') out += ` scope ${route.scope}`;
	if (route.src !== undefined) out += ` src ${formatIp(route.src)}`;
	if (route.metric !== 0) out += ` metric ${route.metric}`;
	if (route.mtu !== undefined) out += ` mtu ${route.mtu}`;
	if (route.onlink) out += ' onlink';
	return out;
};

/** `ip route show table TABLE`: by prefix, the longer before the shorter of the same address, then by metric. */
export const formatRoutes = (ns: Namespace, table: number = RT_TABLE_MAIN): string[] =>
	ns.routes
		.filter((route) => route.table === table)
		.sort((a, b) => a.dst.address - b.dst.address || b.dst.length - a.dst.length || a.metric - b.metric)
		.map((route) => formatRoute(ns, { ...route, table: table === route.table ? RT_TABLE_MAIN : route.table }));

const tableName = (table: number): string =>
	table === 255 ? 'local' : table === 254 ? 'main' : table === 253 ? 'default' : `${table}`;

const formatRule = (rule: PolicyRule): string => {
	let out = `${rule.priority}:\tfrom ${rule.from ? prefixText(rule.from.address, rule.from.length) : 'all'}`;
	if (rule.to) out += ` to ${prefixText(rule.to.address, rule.to.length)}`;
	if (rule.fwmark) {
		out += ` fwmark 0x${rule.fwmark.value.toString(16)}`;
		if (rule.fwmark.mask >>> 0 !== 0xffffffff) out += `/0x${rule.fwmark.mask.toString(16)}`;
	}
	if (rule.iif) out += ` iif ${rule.iif}`;
	return `${out} lookup ${tableName(rule.table)}`;
};

/** `ip rule show`. */
export const formatRules = (ns: Namespace): string[] => ns.rules.map(formatRule);

/** One line of `ip neigh show`. */
export const formatNeighbour = (net: Net, ns: Namespace, neighbour: Neighbour): string => {
	const dev = ns.devices.get(neighbour.dev)?.name ?? `if${neighbour.dev}`;
	const mac = neighbour.mac === undefined ? '' : ` lladdr ${formatMac(neighbour.mac)}`;
	return `${formatIp(neighbour.ip)} dev ${dev}${mac} ${neighbourState(net, neighbour)}`;
};

/** `ip neigh show`: entries that are known or looked for. */
export const formatNeighbours = (net: Net, ns: Namespace): string[] =>
	[...ns.neighbours.values()].map((neighbour) => formatNeighbour(net, ns, neighbour));

const flags = (device: Device): string => {
	const names = device.kind === 'loopback' ? ['LOOPBACK'] : ['BROADCAST', 'MULTICAST'];
	if (device.up) names.push('UP', 'LOWER_UP');
	return names.join(',');
};

/** `ip address show dev DEV`, without lifetimes and queue length. */
const formatDevice = (ns: Namespace, device: Device): string[] => {
	const at = device.peer
		? `@${device.peer.ns === ns.name ? ns.devices.get(device.peer.ifindex)?.name : `if${device.peer.ifindex}`}`
		: '';
	const master = device.master === undefined ? '' : ` master ${ns.devices.get(device.master)?.name}`;
	const state = device.kind === 'loopback' ? 'UNKNOWN' : device.up ? 'UP' : 'DOWN';
	const loopback = device.kind === 'loopback';
	const out = [
		`${device.ifindex}: ${device.name}${device.kind === 'veth' ? at : ''}: <${flags(device)}> mtu ${device.mtu}${master} state ${state}`,
		`    link/${loopback ? 'loopback' : 'ether'} ${formatMac(device.mac)} brd ${loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}`,
	];
	for (const address of device.addresses) {
		const broadcast =
			!loopback && address.length < 31 ? ` brd ${formatIp((address.ip | ~maskOf(address.length)) >>> 0)}` : '';
		out.push(
			`    inet ${formatIp(address.ip)}/${address.length}${broadcast} scope ${address.scope}${address.secondary ? ' secondary' : ''} ${device.name}`,
		);
	}
	return out;
};

/** `ip address show`, by ifindex. */
export const formatAddresses = (ns: Namespace): string[] =>
	[...ns.devices.values()].sort((a, b) => a.ifindex - b.ifindex).flatMap((device) => formatDevice(ns, device));
