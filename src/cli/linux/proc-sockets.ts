/** `/proc/net/tcp` and `udp` (net/ipv4/tcp_ipv4.c get_tcp4_sock(), udp.c udp4_format_sock()), and /sys/class/net. */
import { hashText } from '../../sim/linux/index.ts';
import { formatMac } from '../../sim/wire/index.ts';
import { carrier, devicesIn, linkState, queueLength } from './devices.ts';
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

const six = (row: SocketRow): boolean => row.v6 !== undefined || row.text !== undefined;

/** tcp6's ends: four words, the last one an address of IPv4's where there is one. */
const end6 = (row: SocketRow, side: 'local' | 'remote'): string => {
	const { ip, port } = row[side];
	const zeros = '0'.repeat(24);
	if (row.v6 === 'mapped') return `0000000000000000FFFF0000${swapped(ip)}:${hex(port, 4)}`;
	return `${zeros}${row.text?.[side] === '::1' ? '01000000' : '00000000'}:${hex(port, 4)}`;
};

/** The kernel hides pointers (`%pK`) and keeps no queue here. */
export function procSockets(space: Space, protocol: 'tcp' | 'udp' | 'tcp6' | 'udp6'): string {
	const tcp = protocol.startsWith('tcp');
	const ipv6 = protocol.endsWith('6');
	const head = ipv6
		? `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode${tcp ? '' : ' ref pointer drops'}`
		: tcp
			? '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
			: '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
	const rows = socketsOf(space)
		.filter((row) => row.protocol === (tcp ? 'tcp' : 'udp') && six(row) === ipv6)
		.map((row, i) => {
			const timer = row.left === undefined ? '00:00000000' : `03:${hex(Math.floor(row.left / 10_000), 8)}`;
			const tail =
				row.state === 'LISTEN' ? ' 100 0 0 10 0' : !tcp ? ' 0' : row.left === undefined ? ' 20 0 0 10 -1' : '';
			const ends = ipv6 ? `${end6(row, 'local')} ${end6(row, 'remote')}` : `${end(row.local)} ${end(row.remote)}`;
			return `${String(i).padStart(tcp ? 4 : 5)}: ${ends} ${hex(STATES[row.state] ?? 7, 2)} 00000000:00000000 ${timer} 00000000     0        0 ${inodeOf(space, row)} ${row.left === undefined ? (tcp ? 1 : 2) : 3} 0000000000000000${tail}`;
		});
	return [head, ...rows].map((line) => (ipv6 ? `${line}\n` : `${line.padEnd(tcp ? 149 : 127)}\n`)).join('');
}

/** net/ipv4/proc.c sockstat_seq_show(), net/ipv6/proc.c. Memory is not modelled. */
export function procSockstat(space: Space, ipv6: boolean): string {
	const rows = socketsOf(space);
	const count = (protocol: string): number =>
		rows.filter((r) => r.protocol === protocol && r.state !== 'TIME_WAIT' && six(r) === ipv6).length;
	const waits = rows.filter((r) => r.state === 'TIME_WAIT').length;
	if (ipv6)
		return `TCP6: inuse ${count('tcp')}\nUDP6: inuse ${count('udp')}\nUDPLITE6: inuse 0\nRAW6: inuse 0\nFRAG6: inuse 0 memory 0\n`;
	const open = rows.filter((r) => r.protocol === 'tcp').length - waits;
	return `sockets: used ${rows.length - waits}\nTCP: inuse ${count('tcp')} orphan 0 tw ${waits} alloc ${open} mem 0\nUDP: inuse ${count('udp')} mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse ${space.ns().fragments.size} memory 0\n`;
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
		put('carrier', () => (device.up && carrier(space, device) ? 1 : 0));
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
