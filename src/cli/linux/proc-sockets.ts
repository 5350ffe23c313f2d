/** `/proc/net/tcp` and `udp` (net/ipv4/tcp_ipv4.c get_tcp4_sock(), udp.c udp4_format_sock()), and /sys/class/net. */
import { hashText } from '../../sim/linux/index.ts';
import { formatMac } from '../../sim/wire/index.ts';
import { devicesIn, linkState, queueLength } from './devices.ts';
import { swapped } from './proc-net.ts';
import { type SocketRow, socketsOf } from './sockets.ts';
import type { Space } from './space.ts';
import { octetsOf } from './traffic-log.ts';

/** include/net/tcp_states.h. */
const STATES: Readonly<Record<string, number>> = {
	ESTABLISHED: 1,
	SYN_SENT: 2,
	SYN_RECV: 3,
	FIN_WAIT1: 4,
	FIN_WAIT2: 5,
	TIME_WAIT: 6,
	CLOSE: 7,
	CLOSE_WAIT: 8,
	LAST_ACK: 9,
	LISTEN: 10,
	CLOSING: 11,
	UNCONN: 7,
};

const hex = (n: number, width: number): string => n.toString(16).toUpperCase().padStart(width, '0');
const end = ({ ip, port }: SocketRow['local']): string => `${swapped(ip)}:${hex(port, 4)}`;

/** Inode of a socket, by what it is: the same as long as it is there. */
export const inodeOf = (space: Space, row: SocketRow): number =>
	row.state === 'TIME_WAIT'
		? 0
		: 20_000 + (hashText(29, `${space.name} ${row.protocol} ${end(row.local)} ${end(row.remote)}`) % 400_000);

/** The kernel hides pointers (`%pK`) and keeps no queue here. */
export function procSockets(space: Space, protocol: 'tcp' | 'udp'): string {
	const head =
		protocol === 'tcp'
			? '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
			: '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
	const rows = socketsOf(space)
		.filter((row) => row.protocol === protocol)
		.map((row, i) => {
			const timer = row.left === undefined ? '00:00000000' : `03:${hex(Math.floor(row.left / 10_000), 8)}`;
			const tail =
				row.state === 'LISTEN'
					? ' 100 0 0 10 0'
					: protocol === 'udp'
						? ' 0'
						: row.left === undefined
							? ' 20 0 0 10 -1'
							: '';
			return `${String(i).padStart(protocol === 'tcp' ? 4 : 5)}: ${end(row.local)} ${end(row.remote)} ${hex(STATES[row.state] ?? 7, 2)} 00000000:00000000 ${timer} 00000000     0        0 ${inodeOf(space, row)} ${row.left === undefined ? (protocol === 'udp' ? 2 : 1) : 3} 0000000000000000${tail}`;
		});
	return [head, ...rows].map((line) => `${line.padEnd(protocol === 'tcp' ? 149 : 127)}\n`).join('');
}

/** Files of /sys/class/net by path (net/core/net-sysfs.c): a device's own attributes and its counters. */
export function sysClassNet(space: Space): Readonly<Record<string, () => string>> {
	const out: Record<string, () => string> = {};
	for (const device of devicesIn(space.ns())) {
		const put = (name: string, value: () => string | number): void => {
			out[`/sys/class/net/${device.name}/${name}`] = () => `${value()}\n`;
		};
		const count = (direction: 'rx' | 'tx') => space.ns().counters.get(device.ifindex)?.[direction] ?? 0;
		put('address', () => formatMac(device.mac));
		put('mtu', () => device.mtu);
		put('ifindex', () => device.ifindex);
		put('iflink', () => device.peer?.ifindex ?? device.ifindex);
		put('operstate', () => linkState(space, device).toLowerCase());
		put('carrier', () => (device.up ? 1 : 0));
		put('tx_queue_len', () => queueLength(device));
		put('type', () => (device.kind === 'loopback' ? 772 : 1));
		put('statistics/rx_packets', () => count('rx'));
		put('statistics/tx_packets', () => count('tx'));
		put('statistics/rx_bytes', () => octetsOf(space, device.name, 'rx'));
		put('statistics/tx_bytes', () => octetsOf(space, device.name, 'tx'));
		if (device.kind === 'bridge') put('bridge/stp_state', () => 0);
		if (device.master !== undefined) put('brport/state', () => 3);
	}
	return out;
}
