/**
 * Notifications as `cilium monitor` prints them. Source: pkg/monitor/{datapath_trace,datapath_drop,dissect}.go,
 * pkg/monitor/api/drop.go @ v1.12.1, v1.18.3.
 */
import { dropReason } from '../../../../sim/cilium/index.ts';
import type { Headers } from '../../../../sim/trace/index.ts';
import { formatIp, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '../../../../sim/wire/index.ts';
import { identityText } from '../labels.ts';
import type {
	DropNotification,
	Notification,
	PolicyVerdictNotification,
	TraceNotification,
	TraceSockNotification,
} from './types.ts';

/** Reasons that are no drops, and those the programs here never give. */
const TEXTS: Readonly<Record<number, string>> = { 0: 'Success', 3: 'Interface' };

/** Name of a drop reason; its number where it has none. */
export const dropText = (code: number): string => dropReason(code) ?? TEXTS[code] ?? String(code);

const hex = (value: number): string => `0x${value.toString(16)}`;

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
	[TCP_SYN, 'SYN'],
	[TCP_ACK, 'ACK'],
	[TCP_RST, 'RST'],
	[TCP_FIN, 'FIN'],
];

/** getTCPInfo(): PSH is not shown. */
const flagsText = (flags: number): string =>
	FLAGS.filter(([bit]) => flags & bit)
		.map(([, name]) => name)
		.join(', ');

/** All of them, as gopacket's layers and Hubble write them. */
export const flagNames = (flags: number): readonly string[] => [
	...FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name),
	...(flags & TCP_PSH ? ['PSH'] : []),
];

const CODES: Readonly<Record<number, readonly string[]>> = {
	3: ['Net', 'Host', 'Protocol', 'Port', 'FragmentationNeeded', 'SourceRoutingFailed'],
	11: ['TTLExceeded', 'FragmentReassemblyTimeExceeded'],
};

const TYPES: Readonly<Record<number, string>> = {
	0: 'EchoReply',
	3: 'DestinationUnreachable',
	8: 'EchoRequest',
	11: 'TimeExceeded',
};

/** `EchoRequest`, `DestinationUnreachable(Port)`. */
export function icmpText([type, code]: readonly [number, number]): string {
	const name = TYPES[type] ?? String(type);
	const detail = CODES[type]?.[code];
	return detail === undefined ? name : `${name}(${detail})`;
}

/** GetConnectionSummary(). */
export function connectionText({ src, dst, protocol, sport, dport, flags, icmp }: Headers): string {
	const from = formatIp(src);
	const to = formatIp(dst);
	if (protocol === 6) return `${from}:${sport} -> ${to}:${dport} tcp ${flagsText(flags ?? 0)}`;
	if (protocol === 17) return `${from}:${sport} -> ${to}:${dport} udp`;
	if (protocol === 1) return `${from} -> ${to} ${icmp ? icmpText(icmp) : ''}`;
	return `${from} -> ${to}`;
}

function summary({ point, dstId, source }: TraceNotification): string {
	switch (point) {
		case 'to-endpoint':
			return `-> endpoint ${dstId}`;
		case 'to-host':
			return '-> host from';
		case 'from-endpoint':
			return `<- endpoint ${source}`;
		default: {
			const [way, where] = point.split('-');
			return `${way === 'to' ? '->' : '<-'} ${where}`;
		}
	}
}

const identities = (event: Notification, numeric: boolean): string => {
	const text = numeric ? String : identityText;
	return `identity ${text(event.srcLabel)}->${text(event.dstLabel)}`;
};

/** PolicyVerdictNotify.DumpInfo() (pkg/monitor/datapath_policy.go); how peers authenticate is said from 1.14. */
function verdictLine(event: PolicyVerdictNotification, numeric: boolean, minor: number): string {
	const remote = numeric ? String(event.remote) : identityText(event.remote);
	const auth = minor >= 14 ? ' auth: disabled,' : '';
	return `Policy verdict log: flow ${hex(event.hash)} local EP ID ${event.source}, remote ID ${remote}, proto ${event.headers.protocol}, ${event.direction}, action ${event.action},${auth} match ${event.match}, ${connectionText(event.headers)}\n`;
}

/** TraceSockNotify.DumpDebug(), with -v and nothing else (cilium/cilium issue 21510). */
export const sockLine = ({ cpu, point, cgroup, cookie, ip, port, protocol }: TraceSockNotification): string =>
	`CPU ${String(cpu).padStart(2, '0')}: [${point}] cgroup_id: ${cgroup} sock_cookie: ${cookie}, dst [${formatIp(ip)}]:${port} ${protocol === 6 ? 'tcp' : 'udp'} \n`;

/** What is of packets: all but what sockets tell. */
export type PacketNotification = Exclude<Notification, TraceSockNotification>;

/** DumpInfo(): one line. The comma in front of the identity is upstream's. */
export function infoLine(event: PacketNotification, numeric: boolean, minor: number): string {
	if (event.type === 'policy-verdict') return verdictLine(event, numeric, minor);
	const tail = connectionText(event.headers);
	if (event.type === 'drop') {
		// The device came with 1.13, and the colon.
		const site =
			minor <= 12
				? `file ${event.file} line ${event.line}`
				: `ifindex ${event.ifindex}, file ${event.file}:${event.line}`;
		return `xx drop (${dropText(event.code)}) flow ${hex(event.hash)} to endpoint ${event.dstId}, ${site}, , ${identities(event, numeric)}: ${tail}\n`;
	}
	return `${summary(event)} flow ${hex(event.hash)} , ${identities(event, numeric)} state ${event.reason} ifindex ${event.ifname} orig-ip ${formatIp(event.origIP)}: ${tail}\n`;
}

const SEPARATOR = '-'.repeat(78);

/** DumpVerbose() and what gopacket makes of the packet. */
export function verboseText(event: PacketNotification, numeric: boolean, minor: number): string {
	if (event.type === 'policy-verdict') return `${SEPARATOR}\n${verdictLine(event, numeric, minor)}`;
	const cpu = `CPU ${String(event.cpu).padStart(2, '0')}:`;
	const octets = event.headers.length + 14;
	const who = event.srcLabel !== 0 || event.dstLabel !== 0;
	// dumpIdentity() brings a comma of its own.
	const identity = who ? `, ${event.type === 'trace' ? ', ' : ''}${identities(event, numeric)}` : '';
	const to = event.dstId === 0 ? '' : `, to endpoint ${event.dstId}`;
	const line =
		event.type === 'drop'
			? `${cpu} MARK ${hex(event.hash)} FROM ${event.source} DROP: ${octets} bytes, reason ${dropText(event.code)}${identity}${to}`
			: `${cpu} MARK ${hex(event.hash)} FROM ${event.source} ${event.point}: ${octets} bytes (${Math.min(octets, 128)} captured), state ${event.reason}${event.ifindex === 0 ? '' : `, interface ${event.ifname}`}${identity}, orig-ip ${formatIp(event.origIP)}${to}`;
	return `${SEPARATOR}\n${line}\n${layers(event.headers)}`;
}

/** As far as the records have the headers. */
function layers({ src, dst, protocol, ttl, length, sport, dport, flags, icmp }: Headers): string {
	const name = protocol === 6 ? 'TCP' : protocol === 17 ? 'UDP' : protocol === 1 ? 'ICMPv4' : String(protocol);
	const ip = `IPv4\t{Version=4 Length=${length} TTL=${ttl} Protocol=${name} SrcIP=${formatIp(src)} DstIP=${formatIp(dst)}}\n`;
	if (protocol === 6) {
		const set = (bit: number): boolean => ((flags ?? 0) & bit) !== 0;
		return `${ip}TCP\t{SrcPort=${sport} DstPort=${dport} FIN=${set(TCP_FIN)} SYN=${set(TCP_SYN)} RST=${set(TCP_RST)} PSH=${set(TCP_PSH)} ACK=${set(TCP_ACK)}}\n`;
	}
	if (protocol === 17) return `${ip}UDP\t{SrcPort=${sport} DstPort=${dport}}\n`;
	return icmp ? `${ip}ICMPv4\t{TypeCode=${icmpText(icmp)}}\n` : ip;
}

/** `-j`: TraceNotifyVerbose, DropNotifyVerbose. */
export function jsonLine(event: PacketNotification): string {
	const cpu = `CPU ${String(event.cpu).padStart(2, '0')}:`;
	const packet = { summary: connectionText(event.headers) };
	const ends = {
		source: event.source,
		bytes: event.headers.length + 14,
		srcLabel: event.srcLabel,
		dstLabel: event.dstLabel,
		dstID: event.dstId,
	};
	const value =
		event.type === 'drop'
			? dropJson(event, cpu, ends, packet)
			: event.type === 'policy-verdict'
				? verdictJson(event, cpu, packet)
				: {
						cpu,
						type: 'trace',
						mark: hex(event.hash),
						ifindex: event.ifname,
						state: event.reason,
						observationPoint: event.point,
						traceSummary: summary(event),
						...ends,
						summary: packet,
					};
	return `${JSON.stringify(value)}\n`;
}

/** PolicyVerdictNotify's verbose form; the identity at the other end is on its side of the packet. */
const verdictJson = (event: PolicyVerdictNotification, cpu: string, packet: object): object => ({
	cpu,
	type: 'policy-verdict',
	mark: hex(event.hash),
	source: event.source,
	remoteLabel: event.remote,
	direction: event.direction,
	action: event.action,
	match: event.match,
	summary: packet,
});

const dropJson = (event: DropNotification, cpu: string, ends: object, packet: object): object => ({
	cpu,
	type: 'drop',
	mark: hex(event.hash),
	reason: dropText(event.code),
	...ends,
	Line: event.line,
	ExtError: 0,
	Ifindex: event.ifindex,
	summary: packet,
});
