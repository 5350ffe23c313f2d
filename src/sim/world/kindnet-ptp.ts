/**
 * Pods as the plugin ptp connects them, which kindnetd's configuration names: a veth pair each, whose end on the node has
 * the gateway's address, the first of the node's pods, on every pair the same. All that a pod sends goes to the gateway.
 *
 * Source: containernetworking/plugins plugins/main/ptp/ptp.go (setupContainerVeth, setupHostVeth), pkg/ip/route_linux.go
 * AddHostRoute @ v1.1.1; kubernetes-sigs/kind images/kindnetd/cmd/kindnetd/cni.go @ v0.14.0.
 */
import { addRoute, addVeth, delRoute } from '../linux/index.ts';
import { maskOf } from '../wire/index.ts';
import { bareCni, type Cni, failure } from './cni.ts';
import { hostDevice, nodeNs, podNs } from './names.ts';
import type { Scenario } from './scenario.ts';
import { addNs, assign } from './topology.ts';

export function kindnetCni(scenario: Scenario, kernel: string): Cni {
	return {
		...bareCni(scenario, kernel),
		addPod(net, node, pod) {
			const [ns, host, ip] = [podNs(pod), nodeNs(node.name), pod.podIP!];
			const dev = hostDevice('veth', pod, 8);
			const { address, length } = node.kindnetCIDR ?? node.podCIDR;
			const gateway = address + 1;
			const subnet = { address: (ip & maskOf(length)) >>> 0, length };
			const eth0 = { dev: 'eth0' };
			return (
				addNs(net, ns, { kernel }) ??
				failure(addVeth(net, { ns: host, name: dev }, { ns, name: 'eth0' })) ??
				assign(net, ns, { ...eth0, ip, length }) ??
				failure(delRoute(net, ns, { ...eth0, dst: subnet })) ??
				failure(addRoute(net, ns, { ...eth0, dst: { address: gateway, length: 32 }, scope: 'link', src: ip })) ??
				failure(addRoute(net, ns, { ...eth0, dst: subnet, via: gateway, src: ip })) ??
				failure(addRoute(net, ns, { ...eth0, dst: { address: 0, length: 0 }, via: gateway })) ??
				assign(net, host, { dev, ip: gateway, length: 32 }) ??
				failure(addRoute(net, host, { dev, dst: { address: ip, length: 32 }, scope: 'host' }))
			);
		},
	};
}
