/** Strategies of the kinds that have one. */
import { expressions } from '../cel-later.ts';
import { peoplesMistakes } from '../for-people.ts';
import type { Resource } from '../object.ts';
import type { Strategy } from '../strategy.ts';
import { defaultCustom } from './cilium.ts';
import { clusterStrategies } from './cluster.ts';
import { networkStrategies } from './network.ts';
import { podStrategies } from './pod.ts';
import { serviceStrategy } from './service.ts';
import { workloadStrategies } from './workloads.ts';

let all: ReadonlyMap<string, Strategy> | undefined;

/** A strategy that also looks for what only people get wrong. */
const withMistakes = (kind: string, strategy: Strategy): Strategy => ({
	...strategy,
	validate: (object, context) => [
		...(strategy.validate?.(object, context) ?? []),
		...(peoplesMistakes()?.objectErrors(kind, object, context) ?? []),
	],
});

const PLAIN = withMistakes('', {});
const CUSTOM = withMistakes('', {
	counts: true,
	defaults: defaultCustom,
	validateCreate: (object, context) => expressions()?.customErrors(object, undefined, context) ?? [],
	validateUpdate: (object, old, context) => expressions()?.customErrors(object, old, context) ?? [],
});
const CUSTOM_WITH_STATUS: Strategy = { ...CUSTOM, status: true };

/** How a kind, or a part of it, is treated when it is written. */
export const strategyOf = (resource: Resource, part?: 'ephemeralcontainers'): Strategy => {
	if (resource.custom) return resource.subresources?.includes('status') ? CUSTOM_WITH_STATUS : CUSTOM;
	all ??= new Map(
		Object.entries({
			...podStrategies,
			...workloadStrategies,
			...networkStrategies,
			...clusterStrategies,
			Service: serviceStrategy,
		}).map(([kind, strategy]) => [kind, withMistakes(kind.split('/')[0]!, strategy)]),
	);
	return all.get(part === undefined ? resource.kind : `${resource.kind}/${part}`) ?? PLAIN;
};
