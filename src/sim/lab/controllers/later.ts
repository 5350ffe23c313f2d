/**
 * Controllers of what only people bring into a cluster: claims and volumes, StatefulSets, ReplicationControllers, Jobs, budgets,
 * autoscalers, Endpoints written by hand, pools of addresses of load balancers. They are fetched by
 * whoever lets people write such objects (kubectl, helm), before anything is written, and then run in every cluster.
 */
type People = typeof import('./for-people.ts');

let people: People | undefined;
const waiting = new Set<(people: People) => void>();

/** Fetches them; clusters that are there start them now. */
export const loadControllers = async (): Promise<void> => {
	if (people !== undefined) return;
	const found = await import('./for-people.ts');
	if (people !== undefined) return;
	people = found;
	for (const begin of waiting) begin(people);
	waiting.clear();
};

/** Calls `begin` once they are there; answers how to call that off. */
export function onceLoaded(begin: (people: People) => void): () => void {
	if (people !== undefined) begin(people);
	else waiting.add(begin);
	return () => waiting.delete(begin);
}
