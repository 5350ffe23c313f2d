/**
 * The agent's collector: goes through the connection maps now and then and deletes entries whose lifetime is over,
 * and the translations they leave behind. pkg/maps/ctmap/{ctmap,gc/gc}.go @ v1.12.1, v1.18.0.
 *
 * It has no timer here. Before anybody looks at the maps, `sweep` does what the collector has done by then.
 */

import { monoNow } from '../clock.ts';
import { CT_F_DSR } from './ct-entry.ts';
import type { MapEnv } from './env.ts';
import { TUPLE_F_IN, TUPLE_F_OUT, TUPLE_F_SERVICE, type TupleKey } from './tuple.ts';

/** ConntrackGCStartingInterval, ConntrackGCMaxLRUInterval; microseconds. */
const FIRST_INTERVAL = 300_000_000;
const LONGEST_INTERVAL = 43_200_000_000;

/**
 * The last pass at or before `now`, microseconds; 0 before the first. A pass that deletes less than a twentieth of
 * the map makes the next interval half as long again: true of any number of flows seen here.
 */
export const lastPass = (now: number): number => {
	let interval = FIRST_INTERVAL;
	let at = 0;
	while (at + interval <= now) {
		at += interval;
		interval = Math.min(interval * 1.5, LONGEST_INTERVAL);
	}
	return at;
};

/** Deletes what the collector has deleted by now. */
export const sweep = (env: MapEnv): void => {
	const { ns, maps, net } = env;
	if (net.now < FIRST_INTERVAL) return;
	const tcp = ns.bpfMaps.get(maps.ctTcp.spec.name);
	const any = ns.bpfMaps.get(maps.ctAny.spec.name);
	const swept = Math.min(tcp?.swept ?? Number.POSITIVE_INFINITY, any?.swept ?? Number.POSITIVE_INFINITY);
	const pass = lastPass(net.now);
	if (pass <= swept) return;
	const clock = monoNow(maps.clock, pass);
	let deleted = 0;
	for (const map of [maps.ctTcp, maps.ctAny]) {
		const held = ns.bpfMaps.get(map.spec.name);
		if (!held) continue;
		for (const [key, entry] of [...map.dump(ns)]) if (entry.lifetime < clock && map.remove(ns, key)) deleted++;
		held.swept = pass;
	}
	if (deleted > 0) purgeOrphanNat(env);
};

/**
 * PurgeOrphanNATEntries(): a translation whose connection is gone goes too. An IN entry belongs to the connection
 * from its target to the peer; an OUT entry of DSR to the connection from the client.
 */
const purgeOrphanNat = ({ ns, maps }: MapEnv): void => {
	const tracked = (key: TupleKey): boolean => (key.proto === 6 ? maps.ctTcp : maps.ctAny).peek(ns, key) !== undefined;
	for (const [key, entry] of [...maps.snat.dump(ns)]) {
		const { saddr, daddr, sport, dport, proto } = key;
		if (key.flags === TUPLE_F_IN) {
			const flow = { saddr: entry.toAddr, sport: entry.toPort, daddr: saddr, dport: sport, proto };
			if (tracked({ ...flow, flags: TUPLE_F_OUT })) continue;
			maps.snat.remove(ns, key);
			// The other half goes with it.
			maps.snat.remove(ns, { ...flow, flags: TUPLE_F_OUT });
		} else if (key.flags === TUPLE_F_OUT) {
			if (tracked({ saddr, daddr, sport, dport, proto, flags: TUPLE_F_OUT })) continue;
			const back = { saddr: daddr, sport: dport, daddr: entry.toAddr, dport: entry.toPort, proto, flags: TUPLE_F_IN };
			// DSR: only an OUT entry, of answers to a connection that came in with the flag set.
			if (!maps.snat.peek(ns, back)) {
				const request = { saddr: daddr, sport: dport, daddr: saddr, dport: sport, proto, flags: TUPLE_F_IN };
				const found = (proto === 6 ? maps.ctTcp : maps.ctAny).peek(ns, request);
				if (found && found.flags & CT_F_DSR) continue;
			} else if (tracked({ saddr, daddr, sport, dport, proto, flags: TUPLE_F_SERVICE })) continue;
			maps.snat.remove(ns, back);
			maps.snat.remove(ns, key);
		}
	}
};
