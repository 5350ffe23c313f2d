/** `cilium bpf ct list global`: pkg/maps/ctmap/types.go, pkg/tuple/ipv4.go @ v1.12.1, v1.15.4, v1.16.15, v1.18.3. */
import type { Namespace } from '../../linux/index.ts';
import { minorOf } from '../features.ts';
import {
	CT_F_DSR,
	CT_F_FROM_L7LB,
	CT_F_FROM_TUNNEL,
	CT_F_LB_LOOPBACK,
	CT_F_NODE_PORT,
	CT_F_PROXY_REDIRECT,
	CT_F_RX_CLOSING,
	CT_F_SEEN_NON_SYN,
	CT_F_TX_CLOSING,
	type CtEntry,
} from '../maps/ct-entry.ts';
import { sweep } from '../maps/ct-gc.ts';
import type { CiliumMaps } from '../maps/index.ts';
import {
	protocolText,
	reversed,
	TUPLE_F_IN,
	TUPLE_F_RELATED,
	TUPLE_F_SERVICE,
	type TupleKey,
	tupleText,
} from '../maps/tuple.ts';
import { type Printed, printed } from './table.ts';

const FLAGS: readonly (readonly [bit: number, name: string])[] = [
	[CT_F_RX_CLOSING, 'RxClosing'],
	[CT_F_TX_CLOSING, 'TxClosing'],
	[CT_F_LB_LOOPBACK, 'LBLoopback'],
	[CT_F_SEEN_NON_SYN, 'SeenNonSyn'],
	[CT_F_NODE_PORT, 'NodePort'],
	[CT_F_PROXY_REDIRECT, 'ProxyRedirect'],
	[CT_F_DSR, 'DSR'],
	[CT_F_FROM_L7LB, 'FromL7LB'],
	[CT_F_FROM_TUNNEL, 'FromTunnel'],
];

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** `Flags=0x0013 [ RxClosing TxClosing SeenNonSyn ]` */
export const ctFlagsText = (flags: number, minor: number): string => {
	const names = FLAGS.filter(([bit]) => flags & bit).map(([bit, name]) =>
		bit === CT_F_DSR && minor >= 16 ? 'DSRInternal' : name,
	);
	return `Flags=${hex(flags, 4)} [ ${names.map((name) => `${name} `).join('')}]`;
};

/**
 * A key in words. To 1.14 a service's entry is printed as OUT with its ends the wrong way round, because its
 * addresses are kept the other way than all others'.
 */
export const ctKeyText = (key: TupleKey, minor: number): string => {
	const protocol = protocolText(key.proto);
	const service = (key.flags & TUPLE_F_SERVICE) !== 0;
	if (service && minor >= 15) return `${protocol} SVC ${tupleText(key)} `;
	const direction = key.flags & TUPLE_F_IN ? 'IN' : 'OUT';
	const related = key.flags & TUPLE_F_RELATED ? 'related ' : '';
	return `${protocol} ${direction} ${tupleText(service ? reversed(key) : key)} ${related}${service ? 'service ' : ''}`;
};

/** One line, which ends in a blank. */
export const ctLine = (key: TupleKey, entry: CtEntry, version: string): string => {
	const minor = minorOf(version);
	const service = (key.flags & TUPLE_F_SERVICE) !== 0;
	const rx = `RxFlagsSeen=${hex(entry.rxFlagsSeen, 2)} LastRxReport=${entry.lastRxReport}`;
	const tx = `TxFlagsSeen=${hex(entry.txFlagsSeen, 2)} LastTxReport=${entry.lastTxReport}`;
	const flags = ctFlagsText(entry.flags, minor);
	const tail = `RevNAT=${entry.revNatIndex} SourceSecurityID=${entry.srcSecId}`;
	const head = `${ctKeyText(key, minor)}expires=${entry.lifetime}`;
	if (minor <= 15) {
		// The backend's id lies where others have their octets.
		const rxBytes = service ? entry.backendId : entry.rxBytes;
		const counters = `RxPackets=${entry.rxPackets} RxBytes=${rxBytes} ${rx} TxPackets=${entry.txPackets} TxBytes=${entry.txBytes} ${tx}`;
		return `${head} ${counters} ${flags} ${tail} IfIndex=${entry.ifindex} `;
	}
	const packets = entry.rxPackets + entry.txPackets;
	const bytes = entry.rxBytes + entry.txBytes;
	const more = [
		...(minor <= 17 ? [`IfIndex=${entry.ifindex}`] : []),
		`BackendID=${entry.backendId}`,
		...(minor >= 19 ? [`NatPort=${entry.natPort}`] : []),
	];
	return `${head} Packets=${packets} Bytes=${bytes} ${rx} ${tx} ${flags} ${tail} ${more.join(' ')} `;
};

/** TCP first, then everything else; the real lists are in no order, ours from the oldest to the latest change. */
export const ctListGlobal = (maps: CiliumMaps, ns: Namespace, now: number): Printed => {
	sweep({ maps, ns, net: { now } });
	const lines: string[] = [];
	for (const map of [maps.ctTcp, maps.ctAny])
		for (const [key, entry] of map.dump(ns)) lines.push(ctLine(key, entry, maps.features.version));
	return printed(lines);
};
