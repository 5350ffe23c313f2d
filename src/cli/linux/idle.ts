/**
 * What a cluster does by itself: kubelets probe pods, agents probe nodes and their health endpoints. Real packets, sent when somebody
 * looks, at the times they were due in the last minute; before that nobody remembers them.
 *
 * Source: kubernetes pkg/kubelet/prober @ v1.24.0; cilium pkg/health/server/prober.go @ v1.12.1, v1.18.3.
 */
import { type Cluster, checksHealth, type Lab } from '../../sim/lab/index.ts';
import { connect, type Network, ping } from '../../sim/linux/index.ts';
import { type Ip, parseIp, utf8 } from '../../sim/wire/index.ts';
import { nodeNs } from '../../sim/world/index.ts';
import { FOREVER } from '../shell/clock.ts';
import type { Call } from '../tool.ts';
import { type Space, spaceAt } from './space.ts';
import { send } from './traffic.ts';

/** How far back, and how many exchanges at most, microseconds. */
const WINDOW = 60_000_000;
const MOST = 120;

const HEALTH_PORT = 4240;

interface Exchange {
	readonly at: number;
	/** Whose it is. */
	readonly node: string;
	start(net: Network, ns: string): unknown;
}

/** pkg/health/probe: every minute to 1.17; later the longer the more addresses there are (ClusterSizeDependantInterval). */
export const healthInterval = (minor: number, nodes: number): number =>
	minor <= 17 ? 60_000_000 : 60_000_000 * Math.log(1 + 2 * nodes);

interface Peer {
	readonly name: string;
	readonly ip: Ip;
	readonly health: Ip | undefined;
}

/** Nodes as their CiliumNodes have them. */
function peersOf({ api }: Cluster): readonly Peer[] {
	const resource = api.find('ciliumnodes');
	return (resource ? api.list(resource) : []).flatMap(({ metadata, spec = {} }) => {
		const addresses = (spec.addresses ?? []) as readonly { readonly type: string; readonly ip: string }[];
		const ip = parseIp(addresses.find(({ type }) => type === 'InternalIP')?.ip ?? '');
		const health = parseIp((spec.health as { readonly ipv4?: string } | undefined)?.ipv4 ?? '');
		return ip === undefined ? [] : [{ name: metadata.name, ip, health }];
	});
}

const get = (path: string, host: string, agent: string): Uint8Array =>
	utf8(
		`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${agent}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
	);

/** The request of a health probe: `GET /hello`, as octets. */
export const hello = (host: string): Uint8Array => get('/hello', `${host}:${HEALTH_PORT}`, 'Go-http-client/1.1');

/** Times in (after, until] of what recurs. */
function times(first: number, every: number, after: number, until: number): readonly number[] {
	const out: number[] = [];
	const skipped = after < first ? 0 : Math.floor((after - first) / every) + 1;
	for (let at = first + skipped * every; at <= until; at += every) out.push(Math.floor(at));
	return out;
}

function healthProbes(cluster: Cluster, after: number, until: number): readonly Exchange[] {
	const peers = peersOf(cluster);
	return cluster.agents().flatMap((agent) => {
		if (agent.state !== 'ready' || !checksHealth(agent)) return [];
		const minor = Number(agent.version.split('.')[1]);
		const every = healthInterval(minor, peers.length);
		return peers.flatMap(({ ip, health }, i) => {
			const offset = minor <= 17 ? i * 20_000 : (i * every) / peers.length;
			return [ip, ...(health === undefined ? [] : [health])].flatMap((dst, j) =>
				times(agent.startedAt + offset + j * 5_000, every, after, until).flatMap((at): Exchange[] => [
					{ at, node: agent.node, start: (net, ns) => ping(net, ns, { dst, size: 8 }) },
					{
						at: at + 2_000,
						node: agent.node,
						start: (net, ns) =>
							connect(net, ns, {
								protocol: 'tcp',
								dst,
								dport: HEALTH_PORT,
								data: hello('node'),
								deadline: 5_000_000,
							}),
					},
				]),
			);
		});
	});
}

interface ProbeSpec {
	readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly host?: string };
	readonly tcpSocket?: { readonly port: number | string };
	readonly initialDelaySeconds?: number;
	readonly periodSeconds?: number;
	readonly timeoutSeconds?: number;
}

interface ContainerSpec {
	readonly name: string;
	readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
	readonly livenessProbe?: ProbeSpec;
	readonly readinessProbe?: ProbeSpec;
}

function podProbes(lab: Lab, cluster: Cluster, after: number, until: number): readonly Exchange[] {
	const pods = cluster.api.find('pods');
	if (!pods) return [];
	const kubelet = `kube-probe/${/^v?(\d+\.\d+)/.exec(cluster.api.version)?.[1] ?? ''}`;
	return cluster.running().flatMap(({ id, name, pod, node, startedAt }) => {
		const object = cluster.api.get(pods, pod.namespace, pod.name);
		const spec = object?.spec as
			| { readonly hostNetwork?: boolean; readonly containers?: readonly ContainerSpec[] }
			| undefined;
		const ip = parseIp((object?.status as { readonly podIP?: string } | undefined)?.podIP ?? '');
		const container = spec?.containers?.find((c) => c.name === name);
		if (!container || spec?.hostNetwork || ip === undefined) return [];
		return [container.livenessProbe, container.readinessProbe].flatMap((probe, i): Exchange[] => {
			const asked = probe?.httpGet ?? probe?.tcpSocket;
			if (!probe || !asked || probe.httpGet?.host !== undefined) return [];
			const dport =
				typeof asked.port === 'number'
					? asked.port
					: (container.ports?.find((p) => p.name === asked.port)?.containerPort ?? 0);
			const period = (probe.periodSeconds ?? 10) * 1_000_000;
			const first =
				startedAt + (probe.initialDelaySeconds ?? 0) * 1_000_000 + lab.random('probe', `${id}${i}`, 1_000_000);
			return times(first, period, after, until).map((at) => ({
				at,
				node,
				start: (net, ns) =>
					connect(net, ns, {
						protocol: 'tcp',
						dst: ip,
						dport,
						...(probe.httpGet ? { data: get(probe.httpGet.path ?? '/', 'pod', kubelet) } : {}),
						deadline: (probe.timeoutSeconds ?? 1) * 1_000_000,
					}),
			}));
		});
	});
}

const exchanges = (lab: Lab, cluster: Cluster, after: number, until: number): readonly Exchange[] =>
	[...healthProbes(cluster, after, until), ...podProbes(lab, cluster, after, until)]
		.filter(({ at }) => at > after && at <= until)
		.sort((a, b) => a.at - b.at);

interface Progress {
	/** Until when all have been sent. */
	done: number;
	/** When the next one is due. What comes meanwhile is looked at then. */
	next: number;
}

const progress = new WeakMap<Lab, Map<string, Progress>>();

function progressOf(lab: Lab, cluster: Cluster): Progress {
	const all = progress.get(lab) ?? new Map<string, Progress>();
	progress.set(lab, all);
	const own = all.get(cluster.name) ?? { done: 0, next: 0 };
	all.set(cluster.name, own);
	return own;
}

/** Sends what was due and nobody has seen. */
export function catchUp(lab: Lab, cluster: Cluster): void {
	const own = progressOf(lab, cluster);
	if (lab.now < own.next) return;
	const after = Math.max(own.done, lab.now - WINDOW);
	own.done = lab.now;
	own.next = exchanges(lab, cluster, lab.now, lab.now + WINDOW)[0]?.at ?? lab.now + WINDOW;
	// What programs log of probes, kubelets have told them already.
	const quiet = Object.create(cluster, { served: { value: undefined } }) as Cluster;
	for (const { at, node, start } of exchanges(lab, cluster, after, lab.now).slice(-MOST)) {
		const space = spaceAt({ kind: 'node', cluster: cluster.name, node }, lab);
		const machine = cluster.nodes().find(({ name }) => name === node);
		if (!space || !machine?.running || space.name !== nodeNs(node)) continue;
		const own: Space = { ...space, cluster: quiet };
		send(own, start, { at });
	}
}

/** When the next one is due. */
export function nextDue(lab: Lab, cluster: Cluster): number {
	catchUp(lab, cluster);
	return progressOf(lab, cluster).next;
}

/** For so long somebody who waits for packets is shown what is sent without anybody's doing. */
const SHOWN = 3_600_000_000;

/** Lets time pass until something is there, and what is due meanwhile is sent; answers whether it came. */
export async function untilMore(call: Call, space: Space, there: () => boolean): Promise<boolean> {
	const { lab } = call;
	const clusters = space.cluster ? [space.cluster] : lab.clusters();
	const end = lab.now + SHOWN;
	while (!there() && lab.now < end) {
		const due = Math.min(end, ...clusters.map((cluster) => nextDue(lab, cluster)));
		if (!there()) await call.until(there, Math.max(1, due - lab.now));
	}
	return there() || call.until(there, FOREVER);
}
