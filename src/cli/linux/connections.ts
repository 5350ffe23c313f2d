/** Who wants to know of the connections that programs make, with all that was decided about their packets. */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import type { Client } from '../../sim/linux/index.ts';
import type { Decision } from '../../sim/trace/index.ts';

/** What a figure needs to know of a client: a socket that connected, or one echo request. */
export type Exchange = Pick<
	Client,
	'protocol' | 'asked' | 'local' | 'accepted' | 'firstPacket' | 'firstReply' | 'outcome'
>;

export interface Connection {
	/** Undefined on a laptop without a cluster. */
	readonly cluster: Cluster | undefined;
	/** Namespace of the program. */
	readonly from: string;
	/** Name of the program: `curl`, `ping`. */
	readonly program: string;
	/** Ports of an echo request are 0. */
	readonly client: Exchange;
	readonly decisions: readonly Decision[];
}

const watchers = new WeakMap<Lab, Set<(made: Connection) => void>>();

/** Tells of each connection in a lab from now on; what it answers ends that. */
export function watchConnections(lab: Lab, told: (made: Connection) => void): () => void {
	const all = watchers.get(lab) ?? new Set();
	watchers.set(lab, all.add(told));
	return () => all.delete(told);
}

export function announce(lab: Lab, made: Connection): void {
	for (const told of watchers.get(lab) ?? []) told(made);
}
