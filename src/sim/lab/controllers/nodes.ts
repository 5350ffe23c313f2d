/**
 * What happens to nodes: pod CIDRs in the order they join, taints by their conditions, death after forty seconds of
 * silence, and eviction of pods that do not tolerate it.
 *
 * Source: kubernetes pkg/controller/nodeipam/ipam/cidrset, pkg/controller/nodelifecycle{,/scheduler} @ v1.24.0.
 */
import { formatPrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	type Condition,
	conditionOf,
	keyOf,
	type Node,
	one,
	type Pod,
	removeOne,
	same,
	splitKey,
} from '../cluster/kinds.ts';
import { hasKubelet } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import { markDisrupted } from './disruption-target.ts';
import type { Controller } from './loop.ts';
import { tolerates } from './node-fit.ts';

const SOURCE = { component: 'node-controller' };
const MASK = 24;
/** `--node-monitor-grace-period`, longer from 1.32. */
const graceOf = ({ api }: ClusterContext): number => (minorOf(api.version) >= 32 ? 50 : 40) * SECOND;
const TTL = 'node.alpha.kubernetes.io/ttl';

export function podCidrController(cluster: ClusterContext): Controller {
	const { api, config } = cluster;
	let next = 0;
	return {
		name: 'nodeipam',
		keys: ({ type, object }) => (object.kind === 'Node' && type !== 'DELETED' ? [object.metadata.name] : []),
		reconcile(name) {
			const node = one<Node>(api, 'nodes', undefined, name);
			if (!node || node.spec?.podCIDR !== undefined) return;
			const pinned = cluster.pins.podCIDRs?.[name];
			const count = 2 ** Math.max(0, MASK - config.podSubnet.length);
			const taken = new Set(all<Node>(api, 'nodes').map((n) => n.spec?.podCIDR));
			for (let i = 0; i < count; i++) {
				const at = (next + i) % count;
				const cidr = formatPrefix({ address: config.podSubnet.address + at * 2 ** (32 - MASK), length: MASK });
				if (taken.has(cidr) || (pinned !== undefined && cidr !== pinned)) continue;
				next = at + 1;
				api.update({ ...as<object>(node as never), spec: { ...node.spec, podCIDR: cidr, podCIDRs: [cidr] } });
				return;
			}
			cluster.record.record(
				{ component: 'cidrAllocator' },
				node,
				'Normal',
				'CIDRNotAvailable',
				`Node ${name} status is now: CIDRNotAvailable`,
			);
		},
	};
}

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
/** Taints that are this controller's to set and to take away. */
const OWN = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE]);

/** How long kubelets may keep Secrets and ConfigMaps: not at all in clusters of up to a hundred nodes (pkg/controller/ttl @ v1.24.0). */
export const ttlController = ({ api }: ClusterContext): Controller => ({
	name: 'ttl',
	keys: ({ type, object }) => (object.kind === 'Node' && type !== 'DELETED' ? [object.metadata.name] : []),
	reconcile(name) {
		const node = one<Node & { metadata: { annotations?: Readonly<Record<string, string>> } }>(
			api,
			'nodes',
			undefined,
			name,
		);
		if (!node || node.metadata.annotations?.[TTL] !== undefined) return undefined;
		const annotations = { ...node.metadata.annotations, [TTL]: '0' };
		api.update({ ...as<object>(node as never), metadata: { ...node.metadata, annotations } } as never);
		return undefined;
	},
});

export function nodeLifecycleController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const grace = graceOf(cluster);
	/** Nodes that were seen, by name: as what their events tell of them. */
	const known = new Map<string, Node>();
	let look: (name: string) => void = () => {};

	const silent = (node: Node): boolean => {
		const machine = cluster.machines.get(node.metadata.name);
		return !machine || !hasKubelet(machine);
	};

	const setUnknown = (node: Node): void => {
		const now = timeline.stamp();
		const conditions = (node.status?.conditions ?? []).map(
			(c): Condition =>
				c.type === 'NetworkUnavailable' || c.status === 'Unknown'
					? c
					: {
							...c,
							lastTransitionTime: now,
							message: 'Kubelet stopped posting node status.',
							reason: 'NodeStatusUnknown',
							status: 'Unknown',
						},
		);
		if (!same(conditions, node.status?.conditions)) {
			api.updateStatus({ ...as<object>(node as never), status: { ...node.status, conditions } });
			cluster.record.record(
				SOURCE,
				node,
				'Normal',
				'NodeNotReady',
				`Node ${node.metadata.name} status is now: NodeNotReady`,
			);
		}
		for (const pod of all<Pod>(api, 'pods')) {
			if (pod.spec.nodeName !== node.metadata.name || conditionOf(pod, 'Ready')?.status !== 'True') continue;
			const conditions = (pod.status?.conditions ?? []).map(
				(c): Condition => (c.type === 'Ready' ? { ...c, status: 'False', lastTransitionTime: now } : c),
			);
			api.updateStatus({ ...as<object>(pod as never), status: { ...pod.status, conditions } });
			cluster.record.record(SOURCE, pod, 'Warning', 'NodeNotReady', 'Node is not ready');
		}
	};

	/** Both effects of one key, where the condition says so. */
	const taint = (name: string): void => {
		const node = one<Node>(api, 'nodes', undefined, name)!;
		const ready = conditionOf(node, 'Ready')?.status;
		const key = ready === 'False' ? NOT_READY : ready === 'Unknown' ? UNREACHABLE : undefined;
		const old = node.spec?.taints ?? [];
		const others = old.filter((t) => !OWN.has(t.key));
		const kept = (taint: string, effect: string) => old.find((t) => t.key === taint && t.effect === effect);
		const taints = [
			...others,
			...(key === undefined
				? []
				: [kept(key, 'NoSchedule') ?? { key, effect: 'NoSchedule', timeAdded: timeline.stamp() }]),
			...(key === undefined
				? []
				: [kept(key, 'NoExecute') ?? { key, effect: 'NoExecute', timeAdded: timeline.stamp() }]),
			...(node.spec?.unschedulable
				? [
						kept(UNSCHEDULABLE, 'NoSchedule') ?? {
							key: UNSCHEDULABLE,
							effect: 'NoSchedule',
							timeAdded: timeline.stamp(),
						},
					]
				: []),
		];
		if (!same(taints, old)) {
			const { taints: _old, ...spec } = node.spec ?? {};
			api.update({ ...as<object>(node as never), spec: taints.length > 0 ? { ...spec, taints } : spec });
		}
	};

	return {
		name: 'nodelifecycle',
		begin(how) {
			look = how;
		},
		delay: [100_000, 900_000],
		keys: ({ object }) => (object.kind === 'Node' ? [object.metadata.name] : []),
		reconcile(name) {
			const node = one<Node>(api, 'nodes', undefined, name);
			const before = known.get(name);
			if (before && before.metadata.uid !== node?.metadata.uid) {
				known.delete(name);
				const words = `Node ${name} event: Removing Node ${name} from Controller`;
				cluster.record.record(SOURCE, before, 'Normal', 'RemovingNode', words);
			}
			if (!node) return;
			if (!known.has(name)) {
				known.set(name, node);
				cluster.record.record(
					SOURCE,
					node,
					'Normal',
					'RegisteredNode',
					`Node ${name} event: Registered Node ${name} in Controller`,
				);
				cluster.machines.get(name)?.onChange(() => {
					if (silent(node)) timeline.after(grace, () => look(name));
				});
			}
			const machine = cluster.machines.get(name);
			if (machine && silent(node) && timeline.now - machine.stoppedAt >= grace) setUnknown(node);
			taint(name);
		},
	};
}

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or not for longer. */
export function taintEvictionController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const minor = minorOf(api.version);
	const source = { component: minor >= 29 ? 'taint-eviction-controller' : 'taint-controller' };
	const since = new Map<string, { readonly uid: string; readonly at: number }>();
	const tell = (pod: Pod, message: string): void =>
		cluster.record.record(source, pod, 'Normal', 'TaintManagerEviction', message);
	return {
		name: 'taint-eviction',
		keys({ object }) {
			if (object.kind === 'Node')
				return (as<Node>(object).spec?.taints ?? []).some((t) => t.effect === 'NoExecute') || since.size > 0
					? all<Pod>(api, 'pods')
							.filter((p) => p.spec.nodeName === object.metadata.name)
							.map(keyOf)
					: [];
			return object.kind === 'Pod' && as<Pod>(object).spec.nodeName !== undefined ? [keyOf(object)] : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const pod = one<Pod>(api, 'pods', namespace, name);
			const node = pod && one<Node>(api, 'nodes', undefined, pod.spec.nodeName ?? '');
			const taints = (node?.spec?.taints ?? []).filter((t) => t.effect === 'NoExecute');
			if (since.get(key)?.uid !== pod?.metadata.uid) since.delete(key);
			if (!pod || pod.metadata.deletionTimestamp !== undefined || taints.length === 0) {
				if (since.delete(key) && pod && taints.length === 0) tell(pod, `Cancelling deletion of Pod ${key}`);
				return;
			}
			let least = Number.POSITIVE_INFINITY;
			for (const taint of taints) {
				const tolerations = (pod.spec.tolerations ?? []).filter((t) => tolerates(t, taint));
				if (tolerations.length === 0) least = 0;
				for (const { tolerationSeconds } of tolerations)
					if (tolerationSeconds !== undefined) least = Math.min(least, tolerationSeconds * SECOND);
			}
			if (least === Number.POSITIVE_INFINITY) return;
			const began = since.get(key)?.at ?? timeline.now;
			since.set(key, { uid: pod.metadata.uid, at: began });
			if (timeline.now - began < least) return began + least - timeline.now;
			since.delete(key);
			tell(pod, `Marking for deletion Pod ${key}`);
			markDisrupted(cluster, pod, 'DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint');
			removeOne(api, 'pods', namespace, name);
			return undefined;
		},
	};
}
