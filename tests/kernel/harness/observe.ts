/**
 * What one connection came to, in a form that is the same for kernel and simulator: outcome, addresses, places with
 * TTL, entries of the connection tables. Numbers that chance or the clock decide are replaced by their part.
 */
import {
	connect,
	connectionsAt,
	forkNet,
	formatConntrack,
	isLinuxError,
	type Network,
	run,
} from '../../../src/sim/linux/index.ts';
import { formatIp, type Ipv4, parseIp, utf8 } from '../../../src/sim/wire/index.ts';
import type { Agent, MarkedResult, ProbeSpec } from './agent.ts';
import { type Followed, follow, followNumbered, portName, type Sighting, sightings } from './follow.ts';

export interface Attempt {
	readonly from: string;
	readonly proto: 'tcp' | 'udp';
	readonly ip: string;
	readonly port: number;
	/** UDP payload, octets; the least that carries a mark when absent. */
	readonly size?: number;
	/** UDP only: whether the datagram may be fragmented. */
	readonly df?: boolean;
	/** Seconds the kernel is given; 1.2 when absent. */
	readonly timeout?: number;
}

export const attemptName = (a: Attempt): string => `${a.from} ${a.proto} ${a.ip}:${a.port}`;

export interface Observation {
	readonly result: string;
	readonly errno: string | undefined;
	/** Who answered. */
	readonly server: string | undefined;
	/** Source the server saw, its port by its part. */
	readonly observed: string | undefined;
	/** Local address of the client's socket. */
	readonly client: string | undefined;
	/** `node/a eth0 rx 10.0.0.1:client > 10.0.0.2:80 ttl 64`. */
	readonly hops: readonly string[];
	readonly reply: readonly string[];
	/** By namespace, the entries that this connection's packets made. */
	readonly conntrack: Readonly<Record<string, readonly string[]>>;
}

/** Who sent a packet; a quoted one was sent by the other. */
type Sender = 'client' | 'server';
const other = (sender: Sender): Sender => (sender === 'client' ? 'server' : 'client');

/** `client` is the port of the client's socket. */
const sides = (packet: Ipv4, sender: Sender, client: number): string => {
	const { src, dst, payload } = packet;
	const from = formatIp(src);
	const to = formatIp(dst);
	if (payload.kind === 'tcp' || payload.kind === 'udp')
		return `${payload.kind} ${from}:${portName(payload.sport, sender, client)} > ${to}:${portName(payload.dport, other(sender), client)}`;
	if (payload.kind === 'icmp') {
		const inside = payload.quoted ? ` [${sides(payload.quoted, other(sender), client)} ttl ${payload.quoted.ttl}]` : '';
		return `icmp ${payload.type}/${payload.code}${payload.mtu === undefined ? '' : ` mtu ${payload.mtu}`} ${from} > ${to}${inside}`;
	}
	return `${packet.protocol} ${from} > ${to}`;
};

const hopLine = (s: Sighting, sender: Sender, client: number): string =>
	`${s.ns} ${s.dev} ${s.direction} ${sides(s.packet, sender, client)} ttl ${s.packet.ttl}`;

/** Words of a conntrack line that pass or that depend on the kernel's configuration. */
const PASSING = /^(use|zone|packets|bytes|id|secctx|helper)=/;

/** Seconds left, to the next five: neither side's clock is looked at to the second. */
const about = (seconds: string): string => `~${Math.round(Number(seconds) / 5) * 5}`;

/** One line of /proc/net/nf_conntrack without family, protocol number and what passes. */
const entryLine = (line: string, client: number): string => {
	const [, , proto, , left, ...rest] = line.trim().split(/\s+/);
	// First the client's tuple, then the one that is awaited back: sport, dport, sport, dport.
	const parts: Sender[] = ['client', 'server', 'server', 'client'];
	return [
		proto,
		about(left!),
		...rest
			.filter((word) => !PASSING.test(word))
			.map((word) =>
				word.replace(/^([sd]port)=(\d+)$/, (_, key, n) => `${key}=${portName(Number(n), parts.shift()!, client)}`),
			),
	].join(' ');
};

/** `udp 10.0.0.1 10.0.0.2 40000 80`. */
const firstTuple = (line: string): string => {
	const [, , proto, , ...words] = line.trim().split(/\s+/);
	const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
	return [proto, value('src'), value('dst'), value('sport'), value('dport')].join(' ');
};

const packetTuple = ({ src, dst, payload }: Ipv4): string | undefined =>
	payload.kind === 'tcp' || payload.kind === 'udp'
		? `${payload.kind} ${formatIp(src)} ${formatIp(dst)} ${payload.sport} ${payload.dport}`
		: undefined;

/** The entries whose first tuple is that of the socket or of a packet seen in the namespace. */
const entriesOf = (
	tables: ReadonlyMap<string, readonly string[]>,
	followed: Followed,
	socket: { readonly ns: string; readonly tuple: string },
	client: number,
): Record<string, string[]> => {
	const out: Record<string, string[]> = {};
	for (const [ns, lines] of tables) {
		const tuples = new Set(followed.first.filter((s) => s.ns === ns).map((s) => packetTuple(s.packet)));
		if (ns === socket.ns) tuples.add(socket.tuple);
		const mine = lines.filter((line) => tuples.has(firstTuple(line))).map((line) => entryLine(line, client));
		if (mine.length) out[ns] = mine.sort();
	}
	return out;
};

const splitEndpoint = (text: string): [string, number] => {
	const at = text.lastIndexOf(':');
	return [text.slice(0, at), Number(text.slice(at + 1))];
};

/** All attempts at once in the kernel; observations in their order. */
export const observeKernel = async (
	agent: Agent,
	net: Network,
	attempts: readonly Attempt[],
): Promise<Observation[]> => {
	const names = [...net.namespaces.keys()];
	for (const ns of names) await agent.flush(ns);
	await agent.drain();
	const results: MarkedResult[] = await Promise.all(
		attempts.map((a) => {
			const spec: ProbeSpec = { ...a, ns: a.from, timeout: a.timeout ?? 1.2 };
			return agent.probe(spec);
		}),
	);
	await agent.settle();
	const seen = sightings(await agent.drain(), (ns, dev) =>
		[...(net.namespaces.get(ns)?.devices.values() ?? [])].some((d) => d.name === dev && d.master !== undefined),
	);
	const tables = new Map<string, string[]>();
	for (const ns of names) tables.set(ns, await agent.conntrack(ns));
	return attempts.map((attempt, i) => {
		const result = results[i]!;
		const [localIp, localPort] = splitEndpoint(result.local ?? '0.0.0.0:0');
		const followed = follow(seen, { ...result, proto: attempt.proto }, attempt.from);
		const words = (result.data ?? '').trim().split(' ');
		if (attempt.proto === 'udp') words.shift();
		const [server, peer] = words;
		const [peerIp, peerPort] = splitEndpoint(peer ?? ':0');
		return {
			result: result.result,
			errno: result.errno,
			server: server || undefined,
			observed: peer && `${peerIp}:${portName(peerPort, 'client', localPort)}`,
			client: localIp === '0.0.0.0' ? undefined : localIp,
			hops: followed.first.map((s) => hopLine(s, 'client', localPort)),
			reply: followed.reply.map((s) => hopLine(s, 'server', localPort)),
			conntrack: entriesOf(
				tables,
				followed,
				{ ns: attempt.from, tuple: `${attempt.proto} ${localIp} ${attempt.ip} ${localPort} ${attempt.port}` },
				localPort,
			),
		};
	});
};

/** One attempt in a fork of the simulator's network. `salt` gives other draws of chance. */
export const observeSimulator = (base: Network, attempt: Attempt, salt = 0): Observation => {
	const seen: (Sighting & { readonly id: number })[] = [];
	const net = forkNet(base, {
		capture: ({ ns, dev, direction, time, packet, frame }) => {
			if (frame.payload.kind !== 'ipv4') return;
			seen.push({ ns, dev, direction, time, id: packet, packet: structuredClone(frame.payload) });
		},
	});
	(net as { seed: number }).seed = base.seed + salt;
	const data = attempt.proto === 'tcp' ? utf8('hello\n') : new Uint8Array(Math.max(attempt.size ?? 4, 4)).fill(120);
	const client = connect(net, attempt.from, {
		protocol: attempt.proto,
		dst: parseIp(attempt.ip)!,
		dport: attempt.port,
		data,
		deadline: Math.round((attempt.timeout ?? 1.2) * 1e6),
		sport: 40000 + salt,
	});
	if (isLinuxError(client)) throw new Error(`${attemptName(attempt)}: ${JSON.stringify(client)}`);
	// As long as the kernel is listened to.
	run(net, { until: net.now + Math.round((attempt.timeout ?? 1.2) * 1e6) });
	const clientPort = client.local?.port ?? 0;
	const { first, reply, replyId } = followNumbered(seen, client.firstPacket);
	if (client.firstReply !== undefined && client.firstReply !== replyId)
		throw new Error(`${attemptName(attempt)}: the client's first answer is ${client.firstReply}, seen was ${replyId}`);
	const tables = new Map(
		[...net.namespaces].map(([name, ns]) => [
			name,
			connectionsAt(ns.conntrack, net.now).map((connection) => formatConntrack(connection, net.now)),
		]),
	);
	const { outcome, local } = client;
	// What a server saw is known in the kernel's case only when its answer arrives.
	const accepted = outcome?.result === 'connected' ? client.accepted : undefined;
	return {
		result: outcome?.result ?? 'timeout',
		errno: outcome?.errno,
		server: accepted?.owner,
		observed: accepted && `${formatIp(accepted.peer.ip)}:${portName(accepted.peer.port, 'client', clientPort)}`,
		client: local && formatIp(local.ip),
		hops: first.map((s) => hopLine(s, 'client', clientPort)),
		reply: reply.map((s) => hopLine(s, 'server', clientPort)),
		conntrack: entriesOf(
			tables,
			{ first, reply },
			{
				ns: attempt.from,
				tuple: [attempt.proto, local && formatIp(local.ip), attempt.ip, local?.port, attempt.port].join(' '),
			},
			clientPort,
		),
	};
};
