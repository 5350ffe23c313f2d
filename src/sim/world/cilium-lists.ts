/** What Cilium's own tool prints on a node. */
import { forkNet } from '../linux/index.ts';
import { type CiliumList, ciliumList, type Printed } from './cilium.ts';
import { ciliumAt } from './cilium-at.ts';
import { nodeNs } from './names.ts';
import type { Moment } from './world.ts';

/** `cilium bpf … list` in the agent of a node; undefined without Cilium, or where there is no such node. */
export function ciliumListOf(world: Moment, node: string, list: CiliumList): Printed | undefined {
	const settings = ciliumAt(world, node);
	if (!settings) return undefined;
	// Reading a table throws out what has expired, which must not be seen in the World that is read.
	const net = forkNet(world.net);
	const ns = net.namespaces.get(nodeNs(node));
	return ns && ciliumList(settings, ns, net.now, list);
}
