/**
 * The routing tables: rules, then longest prefix, then metric (net/ipv4/fib_rules.c, fib_trie.c
 * fib_table_lookup()). The tables are indexed once per array of routes; configuration replaces the array.
 */
import { type Ip, maskOf, prefixContains } from '../wire/index.ts';
import { DEFAULT_RULES } from './namespace.ts';
import type { Errno, Namespace, PolicyRule, Route, Scope } from './types.ts';

/** include/uapi/linux/rtnetlink.h, RT_SCOPE_*: the larger, the nearer. */
export const RT_SCOPE: Readonly<Record<Scope, number>> = { global: 0, site: 200, link: 253, host: 254 };

interface Level {
	readonly mask: number;
	readonly routes: Map<number, Route[]>;
}

/** Levels from the longest prefix to the shortest. */
type TableIndex = readonly Level[];

const indexes = new WeakMap<readonly Route[], Map<number, TableIndex>>();

const buildIndex = (routes: readonly Route[]): Map<number, TableIndex> => {
	const tables = new Map<number, Map<number, Map<number, Route[]>>>();
	for (const route of routes) {
		let lengths = tables.get(route.table);
		if (!lengths) {
			lengths = new Map();
			tables.set(route.table, lengths);
		}
		let level = lengths.get(route.dst.length);
		if (!level) {
			level = new Map();
			lengths.set(route.dst.length, level);
		}
		const same = level.get(route.dst.address);
		if (same) same.push(route);
		else level.set(route.dst.address, [route]);
	}
	const index = new Map<number, TableIndex>();
	for (const [table, lengths] of tables) {
		const levels: Level[] = [];
		for (const length of [...lengths.keys()].sort((a, b) => b - a)) {
			const level = lengths.get(length)!;
			for (const same of level.values()) if (same.length > 1) same.sort((a, b) => a.metric - b.metric);
			levels.push({ mask: maskOf(length), routes: level });
		}
		index.set(table, levels);
	}
	return index;
};

const indexOf = (ns: Namespace): Map<number, TableIndex> => {
	let index = indexes.get(ns.routes);
	if (!index) {
		index = buildIndex(ns.routes);
		indexes.set(ns.routes, index);
	}
	return index;
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

/** One table. A route of an error type answers whatever the device. */
export const lookupTable = (ns: Namespace, table: number, flow: Flow): Route | undefined => {
	const levels = indexOf(ns).get(table);
	if (!levels) return undefined;
	const { dst, oif, scope } = flow;
	for (const level of levels) {
		const same = level.routes.get((dst & level.mask) >>> 0);
		if (!same) continue;
		for (const route of same) {
			if (RT_SCOPE[route.scope] < scope) continue;
			if (route.type === 'unreachable' || route.type === 'blackhole' || route.type === 'prohibit') return route;
			if (oif !== 0 && route.dev !== oif) continue;
			if (route.dev !== undefined && ns.devices.get(route.dev)?.up !== true) continue;
			return route;
		}
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
