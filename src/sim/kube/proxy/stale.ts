/**
 * UDP flows that kube-proxy makes the kernel forget when services change, so that they do not go on to an endpoint
 * that is gone, or past one that came.
 *
 * Source: kubernetes pkg/proxy/conntrack/cleanup.go @ v1.33.0; before 1.32 pkg/proxy/iptables/proxier.go
 * (deleteEndpointConnections, cleanup of stale service addresses), pkg/proxy/endpoints.go
 * (detectStaleConnections) and pkg/util/conntrack @ v1.24.0.
 */
import type { Ip } from '../../wire/index.ts';
import type { ProxyGeneration } from '../objects.ts';
import type { ProxyState, ServicePortInfo } from './state.ts';

/** What of an entry of the connection table matters: where it was sent, and who is to answer. */
export interface UdpFlow {
	readonly dst: Ip;
	readonly dport: number;
	readonly replySrc: Ip;
}

/** Whether an entry for UDP goes; undefined when none can. */
export type StaleFlow = ((flow: UdpFlow) => boolean) | undefined;

const udp = ({ ports }: ProxyState): readonly ServicePortInfo[] => ports.filter((p) => p.l4.module === 'udp');

const addressesOf = (info: ServicePortInfo): readonly Ip[] => [
	info.clusterIP,
	...info.externalIPs,
	...info.loadBalancerVIPs,
];

/** What kube-proxy of that generation deletes when it goes from one state to the next. */
export function staleFlows(generation: ProxyGeneration, before: ProxyState, after: ProxyState): StaleFlow {
	if (before === after) return undefined;
	return generation === '1.33' ? unserved(after) : changed(before, after);
}

/** From 1.32: whatever is for a service and not answered by an endpoint that serves; services without any are let be. */
function unserved(after: ProxyState): StaleFlow {
	const byAddress = new Map<string, ReadonlySet<Ip>>();
	const byNodePort = new Map<number, ReadonlySet<Ip>>();
	for (const info of udp(after)) {
		const serving = new Set(info.endpoints.filter((e) => e.serving).map((e) => e.ip));
		if (serving.size === 0) continue;
		for (const ip of addressesOf(info)) byAddress.set(`${ip}:${info.port}`, serving);
		if (info.nodePort !== 0) byNodePort.set(info.nodePort, serving);
	}
	if (byAddress.size === 0) return undefined;
	return ({ dst, dport, replySrc }) =>
		[byAddress.get(`${dst}:${dport}`), byNodePort.get(dport)].some((serving) => serving && !serving.has(replySrc));
}

/** To 1.31: what a removed service, a removed endpoint, or the first endpoint of a service makes wrong. */
function changed(before: ProxyState, after: ProxyState): StaleFlow {
	const now = new Map(udp(after).map((info) => [info.name, info] as const));
	const old = new Map(udp(before).map((info) => [info.name, info] as const));
	const ready = (info: ServicePortInfo | undefined) => (info?.endpoints ?? []).filter((e) => e.ready);
	const addresses = new Set<Ip>();
	const nodePorts = new Set<number>();
	/** `--dst-nat`: the endpoint, with the address or node port it was reached by. */
	const pairs = new Set<string>();
	for (const [name, info] of old) if (!now.has(name)) addresses.add(info.clusterIP);
	for (const [name, info] of now) {
		const was = ready(old.get(name));
		const is = ready(info);
		if (was.length === 0 && is.length > 0) {
			for (const ip of addressesOf(info)) addresses.add(ip);
			if (info.nodePort !== 0) nodePorts.add(info.nodePort);
		}
		for (const gone of was.filter((e) => !is.some((other) => other.text === e.text))) {
			for (const ip of addressesOf(info)) pairs.add(`${ip} ${gone.ip}`);
			if (info.nodePort !== 0) pairs.add(`:${info.nodePort} ${gone.ip}`);
		}
	}
	if (addresses.size + nodePorts.size + pairs.size === 0) return undefined;
	return ({ dst, dport, replySrc }) =>
		addresses.has(dst) ||
		nodePorts.has(dport) ||
		(replySrc !== dst && (pairs.has(`${dst} ${replySrc}`) || pairs.has(`:${dport} ${replySrc}`)));
}
