/** Files of /proc/net as the kernel writes them. */
import { formatConntrack, neighbourState, RT_TABLE_MAIN } from '../../sim/linux/index.ts';
import { formatIp, formatMac, maskOf } from '../../sim/wire/index.ts';
import { devicesIn } from './devices.ts';
import { trackedAt } from './held-connections.ts';
import type { Space } from './space.ts';
import { octetsOf } from './traffic-log.ts';

/** net/core/net-procfs.c, dev_seq_printf_stats(). */
export function procNetDev(space: Space): string {
	const pad = (n: number, width: number): string => String(n).padStart(width);
	const rows = devicesIn(space.ns()).map((device) => {
		const count = space.ns().counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
		const [rx, tx] = [octetsOf(space, device.name, 'rx'), octetsOf(space, device.name, 'tx')];
		return `${device.name.padStart(6)}: ${pad(rx, 7)} ${pad(count.rx, 7)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(0, 10)} ${pad(0, 9)} ${pad(tx, 8)} ${pad(count.tx, 7)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 4)} ${pad(0, 5)} ${pad(0, 7)} ${pad(0, 10)}\n`;
	});
	return `Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n${rows.join('')}`;
}

/** An address as the kernel's seq files print it: the word in host order, on a little-endian machine. */
export const swapped = (ip: number): string =>
	[24, 16, 8, 0]
		.map((bits) => ((ip >>> bits) & 255).toString(16).padStart(2, '0'))
		.reverse()
		.join('')
		.toUpperCase();

/** net/ipv4/fib_trie.c, fib_route_seq_show(). */
export function procNetRoute(space: Space): string {
	const ns = space.ns();
	const lines = ns.routes
		.filter((r) => r.table === RT_TABLE_MAIN)
		.sort((a, b) => a.dst.address - b.dst.address || b.dst.length - a.dst.length || a.metric - b.metric)
		.map((r) => {
			const refused = r.type === 'unreachable' || r.type === 'prohibit';
			const flags = (refused ? 0x201 : 1) | (r.via === undefined ? 0 : 2) | (r.dst.length === 32 ? 4 : 0);
			return `${ns.devices.get(r.dev ?? 0)?.name ?? '*'}\t${swapped(r.dst.address)}\t${swapped(r.via ?? 0)}\t${flags.toString(16).padStart(4, '0').toUpperCase()}\t0\t0\t${r.metric}\t${swapped(maskOf(r.dst.length))}\t0\t0\t0`;
		});
	const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
	return [head, ...lines].map((l) => `${l.padEnd(127)}\n`).join('');
}

/** net/ipv4/arp.c, arp_format_neigh_entry(). */
export function procNetArp(space: Space): string {
	const net = space.net();
	const ns = space.ns();
	const lines = [...ns.neighbours.values()].map((n) => {
		const state = neighbourState(net, n);
		const known = n.mac !== undefined && state !== 'FAILED' && state !== 'INCOMPLETE';
		const flags = known ? (state === 'PERMANENT' ? 6 : 2) : 0;
		return `${formatIp(n.ip).padEnd(16)} 0x1         0x${flags.toString(16).padEnd(10)}${known ? formatMac(n.mac!) : '00:00:00:00:00:00'}     *        ${ns.devices.get(n.dev)?.name ?? ''}\n`;
	});
	return `IP address       HW type     Flags       HW address            Mask     Device\n${lines.join('')}`;
}

export function procConntrack(space: Space): string {
	const { now } = space.net();
	return trackedAt(space)
		.map((c) => `${formatConntrack(c, now)}\n`)
		.join('');
}
