/** Short ways to ask a World something. */
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { formatIp, parseIp } from '../../../../src/sim/wire/index.ts';
import {
	type ApplyOptions,
	apply,
	createWorld,
	type Outcome,
	type Probe,
	type Scenario,
	type Settings,
	type World,
} from '../../../../src/sim/world/index.ts';

export function worldOf(settings: Partial<Settings> = {}, scenario: Scenario = kindBasic): World {
	const made = createWorld(scenario, settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
}

export const target = (text: string): Probe['to'] => {
	const [ip, port] = text.split(':');
	return { ip: parseIp(ip!)!, port: Number(port) };
};

/** Runs a probe; throws on an error value. */
export function connect(
	world: World,
	from: string,
	to: string,
	more: Partial<Probe> = {},
	options: ApplyOptions = {},
): { readonly world: World; readonly outcome: Outcome } {
	const done = apply(world, { kind: 'connect', probe: { from, to: target(to), protocol: 'tcp', ...more } }, options);
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return { world: done.world, outcome: done.outcome! };
}

/** `172.18.0.1`, or the result when nobody answered. */
export const seen = (outcome: Outcome): string =>
	outcome.observedSource ? formatIp(outcome.observedSource.ip) : outcome.result;

/** What the four doors answer, by last octet of the node's address: .2, .3, .4, .5. */
export const doors = (settings: Partial<Settings>, more: Partial<Probe> = {}): string[] =>
	[2, 3, 4, 5].map((last) => seen(connect(worldOf(settings), 'host', `172.18.0.${last}:32017`, more).outcome));
