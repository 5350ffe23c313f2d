/** What the operator does for nodes: pod CIDRs in mode cluster-pool, taints and conditions, and clearing up. */
import { asManager } from '../../../api/index.ts';
import { formatPrefix, type Prefix } from '../../../wire/index.ts';
import { all, conditionOf, isReady, type Node, one, type Pod, removeOne } from '../../cluster/kinds.ts';
import type { ProgramContext } from '../program.ts';
import type { CiliumNodeObject } from './node-object.ts';

/** Subnets in order, each node the next one; what nodes hold already is left to them. */
export function assignCidrs(context: ProgramContext, pools: readonly Prefix[], mask: number): void {
	const api = asManager(context.cluster.api, 'cilium-operator-generic');
	const nodes = all<CiliumNodeObject>(api, 'ciliumnodes');
	const taken = new Set(nodes.flatMap((n) => n.spec?.ipam?.podCIDRs ?? []));
	const free = (): string | undefined => {
		for (const pool of pools)
			for (let i = 0; i < 2 ** Math.max(0, mask - pool.length); i++) {
				const text = formatPrefix({ address: pool.address + i * 2 ** (32 - mask), length: mask });
				if (!taken.has(text)) return text;
			}
		return undefined;
	};
	for (const node of [...nodes].sort(byAge)) {
		if ((node.spec?.ipam?.podCIDRs ?? []).length > 0) continue;
		const cidr = free();
		if (cidr === undefined) return;
		taken.add(cidr);
		api.update({ ...node, spec: { ...node.spec, ipam: { ...node.spec?.ipam, podCIDRs: [cidr] } } });
	}
}

const byAge = (a: CiliumNodeObject, b: CiliumNodeObject): number =>
	Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion);

/** Taints and conditions of nodes by their agents' pods; CiliumNodes of nodes that are gone. */
export function tendNodes(context: ProgramContext, config: Readonly<Record<string, string>>, minor: number): void {
	const { timeline } = context.cluster;
	const api = asManager(context.cluster.api, 'cilium-operator-generic');
	const key = config['agent-not-ready-taint-key'] ?? 'node.cilium.io/agent-not-ready';
	const agents = all<Pod>(api, 'pods', {
		namespace: context.pod.metadata.namespace ?? '',
		labelSelector: 'k8s-app=cilium',
	});
	for (const node of all<Node>(api, 'nodes')) {
		const agent = agents.find((p) => p.spec.nodeName === node.metadata.name);
		if (!agent) continue;
		const taints = node.spec?.taints ?? [];
		const tainted = taints.some((t) => t.key === key);
		if (isReady(agent)) {
			if (tainted && config['remove-cilium-node-taints'] !== 'false')
				api.update({ ...node, spec: { ...node.spec, taints: taints.filter((t) => t.key !== key) } });
			const now = one<Node>(api, 'nodes', undefined, node.metadata.name)!;
			if (conditionOf(now, 'NetworkUnavailable')?.status === 'False') continue;
			const stamp = timeline.stamp();
			api.updateStatus({
				...now,
				status: {
					...now.status,
					conditions: [
						{
							lastHeartbeatTime: stamp,
							lastTransitionTime: stamp,
							message: 'Cilium is running on this node',
							reason: 'CiliumIsUp',
							status: 'False',
							type: 'NetworkUnavailable',
						},
						...(now.status?.conditions ?? []).filter((c) => c.type !== 'NetworkUnavailable'),
					],
				},
			});
		} else if (minor >= 14 && !tainted && config['set-cilium-node-taints'] === 'true')
			api.update({ ...node, spec: { ...node.spec, taints: [...taints, { key, effect: 'NoSchedule' }] } });
	}
	for (const { metadata } of all<CiliumNodeObject>(api, 'ciliumnodes'))
		if (!one(api, 'nodes', undefined, metadata.name)) removeOne(api, 'ciliumnodes', undefined, metadata.name);
}
