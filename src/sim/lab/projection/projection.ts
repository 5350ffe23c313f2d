/**
 * The packets' view of a cluster, kept up to date: small changes are written into the World there is, so that
 * connections live on; only other machines or other agents make another one.
 */
import { serviceNumbers } from '../../cilium/index.ts';
import type { KubeObject } from '../../kube/index.ts';
import { forkNet, type Network, setRuleset } from '../../linux/index.ts';
import {
	advance,
	createWorld,
	EVENT_BUDGET,
	nodeNs,
	rulesetOf,
	type Settings,
	syncWorld,
	type World,
} from '../../world/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { withHandRules } from './hand-rules.ts';
import { createNodeSync } from './node-sync.ts';
import { projectObjects } from './objects.ts';
import { createRuleSync } from './rule-sync.ts';
import { type Base, baseOf, scenarioOf } from './scenario.ts';

export interface Projection {
	/** Something may have changed; looked at when somebody asks. */
	changed(): void;
	/** A machine stopped or started: nothing of what was in its kernel's tables is left. */
	restarted(node: string): void;
	world(): World;
	setWorld(world: World): void;
}

type Objects = ReadonlyMap<string, KubeObject>;

/** A World's history is the lab's calls. */
const bare = (world: World): World => ({ ...world, actions: [], past: [] });

export function createProjection(cluster: ClusterContext): Projection {
	let world: World | undefined;
	let baseText = '';
	let shown: Objects = new Map();
	let proxy: Settings['kubeProxy'] = 'none';
	/** What kube-proxy knew when the last of it ended. */
	let left: Objects | undefined;
	/** Whose tables are new with the next World. */
	const anew = new Set<string>();
	let dirty = true;
	let worlds = 0;

	const proxyNow = (): Settings['kubeProxy'] => {
		const rules = [...cluster.machines.values()].filter((m) => m.running).map((m) => m.proxyRules);
		return rules.includes('live') ? 'iptables' : rules.includes('stale') ? 'stale' : 'none';
	};
	const objectsFor = (base: Base): Objects => projectObjects(cluster, new Set(base.nodes.map((n) => n.name)));

	const synced = (from: World, before: Objects, after: Objects, kubeProxy?: Settings['kubeProxy']): World => {
		const put = [...after].flatMap(([key, object]) => {
			const old = before.get(key);
			return old && JSON.stringify(old) === JSON.stringify(object) ? [] : [object];
		});
		const remove = [...before].flatMap(([key, { kind, metadata }]) =>
			after.has(key) ? [] : [{ kind, namespace: metadata.namespace, name: metadata.name }],
		);
		if (put.length === 0 && remove.length === 0 && kubeProxy === undefined) return from;
		const done = syncWorld(from, { put, remove, ...(kubeProxy === undefined ? {} : { kubeProxy }) });
		if ('error' in done) throw new Error(`packets of ${cluster.name}: ${JSON.stringify(done.error)}`);
		return done.world;
	};

	const rebuild = (base: Base, objects: Objects): World => {
		// Agents find the numbers of services in their maps again.
		const numbers = base.nodes
			.map((node) => world?.net.namespaces.get(nodeNs(node.name)))
			.map((ns) => ns && serviceNumbers(ns))
			.find(Boolean);
		const made = createWorld(scenarioOf(cluster, base, proxy === 'none' ? 'none' : 'iptables', worlds++, numbers));
		if ('error' in made) throw new Error(`packets of ${cluster.name}: ${JSON.stringify(made.error)}`);
		const fresh = bare(made.world);
		if (proxy !== 'stale') return synced(fresh, new Map(), objects);
		const then = left ?? objects;
		return synced(synced(synced(fresh, new Map(), then), then, then, 'stale'), then, objects);
	};

	/** Rules on nodes that somebody wrote: no program of a node takes them away. */
	const keepHandRules = (before: World, after: World): World => {
		let net: Network | undefined;
		for (const { name } of cluster.machines.values()) {
			if (anew.has(name)) continue;
			const [current, next] = [before, after].map((w) => w.net.namespaces.get(nodeNs(name))?.ruleset);
			const merged = current && next && current !== next && withHandRules(current, next, proxy === 'iptables');
			if (!merged) continue;
			net ??= forkNet(after.net);
			setRuleset(net, nodeNs(name), merged);
		}
		return net ? { ...after, net } : after;
	};

	const refresh = (): void => {
		const base = baseOf(cluster);
		const objects = objectsFor(base);
		const text = JSON.stringify(base);
		const before = world;
		if (!world || text !== baseText) world = rebuild(base, objects);
		else {
			let next = world;
			if (world.settings.kubeProxy !== proxy) {
				// What it knew when it ended, then the end.
				if (proxy === 'stale' && left) {
					next = synced(next, shown, left);
					shown = left;
				}
				next = synced(next, shown, shown, proxy);
			}
			world = synced(next, shown, objects);
		}
		if (before) world = keepHandRules(before, world);
		anew.clear();
		baseText = text;
		shown = objects;
		dirty = false;
	};

	const worldNow = (): World => {
		if (dirty || !world) refresh();
		const by = cluster.timeline.now - world!.net.now;
		if (by > 0) {
			const advanced = advance(world!, { kind: 'advance', by }, EVENT_BUDGET);
			if (!('error' in advanced)) world = bare(advanced.world);
		}
		return world!;
	};
	const held = {
		get: worldNow,
		set: (next: World) => {
			world = bare(next);
		},
	};
	const syncs = [createNodeSync(cluster, held), createRuleSync(cluster, held)];

	return {
		changed() {
			dirty = true;
			const now = proxyNow();
			if (now === proxy) return;
			if (now === 'stale') left = objectsFor(baseOf(cluster));
			proxy = now;
		},
		restarted: (node) => anew.add(node),
		world: worldNow,
		setWorld(next) {
			if (world) for (const sync of syncs) sync(world, next);
			world = bare(next);
			if (proxy !== 'stale') return;
			// Somebody may have flushed what kube-proxy left.
			for (const machine of cluster.machines.values())
				if (!rulesetOf(world, nodeNs(machine.name)).nat?.chains.has('KUBE-SERVICES')) machine.proxyRules = 'none';
			proxy = proxyNow();
			if (proxy === 'none') {
				left = undefined;
				world = { ...world, settings: { ...world.settings, kubeProxy: 'none' }, proxyLeft: undefined };
			}
		},
	};
}
