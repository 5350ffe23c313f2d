/**
 * cilium-health: whether the nodes reach each other. An echo to each node and to its health endpoint, and a request to what answers
 * there: measured when somebody asks, and so that it leaves no trace (idle.ts sends those that do).
 *
 * Source: pkg/health/client/client.go, cilium-health/cmd/status.go @ v1.12.1, v1.16.4, v1.17.2, v1.18.3 (as their output has it).
 */
import { formatTime } from '../../../../sim/api/index.ts';
import type { Lab } from '../../../../sim/lab/index.ts';
import { connect, isLinuxError, ping } from '../../../../sim/linux/index.ts';
import { formatIp, type Ip, parseIp } from '../../../../sim/wire/index.ts';
import { healthInterval, hello, type Space, send, spaceAt } from '../../../linux/index.ts';
import type { Agent } from '../context.ts';
import { goDuration } from '../output.ts';

/** One address. */
export interface PathHealth {
	/** Microseconds there and back; undefined when no answer came. */
	readonly icmp: number | undefined;
	/** The same, or what went wrong. */
	readonly http: number | string;
}

export interface NodeHealth {
	readonly name: string;
	readonly local: boolean;
	readonly ip: Ip;
	readonly healthIP: Ip;
	readonly host: PathHealth;
	readonly endpoint: PathHealth;
	/** Virtual microseconds. */
	readonly probed: number;
}

export interface ClusterHealth {
	/** This node first, then by name. */
	readonly nodes: readonly NodeHealth[];
	readonly probed: number;
	/** Microseconds. */
	readonly interval: number;
}

/** How long is waited: an echo's answer; a request's (pkg/health/defaults). */
const PATIENCE = 1_000_000;
const TIMEOUT = 5_000_000;

/** An echo and its answer, in microseconds. */
function rtt(space: Space, to: Ip): number | undefined {
	let took: number | undefined;
	const sent = send(space, (net, ns) => ping(net, ns, { dst: to, size: 8, deadline: PATIENCE }), { silent: true });
	for (const { direction, frame, time } of sent.frames) {
		if (direction !== 'rx' || frame.payload.kind !== 'ipv4') continue;
		const { payload } = frame.payload;
		if (payload.kind === 'icmp' && payload.type === 0) took ??= time - sent.began;
	}
	// Of the node's own addresses nothing is seen on a device.
	return took ?? (isOwn(space, to) ? 0 : undefined);
}

const isOwn = (space: Space, ip: Ip): boolean =>
	[...space.ns().devices.values()].some(({ addresses }) => addresses.some((a) => a.ip === ip));

/** GET /hello at what answers probes, in microseconds, or what the client says of it. */
function http(space: Space, to: Ip): number | string {
	const asked = `${formatIp(to)}:4240`;
	const sent = send(
		space,
		(net, ns) =>
			connect(net, ns, { protocol: 'tcp', dst: to, dport: 4240, data: hello(formatIp(to)), deadline: TIMEOUT }),
		{ silent: true },
	);
	const { value: client } = sent;
	const outcome = isLinuxError(client) ? undefined : client.outcome;
	const last = sent.frames.findLast(({ direction }) => direction === 'rx')?.time ?? sent.began;
	if (outcome?.result === 'connected') return last - sent.began;
	const said = outcome && 'errno' in outcome ? outcome.errno : 'ETIMEDOUT';
	if (said === 'ECONNREFUSED') return `Get "http://${asked}/hello": dial tcp ${asked}: connect: connection refused`;
	if (said === 'EHOSTUNREACH') return `Get "http://${asked}/hello": dial tcp ${asked}: connect: no route to host`;
	return `Get "http://${asked}/hello": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
}

interface KnownNode {
	readonly name: string;
	readonly ip: Ip;
	readonly routerIP: Ip;
	readonly healthIP: Ip;
}

/** Nodes as their CiliumNodes have them: a machine that is off is still one of the cluster. */
function knownNodes({ cluster }: Agent): readonly KnownNode[] {
	const resource = cluster.api.find('ciliumnodes');
	return (resource ? cluster.api.list(resource) : []).flatMap(({ metadata, spec = {} }) => {
		const addresses = (spec.addresses ?? []) as readonly { readonly type: string; readonly ip: string }[];
		const of = (wanted: string): Ip | undefined => parseIp(addresses.find(({ type }) => type === wanted)?.ip ?? '');
		const ip = of('InternalIP');
		const routerIP = of('CiliumInternalIP');
		const healthIP = parseIp((spec.health as { readonly ipv4?: string } | undefined)?.ipv4 ?? '');
		return ip === undefined || routerIP === undefined || healthIP === undefined
			? []
			: [{ name: metadata.name, ip, routerIP, healthIP }];
	});
}

/** When somebody last had an agent probe at once, by cluster and pod. */
const askedFor = new WeakMap<Lab, Map<string, number>>();

/** `--probe`: what is found now stands until the next round. */
export function probeNow({ lab, cluster, state }: Agent): void {
	const all = askedFor.get(lab) ?? new Map<string, number>();
	askedFor.set(lab, all);
	all.set(`${cluster.name} ${state.pod}`, lab.now);
}

/** What the last probes of an agent's health endpoint found: each node, and its health endpoint. */
export function healthOf(agent: Agent): ClusterHealth {
	const { cluster, state, lab, minor } = agent;
	const known = knownNodes(agent);
	const interval = healthInterval(minor, known.length);
	const routine = state.startedAt + Math.floor((lab.now - state.startedAt) / interval) * interval;
	const asked = askedFor.get(lab)?.get(`${cluster.name} ${state.pod}`) ?? 0;
	const probed = Math.max(routine, asked);
	const space = spaceAt({ kind: 'node', cluster: cluster.name, node: state.node }, lab);
	/** Programs take time too, which packets of the simulator do not: it is drawn for each probe. */
	const slow = (took: number, what: string): number =>
		took + 60 + lab.random('probe takes', `${state.node} ${what} ${probed}`, 400);
	const path = (to: Ip): PathHealth => {
		const icmp = space && rtt(space, to);
		const answer = space ? http(space, to) : '';
		const name = formatIp(to);
		return {
			icmp: icmp === undefined ? undefined : slow(icmp, `icmp ${name}`),
			http: typeof answer === 'number' ? slow(answer, `http ${name}`) : answer,
		};
	};
	const nodes = known.map(
		({ name, ip, healthIP }): NodeHealth => ({
			name,
			local: name === state.node,
			ip,
			healthIP,
			host: path(ip),
			endpoint: path(healthIP),
			probed,
		}),
	);
	nodes.sort((a, b) => (a.local ? -1 : b.local ? 1 : a.name < b.name ? -1 : 1));
	return { nodes, probed, interval };
}

/** PathIsHealthy(). */
const isHealthy = ({ icmp, http: answer }: PathHealth): boolean => icmp !== undefined && typeof answer === 'number';

const isWell = ({ host, endpoint }: NodeHealth): boolean => isHealthy(host) && isHealthy(endpoint);

/** A time of the lab (microseconds) as the API writes it. */
export const timeText = (agent: Agent, at: number): string => formatTime(agent.lab.epoch + Math.floor(at / 1e6));

const word = (path: PathHealth): string => (isHealthy(path) ? 'reachable' : 'unreachable');
const count = (path: PathHealth): string => (isHealthy(path) ? '1/1' : '0/1');

/** The rows below the status, with tabs; `all` also lists nodes that are well. */
export function healthRows(
	agent: Agent,
	{ all, verbose }: { readonly all: boolean; readonly verbose: boolean },
): string {
	const health = healthOf(agent);
	const { minor } = agent;
	const well = health.nodes.filter(isWell).length;
	const interval = minor >= 18 ? `\t(Probe interval: ${goDuration(health.interval)})` : '';
	let out = `Cluster health:\t${well}/${health.nodes.length} reachable\t(${timeText(agent, health.probed)})${interval}\n`;
	if (minor >= 17) {
		out += 'Name\tIP\tNode\tEndpoints\n';
		for (const node of health.nodes) {
			if (verbose) out += longRows(agent, node);
			else if (all || !isWell(node))
				out += `  ${nameOf(node)}\t${formatIp(node.ip)}\t${count(node.host)}\t${count(node.endpoint)}\n`;
		}
		return out;
	}
	if (all || verbose || well < health.nodes.length) out += '  Name\tIP\tNode\tEndpoints\n';
	for (const node of health.nodes)
		if (all || verbose || !isWell(node))
			out += `  ${nameOf(node)}\t${formatIp(node.ip)}\t${word(node.host)}\t${word(node.endpoint)}\n`;
	return out;
}

const nameOf = ({ name, local }: NodeHealth): string => `${name}${local ? ' (localhost)' : ''}`;

/** All there is to say of one node. */
export function longRows(agent: Agent, node: NodeHealth): string {
	const probed = agent.minor >= 18 ? `\t(Last probed: ${timeText(agent, node.probed)})` : '';
	const time = (took: number): string => `OK, RTT=${goDuration(took)}`;
	const lines = ({ icmp, http: answer }: PathHealth): string =>
		`      ICMP to stack:\t${icmp === undefined ? 'Connection timed out' : time(icmp)}${probed}\n` +
		`      HTTP to agent:\t${typeof answer === 'number' ? time(answer) : answer}${probed}\n`;
	return (
		`  ${nameOf(node)}:\n` +
		`    Host connectivity to ${formatIp(node.ip)}:\n${lines(node.host)}` +
		`    Endpoint connectivity to ${formatIp(node.healthIP)}:\n${lines(node.endpoint)}`
	);
}
