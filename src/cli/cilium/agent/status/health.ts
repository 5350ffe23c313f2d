/**
 * cilium-health: whether the nodes reach each other. Measured in a copy of the network, so that it leaves no trace: an
 * echo to each node, and one to its cilium_host, which stands for its health endpoint (that one is no part of the
 * packets' view). The probe by HTTP is left out for the same reason.
 *
 * Source: pkg/health/client/client.go, cilium-health/cmd/status.go @ v1.12.1, v1.15.4, v1.18.3 (as their output has it).
 */
import { formatTime } from '../../../../sim/api/index.ts';
import { forkNet, isLinuxError, ping, run } from '../../../../sim/linux/index.ts';
import { formatIp, type Ip, parseIp } from '../../../../sim/wire/index.ts';
import { EVENT_BUDGET, namespaceOf } from '../../../../sim/world/index.ts';
import type { Agent } from '../context.ts';
import { goDuration } from '../output.ts';

export interface NodeHealth {
	readonly name: string;
	readonly local: boolean;
	readonly ip: Ip;
	readonly healthIP: Ip;
	/** Microseconds there and back; undefined when no answer came. */
	readonly host: number | undefined;
	readonly endpoint: number | undefined;
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

/** How long an echo is waited for. */
const PATIENCE = 1_000_000;

/** An echo and its answer, in microseconds. */
function rtt({ cluster, state }: Agent, to: Ip): number | undefined {
	const world = cluster.world();
	const net = forkNet(world.net);
	const ns = namespaceOf(world, `node/${state.node}`)?.name;
	if (ns === undefined) return undefined;
	const began = net.now;
	let took: number | undefined;
	net.capture = ({ ns: where, direction, frame, time }) => {
		if (where !== ns || direction !== 'rx' || frame.payload.kind !== 'ipv4') return;
		const { payload } = frame.payload;
		if (payload.kind === 'icmp' && payload.type === 0) took ??= time - began;
	};
	const sent = ping(net, ns, { dst: to, deadline: PATIENCE });
	if (isLinuxError(sent)) return undefined;
	run(net, { until: began + PATIENCE, budget: EVENT_BUDGET });
	return took;
}

/** pkg/health/probe: every minute to 1.17; later the longer the more addresses there are (ClusterSizeDependantInterval). */
const intervalOf = (minor: number, nodes: number): number =>
	minor <= 17 ? 60_000_000 : 60_000_000 * Math.log(1 + 2 * nodes);

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

export function healthOf(agent: Agent): ClusterHealth {
	const { cluster, state, lab, minor } = agent;
	const others = cluster.agents();
	const known = knownNodes(agent);
	const interval = intervalOf(minor, known.length);
	const probed = state.startedAt + Math.floor((lab.now - state.startedAt) / interval) * interval;
	const nodes = known.map(
		({ name, ip, routerIP, healthIP }): NodeHealth => ({
			name,
			local: name === state.node,
			ip,
			healthIP,
			host: rtt(agent, ip),
			endpoint: others.find((other) => other.node === name)?.state === 'ready' ? rtt(agent, routerIP) : undefined,
			probed,
		}),
	);
	nodes.sort((a, b) => (a.local ? -1 : b.local ? 1 : a.name < b.name ? -1 : 1));
	return { nodes, probed, interval };
}

const isWell = ({ host, endpoint }: NodeHealth): boolean => host !== undefined && endpoint !== undefined;

export const timeText = (agent: Agent, at: number): string => formatTime(agent.lab.epoch + Math.floor(at / 1e6));

const word = (took: number | undefined): string => (took === undefined ? 'unreachable' : 'reachable');
const count = (took: number | undefined): string => (took === undefined ? '0/1' : '1/1');

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
	if (minor >= 15) {
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
	const line = (took: number | undefined): string =>
		`      ICMP to stack:\t${took === undefined ? 'Connection timed out' : `OK, RTT=${goDuration(took)}`}${probed}\n`;
	return (
		`  ${nameOf(node)}:\n` +
		`    Host connectivity to ${formatIp(node.ip)}:\n${line(node.host)}` +
		`    Endpoint connectivity to ${formatIp(node.healthIP)}:\n${line(node.endpoint)}`
	);
}
