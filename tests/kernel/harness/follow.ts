/** Which captured frames belong to which connection. */
import { decodeFrame, type Ipv4, TCP_ACK, TCP_RST, TCP_SYN, type Tcp } from '../../../src/sim/wire/index.ts';
import type { CapturedFrame, MarkedResult } from './agent.ts';

const ETH_P_IP = 0x0800;
/** linux/if_packet.h. */
const PACKET_OTHERHOST = 3;
const PACKET_OUTGOING = 4;

/** An IPv4 packet at one place. */
export interface Sighting {
	readonly ns: string;
	readonly dev: string;
	readonly direction: 'rx' | 'tx';
	readonly time: number;
	readonly packet: Ipv4;
}

/**
 * The IPv4 packets among frames, in order. Frames for another machine that a bridge flooded to a device are left out;
 * on the bridge's own ports all frames are for another.
 */
export const sightings = (frames: readonly CapturedFrame[], isPort: (ns: string, dev: string) => boolean): Sighting[] =>
	frames.flatMap((f) => {
		if (f.proto !== ETH_P_IP || (f.kind === PACKET_OTHERHOST && !isPort(f.ns, f.dev))) return [];
		const packet = decodeFrame(f.octets, { checksums: false }).value?.payload;
		if (packet?.kind !== 'ipv4') return [];
		return [{ ns: f.ns, dev: f.dev, direction: f.kind === PACKET_OUTGOING ? 'tx' : 'rx', time: f.time, packet }];
	});

/** A probe's packets: every sighting of its first packet, and of the first answer to it. */
export interface Followed {
	readonly first: readonly Sighting[];
	readonly reply: readonly Sighting[];
}

/** At each place the first time only: retransmissions come later. */
export const once = <T extends Sighting>(seen: readonly T[]): T[] => {
	const places = new Set<string>();
	return seen.filter(({ ns, dev, direction }) => {
		const place = `${ns} ${dev} ${direction}`;
		return !places.has(place) && places.add(place);
	});
};

/** What kind of answer: a SYN-ACK may be followed by a RST, and an ICMP error by another. */
const kindOf = ({ payload }: Ipv4): string => {
	if (payload.kind === 'tcp') return `tcp ${payload.flags & (TCP_SYN | TCP_RST)}`;
	return payload.kind === 'icmp' ? `icmp ${payload.type} ${payload.code}` : payload.kind;
};

/** First word of a datagram, or of the first fragment of one. */
const word = (payload: Ipv4['payload'] | undefined): string | undefined => {
	if (payload?.kind !== 'udp' && payload?.kind !== 'raw') return undefined;
	const start = payload.kind === 'raw' ? 8 : 0;
	return Buffer.from(payload.data.subarray(start, start + 16))
		.toString('latin1')
		.split(/\s/)[0];
};

const isSyn = (payload: Ipv4['payload'] | undefined): payload is Tcp =>
	payload?.kind === 'tcp' && (payload.flags & (TCP_SYN | TCP_ACK)) === TCP_SYN;

/** SYN with ACK, or RST: what may answer a SYN. */
const mayAnswer = (flags: number): boolean =>
	(flags & TCP_RST) !== 0 || (flags & (TCP_SYN | TCP_ACK)) === (TCP_SYN | TCP_ACK);

/**
 * Picks a probe's packets by marks that NAT leaves alone: MSS and sequence number of the SYN, words of datagrams.
 * `client` is the probe's namespace: a RST that answers a SYN that never left is known by its ports alone.
 */
export const follow = (
	seen: readonly Sighting[],
	probe: MarkedResult & { readonly proto: 'tcp' | 'udp' },
	client: string,
): Followed => {
	const syn = seen.map((s) => s.packet.payload).find((p) => isSyn(p) && p.mss === probe.mss);
	const isn = isSyn(syn) ? syn.seq : undefined;
	const port = Number(probe.local?.split(':')[1]);
	const isFirst = (payload: Ipv4['payload'] | undefined): boolean =>
		word(payload) === probe.id || (isSyn(payload) && (payload.seq === isn || payload.mss === probe.mss));
	const answersSyn = (payload: Tcp, ns: string): boolean =>
		mayAnswer(payload.flags) &&
		(isn === undefined ? ns === client && payload.dport === port : payload.ack === (isn + 1) >>> 0);
	const isReply = ({ ns, packet: { payload } }: Sighting): boolean =>
		word(payload) === `r${probe.id}` ||
		(probe.proto === 'tcp' && payload.kind === 'tcp' && answersSyn(payload, ns)) ||
		(payload.kind === 'icmp' && isFirst(payload.quoted?.payload));
	const replies = seen.filter(isReply);
	const kind = replies[0] && kindOf(replies[0].packet);
	return {
		first: once(seen.filter((s) => isFirst(s.packet.payload))),
		reply: once(replies.filter((s) => kindOf(s.packet) === kind)),
	};
};

/** The same where each packet has a number and no other connection is about: in the simulator. */
export const followNumbered = (
	seen: readonly (Sighting & { readonly id: number })[],
	firstPacket: number,
): Followed & { readonly replyId: number | undefined } => {
	const replyId = seen.find(
		({ id, packet: { payload } }) => id !== firstPacket && (payload.kind !== 'tcp' || mayAnswer(payload.flags)),
	)?.id;
	return {
		first: once(seen.filter((s) => s.id === firstPacket)),
		reply: once(seen.filter((s) => s.id === replyId)),
		replyId,
	};
};

/**
 * A port by its part: a server's by its number; a client's is `client` as its socket has it, or `masq` when NAT chose
 * it, whatever number was drawn: also that of a service.
 */
export const portName = (port: number, part: 'client' | 'server', client: number): string =>
	part === 'server' ? String(port) : port === client ? 'client' : 'masq';
