/** Groups of multicast that every device joins by itself when it goes up, and files of /proc/net that tell of them; IPv6's routes. */
import type { Device } from '../../sim/linux/index.ts';
import { formatMac } from '../../sim/wire/index.ts';
import { devicesIn, ipv6Of } from './devices.ts';
import type { Space } from './space.ts';

/** Link-layer addresses a device listens to: all nodes of IPv6, all hosts of IPv4, and the solicited node of its own address. */
export const linkGroups = (space: Space, device: Device): readonly string[] =>
	device.kind === 'loopback' || !device.up
		? []
		: [
				'33:33:00:00:00:01',
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
		.map((d) => `${d.ifindex}\t${d.name.padEnd(10)}:     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n`)
		.join('')}`;

/** `ip maddress show` (iproute2 6.1 ip/ipmaddr.c) */
export function maddressLines(space: Space, family: 4 | 6 | undefined, dev: string | undefined): string {
	return devicesIn(space.ns())
		.filter((device) => dev === undefined || device.name === dev)
		.map((device) => {
			const six = ipv6Of(space, device);
			const last = six?.address.split(':').at(-1);
			const solicited = `ff02::1:ff${formatMac(device.mac).slice(9, 11)}:${last}`;
			const groups = [
				...(family === undefined ? linkGroups(space, device).map((group) => `link  ${group}`) : []),
				...(family !== 6 && device.up ? ['inet  224.0.0.1'] : []),
				...(family === 4 || !six ? [] : device.kind === 'loopback' ? [] : [`inet6 ${solicited}`]),
				...(family === 4 || !six ? [] : ['inet6 ff02::1', 'inet6 ff01::1']),
			];
			return groups.length === 0 ? '' : `${device.ifindex}:\t${device.name}\n${groups.map((g) => `\t${g}\n`).join('')}`;
		})
		.join('');
}

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
	const devices = devicesIn(space.ns()).flatMap((device) => {
		const six = ipv6Of(space, device);
		return six ? [{ name: device.name, six }] : [];
	});
	const others = devices.filter(({ six }) => six.scope === 'link').reverse();
	const none = row(zero, 0, 'ffffffff', '00200200', 'lo');
	return [
		...others.map(({ name }) => row(octets('fe80::'), 64, '00000100', '00000001', name)),
		none,
		...devices.map(({ name, six }) => row(octets(six.address), 128, '00000000', '80200001', name)),
		...others.map(({ name }) => row(octets('ff00::'), 8, '00000100', '00000001', name)),
		none,
	].join('');
}
