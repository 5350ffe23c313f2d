/** The port of a node's kubelet, through which the API server gets logs, shells and ports of pods. */
import type { Kube } from './kube.ts';
import { subs, text } from './print/index.ts';

/**
 * What comes of dialling the kubelet of a node: `dial tcp 172.18.0.2:10250: connect: connection refused` of one that is
 * stopped, `no route to host` of a node that is, `i/o timeout` behind a rule that drops; undefined when it answers. `host` is the node's address and port.
 */
export function kubeletAway(
	kube: Pick<Kube, 'cluster'>,
	node: string,
): { readonly host: string; readonly why: string } | undefined {
	const machine = kube.cluster.nodes().find((item) => item.name === node);
	const cut = machine?.running ? machine.unreachable : undefined;
	if (machine?.running && machine.kubelet !== false && cut === undefined) return undefined;
	const { api } = kube.cluster;
	const addresses = subs(api.get(api.find('nodes')!, undefined, node), 'status', 'addresses');
	const ip = text(
		addresses.find((address) => text(address, 'type') === 'InternalIP'),
		'address',
	);
	const host = `${ip || node}:10250`;
	const what = cut ?? `connect: ${machine?.running ? 'connection refused' : 'no route to host'}`;
	return { host, why: `dial tcp ${host}: ${what}` };
}
