/** The same router in the simulator: runs a case, remembers what it sent, so that the kernel is sent the same. */

import {
	addAddress,
	addNamespace,
	addNeighbour,
	addVeth,
	type Capture,
	connectionsAt,
	createNet,
	deviceByName,
	formatConntrack,
	isLinuxError,
	type Network,
	routeOutput,
	run,
	setRuleset,
} from '../../../src/sim/linux/index.ts';
import { makeSkb, sendLocal } from '../../../src/sim/linux/ip-output.ts';
import { receive } from '../../../src/sim/linux/receive.ts';
import {
	cloneIpv4,
	EMPTY,
	ETH_P_IP,
	encodeFrame,
	encodeIpv4,
	type Frame,
	formatIp,
	type Ipv4,
	parseIp,
	parseMac,
	type Tcp,
	type Transport,
} from '../../../src/sim/wire/index.ts';
import type { Case, Step } from './arbitrary.ts';

/** One packet given to the router, and what came out on the wires by it. */
export interface Sent {
	readonly at: 'a' | 'b' | 'r';
	/** A frame on a wire; an IP packet from the router itself. */
	readonly octets: Uint8Array;
	readonly errno: string | undefined;
	readonly frames: readonly { readonly wire: 'a' | 'b'; readonly packet: Ipv4 }[];
}

export interface Modelled {
	/** Ends early when a port was drawn by chance: the kernel draws another, and nothing after it compares. */
	readonly sent: readonly Sent[];
	readonly conntrack: readonly string[];
}

const mac = (text: string) => parseMac(text)!;
const WIRE = {
	a: { dev: 'eth1', router: mac('02:00:00:00:01:01') },
	b: { dev: 'eth2', router: mac('02:00:00:00:02:01') },
};
const STRANGER = mac('02:00:00:00:0f:0f');
const SYN = 0x02;
const RST = 0x04;
const FIN = 0x01;
const ACK = 0x10;

function build(): { net: Network; captured: Capture[]; drawn: () => boolean } {
	const captured: Capture[] = [];
	const net = createNet({ seed: 1, capture: (c) => captured.push(c) });
	let drawn = false;
	const random = net.random.bind(net);
	net.random = (purpose, key, bound) => {
		drawn ||= purpose === 'nat-port';
		return random(purpose, key, bound);
	};
	const must = (result: unknown) => {
		if (isLinuxError(result)) throw new Error(JSON.stringify(result));
	};
	must(addNamespace(net, 'r', { kernel: '6.18.0', sysctls: { ip_forward: true, rp_filter: 0 } }));
	for (const [i, side] of [
		[1, 'a'],
		[2, 'b'],
	] as const) {
		must(addNamespace(net, side, { kernel: '6.18.0' }));
		must(
			addVeth(
				net,
				{ ns: 'r', name: `eth${i}`, mac: WIRE[side].router },
				{ ns: side, name: 'wire', mac: mac(`02:00:00:00:0${i}:99`) },
			),
		);
		must(addAddress(net, 'r', `eth${i}`, { ip: parseIp(`10.0.${i}.1`)!, length: 24 }));
		for (let host = 2; host < 80; host++) {
			const text = `02:00:00:00:0${i}:${host.toString(16).padStart(2, '0')}`;
			must(addNeighbour(net, 'r', `eth${i}`, parseIp(`10.0.${i}.${host}`)!, mac(text)));
		}
	}
	return { net, captured, drawn: () => drawn };
}

/** Runs the case in a fresh router. */
export function model({ ruleset, steps }: Pick<Case, 'ruleset' | 'steps'>): Modelled {
	const { net, captured, drawn } = build();
	const failed = setRuleset(net, 'r', ruleset);
	if (isLinuxError(failed)) throw new Error(JSON.stringify(failed));
	const sent: Sent[] = [];
	const originals: { at: 'a' | 'b' | 'r'; packet: Ipv4 }[] = [];
	let id = 0;
	for (const step of steps) {
		const next = packetOf(step, sent, originals);
		if (!next) continue;
		const packet: Ipv4 = { ...next.packet, id: ++id };
		captured.length = 0;
		sent.push(give(net, captured, next.at, packet));
		if (drawn()) break;
	}
	const table = net.namespaces.get('r')!.conntrack;
	return { sent, conntrack: connectionsAt(table, net.now).map((c) => formatConntrack(c, net.now)) };
}

function give(net: Network, captured: Capture[], at: 'a' | 'b' | 'r', packet: Ipv4): Sent {
	const ns = net.namespaces.get('r')!;
	let octets: Uint8Array;
	let errno: string | undefined;
	if (at === 'r') {
		octets = encodeIpv4(packet);
		const { src, dst, protocol, payload, ttl, id } = cloneIpv4(packet);
		const route = routeOutput(net, ns, { dst, src, anySource: true });
		errno = sendLocal(net, ns, { src, dst, protocol, payload, ttl, id, df: false }, route);
	} else {
		const dev = deviceByName(ns, WIRE[at].dev)!;
		const frame: Frame = { dst: WIRE[at].router, src: STRANGER, type: ETH_P_IP, payload: packet };
		octets = encodeFrame(frame);
		const skb = makeSkb(net.nextPacketId(), cloneIpv4(packet), 0);
		skb.frame = { dst: frame.dst, src: frame.src };
		receive(net, ns, dev, skb);
	}
	run(net, { until: net.now + 1000 });
	const frames = captured.flatMap(({ ns: name, dev, direction, frame }) => {
		if (name !== 'r' || direction !== 'tx' || frame.payload.kind !== 'ipv4' || dev === 'lo') return [];
		return [{ wire: dev === 'eth1' ? ('a' as const) : ('b' as const), packet: cloneIpv4(frame.payload) }];
	});
	return { at, octets, errno, frames };
}

const ip = (src: number, dst: number, protocol: number, payload: Transport, ttl = 64): Ipv4 => ({
	kind: 'ipv4',
	src,
	dst,
	ttl,
	protocol,
	id: 0,
	tos: 0,
	df: false,
	mf: false,
	offset: 0,
	options: EMPTY,
	payload,
});

const CLIENT_SEQ = 1000;
const SERVER_SEQ = 5000;

/** Sequence numbers of a connection of which every packet is empty: the side that asks begins at 1000. */
function tcp(sport: number, dport: number, flags: number, client: boolean): Tcp {
	const [own, other] = client ? [CLIENT_SEQ, SERVER_SEQ] : [SERVER_SEQ, CLIENT_SEQ];
	const seq = flags & SYN ? own : own + 1;
	const ack = flags & ACK ? other + 1 : 0;
	return { kind: 'tcp', sport, dport, seq, ack, flags, window: 1024, data: EMPTY };
}

/** The packet a step stands for, given what has happened; nothing when there is nothing to answer. */
function packetOf(
	step: Step,
	sent: readonly Sent[],
	originals: { at: 'a' | 'b' | 'r'; packet: Ipv4 }[],
): { at: 'a' | 'b' | 'r'; packet: Ipv4 } | undefined {
	const seen = sent.flatMap(({ frames }) => frames);
	switch (step.kind) {
		case 'send': {
			const { src, dst, sport, dport, flags, ttl } = step;
			const data = new Uint8Array([1, 2, 3, 4]);
			const packet = {
				tcp: () => ip(src, dst, 6, tcp(sport, dport, flags, true), ttl),
				udp: () => ip(src, dst, 17, { kind: 'udp', sport, dport, data }, ttl),
				icmp: () => ip(src, dst, 1, { kind: 'icmp', type: 8, code: 0, id: sport, seq: 1, data }, ttl),
				// REJECT answers only what passes for a checksum of ones (nf_send_unreach), whatever the protocol.
				other: () => ip(src, dst, 99, { kind: 'raw', data: new Uint8Array([255, 255, 0, 0]) }, ttl),
			}[step.protocol]();
			originals.push({ at: step.at, packet });
			return { at: step.at, packet };
		}
		case 'again': {
			if (originals.length === 0) return undefined;
			const { at, packet } = originals[step.of % originals.length]!;
			const { payload } = packet;
			if (payload.kind !== 'tcp') return { at, packet };
			return { at, packet: { ...packet, payload: tcp(payload.sport, payload.dport, step.flags, true) } };
		}
		case 'reply': {
			if (seen.length === 0) return undefined;
			const { wire, packet } = seen[step.to % seen.length]!;
			const payload = answer(packet.payload, step.how);
			return payload && { at: wire, packet: ip(packet.dst, packet.src, packet.protocol, payload) };
		}
		case 'error': {
			if (seen.length === 0) return undefined;
			const { wire, packet } = seen[step.to % seen.length]!;
			if (packet.payload.kind === 'icmp' && packet.payload.quoted) return undefined;
			const from = parseIp(wire === 'a' ? '10.0.1.77' : '10.0.2.77')!;
			const { type } = step;
			const code = type === 11 ? 0 : step.code;
			const quoted = cloneIpv4(packet);
			return { at: wire, packet: ip(from, packet.src, 1, { kind: 'icmp', type, code, data: EMPTY, quoted }) };
		}
	}
}

function answer(payload: Transport, how: 'answer' | 'reset'): Transport | undefined {
	switch (payload.kind) {
		case 'tcp': {
			if (payload.flags & RST) return undefined;
			const { sport, dport, flags } = payload;
			// Whoever began has the small numbers.
			const client = payload.seq >= SERVER_SEQ;
			if (how === 'reset') return tcp(dport, sport, RST | ACK, client);
			if (flags & SYN && !(flags & ACK)) return tcp(dport, sport, SYN | ACK, client);
			return tcp(dport, sport, flags & FIN ? FIN | ACK : ACK, client);
		}
		case 'udp':
			return { ...payload, sport: payload.dport, dport: payload.sport };
		case 'icmp':
			return payload.type === 8 ? { ...payload, type: 0 } : undefined;
		default:
			return payload;
	}
}

/** What is compared of a packet: everything the rules and NAT can touch, and what answers the kernel makes. */
export function summary(wire: 'a' | 'b', packet: Ipv4): string {
	return `${wire} ${line(packet)}`;
}

function line({ src, dst, ttl, protocol, payload }: Ipv4): string {
	const head = `${formatIp(src)} > ${formatIp(dst)} ttl ${ttl} proto ${protocol}`;
	switch (payload.kind) {
		case 'tcp':
			return `${head} ${payload.sport} > ${payload.dport} flags ${payload.flags.toString(16)} seq ${payload.seq} ack ${payload.ack}`;
		case 'udp':
			return `${head} ${payload.sport} > ${payload.dport}`;
		case 'icmp': {
			const { type, code, id, quoted } = payload;
			return `${head} icmp ${type}/${code}${quoted ? ` [${line(quoted)}]` : ` id ${id}`}`;
		}
		default:
			return head;
	}
}
