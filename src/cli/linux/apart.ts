/**
 * Clusters that stand side by side: Docker has the nodes of all on one bridge, here each cluster has a network of its
 * own (`space.ts`), and only the laptop is in each. Who asks for the node of another is told so.
 */
import { formatIp, type Ip } from '../../sim/wire/index.ts';
import type { Space } from './space.ts';

/** Why nothing goes from a node, pod or container to an address: it is another cluster's node. Undefined where it may. */
export function apart({ lab, cluster, name }: Space, dst: Ip): string | undefined {
	if (!cluster || name === 'host') return undefined;
	const there = lab.docker?.containers().find((c) => c.ip === dst && c.state === 'running');
	const other = there && lab.clusters().find((c) => c.nodes().some((node) => node.name === there.name));
	if (!other || other.name === cluster.name) return undefined;
	return `${there.name} (${formatIp(dst)}) is there, but the simulator has no packets between the clusters ${cluster.name} and ${other.name}`;
}
