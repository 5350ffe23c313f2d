/** The simulator in Node: hops, settings to trace, octets. */
import { scenarioById } from '../src/sim/scenarios/index.ts';
import { decodeFrame, encodeFrame, type Frame, parseIp } from '../src/sim/wire/index.ts';
import { type Action, apply, createWorld, type Settings, type World } from '../src/sim/world/index.ts';
import { type Effort, median, ms, ninetieth, type Part, type Row, rate, times, whole } from './row.ts';

const scenario = scenarioById('kind-basic')!;

export const worldOf = (settings: Partial<Settings>): World => {
	const made = createWorld(scenario, settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

/** A client's connection to the NodePort of a node that has no pod: the longest way a packet takes in TP2. */
const CONNECT: Extract<Action, { kind: 'connect' }> = {
	kind: 'connect',
	probe: { from: 'host', to: { ip: parseIp('172.18.0.4')!, port: 32017 }, protocol: 'tcp' },
};

function must(world: World, records: boolean, capture?: () => void): void {
	const done = apply(world, CONNECT, { records, capture });
	if ('error' in done || done.outcome?.result !== 'connected') throw new Error('the connection failed');
}

/** A hop is a frame that a device receives or sends. */
function hops({ time }: Effort): Row[] {
	return ['bare-1.24', 'cilium-1.12'].flatMap((bundle) => {
		const world = worldOf({ bundle });
		let count = 0;
		must(world, false, () => count++);
		const off = rate(() => must(world, false), time) * count;
		const on = rate(() => must(world, true), time) * count;
		return [
			{
				what: `Hops a second, ${bundle}, no records`,
				measured: whole(off),
				aim: '≥ 200,000',
				met: off >= 200_000,
				limit: `a whole TCP connection of ${count} hops in a fresh copy of the network: routing, conntrack and rules at three machines`,
			},
			{
				what: `Hops a second, ${bundle}, every decision recorded`,
				measured: `${whole(on)} (${((100 * on) / off).toFixed(0)} % of the speed without)`,
				limit: 'one object with the headers before and after for each decision',
			},
		];
	});
}

const combinations: readonly Partial<Settings>[] = ['bare-1.24', 'bare-1.33', 'cilium-1.12', 'cilium-1.18'].flatMap(
	(bundle) =>
		(['Cluster', 'Local'] as const).flatMap((externalTrafficPolicy) =>
			[0, 1, 4].flatMap((replicas) =>
				(['TCP', 'UDP'] as const).map((protocol) => ({ bundle, externalTrafficPolicy, replicas, protocol })),
			),
		),
);

/** What a page does when a switch is turned: the World from its scenario, and one connection with its records. */
function settingsToTrace({ time }: Effort): Row {
	const turn = (i: number): void => {
		const settings = combinations[i % combinations.length]!;
		const protocol = settings.protocol === 'UDP' ? 'udp' : 'tcp';
		const done = apply(worldOf(settings), { ...CONNECT, probe: { ...CONNECT.probe, protocol } });
		if ('error' in done || !done.outcome!.trace.length) throw new Error('no trace');
	};
	const rounds = combinations.length * Math.max(2, Math.round(time / 300));
	const taken = times(turn, rounds, combinations.length);
	const middle = median(taken);
	return {
		what: 'Settings in, trace out (Node)',
		measured: `median ${ms(middle)}, nine in ten below ${ms(ninetieth(taken))}`,
		aim: '< 5 ms',
		met: middle < 5,
		limit: `${combinations.length} settings in turn, nothing kept between them: building the cluster, then the connection`,
	};
}

/** The frames of a connection as octets, and read again. */
function octets({ time }: Effort): Row[] {
	const frames: Frame[] = [];
	apply(worldOf({}), CONNECT, { records: false, capture: ({ frame }) => frames.push(structuredClone(frame)) });
	const bytes = frames.map(encodeFrame);
	const size = bytes.reduce((sum, b) => sum + b.length, 0) / bytes.length;
	let i = 0;
	const next = (): number => {
		i = (i + 1) % frames.length;
		return i;
	};
	const encoded = rate(() => void encodeFrame(frames[next()]!), time);
	const decoded = rate(() => {
		if (decodeFrame(bytes[next()]!).error) throw new Error('a frame of ours cannot be read');
	}, time);
	const limit = `frames of a connection, ${size.toFixed(0)} octets on average; checksums take most of it`;
	return [
		{ what: 'Frames written as octets, a second', measured: whole(encoded), limit },
		{ what: 'Frames read from octets, a second', measured: whole(decoded), limit },
	];
}

export function simulator(effort: Effort): Part {
	return { title: 'The simulator', rows: [...hops(effort), settingsToTrace(effort), ...octets(effort)] };
}
