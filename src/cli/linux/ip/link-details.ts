/**
 * What `ip -d link` adds to a device (iproute2 6.1 ip/ipaddress.c, iplink_bridge.c, iplink_bridge_slave.c, iplink_vxlan.c,
 * iplink_geneve.c): its kind's attributes, of which those that nothing here changes have the kernel's defaults.
 */
import { type Device, kernelAtLeast } from '../../../sim/linux/index.ts';
import { macText } from '../devices.ts';
import { CPUS } from '../hardware.ts';
import type { Space } from '../space.ts';
import { fixed } from './context.ts';

/** A bridge's id: its priority and its address, octets without leading zeros. */
const bridgeId = (device: Device): string =>
	`8000.${macText(device)
		.split(':')
		.map((octet) => octet.replace(/^0/, ''))
		.join(':')}`;

/** The one timer that runs without spanning trees: forgetting of addresses, every 300 s since the machine is up. */
const cleanup = (now: number): string => {
	const hundredths = 30_000 - (Math.floor(now / 10_000) % 30_000);
	return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`.padStart(8);
};

const bridgeText = (device: Device, now: number): string =>
	`bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0 priority 32768 vlan_filtering 0 vlan_protocol 802.1Q bridge_id ${bridgeId(device)} designated_root ${bridgeId(device)} root_port 0 root_path_cost 0 topology_change 0 topology_change_detected 0 hello_timer    0.00 tcn_timer    0.00 topology_change_timer    0.00 gc_timer${cleanup(now)} vlan_default_pvid 1 vlan_stats_enabled 0 vlan_stats_per_port 0 group_fwd_mask 0 group_address 01:80:c2:00:00:00 mcast_snooping 1 mcast_router 1 mcast_query_use_ifaddr 0 mcast_querier 0 mcast_hash_elasticity 16 mcast_hash_max 4096 mcast_last_member_count 2 mcast_startup_query_count 2 mcast_last_member_interval 100 mcast_membership_interval 26000 mcast_querier_interval 25500 mcast_query_interval 12500 mcast_query_response_interval 1000 mcast_startup_query_interval 3124 mcast_stats_enabled 0 mcast_igmp_version 2 mcast_mld_version 1 nf_call_iptables 0 nf_call_ip6tables 0 nf_call_arptables 0 `;

const portText = (master: Device, number: number): string =>
	`\n    bridge_slave state forwarding priority 32 cost 2 hairpin off guard off root_block off fastleave off learning on flood on port_id 0x${(0x8000 + number).toString(16)} port_no 0x${number.toString(16)} designated_port ${0x8000 + number} designated_cost 0 designated_bridge ${bridgeId(master)} designated_root ${bridgeId(master)} hold_timer    0.00 message_age_timer    0.00 forward_delay_timer    0.00 topology_change_ack 0 config_pending 0 proxy_arp off proxy_arp_wifi off mcast_router 1 mcast_fast_leave off mcast_flood on mcast_to_unicast off neigh_suppress off group_fwd_mask 0 group_fwd_mask_str 0x0 vlan_tunnel off isolated off `;

function kindText(device: Device, now: number): string {
	const port = device.tunnel?.port ?? 0;
	switch (device.kind) {
		case 'veth':
		case 'dummy':
			return `\n    ${device.kind} `;
		case 'bridge':
			return `\n    ${bridgeText(device, now)}`;
		case 'vxlan':
			return `\n    vxlan external id 0 srcport 0 0 dstport ${port} nolearning ttl auto ageing 300 udpcsum noudp6zerocsumtx noudp6zerocsumrx `;
		case 'geneve':
			return `\n    geneve external id 0 ttl auto dstport ${port} udp6zerocsumrx `;
		default:
			return '';
	}
}

/** What bridges and their ports call in JSON otherwise than in text. */
const RENAMED: Readonly<Record<string, string>> = {
	designated_bridge: 'bridge_id',
	designated_root: 'root_id',
	port_id: 'id',
	port_no: 'no',
	group_address: 'group_addr',
};
const AS_TEXT = /^(?:group_fwd_mask|group_fwd_mask_str|id|no)$/;

/** Attributes of a text as members. */
function members(text: string, port: boolean): Record<string, unknown> {
	const out: Record<string, unknown> = {};
	for (const [, name, value] of text.matchAll(/(\S+) +(\S+)/g)) {
		if (name === 'mcast_fast_leave') continue;
		const known = port && name === 'mcast_router' ? 'multicast_router' : (RENAMED[name!] ?? name!);
		const key = port ? known : known.replace(/^(mcast_.*)interval$/, '$1intvl').replace(/^(mcast_.*)count$/, '$1cnt');
		if (value === 'on' || value === 'off') out[key] = value === 'on';
		else if (AS_TEXT.test(key) || !/^[\d.]+$/.test(value!) || /^802/.test(value!)) out[key] = value;
		else out[key] = value!.includes('.') ? fixed(value!) : Number(value);
	}
	return out;
}

interface Known {
	readonly promiscuity: number;
	readonly allmulti?: number;
	readonly smallest: number;
	readonly largest: number;
	readonly kind: string;
	readonly port: string;
	readonly queues: number;
	readonly sizes: boolean;
}

function known({ ns, lab }: Space, device: Device): Known {
	const here = ns();
	const master = device.master === undefined ? undefined : here.devices.get(device.master);
	const ports = [...here.devices.values()].filter((d) => d.master === device.master);
	const free = device.kind === 'loopback' || device.kind === 'dummy';
	return {
		promiscuity: master ? 1 : 0,
		// netdevs tell of these since Linux 5.19 (TSO and GRO) and 6.0 (allmulti).
		...(kernelAtLeast(here, 6, 0) ? { allmulti: master ? 1 : 0 } : {}),
		sizes: kernelAtLeast(here, 5, 19),
		smallest: free ? 0 : 68,
		largest: free ? 0 : 65535,
		kind: kindText(device, lab.now),
		port: master ? portText(master, ports.indexOf(device) + 1) : '',
		// A veth has as many queues as its machine CPUs.
		queues: device.kind === 'veth' ? CPUS : 1,
	};
}

/** Behind the line of addresses, up to the queues. @param link `ip link`, which asks for the addresses' ways as well */
export function detailLines(space: Space, device: Device, link: boolean): string {
	const { promiscuity, allmulti, smallest, largest, kind, port, queues, sizes } = known(space, device);
	const all = allmulti === undefined ? '' : `  allmulti ${allmulti}`;
	const more = sizes ? ' tso_max_size 524280 tso_max_segs 65535 gro_max_size 65536' : '';
	return ` promiscuity ${promiscuity}${all} minmtu ${smallest} maxmtu ${largest} ${kind}${port}${link ? 'addrgenmode eui64 ' : ''}numtxqueues ${queues} numrxqueues ${queues} gso_max_size 65536 gso_max_segs 65535${more} `;
}

/** The same as members of JSON; of tunnels the kind alone. */
export function detailMembers(space: Space, device: Device, link: boolean): Record<string, unknown> {
	const { promiscuity, allmulti, smallest, largest, kind, port, queues, sizes } = known(space, device);
	const [name = ''] = kind.trim().split(' ');
	const bridge = name === 'bridge' ? { info_data: members(kind.trim().slice('bridge '.length), false) } : {};
	const slave = port.trim().slice('bridge_slave '.length);
	return {
		promiscuity,
		...(allmulti === undefined ? {} : { allmulti }),
		min_mtu: smallest,
		max_mtu: largest,
		...(name === ''
			? {}
			: {
					linkinfo: {
						info_kind: name,
						...bridge,
						...(slave === '' ? {} : { info_slave_kind: 'bridge', info_slave_data: members(slave, true) }),
					},
				}),
		...(link ? { inet6_addr_gen_mode: 'eui64' } : {}),
		num_tx_queues: queues,
		num_rx_queues: queues,
		gso_max_size: 65536,
		gso_max_segs: 65535,
		...(sizes ? { tso_max_size: 524280, tso_max_segs: 65535, gro_max_size: 65536 } : {}),
	};
}
