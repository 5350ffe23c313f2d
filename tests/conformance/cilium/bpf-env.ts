/**
 * One node as Cilium's own BPF tests have it (bpf/tests/common.h, pktgen.h @ v1.18.0): programs are run on a packet, and
 * the packet's octets looked at. Addresses, ports and the payload of the packet are theirs.
 */
import { ciliumMaps, features, SERVICE_LOOPBACK } from '../../../src/sim/cilium/index.ts';
import type { NodeConfig } from '../../../src/sim/cilium/programs/node.ts';
import {
	addAddress,
	addNamespace,
	addNeighbour,
	addRoute,
	addTunnel,
	addVeth,
	createNet,
	deviceByName,
	type Namespace,
	type Network,
	type Program,
	type ProgramVerdict,
	type Skb,
} from '../../../src/sim/linux/index.ts';
import {
	checksum,
	EMPTY,
	encodeIpv4,
	type GeneveOption,
	type Ip,
	type Ipv4,
	ipHeaderLength,
	parseIp,
	prefixOf,
	TCP_SYN,
	utf8,
} from '../../../src/sim/wire/index.ts';
import { SIZES } from './env.ts';

export const ip = (text: string): Ip => parseIp(text)!;

export const CLIENT = ip('110.0.11.1');
export const CLIENT2 = ip('120.0.12.2');
export const NODE = ip('10.0.10.1');
export const NODE2 = ip('10.0.10.2');
export const SVC_LOCAL = ip('172.16.10.1');
export const SVC_REMOTE = ip('172.16.10.2');
export const POD_LOCAL = ip('192.168.0.1');
export const POD_REMOTE = ip('192.168.0.2');
export const GATEWAY = ip('10.0.10.100');
/** Next hop on the node's second device. */
export const OTHER_GATEWAY = ip('10.0.20.254');
const CLIENT_PORT = 111;
export const SVC_PORT = 80;
export const POD_PORT = 8080;

export interface Bench {
	readonly net: Network;
	readonly ns: Namespace;
	readonly node: NodeConfig;
	/** Runs a program at a device's hook. */
	run(program: Program, device: string, hook: 'xdp' | 'tc-ingress' | 'tc-egress', skb: Skb): ProgramVerdict;
}

/**
 * A node with a device to everywhere (and a second one, to which nothing leads yet), a pod on it, a tunnel device, and
 * two services with one backend each.
 */
export const bench = (version: string, more: Partial<NodeConfig> = {}): Bench => {
	const net = createNet({ seed: 11 });
	addNamespace(net, 'node', { sysctls: { ip_forward: true } });
	addNamespace(net, 'world', {});
	addNamespace(net, 'pod', {});
	addVeth(net, { ns: 'node', name: 'eth0' }, { ns: 'world', name: 'eth0' });
	addVeth(net, { ns: 'node', name: 'lxc1' }, { ns: 'pod', name: 'eth0' });
	addVeth(net, { ns: 'node', name: 'eth1' }, { ns: 'world', name: 'eth1' });
	addTunnel(net, { ns: 'node', name: 'tun0' }, 'geneve', 6081);
	addAddress(net, 'node', 'eth0', { ip: NODE, length: 24 });
	addRoute(net, 'node', { dst: { address: 0, length: 0 }, via: ip('10.0.10.254'), dev: 'eth0' });
	addNeighbour(net, 'node', 'eth0', ip('10.0.10.254'), 0x020000000254);
	addNeighbour(net, 'node', 'eth0', NODE2, 0x08141c32527e);
	addAddress(net, 'node', 'eth1', { ip: ip('10.0.20.1'), length: 24 });
	addNeighbour(net, 'node', 'eth1', OTHER_GATEWAY, 0x020000002254);
	const ns = net.namespaces.get('node')!;
	const ifindex = (name: string) => deviceByName(ns, name)!.ifindex;
	const maps = ciliumMaps(
		features(version),
		SIZES,
		{ source: 'ktime', hz: 250 },
		{ algorithm: 'random', maglevTableSize: 16381, jhashSeed: 0x71dcda46, nodePortRange: [30000, 32767] },
	);
	const node: NodeConfig = {
		maps,
		directRouting: NODE,
		nativeIfindex: ifindex('eth0'),
		mtu: 1500,
		gateway: GATEWAY,
		ciliumNetMac: 0,
		nodePort: true,
		mode: 'snat',
		dispatch: 'opt',
		dsrIcmpErrors: false,
		bpfMasquerade: true,
		snatExclusion: prefixOf(ip('192.168.0.0'), 16),
		hostRouting: true,
		endpointRoutes: false,
		tunnel: false,
		encapIfindex: ifindex('tun0'),
		perPacketLb: true,
		loopback: SERVICE_LOOPBACK,
		oneDevice: true,
		noBackendResponse: 'reject',
		egressGateway: undefined,
		policy: undefined,
		...more,
	};
	const proto = maps.features.protocolInKey ? 6 : 0;
	for (const [i, [address, backend]] of [
		[SVC_LOCAL, POD_LOCAL],
		[SVC_REMOTE, POD_REMOTE],
	].entries()) {
		const id = i + 1;
		const key = { address: address!, port: SVC_PORT, proto, scope: 0 } as const;
		const plain = { affinityTimeout: 0, algorithm: 0, qcount: 0, flags2: 0 } as const;
		maps.services.update(ns, { ...key, slot: 0 }, { ...plain, backendId: 0, count: 1, revNatIndex: id, flags: 0x40 });
		maps.services.update(ns, { ...key, slot: 1 }, { ...plain, backendId: id, count: 0, revNatIndex: id, flags: 0x40 });
		maps.backends.update(ns, id, { address: backend!, port: POD_PORT, proto, state: 0 });
		maps.reverseNat.update(ns, id, { address: address!, port: SVC_PORT });
	}
	const lxc = deviceByName(ns, 'lxc1')!;
	maps.lxc.update(ns, POD_LOCAL, {
		ifindex: lxc.ifindex,
		lxcId: 1,
		host: false,
		mac: deviceByName(net.namespaces.get('pod')!, 'eth0')!.mac,
		nodeMac: lxc.mac,
		identity: 112233,
	});
	maps.lxc.update(ns, NODE, { ifindex: 0, lxcId: 0, host: true, mac: 0, nodeMac: 0, identity: 0 });
	const ipcache = { encryptKey: 0, skipTunnel: false };
	maps.ipcache.update(ns, prefixOf(0, 0), { ...ipcache, identity: 2, tunnelEndpoint: 0 });
	maps.ipcache.update(ns, prefixOf(NODE2, 32), { ...ipcache, identity: 6, tunnelEndpoint: 0 });
	maps.ipcache.update(ns, prefixOf(POD_REMOTE, 32), { ...ipcache, identity: 112244, tunnelEndpoint: NODE2 });
	return {
		net,
		ns,
		node,
		run: (program, device, hook, skb) => program.run(skb, { net, ns, device: deviceByName(ns, device)!, hook }),
	};
};

interface PacketOptions {
	readonly udp?: boolean;
	readonly flags?: number;
	readonly length?: number;
	readonly options?: Uint8Array;
	readonly tunnel?: { readonly id: number; readonly options?: readonly GeneveOption[] };
}

/**
 * pktgen's default packet: TTL 64, identification 0, SYN, sequence number 123456 and a full window, twenty octets of
 * "Should not change!!". @ v1.18.0 the sequence number is stored without htonl(), so on the wire it is 0x40e20100; all
 * TCP checksums of these tests have it.
 */
export const packet = (
	src: Ip,
	sport: number,
	dst: Ip,
	dport: number,
	{ udp = false, flags = TCP_SYN, length, options = EMPTY, tunnel }: PacketOptions = {},
): Skb => {
	const data = length === undefined ? utf8('Should not change!!\0') : new Uint8Array(length);
	const net: Ipv4 = {
		kind: 'ipv4',
		src,
		dst,
		ttl: 64,
		protocol: udp ? 17 : 6,
		id: 0,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options,
		payload: udp
			? { kind: 'udp', sport, dport, data }
			: { kind: 'tcp', sport, dport, seq: 0x40e20100, ack: 0, flags, window: 65535, data },
	};
	return {
		packet: 1,
		frame: { src: 0x02_00_00_00_01_01, dst: 0x02_00_00_00_01_02 },
		net,
		mark: 0,
		iif: 0,
		oif: 0,
		type: 'host',
		nextHop: 0,
		cb: [],
		redirected: false,
		forwarded: false,
		...(tunnel ? { tunnel: { remote: NODE2, ...tunnel } } : {}),
	};
};

export const fromClient = (to: Ip, more: PacketOptions = {}): Skb => packet(CLIENT, CLIENT_PORT, to, SVC_PORT, more);

/** The checksum of the first `length` octets of the header; the whole of it when absent, as it stands on the wire. */
export const headerChecksum = (skb: Skb, length = ipHeaderLength(skb.net as Ipv4)): number => {
	const octets = encodeIpv4(skb.net as Ipv4);
	octets[10] = 0;
	octets[11] = 0;
	return checksum(octets, 0, length);
};

/** Checksum of TCP, UDP or ICMP as it stands on the wire. */
export const l4Checksum = (packet: Ipv4): number => {
	const at = { tcp: 16, udp: 6, icmp: 2, raw: 0 }[packet.payload.kind] + ipHeaderLength(packet);
	const octets = encodeIpv4(packet);
	return (octets[at]! << 8) | octets[at + 1]!;
};

/** The checksum of a packet that the programs took over from `from` with checksum `given`: only differences count. */
export const carriedChecksum = (given: number, from: Ipv4, to: Ipv4): number =>
	(given + 0xffff - l4Checksum(from) + l4Checksum(to)) % 0xffff;

/** `110.0.11.1:111 > 192.168.0.2:8080 ttl 63` */
export const shown = (skb: Skb): string => {
	const net = skb.net as Ipv4;
	const text = (address: Ip) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
	const { payload } = net;
	const ports = payload.kind === 'tcp' || payload.kind === 'udp' ? [payload.sport, payload.dport] : [0, 0];
	return `${text(net.src)}:${ports[0]} > ${text(net.dst)}:${ports[1]} ttl ${net.ttl}`;
};

/** Checksums of header and payload. */
export const sums = (skb: Skb): readonly number[] => [headerChecksum(skb), l4Checksum(skb.net as Ipv4)];
