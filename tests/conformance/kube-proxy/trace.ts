/**
 * Sends a packet through a node's rules with the netfilter engine and says where it may end up, over all outcomes of
 * chance: as kube-proxy's own tests do (pkg/proxy/iptables/proxier_test.go, runPacketFlowTests), not by comparing
 * rule text.
 */
import {
	addAddress,
	addNamespace,
	addPhysical,
	createNet,
	deviceByName,
	type IpSkb,
	type NetfilterServices,
	netfilterHook,
	type Ruleset,
	setRuleset,
} from '../../../src/sim/linux/index.ts';
import { createRecorder } from '../../../src/sim/trace/index.ts';
import { formatIp, type Ip, type Ipv4, type Transport } from '../../../src/sim/wire/index.ts';
import { ip } from '../../unit/sim/kube/fixtures.ts';

export interface TracedNode {
	readonly rules: Ruleset;
	/** First is the primary. Loopback is local in any case. */
	readonly addresses: readonly Ip[];
}

export interface Packet {
	readonly src: string;
	readonly dst: string;
	readonly port: number;
	readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

/** `10.180.0.1:80, 10.180.1.1:80` in order, or DROP, REJECT, ACCEPT (a rule of filter said so), or nothing. */
export interface Traced {
	readonly output: string;
	/** Whether the source was masqueraded. Undefined when the packet is not forwarded to an endpoint. */
	readonly masq?: boolean;
}

const NUMBER = { TCP: 6, UDP: 17, SCTP: 132 } as const;

const transport = (protocol: 'TCP' | 'UDP' | 'SCTP', dport: number): Transport => {
	const sport = 43594;
	switch (protocol) {
		case 'TCP':
			return { kind: 'tcp', sport, dport, seq: 1, ack: 0, flags: 2, window: 64240, data: new Uint8Array(0) };
		case 'UDP':
			return { kind: 'udp', sport, dport, data: new Uint8Array(0) };
		case 'SCTP':
			return { kind: 'raw', data: Uint8Array.of(sport >> 8, sport & 255, dport >> 8, dport & 255) };
	}
};

const portOf = ({ payload }: Ipv4): number =>
	payload.kind === 'raw' ? payload.data[2]! * 256 + payload.data[3]! : 'dport' in payload ? payload.dport : 0;

/** One way through. `choices` are what the draws of `statistic` answer, one after the other; true matches. */
const walk = (node: TracedNode, packet: Packet, choices: readonly boolean[]): { result: Traced; drawn: number } => {
	const recorder = createRecorder();
	const net = createNet({ seed: 1, recorder });
	let drawn = 0;
	net.random = (purpose, _key, bound) => {
		if (purpose !== 'statistic') return 0;
		return (choices[drawn++] ?? true) ? 0 : bound - 1;
	};
	addNamespace(net, 'wire');
	addNamespace(net, 'node', { sysctls: { ip_forward: true, route_localnet: true } });
	addPhysical(net, { ns: 'node', name: 'eth0' }, { ns: 'wire', name: 'eth0' });
	for (const address of node.addresses) addAddress(net, 'node', 'eth0', { ip: address, length: 24 });
	setRuleset(net, 'node', node.rules);
	const ns = net.namespaces.get('node')!;
	const eth0 = deviceByName(ns, 'eth0')!;
	const lo = deviceByName(ns, 'lo')!;

	const isLocal = (address: Ip): boolean => address >>> 24 === 127 || node.addresses.includes(address);
	let rejected = false;
	const services: NetfilterServices = {
		selectSourceAddress: () => node.addresses[0]!,
		addressType: (_ns, address) => (isLocal(address) ? 'LOCAL' : 'UNICAST'),
		sendIcmpError: () => {
			rejected = true;
		},
		sendTcpReset: () => {
			rejected = true;
		},
		rerouteOutput: () => eth0,
	};
	const src = ip(packet.src);
	const protocol = packet.protocol ?? 'TCP';
	const skb: IpSkb = {
		packet: 1,
		frame: { src: 0, dst: eth0.mac },
		net: {
			kind: 'ipv4',
			src,
			dst: ip(packet.dst),
			ttl: 64,
			protocol: NUMBER[protocol],
			id: 0,
			tos: 0,
			df: true,
			mf: false,
			offset: 0,
			options: new Uint8Array(0),
			payload: transport(protocol, packet.port),
		},
		mark: 0,
		iif: 0,
		oif: 0,
		type: 'host',
		nextHop: 0,
		cb: [],
		redirected: false,
		forwarded: false,
	};
	// The node's own packets start in OUTPUT; the others come in by eth0.
	const own = isLocal(src);
	const run = (hook: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'): boolean => {
		const received = hook === 'PREROUTING' || hook === 'INPUT' || hook === 'FORWARD';
		const sent = hook === 'FORWARD' || hook === 'OUTPUT' || hook === 'POSTROUTING';
		const ctx = {
			net,
			ns,
			services,
			...(received ? { inDev: own ? lo : eth0 } : {}),
			...(sent ? { outDev: isLocal(skb.net.dst) ? lo : eth0 } : {}),
		};
		return netfilterHook(hook, skb, ctx) === 'accept';
	};
	const path = () => {
		if (!run(own ? 'OUTPUT' : 'PREROUTING')) return false;
		if (isLocal(skb.net.dst)) return (own ? run('POSTROUTING') : true) && run('INPUT');
		return (own || run('FORWARD')) && run('POSTROUTING');
	};
	const passed = path();
	if (!passed) return { result: { output: rejected ? 'REJECT' : 'DROP' }, drawn };
	if (skb.net.dst !== ip(packet.dst) || skb.ct === undefined) {
		const masq = skb.net.src !== src || recorder.decisions.some((d) => d.why.code === 'nf.masquerade');
		return { result: { output: `${formatIp(skb.net.dst)}:${portOf(skb.net)}`, masq }, drawn };
	}
	const accepted = recorder.decisions.some(
		(d) => d.table === 'filter' && d.verdict === 'accept' && d.rule !== undefined,
	);
	return { result: { output: accepted ? 'ACCEPT' : '' }, drawn };
};

/** All outcomes, depth first. Endpoints are joined; how a packet is masqueraded must not depend on chance. */
export const trace = (node: TracedNode, packet: Packet): Traced => {
	const outputs = new Set<string>();
	const masquerades = new Set<boolean | undefined>();
	const explore = (choices: readonly boolean[]): void => {
		const { result, drawn } = walk(node, packet, choices);
		outputs.add(result.output);
		masquerades.add(result.masq);
		// Every draw that was not told what to answer said true: now the other answer.
		for (let i = choices.length; i < drawn; i++)
			explore([...choices, ...Array<boolean>(i - choices.length).fill(true), false]);
	};
	explore([]);
	if (masquerades.size > 1) throw new Error(`masquerading depends on chance: ${[...outputs].join(' ')}`);
	const [masq] = masquerades;
	const output = [...outputs].sort().join(', ');
	return masq === undefined ? { output } : { output, masq };
};
