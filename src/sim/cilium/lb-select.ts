/**
 * From a packet's tuple to a service and from there to a backend: lb4_lookup_service(), lb4_select_backend_id(),
 * the affinity helpers. bpf/lib/lb.h @ v1.12.1, v1.18.0. The steps that track connections are in lb4Local().
 */
import { lookedUp } from '../linux/index.ts';
import { monoNow, secToMono } from './clock.ts';
import { hashFromTuple4 } from './jhash.ts';
import type { LbAffinityVal } from './maps/affinity.ts';
import type { MapEnv } from './maps/conntrack.ts';
import { maglevInner } from './maps/maglev.ts';
import {
	type Lb4Backend,
	type Lb4Key,
	type Lb4Service,
	SCOPE_EXT,
	SCOPE_INT,
	SVC_AFFINITY,
	SVC_EXT_LOCAL_SCOPE,
	SVC2_TWO_SCOPES,
} from './maps/services.ts';
import type { Tuple4 } from './maps/tuple.ts';

/** What selecting needs beside the maps. */
export interface LbEnv extends MapEnv {
	readonly net: MapEnv['net'] & { random(purpose: string, key: string, bound: number): number };
}

/** A service with the key it was found by. */
export interface FoundService {
	readonly key: Lb4Key;
	readonly service: Lb4Service;
}

const lookup = (env: MapEnv, key: Lb4Key): FoundService | undefined => {
	const service = env.maps.services.lookup(env.ns, key);
	return service && { key, service };
};

/** lb4_key_is_wildcard(): the address is a service's, the port is not. */
export const isWildcard = ({ key }: FoundService): boolean => key.port === 0 && key.proto === 0;

/**
 * lb4_lookup_service(): by protocol, then to 1.18 for any. Traffic from within the cluster (`scopeSwitch`) goes on to the
 * internal scope where a service has two; what comes from outside meets the entry for all ports, from 1.19. To 1.12 a
 * service without backends is none.
 */
export const lb4LookupService = (
	env: MapEnv,
	{ daddr: address, dport: port, proto }: Pick<Tuple4, 'daddr' | 'dport' | 'proto'>,
	scopeSwitch: boolean,
): FoundService | undefined => {
	const { protocolInKey, noBackend, wildcards } = env.maps.features;
	const at = (scope: Lb4Key['scope']): FoundService | undefined => {
		const key: Lb4Key = { address, port, slot: 0, proto: protocolInKey ? proto : 0, scope };
		return lookup(env, key) ?? (protocolInKey && !wildcards ? lookup(env, { ...key, proto: 0 }) : undefined);
	};
	let found = at(SCOPE_EXT);
	if (!found && wildcards && !scopeSwitch)
		return lookup(env, { address, port: 0, slot: 0, proto: 0, scope: SCOPE_EXT });
	if (!found) return undefined;
	const { flags, flags2 } = found.service;
	const two = noBackend === 'stack' ? (flags & SVC_EXT_LOCAL_SCOPE) !== 0 : (flags2 & SVC2_TWO_SCOPES) !== 0;
	if (scopeSwitch && two) found = at(SCOPE_INT);
	return found && noBackend === 'stack' && found.service.count === 0 ? undefined : found;
};

/** lb4_lookup_backend_slot() and what it names; undefined for an empty slot. */
export const lb4SlotBackend = (env: MapEnv, { key }: FoundService, slot: number): number | undefined =>
	env.maps.services.lookup(env.ns, { ...key, slot })?.backendId;

export const lb4LookupBackend = (env: MapEnv, id: number): Lb4Backend | undefined =>
	id === 0 ? undefined : env.maps.backends.lookup(env.ns, id);

/** lb4_svc_is_affinity(). */
export const isAffinity = (service: Lb4Service): boolean => (service.flags & SVC_AFFINITY) !== 0;

/**
 * lb4_select_backend_id(): by lot, or by the service's Maglev table. 0: there is none. Pods' own programs always go
 * by lot (`byLot`): the agent makes no tables for addresses that are only reached from within.
 */
export const lb4SelectBackendId = (env: LbEnv, tuple: Tuple4, found: FoundService, byLot = false): number => {
	const { service, key } = found;
	if (service.count === 0) return 0;
	if (env.maps.lb.algorithm === 'maglev' && !byLot) {
		const table = env.maps.maglev.lookup(env.ns, service.revNatIndex);
		if (!table) return 0;
		// The inner array, at index 0.
		lookedUp(maglevInner(table.length).name, true);
		// With affinity, all of a client's connections go one way, whatever their source ports.
		const hash = hashFromTuple4(isAffinity(service) ? { ...tuple, sport: 0 } : tuple, env.maps.lb.jhashSeed);
		return table[hash % env.maps.lb.maglevTableSize] ?? 0;
	}
	// get_prandom_u32() % count + 1
	const draw = `${env.ns.name} ${tuple.saddr}:${tuple.sport} ${key.address}:${key.port}/${tuple.proto}`;
	return lb4SlotBackend(env, found, 1 + env.net.random('cilium.lb', draw, service.count)) ?? 0;
};

/** Who a client is for the affinity maps: its address, or for the socket LB its network namespace. */
export interface LbClient {
	readonly client: number;
	readonly netnsCookie: boolean;
}

/** lb4_affinity_backend_id(): where the client went last, while that may still be used. 0: nowhere. */
export const lb4AffinityBackendId = (env: MapEnv, service: Lb4Service, who: LbClient): number => {
	const { affinity, affinityMatch, clock } = env.maps;
	const key = { ...who, revNatIndex: service.revNatIndex };
	const last: LbAffinityVal | undefined = affinity.lookup(env.ns, key);
	if (!last) return 0;
	const now = monoNow(clock, env.net.now);
	const { backendId } = last;
	if (
		last.lastUsed + secToMono(clock, service.affinityTimeout) <= now ||
		!affinityMatch.lookup(env.ns, { backendId, revNatIndex: service.revNatIndex })
	) {
		affinity.remove(env.ns, key);
		return 0;
	}
	affinity.update(env.ns, key, { lastUsed: now, backendId });
	return backendId;
};

/** lb4_update_affinity(). */
export const lb4UpdateAffinity = (env: MapEnv, service: Lb4Service, who: LbClient, backendId: number): void => {
	const key = { ...who, revNatIndex: service.revNatIndex };
	env.maps.affinity.update(env.ns, key, { lastUsed: monoNow(env.maps.clock, env.net.now), backendId });
};
