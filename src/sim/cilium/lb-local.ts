/**
 * lb4_local(): the backend of one packet to a service, remembered in a SERVICE entry. bpf/lib/lb.h @ v1.12.1,
 * v1.18.0. Rewriting the packet is the caller's (lb4_xlate()).
 */
import {
	type FoundService,
	isAffinity,
	type LbEnv,
	lb4AffinityBackendId,
	lb4LookupBackend,
	lb4SelectBackendId,
	lb4UpdateAffinity,
} from './lb-select.ts';
import { type CtTuple, ctCreate4, ctLookup4, ctUpdateService } from './maps/conntrack.ts';
import type { Lb4Backend } from './maps/services.ts';

/** How the backend came to be chosen. */
export type LbChoice =
	/** The connection has one. */
	| 'connection'
	/** The client has one. */
	| 'affinity'
	/** By lot or by table. */
	| 'selected';

export interface LbLocal {
	readonly backendId: number;
	readonly backend: Lb4Backend;
	readonly choice: LbChoice;
}

/** Undefined: DROP_NO_SERVICE. `byLot`: as pods' own programs choose, whatever the algorithm. */
export const lb4Local = (env: LbEnv, tuple: CtTuple, found: FoundService, byLot = false): LbLocal | undefined => {
	const { service } = found;
	const who = { client: tuple.saddr, netnsCookie: false };
	const affinity = isAffinity(service);
	const select = (): LbLocal | undefined => {
		const backendId = lb4SelectBackendId(env, tuple, found, byLot);
		const backend = lb4LookupBackend(env, backendId);
		return backend && { backendId, backend, choice: 'selected' };
	};
	const remembered = (): LbLocal | undefined => {
		const backendId = affinity ? lb4AffinityBackendId(env, service, who) : 0;
		const backend = lb4LookupBackend(env, backendId);
		return backend && { backendId, backend, choice: 'affinity' };
	};
	const ct = ctLookup4(env, tuple, 'SERVICE');
	let chosen: LbLocal | undefined;
	if (ct.status === 'NEW') {
		chosen = remembered() ?? select();
		if (!chosen) return undefined;
		ctCreate4(env, tuple, 'SERVICE', { revNatIndex: service.revNatIndex, backendId: chosen.backendId });
	} else {
		const { backendId, revNatIndex } = ct.entry;
		const backend = lb4LookupBackend(env, backendId);
		// An entry of another service, or of a backend that is no more: choose again, the connection will break.
		if (revNatIndex !== service.revNatIndex) chosen = remembered() ?? select();
		else chosen = backend ? { backendId, backend, choice: 'connection' } : select();
		if (!chosen) return undefined;
		if (chosen.choice !== 'connection')
			ctUpdateService(env, tuple, { backendId: chosen.backendId, revNatIndex: service.revNatIndex });
	}
	if (affinity) lb4UpdateAffinity(env, service, who, chosen.backendId);
	return chosen;
};
