/** The same large node twice: services by kube-proxy's rules, and by Cilium's programs and maps. */
import { lbModeSettings, rulesTriedFor } from '../src/content/index.ts';
import { FLEET_NODE, FLEET_NODE_PORT, fleet } from '../src/sim/scenarios/index.ts';
import { apply, createWorld, type Scenario, type Settings, type World } from '../src/sim/world/index.ts';
import { heap, SERVICES, walk } from './fleet.ts';
import { type Effort, MB, median, ms, type Part, type Row, times, whole } from './row.ts';

const BUNDLE = 'cilium-1.12';

/** What one packet costs the node: rules tried, lookups in BPF maps, lookups in nf_conntrack. */
interface Cost {
	readonly rules: number;
	readonly maps: number;
	readonly conntrack: number;
}

interface Way {
	/** Milliseconds. */
	readonly world: number;
	readonly cold: number;
	readonly first: number;
	readonly whole: number;
	/** Octets: the cluster, and what the first connection made of rules or maps. */
	readonly cluster: number;
	readonly tables: number;
	readonly cost: { readonly first: Cost; readonly later: Cost };
}

function costs(world: World): Way['cost'] {
	const counts = new Map<number, { maps: number; conntrack: number }>();
	const probe = { from: 'host', to: { ip: FLEET_NODE, port: FLEET_NODE_PORT }, protocol: 'tcp' } as const;
	const done = apply(
		world,
		{ kind: 'connect', probe },
		{
			lookup: ({ packet, program }) => {
				const count = counts.get(packet) ?? { maps: 0, conntrack: 0 };
				counts.set(packet, count);
				count[program ? 'maps' : 'conntrack']++;
			},
		},
	);
	if ('error' in done || done.outcome?.server !== 'echo') throw new Error('the connection failed');
	const { outcome } = done;
	const of = (packet: number): Cost => ({
		rules: rulesTriedFor(outcome, packet),
		...(counts.get(packet) ?? { maps: 0, conntrack: 0 }),
	});
	const next = outcome.trace.find(
		(d) => d.ns === 'host' && d.hook === 'tx' && d.before && d.packet > outcome.firstPacket,
	);
	return { first: of(outcome.firstPacket), later: of(next!.packet) };
}

function measure(scenario: Scenario, settings: Partial<Settings>, repeats: number): Way {
	const worldOf = (): World => {
		const made = createWorld(scenario, settings);
		if ('error' in made) throw new Error(JSON.stringify(made.error));
		return made.world;
	};
	const before = heap();
	let kept: World | undefined = worldOf();
	const cluster = heap();
	const cost = costs(kept);
	const tables = heap();
	const warm = Array.from({ length: repeats * 20 }, () => walk(kept!, true)).slice(repeats * 5);
	kept = undefined;
	const built: number[] = [];
	const cold = Array.from({ length: repeats }, () => {
		let fresh: World | undefined;
		built.push(
			...times(() => {
				fresh = worldOf();
			}, 1),
		);
		return walk(fresh!, true).first;
	});
	return {
		world: median(built),
		cold: median(cold),
		first: median(warm.map((w) => w.first)),
		whole: median(warm.map((w) => w.whole)),
		cluster: cluster - before,
		tables: tables - cluster,
		cost,
	};
}

/** Rows of two columns in one: kube-proxy, then eBPF. */
export function bothWays(effort: Effort): Part {
	const scenario = fleet(SERVICES);
	const repeats = Math.min(effort.repeats, 5);
	const proxy = measure(scenario, { bundle: BUNDLE }, repeats);
	const ebpf = measure(scenario, { bundle: BUNDLE, ...lbModeSettings(scenario, BUNDLE, 'snat') }, repeats);
	const both = (of: (way: Way) => string): string => `kube-proxy ${of(proxy)}; eBPF ${of(ebpf)}`;
	const cost = ({ rules, maps, conntrack }: Cost): string =>
		`${whole(rules)} rules, ${maps} lookups in maps, ${conntrack} in conntrack`;
	const rows: Row[] = [
		{
			what: 'The first packet costs the node',
			measured: both((w) => cost(w.cost.first)),
			limit: 'a rule for each service on one side; on the other as many lookups as with one service',
		},
		{
			what: 'A later packet of the client’s costs it',
			measured: both((w) => cost(w.cost.later)),
			limit: 'nat rules see the first packet only; Cilium’s program asks for the service with every packet',
		},
		{
			what: 'The first packet walked, from connect() to the pod',
			measured: both((w) => `${ms(w.first)} (the very first: ${ms(w.cold)})`),
			limit: 'rules one after the other, made when first looked at; entries of maps are computed when asked for',
		},
		{
			what: 'The whole connection, with its records',
			measured: both((w) => ms(w.whole)),
			limit: 'one object for each decision; Cilium’s programs tell more steps',
		},
		{
			what: 'The World, from the scenario to a network at rest',
			measured: both((w) => ms(w.world)),
			limit: 'admitting each service; what kube-proxy or the agent knows of each',
		},
		{
			what: 'Heap',
			measured: both((w) => `${MB(w.cluster)} for the cluster, ${MB(w.tables)} more after the first connection`),
			limit: 'an object for each rule and match; of the maps the table of frontends, and what packets wrote',
		},
	];
	return { title: `${whole(SERVICES)} services, by rules and by maps (Cilium 1.12.1 connects the pods in both)`, rows };
}
