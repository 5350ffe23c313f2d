/** A namespace with the maps of one version, and a clock that tests set. */
import {
	type CiliumMaps,
	type CtTuple,
	ciliumMaps,
	features,
	type LbSettings,
	type MapSizes,
} from '../../../src/sim/cilium/index.ts';
import { addNamespace, createNet, type Namespace } from '../../../src/sim/linux/index.ts';
import { ip } from '../../unit/sim/kube/fixtures.ts';

export interface TestEnv {
	readonly ns: Namespace;
	readonly net: { now: number; random(purpose: string, key: string, bound: number): number };
	readonly maps: CiliumMaps;
}

export const SIZES: MapSizes = {
	lb: 65536,
	ctTcp: 524288,
	ctAny: 262144,
	nat: 524288,
	neigh: 524288,
	sockRevNat: 262144,
	policy: 16384,
};

export const testEnv = (version: string, sizes: Partial<MapSizes> = {}, lb: Partial<LbSettings> = {}): TestEnv => {
	const real = createNet({ seed: 7 });
	addNamespace(real, 'node', {});
	return {
		ns: real.namespaces.get('node')!,
		net: { now: 0, random: (purpose, key, bound) => real.random(purpose, key, bound) },
		maps: ciliumMaps(
			features(version),
			{ ...SIZES, ...sizes },
			{ source: 'ktime', hz: 250 },
			{
				algorithm: 'random',
				maglevTableSize: 16381,
				jhashSeed: 0x71dcda46,
				nodePortRange: [30000, 32767],
				...lb,
			},
		),
	};
};

export const seconds = (n: number): number => n * 1_000_000;

/** `10.0.0.1:1000 > 10.0.0.2:80` */
export const tuple = (text: string, more: Partial<CtTuple> = {}): CtTuple => {
	const [, saddr, sport, daddr, dport] = /^(.+):(\d+) > (.+):(\d+)$/.exec(text)!;
	return {
		saddr: ip(saddr!),
		sport: Number(sport),
		daddr: ip(daddr!),
		dport: Number(dport),
		proto: 6,
		tcpFlags: 0,
		related: false,
		bytes: 74,
		...more,
	};
};

export const back = (t: CtTuple, more: Partial<CtTuple> = {}): CtTuple => ({
	...t,
	saddr: t.daddr,
	daddr: t.saddr,
	sport: t.dport,
	dport: t.sport,
	...more,
});
