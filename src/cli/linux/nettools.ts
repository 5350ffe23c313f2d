/** net-tools 2.10 (lib/interface.c, arp.c, lib/inet_gr.c, netstat.c), and busybox where it prints otherwise. */
import { addRoute, delRoute, deviceByName, isLinuxError, neighbourState } from '../../sim/linux/index.ts';
import { formatIp, formatMac, maskOf, parseIp, parsePrefix } from '../../sim/wire/index.ts';
import type { Tool } from '../tool.ts';
import { devicesIn, ipv6Of, linkFlags, macText, queueLength } from './devices.ts';
import { hasTool, isBusybox } from './images.ts';
import { netstat } from './netstat.ts';
import { may } from './rights.ts';
import { printRoutes } from './route-table.ts';
import { type Space, withSpace } from './space.ts';
import { octetsOf } from './traffic.ts';
import { decimals, getopt, getoptText } from './words.ts';

const FLAG_BITS: Readonly<Record<string, number>> = {
	UP: 1,
	BROADCAST: 2,
	LOOPBACK: 8,
	RUNNING: 64,
	NOARP: 128,
	PROMISC: 256,
	MULTICAST: 4096,
};

/** `286 bytes` as a person reads it (lib/interface.c, ife_print_long(): powers of 1024 from 1024 on). */
function human(bytes: number): string {
	let value = bytes;
	let unit = 'B';
	for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
		if (value < 1024) break;
		value /= 1024;
		unit = next;
	}
	return `${decimals(Math.floor(value * 10) / 10, 1)} ${unit}`;
}

function ifconfigText(space: Space, name: string): string {
	const ns = space.ns();
	const device = deviceByName(ns, name)!;
	const flags = linkFlags(space, device);
	// As net-tools orders them.
	const names = ['UP', 'BROADCAST', 'LOOPBACK', 'RUNNING', 'NOARP', 'PROMISC', 'MULTICAST'].filter((f) =>
		f === 'RUNNING' ? device.up && !flags.includes('NO-CARRIER') : flags.includes(f),
	);
	const sum = names.reduce((total, f) => total + FLAG_BITS[f]!, 0);
	const count = ns.counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
	const [rx, tx] = [octetsOf(space, name, 'rx'), octetsOf(space, name, 'tx')];
	const loopback = device.kind === 'loopback';
	const [first] = device.addresses;
	const six = ipv6Of(space, device);
	const brd = first && first.length < 31 ? formatIp((first.ip | ~maskOf(first.length)) >>> 0) : '0.0.0.0';
	return [
		`${name}: flags=${sum}<${names.join(',')}>  mtu ${device.mtu}`,
		...(first
			? [
					`        inet ${formatIp(first.ip)}  netmask ${formatIp(maskOf(first.length))}${loopback ? '' : `  broadcast ${brd}`}`,
				]
			: []),
		...(six
			? [
					`        inet6 ${six.address}  prefixlen ${six.length}  scopeid ${six.scope === 'host' ? '0x10<host>' : '0x20<link>'}`,
				]
			: []),
		loopback
			? `        loop  txqueuelen ${queueLength(device)}  (Local Loopback)`
			: `        ether ${macText(device)}  txqueuelen ${queueLength(device)}  (Ethernet)`,
		`        RX packets ${count.rx}  bytes ${rx} (${human(rx)})`,
		'        RX errors 0  dropped 0  overruns 0  frame 0',
		`        TX packets ${count.tx}  bytes ${tx} (${human(tx)})`,
		'        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0',
		'',
		'',
	].join('\n');
}

/** busybox's ifconfig (networking/interface.c): the older layout. */
function busyIfconfig(space: Space, name: string): string {
	const ns = space.ns();
	const device = deviceByName(ns, name)!;
	const flags = linkFlags(space, device);
	const [first] = device.addresses;
	const loopback = device.kind === 'loopback';
	const count = ns.counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
	const [rx, tx] = [octetsOf(space, name, 'rx'), octetsOf(space, name, 'tx')];
	const names = ['UP', 'BROADCAST', 'LOOPBACK', 'RUNNING', 'NOARP', 'MULTICAST'].filter((f) =>
		f === 'RUNNING' ? device.up : flags.includes(f),
	);
	const brd = first && first.length < 31 ? formatIp((first.ip | ~maskOf(first.length)) >>> 0) : '0.0.0.0';
	const six = ipv6Of(space, device);
	return [
		`${name.padEnd(9)} Link encap:${loopback ? 'Local Loopback  ' : `Ethernet  HWaddr ${macText(device).toUpperCase()}  `}`,
		...(first
			? [
					`          inet addr:${formatIp(first.ip)}  ${loopback ? '' : `Bcast:${brd}  `}Mask:${formatIp(maskOf(first.length))}`,
				]
			: []),
		...(six
			? [`          inet6 addr: ${six.address}/${six.length} Scope:${six.scope === 'host' ? 'Host' : 'Link'}`]
			: []),
		`          ${names.join(' ')}  MTU:${device.mtu}  Metric:1`,
		`          RX packets:${count.rx} errors:0 dropped:0 overruns:0 frame:0`,
		`          TX packets:${count.tx} errors:0 dropped:0 overruns:0 carrier:0`,
		`          collisions:0 txqueuelen:${queueLength(device)} `,
		`          RX bytes:${rx} (${human(rx)})  TX bytes:${tx} (${human(tx)})`,
		'',
		'',
	].join('\n');
}

const ifconfig: Tool = {
	name: 'ifconfig',
	at: hasTool('ifconfig'),
	run: (call) =>
		withSpace(call, (space) => {
			const words = call.args.filter((word) => !/^-[avs]$/.test(word));
			const all = call.args.includes('-a');
			const text = isBusybox('ifconfig', call.place, call.lab) ? busyIfconfig : ifconfigText;
			const [name, ...rest] = words;
			if (name?.startsWith('-')) {
				call.err(`ifconfig: option \`${name}' not recognised.\nifconfig: \`--help' gives usage information.\n`);
				return 1;
			}
			if (name === undefined) {
				for (const device of devicesIn(space.ns())) if (all || device.up) call.out(text(space, device.name));
				return 0;
			}
			if (!deviceByName(space.ns(), name)) {
				call.err(
					rest.length
						? 'SIOCSIFADDR: No such device\n'
						: `${name}: error fetching interface information: Device not found\n`,
				);
				return 1;
			}
			if (rest.length > 0) {
				call.err('ifconfig: the simulator changes devices with "ip" only\n');
				return 1;
			}
			call.out(text(space, name));
			return 0;
		}),
};

export const route: Tool = {
	name: 'route',
	at: hasTool('route'),
	run: (call) =>
		withSpace(call, (space) => {
			const words = call.args.filter((word) => !word.startsWith('-'));
			const bad = call.args.find((word) => /^-/.test(word) && !/^-(?:[nNeveF46A]+|host|net)$/.test(word));
			if (bad !== undefined) {
				call.err(
					`${getoptText('route', { kind: 'unknown', option: bad.slice(0, 2) })}Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables\n       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.\n`,
				);
				return 3;
			}
			const [command, ...rest] = words;
			if (command === undefined || command === 'inet') {
				printRoutes(call, space, false);
				return 0;
			}
			if (command !== 'add' && command !== 'del') {
				call.err(
					'Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]\n       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]\n                              [netmask N] [mss Mss] [window W] [irtt I]\n                              [mod] [dyn] [reinstate] [[dev] If]\n',
				);
				return 4;
			}
			const after = (name: string): string | undefined =>
				rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined;
			const mask = after('netmask');
			const target = rest[0] ?? '';
			const length =
				mask === undefined ? undefined : [...(parseIp(mask) ?? 0).toString(2)].filter((bit) => bit === '1').length;
			const dst =
				target === 'default'
					? { address: 0, length: 0 }
					: parsePrefix(length === undefined ? target : `${target}/${length}`);
			if (!dst) {
				call.err(`${target}: Host name lookup failure\n`);
				return 4;
			}
			const via = after('gw');
			const dev = after('dev') ?? (rest.length % 2 === 0 && !rest.includes('gw') ? rest.at(-1) : undefined);
			const options = {
				dst,
				...(via === undefined ? {} : { via: parseIp(via) ?? 0 }),
				...(dev === undefined ? {} : { dev }),
				...(after('metric') === undefined ? {} : { metric: Number(after('metric')) || 0 }),
			};
			if (!may(call, 'NET_ADMIN')) {
				call.err(`SIOC${command === 'add' ? 'ADD' : 'DEL'}RT: Operation not permitted\n`);
				return 7;
			}
			const done = space.change((net, ns): unknown =>
				command === 'add' ? addRoute(net, ns, options) : delRoute(net, ns, options),
			);
			if (!isLinuxError(done)) return 0;
			const why: Readonly<Record<string, string>> = {
				'route.exists': 'File exists',
				'route.unknown': 'No such process',
				'dev.unknown': 'No such device',
				'route.invalid-gateway': 'Network is unreachable',
				'route.no-device': 'No such device',
			};
			call.err(`SIOC${command === 'add' ? 'ADD' : 'DEL'}RT: ${why[done.code] ?? 'Invalid argument'}\n`);
			return 7;
		}),
};

const arp: Tool = {
	name: 'arp',
	at: hasTool('arp'),
	run: (call) =>
		withSpace(call, (space) => {
			const busybox = isBusybox('arp', call.place, call.lab);
			const parsed = getopt(call.args, { short: 'anvei:d:s:DHAN' });
			if ('fault' in parsed) {
				call.err(getoptText('arp', parsed.fault));
				return 1;
			}
			const { values, args } = parsed;
			const net = space.net();
			const ns = space.ns();
			const dev = values.get('i');
			if (dev !== undefined && !deviceByName(ns, dev)) {
				call.err(`arp: device '${dev}' has no such interface\n`);
				return 1;
			}
			const gone = values.get('d');
			if (gone !== undefined) {
				const ip = parseIp(gone);
				const found = [...ns.neighbours].find(([, n]) => n.ip === ip);
				if (!found) {
					call.err(`No ARP entry for ${gone}\n`);
					return 255;
				}
				if (!may(call, 'NET_ADMIN')) {
					call.err('SIOCDARP(dontpub): Operation not permitted\n');
					return 255;
				}
				space.change((own, name) => own.namespaces.get(name)!.neighbours.delete(found[0]));
				return 0;
			}
			if (values.has('s')) {
				call.err('arp: the simulator sets neighbours with "ip neigh" only\n');
				return 1;
			}
			const only = args[0] === undefined ? undefined : parseIp(args[0]);
			const rows = [...ns.neighbours.values()].filter(
				(n) => (dev === undefined || ns.devices.get(n.dev)?.name === dev) && (only === undefined || n.ip === only),
			);
			if (args[0] !== undefined && rows.length === 0) {
				call.out(`${args[0]} (${args[0]}) -- no entry\n`);
				return 0;
			}
			const bsd = values.has('a') || busybox;
			if (!bsd && rows.length > 0)
				call.out('Address                  HWtype  HWaddress           Flags Mask            Iface\n');
			for (const n of rows) {
				const ip = formatIp(n.ip);
				const name = ns.devices.get(n.dev)?.name ?? '';
				const state = neighbourState(net, n);
				const mac = n.mac === undefined || state === 'FAILED' || state === 'INCOMPLETE' ? undefined : formatMac(n.mac);
				const permanent = state === 'PERMANENT';
				if (bsd)
					call.out(
						mac === undefined
							? `? (${ip}) at <incomplete> ${busybox ? ' ' : ''}on ${name}\n`
							: `? (${ip}) at ${mac} [ether] ${permanent ? 'PERM ' : ''}${busybox ? ' ' : ''}on ${name}\n`,
					);
				else
					call.out(
						mac === undefined
							? `${ip.padEnd(23)}  ${''.padEnd(6)}  ${'(incomplete)'.padEnd(18)}  ${''.padEnd(20)}  ${name}\n`
							: `${ip.padEnd(23)}  ${'ether'.padEnd(6)}  ${mac.padEnd(18)}  ${(permanent ? 'CM' : 'C').padEnd(20)}  ${name}\n`,
					);
			}
			return 0;
		}),
};

export const netTools: readonly Tool[] = [ifconfig, route, arp, netstat];
