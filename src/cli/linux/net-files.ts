/** /proc/net and /sys/class/net of a place, fetched when somebody first reads a file there. */
import type { MadeFile } from '../shell/index.ts';
import { devicesIn, ipv6Of } from './devices.ts';
import { mibFiles } from './mib/files.ts';
import { procFibTrie, procFibTrieStat } from './proc-fib.ts';
import { procDevMcast, procIgmp, procIpv6Route } from './proc-multicast.ts';
import { procConntrack, procNetArp, procNetDev, procNetRoute } from './proc-net.ts';
import { procSockets, procSockstat, sysClassNet } from './proc-sockets.ts';
import { statFiles } from './proc-stat.ts';
import { socketsOf } from './sockets.ts';
import type { Space } from './space.ts';

/** net/ipv6/addrconf.c, if6_seq_show(): the addresses `ip -6 address` has. */
function procIfInet6(space: Space): string {
	return devicesIn(space.ns())
		.flatMap((device) => {
			const six = ipv6Of(space, device);
			if (!six) return [];
			const [head = '', tail = ''] = six.address.split('::').map((half) => half.split(':').filter(Boolean));
			const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
			const hex = (n: number): string => n.toString(16).padStart(2, '0');
			const address = groups.map((group) => group.padStart(4, '0')).join('');
			return `${address} ${hex(device.ifindex)} ${hex(six.length)} ${six.scope === 'host' ? '10' : '20'} 80 ${device.name.padStart(8)}\n`;
		})
		.join('');
}

/**
 * What Cilium's agent pins in the bpf filesystem of its node: maps, the tail calls of each endpoint and of the host, and from 1.14
 * the socket programs' links (pkg/bpf, pkg/maps/callsmap, pkg/socketlb @ v1.12.1, v1.18.3). What a pinned object holds is read by
 * bpftool alone.
 */
function bpfFiles({ name, cluster, ns }: Space): Readonly<Record<string, () => string>> {
	const agent = cluster?.agents().find(({ node }) => name === `node/${node}`);
	if (!agent) return {};
	const minor = Number(agent.version.split('.')[1]);
	const { bpfMaps, connectPrograms, devices } = ns();
	const own = (id: number): string => String(id).padStart(5, '0');
	const natives = [...devices.values()].filter((d) => d.tcIngress && /^eth\d/.test(d.name)).map((d) => d.ifindex);
	const pinned = [
		...bpfMaps.keys(),
		'cilium_call_policy',
		'cilium_events',
		'cilium_signals',
		...[...agent.endpoints.map(({ id }) => id), agent.healthEndpoint].map((id) => `cilium_calls_${own(id)}`),
		`cilium_calls_hostns_${own(agent.hostEndpoint)}`,
		...natives.map((index) => `cilium_calls_netdev_${own(index)}`),
	].map((map) => `tc/globals/${map}`);
	const links = minor >= 14 ? connectPrograms.map((p) => `cilium/socketlb/links/cgroup/${p.name}`) : [];
	return Object.fromEntries([...pinned, ...links].map((path) => [`/sys/fs/bpf/${path}`, () => '']));
}

/**
 * net/core/sock.c proto_seq_printf(), as Linux 6.18 has it, with the column of sendpage() that older ones have: size of a socket, whether its memory is counted, room for headers, and which
 * of its calls a protocol has (letters of the heading).
 */
const PROTOCOLS = `PACKET 1600 -1 NI 0 no nnnnnnnnnnnnnnnnnnn
PINGv6 1344 -1 NI 0 yes yyynnynnyyyynyynyyn
RAWv6 1344 -1 NI 0 yes yyynyyynyyyynyyyynn
UDPLITEv6 1472 0 NI 0 yes yyynyyynyyyyynnyyyn
UDPv6 1472 0 NI 0 yes yyynyyynyyyyynnyyyn
TCPv6 2432 0 no 192 yes yyyyyyyyyyyyynyyyyy
UNIX-STREAM 1152 -1 NI 0 yes ynnnnnnnnnnnnnnnnnn
UNIX 1152 -1 NI 0 yes ynnnnnnnnnnnnnnnnnn
UDP-Lite 1344 0 NI 0 yes yyynyyynyyyyynnyyyn
PING 1016 -1 NI 0 yes yyynnynnyyyynyynyyn
RAW 1152 -1 NI 0 yes yyynyyynyyyynyyyynn
UDP 1344 0 NI 0 yes yyynyyynyyyyynnyyyn
TCP 2304 0 no 192 yes yyyyyyyyyyyyynyyyyy
NETLINK 1096 -1 NI 0 no nnnnnnnnnnnnnnnnnnn`;

function procProtocols(space: Space): string {
	const rows = socketsOf(space).filter(({ state }) => state !== 'TIME_WAIT');
	const six = (name: string): boolean => name.endsWith('v6');
	const used = (name: string): number =>
		/^(?:TCP|UDP)(?:v6)?$/.test(name)
			? rows.filter(
					(r) =>
						r.protocol === name.slice(0, 3).toLowerCase() && (r.v6 !== undefined || r.text !== undefined) === six(name),
				).length
			: name === 'NETLINK'
				? KERNELS.length
				: 0;
	const lines = PROTOCOLS.split('\n').map((line) => {
		const [name = '', size = '', memory = '', press = '', header = '', slab = '', calls = ''] = line.split(' ');
		return `${name.padEnd(9)} ${size.padStart(4)} ${String(used(name)).padStart(6)}  ${memory.padStart(6)}   ${press.padEnd(3)}  ${header.padStart(5)}   ${slab.padEnd(3)}  ${'kernel'.padEnd(10)}   ${[...calls].join('  ')}\n`;
	});
	return `protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re sp bi br ha uh gp em\n${lines.join('')}`;
}

/** The kernel's own netlink sockets of a namespace: route, sock_diag, xfrm, audit, fib_lookup, netfilter, uevent, generic. */
const KERNELS = [0, 4, 6, 9, 10, 12, 15, 16];

/** net/netlink/af_netlink.c netlink_seq_show(); programs ask and close. */
const NETLINK = `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n${KERNELS.map(
	(protocol) =>
		`0000000000000000 ${String(protocol).padEnd(3)} ${'0'.padEnd(10)} 00000000 0        0        0     2        0        ${String(4 + protocol).padEnd(8)}\n`,
).join('')}`;

/** net/xfrm/xfrm_proc.c: nothing is encrypted here. */
const XFRM =
	`InError InBufferError InHdrError InNoStates InStateProtoError InStateModeError InStateSeqError InStateExpired
InStateMismatch InStateInvalid InTmplMismatch InNoPols InPolBlock InPolError OutError OutBundleGenError
OutBundleCheckError OutNoStates OutStateProtoError OutStateModeError OutStateSeqError OutStateExpired OutPolBlock
OutPolDead OutPolError FwdHdrError OutStateInvalid AcquireError`
		.split(/\s+/)
		.map((name) => `${`Xfrm${name}`.padEnd(24)}\t0\n`)
		.join('');

const RAW_HEAD =
	'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';

export function netFiles(space: Space): Readonly<Record<string, MadeFile>> {
	return {
		'/proc/net/dev': () => procNetDev(space),
		'/proc/net/route': () => procNetRoute(space),
		'/proc/net/arp': () => procNetArp(space),
		'/proc/net/fib_trie': () => procFibTrie(space),
		'/proc/net/fib_triestat': () => procFibTrieStat(space),
		'/proc/net/nf_conntrack': () => procConntrack(space),
		'/proc/net/tcp': () => procSockets(space, 'tcp'),
		'/proc/net/tcp6': () => procSockets(space, 'tcp6'),
		'/proc/net/udp': () => procSockets(space, 'udp'),
		'/proc/net/udp6': () => procSockets(space, 'udp6'),
		'/proc/net/sockstat': () => procSockstat(space, false),
		'/proc/net/sockstat6': () => procSockstat(space, true),
		'/proc/net/if_inet6': () => procIfInet6(space),
		'/proc/net/ipv6_route': () => procIpv6Route(space),
		'/proc/net/igmp': () => procIgmp(space),
		'/proc/net/dev_mcast': () => procDevMcast(space),
		// Nobody has a socket of these while a file is read: ping's and tcpdump's are there as long as they run.
		'/proc/net/raw': () => `${RAW_HEAD}\n`,
		'/proc/net/packet': () => 'sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n',
		'/proc/net/ptype': () =>
			'Type Device      Function\n0800          ip_rcv\n0806          arp_rcv\n86dd          ipv6_rcv\n',
		'/proc/net/protocols': () => procProtocols(space),
		'/proc/net/netlink': () => NETLINK,
		'/proc/net/xfrm_stat': () => XFRM,
		// Read it and you are told so (surroundings.ts).
		'/proc/net/unix': Object.assign(() => '', { writes: 'told' as const }),
		...mibFiles(space),
		...statFiles(space),
		...sysClassNet(space),
		...bpfFiles(space),
	};
}
