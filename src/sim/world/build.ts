/** A scenario under given settings as a network at rest, and the changes that bring one to new objects. */
import { list, type Pod, type ProxyState, type Random, type Snapshot, staleFlows } from '../kube/index.ts';
import {
	deleteConnections,
	drawFrom,
	hashText,
	type LinuxError,
	type Network,
	type Ruleset,
	setRuleset,
	setSysctl,
} from '../linux/index.ts';
import { IPPROTO_UDP, type Ip } from '../wire/index.ts';
import { type ClusterContext, type ClusterResult, startCluster } from './cluster.ts';
import type { Cni } from './cni.ts';
import { agentsCut, makeCni } from './cnis.ts';
import { openServers, servePod } from './listeners.ts';
import { nodeNs, podNs } from './names.ts';
import { nodeRuleset, routesLocalnet, stateOf } from './rules.ts';
import { parseRules } from './rules-text.ts';
import type { HostSpec, NodeSpec, Scenario } from './scenario.ts';
import { bundleOf } from './settings.ts';
import { buildTopology, first, fromLinuxError } from './topology.ts';
import type { Settings, SimError } from './types.ts';

/** What a World is made of. */
export interface Built {
	/** What kube-proxy knew when it was deleted, while its rules stay. */
	readonly proxyLeft?: ProxyState | undefined;
	readonly snapshot: Snapshot;
	readonly net: Network;
	readonly cni: Cni;
}

/** Draws that depend on the seed and the name of what is drawn, and on nothing drawn before. */
export const clusterRandom =
	(seed: number, epoch: number): Random =>
	(purpose, key, bound) =>
		drawFrom(hashText(seed, `${purpose}\0${key}\0${epoch}`), 0, bound);

export function clusterContext(
	scenario: Scenario,
	settings: Settings,
	cni: Cni,
	now: number,
	epoch: number,
): ClusterContext {
	const reserved = new Map<string, readonly Ip[]>();
	for (const node of scenario.cluster.nodes) reserved.set(node.name, cni.reserved(node));
	const agents = !agentsCut(scenario, settings);
	return { scenario, settings, now, reserved, agents, random: clusterRandom(scenario.seed, epoch) };
}

/**
 * Builds everything anew; `now` is the virtual time it is done by, `from` the objects that are already there, `left`
 * what a kube-proxy that was deleted knew.
 */
export function build(
	scenario: Scenario,
	settings: Settings,
	now: number,
	from?: Snapshot,
	left?: ProxyState,
): Built | { readonly error: SimError } {
	const net = buildTopology(scenario, bundleOf(scenario, settings).kernel);
	if ('code' in net) return { error: net };
	net.now = now;
	const cni = makeCni(scenario, settings);
	if ('code' in cni) return { error: cni };
	const cluster: ClusterResult = startCluster(clusterContext(scenario, settings, cni, now, 0), from);
	if ('error' in cluster) return cluster;
	const { snapshot } = cluster;
	const proxyLeft = settings.kubeProxy === 'stale' ? (left ?? stateOf(snapshot)) : undefined;
	const error =
		first(scenario.hosts, (host) => loadRules(net, host.ns, host.iptables) ?? openServers(net, host)) ??
		first(scenario.cluster.nodes, (node) => wrap(cni.prepareNode(net, node), nodeNs(node.name))) ??
		connectPods(net, scenario, cni, [], list(snapshot, 'Pod')) ??
		programNodes(net, scenario, settings, cni, snapshot, proxyLeft);
	return error ? { error } : { snapshot, net, cni, proxyLeft };
}

/** Brings a network (a fork of its own) from one set of objects to another. */
export function reprogram(
	net: Network,
	scenario: Scenario,
	settings: Settings,
	cni: Cni,
	before: Snapshot,
	after: Snapshot,
	left: ProxyState | undefined,
): SimError | undefined {
	const error =
		connectPods(net, scenario, cni, list(before, 'Pod'), list(after, 'Pod')) ??
		programNodes(net, scenario, settings, cni, after, left);
	if (!error && settings.kubeProxy === 'iptables') forgetStaleFlows(net, scenario, settings, before, after);
	return error;
}

/** kube-proxy ends each change by deleting UDP flows that would go on as before. */
function forgetStaleFlows(
	net: Network,
	scenario: Scenario,
	settings: Settings,
	before: Snapshot,
	after: Snapshot,
): void {
	const stale = staleFlows(bundleOf(scenario, settings).proxy, stateOf(before), stateOf(after));
	if (!stale) return;
	for (const { name } of scenario.cluster.nodes) {
		const { conntrack } = net.namespaces.get(nodeNs(name))!;
		deleteConnections(conntrack, net.now, ({ original, reply }) => {
			const { dst, dport, protocol } = original;
			return protocol === IPPROTO_UDP && stale({ dst, dport, replySrc: reply.src });
		});
	}
}

const wrap = (error: LinuxError | undefined, where: string): SimError | undefined =>
	error && fromLinuxError(error, where);

/** `iptables-restore` of a scenario's own rules. */
function loadRules(net: Network, ns: string, rules: string | Ruleset | undefined): SimError | undefined {
	if (rules === undefined) return undefined;
	if (typeof rules !== 'string') return wrap(setRuleset(net, ns, rules), ns);
	const parsed = parseRules(rules);
	if (parsed.ok) return wrap(setRuleset(net, ns, parsed.ruleset), ns);
	const { code, line, column, text: word } = parsed.errors[0]!;
	return { code: 'bad-ruleset', params: { namespace: ns, reason: code, line, column, text: word }, where: ns };
}

/** What of a pod its wiring depends on. */
const wiring = (pod: Pod): string =>
	`${podNs(pod)} ${pod.nodeName} ${pod.podIP} ${pod.unmanaged} ${pod.endpoint?.id} ${JSON.stringify(pod.ports)}`;

function connectPods(
	net: Network,
	scenario: Scenario,
	cni: Cni,
	before: readonly Pod[],
	after: readonly Pod[],
): SimError | undefined {
	if (before === after) return undefined;
	const nodes = new Map(scenario.cluster.nodes.map((n) => [n.name, n] as const));
	const live = (pods: readonly Pod[]) =>
		new Map(pods.flatMap((p) => (p.podIP !== undefined && nodes.has(p.nodeName ?? '') ? [[wiring(p), p]] : [])));
	const old = live(before);
	const now = live(after);
	return (
		first([...old], ([key, pod]) =>
			now.has(key) ? undefined : disconnect(net, scenario, cni, nodeOf(nodes, pod), pod),
		) ??
		first([...now], ([key, pod]) => {
			const was = old.get(key);
			if (!was) return connectPod(net, scenario, cni, nodeOf(nodes, pod), pod);
			return was === pod || pod.hostNetwork
				? undefined
				: wrap(cni.updatePod?.(net, nodeOf(nodes, pod), pod), podNs(pod));
		})
	);
}

const nodeOf = (nodes: ReadonlyMap<string, NodeSpec>, pod: Pod): NodeSpec => nodes.get(pod.nodeName!)!;

function disconnect(net: Network, scenario: Scenario, cni: Cni, node: NodeSpec, pod: Pod): SimError | undefined {
	return pod.hostNetwork
		? servePod(net, pod, false, scenario.cluster.speaks)
		: wrap(cni.delPod(net, node, pod), podNs(pod));
}

function connectPod(net: Network, scenario: Scenario, cni: Cni, node: NodeSpec, pod: Pod): SimError | undefined {
	const wired = pod.hostNetwork ? undefined : wrap(cni.addPod(net, node, pod), podNs(pod));
	// Without a network plugin it keeps the address it had, and nothing leads to it.
	if (!wired && !pod.hostNetwork && !net.namespaces.has(podNs(pod))) return undefined;
	return (
		wired ??
		(pod.sysctls && wrap(setSysctl(net, podNs(pod), pod.sysctls), podNs(pod))) ??
		loadRules(net, podNs(pod), scenario.cluster.podRulesets?.[podNs(pod)]) ??
		servePod(net, pod, true, scenario.cluster.speaks)
	);
}

/** Rules and sysctls of every node that has none of its own in the scenario. */
function programNodes(
	net: Network,
	scenario: Scenario,
	settings: Settings,
	cni: Cni,
	snapshot: Snapshot,
	left: ProxyState | undefined,
): SimError | undefined {
	// Agents that hear nothing of the API server leave the maps as they are.
	if (!agentsCut(scenario, settings)) {
		cni.programServices?.(net, stateOf(snapshot), list(snapshot, 'Pod'));
		cni.programPolicies?.(net, snapshot);
	}
	const known = settings.kubeProxy === 'iptables' ? stateOf(snapshot) : left;
	const own = new Map(scenario.hosts.map((h: HostSpec) => [h.ns, h.iptables] as const));
	return first(scenario.cluster.nodes, (node) => {
		const ns = nodeNs(node.name);
		if (own.get(ns) !== undefined) return undefined;
		const rules: Ruleset = nodeRuleset(scenario, settings, known, cni, node, list(snapshot, 'Pod'));
		const proxy = settings.kubeProxy !== 'none';
		return wrap(
			setRuleset(net, ns, rules) ??
				setSysctl(net, ns, {
					route_localnet: routesLocalnet(scenario, settings, node),
					conntrackTimeouts: proxy ? PROXY_TIMEOUTS : {},
				}),
			ns,
		);
	});
}

/** Seconds; conntrack settings of kube-proxy (pkg/proxy/apis/config/v1alpha1/defaults.go @ v1.24.0). */
const PROXY_TIMEOUTS: Readonly<Record<string, number>> = { ESTABLISHED: 86400, CLOSE_WAIT: 3600 };
