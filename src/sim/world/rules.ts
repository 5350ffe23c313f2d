/**
 * The rules of each node, made when somebody first looks: of thousands of nodes with thousands of services a packet
 * meets two or three.
 */
import {
	defaultProxyConfig,
	list,
	localhostNodePorts,
	type Pod,
	type ProxyConfig,
	type ProxyState,
	proxyState,
	type Snapshot,
} from '../kube/index.ts';
import { applyPatches, type Ruleset, type TableName } from '../linux/index.ts';
import type { Cni } from './cni.ts';
import { kubeletRules, proxyRules } from './node-rules.ts';
import type { NodeSpec, Scenario } from './scenario.ts';
import { bundleOf } from './settings.ts';
import type { Settings } from './types.ts';

/** A ruleset whose tables are made together, when one of them is first read. */
export function lazyRuleset(make: () => Ruleset): Ruleset {
	let made: Ruleset | undefined;
	const table = (name: TableName) => {
		made ??= make();
		return made[name];
	};
	return {
		get raw() {
			return table('raw');
		},
		get mangle() {
			return table('mangle');
		},
		get nat() {
			return table('nat');
		},
		get filter() {
			return table('filter');
		},
	};
}

/** How kube-proxy runs on a node of this scenario. */
export function proxyConfig(scenario: Scenario, settings: Settings, node: NodeSpec): ProxyConfig {
	return defaultProxyConfig(bundleOf(scenario, settings).proxy, {
		name: node.name,
		ip: node.internalIP,
		clusterCIDR: scenario.cluster.podCIDR,
	});
}

/** kube-proxy sets net.ipv4.conf.all.route_localnet when NodePorts answer on 127.0.0.1. */
export const routesLocalnet = (scenario: Scenario, settings: Settings, node: NodeSpec): boolean =>
	settings.kubeProxy !== 'none' && localhostNodePorts(proxyConfig(scenario, settings, node));

/** What kube-proxy knows, computed once for all nodes and for as long as neither services nor slices change. */
const states = new WeakMap<object, { readonly slices: unknown; readonly state: ProxyState }>();

export function stateOf(snapshot: Snapshot): ProxyState {
	const services = snapshot.kinds.get('Service');
	const slices = snapshot.kinds.get('EndpointSlice');
	const known = services && states.get(services);
	if (known && known.slices === slices) return known.state;
	const state = proxyState(list(snapshot, 'Service'), list(snapshot, 'EndpointSlice'));
	if (services) states.set(services, { slices, state });
	return state;
}

/**
 * The kubelet's rules, then kube-proxy's, then the CNI's: the order in which they start on a node. `proxy` is what
 * kube-proxy knows, or knew last; undefined without it.
 */
export function nodeRuleset(
	scenario: Scenario,
	settings: Settings,
	proxy: ProxyState | undefined,
	cni: Cni,
	node: NodeSpec,
	pods: readonly Pod[],
): Ruleset {
	return lazyRuleset(() => {
		const patches = [...kubeletRules(bundleOf(scenario, settings).kubernetes)];
		if (proxy) patches.push(...proxyRules(proxy, proxyConfig(scenario, settings, node)).patches);
		return cni.withRules(applyPatches({}, patches), node, pods);
	});
}
