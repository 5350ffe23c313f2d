/**
 * How large the maps are: a share of the node's memory, within limits, unless a size is given.
 * pkg/option/config.go calculateDynamicBPFMapSizes() @ v1.12.1, v1.18.0.
 */
import type { MapSizes } from './maps/index.ts';

const CT_TCP = 524288;
const CT_ANY = 262144;
const NAT = 524288;
const SOCK_REV = 262144;
const LARGEST = 16777216;

/** Octets of one entry, key and value. */
const SIZE_CT = 14 + 56;
const SIZE_NAT = 14 + 40;
const SIZE_NEIGH = 4 + 8;
const SIZE_SOCK_REV = 16 + 8;

/** Entries, each share in proportion to the defaults. `ratio` 0 gives the defaults themselves. */
export const dynamicMapSizes = (memory: number, ratio: number): Omit<MapSizes, 'lb' | 'policy'> => {
	if (!(ratio > 0)) return { ctTcp: CT_TCP, ctAny: CT_ANY, nat: NAT, neigh: NAT, sockRevNat: SOCK_REV };
	const available = Math.floor(memory * ratio);
	const total = (CT_TCP + CT_ANY) * SIZE_CT + NAT * (SIZE_NAT + SIZE_NEIGH) + SOCK_REV * SIZE_SOCK_REV;
	const share = (entries: number, least: number): number =>
		Math.min(LARGEST, Math.max(least, Math.floor((entries * available) / total)));
	return {
		ctTcp: share(CT_TCP, 131072),
		ctAny: share(CT_ANY, 65536),
		nat: share(NAT, 131072),
		neigh: share(NAT, 131072),
		sockRevNat: share(SOCK_REV, 65536),
	};
};
