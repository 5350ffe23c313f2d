/** Which captured frames belong to which connection, and what the connection came to, in plain comparable form. */
import { decodeFrame, formatIp, type Ipv4, TCP_ACK, TCP_SYN } from '../../../src/sim/wire/index.ts';
import type { CapturedFrame, MarkedResult } from './agent.ts';

const ETH_P_IP = 0x0800;
const OTHERHOST = 3;
const OUTGOING = 4;

/** An IPv4 packet at one place. */
export interface Sighting {
	readonly ns: string;
	readonly dev: string;
	readonly direction: 'rx' | 'tx';
	readonly time: number;
	readonly packet: Ipv4;
}

/** The IPv4 packets among frames, in order; frames that merely passed by (flooded to the wrong port) are left out. */
export const sightings = (frames: readonly CapturedFrame[]): Sighting[] =>
	frames.flatMap((f) => {
		if (f.proto !== ETH_P_IP || f.kind === OTHERHOST) return [];
		const packet = decodeFrame(f.octets, { checksums: false }).value?.payload;
		if (packet?.kind !== 'ipv4') return [];
		return [{ ns: f.ns, dev: f.dev, direction: f.kind === OUTGOING ? 'tx' : 'rx', time: f.time, packet }];
	});

const ascii = (octets: Uint8Array): string => Buffer.from(octets.subarray(0, 64)).toString('latin1');

/** A probe's packets: every sighting of its first packet, and of the first answer to it. */
export interface Followed {
	readonly first: readonly Sighting[];
	readonly reply: readonly Sighting[];
}

/** At each place the first time only: retransmissions come later. */
const once = (seen: readonly Sighting[]): Sighting[] => {
	const places = new Set<string>();
	return seen.filter(({ ns, dev, direction }) => {
		const place = `${ns} ${dev} ${direction}`;
		return !places.has(place) && places.add(place);
	});
};

/** Only one packet's: the answer that was seen first, of its kind (a RST may follow an ICMP error). */
const ofFirst = (seen: readonly Sighting[], kind: (packet: Ipv4) => string): Sighting[] => {
	const first = seen[0];
	return first ? once(seen.filter((s) => kind(s.packet) === kind(first.packet))) : [];
};

const flagKind = (packet: Ipv4): string => {
	const { payload } = packet;
	if (payload.kind === 'tcp') return `tcp ${payload.flags & 0x17}`;
	return payload.kind === 'icmp' ? `icmp ${payload.type} ${payload.code}` : payload.kind;
};

export const follow = (seen: readonly Sighting[], probe: MarkedResult): Followed => {
	const isSyn = (packet: Ipv4 | undefined): boolean =>
		packet?.payload.kind === 'tcp' &&
		(packet.payload.flags & (TCP_SYN | TCP_ACK)) === TCP_SYN &&
		packet.payload.mss === probe.mss;
	const syn = seen.find((s) => isSyn(s.packet))?.packet.payload;
	const isn = syn?.kind === 'tcp' ? syn.seq : undefined;
	const udpWord = (packet: Ipv4 | undefined): string | undefined =>
		packet?.payload.kind === 'udp' ? ascii(packet.payload.data).split(' ')[0] : undefined;
	const isFirst = (packet: Ipv4 | undefined): boolean =>
		udpWord(packet) === probe.id ||
		(packet?.payload.kind === 'tcp' &&
			isn !== undefined &&
			packet.payload.seq === isn &&
			packet.payload.mss !== 0 &&
			(packet.payload.flags & (TCP_SYN | TCP_ACK)) === TCP_SYN);
	const isReply = ({ payload, ...packet }: Ipv4): boolean =>
		udpWord({ payload, ...packet }) === `r${probe.id}` ||
		(payload.kind === 'tcp' &&
			isn !== undefined &&
			payload.ack === (isn + 1) >>> 0 &&
			payload.seq !== isn + 1 &&
			payload.dport !== 0 &&
			isAnswer(payload.flags)) ||
		(payload.kind === 'icmp' && isFirst(payload.quoted));
	return {
		first: once(seen.filter((s) => isFirst(s.packet))),
		reply: ofFirst(
			seen.filter((s) => isReply(s.packet)),
			flagKind,
		),
	};
};

/** SYN and ACK, or RST: what may answer a SYN. */
const isAnswer = (flags: number): boolean => (flags & 0x12) === 0x12 || (flags & 0x04) !== 0;

export interface Ports {
	/** The client socket's. */
	readonly client: number;
	/** Those that mean something: of servers and services. */
	readonly known: ReadonlySet<number>;
}

/** A port by its part: `client` for the client's own, the number for a known one, `masq` for one that NAT chose. */
export const portName = (port: number, ports: Ports): string =>
	ports.known.has(port) ? String(port) : port === ports.client ? 'client' : 'masq';

/** `node/basic-worker eth0 rx 172.18.0.1:client > 172.18.0.3:32017 ttl 64`. */
export const placeLine = (
	at: { readonly namespace: string; readonly device: string; readonly direction: string; readonly ttl: number },
	src: string,
	dst: string,
): string => `${at.namespace} ${at.device} ${at.direction} ${src} > ${dst} ttl ${at.ttl}`;

export const sightingLine = (s: Sighting): string =>
	placeLine(
		{ namespace: s.ns, device: s.dev, direction: s.direction, ttl: s.packet.ttl },
		formatIp(s.packet.src),
		formatIp(s.packet.dst),
	);

/** One line of /proc/net/nf_conntrack without what passes: timers, counters, use. */
export const conntrackLine = (line: string, ports: Ports): string => {
	const words = line.trim().split(/\s+/).slice(2);
	const [proto, , , ...rest] = words;
	return [
		proto,
		...rest
			.filter((w) => !/^(use|zone|packets|bytes|id|secctx)=/.test(w))
			.map((w) => w.replace(/^([sd]port)=(\d+)$/, (_, key, n) => `${key}=${portName(Number(n), ports)}`)),
	].join(' ');
};

/** The words `src= dst= sport= dport=` of a line's first tuple, with plain numbers. */
export const originalTuple = (line: string): string =>
	['src', 'dst', 'sport', 'dport'].map((key) => line.match(new RegExp(`${key}=(\\S+)`))?.[1]).join(' ');
