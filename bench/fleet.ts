/** One node that knows 27,000 services. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Ruleset } from '../src/sim/linux/index.ts';
import { FLEET_NODE, FLEET_NODE_PORT, fleet } from '../src/sim/scenarios/index.ts';
import { apply, createWorld, rulesetOf, type World } from '../src/sim/world/index.ts';
import { type Effort, MB, median, ms, type Part, times, whole } from './row.ts';

export const SERVICES = 27_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Octets in use after everything that can be thrown away was. */
export function heap(): number {
	collect();
	collect();
	return process.memoryUsage().heapUsed;
}

function count(rules: Ruleset): { chains: number; rules: number } {
	const chains = [rules.raw, rules.mangle, rules.nat, rules.filter].flatMap((t) => [...(t?.chains.values() ?? [])]);
	return { chains: chains.length, rules: chains.reduce((sum, chain) => sum + chain.rules.length, 0) };
}

/** Milliseconds from connect() to the SYN at the pod, and to the end of the connection. */
export function walk(world: World, records: boolean): { first: number; whole: number } {
	const start = performance.now();
	let first = 0;
	const done = apply(
		world,
		{ kind: 'connect', probe: { from: 'host', to: { ip: FLEET_NODE, port: FLEET_NODE_PORT }, protocol: 'tcp' } },
		{
			records,
			capture: ({ ns, direction, frame }) => {
				if (first === 0 && ns === 'pod/default/echo' && direction === 'rx' && frame.payload.kind === 'ipv4')
					first = performance.now() - start;
			},
		},
	);
	if ('error' in done || done.outcome?.server !== 'echo' || first === 0) throw new Error('the connection failed');
	return { first, whole: performance.now() - start };
}

export function largeNode(effort: Effort): Part {
	// Every World is kept until its rules were walked: more would fill the memory.
	const repeats = Math.min(effort.repeats, 5);
	const before = heap();
	const scenario = fleet(SERVICES);
	const worldOf = (): World => {
		const made = createWorld(scenario);
		if ('error' in made) throw new Error(JSON.stringify(made.error));
		return made.world;
	};
	let world: World | undefined = worldOf();
	const withObjects = heap();
	const made = count(rulesetOf(world, 'here'));
	walk(world, true);
	const withRules = heap();

	const worlds: World[] = [];
	const building = times(() => worlds.push(worldOf()), repeats);
	const rules = times((i) => void rulesetOf(worlds[i]!, 'here').nat, repeats);
	const cold = worlds.map((w) => walk(w, true));
	worlds.length = 0;
	const warm = Array.from({ length: repeats * 20 }, () => walk(world!, true)).slice(repeats * 5);
	const first = median(warm.map((w) => w.first));
	world = undefined;
	return {
		title: `One node, ${whole(SERVICES)} services`,
		rows: [
			{
				what: 'The World, from the scenario to a network at rest',
				measured: ms(median(building)),
				limit: 'admitting each service, and what kube-proxy knows of each; the rules are made when first looked at',
			},
			{
				what: `Rules built: ${whole(made.rules)} in ${whole(made.chains)} chains`,
				measured: ms(median(rules)),
				limit: 'a SHA-256 for the name of each chain, an object for each rule',
			},
			{
				what: 'The first packet walked, from connect() to the pod',
				measured: `${ms(first)} (the very first, on fresh rules: ${ms(median(cold.map((w) => w.first)))})`,
				aim: '< 5 ms',
				met: first < 5,
				limit: `rules of KUBE-SERVICES tried one after the other, ${whole(SERVICES + 2)} of them, as the kernel does`,
			},
			{
				what: 'The whole connection, with its records',
				measured: ms(median(warm.map((w) => w.whole))),
				limit: 'the filter table looks at new connections only; later packets find their conntrack entry',
			},
			{
				what: 'Heap',
				measured: `${MB(withObjects - before)} for the cluster, ${MB(withRules - withObjects)} more for the rules`,
				limit: 'objects of the API, and an object for each rule and match',
			},
		],
	};
}
