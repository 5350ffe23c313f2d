/** The story of a cluster's way to Ready: lanes of what stood how long, and events where something changed. */

/** Who brings the network. */
export const NETWORKS = ['cilium', 'kindnet', 'none'] as const;
export type Network = (typeof NETWORKS)[number];

export type NodeState = 'absent' | 'container' | 'notReady' | 'ready';
export type PodsState = 'absent' | 'pending' | 'starting' | 'some' | 'ready';
export type CommandState = 'idle' | 'kind' | 'helm';

export interface Stretch {
	/** Virtual seconds. */
	readonly from: number;
	readonly to: number;
	readonly state: NodeState | PodsState | CommandState;
	/** `3/4`, or nothing. */
	readonly label?: string;
}

/** What a condition says of why something is not Ready, from a time on; empty when there is nothing to say. */
export interface Reason {
	/** Virtual seconds. */
	readonly from: number;
	readonly message: string;
}

export interface Lane {
	readonly kind: 'command' | 'node' | 'agents' | 'dns';
	readonly name: string;
	readonly stretches: readonly Stretch[];
	readonly reasons: readonly Reason[];
}

export type EventCode =
	| 'create'
	| 'step'
	| 'registered'
	| 'created'
	| 'createdReady'
	| 'dnsPending'
	| 'helm'
	| 'agentsStart'
	| 'cni'
	| 'nodeReady'
	| 'agentReady'
	| 'agentRuns'
	| 'dnsStart'
	| 'dnsReady'
	| 'still';

export interface Happened {
	/** Virtual seconds. */
	readonly at: number;
	readonly code: EventCode;
	readonly lane: number;
	/** Nodes or pods it happened to. */
	readonly names: readonly string[];
	readonly params: Readonly<Record<string, string>>;
	/** What a tool prints of it: a condition's message, a line of kind's. */
	readonly verbatim?: string;
}

export interface Story {
	readonly lanes: readonly Lane[];
	readonly events: readonly Happened[];
	/** Virtual seconds. */
	readonly end: number;
}

/** The stretch of a lane at a time. */
export const stretchAt = (lane: Lane, at: number): Stretch | undefined =>
	lane.stretches.findLast((one) => one.from <= at) ?? lane.stretches[0];

/** Why it is not Ready at a time, in the words of its condition; undefined when there are none. */
export const reasonAt = (lane: Lane, at: number): string | undefined =>
	lane.reasons.findLast((one) => one.from <= at)?.message || undefined;
