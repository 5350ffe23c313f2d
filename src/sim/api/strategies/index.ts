/** Strategies of the kinds that have one. */
import { expressions } from '../cel-later.ts';
import { peoplesMistakes } from '../for-people.ts';
import type { Draft } from '../json.ts';
import type { ApiObject, Resource } from '../object.ts';
import type { FieldError } from '../status.ts';
import type { Context, Strategy } from '../strategy.ts';
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
/** Rules in CEL of the definition that an object is of. */
const rulesBroken = (object: Draft, old: ApiObject | undefined, context: Context): readonly FieldError[] => {
	const cel = expressions();
	if (!cel) return [];
	const resource = context.ofKind(String(object.apiVersion), String(object.kind));
	const schema = resource?.schemas?.[resource.version];
	return schema ? cel.brokenRules(schema, object, old, context) : [];
};
const CUSTOM = withMistakes('', {
	counts: true,
	defaults: defaultCustom,
	validateCreate: (object, context) => rulesBroken(object, undefined, context),
	validateUpdate: rulesBroken,
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
