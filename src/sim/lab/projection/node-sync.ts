/**
 * An agent's background sync: from time to time it sees to it that each node's routes are there, the more rarely the more
 * nodes there are. Rules, devices and programs it looks at when it starts, and not here.
 *
 * Source: cilium pkg/node/manager/manager.go backgroundSync(), ClusterSizeDependantInterval(); pkg/datapath/linux/node.go
 * NodeValidateImplementation() @ v1.12.1, v1.18.3.
 */
import { nodePlan } from '../../cilium/index.ts';
import { addRoute, forkNet, isLinuxError } from '../../linux/index.ts';
import { nodeNs, type World } from '../../world/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { MINUTE } from '../time.ts';
import { isUntold } from './scenario.ts';

/** Microseconds between two looks. */
export const syncInterval = (nodes: number): number => Math.round(MINUTE * Math.log(1 + nodes));

const planned = (machine: Machine) => ({
	name: machine.name,
	internalIP: machine.ip!,
	device: 'eth0',
	podCIDR: machine.agent!.podCIDR,
});

/** With the routes an agent misses on its node; undefined when there are all it can make. */
function repaired(world: World, machine: Machine, all: readonly Machine[]): World | undefined {
	const plan = nodePlan(machine.agent!.settings, planned(machine), all.map(planned), new Set());
	const net = forkNet(world.net);
	const made = [...plan.routes, ...plan.nodeRoutes].filter(
		(route) => !isLinuxError(addRoute(net, nodeNs(machine.name), route)),
	);
	return made.length > 0 ? { ...world, net } : undefined;
}

/** Answers what is to be told of a World that somebody changed by hand. */
export function createNodeSync(
	cluster: Pick<ClusterContext, 'api' | 'machines' | 'timeline'>,
	world: { get(): World; set(world: World): void },
): (before: World, after: World) => void {
	const waiting = new Set<string>();
	const ready = (): readonly Machine[] =>
		[...cluster.machines.values()].filter((m) => m.running && m.ip !== undefined && m.agent !== undefined);
	return (before, after) => {
		for (const { name, agent } of cluster.machines.values()) {
			if (!agent || waiting.has(name)) continue;
			const [old, now] = [before, after].map((w) => w.net.namespaces.get(nodeNs(name))?.routes);
			if (!old || !now || old === now) continue;
			const every = syncInterval(ready().length);
			const past = (cluster.timeline.now - agent.startedAt) % every;
			waiting.add(name);
			cluster.timeline.after(every - past, () => {
				waiting.delete(name);
				const machines = ready();
				const machine = machines.find((m) => m.name === name && m.agent?.state === 'ready');
				const known = machines.filter((m) => m === machine || !isUntold(cluster, m));
				const next = machine && repaired(world.get(), machine, known);
				if (next) world.set(next);
			});
		}
	};
}
