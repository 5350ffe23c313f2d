/**
 * `ip` of busybox: fewer words than iproute2's, other lines, its own way of saying what is wrong.
 *
 * Source: busybox networking/ip.c and networking/libiproute/{ip_parse_common_args,ipaddress,iproute,ipneigh,iprule}.c
 * @ 1_35_0.
 */
import type { Device, Dst, Neighbour, Network, PolicyRule, Route } from '../../../sim/linux/index.ts';
import { neighbourState, RT_TABLE_MAIN } from '../../../sim/linux/index.ts';
import { formatIp, formatMac, formatPrefix, type Prefix } from '../../../sim/wire/index.ts';
import { broadcastMac, linkFlags, linkState, macText, qdiscOf, queueLength } from '../devices.ts';
import { BANNER } from '../installed/busybox-words.ts';
import type { Space } from '../space.ts';
import { fault, type IpOptions } from './context.ts';

/** Its C library: where `<net/if.h>` has IFF_DORMANT, as musl's has and glibc's has not, `ip` tells the state. */
export type Libc = 'glibc' | 'musl';

const USAGE = `${BANNER}Usage: ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]

OPTIONS := -f[amily] inet|inet6|link | -o[neline]

ip addr add|del IFADDR dev IFACE | show|flush [dev IFACE] [to PREFIX]
ip route list|flush|add|del|change|append|replace|test ROUTE
ip link set IFACE [up|down] [arp on|off] [multicast on|off]
	[promisc on|off] [mtu NUM] [name NAME] [qlen NUM] [address MAC]
	[master IFACE | nomaster] [netns PID]
ip tunnel add|change|del|show [NAME]
	[mode ipip|gre|sit] [remote ADDR] [local ADDR] [ttl TTL]
ip neigh show|flush [to PREFIX] [dev DEV] [nud STATE]
ip rule [list] | add|del SELECTOR ACTION`;

/** bb_show_usage() */
export const usage = (): never => fault(USAGE, 1);

/** index_in_substrings(): a word in full, or the one that begins so. */
function inSubstrings(words: readonly string[], key: string): number {
	const exact = words.indexOf(key);
	if (exact >= 0) return exact;
	const begun = words.flatMap((word, i) => (word.startsWith(key) ? [i] : []));
	return begun.length === 1 ? begun[0]! : -1;
}

const OPTIONS = ['oneline', 'family', '4', '6', '0'];

/** Options in front of the object, which are taken off `words`. */
export function readOptions(words: string[], libc: Libc): IpOptions {
	let oneline = false;
	let family: IpOptions['family'];
	while (words[0]?.startsWith('-')) {
		const word = words.shift()!.replace(/^--?/, '');
		if (word === '') break;
		const option = OPTIONS[inSubstrings(OPTIONS, word)] ?? usage();
		if (option === 'oneline') oneline = true;
		else {
			const name = option === 'family' ? (words.shift() ?? usage()) : option;
			if (!['inet', 'inet6', 'link', '4', '6', '0'].includes(name)) fault(`ip: invalid argument '${name}' to 'family'`);
			family = name === 'inet' || name === '4' ? 4 : name === 'inet6' || name === '6' ? 6 : undefined;
		}
	}
	return { brief: false, details: false, stats: 0, oneline, json: false, pretty: false, family, busybox: libc };
}

const OBJECTS = ['address', 'route', 'r', 'link', 'tunnel', 'tunl', 'rule', 'neigh'];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
	address: ['add', 'change', 'chg', 'replace', 'delete', 'list', 'show', 'lst', 'flush'],
	route: [
		'a',
		'add',
		'append',
		'change',
		'chg',
		'delete',
		'get',
		'list',
		'show',
		'prepend',
		'replace',
		'test',
		'flush',
	],
	link: ['add', 'delete', 'set', 'show', 'lst', 'list'],
	neigh: ['show', 'flush'],
	rule: ['add', 'delete', 'list', 'show'],
};

/** Object and command in full, and the words behind them. */
export function readObject([object, ...rest]: readonly string[]): readonly [string, readonly string[]] {
	const found = object === undefined ? undefined : OBJECTS[inSubstrings(OBJECTS, object)];
	if (found === undefined) return usage();
	const name = found === 'r' ? 'route' : found;
	const commands = COMMANDS[name];
	if (!commands) return fault('ip: the simulator has no "ip tunnel"');
	const [word, ...more] = rest;
	if (word === undefined) return [name, []];
	const command = commands[inSubstrings(commands, word)] ?? fault(`ip: invalid argument '${word}' to 'ip'`);
	if (command === 'prepend' || command === 'test') fault(`ip: the simulator has no "ip route ${command}"`);
	return [name, [command === 'a' ? 'add' : command, ...more]];
}

/** What the kernel explains to iproute2, as the number that it gives beside (netlinkError() in space.ts). */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
	[/Address already assigned/, 'File exists'],
	[/Address not found/, 'Cannot assign requested address'],
	[/Nexthop has invalid gateway/, 'Network is unreachable'],
	[/Device for nexthop is not up/, 'Network is down'],
	[/Invalid prefix for given prefix length|Invalid prefsrc address|Invalid prefix length/, 'Invalid argument'],
];

/** `ip link set` asks by ioctl(); what it says where it may not. */
export function notPermitted(args: readonly string[]): readonly [string, number] {
	const words = [...args];
	while (words[0]?.startsWith('-')) words.shift();
	const [object = '', command = '', ...rest] = words;
	if (!'link'.startsWith(object) || !'set'.startsWith(command))
		return ['ip: RTNETLINK answers: Operation not permitted', 2];
	const name = rest.includes('address') ? 'SIOCSIFHWADDR' : rest.includes('mtu') ? 'SIOCSIFMTU' : 'SIOCSIFFLAGS';
	return [`ip: ${name}: Operation not permitted`, 1];
}

/** What iproute2 or the kernel says is wrong, in busybox's words. */
export function reword(message: string, code: number): readonly [string, number] {
	const device = /^(?:Cannot find device|Device) "(.*?)"(?: does not exist\.)?$/.exec(message)?.[1];
	if (device !== undefined) return [`ip: can't find device '${device}'`, 1];
	const prefix = /^Error: (?:any valid|inet) (?:prefix|address) is expected rather than "(.*)"\.$/.exec(message)?.[1];
	if (prefix !== undefined) return [`ip: an inet prefix is expected rather than "${prefix}"`, 1];
	if (message.startsWith('Command line is not complete.')) return ['ip: command line is not complete, try "help"', 1];
	if (message.startsWith('Not enough information: "dev"')) return ['ip: "dev" requires an argument', 1];
	if (message === 'need at least a destination address') return ['ip: need at least destination address', 1];
	const errno = EXPLAINED.find(([pattern]) => message.startsWith('Error: ') && pattern.test(message))?.[1];
	if (errno !== undefined) return [`ip: RTNETLINK answers: ${errno}`, 2];
	return message.startsWith('BusyBox ') || message.startsWith('ip: ') ? [message, code] : [`ip: ${message}`, code];
}

/** `@` and the other end: by the name a device of this namespace has under its index, and down where there is none. */
function otherEnd(space: Space, { peer }: Device): { readonly name: string; readonly down: boolean } {
	if (!peer) return { name: '', down: false };
	const found = space.ns().devices.get(peer.ifindex);
	return { name: `@${found?.name ?? `if${peer.ifindex}`}`, down: found?.up !== true };
}

/** print_linkinfo(); the line of the MAC stays away where addresses of one family are asked for. */
export function linkText(space: Space, device: Device, { family, busybox }: IpOptions, link: boolean): string {
	const end = otherEnd(space, device);
	const flags = [...linkFlags(space, device).filter((f) => f !== 'M-DOWN'), ...(end.down ? ['M-DOWN'] : [])];
	const master = device.master === undefined ? '' : `master ${space.ns().devices.get(device.master)?.name} `;
	const state = busybox === 'musl' ? `state ${linkState(space, device)} ` : '';
	const queue = queueLength(device);
	const head = `${device.ifindex}: ${device.name}${end.name}: <${flags.join(',')}> mtu ${device.mtu} qdisc ${qdiscOf(space, device)} ${master}${state}${queue > 0 ? `qlen ${queue}` : ''}\n`;
	return family !== undefined && !link
		? head
		: `${head}    link/${device.kind === 'loopback' ? 'loopback' : 'ether'} ${macText(device)} brd ${broadcastMac(device)}\n`;
}

const host = ({ address, length }: Prefix): string =>
	length === 0 ? 'default' : length === 32 ? formatIp(address) : formatPrefix({ address, length });

/** print_route() of what a table has. `table` is its name where all tables are listed. */
export function routeText(route: Route, dev: string | undefined, table: string | undefined, scoped: boolean): string {
	let out = route.type === 'unicast' ? '' : `${route.type} `;
	out += `${host(route.dst)} `;
	if (route.via !== undefined) out += `via ${formatIp(route.via)} `;
	if (dev !== undefined) out += `dev ${dev} `;
	if (table !== undefined && route.table !== RT_TABLE_MAIN) out += `table ${table} `;
	if (route.scope !== 'global' && !scoped) out += `scope ${route.scope} `;
	if (route.src !== undefined) out += ` src ${formatIp(route.src)} `;
	if (route.metric !== 0) out += ` metric ${route.metric} `;
	if (route.onlink) out += 'onlink ';
	return out;
}

/** print_route() of what the kernel answers to `ip route get`: a cloned route. `from` is 0 where nobody said it. */
export function answerText(route: Dst, dst: number, from: number, dev: string, table: string | undefined): string {
	let out = route.type === 'unicast' ? '' : `${route.type} `;
	out += `${formatIp(dst)} `;
	if (from) out += `from ${formatIp(from)} `;
	if (route.gateway) out += `via ${formatIp(route.gateway)} `;
	out += `dev ${dev} `;
	if (table !== undefined) out += `table ${table} `;
	if (!from) out += ` src ${formatIp(route.src)} `;
	return out;
}

/** print_neigh(): it always tells how long ago an entry was used, confirmed and changed. */
export function neighText(net: Network, neighbour: Neighbour, dev: string | undefined): string {
	const ago = Math.max(0, Math.floor((net.now - neighbour.updated) / 1e6));
	const mac = neighbour.mac === undefined ? '' : `lladdr ${formatMac(neighbour.mac)}`;
	return `${formatIp(neighbour.ip)} ${dev === undefined ? '' : `dev ${dev} `}${mac} used ${ago}/${ago}/${ago} probes ${neighbour.mac === undefined ? 3 : 1} ${neighbourState(net, neighbour)}`;
}

const side = (prefix: Prefix | undefined): string => (prefix ? host(prefix) : 'all');

/** print_rule(). It knows no mask of a mark. */
export const ruleText = (rule: PolicyRule, table: string): string =>
	`${rule.priority}:\tfrom ${side(rule.from)} ${rule.to ? `to ${side(rule.to)} ` : ''}${rule.fwmark ? `fwmark 0x${rule.fwmark.value.toString(16)} ` : ''}${rule.iif ? `iif ${rule.iif} ` : ''}lookup ${table} `;
