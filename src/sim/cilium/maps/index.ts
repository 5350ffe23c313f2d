/**
 * All maps the programs of one version share, with that version's names and the settings' sizes. They live in
 * `Namespace.bpfMaps`; handles hold nothing.
 */
import type { BpfClock } from '../clock.ts';
import { type Features, minorOf } from '../features.ts';
import { type Lb4Affinity, type LbAffinityMatches, lb4Affinity, lbAffinityMatch } from './affinity.ts';
import { type Ct4Map, ct4Global, ctAny4Global } from './ct-entry.ts';
import { type CiliumLxc, ciliumLxc } from './endpoints.ts';
import { type CiliumIpcache, ciliumIpcache } from './ipcache.ts';
import { type CiliumIpmasqV4, ciliumIpmasqV4 } from './ipmasq.ts';
import { type Lb4Maglev, lb4Maglev } from './maglev.ts';
import { type CiliumMetrics, ciliumMetrics } from './metrics.ts';
import { type SnatRetries, type SnatV4, snatV4AllocRetries, snatV4External } from './nat-entry.ts';
import { type NodeportNeigh4, nodeportNeigh4 } from './neigh.ts';
import { type CiliumPolicy, ciliumPolicy } from './policy.ts';
import { type Lb4ReverseSks, lb4ReverseSk } from './reverse-sk.ts';
import {
	type Lb4Backends,
	type Lb4ReverseNats,
	type Lb4Services,
	lb4Backends,
	lb4ReverseNat,
	lb4Services,
} from './services.ts';
import { type Lb4SourceRanges, lb4SourceRange } from './source-range.ts';
import { type CiliumTunnelMap, ciliumTunnelMap } from './tunnel.ts';

/** Entries of the maps whose size is a setting. */
export interface MapSizes {
	/** bpf-lb-map-max: services, backends, reverse NAT, affinity, source ranges, Maglev. */
	readonly lb: number;
	readonly ctTcp: number;
	readonly ctAny: number;
	readonly nat: number;
	readonly neigh: number;
	readonly sockRevNat: number;
	readonly policy: number;
}

/** How backends are chosen: compiled into the programs. */
export interface LbSettings {
	readonly algorithm: 'random' | 'maglev';
	readonly maglevTableSize: number;
	/** HASH_INIT4_SEED. */
	readonly jhashSeed: number;
	/** NODEPORT_PORT_MIN, NODEPORT_PORT_MAX. */
	readonly nodePortRange: readonly [first: number, last: number];
}

export interface CiliumMaps {
	readonly services: Lb4Services;
	readonly backends: Lb4Backends;
	readonly reverseNat: Lb4ReverseNats;
	readonly reverseSk: Lb4ReverseSks;
	readonly affinity: Lb4Affinity;
	readonly affinityMatch: LbAffinityMatches;
	readonly sourceRange: Lb4SourceRanges;
	readonly maglev: Lb4Maglev;
	readonly ctTcp: Ct4Map;
	readonly ctAny: Ct4Map;
	readonly snat: SnatV4;
	readonly snatRetries: SnatRetries;
	readonly neigh: NodeportNeigh4;
	readonly ipcache: CiliumIpcache;
	readonly lxc: CiliumLxc;
	/** The policy map of one endpoint. */
	policy(endpointId: number): CiliumPolicy;
	readonly tunnel: CiliumTunnelMap;
	readonly ipmasq: CiliumIpmasqV4;
	readonly metrics: CiliumMetrics;
	readonly sizes: MapSizes;
	readonly clock: BpfClock;
	readonly lb: LbSettings;
	readonly features: Features;
}

/** The maps of a version; the rest comes from the settings. */
export const ciliumMaps = (features: Features, sizes: MapSizes, clock: BpfClock, lb: LbSettings): CiliumMaps => {
	const minor = minorOf(features.version);
	return {
		services: lb4Services(sizes.lb),
		backends: lb4Backends(sizes.lb, minor >= 13),
		reverseNat: lb4ReverseNat(sizes.lb),
		reverseSk: lb4ReverseSk(sizes.sockRevNat),
		affinity: lb4Affinity(sizes.lb),
		affinityMatch: lbAffinityMatch(sizes.lb),
		sourceRange: lb4SourceRange(sizes.lb),
		maglev: lb4Maglev(sizes.lb),
		ctTcp: ct4Global(sizes.ctTcp),
		ctAny: ctAny4Global(sizes.ctAny),
		snat: snatV4External(sizes.nat, minor >= 14 ? 32 : 40),
		snatRetries: snatV4AllocRetries(),
		neigh: nodeportNeigh4(sizes.neigh),
		ipcache: ciliumIpcache(minor >= 18),
		lxc: ciliumLxc(),
		policy: (endpointId) => ciliumPolicy(endpointId, sizes.policy, minor >= 17),
		tunnel: ciliumTunnelMap(),
		ipmasq: ciliumIpmasqV4(),
		metrics: ciliumMetrics(),
		sizes,
		clock,
		lb,
		features,
	};
};
