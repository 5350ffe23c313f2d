/** What the traffic of a lab left behind: who listens, and what rules and devices counted. */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import type { Capture, Network } from '../../sim/linux/index.ts';
import type { Decision } from '../../sim/trace/index.ts';
import type { Space } from './space.ts';

/** Somebody who is told of every frame and every decision; times are the lab's. */
export interface Tap {
	/** Name of the cluster whose network it is. */
	readonly cluster: string | undefined;
	frame?(capture: Capture): void;
	decision?(decision: Decision): void;
}

export interface Count {
	packets: number;
	bytes: number;
}

export interface Traffic {
	readonly taps: Set<Tap>;
	/** Of rules, by cluster, namespace, table and the rule as `iptables-save` prints it. */
	readonly rules: Map<string, Count>;
	/** Octets by cluster, namespace, device and direction. */
	readonly octets: Map<string, number>;
	/** Counters of the protocols, by cluster, namespace and the kernel's name. */
	readonly mib: Map<string, number>;
	/** Exchanges that are under way now, each begun by what the one before it met. */
	readonly under: Underway[];
}

export interface Underway {
	readonly cluster: Cluster | undefined;
	readonly net: Network;
	/** What the last exchange within this one has made of the network. */
	inner?: Network;
}

const byLab = new WeakMap<Lab, Traffic>();

export function trafficOf(lab: Lab): Traffic {
	let traffic = byLab.get(lab);
	if (!traffic) {
		traffic = { taps: new Set(), rules: new Map(), octets: new Map(), mib: new Map(), under: [] };
		byLab.set(lab, traffic);
	}
	return traffic;
}

/** Listens from now on; what it answers ends that. */
export function listenIn(lab: Lab, tap: Tap): () => void {
	const { taps } = trafficOf(lab);
	taps.add(tap);
	return () => taps.delete(tap);
}

export const ruleKey = (cluster: string | undefined, ns: string, table: string, rule: string): string =>
	`${cluster ?? ''} ${ns} ${table} ${rule}`;

/** What a rule counted since the lab began, or since `zeroRules`. */
export const ruleCount = (space: Space, table: string, rule: string): Count =>
	trafficOf(space.lab).rules.get(ruleKey(space.cluster?.name, space.name, table, rule)) ?? { packets: 0, bytes: 0 };

/** `iptables -Z`: forgets counts whose rule begins so. */
export function zeroRules(space: Space, table: string, begins: string): void {
	const { rules } = trafficOf(space.lab);
	const start = ruleKey(space.cluster?.name, space.name, table, begins);
	for (const key of rules.keys()) if (key.startsWith(start)) rules.delete(key);
}

/** Octets a device received or sent. */
export const octetsOf = (space: Space, dev: string, direction: 'rx' | 'tx'): number =>
	trafficOf(space.lab).octets.get(`${space.cluster?.name ?? ''} ${space.name} ${dev} ${direction}`) ?? 0;

export function countIn({ mib }: Traffic, cluster: string | undefined, ns: string, name: string, by: number): void {
	const key = `${cluster ?? ''} ${ns} ${name}`;
	mib.set(key, (mib.get(key) ?? 0) + by);
}

/** What a namespace's kernel counted under a name, as `nstat` writes it (`IpInReceives`); of nf_conntrack `ct …`. */
export const counted = (space: Space, name: string): number =>
	trafficOf(space.lab).mib.get(`${space.cluster?.name ?? ''} ${space.name} ${name}`) ?? 0;

/** ICMP types that were counted, by direction. */
export const icmpTypes = (space: Space, direction: 'In' | 'Out'): readonly number[] => {
	const start = `${space.cluster?.name ?? ''} ${space.name} IcmpMsg${direction}Type`;
	return [...trafficOf(space.lab).mib]
		.flatMap(([key, n]) => (n > 0 && key.startsWith(start) ? [Number(key.slice(start.length))] : []))
		.sort((a, b) => a - b);
};
