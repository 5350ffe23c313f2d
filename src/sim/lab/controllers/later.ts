/**
 * Controllers of what only people bring into a cluster: claims and volumes, StatefulSets, ReplicationControllers, Jobs, budgets,
 * autoscalers, Endpoints written by hand. They are fetched by
 * whoever lets people write such objects (kubectl, helm), before anything is written, and then run in every cluster.
 */
import type { ClusterContext } from '../cluster/context.ts';
import type { Controller } from './loop.ts';

type Makers = readonly ((cluster: ClusterContext) => Controller)[];

let makers: Makers | undefined;
const waiting = new Set<(makers: Makers) => void>();

/** Fetches them; clusters that are there start them now. */
export const loadControllers = async (): Promise<void> => {
	if (makers !== undefined) return;
	const { PEOPLES_CONTROLLERS } = await import('./for-people.ts');
	if (makers !== undefined) return;
	makers = PEOPLES_CONTROLLERS;
	for (const begin of waiting) begin(makers);
	waiting.clear();
};

/** Calls `begin` once they are there; answers how to call that off. */
export function onceLoaded(begin: (makers: Makers) => void): () => void {
	if (makers !== undefined) begin(makers);
	else waiting.add(begin);
	return () => waiting.delete(begin);
}
