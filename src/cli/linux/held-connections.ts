/**
 * Connections that components keep open: kubelets, kube-proxy, agents and operators, CoreDNS and the control plane to the API
 * server, that one to etcd, Hubble's relay to agents. Nobody sends their packets one by one; each is made in a copy of the
 * network when somebody looks, and is there if that went well, with the addresses both ends then had.
 */
import type { Cluster } from '../../sim/lab/index.ts';
import {
	type Client,
	type Connection,
	connect,
	connectionsAt,
	forkNet,
	hashText,
	isLinuxError,
	type Network,
	run,
} from '../../sim/linux/index.ts';
import { type Ip, parseIp } from '../../sim/wire/index.ts';
import { EVENT_BUDGET, nodeNs, podsOf } from '../../sim/world/index.ts';
import { dress } from './servers.ts';
import type { Space } from './space.ts';

interface End {
	readonly ns: string;
	readonly ip: Ip;
	readonly port: number;
	/** Name of the program, and its container where it has one. */
	readonly program: string;
	readonly container?: string;
}

export interface Held {
	readonly client: End;
	readonly server: End;
	/** Where the client's socket goes: what it was told, or what a socket program made of that. */
	readonly to: { readonly ip: Ip; readonly port: number };
	/** Who connects, as the server sees it. */
	readonly from: { readonly ip: Ip; readonly port: number };
}

interface Wish {
	readonly ns: string;
	readonly program: string;
	readonly container?: string;
	readonly dst: Ip;
	readonly dport: number;
}

/** The API server's ClusterIP, and its port there: what pods find in their environment. */
const IN_CLUSTER = { dst: 0x0a600001, dport: 443 };
const API_PORT = 6443;

interface PodSpec {
	readonly containers?: readonly {
		readonly name: string;
		readonly env?: readonly { readonly name: string; readonly value?: string }[];
	}[];
}

/** What a container's own environment says of the API server, else what the kubelet puts there. */
function inClusterOf(cluster: Cluster, namespace: string, pod: string, container: string): typeof IN_CLUSTER {
	const pods = cluster.api.find?.('pods');
	const spec = (pods && cluster.api.get(pods, namespace, pod)?.spec) as PodSpec | undefined;
	const env = spec?.containers?.find((c) => c.name === container)?.env ?? [];
	const value = (name: string): string | undefined => env.find((e) => e.name === name)?.value;
	const services = cluster.api.find?.('services');
	const kubernetes = services && cluster.api.get(services, 'default', 'kubernetes');
	const { clusterIP } = (kubernetes?.spec ?? {}) as { readonly clusterIP?: string };
	const host = value('KUBERNETES_SERVICE_HOST') ?? clusterIP;
	const named = cluster.nodes().find((n) => n.name === host)?.ip;
	return {
		dst: named ?? parseIp(host ?? '') ?? IN_CLUSTER.dst,
		dport: Number(value('KUBERNETES_SERVICE_PORT') ?? IN_CLUSTER.dport) || IN_CLUSTER.dport,
	};
}

/** Programs by the last part of their image, and what each keeps open. */
function wishes(cluster: Cluster): readonly Wish[] {
	const out: Wish[] = [];
	const nodes = cluster.nodes();
	const balancer = nodes.find((n) => n.role === 'external-load-balancer' && n.running)?.ip;
	const planes = nodes.filter((n) => n.role === 'control-plane' && n.running);
	const api = balancer ?? planes[0]?.ip;
	if (api === undefined) return out;
	const pods = podsOf(cluster.world());
	for (const { name, role, running, kubelet } of nodes)
		if (running && kubelet && role !== 'external-load-balancer')
			out.push({ ns: nodeNs(name), program: 'kubelet', dst: api, dport: API_PORT });
	for (const { id, name, pod, node, image } of cluster.running()) {
		const host = pods.find((p) => p.metadata.name === pod.name && p.metadata.namespace === pod.namespace)?.hostNetwork;
		if (host === undefined) continue;
		const program = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');
		const own = nodes.find((n) => n.name === node)?.ip ?? 0;
		const put = (dst: Ip, dport: number, as = program): void => {
			out.push({
				ns: host ? nodeNs(node) : `pod/${pod.namespace}/${pod.name}`,
				program: as,
				container: id,
				dst,
				dport,
			});
		};
		const inCluster = (as?: string): void => {
			const { dst, dport } = inClusterOf(cluster, pod.namespace, pod.name, name);
			put(dst, dport, as);
		};
		if (program === 'kube-proxy') put(api, API_PORT);
		else if (program === 'kube-controller-manager' || program === 'kube-scheduler') put(own, API_PORT);
		else if (program === 'kube-apiserver') put(0x7f000001, 2379);
		else if (program === 'coredns' || program === 'local-path-provisioner' || program === 'kindnetd') inCluster();
		else if (/^operator(?:-|$)/.test(program) && /cilium/.test(image)) inCluster('cilium-operator');
		else if (program === 'cilium' && cluster.agents().some((a) => a.pod === pod.name && a.state === 'ready'))
			inCluster('cilium-agent');
		else if (program === 'hubble-relay')
			for (const agent of cluster.agents()) {
				const peer = nodes.find((n) => n.name === agent.node)?.ip;
				if (agent.state === 'ready' && peer !== undefined) put(peer, 4244);
			}
	}
	return out;
}

interface Made {
	readonly held: readonly Held[];
	/** What conntrack has of them, by namespace. */
	readonly tracks: ReadonlyMap<string, readonly Connection[]>;
}

const known = new WeakMap<Network, Made>();

/** nf_conntrack_tcp_timeout_established, and how often Go's connections show that they live (net.Dialer's KeepAlive), microseconds. */
const ESTABLISHED = 432_000_000_000;
const KEEPALIVE = 15_000_000;

/** Entries of a namespace's conntrack, those of connections that are kept open among them. */
export function trackedAt(space: Space): readonly Connection[] {
	const { now } = space.net();
	const own = connectionsAt(space.ns().conntrack, now);
	const timeout = now + ESTABLISHED - (now % KEEPALIVE);
	const tracks = made(space)?.tracks.get(space.name) ?? [];
	return [...own, ...tracks.map((c) => ({ ...c, timeout, tcp: { ...c.tcp!, state: 'ESTABLISHED' as const } }))];
}

/** All of a cluster's, as its network is now. */
export const heldConnections = (space: Space): readonly Held[] => made(space)?.held ?? [];

function made(space: Space): Made | undefined {
	const { cluster } = space;
	if (!cluster?.api.find) return undefined;
	const present = space.net();
	const before = known.get(present);
	if (before) return before;
	const net = forkNet(present);
	const undress = dress(net, space);
	const begun: { readonly wish: Wish; readonly client: Client }[] = [];
	for (const [i, wish] of wishes(cluster).entries()) {
		if (!net.namespaces.has(wish.ns)) continue;
		const key = `${cluster.name} ${wish.ns} ${wish.program} ${wish.container ?? ''} ${wish.dst} ${i}`;
		const { dst, dport } = wish;
		const sport = 32_768 + (hashText(41, key) % 14_115) * 2;
		const client = connect(net, wish.ns, { protocol: 'tcp', dst, dport, sport, deadline: 3_000_000 });
		if (!isLinuxError(client)) begun.push({ wish, client });
	}
	run(net, { budget: EVENT_BUDGET });
	undress();
	const held = begun.flatMap(({ wish, client }): Held[] => {
		const { local, remote, accepted } = client;
		if (!local || !accepted || client.outcome?.errno !== undefined) return [];
		const { ns, program, container } = wish;
		return [
			{
				client: { ns, ...local, program, ...(container === undefined ? {} : { container }) },
				server: { ns: accepted.ns, ...accepted.local, program: accepted.owner },
				to: remote,
				from: accepted.peer,
			},
		];
	});
	const ports = new Set(held.map(({ client }) => `${client.ip}:${client.port}`));
	const tracks = new Map<string, readonly Connection[]>();
	for (const { name, conntrack } of net.namespaces.values())
		tracks.set(
			name,
			connectionsAt(conntrack, net.now).filter(
				({ tcp, original }) =>
					tcp && ports.has(`${original.src}:${original.sport}`) && !isKnown(present, name, original),
			),
		);
	const all = { held, tracks };
	known.set(present, all);
	return all;
}

const isKnown = (net: Network, ns: string, { src, sport }: Connection['original']): boolean =>
	[...(net.namespaces.get(ns)?.conntrack.connections.values() ?? [])].some(
		({ original }) => original.src === src && original.sport === sport,
	);
