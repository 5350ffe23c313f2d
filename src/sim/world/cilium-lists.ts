/** What Cilium's own tool prints on a node. */
import { forkNet } from '../linux/index.ts';
import { type CiliumList, ciliumList, isCiliumError, type Printed } from './cilium.ts';
import { settingsOfCilium } from './cnis.ts';
import { settingsOfNode } from './mixed-cni.ts';
import { nodeNs } from './names.ts';
import { bundleOf } from './settings.ts';
import type { Moment } from './world.ts';

/** `cilium bpf … list` in the agent of a node; undefined without Cilium, or where there is no such node. */
export function ciliumListOf(world: Moment, node: string, list: CiliumList): Printed | undefined {
	const { scenario } = world;
	const spec = scenario.cluster.nodes.find(({ name }) => name === node);
	const own = spec && settingsOfNode?.(spec, bundleOf(scenario, world.settings).kernel);
	const settings = own ?? settingsOfCilium(scenario, world.settings);
	// Reading a table throws out what has expired, which must not be seen in the World that is read.
	const net = forkNet(world.net);
	const ns = net.namespaces.get(nodeNs(node));
	return settings && !isCiliumError(settings) && ns ? ciliumList(settings, ns, net.now, list) : undefined;
}
