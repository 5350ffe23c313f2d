/** Small networks for tests. Whatever configuration refuses is thrown, so that no test runs on half a network. */
import {
	addAddress,
	addBridge,
	addNamespace,
	addRoute,
	addVeth,
	createNet,
	type Device,
	enslave,
	isLinuxError,
	listen,
	type NetOptions,
	type Network,
} from '../../../../src/sim/linux/index.ts';
import { createRecorder, type TraceRecorder } from '../../../../src/sim/trace/index.ts';
import { parseInterface, parseIp, parsePrefix, utf8 } from '../../../../src/sim/wire/index.ts';

export const must = <T>(value: T): Exclude<T, { readonly code: string; readonly params: object }> => {
	if (isLinuxError(value)) throw new Error(`${value.code} ${JSON.stringify(value.params)}`);
	return value as Exclude<T, { readonly code: string; readonly params: object }>;
};

export const ip = (text: string): number => {
	const value = parseIp(text);
	if (value === undefined) throw new Error(text);
	return value;
};

export const text = (octets: Uint8Array): string => String.fromCharCode(...octets);

export const address = (net: Network, ns: string, dev: string, cidr: string, scope?: 'link' | 'host'): void => {
	const { address: value, length } = parseInterface(cidr)!;
	must(addAddress(net, ns, dev, { ip: value, length, scope }));
};

export const route = (
	net: Network,
	ns: string,
	dst: string,
	more: { via?: string; dev?: string; src?: string; scope?: 'link'; onlink?: boolean },
): void => {
	must(
		addRoute(net, ns, {
			dst: dst === 'default' ? { address: 0, length: 0 } : parsePrefix(dst)!,
			...(more.via && { via: ip(more.via) }),
			...(more.dev && { dev: more.dev }),
			...(more.src && { src: ip(more.src) }),
			...(more.scope && { scope: more.scope }),
			...(more.onlink && { onlink: true }),
		}),
	);
};

/** A pod cabled as a routed CNI does it: a veth, a /32 in the pod, a link route to the gateway and a default by it. */
export const addPod = (net: Network, node: string, pod: string, podIp: string, gateway: string): Device => {
	must(addNamespace(net, pod, { kernel: net.namespaces.get(node)!.kernel }));
	const name = `lxc${podIp.split('.').pop()}`;
	const [, outer] = must(addVeth(net, { ns: pod, name: 'eth0' }, { ns: node, name }));
	address(net, pod, 'eth0', `${podIp}/32`);
	route(net, pod, `${gateway}/32`, { dev: 'eth0', scope: 'link' });
	route(net, pod, 'default', { via: gateway, dev: 'eth0' });
	route(net, node, `${podIp}/32`, { dev: name, scope: 'link' });
	return outer;
};

/** An answer that says what it was asked and by whom. */
export const echo =
	(owner: string) =>
	(request: Uint8Array): Uint8Array =>
		utf8(`${owner}:${text(request)}`);

export interface Cluster {
	readonly net: Network;
	readonly recorder: TraceRecorder;
}

/**
 * `host` with a bridge (172.18.0.1/16) and two nodes on it (.2, .3), a pod on each (10.244.1.10, 10.244.2.10), routed
 * without tunnel or NAT. Pods listen on TCP and UDP 80.
 */
export const twoNodes = (options: NetOptions & { readonly kernel?: string } = {}): Cluster => {
	const recorder = createRecorder();
	const net = createNet({ seed: 7, recorder, ...options });
	const kernel = options.kernel ?? '5.15.0';
	must(addNamespace(net, 'host', { kernel }));
	must(addBridge(net, { ns: 'host', name: 'br0' }));
	address(net, 'host', 'br0', '172.18.0.1/16');
	for (const [i, node] of ['node/a', 'node/b'].entries()) {
		must(addNamespace(net, node, { kernel, sysctls: { ip_forward: true } }));
		must(addVeth(net, { ns: node, name: 'eth0' }, { ns: 'host', name: `veth${i}` }));
		const bad = enslave(net, 'host', 'br0', `veth${i}`);
		if (bad) throw new Error(bad.code);
		address(net, node, 'eth0', `172.18.0.${i + 2}/16`);
		route(net, node, 'default', { via: '172.18.0.1' });
	}
	addPod(net, 'node/a', 'pod/a', '10.244.1.10', '10.244.1.1');
	addPod(net, 'node/b', 'pod/b', '10.244.2.10', '10.244.2.1');
	// The gateway is no pod's: the node answers for it.
	for (const [node, gateway] of [
		['node/a', '10.244.1.1'],
		['node/b', '10.244.2.1'],
	] as const)
		address(net, node, 'lo', `${gateway}/32`, 'link');
	route(net, 'node/a', '10.244.2.0/24', { via: '172.18.0.3', dev: 'eth0' });
	route(net, 'node/b', '10.244.1.0/24', { via: '172.18.0.2', dev: 'eth0' });
	route(net, 'host', '10.244.1.0/24', { via: '172.18.0.2' });
	route(net, 'host', '10.244.2.0/24', { via: '172.18.0.3' });
	for (const pod of ['pod/a', 'pod/b'])
		for (const protocol of ['tcp', 'udp'] as const)
			must(listen(net, pod, { protocol, port: 80, owner: pod, respond: echo(pod) }));
	return { net, recorder };
};

/** The hops of one packet: where it was sent and received, with its TTL. */
export const hops = (recorder: TraceRecorder, packet: number): string[] =>
	recorder.decisions
		.filter((d) => d.packet === packet && (d.hook === 'rx' || d.hook === 'tx'))
		.map((d) => `${d.ns} ${d.dev} ${d.hook} ttl ${d.before?.ttl}`);
