/** From a scenario's cables, bridges, addresses and routes to a network. */
import {
	addAddress,
	addBridge,
	addDummy,
	addNamespace,
	addPhysical,
	addRoute,
	addVeth,
	createNet,
	deviceByName,
	enslave,
	isLinuxError,
	type LinuxError,
	type NamespaceOptions,
	type Network,
} from '../linux/index.ts';
import type { AddressSpec, HostSpec, Scenario } from './scenario.ts';
import type { SimError } from './types.ts';

/** An error of the configuring functions as the World hands it on. */
export const fromLinuxError = (error: LinuxError, where?: string): SimError => ({
	code: error.code === 'budget' ? 'budget' : 'bad-topology',
	params: { ...error.params, reason: error.code },
	...(where === undefined ? {} : { where }),
});

export const addNs = (net: Network, name: string, options: NamespaceOptions): LinuxError | undefined => {
	const made = addNamespace(net, name, options);
	return isLinuxError(made) ? made : undefined;
};

export const assign = (net: Network, ns: string, address: AddressSpec): LinuxError | undefined => {
	const made = addAddress(net, ns, address.dev, address);
	return isLinuxError(made) ? made : undefined;
};

/**
 * Everything below Kubernetes: namespaces that are no pods, their devices, addresses and routes. A device that has an
 * address but no cable is a dummy. `kernel` is for those that do not name their own.
 */
export function buildTopology(scenario: Scenario, kernel: string): Network | SimError {
	const net = createNet(scenario);
	const made =
		first(scenario.hosts, (host) => makeHost(net, host, kernel)) ??
		first(scenario.bridges, ({ ns, dev, mac }) => {
			const bridge = addBridge(net, { ns, name: dev, mac });
			return isLinuxError(bridge) ? fromLinuxError(bridge, `${ns}:${dev}`) : undefined;
		}) ??
		first(scenario.links, ({ ends: [a, b], kind, mtu, delay }) => {
			const pair = (kind === 'physical' ? addPhysical : addVeth)(
				net,
				{ ns: a.ns, name: a.dev, mac: a.mac },
				{ ns: b.ns, name: b.dev, mac: b.mac },
				{ mtu, delay },
			);
			return isLinuxError(pair) ? fromLinuxError(pair, `${a.ns}:${a.dev}`) : undefined;
		}) ??
		first(scenario.bridges, ({ ns, dev, ports }) =>
			first(ports, (port) => {
				const error = enslave(net, ns, dev, port);
				return error && fromLinuxError(error, `${ns}:${port}`);
			}),
		) ??
		first(scenario.hosts, (host) => addressHost(net, host)) ??
		first(scenario.hosts, (host) => routeHost(net, host));
	return made ?? net;
}

/** The first error, or undefined when all went well. */
export function first<T>(items: readonly T[], act: (item: T) => SimError | undefined): SimError | undefined {
	for (const item of items) {
		const error = act(item);
		if (error) return error;
	}
	return undefined;
}

function makeHost(net: Network, host: HostSpec, kernel: string): SimError | undefined {
	const error = addNs(net, host.ns, {
		kernel: host.kernel ?? kernel,
		sysctls: {
			ip_forward: host.forward,
			rp_filter: host.rpFilter ?? 0,
			bridge_nf_call_iptables: host.bridgeNetfilter ?? false,
		},
	});
	return error && fromLinuxError(error, host.ns);
}

function addressHost(net: Network, host: HostSpec): SimError | undefined {
	return first(host.addresses, (address) => {
		if (!deviceByName(net.namespaces.get(host.ns)!, address.dev)) {
			const dummy = addDummy(net, { ns: host.ns, name: address.dev });
			if (isLinuxError(dummy)) return fromLinuxError(dummy, `${host.ns}:${address.dev}`);
		}
		const error = assign(net, host.ns, address);
		return error && fromLinuxError(error, `${host.ns}:${address.dev}`);
	});
}

function routeHost(net: Network, host: HostSpec): SimError | undefined {
	return first([...host.routes.entries()], ([i, route]) => {
		const made = addRoute(net, host.ns, route);
		return isLinuxError(made) ? fromLinuxError(made, `${host.ns} routes[${i}]`) : undefined;
	});
}
