/**
 * The routing tables: rules, then longest prefix, then metric (net/ipv4/fib_rules.c, fib_trie.c
 * fib_table_lookup()). The tables are indexed once per array of routes; configuration replaces the array.
 */
import { type Ip, maskOf, type Prefix, prefixContains } from '../wire/index.ts';
import { DEFAULT_RULES } from './namespace.ts';
import type { Errno, Namespace, PolicyRule, Route, Scope } from './types.ts';

/** include/uapi/linux/rtnetlink.h, RT_SCOPE_*: the larger, the nearer. */
export const RT_SCOPE: Readonly<Record<Scope, number>> = { global: 0, site: 200, link: 253, host: 254 };

interface Level {
	readonly length: number;
	readonly mask: number;
	/** Routes of one prefix, by metric. */
	readonly routes: Map<number, Route[]>;
}

/** By table: levels from the longest prefix to the shortest. */
type Index = Map<number, Level[]>;

const indexes = new WeakMap<readonly Route[], Index>();
/** Tables this small (a pod's) are walked; an index would only cost memory. */
const SMALL = 16;

const insert = (index: Index, route: Route): void => {
	let levels = index.get(route.table);
	if (!levels) {
		levels = [];
		index.set(route.table, levels);
	}
	const { address, length } = route.dst;
	let at = 0;
	while (at < levels.length && levels[at]!.length > length) at++;
	let level = levels[at];
	if (level?.length !== length) {
		level = { length, mask: maskOf(length), routes: new Map() };
		levels.splice(at, 0, level);
	}
	const same = level.routes.get(address);
	if (!same) {
		level.routes.set(address, [route]);
		return;
	}
	let place = same.length;
	while (place > 0 && same[place - 1]!.metric > route.metric) place--;
	same.splice(place, 0, route);
};

const indexOf = (routes: readonly Route[]): Index => {
	let index = indexes.get(routes);
	if (!index) {
		index = new Map();
		for (const route of routes) insert(index, route);
		indexes.set(routes, index);
	}
	return index;
};

/** Appends routes. The index goes on to the new array: whoever still holds the old one builds it anew when asked. */
export const appendRoutes = (ns: Namespace, added: readonly Route[]): void => {
	const old = ns.routes;
	ns.routes = [...old, ...added];
	const index = indexes.get(old);
	if (!index) return;
	indexes.delete(old);
	for (const route of added) insert(index, route);
	indexes.set(ns.routes, index);
};

/** The routes of exactly this prefix in a table, by metric. */
export const routesAt = (ns: Namespace, table: number, dst: Prefix): readonly Route[] => {
	if (ns.routes.length <= SMALL)
		return ns.routes.filter((r) => r.table === table && r.dst.address === dst.address && r.dst.length === dst.length);
	const level = indexOf(ns.routes)
		.get(table)
		?.find((l) => l.length === dst.length);
	return level?.routes.get(dst.address) ?? [];
};

/** What is looked up. `iif` and `oif` are 0 when they do not matter. */
export interface Flow {
	readonly dst: Ip;
	readonly src: Ip;
	readonly mark: number;
	readonly iif: number;
	readonly oif: number;
	/** Only routes whose scope is at least this near; 0 for all. */
	readonly scope: number;
}

/** Whether a route whose prefix fits may answer. A route of an error type answers whatever the device. */
const usable = (ns: Namespace, route: Route, flow: Flow): boolean => {
	if (RT_SCOPE[route.scope] < flow.scope) return false;
	if (route.type === 'unreachable' || route.type === 'blackhole' || route.type === 'prohibit') return true;
	if (flow.oif !== 0 && route.dev !== flow.oif) return false;
	return route.dev === undefined || ns.devices.get(route.dev)?.up === true;
};

const walk = (ns: Namespace, table: number, flow: Flow): Route | undefined => {
	let best: Route | undefined;
	for (const route of ns.routes) {
		if (route.table !== table || !prefixContains(route.dst, flow.dst)) continue;
		if (best) {
			if (route.dst.length < best.dst.length) continue;
			if (route.dst.length === best.dst.length && route.metric >= best.metric) continue;
		}
		if (usable(ns, route, flow)) best = route;
	}
	return best;
};

/** fib_table_lookup(): the longest prefix of one table that may answer, of equal ones that of the lowest metric. */
export const lookupTable = (ns: Namespace, table: number, flow: Flow): Route | undefined => {
	if (ns.routes.length <= SMALL) return walk(ns, table, flow);
	const levels = indexOf(ns.routes).get(table);
	if (!levels) return undefined;
	for (const level of levels) {
		const same = level.routes.get((flow.dst & level.mask) >>> 0);
		if (same) for (const route of same) if (usable(ns, route, flow)) return route;
	}
	return undefined;
};

const ruleMatches = (ns: Namespace, rule: PolicyRule, flow: Flow): boolean =>
	(!rule.from || prefixContains(rule.from, flow.src)) &&
	(!rule.to || prefixContains(rule.to, flow.dst)) &&
	(!rule.fwmark || ((flow.mark ^ rule.fwmark.value) & rule.fwmark.mask) === 0) &&
	(!rule.iif || ns.devices.get(flow.iif)?.name === rule.iif);

/** fib_lookup(): the route that answers, of whatever type, or undefined when no table has one. */
export const fibLookup = (ns: Namespace, flow: Flow): Route | undefined => {
	if (ns.rules === DEFAULT_RULES) return lookupTable(ns, 255, flow) ?? lookupTable(ns, 254, flow);
	for (const rule of ns.rules) {
		if (!ruleMatches(ns, rule, flow)) continue;
		const route = lookupTable(ns, rule.table, flow);
		if (route) return route;
	}
	return undefined;
};

/** fib_props[].error (net/ipv4/fib_semantics.c): what a route of an error type means; undefined for the others. */
export const routeError = (route: Route): Errno | undefined => {
	switch (route.type) {
		case 'unreachable':
			return 'EHOSTUNREACH';
		case 'prohibit':
			return 'EACCES';
		case 'blackhole':
			return 'EINVAL';
		default:
			return undefined;
	}
};
