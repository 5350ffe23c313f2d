/** Groups of multicast that every device joins by itself when it goes up, and files of /proc/net that tell of them; IPv6's routes. */
import type { Device } from '../../sim/linux/index.ts';
import { formatMac } from '../../sim/wire/index.ts';
import { devicesIn, ipv6Of, linkLocals } from './devices.ts';
import type { Space } from './space.ts';

/** Link-layer addresses a device listens to: all nodes of IPv6, all hosts of IPv4, and the solicited node of its own address. */
export const linkGroups = (space: Space, device: Device): readonly string[] =>
	device.kind === 'loopback'
		? []
		: !device.up
			? ['33:33:00:00:00:01']
			: [
					'33:33:00:00:00:01',
					// Snoopers listen to each other (br_multicast_join_snoopers()).
					...(device.kind === 'bridge' ? ['01:00:5e:00:00:6a', '33:33:00:00:00:6a'] : []),
					'01:00:5e:00:00:01',
					...(ipv6Of(space, device) ? [`33:33:ff:${formatMac(device.mac).slice(9)}`] : []),
				];

/** net/core/dev_addr_lists.c, dev_mc_seq_show() */
export const procDevMcast = (space: Space): string =>
	devicesIn(space.ns())
		.flatMap((device) =>
			linkGroups(space, device).map(
				(group) =>
					`${String(device.ifindex).padEnd(4)} ${device.name.padEnd(15)} 1     0     ${group.replaceAll(':', '')}\n`,
			),
		)
		.join('');

/** net/ipv4/igmp.c, igmp_mc_seq_show(): 224.0.0.1 on each device. */
export const procIgmp = (space: Space): string =>
	`Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n${devicesIn(space.ns())
		.filter((device) => device.up)
		.map((d) => {
			const groups = d.kind === 'bridge' ? ['010000E0', '6A0000E0'] : ['010000E0'];
			const lines = groups.map((group) => `\t\t\t\t${group}     1 0:00000000\t\t0\n`);
			return `${d.ifindex}\t${d.name.padEnd(10)}:     ${lines.length}      V3\n${lines.join('')}`;
		})
		.join('')}`;

interface Group {
	readonly link?: string;
	readonly family?: string;
	readonly address?: string;
}
interface Groups {
	readonly ifindex: number;
	readonly ifname: string;
	readonly maddr: readonly Group[];
}

/** What `ip maddress show` tells (iproute2 6.1 ip/ipmaddr.c). */
export function maddresses(space: Space, family: 0 | 4 | 6 | undefined, dev: string | undefined): readonly Groups[] {
	return devicesIn(space.ns())
		.filter((device) => dev === undefined || device.name === dev)
		.flatMap((device) => {
			const six = ipv6Of(space, device);
			const last = six?.address.split(':').at(-1);
			const solicited = `ff02::1:ff${formatMac(device.mac).slice(9, 11)}:${last}`;
			const snoops = device.kind === 'bridge' && device.up;
			const four = device.up ? ['224.0.0.1', ...(snoops ? ['224.0.0.106'] : [])] : [];
			const own = six?.scope === 'link' ? [solicited] : [];
			const sixes = [...own, ...(snoops ? ['ff02::6a'] : []), 'ff02::1', 'ff01::1'];
			const groups: readonly Group[] = [
				...(family ? [] : linkGroups(space, device).map((link) => ({ link }))),
				...(family === undefined || family === 4 ? four : []).map((address) => ({ family: 'inet', address })),
				...(family === undefined || family === 6 ? sixes : []).map((address) => ({ family: 'inet6', address })),
			];
			return groups.length === 0 ? [] : [{ ifindex: device.ifindex, ifname: device.name, maddr: groups }];
		});
}

export const maddressLines = (devices: readonly Groups[]): string =>
	devices
		.map(({ ifindex, ifname, maddr }) => {
			const lines = maddr.map(({ link, family, address }) => `\t${(family ?? 'link').padEnd(5)} ${link ?? address}\n`);
			return `${ifindex}:\t${ifname}\n${lines.join('')}`;
		})
		.join('');

const octets = (address: string): string => {
	const [head = '', tail = ''] = address.split('::').map((half) => half.split(':').filter(Boolean));
	const zeros = address.includes('::') ? Array<string>(8 - head.length - tail.length).fill('0') : [];
	return [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('');
};

/** net/ipv6/ip6_fib.c, ipv6_route_native_seq_show(): what devices have by themselves, and the refusal of everything else. */
export function procIpv6Route(space: Space): string {
	const zero = '0'.repeat(32);
	const row = (dst: string, length: number, metric: string, flags: string, dev: string): string =>
		`${dst} ${length.toString(16).padStart(2, '0')} ${zero} 00 ${zero} ${metric} 00000001 00000000 ${flags} ${dev.padStart(8)}\n`;
	const own = devicesIn(space.ns()).flatMap((device) => {
		const six = ipv6Of(space, device);
		return six ? [row(octets(six.address), 128, '00000000', '80200001', device.name)] : [];
	});
	const others = linkLocals(space);
	const none = row(zero, 0, 'ffffffff', '00200200', 'lo');
	return [
		...others.map(({ name }) => row(octets('fe80::'), 64, '00000100', '00000001', name)),
		none,
		...own.sort(),
		...others.map(({ name }) => row(octets('ff00::'), 8, '00000100', '00000001', name)),
		none,
	].join('');
}
