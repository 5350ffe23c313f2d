/**
 * Source NAT of the programs: a port is found, two entries remember it. bpf/lib/nat.h @ v1.12.1, v1.14.4, v1.16.15, v1.17.8,
 * v1.18.3.
 */
import { IPPROTO_ICMP, type Ip } from '../../wire/index.ts';
import { monoNow } from '../clock.ts';
import { type CtTuple, ctCreate4, ctLookup4, type MapEnv } from './conntrack.ts';
import { sweep } from './ct-gc.ts';
import type { NatEntry } from './nat-entry.ts';
import { TUPLE_F_IN, TUPLE_F_OUT, type Tuple4, type TupleKey } from './tuple.ts';

/** struct ipv4_nat_target. */
export interface NatTarget {
	readonly addr: Ip;
	/** NODEPORT_PORT_MIN_NAT: one above the NodePort range. */
	readonly minPort: number;
	readonly maxPort: number;
	/** needs_ct (host_local to 1.12): traffic of the node itself, whose connections are tracked along with it. */
	readonly needsCt?: boolean;
}

/** NODEPORT_PORT_MIN_NAT to NODEPORT_PORT_MAX_NAT: the ports above the NodePort range. */
export const natPorts = ({ maps }: MapEnv): Pick<NatTarget, 'minPort' | 'maxPort'> => ({
	minPort: maps.lb.nodePortRange[1] + 1,
	maxPort: 65535,
});

export interface NatEnv extends MapEnv {
	readonly net: MapEnv['net'] & { random(purpose: string, key: string, bound: number): number };
}

/** __snat_clamp_port_range(): to 1.16 by remainder, which never gives the last port; later by multiplication. */
export const clampPort = (start: number, end: number, value: number, multiply: boolean): number =>
	multiply ? start + (((value & 0xffff) * (end - start + 1)) >>> 16) : start + ((value & 0xffff) % (end - start));

/** SNAT_COLLISION_RETRIES: to 1.17 where the kernel allows large programs (5.2), 32 from 1.18. */
export const collisionRetries = (env: MapEnv): number => env.maps.features.snatRetries;

const outKey = (tuple: Tuple4): TupleKey => ({
	saddr: tuple.saddr,
	daddr: tuple.daddr,
	sport: tuple.sport,
	dport: tuple.dport,
	proto: tuple.proto,
	flags: TUPLE_F_OUT,
});

/** snat_v4_lookup() of a packet that leaves. */
export const snatLookupEgress = (env: MapEnv, tuple: Tuple4): NatEntry | undefined => {
	sweep(env);
	return env.maps.snat.lookup(env.ns, outKey(tuple));
};

/** snat_v4_lookup() of a packet that comes in: who it is really for. */
export const snatLookupIngress = (env: MapEnv, tuple: Tuple4): NatEntry | undefined => {
	sweep(env);
	return env.maps.snat.lookup(env.ns, { ...outKey(tuple), flags: TUPLE_F_IN });
};

/** The key of the other direction: answers to `addr:port`. */
export const snatReverseKey = (tuple: Tuple4, addr: Ip, port: number): TupleKey => ({
	saddr: tuple.daddr,
	sport: tuple.dport,
	daddr: addr,
	dport: port,
	proto: tuple.proto,
	flags: TUPLE_F_IN,
});

export type NatMapping =
	| {
			readonly entry: NatEntry;
			/** How many candidates were taken before one was free; undefined when the mapping was there. */
			readonly retries: number | undefined;
	  }
	/** DROP_NAT_NO_MAPPING: every try met a port in use. */
	| { readonly drop: 167; readonly retries: number };

/**
 * snat_v4_nat_handle_mapping(): the mapping of a flow, made when there is none. Its port is the source port where
 * that is in the range and free, else one by lot, then from there by steps.
 */
export const snatMapping = (env: NatEnv, tuple: CtTuple, target: NatTarget): NatMapping => {
	sweep(env);
	const { maps, ns } = env;
	const key = outKey(tuple);
	const known = maps.snat.lookup(ns, key);
	const needsCt = target.needsCt ?? false;
	const { natChecksTarget } = maps.features;
	if (needsCt && ctLookup4(env, tuple, 'OUT', { scope: 'forward' }).status === 'NEW')
		ctCreate4(env, tuple, 'OUT', {}, false);
	if (known) {
		if (!natChecksTarget || (known.toAddr === target.addr && known.needsCt === needsCt)) {
			restoreReverse(env, tuple, known);
			return { entry: known, retries: undefined };
		}
		// The entry is for another address (a collision with the node's own flow, a policy that changed): made anew.
		snatDelete(env, tuple);
	}
	const created = monoNow(maps.clock, env.net.now);
	const retries = collisionRetries(env);
	const multiply = maps.features.natClampMultiplies;
	const { minPort, maxPort } = target;
	const draws = `${ns.name} ${tuple.saddr}:${tuple.sport} ${tuple.daddr}:${tuple.dport}/${tuple.proto}`;
	const clamp = (value: number): number => clampPort(minPort, maxPort, value, multiply);
	const lot = (): number => clamp(env.net.random('cilium.snat', draws, 65536));
	let port = tuple.sport >= minPort && tuple.sport <= maxPort ? tuple.sport : lot();
	for (let tries = 0; tries < retries; tries++) {
		const reverse = snatReverseKey(tuple, target.addr, port);
		const back: NatEntry = { created, needsCt, toAddr: tuple.saddr, toPort: tuple.sport };
		// To 1.12 the program looks first.
		const free = !maps.features.natLooksFirst || maps.snat.lookup(ns, reverse) === undefined;
		if (free && maps.snat.update(ns, reverse, back, 'noexist')) {
			const entry: NatEntry = { created, needsCt, toAddr: target.addr, toPort: port };
			maps.snat.update(ns, key, entry, 'noexist');
			count(env, tries);
			return { entry, retries: tries };
		}
		port = tries === 0 ? lot() : clamp((port + 1) & 0xffff);
	}
	count(env, retries);
	return { drop: 167, retries };
};

/** A lost IN half is written again when the next packet leaves. */
const restoreReverse = ({ maps, ns, net }: MapEnv, tuple: Tuple4, { needsCt, toAddr, toPort }: NatEntry): void => {
	if (maps.features.natRestores === 'none') return;
	const reverse = snatReverseKey(tuple, toAddr, toPort);
	const created = monoNow(maps.clock, net.now);
	maps.snat.update(ns, reverse, { created, needsCt, toAddr: tuple.saddr, toPort: tuple.sport }, 'noexist');
};

/**
 * snat_v4_rev_nat_handle_mapping(): who an answer is really for. A lost OUT half is written again. Undefined: there
 * is no mapping (DROP_NAT_NO_MAPPING, which callers take for "let the stack have it").
 */
export const snatRevMapping = (env: MapEnv, tuple: CtTuple): NatEntry | undefined => {
	const entry = snatLookupIngress(env, tuple);
	if (!entry) return undefined;
	const { maps, ns, net } = env;
	const { needsCt, toAddr, toPort } = entry;
	if (maps.features.natRestores === 'both') {
		const flow = { saddr: toAddr, sport: toPort, daddr: tuple.saddr, dport: tuple.sport, proto: tuple.proto };
		const created = monoNow(maps.clock, net.now);
		const there = { created, needsCt, toAddr: tuple.daddr, toPort: tuple.dport };
		maps.snat.update(ns, outKey(flow), there, 'noexist');
	}
	if (needsCt) ctLookup4(env, { ...tuple, daddr: toAddr, dport: toPort }, 'IN', { scope: 'reverse' });
	return entry;
};

/** cilium_snat_v4_alloc_retries, from 1.18. */
const count = ({ maps, ns }: MapEnv, retries: number): void => {
	if (!maps.features.natCountsRetries) return;
	const index = Math.min(retries, 32);
	maps.snatRetries.update(ns, index, (maps.snatRetries.lookup(ns, index) ?? 0) + 1);
};

/** snat_v4_create_dsr(): on the backend's node, answers to the client leave as the frontend. `tuple` is the answer's. */
export const snatCreateDsr = (
	env: MapEnv,
	tuple: Tuple4,
	frontend: { readonly addr: Ip; readonly port: number },
): NatEntry => {
	sweep(env);
	const entry: NatEntry = {
		created: monoNow(env.maps.clock, env.net.now),
		needsCt: false,
		toAddr: frontend.addr,
		toPort: frontend.port,
	};
	env.maps.snat.update(env.ns, outKey(tuple), entry);
	return entry;
};

/** Both halves of a mapping go. */
export const snatDelete = ({ maps, ns }: MapEnv, tuple: Tuple4): void => {
	const entry = maps.snat.lookup(ns, outKey(tuple));
	if (!entry) return;
	maps.snat.remove(ns, snatReverseKey(tuple, entry.toAddr, entry.toPort));
	maps.snat.remove(ns, outKey(tuple));
};

/** snat_v4_can_skip() of a packet that comes in: a port no mapping can have. Echo ids are never skipped from 1.13. */
export const snatIngressSkips = (tuple: Tuple4, target: NatTarget): boolean =>
	tuple.proto !== IPPROTO_ICMP && (tuple.dport < target.minPort || tuple.dport > target.maxPort);
