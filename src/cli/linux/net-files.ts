/** /proc/net and /sys/class/net of a place, fetched when somebody first reads a file there. */
import { devicesIn, ipv6Of } from './devices.ts';
import { mibFiles } from './mib/files.ts';
import { procFibTrie, procFibTrieStat } from './proc-fib.ts';
import { procDevMcast, procIgmp, procIpv6Route } from './proc-multicast.ts';
import { procConntrack, procNetArp, procNetDev, procNetRoute } from './proc-net.ts';
import { procSockets, procSockstat, sysClassNet } from './proc-sockets.ts';
import { statFiles } from './proc-stat.ts';
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

const RAW_HEAD =
	'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';

export function netFiles(space: Space): Readonly<Record<string, () => string>> {
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
		...mibFiles(space),
		...statFiles(space),
		...sysClassNet(space),
		...bpfFiles(space),
	};
}
