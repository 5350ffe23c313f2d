/**
 * kind: clusters as containers of Docker.
 *
 * Source: kind pkg/cluster/{provider,internal/delete}, cmd/kind @ v0.14.0.
 */
import { endpointHost } from '../bootstrap/control-plane.ts';
import type { ClusterState } from '../cluster/cluster.ts';
import type { Pins } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Guests } from '../guests.ts';
import type { DockerHost } from '../machine/docker.ts';
import { parseImage } from '../machine/image-names.ts';
import type { Timeline } from '../timeline.ts';
import type { Container, Kind, KindRun } from '../types.ts';
import { createCluster } from './create.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { CLUSTER_LABEL } from './node-containers.ts';

export interface KindHost extends Kind {
	/** Clusters whose API server was started, by name. */
	readonly states: ReadonlyMap<string, ClusterState>;
}

/** What runs of `kind create cluster` share. */
export interface KindMachine {
	readonly timeline: Timeline;
	readonly docker: DockerHost;
	readonly release: string;
	readonly kernel: string;
	readonly pins: Pins;
	readonly guests: Guests;
	readonly states: Map<string, ClusterState>;
	/** Nodes by cluster and name. */
	readonly machines: Map<string, Map<string, Machine>>;
	/** Runs by the name of their cluster; a cluster that is deleted takes its run with it. */
	readonly runs: Map<string, RunToken>;
	/** How many clusters of a name there were. */
	readonly instances: Map<string, number>;
	containersOf(cluster: string): readonly Container[];
	/** Deletes a cluster; answers the names of its containers. */
	remove(cluster: string): readonly string[];
}

/** What ends a run from outside. */
export interface RunToken {
	cancelled: boolean;
	readonly run: KindRun;
	/** The cluster is deleted under its feet. */
	fail(): void;
}

export function createKind(
	options: Pick<KindMachine, 'timeline' | 'docker' | 'release' | 'kernel' | 'pins' | 'guests'>,
): KindHost {
	const { docker, release } = options;
	const states = new Map<string, ClusterState>();
	const machines = new Map<string, Map<string, Machine>>();
	const runs = new Map<string, RunToken>();

	const containersOf = (cluster: string): readonly Container[] =>
		docker.containers().filter((c) => c.labels[CLUSTER_LABEL] === cluster);
	const machineOf = (container: Container): Machine | undefined =>
		machines.get(container.labels[CLUSTER_LABEL] ?? '')?.get(container.name);
	const remove = (name: string): readonly string[] => {
		const gone = containersOf(name)
			.map((c) => c.name)
			.sort();
		states.get(name)?.destroy();
		states.delete(name);
		machines.delete(name);
		const run = runs.get(name);
		run?.fail();
		runs.delete(name);
		for (const container of gone) docker.remove(container, true);
		return gone;
	};
	const shared: KindMachine = { ...options, states, machines, runs, instances: new Map(), containersOf, remove };

	docker.watch({
		started(container) {
			const machine = machineOf(container);
			if (!machine) return;
			machine.container = container.id;
			machine.ip = container.ip;
			if (container.ip !== undefined) machine.addresses.push(container.ip);
			machine.running = true;
			states.get(container.labels[CLUSTER_LABEL]!)?.machineChanged(machine);
		},
		stopped(container) {
			const machine = machineOf(container);
			if (!machine) return;
			machine.running = false;
			machine.ip = undefined;
			// The kernel's state was in the container's network namespace.
			machine.proxyRules = 'none';
			states.get(container.labels[CLUSTER_LABEL]!)?.machineChanged(machine);
		},
		removed() {},
	});

	return {
		release,
		states,
		clusters: () => [...new Set(docker.containers().flatMap((c) => c.labels[CLUSTER_LABEL] ?? []))].sort(),
		nodes: (cluster) =>
			containersOf(cluster)
				.map((c) => c.name)
				.sort(),
		create: (asked) => createCluster(shared, asked),
		abort(run) {
			const token = runs.get(run.name);
			if (token?.run === run && run.state === 'running') token.cancelled = true;
		},
		delete: remove,
		kubeconfig(cluster, internal = false) {
			const state = states.get(cluster);
			if (!state) return undefined;
			return kubeconfigOf(state.context, internal ? `https://${endpointHost(state.context)}:6443` : state.server);
		},
		load(image, cluster, nodes) {
			const name = parseImage(image);
			const stored = docker.findImage(image);
			if (!name || !stored) return { error: `image: "${image}" not present locally` };
			const nodesHere = machines.get(cluster);
			if (!nodesHere) return { error: `no nodes found for cluster "${cluster}"` };
			const loaded: string[] = [];
			for (const machine of nodesHere.values()) {
				if (machine.role === 'external-load-balancer' || (nodes && !nodes.includes(machine.name))) continue;
				if (machine.images.has(image)) continue;
				machine.images.add(name);
				loaded.push(machine.name);
			}
			return { loaded: loaded.sort(), id: stored.id };
		},
	};
}
