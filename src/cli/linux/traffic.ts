/**
 * Packets that tools send. One exchange runs to its end at once, in a fork; who listens is handed each frame with its
 * time, and the tool then waits as long as the exchange took.
 */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { type Capture, forkNet, type Network, run } from '../../sim/linux/index.ts';
import type { Decision, Draft } from '../../sim/trace/index.ts';
import { frameLength, ipLength } from '../../sim/wire/index.ts';
import { EVENT_BUDGET } from '../../sim/world/index.ts';
import { Counting } from './mib/count.ts';
import { dress } from './servers.ts';
import type { Space } from './space.ts';
import { countIn, ruleKey, type Traffic, trafficOf, type Underway } from './traffic-log.ts';

export { type Count, listenIn, octetsOf, ruleCount, type Tap, zeroRules } from './traffic-log.ts';

/**
 * Told of every exchange in clusters with Cilium's agents, when it is over: times of decisions may be later than the lab's.
 * `net` is to be read only.
 */
export type Watcher = (lab: Lab, cluster: Cluster, decisions: readonly Decision[], net: Network) => void;

let watcher: Watcher | undefined;

/** Exchanges until somebody watches: whoever does is fetched when first asked. */
let kept: Parameters<Watcher>[] = [];
const KEPT = 100;

/** Watches from now on, and is told of what was kept. */
export function watchTraffic(told: Watcher): void {
	watcher = told;
	for (const exchange of kept) told(...exchange);
	kept = [];
}

function tell(...exchange: Parameters<Watcher>): void {
	if (exchange[1].agents().length === 0) return;
	if (watcher) watcher(...exchange);
	else {
		kept.push(exchange);
		if (kept.length > KEPT) kept.shift();
	}
}

/**
 * Rules that took a packet into account, out of the decisions netfilter writes down. Policies count nothing: chains that
 * iptables makes over nf_tables have no counters of their own.
 */
function countRule(
	traffic: Traffic,
	cluster: string | undefined,
	draft: Draft,
	lengths: ReadonlyMap<number, number>,
): void {
	const { table, entry, ns, before, after } = draft;
	if (table !== 'raw' && table !== 'mangle' && table !== 'nat' && table !== 'filter') return;
	if (!entry?.startsWith('-A ')) return;
	const id = ruleKey(cluster, ns, table, entry);
	const count = traffic.rules.get(id) ?? { packets: 0, bytes: 0 };
	traffic.rules.set(id, count);
	count.packets++;
	count.bytes += (before ?? after)?.length ?? lengths.get(draft.packet) ?? 0;
}

export interface Sent<T> {
	readonly value: T;
	/** The lab's time, microseconds. */
	readonly began: number;
	/** When nothing was left to happen. */
	readonly ended: number;
	/** Frames of the sender's own namespace. */
	readonly frames: readonly Capture[];
	readonly decisions: readonly Decision[];
	/** What went wrong with the simulation itself: a storm. */
	readonly error?: string;
}

export interface SendOptions {
	/** When it was, where that is past: what watchers are told has times from then on. The lab's time when absent. */
	readonly at?: number;
	/** Leaves nothing: no counters, no state, and nobody is told. */
	readonly silent?: boolean;
}

/**
 * Starts something in the network (`start` gets a fork and the namespace's name), runs it to its end, and puts the
 * result in the place of the present network. The clock of the lab stays: wait for `ended`, or for what was of interest.
 *
 * A program that hands on what it gets begins another exchange while one is under way; what that one changed elsewhere
 * outlives both.
 */
export function send<T>(
	space: Space,
	start: (net: Network, ns: string) => T,
	{ at, silent = false }: SendOptions = {},
): Sent<T> {
	const { lab, cluster } = space;
	const traffic = trafficOf(lab);
	const net = forkNet(space.net());
	const began = lab.now;
	const shift = Math.min(0, (at ?? began) - began);
	const outer = traffic.under.at(-1);
	const first = outer ? outer.net.now : began;
	if (net.now < first) run(net, { until: first });
	const mine: Underway = { cluster, net };
	/** Octets of packets under way, by their identity: decisions that change nothing carry no headers. */
	const lengths = new Map<number, number>();
	const undress = dress(net, space, send);
	const frames: Capture[] = [];
	const decisions: Decision[] = [];
	const counting = new Counting(net, (ns, name, by) => countIn(traffic, cluster?.name, ns, name, by));
	net.capture = (capture) => {
		const { ns, dev, direction, frame, packet } = capture;
		if (ns === space.name) frames.push(capture);
		if (frame.payload.kind === 'ipv4') lengths.set(packet, ipLength(frame.payload));
		if (silent) return;
		const key = `${cluster?.name ?? ''} ${ns} ${dev} ${direction}`;
		traffic.octets.set(key, (traffic.octets.get(key) ?? 0) + frameLength(frame));
		counting.frame(capture);
		if (shift === 0) for (const tap of traffic.taps) if (tap.cluster === cluster?.name) tap.frame?.(capture);
	};
	net.hooked = (skb) => {
		if (skb.net.kind === 'ipv4') lengths.set(skb.packet, ipLength(skb.net));
		if (!silent) counting.hooked(skb);
	};
	net.recorder = {
		record(draft) {
			const decision = { seq: decisions.length, ...draft };
			decisions.push(decision);
			if (draft.before) lengths.set(draft.packet, (draft.after ?? draft.before).length);
			if (silent) return;
			countRule(traffic, cluster?.name, draft, lengths);
			counting.decision(draft);
			if (shift === 0) for (const tap of traffic.taps) if (tap.cluster === cluster?.name) tap.decision?.(decision);
		},
	};
	traffic.under.push(mine);
	let value: T;
	let error: ReturnType<typeof run>['error'];
	try {
		value = start(net, space.name);
		error = run(net, { budget: EVENT_BUDGET }).error;
	} finally {
		traffic.under.pop();
	}
	net.capture = undefined;
	net.recorder = undefined;
	net.hooked = undefined;
	undress();
	const ended = net.now;
	// The tables know what happened; the clock goes on with the lab's.
	net.now = began;
	if (error) return { value, began, ended: began, frames, decisions, error: error.code };
	if (silent) return { value, began, ended, frames, decisions };
	// What is the sender's own is as this exchange has it.
	for (const [name, ns] of mine.inner?.namespaces.freeze() ?? []) if (name !== space.name) net.namespaces.add(ns);
	space.set(net);
	if (outer && outer.cluster === cluster) outer.inner = net;
	const told = shift === 0 ? decisions : decisions.map((d) => ({ ...d, time: d.time + shift }));
	if (cluster) tell(lab, cluster, told, net);
	return { value, began, ended, frames, decisions };
}
