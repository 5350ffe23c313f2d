/** Names pcap's filter language knows, and what they mean in a frame. */
import { encodeFrame, type Frame, type Ipv4, ipHeaderLength } from '../../../sim/wire/index.ts';

export const PROTOCOLS: Readonly<Record<string, number>> = {
	icmp: 1,
	igmp: 2,
	tcp: 6,
	udp: 17,
	esp: 50,
	ah: 51,
	sctp: 132,
};

export const NAMES: Readonly<Record<string, number>> = {
	tcpflags: 13,
	'tcp-fin': 1,
	'tcp-syn': 2,
	'tcp-rst': 4,
	'tcp-push': 8,
	'tcp-ack': 16,
	'tcp-urg': 32,
	icmptype: 0,
	icmpcode: 1,
	'icmp-echoreply': 0,
	'icmp-unreach': 3,
	'icmp-echo': 8,
	'icmp-timxceed': 11,
};

/** Ports by name, as /etc/services has the usual ones. */
export const SERVICES: Readonly<Record<string, number>> = {
	ftp: 21,
	ssh: 22,
	telnet: 23,
	smtp: 25,
	domain: 53,
	http: 80,
	ntp: 123,
	https: 443,
	'http-alt': 8080,
};

export const TYPES = ['host', 'net', 'port', 'portrange', 'proto'];

export const LINKS = ['ether', 'ip', 'arp', 'ip6', 'rarp'];

export const RELATIONS: ReadonlySet<string> = new Set(['=', '==', '!=', '<', '>', '<=', '>=']);

export const OPERATORS: ReadonlySet<string> = new Set(['&', '|', '+', '*', '<<', '>>']);

export function isProtocol({ payload }: Frame, name: string): boolean {
	if (name === 'ether') return true;
	if (name === 'arp') return payload.kind === 'arp';
	if (name === 'ip') return payload.kind === 'ipv4';
	if (name === 'ip6' || name === 'rarp') return false;
	return payload.kind === 'ipv4' && payload.protocol === PROTOCOLS[name];
}

export function portsOf({ payload }: Frame): readonly [number, number] | undefined {
	if (payload.kind !== 'ipv4' || payload.offset !== 0) return undefined;
	const inner = (payload as Ipv4).payload;
	return inner.kind === 'tcp' || inner.kind === 'udp' ? [inner.sport, inner.dport] : undefined;
}

const ETHERNET = 14;

export function octetsAt(frame: Frame, protocol: string, offset: number, size: number): number | undefined {
	if (!isProtocol(frame, protocol)) return undefined;
	const { payload } = frame;
	if (payload.kind === 'ipv4' && payload.offset !== 0 && protocol !== 'ip' && protocol !== 'ether') return undefined;
	const base =
		protocol === 'ether'
			? 0
			: protocol === 'ip' || protocol === 'arp'
				? ETHERNET
				: ETHERNET + ipHeaderLength(payload as Ipv4);
	const octets = encodeFrame(frame);
	if (base + offset + size > octets.length) return undefined;
	let value = 0;
	for (let i = 0; i < size; i++) value = value * 256 + octets[base + offset + i]!;
	return value;
}
