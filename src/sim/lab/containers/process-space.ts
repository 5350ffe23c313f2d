/**
 * Numbers of processes where the containers of a pod have one process namespace (`shareProcessNamespace`): pause is 1, and
 * whatever begins has the next number, whichever container it is of.
 */
import type { Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';

export interface ProcessSpace {
	/** Next number that nobody had. */
	take(): number;
	/** Number of a container's first process: given when it begins. */
	first(container: string): number;
	/** Number of another process, by what tells it from the rest: `wish` where it took that, or nobody has it. */
	of(process: string, wish?: number): number;
	/** Passes over numbers that something had which has ended: those below. */
	from(number: number): void;
}

/** What runc has between a container's start and its first process: its own threads. */
const STEPS = 6;

function createSpace(): ProcessSpace {
	const given = new Map<string, number>();
	const used = new Set([1]);
	/** Numbers of processes that have a name here. */
	const named = new Set([1]);
	let next = 1;
	const take = (): number => {
		while (used.has(next)) next++;
		used.add(next);
		return next;
	};
	return {
		take,
		first(container) {
			let own = given.get(container);
			if (own === undefined) {
				next += STEPS;
				own = take();
				named.add(own);
				given.set(container, own);
			}
			return own;
		},
		of(process, wish) {
			let own = given.get(process);
			if (own === undefined) {
				own = wish !== undefined && !named.has(wish) ? wish : take();
				used.add(own);
				named.add(own);
				given.set(process, own);
			}
			return own;
		},
		from(number) {
			next = Math.max(next, number);
		},
	};
}

const spaces = new WeakMap<Machine, Map<string, ProcessSpace>>();

/** That of a pod; undefined where each container has its own. */
export function processSpace(machine: Machine, { metadata: { uid }, spec }: Pod): ProcessSpace | undefined {
	if (spec.shareProcessNamespace !== true) return undefined;
	const all = spaces.get(machine) ?? new Map<string, ProcessSpace>();
	spaces.set(machine, all);
	const space = all.get(uid) ?? createSpace();
	all.set(uid, space);
	return space;
}
