/** `cilium bpf nat list`: pkg/maps/nat/{nat,ipv4}.go @ v1.12.1, v1.18.0. */
import type { Namespace } from '../../linux/index.ts';
import { monoNow, monoToSec } from '../clock.ts';
import { minorOf } from '../features.ts';
import { sweep } from '../maps/ct-gc.ts';
import type { CiliumMaps } from '../maps/index.ts';
import type { NatEntry } from '../maps/nat-entry.ts';
import { endpointText } from '../maps/services.ts';
import { protocolText, TUPLE_F_IN, type TupleKey, tupleText } from '../maps/tuple.ts';
import { missingMap, type Printed, printed } from './table.ts';

/**
 * When an entry was made. To 1.13 the tool takes the programs' clock for nanoseconds, so it always prints how long
 * the node has been up.
 */
const createdText = (maps: CiliumMaps, entry: NatEntry, now: number): string => {
	if (minorOf(maps.features.version) <= 13) return `${monoNow({ source: 'ktime', hz: 0 }, now)}sec`;
	return `${monoToSec(maps.clock, monoNow(maps.clock, now) - entry.created)}sec ago`;
};

/** A line of `cilium bpf nat list`. @param now virtual time, microseconds */
export const natLine = (maps: CiliumMaps, key: TupleKey, entry: NatEntry, now: number): string => {
	const inwards = (key.flags & TUPLE_F_IN) !== 0;
	const to = `XLATE_${inwards ? 'DST' : 'SRC'} ${endpointText(entry.toAddr, entry.toPort)}`;
	const flag = `${minorOf(maps.features.version) <= 12 ? 'HostLocal' : 'NeedsCT'}=${entry.needsCt ? 1 : 0}`;
	const head = `${protocolText(key.proto)} ${inwards ? 'IN' : 'OUT'} ${tupleText(key)}`;
	return `${head} ${to} Created=${createdText(maps, entry, now)} ${flag}`;
};

/** Without BPF NodePort there is no such map, and the tool says so for both address families. */
export const natList = (maps: CiliumMaps, ns: Namespace, now: number): Printed => {
	if (!maps.snat.exists(ns)) return printed([], missingMap(['cilium_snat_v4_external', 'cilium_snat_v6_external']));
	sweep({ maps, ns, net: { now } });
	return printed([...maps.snat.dump(ns)].map(([key, entry]) => natLine(maps, key, entry, now)));
};
