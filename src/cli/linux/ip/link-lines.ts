/** Lines of a device in `ip address` and `ip link`: the plain ones, details, statistics, JSON (iproute2 6.1 ip/ipaddress.c). */
import type { Address, Device } from '../../../sim/linux/index.ts';
import { formatIp, maskOf } from '../../../sim/wire/index.ts';
import {
	broadcastMac,
	carrier,
	fullName,
	linkFlags,
	linkNetns,
	linkState,
	macText,
	qdiscOf,
	queueLength,
} from '../devices.ts';
import { programsIn } from '../programs.ts';
import type { Space } from '../space.ts';
import { octetsOf } from '../traffic.ts';
import type { IpRun } from './context.ts';

export const TYPES: Readonly<Record<Device['kind'], string>> = {
	loopback: '',
	veth: 'veth',
	physical: '',
	bridge: 'bridge',
	dummy: 'dummy',
	vxlan: 'vxlan',
	geneve: 'geneve',
};

export const brd = (device: Device, address: Address): string | undefined =>
	device.kind !== 'loopback' && address.length < 31
		? formatIp((address.ip | ~maskOf(address.length)) >>> 0)
		: undefined;

/** A veth pair has no carrier until both ends are up, a bridge none before its first port; the others always have one. */
const carrierChanges = (space: Space, device: Device): number =>
	['veth', 'bridge'].includes(device.kind) ? (carrier(space, device) ? 2 : 1) : 0;

export function statLines(run: IpRun, device: Device): string {
	const { space } = run;
	const count = space.ns().counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
	const line = (bytes: number, packets: number): string =>
		`    ${String(bytes).padStart(10)} ${String(packets).padStart(7)} ${'0'.padStart(6)} ${'0'.padStart(7)} ${'0'.padStart(7)} ${'0'.padStart(7)} \n`;
	const twice = run.options.stats > 1;
	const none = (last: number): string => `${' '.repeat(21)}0      0       0       0 ${String(last).padStart(7)} \n`;
	return (
		'    RX:  bytes packets errors dropped  missed   mcast           \n' +
		line(octetsOf(space, device.name, 'rx'), count.rx) +
		(twice ? `    RX errors:  length    crc   frame    fifo overrun\n${none(0)}` : '') +
		'    TX:  bytes packets errors dropped carrier collsns           \n' +
		line(octetsOf(space, device.name, 'tx'), count.tx) +
		(twice ? `    TX errors: aborted   fifo  window heartbt transns\n${none(carrierChanges(space, device))}` : '')
	);
}

/** First lines of a device: what `ip link` and `ip address` have in common. */
export function linkLines(run: IpRun, device: Device, link: boolean): string {
	const { space, details } = run;
	const master = device.master !== undefined ? ` master ${space.ns().devices.get(device.master)?.name}` : '';
	const queue = queueLength(device);
	const head = `${device.ifindex}: ${fullName(space, device)}: <${linkFlags(space, device).join(',')}> mtu ${device.mtu}${xdpText(device)} qdisc ${qdiscOf(space, device)}${master} state ${linkState(space, device)}${link ? ' mode DEFAULT' : ''} group default ${queue > 0 ? `qlen ${queue}` : ''}`;
	const ether = `    link/${device.kind === 'loopback' ? 'loopback' : 'ether'} ${macText(device)} brd ${broadcastMac(device)}${linkNetns(space, device)}${details ? details(device, link) : ''}`;
	const program = device.xdp && programsIn(space, space.ns()).find((p) => p.type === 'xdp' && p.device === device);
	const prog = program
		? `\n    prog/xdp id ${program.id} name ${program.program.slice(0, 15)} tag ${program.tag} jited `
		: '';
	return `${head}\n${ether}${prog}\n`;
}

const xdpText = (device: Device): string => (device.xdp ? ' xdp' : '');

/** The other end of a pair, by name or by index. */
export function otherEnd(space: Space, device: Device): Record<string, unknown> {
	const full = fullName(space, device);
	const at = full.indexOf('@');
	if (at < 0) return {};
	return device.peer && device.peer.ns !== space.name
		? { link_index: device.peer.ifindex }
		: { link: full.slice(at + 1) };
}

export function jsonLink(run: IpRun, device: Device, link: boolean): Record<string, unknown> {
	const { space, options } = run;
	const netns = linkNetns(space, device).trim().split(' ');
	const count = space.ns().counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
	const zero = { errors: 0, dropped: 0 };
	return {
		ifindex: device.ifindex,
		...otherEnd(space, device),
		ifname: device.name,
		flags: linkFlags(space, device),
		mtu: device.mtu,
		qdisc: qdiscOf(space, device),
		...(device.master === undefined ? {} : { master: space.ns().devices.get(device.master)?.name }),
		operstate: linkState(space, device),
		...(link ? { linkmode: 'DEFAULT' } : {}),
		group: 'default',
		...(queueLength(device) > 0 ? { txqlen: queueLength(device) } : {}),
		...(!link && options.family
			? {}
			: {
					link_type: device.kind === 'loopback' ? 'loopback' : 'ether',
					address: macText(device),
					broadcast: broadcastMac(device),
				}),
		...(netns.length < 2
			? {}
			: netns[0] === 'link-netns'
				? { link_netns: netns[1] }
				: { link_netnsid: Number(netns[1]) }),
		...run.jsonDetails?.(device, link),
		...(options.stats
			? {
					stats64: {
						rx: {
							bytes: octetsOf(space, device.name, 'rx'),
							packets: count.rx,
							...zero,
							over_errors: 0,
							multicast: 0,
							...(options.stats > 1
								? { length_errors: 0, crc_errors: 0, frame_errors: 0, fifo_errors: 0, missed_errors: 0 }
								: {}),
						},
						tx: {
							bytes: octetsOf(space, device.name, 'tx'),
							packets: count.tx,
							...zero,
							carrier_errors: 0,
							collisions: 0,
							...(options.stats > 1
								? {
										aborted_errors: 0,
										fifo_errors: 0,
										window_errors: 0,
										heartbeat_errors: 0,
										carrier_changes: carrierChanges(space, device),
									}
								: {}),
						},
					},
				}
			: {}),
	};
}
