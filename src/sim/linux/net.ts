/** The simulated network: namespaces, clock, events, chance. */
import type { Recorder } from '../trace/index.ts';
import { type LinuxError, linuxError } from './error.ts';
import { forkNamespace } from './namespace.ts';
import { EventQueue } from './queue.ts';
import { drawFrom, hashText } from './random.ts';
import type { Client } from './socket.ts';
import type { Capture, Lookup, Namespace, Net, Timer } from './types.ts';

export interface NetOptions {
	/** Seed of every stream of chance; 32 bits are used. */
	readonly seed?: number;
	/** Of hardware addresses; `seed` when absent. Cards stay what they are when chance begins anew. */
	readonly macSeed?: number;
	readonly recorder?: Recorder;
	readonly capture?: (c: Capture) => void;
	/** Virtual time to start at, microseconds. */
	readonly now?: number;
}

/** Events one `run` may take unless it is told otherwise: far more than any lesson, far less than a hang. */
export const DEFAULT_BUDGET = 200_000;

/**
 * Namespaces that are copied from `base` when somebody first asks for them, so that forking a cluster of thousands
 * costs nothing until a packet goes there.
 */
class NamespaceMap implements ReadonlyMap<string, Namespace> {
	readonly #base: ReadonlyMap<string, Namespace>;
	readonly #own = new Map<string, Namespace>();
	readonly #gone = new Set<string>();

	constructor(base: ReadonlyMap<string, Namespace>) {
		this.#base = base;
	}

	get(name: string): Namespace | undefined {
		const own = this.#own.get(name);
		if (own) return own;
		const base = this.#gone.has(name) ? undefined : this.#base.get(name);
		if (!base) return undefined;
		const copy = forkNamespace(base);
		this.#own.set(name, copy);
		return copy;
	}

	has(name: string): boolean {
		return this.#own.has(name) || (!this.#gone.has(name) && this.#base.has(name));
	}

	add(ns: Namespace): void {
		this.#own.set(ns.name, ns);
	}

	remove(name: string): void {
		this.#own.delete(name);
		if (this.#base.has(name)) this.#gone.add(name);
	}

	get size(): number {
		let n = 0;
		for (const _ of this.keys()) n++;
		return n;
	}

	*keys(): MapIterator<string> {
		for (const name of this.#base.keys()) if (!this.#gone.has(name)) yield name;
		for (const name of this.#own.keys()) if (this.#gone.has(name) || !this.#base.has(name)) yield name;
	}

	*values(): MapIterator<Namespace> {
		for (const name of this.keys()) yield this.get(name)!;
	}

	*entries(): MapIterator<[string, Namespace]> {
		for (const name of this.keys()) yield [name, this.get(name)!];
	}

	[Symbol.iterator](): MapIterator<[string, Namespace]> {
		return this.entries();
	}

	forEach(call: (value: Namespace, key: string, map: ReadonlyMap<string, Namespace>) => void): void {
		for (const [name, ns] of this.entries()) call(ns, name, this);
	}

	/** The same namespaces without copying them: the base of a fork. */
	freeze(): ReadonlyMap<string, Namespace> {
		if (this.#own.size === 0 && this.#gone.size === 0) return this.#base;
		const all = new Map<string, Namespace>();
		for (const [name, ns] of this.#base) if (!this.#gone.has(name)) all.set(name, ns);
		for (const [name, ns] of this.#own) all.set(name, ns);
		return all;
	}
}

/** The `Net` of the contract with what only this layer and its owner may do. Made by `createNet`. */
export class Network implements Net {
	now: number;
	recorder: Recorder | undefined;
	capture: ((c: Capture) => void) | undefined;
	lookup: ((l: Lookup) => void) | undefined;
	hooked: Net['hooked'];
	readonly namespaces: NamespaceMap;
	readonly seed: number;
	/** Of hardware addresses. */
	readonly macSeed: number;
	readonly queue = new EventQueue();
	/** Draws made so far, by purpose and key. */
	readonly draws: Map<string, number>;
	packets: number;
	/** Who sent a packet, while he waits: so that an accept() can be told to the client's handle. */
	readonly clients = new Map<number, Client>();
	/** When a client loses patience. */
	readonly deadlines = new Map<Client, Timer>();

	constructor(
		seed: number,
		now: number,
		packets: number,
		namespaces: ReadonlyMap<string, Namespace>,
		draws: Map<string, number>,
		macSeed: number,
	) {
		this.seed = seed >>> 0;
		this.macSeed = macSeed >>> 0;
		this.now = now;
		this.packets = packets;
		this.namespaces = new NamespaceMap(namespaces);
		this.draws = draws;
	}

	schedule(at: number, action: () => void): Timer {
		return this.queue.push(Math.max(at, this.now), action);
	}

	cancel(timer: Timer | undefined): void {
		if (timer) timer.action = undefined;
	}

	random(purpose: string, key: string, bound: number): number {
		const stream = `${purpose}\0${key}`;
		const count = this.draws.get(stream) ?? 0;
		this.draws.set(stream, count + 1);
		return drawFrom(hashText(this.seed, stream), count, bound);
	}

	nextPacketId(): number {
		return this.packets++;
	}
}

/** An empty network at time 0 (or `now`). */
export const createNet = (options: NetOptions = {}): Network => {
	const { seed = 1, now = 0, macSeed = seed } = options;
	const net = new Network(seed, now, 1, new Map(), new Map(), macSeed);
	net.recorder = options.recorder;
	net.capture = options.capture;
	return net;
};

/**
 * A network that goes on from where `from` is and leaves it as it was. Configuration is shared, tables are copied
 * when first touched, so **`from` must not be run or configured any more** (reading and forking it again is free).
 * What is still queued in `from` does not come along: fork a network that is quiescent. The recorder, the
 * capture and whoever counts lookups do not come along either.
 */
export const forkNet = (from: Network, options: Pick<NetOptions, 'recorder' | 'capture'> = {}): Network => {
	const { seed, now, packets, namespaces, draws, macSeed } = from;
	const net = new Network(seed, now, packets, namespaces.freeze(), new Map(draws), macSeed);
	net.recorder = options.recorder;
	net.capture = options.capture;
	return net;
};

export interface RunOptions {
	/** Stop before the first event after this time (microseconds), and set the clock to it. Absent: to quiescence. */
	readonly until?: number;
	/** Events at most; DEFAULT_BUDGET when absent. */
	readonly budget?: number;
}

export interface RunResult {
	/** Events that ran. */
	readonly events: number;
	/** `budget`: more was queued than the budget allowed. The network is then of no further use. */
	readonly error?: LinuxError;
}

/** Runs events in order until none is left (or until a time). Timers that only expire things are never events. */
export const run = (net: Network, options: RunOptions = {}): RunResult => {
	const budget = options.budget ?? DEFAULT_BUDGET;
	const until = options.until ?? Number.POSITIVE_INFINITY;
	let events = 0;
	for (;;) {
		const next = net.queue.peek();
		if (!next || next.at > until) break;
		if (events >= budget) return { events, error: linuxError('budget', { events, time: net.now }) };
		net.queue.pop();
		net.now = next.at;
		events++;
		next.action!();
	}
	if (options.until !== undefined && net.now < options.until) net.now = options.until;
	return { events };
};
