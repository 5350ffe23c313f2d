/** Names that iptables prints for numbers, in the order it prints them. */
import type { AddrType, CtState, RejectWith } from './types.ts';

/** Of /etc/protocols and xtables_chain_protos. Others are printed as numbers. */
export const PROTOCOLS: readonly (readonly [name: string, number: number])[] = [
	['icmp', 1],
	['igmp', 2],
	['tcp', 6],
	['udp', 17],
	['gre', 47],
	['esp', 50],
	['ah', 51],
	['sctp', 132],
	['udplite', 136],
];

export const TCP_FLAGS: readonly (readonly [name: string, bit: number])[] = [
	['FIN', 0x01],
	['SYN', 0x02],
	['RST', 0x04],
	['PSH', 0x08],
	['ACK', 0x10],
	['URG', 0x20],
];

/** The order of libxt_conntrack's print_state. */
export const CT_STATES: readonly CtState[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'];

export const ADDR_TYPES: readonly AddrType[] = ['UNSPEC', 'UNICAST', 'LOCAL', 'BROADCAST', 'MULTICAST'];

/** With the short names that `--reject-with` takes too. */
export const REJECT_TYPES: ReadonlyMap<string, RejectWith> = new Map([
	['icmp-net-unreachable', 'icmp-net-unreachable'],
	['net-unreach', 'icmp-net-unreachable'],
	['icmp-host-unreachable', 'icmp-host-unreachable'],
	['host-unreach', 'icmp-host-unreachable'],
	['icmp-proto-unreachable', 'icmp-proto-unreachable'],
	['proto-unreach', 'icmp-proto-unreachable'],
	['icmp-port-unreachable', 'icmp-port-unreachable'],
	['port-unreach', 'icmp-port-unreachable'],
	['icmp-admin-prohibited', 'icmp-admin-prohibited'],
	['admin-prohib', 'icmp-admin-prohibited'],
	['icmp-net-prohibited', 'icmp-net-prohibited'],
	['net-prohib', 'icmp-net-prohibited'],
	['icmp-host-prohibited', 'icmp-host-prohibited'],
	['host-prohib', 'icmp-host-prohibited'],
	['tcp-reset', 'tcp-reset'],
	['tcp-rst', 'tcp-reset'],
]);

/** Of the kernel's log, by level. */
export const LOG_LEVELS = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'] as const;

/** Options of LOG, in the order of their bits (XT_LOG_TCPSEQ and its kin); there is a bit between the last two. */
export const LOG_FLAGS: readonly (readonly [option: string, bit: number])[] = [
	['--log-tcp-sequence', 0x01],
	['--log-tcp-options', 0x02],
	['--log-ip-options', 0x04],
	['--log-uid', 0x08],
	['--log-macdecode', 0x20],
];

/** Units of `-m limit`, in ten-thousandths of a second. */
export const LIMIT_UNITS: readonly (readonly [name: string, ticks: number])[] = [
	['day', 864_000_000],
	['hour', 36_000_000],
	['min', 600_000],
	['sec', 10_000],
];

/** `3/hour`: the smallest unit in which there is a packet at least (libxt_limit.c, print_rate). */
export function printRate(cost: number): string {
	let [name, ticks] = LIMIT_UNITS[0]!;
	for (const [smaller, mult] of LIMIT_UNITS) {
		if (smaller !== 'day' && (cost > mult || Math.floor(mult / cost) < mult % cost)) break;
		[name, ticks] = [smaller, mult];
	}
	return `${Math.floor(ticks / cost)}/${name}`;
}

/** ICMP type names of libxt_icmp that people write. */
export const ICMP_TYPES: ReadonlyMap<string, readonly [type: number, code?: number]> = new Map([
	['any', [255]],
	['echo-reply', [0]],
	['pong', [0]],
	['destination-unreachable', [3]],
	['network-unreachable', [3, 0]],
	['host-unreachable', [3, 1]],
	['protocol-unreachable', [3, 2]],
	['port-unreachable', [3, 3]],
	['fragmentation-needed', [3, 4]],
	['redirect', [5]],
	['echo-request', [8]],
	['ping', [8]],
	['time-exceeded', [11]],
	['ttl-exceeded', [11]],
]);
