/**
 * Two nodes and a client on one network, Cilium with kube-proxy beside it. `worker` is 172.18.0.3 with pods 10.244.1.x,
 * `worker2` is 172.18.0.2 with pods 10.244.2.x, the client's machine is 172.18.0.1.
 */
import {
	type CiliumAgent,
	type CiliumNode,
	ciliumSettings,
	createCilium,
	isCiliumError,
	nativeRoutingValues,
} from '../../../../src/sim/cilium/index.ts';
import {
	defaultProxyConfig,
	type EndpointSlice,
	kubeletRules,
	type Pod,
	type ProxyGeneration,
	proxyRules,
	proxyState,
	type Service,
} from '../../../../src/sim/kube/index.ts';
import {
	addAddress,
	addBridge,
	addNamespace,
	addRoute,
	addVeth,
	applyPatches,
	connect,
	createNet,
	enslave,
	isLinuxError,
	listen,
	type Network,
	run,
	setRuleset,
	setSysctl,
} from '../../../../src/sim/linux/index.ts';
import { createRecorder, type TraceRecorder } from '../../../../src/sim/trace/index.ts';
import { formatIp, utf8 } from '../../../../src/sim/wire/index.ts';
import { ip, pod, prefix } from '../kube/fixtures.ts';

export const must = <T>(value: T): Exclude<T, { readonly code: string; readonly params: object }> => {
	if (isLinuxError(value)) throw new Error(`${value.code} ${JSON.stringify(value.params)}`);
	return value as Exclude<T, { readonly code: string; readonly params: object }>;
};

export const NODES: readonly CiliumNode[] = [
	{ name: 'worker', internalIP: ip('172.18.0.3'), device: 'eth0', podCIDR: prefix('10.244.1.0/24') },
	{ name: 'worker2', internalIP: ip('172.18.0.2'), device: 'eth0', podCIDR: prefix('10.244.2.0/24') },
];

/** Pods: two on worker, one on worker2. */
export const PODS: readonly Pod[] = [
	pod('a', { nodeName: 'worker', podIP: ip('10.244.1.199') }),
	pod('b', { nodeName: 'worker', podIP: ip('10.244.1.7') }, { app: 'client' }),
	pod('c', { nodeName: 'worker2', podIP: ip('10.244.2.9') }, { app: 'client' }),
];

export interface Lab {
	readonly net: Network;
	readonly recorder: TraceRecorder;
	readonly agent: CiliumAgent;
}

export const lab = (
	version: string,
	services: readonly Service[],
	slices: readonly EndpointSlice[],
	values: Readonly<Record<string, string>> = {},
): Lab => {
	const settings = ciliumSettings(version, { ...nativeRoutingValues(version, prefix('10.244.0.0/16')), ...values });
	if (isCiliumError(settings)) throw new Error(JSON.stringify(settings));
	const generation: ProxyGeneration = version.startsWith('1.12') ? '1.24' : '1.33';
	const recorder = createRecorder();
	const net = createNet({ seed: 3, recorder });
	must(addNamespace(net, 'host', { sysctls: { ip_forward: true } }));
	must(addBridge(net, { ns: 'host', name: 'br0' }));
	must(addAddress(net, 'host', 'br0', { ip: ip('172.18.0.1'), length: 16 }));
	const agent = createCilium(settings, {
		nodes: NODES,
		kernel: '5.15.0',
		pinned: new Set(PODS.map((p) => p.podIP!)),
		nodeNs: (name) => `node/${name}`,
		podNs: (p) => `pod/${p.metadata.namespace}/${p.metadata.name}`,
	});
	const state = proxyState(services, slices);
	for (const node of NODES) {
		const ns = `node/${node.name}`;
		must(addNamespace(net, ns, { sysctls: { ip_forward: true } }));
		must(addVeth(net, { ns, name: 'eth0' }, { ns: 'host', name: `veth-${node.name}` }));
		must(enslave(net, 'host', 'br0', `veth-${node.name}`) ?? {});
		must(addAddress(net, ns, 'eth0', { ip: node.internalIP, length: 16 }));
		must(addRoute(net, ns, { dst: { address: 0, length: 0 }, via: ip('172.18.0.1') }));
	}
	for (const node of NODES) {
		must(agent.prepareNode(net, node) ?? {});
		const config = defaultProxyConfig(generation, {
			name: node.name,
			ip: node.internalIP,
			clusterCIDR: prefix('10.244.0.0/16'),
		});
		const proxy = proxyRules(state, config);
		const kube = applyPatches({}, [...kubeletRules(generation === '1.24' ? '1.24.0' : '1.33.1'), ...proxy.patches]);
		setRuleset(net, `node/${node.name}`, agent.withRules(kube, node));
		setSysctl(net, `node/${node.name}`, { route_localnet: proxy.routeLocalnet });
	}
	for (const p of PODS) {
		must(agent.addPod(net, NODES.find((n) => n.name === p.nodeName)!, p) ?? {});
		const ns = `pod/default/${p.metadata.name}`;
		for (const protocol of ['tcp', 'udp'] as const)
			must(listen(net, ns, { protocol, port: 8080, owner: p.metadata.name, respond: () => utf8(p.metadata.name) }));
	}
	agent.programServices(net, state);
	return { net, recorder, agent };
};

/** What a connection came to: `connected a from 172.18.0.3`, or the result alone. */
export const tryConnect = (
	{ net }: Pick<Lab, 'net'>,
	from: string,
	to: string,
	port = 8080,
	protocol: 'tcp' | 'udp' = 'tcp',
): { readonly text: string; readonly packet: number } => {
	const client = must(connect(net, from, { protocol, dst: ip(to), dport: port, data: utf8('?'), deadline: 5_000_000 }));
	run(net, {});
	const { outcome, accepted } = client;
	const who = accepted ? ` ${accepted.owner} from ${formatIp(accepted.peer.ip)}` : '';
	return { text: `${outcome?.result}${outcome?.result === 'connected' ? who : ''}`, packet: client.firstPacket };
};

/** The TTL of a packet at every device that received it: `node/worker lxc… 64`. */
export const hops = ({ recorder }: Lab, packet: number): string[] =>
	recorder.decisions
		.filter((d) => d.packet === packet && d.hook === 'rx')
		.map((d) => `${d.ns} ${d.dev?.startsWith('lxc') ? 'lxc' : d.dev} ${d.before?.ttl}`);
