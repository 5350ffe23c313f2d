/**
 * Entries of maps as `-o json` has them: Go's structs, ports and numbers of services in the network's order.
 *
 * Source: pkg/{tuple/ipv4.go,types/ipv4.go}, pkg/maps/{ctmap/types.go,nat/ipv4.go,policymap/policymap.go} @ v1.12.1,
 * v1.14.4, v1.16.15, v1.18.3 and where v1.19 branched off.
 */
import { type CtEntry, sweep, TUPLE_F_SERVICE, type TupleKey } from '../../../../sim/cilium/index.ts';
import type { Ip } from '../../../../sim/wire/index.ts';
import { catchUp } from '../../../linux/index.ts';
import type { Agent } from '../context.ts';
import type { PolicyRow } from './index.ts';

/** byteorder.HostToNetwork16() on a little-endian machine. */
const swap = (value: number): number => ((value & 0xff) << 8) | (value >>> 8);

/** types.IPv4, an array of octets. */
const octets = (ip: Ip): readonly number[] => [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255];

interface Fields {
	readonly destAddr: Ip;
	readonly sourceAddr: Ip;
	readonly destPort: number;
	readonly sourcePort: number;
}

const tuple = (key: TupleKey, { destAddr, sourceAddr, destPort, sourcePort }: Fields): object => ({
	'+tuplekey4global': {
		'+tuplekey4': {
			DestAddr: octets(destAddr),
			SourceAddr: octets(sourceAddr),
			DestPort: swap(destPort),
			SourcePort: swap(sourcePort),
			NextHeader: key.proto,
			Flags: key.flags,
		},
	},
});

/** Addresses of connections are kept the wrong way round, those of services' entries are not but their ports are. */
const ctKey = (key: TupleKey): object =>
	key.flags & TUPLE_F_SERVICE
		? tuple(key, { destAddr: key.daddr, sourceAddr: key.saddr, destPort: key.sport, sourcePort: key.dport })
		: tuple(key, { destAddr: key.saddr, sourceAddr: key.daddr, destPort: key.dport, sourcePort: key.sport });

function ctValue(key: TupleKey, entry: CtEntry, minor: number): object {
	const { rxPackets, rxBytes, txPackets, txBytes, backendId, lifetime, flags } = entry;
	const before = { Lifetime: lifetime, Flags: flags, RevNAT: swap(entry.revNatIndex) };
	const after = {
		TxFlagsSeen: entry.txFlagsSeen,
		RxFlagsSeen: entry.rxFlagsSeen,
		SourceSecurityID: entry.srcSecId,
		LastTxReport: entry.lastTxReport,
		LastRxReport: entry.lastRxReport,
	};
	const IfIndex = entry.ifindex;
	if (minor <= 15)
		return {
			RxPackets: rxPackets,
			RxBytes: key.flags & TUPLE_F_SERVICE ? backendId : rxBytes,
			TxPackets: txPackets,
			TxBytes: txBytes,
			...before,
			IfIndex,
			...after,
		};
	const counted = { Packets: rxPackets + txPackets, Bytes: rxBytes + txBytes };
	if (minor >= 19) {
		const [a = 0, b = 0, c = 0, d = 0] = octets(entry.natAddr);
		const natAddr = a + b * 0x100 + c * 0x1_0000 + d * 0x100_0000;
		return { Union0: [natAddr, backendId], ...counted, ...before, NatPort: swap(entry.natPort), ...after };
	}
	const device = minor >= 18 ? { Reserved4: 0 } : { IfIndex };
	return { Reserved0: 0, BackendID: backendId, ...counted, ...before, ...device, ...after };
}

/** `bpf ct list global`: TCP first. */
export function ctRecords(agent: Agent): readonly object[] {
	catchUp(agent.lab, agent.cluster);
	const { maps, minor } = agent;
	const net = agent.net();
	const ns = agent.ns();
	sweep({ maps, ns, net });
	return [maps.ctTcp, maps.ctAny].flatMap((map) =>
		[...map.dump(ns)].map(([key, entry]) => ({ Key: ctKey(key), Value: ctValue(key, entry, minor) })),
	);
}

/** `bpf nat list`. */
export function natRecords(agent: Agent): readonly object[] {
	catchUp(agent.lab, agent.cluster);
	const { maps, minor } = agent;
	const ns = agent.ns();
	if (!maps.snat.exists(ns)) return [];
	sweep({ maps, ns, net: agent.net() });
	return [...maps.snat.dump(ns)].map(([key, { created, needsCt, toAddr, toPort }]) => ({
		Key: tuple(key, { destAddr: key.daddr, sourceAddr: key.saddr, destPort: key.dport, sourcePort: key.sport }),
		Value: {
			Created: created,
			[minor <= 12 ? 'HostLocal' : 'NeedsCT']: needsCt ? 1 : 0,
			Pad1: 0,
			Pad2: 0,
			Addr: octets(toAddr),
			Port: swap(toPort),
		},
	}));
}

/** Bits of a key's beginning, before protocol and port. */
const STATIC_PREFIX_BITS = 40;

/** Of an entry of the highest priority: MaxDenyPrecedence, MaxAllowPrecedence (pkg/policy/types/entry.go @ v1.19.0). */
const precedence = (deny: boolean): number => (deny ? 0xffffffff : 0xffffff00);

/** policymap.PolicyEntryDump. */
export function policyRecord(row: PolicyRow, minor: number): object {
	const { key, deny, prefix, packets, bytes } = row;
	const port = swap(row.proxyPort);
	const direction = key.egress ? 1 : 0;
	const counted = { Packets: packets, Bytes: bytes };
	if (minor <= 13)
		return {
			'+policyentry': { ProxyPort: port, Flags: deny ? 1 : 0, Pad0: 0, Pad1: 0, Pad2: 0, ...counted },
			Key: { Identity: key.identity, DestPort: swap(key.dport), Nexthdr: key.proto, TrafficDirection: direction },
		};
	const head = { ProxyPortNetwork: port, Flags: (deny ? 1 : 0) | (prefix << 3) };
	const rest =
		minor <= 17
			? { AuthType: 0, Pad1: 0, ...(minor <= 15 && { Pad2: 0 }), ...counted }
			: minor === 18
				? { AuthRequirement: 0, ProxyPortPriority: 0, Pad1: 0, Pad2: 0 }
				: { AuthRequirement: 0, Precedence: precedence(deny), Cookie: 0 };
	return {
		'+policyentry': { ...head, ...rest },
		...(minor >= 18 && { '+statsvalue': counted }),
		Key: {
			Prefixlen: STATIC_PREFIX_BITS + prefix,
			Identity: key.identity,
			TrafficDirection: direction,
			Nexthdr: key.proto,
			DestPortNetwork: swap(key.dport),
		},
	};
}
