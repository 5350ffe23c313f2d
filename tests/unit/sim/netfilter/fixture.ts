/** A namespace with nothing round it: netfilter alone, with services that answer what a test says. */
import {
	createConntrack,
	DEFAULT_SYSCTLS,
	type Device,
	type IpSkb,
	type Namespace,
	type Net,
	type NetfilterContext,
	type NetfilterServices,
	netfilterHook,
	parseIptablesSave,
	type Ruleset,
} from '../../../../src/sim/linux/index.ts';
import type { Draft } from '../../../../src/sim/trace/index.ts';
import { EMPTY, type Icmp, type Ipv4, parseIp, type Transport } from '../../../../src/sim/wire/index.ts';

export const ip = (text: string): number => parseIp(text)!;

export function device(ifindex: number, name: string, address: string): Device {
	return {
		ifindex,
		name,
		kind: 'veth',
		mac: ifindex,
		mtu: 1500,
		up: true,
		addresses: [{ ip: ip(address), length: 24, scope: 'global', secondary: false }],
		delay: 0,
		proxyArp: false,
		rpFilter: 0,
		routeLocalnet: false,
	};
}

export const eth0 = device(2, 'eth0', '10.0.0.1');
export const eth1 = device(3, 'eth1', '10.0.1.1');

export interface Bench {
	readonly net: { now: number } & Net;
	readonly ns: Namespace;
	readonly records: Draft[];
	/** What the rules sent: `icmp 3/3`, `reset`. */
	readonly answers: string[];
	/** One hook. */
	hook(
		name: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING',
		skb: IpSkb,
		devices?: { inDev?: Device; outDev?: Device },
	): string;
	/** All hooks of a packet that comes in by eth0 and goes out by eth1, or the other way for `back`. */
	forward(skb: IpSkb, back?: boolean): string;
	conntrack(): string[];
}

export function rules(text: string): Ruleset {
	const parsed = parseIptablesSave(text);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return parsed.ruleset;
}

export interface BenchOptions {
	readonly rules?: string;
	readonly services?: Partial<NetfilterServices>;
	/** What `net.random` answers: given purpose, key and bound. */
	readonly random?: (purpose: string, key: string, bound: number) => number;
	readonly max?: number;
	readonly timeouts?: Record<string, number>;
}

export function bench({
	rules: text = '',
	services = {},
	random = () => 0,
	max,
	timeouts = {},
}: BenchOptions = {}): Bench {
	const records: Draft[] = [];
	const answers: string[] = [];
	const net = {
		now: 0,
		namespaces: new Map(),
		recorder: { record: (draft: Draft) => void records.push(draft) },
		schedule: () => undefined,
		random,
		nextPacketId: () => 0,
	} as unknown as Bench['net'];
	const ns = {
		name: 'r',
		kernel: '6.18.0',
		devices: new Map([eth0, eth1].map((d) => [d.ifindex, d])),
		ruleset: rules(text),
		ipsets: new Map(),
		sysctls: { ...DEFAULT_SYSCTLS, conntrackTimeouts: timeouts },
		conntrack: createConntrack(max),
		recent: new Map(),
	} as unknown as Namespace;
	const all: NetfilterServices = {
		selectSourceAddress: (_ns, out) => out.addresses[0]?.ip,
		addressType: (space, address) =>
			[...space.devices.values()].some((d) => d.addresses.some((a) => a.ip === address)) ? 'LOCAL' : 'UNICAST',
		sendIcmpError: (_ctx, _skb, type, code) => void answers.push(`icmp ${type}/${code}`),
		sendTcpReset: () => void answers.push('reset'),
		rerouteOutput: (ctx) => ctx.outDev,
		...services,
	};
	const hook: Bench['hook'] = (name, skb, devices = {}) => {
		const ctx: NetfilterContext = { net, ns, services: all, ...devices };
		return netfilterHook(name, skb, ctx);
	};
	return {
		net,
		ns,
		records,
		answers,
		hook,
		forward(skb, back = false) {
			const [inDev, outDev] = back ? [eth1, eth0] : [eth0, eth1];
			for (const [name, devices] of [
				['PREROUTING', { inDev }],
				['FORWARD', { inDev, outDev }],
				['POSTROUTING', { inDev, outDev }],
			] as const) {
				const verdict = hook(name, skb, devices);
				if (verdict !== 'accept') return `${verdict} in ${name}`;
			}
			return 'accept';
		},
		conntrack: () =>
			[...ns.conntrack.connections.values()].map((c) => `${c.tcp?.state ?? '-'} ${c.status.toString(16)}`),
	};
}

let packets = 0;

export function skb(src: string, dst: string, protocol: number, payload: Transport): IpSkb {
	const net: Ipv4 = {
		kind: 'ipv4',
		src: ip(src),
		dst: ip(dst),
		ttl: 64,
		protocol,
		id: 0,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options: EMPTY,
		payload,
	};
	return {
		packet: ++packets,
		frame: { src: 0, dst: 0 },
		net,
		mark: 0,
		iif: 0,
		oif: 0,
		type: 'host',
		nextHop: 0,
		cb: [],
		redirected: false,
		forwarded: false,
	};
}

const FLAGS: Readonly<Record<string, number>> = { S: 2, A: 16, F: 1, R: 4, P: 8 };

/** `tcp('10.0.0.2:1000', '10.0.1.2:80', 'SA', 1, 2)`. */
export function tcp(from: string, to: string, flags: string, seq = 0, ack = 0, octets = 0): IpSkb {
	const [src, sport] = from.split(':') as [string, string];
	const [dst, dport] = to.split(':') as [string, string];
	const bits = [...flags].reduce((sum, flag) => sum | FLAGS[flag]!, 0);
	return skb(src, dst, 6, {
		kind: 'tcp',
		sport: Number(sport),
		dport: Number(dport),
		seq,
		ack,
		flags: bits,
		window: 64_000,
		data: new Uint8Array(octets),
	});
}

export function udp(from: string, to: string): IpSkb {
	const [src, sport] = from.split(':') as [string, string];
	const [dst, dport] = to.split(':') as [string, string];
	return skb(src, dst, 17, { kind: 'udp', sport: Number(sport), dport: Number(dport), data: EMPTY });
}

export function icmp(src: string, dst: string, fields: Partial<Icmp>): IpSkb {
	return skb(src, dst, 1, { kind: 'icmp', type: 8, code: 0, data: EMPTY, ...fields });
}

/** `10.0.0.1:80` of one side. */
export function end({ net }: IpSkb, side: 'src' | 'dst'): string {
	const { payload } = net;
	const address = [24, 16, 8, 0].map((shift) => (net[side] >>> shift) & 255).join('.');
	if (payload.kind !== 'tcp' && payload.kind !== 'udp') return address;
	return `${address}:${side === 'src' ? payload.sport : payload.dport}`;
}
