/**
 * The counters of /proc/net/snmp, netstat and nf_conntrack, out of an exchange's frames and decisions: each one where the
 * kernel has its SNMP_INC_STATS (net/ipv4/{ip_input,ip_output,ip_forward,route,icmp,udp,tcp*}.c @ v5.15, and v6.7 where `ip_output`
 * counts otherwise).
 */
import type { Capture, Namespace, Network, Skb } from '../../../sim/linux/index.ts';
import type { Draft } from '../../../sim/trace/index.ts';
import {
	IPPROTO_ICMP,
	IPPROTO_TCP,
	type Ipv4,
	ipLength,
	MAC_BROADCAST,
	TCP_ACK,
	TCP_FIN,
	TCP_RST,
	TCP_SYN,
	type Tcp,
} from '../../../sim/wire/index.ts';

/** Names are the kernel's with their table in front, as `nstat` has them: `IpInReceives`, `TcpExtTCPSynRetrans`. */
export type Add = (ns: string, name: string, by: number) => void;

/** icmp_global: types by the words of their counters. */
const ICMP_WORDS: Readonly<Record<number, string>> = { 0: 'EchoReps', 3: 'DestUnreachs', 8: 'Echos', 11: 'TimeExcds' };

/** Whether a namespace's kernel is at least that old. */
const since = (ns: Namespace | undefined, major: number, minor: number): boolean => {
	const [a = 0, b = 0] = (ns?.kernel ?? '').split('.').map(Number);
	return a > major || (a === major && b >= minor);
};

const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** Of a whole message or of a first fragment. */
const icmpType = ({ payload, protocol, offset }: Ipv4): number | undefined =>
	payload.kind === 'icmp'
		? payload.type
		: payload.kind === 'raw' && protocol === IPPROTO_ICMP && offset === 0
			? payload.data[0]
			: undefined;

interface Asked {
	readonly ns: string;
	readonly protocol: string;
	sent: boolean;
}

export class Counting {
	readonly #net: Network;
	readonly #add: Add;
	/** Packets as they are now, by namespace and identity. */
	readonly #packets = new Map<string, Ipv4>();
	/** Routed out by a local sender, not seen since. */
	readonly #fresh = new Map<number, string>();
	readonly #sent = new Set<string>();
	/** Lengths of packets that were cut before anybody saw them. */
	readonly #whole = new Map<string, number>();
	/** What was counted for a packet at a hook that may still drop it. */
	readonly #counted = new Map<string, readonly (readonly [string, number])[]>();
	/** Resets that netfilter sends count as no socket's. */
	readonly #refused = new Set<string>();
	readonly #resets = new Set<number>();
	/** Highest sequence number sent, by flow. */
	readonly #edges = new Map<string, number>();
	readonly #asked = new Map<string, Asked>();

	constructor(net: Network, add: Add) {
		this.#net = net;
		this.#add = add;
	}

	/** A packet walks a hook. */
	hooked({ packet, net }: Skb): void {
		if (net.kind !== 'ipv4') return;
		const ns = this.#fresh.get(packet);
		if (ns !== undefined) this.#leaves(ns, packet, net);
	}

	frame({ ns, dev, direction, packet, frame }: Capture): void {
		const ip = frame.payload;
		if (ip.kind !== 'ipv4') return;
		if (direction === 'tx') {
			if (this.#fresh.get(packet) === ns) this.#leaves(ns, packet, ip);
			return;
		}
		const device = [...(this.#net.namespaces.get(ns)?.devices.values() ?? [])].find(({ name }) => name === dev);
		if (!device || device.master !== undefined) return;
		const key = `${ns} ${packet}`;
		// Of fragments the first says what they are of.
		if (ip.offset === 0 || !this.#packets.has(key)) this.#packets.set(key, ip);
		this.#add(ns, 'IpInReceives', 1);
		this.#add(ns, 'IpExtInOctets', ipLength(ip));
		this.#add(ns, ['IpExtInNoECTPkts', 'IpExtInECT1Pkts', 'IpExtInECT0Pkts', 'IpExtInCEPkts'][ip.tos & 3]!, 1);
		if (frame.dst === MAC_BROADCAST) {
			this.#add(ns, 'IpExtInBcastPkts', 1);
			this.#add(ns, 'IpExtInBcastOctets', ipLength(ip));
		}
		if (device.kind === 'loopback') this.#delivered(ns, key, ip);
	}

	decision(draft: Draft): void {
		const { ns, why, packet, hook, verdict } = draft;
		const key = `${ns} ${packet}`;
		const add = (name: string, by = 1): void => this.#add(ns, name, by);
		const here = (): Namespace | undefined => this.#net.namespaces.get(ns);
		if ((verdict === 'drop' || verdict === 'reject') && /^(nf|ct)\./.test(why.code)) this.#dropped(ns, key, hook);
		if (why.code === 'nf.reject') this.#refused.add(key);
		if (hook === 'route') {
			this.#routed(draft, key);
			return;
		}
		switch (why.code) {
			case 'program.dropped':
			case 'program.redirected':
			case 'program.redirected-peer':
			case 'program.no-device':
				if (hook === 'tc-ingress') this.#neverCame(ns, key);
				break;
			case 'dev.otherhost':
				this.#neverCame(ns, key);
				break;
			case 'forward.ttl-exceeded':
				add('IpInHdrErrors');
				break;
			case 'forward.frag-needed':
				add('IpFragFails');
				break;
			case 'forward.ttl': {
				const length = draft.after?.length ?? 0;
				const newer = since(here(), 6, 7);
				// ip_forward() counts before the hook since 6.7, ip_forward_finish() behind it until then.
				if (newer) add('IpForwDatagrams');
				this.#count(ns, `${key} FORWARD`, [
					...(newer ? [] : ([['IpForwDatagrams', 1]] as const)),
					['IpExtOutOctets', since(here(), 6, 6) ? length : 2 * length],
					...(newer ? ([['IpOutTransmits', 1]] as const) : ([['IpOutRequests', 1]] as const)),
				]);
				break;
			}
			case 'ip.fragmented':
				add('IpFragOKs');
				add('IpFragCreates', why.pieces);
				this.#whole.set(key, draft.before?.length ?? 0);
				if (since(here(), 6, 7)) {
					add('IpOutTransmits', why.pieces - 1);
					// A header for each.
					add('IpExtOutOctets', 20 * (why.pieces - 1));
				}
				break;
			case 'ip.fragment-waits':
				add('IpReasmReqds');
				// Without netfilter it was routed first.
				this.#dropped(ns, key, 'INPUT');
				break;
			case 'ip.reassembled':
				add('IpReasmReqds');
				add('IpReasmOKs');
				break;
			case 'socket.none':
				if (why.protocol === 'udp') add('UdpNoPorts');
				break;
			case 'socket.no-protocol':
				add('IpInUnknownProtos');
				this.#dropped(ns, key, 'INPUT');
				break;
			case 'socket.answered':
			case 'tunnel.decapsulated':
				add('UdpInDatagrams');
				break;
			case 'socket.accepted':
				add(this.#packets.get(key)?.protocol === IPPROTO_TCP ? 'TcpPassiveOpens' : 'UdpInDatagrams');
				break;
			case 'tcp.reset-sent':
				if (this.#refused.has(key)) this.#resets.add(why.packet);
				break;
			case 'socket.connect':
				this.#asked.set(`${ns} ${why.peer}`, { ns, protocol: why.protocol, sent: false });
				break;
			case 'socket.failed': {
				const asked = this.#asked.get(`${ns} ${why.peer}`);
				if (asked && !asked.sent && why.errno === 'ENETUNREACH') add('IpOutNoRoutes');
				else if (asked?.protocol === 'tcp' && asked.sent && why.errno !== 'ECONNRESET') {
					add('TcpAttemptFails');
					if (why.errno === 'ETIMEDOUT') add('TcpExtTCPAbortOnTimeout');
				}
				break;
			}
			case 'ct.invalid':
				add('ct invalid');
				break;
			case 'ct.clash':
				add('ct insert_failed');
				add('ct drop');
				break;
			case 'ct.full':
				add('ct drop');
				break;
		}
	}

	#count(ns: string, key: string, what: readonly (readonly [string, number])[]): void {
		for (const [name, by] of what) this.#add(ns, name, by);
		this.#counted.set(key, what);
	}

	/** Takes back what comes after the hook that dropped it. */
	#dropped(ns: string, key: string, hook: string): void {
		const place = `${key} ${hook}`;
		const counted = this.#counted.get(place);
		for (const [name, by] of counted ?? []) this.#add(ns, name, -by);
		this.#counted.delete(place);
		if (!counted || hook !== 'OUTPUT') return;
		// ip_send_skb() counts what did not get out; a connection's segments go by ip_queue_xmit(), which does not.
		const payload = this.#packets.get(place)?.payload;
		if (payload?.kind !== 'tcp' || payload.flags & TCP_RST) this.#add(ns, 'IpOutDiscards', 1);
	}

	/** A program took the frame, or it was for another machine: IP never saw it. */
	#neverCame(ns: string, key: string): void {
		const ip = this.#packets.get(key);
		if (!ip) return;
		this.#packets.delete(key);
		this.#add(ns, 'IpInReceives', -1);
		this.#add(ns, 'IpExtInOctets', -ipLength(ip));
		this.#add(ns, ['IpExtInNoECTPkts', 'IpExtInECT1Pkts', 'IpExtInECT0Pkts', 'IpExtInCEPkts'][ip.tos & 3]!, -1);
	}

	#routed({ ns, why, packet, key: asked = '', verdict }: Draft, key: string): void {
		if (!asked.includes(' iif ')) {
			if (this.#sent.has(key)) return;
			this.#sent.add(key);
			if (verdict !== 'error') this.#fresh.set(packet, ns);
			return;
		}
		const ip = this.#packets.get(key);
		if (verdict === 'deliver' && ip) this.#delivered(ns, key, ip);
		const forwards = this.#net.namespaces.get(ns)?.sysctls.ip_forward === true;
		if (why.code === 'route.rp-filter') this.#add(ns, 'TcpExtIPReversePathFilter', 1);
		else if (why.code === 'route.not-forwarding') this.#add(ns, 'IpInAddrErrors', 1);
		else if (why.code === 'route.none') this.#add(ns, forwards ? 'IpExtInNoRoutes' : 'IpInAddrErrors', 1);
		else if (why.code === 'route.refused' && !forwards && why.type === 'unreachable')
			this.#add(ns, 'IpInAddrErrors', 1);
	}

	#delivered(ns: string, key: string, ip: Ipv4): void {
		const { payload } = ip;
		const what: (readonly [string, number])[] = [['IpInDelivers', 1]];
		const type = icmpType(ip);
		if (type !== undefined) {
			what.push(['IcmpInMsgs', 1], [`IcmpMsgInType${type}`, 1]);
			const word = ICMP_WORDS[type];
			if (word) what.push([`IcmpIn${word}`, 1]);
		}
		if (payload.kind === 'tcp') {
			what.push(['TcpInSegs', 1]);
			if (payload.flags & TCP_RST && this.#established(ns, ip, payload)) what.push(['TcpEstabResets', 1]);
		}
		this.#count(ns, `${key} INPUT`, what);
	}

	/** Whether a connection that a reset is for is open. */
	#established(ns: string, { src }: Ipv4, { sport, dport }: Tcp): boolean {
		for (const remotes of this.#net.namespaces.get(ns)?.sockets.tcp.values() ?? [])
			for (const end of remotes.values())
				if (
					(end.state === 'ESTABLISHED' || end.state === 'CLOSE_WAIT') &&
					end.localPort === dport &&
					end.remotePort === sport &&
					end.remoteIp === src
				)
					return true;
		return false;
	}

	/** __ip_local_out(), and whose segment, datagram or message it is. */
	#leaves(ns: string, packet: number, ip: Ipv4): void {
		this.#fresh.delete(packet);
		const here = this.#net.namespaces.get(ns);
		const newer = since(here, 6, 7);
		if (newer) this.#add(ns, 'IpOutRequests', 1);
		const { payload } = ip;
		// A tunnel's own datagrams are no socket's.
		const datagram = payload.kind === 'udp' && !this.#isTunnel(here, payload.dport);
		const place = `${ns} ${packet} OUTPUT`;
		this.#packets.set(place, ip);
		this.#count(ns, place, [
			['IpExtOutOctets', this.#whole.get(`${ns} ${packet}`) ?? ipLength(ip)],
			newer ? ['IpOutTransmits', 1] : ['IpOutRequests', 1],
			...(datagram ? ([['UdpOutDatagrams', 1]] as const) : []),
		]);
		for (const asked of this.#asked.values()) if (asked.ns === ns && asked.protocol === payload.kind) asked.sent = true;
		switch (ip.protocol) {
			case IPPROTO_ICMP: {
				const type = icmpType(ip);
				if (type === undefined) return;
				this.#add(ns, 'IcmpOutMsgs', 1);
				this.#add(ns, `IcmpMsgOutType${type}`, 1);
				const word = ICMP_WORDS[type];
				if (word) this.#add(ns, `IcmpOut${word}`, 1);
				return;
			}
			case IPPROTO_TCP:
				if (payload.kind === 'tcp' && !this.#resets.has(packet)) this.#segment(ns, ip, payload);
		}
	}

	#isTunnel(ns: Namespace | undefined, port: number): boolean {
		return [...(ns?.devices.values() ?? [])].some(({ tunnel }) => tunnel?.port === port);
	}

	/** __tcp_transmit_skb(), tcp_v4_send_reset(), tcp_retransmit_skb(). */
	#segment(ns: string, { src, dst }: Ipv4, { sport, dport, seq, flags, data }: Tcp): void {
		const add = (name: string): void => this.#add(ns, name, 1);
		const syn = (flags & TCP_SYN) !== 0;
		if (flags & TCP_RST) {
			add('TcpOutSegs');
			add('TcpOutRsts');
			return;
		}
		const takes = data.length + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
		const end = (seq + takes) >>> 0;
		const flow = `${ns} ${src}:${sport} ${dst}:${dport}`;
		const edge = this.#edges.get(flow);
		const again = takes > 0 && edge !== undefined && !before(edge, end);
		// tcp_make_synack() counts each answer to a SYN as a new segment.
		if (!again || (syn && flags & TCP_ACK)) add('TcpOutSegs');
		if (again) {
			add('TcpRetransSegs');
			if (syn) add('TcpExtTCPSynRetrans');
			add('TcpExtTCPTimeouts');
			return;
		}
		if (takes > 0) this.#edges.set(flow, end);
		if (syn && !(flags & TCP_ACK)) add('TcpActiveOpens');
		if (takes > 0 && !syn) add('TcpExtTCPOrigDataSent');
	}
}
