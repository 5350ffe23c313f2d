/** Keys and entries of the maps in a record: the short of what the agent's tool prints of them. */
import { formatIp, formatMac } from '../../wire/index.ts';
import { CT_F_DSR, CT_F_LB_LOOPBACK, CT_F_NODE_PORT, type CtEntry } from '../maps/ct-entry.ts';
import type { EndpointInfo } from '../maps/endpoints.ts';
import type { NatEntry } from '../maps/nat-entry.ts';
import { endpointText } from '../maps/services.ts';
import { protocolText, TUPLE_F_IN, TUPLE_F_RELATED, TUPLE_F_SERVICE, type TupleKey, tupleText } from '../maps/tuple.ts';

/** `TCP OUT 172.18.0.1:54762 -> 10.244.1.199:8080` */
export const tupleKeyText = (key: TupleKey): string => {
	const direction = key.flags & TUPLE_F_SERVICE ? 'SVC' : key.flags & TUPLE_F_IN ? 'IN' : 'OUT';
	return `${protocolText(key.proto)} ${direction} ${tupleText(key)}${key.flags & TUPLE_F_RELATED ? ' related' : ''}`;
};

const FLAGS: readonly (readonly [number, string])[] = [
	[CT_F_LB_LOOPBACK, 'LBLoopback'],
	[CT_F_NODE_PORT, 'NodePort'],
	[CT_F_DSR, 'DSR'],
];

/** `RevNAT=7 [ NodePort ]` */
export const ctEntryText = (entry: CtEntry): string => {
	const names = FLAGS.filter(([bit]) => entry.flags & bit).map(([, name]) => name);
	return `RevNAT=${entry.revNatIndex}${names.length > 0 ? ` [ ${names.join(' ')} ]` : ''}`;
};

/** `XLATE_SRC 172.18.0.2:54762` */
export const natEntryText = (entry: NatEntry, flags: number): string =>
	`${flags & TUPLE_F_IN ? 'XLATE_DST' : 'XLATE_SRC'} ${endpointText(entry.toAddr, entry.toPort)}`;

/** An endpoint as `cilium bpf endpoint list` shows it. */
export const endpointEntry = (ep: EndpointInfo): string =>
	ep.host
		? '(localhost)'
		: `id=${ep.lxcId} flags=0x0000 ifindex=${ep.ifindex} mac=${formatMac(ep.mac)} nodemac=${formatMac(ep.nodeMac)}`;

/** `10.244.1.199:8080 (7) (1)` */
export const backendEntry = (address: number, port: number, revNatIndex: number, slot: number): string =>
	`${formatIp(address)}:${port} (${revNatIndex}) (${slot})`;
