/** A device as tools describe it: flags, state, queue, the other end, the address IPv6 makes of its MAC. */
import { type Device, hashText, type Namespace } from '../../sim/linux/index.ts';
import { formatMac, type Mac } from '../../sim/wire/index.ts';
import type { Space } from './space.ts';

/** By ifindex, as netlink dumps them. */
export const devicesIn = (ns: Namespace): readonly Device[] =>
	[...ns.devices.values()].sort((a, b) => a.ifindex - b.ifindex);

const otherEnd = (space: Space, device: Device): Device | undefined =>
	device.peer && space.net().namespaces.get(device.peer.ns)?.devices.get(device.peer.ifindex);

/** Bridges that a program gave a MAC, as Docker and the CNI plugins do: that alone makes the kernel look at their ports. */
const SETTLED = /^(?:docker\d+|br-[0-9a-f]{12}|cni\d+|cbr\d+)$/;

/**
 * Whether the link is there: a veth pair has a carrier when both ends are up, a bridge when one of its ports has
 * (net/bridge/br_stp.c br_port_state_selection() @ v5.15); one that was only made has it until it gets a port.
 */
export function carrier(space: Space, device: Device): boolean {
	if (device.kind !== 'bridge') return !device.peer || otherEnd(space, device)?.up === true;
	const ports = [...space.ns().devices.values()].filter(({ master }) => master === device.ifindex);
	return ports.length === 0 ? !SETTLED.test(device.name) : ports.some((port) => port.up && carrier(space, port));
}

/** Names of net_device flags in the order of print_link_flags() (iproute2 ip/ipaddress.c @ v6.1.0). */
export function linkFlags(space: Space, device: Device): readonly string[] {
	const out: string[] = [];
	const on = carrier(space, device);
	if (device.up && !on) out.push('NO-CARRIER');
	if (device.kind === 'loopback') out.push('LOOPBACK');
	else {
		out.push('BROADCAST');
		if (device.kind === 'dummy') out.push('NOARP');
		else {
			if (noArp(device)) out.push('NOARP');
			out.push('MULTICAST');
		}
	}
	if (device.up) out.push('UP', ...(on ? ['LOWER_UP'] : []));
	// Of another namespace's end nothing is known here.
	if (device.peer?.ns === space.name && otherEnd(space, device)?.up === false) out.push('M-DOWN');
	return out;
}

/** cilium_host and cilium_net have ARP off (pkg/datapath/loader/netlink.go, setupVethPair @ v1.12). */
export const noArp = (device: Device): boolean => device.name === 'cilium_host' || device.name === 'cilium_net';

/** RFC 2863 operstate. Loopback and tunnels do not know. */
export function linkState(space: Space, device: Device): string {
	if (device.kind === 'loopback' || device.kind === 'dummy') return device.up ? 'UNKNOWN' : 'DOWN';
	if (device.kind === 'vxlan' || device.kind === 'geneve') return device.up ? 'UNKNOWN' : 'DOWN';
	if (!device.up) return 'DOWN';
	if (carrier(space, device))
		return device.kind !== 'bridge' || [...space.ns().devices.values()].some(({ master }) => master === device.ifindex)
			? 'UP'
			: 'UNKNOWN';
	return device.kind === 'bridge' ? 'DOWN' : 'LOWERLAYERDOWN';
}

/** A device that was never up has the no-op scheduler: one without an address that never had a frame. */
export const qdiscOf = (space: Space, device: Device): string =>
	!device.up && device.addresses.length === 0 && !space.ns().counters.has(device.ifindex)
		? 'noop'
		: device.kind === 'physical'
			? 'mq'
			: 'noqueue';

/**
 * Length of the transmit queue; 0 where nobody asked for one, and then `ip` prints none: devices that Docker and the
 * standard CNI plugins make (vishvananda/netlink LinkAttrs without NewLinkAttrs()).
 */
export const queueLength = (device: Device): number =>
	(device.kind === 'veth' && /^(?:eth\d+|veth.*)$/.test(device.name)) || /^(?:br-|docker\d)/.test(device.name)
		? 0
		: 1000;

/** `eth0@if12`: the other end by name when it is here, else by index. */
export function fullName(space: Space, device: Device): string {
	if (device.kind !== 'veth' || !device.peer) return device.name;
	const here = device.peer.ns === space.name ? space.ns().devices.get(device.peer.ifindex)?.name : undefined;
	return `${device.name}@${here ?? `if${device.peer.ifindex}`}`;
}

/** A name as containerd gives it to a sandbox's namespace: `cni-` and a UUID that depends on the pod. */
export function netnsName(pod: string): string {
	const hex = [1, 2, 3, 4].map((seed) => hashText(seed, pod).toString(16).padStart(8, '0')).join('');
	return `cni-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** `link-netnsid 0`, or `link-netns NAME` where the namespace has a name on the node. */
export function linkNetns(space: Space, device: Device): string {
	if (!device.peer || device.peer.ns === space.name) return '';
	if (space.name.startsWith('node/') && device.peer.ns.startsWith('pod/'))
		return ` link-netns ${netnsName(device.peer.ns)}`;
	const others = [
		...new Set(devicesIn(space.ns()).flatMap((d) => (d.peer && d.peer.ns !== space.name ? [d.peer.ns] : []))),
	];
	return ` link-netnsid ${others.indexOf(device.peer.ns)}`;
}

/** Pods whose namespaces have a name on a node, newest last. */
export const namedNetns = (space: Space): readonly { readonly name: string; readonly ns: string }[] => {
	const own = new Set<string>();
	for (const device of space.ns().devices.values()) if (device.peer?.ns.startsWith('pod/')) own.add(device.peer.ns);
	return space.name.startsWith('node/') ? [...own].map((ns) => ({ name: netnsName(ns), ns })) : [];
};

/** fe80::/64 and the interface identifier of RFC 4291, appendix A, as the kernel assigns it when a device goes up. */
export function linkLocal(mac: Mac): string {
	const hex = mac.toString(16).padStart(12, '0');
	const id = (Number.parseInt(hex.slice(0, 2), 16) ^ 2).toString(16).padStart(2, '0') + hex.slice(2, 6);
	const groups = [id.slice(0, 4), `${id.slice(4)}ff`, `fe${hex.slice(6, 8)}`, hex.slice(8)];
	const short = groups.map((g) => g.replace(/^0{1,3}/, ''));
	// The zeros that `::` stands for go on into the identifier.
	return `fe80::${(short[0] === '0' ? short.slice(1) : short).join(':')}`;
}

/** What IPv6 has on a device by itself; the simulator's packets know nothing of it. */
export function ipv6Of(
	space: Space,
	device: Device,
): { readonly address: string; readonly length: number; readonly scope: 'host' | 'link' } | undefined {
	if (!device.up || !carrier(space, device)) return undefined;
	return device.kind === 'loopback'
		? { address: '::1', length: 128, scope: 'host' }
		: { address: linkLocal(device.mac), length: 64, scope: 'link' };
}

/** Devices with an address of IPv6 for their link, in the order they had a carrier: a bridge has it by its ports. */
export const linkLocals = (space: Space): readonly Device[] => {
	const all = devicesIn(space.ns()).filter((device) => ipv6Of(space, device)?.scope === 'link');
	return [...all.filter(({ kind }) => kind !== 'bridge'), ...all.filter(({ kind }) => kind === 'bridge')];
};

export const broadcastMac = (device: Device): string =>
	device.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
export const macText = (device: Device): string => formatMac(device.mac);
