/** One probe of traceroute, tracepath and mtr: a packet with a small TTL, and what came back. */
import { isLinuxError, type RawOptions, sendRaw } from '../../sim/linux/index.ts';
import { type Icmp, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip, TCP_SYN } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { resolve } from './resolve.ts';
import type { Space } from './space.ts';
import { send } from './traffic.ts';

interface Answer {
	readonly from: Ip;
	/** Microseconds. */
	readonly took: number;
	/** ICMP type and code; none for what the target itself answered. */
	readonly icmp?: Icmp;
	readonly ttl: number;
	/** Whether the target was reached. */
	readonly end: boolean;
}

export type Method = 'udp' | 'icmp' | 'tcp';

interface Probe {
	readonly dst: Ip;
	readonly ttl: number;
	readonly method: Method;
	/** Counts up over a run: destination port, or sequence number. */
	readonly number: number;
	readonly port: number;
	/** Octets behind the transport header. */
	readonly size: number;
	readonly df?: boolean;
	/** Only the device's MTU counts (IP_PMTUDISC_PROBE). */
	readonly probe?: boolean;
	readonly src?: Ip;
}

const probePacket = ({ dst, ttl, method, number, port, size, df, probe, src }: Probe): RawOptions => {
	const data = new Uint8Array(size).map((_, i) => 64 + (i & 63));
	const common = { dst, ttl, df: df ?? false, ...(probe ? { probe } : {}), ...(src === undefined ? {} : { src }) };
	const sport = 32_768 + ((dst ^ (number * 7919)) & 0x3fff);
	if (method === 'icmp')
		return {
			...common,
			protocol: IPPROTO_ICMP,
			payload: { kind: 'icmp', type: 8, code: 0, id: 0x7a1, seq: number, data },
		};
	if (method === 'tcp')
		return {
			...common,
			protocol: IPPROTO_TCP,
			payload: {
				kind: 'tcp',
				sport,
				dport: port,
				seq: number,
				ack: 0,
				flags: TCP_SYN,
				window: 5840,
				mss: 1460,
				sackOk: true,
				data: new Uint8Array(0),
			},
		};
	return { ...common, protocol: IPPROTO_UDP, payload: { kind: 'udp', sport, dport: port, data } };
};

/** One packet and what came back for it; an errno when it did not leave. */
export function probe(
	space: Space,
	options: Probe,
): Answer | undefined | { readonly errno: string; readonly mtu?: number } {
	const packet = probePacket(options);
	const { value, began, frames } = send(space, (net, ns) => sendRaw(net, ns, packet));
	if (isLinuxError(value)) return { errno: 'EINVAL' };
	if (value.errno) return { errno: value.errno, ...(value.mtu === undefined ? {} : { mtu: value.mtu }) };
	for (const { direction, time, frame } of frames) {
		const { payload: ip } = frame;
		if (direction !== 'rx' || ip.kind !== 'ipv4') continue;
		const reply = ip.payload;
		const took = time - began;
		if (reply.kind === 'icmp' && reply.quoted) {
			const { payload: inner } = reply.quoted;
			if (reply.quoted.dst !== options.dst || inner.kind !== packet.payload.kind) continue;
			if (inner.kind === 'udp' && inner.dport !== options.port) continue;
			if (inner.kind === 'icmp' && inner.seq !== options.number) continue;
			return { from: ip.src, took, icmp: reply, ttl: ip.ttl, end: reply.type === 3 };
		}
		if (ip.src !== options.dst) continue;
		if (options.method === 'icmp' && reply.kind === 'icmp' && reply.type === 0 && reply.seq === options.number)
			return { from: ip.src, took, ttl: ip.ttl, end: true };
		if (options.method === 'tcp' && reply.kind === 'tcp' && reply.sport === options.port)
			return { from: ip.src, took, ttl: ip.ttl, end: true };
		if (options.method === 'udp' && reply.kind === 'udp' && reply.sport === options.port)
			return { from: ip.src, took, ttl: ip.ttl, end: true };
	}
	return undefined;
}

/** `!N` and its kin, by the code of "destination unreachable"; a port is what one hopes for. */
export function mark(icmp: Icmp | undefined): string {
	if (icmp?.type !== 3 || icmp.code === 3) return '';
	const signs: Readonly<Record<number, string>> = {
		0: ' !N',
		1: ' !H',
		2: ' !P',
		4: ` !F-${icmp.mtu ?? 0}`,
		13: ' !X',
	};
	return signs[icmp.code] ?? ` !<${icmp.code}>`;
}

export async function target(call: Call, space: Space, name: string): Promise<Ip | undefined> {
	const found = await resolve(call, space, name);
	return 'ip' in found ? found.ip : undefined;
}
