/**
 * cilium-operator: one of its pods leads. It registers the CRDs, hands out pod CIDRs in mode cluster-pool, marks nodes
 * whose agent is ready, and clears up after nodes that are gone.
 *
 * Source: cilium operator/main.go, operator/cmd, pkg/k8s/client/init.go (leader election), pkg/ipam/allocator/podcidr,
 * operator/watchers/node_taint.go @ v1.12.1, v1.17.5.
 */
import { type ApiObject, type CiliumFeature, ciliumDefinitions, formatMicroTime } from '../../../api/index.ts';
import { formatPrefix, type Prefix, parsePrefix } from '../../../wire/index.ts';
import { all, type ConfigMap, conditionOf, isReady, type Node, one, type Pod, removeOne } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import { logrus } from '../log.ts';
import type { Program, ProgramContext } from '../program.ts';
import { versionOfImage } from './agent-config.ts';
import { connectApi } from './connect-api.ts';
import type { CiliumNodeObject } from './node-object.ts';

const LOCK = 'cilium-operator-resource-lock';
/** `leader-election-lease-duration`. */
const LEASE = 15 * SECOND;

interface Lease {
	readonly spec?: { readonly holderIdentity?: string };
	readonly metadata: { readonly name: string };
}

export const operator: Program = {
	argv: ['cilium-operator-generic'],
	stops: [100 * MILLISECOND, 600 * MILLISECOND],
	start(context) {
		const begin = (): void => {
			connectApi(
				context,
				() => {
					context.healthy();
					elect(context);
				},
				(error) => {
					context.log(
						logrus('fatal', 'Unable to connect to Kubernetes apiserver', { error, subsys: 'cilium-operator' }),
					);
					context.exit(1);
				},
			);
		};
		context.log(
			logrus('info', `Cilium Operator ${versionOfImage(context.container.image)}`, { subsys: 'cilium-operator' }),
		);
		context.after(context.between(300 * MILLISECOND, 1200 * MILLISECOND, 'start'), begin);
		return (how) => {
			if (how === 'term') giveUp(context);
		};
	},
};

const identityOf = ({ pod }: ProgramContext): string => `${pod.spec.nodeName}-${pod.metadata.name.slice(-10)}`;

const leaseOf = ({ cluster, pod }: ProgramContext): Lease | undefined =>
	one<Lease>(cluster.api, 'leases', pod.metadata.namespace, LOCK);

/** Takes the lease when nobody holds it or its holder is gone for long enough. */
function elect(context: ProgramContext): void {
	const { cluster, pod } = context;
	const { api, timeline } = cluster;
	const me = identityOf(context);
	const now = formatMicroTime(cluster.timeline.epoch + Math.floor(timeline.now / SECOND), timeline.now % SECOND);
	const spec = {
		acquireTime: now,
		holderIdentity: me,
		leaseDurationSeconds: 15,
		leaseTransitions: 0,
		renewTime: now,
	};
	const lead = (): void => {
		context.log(logrus('info', 'Leading the operator HA deployment', { subsys: 'cilium-operator' }));
		runLeader(context);
	};
	const held = leaseOf(context);
	if (!held) {
		api.create({
			apiVersion: 'coordination.k8s.io/v1',
			kind: 'Lease',
			metadata: { name: LOCK, namespace: pod.metadata.namespace },
			spec,
		});
		context.log(
			logrus('info', 'attempting to acquire leader lease kube-system/cilium-operator-resource-lock...', {
				subsys: 'klog',
			}),
		);
		lead();
		return;
	}
	const holder = held.spec?.holderIdentity ?? '';
	const alive =
		holder !== '' &&
		all<Pod>(api, 'pods', { namespace: pod.metadata.namespace ?? '' }).some(
			(p) =>
				p.metadata.uid !== pod.metadata.uid &&
				p.metadata.deletionTimestamp === undefined &&
				holder.endsWith(p.metadata.name.slice(-10)),
		);
	if (!alive || holder === me) {
		const wait = holder === '' || holder === me ? context.between(SECOND / 2, 2 * SECOND, 'election') : LEASE;
		context.after(wait, () => {
			const again = leaseOf(context);
			if (again && again.spec?.holderIdentity !== holder) return elect(context);
			if (again) api.update({ ...(again as object), spec });
			lead();
		});
		return;
	}
	// Told when the lease changes; looks again by itself when its holder's pod goes.
	let waiting = true;
	context.watch(({ type, object }) => {
		if (!waiting) return;
		const freed = object.kind === 'Lease' && object.metadata.name === LOCK;
		const left = type === 'DELETED' && object.kind === 'Pod' && holder.endsWith(object.metadata.name.slice(-10));
		if (!freed && !left) return;
		waiting = false;
		context.after(context.between(SECOND / 2, 2 * SECOND, 'retry'), () => elect(context));
	});
}

/** A leader that is told to end gives its lease back. */
function giveUp(context: ProgramContext): void {
	const held = leaseOf(context);
	if (held?.spec?.holderIdentity === identityOf(context))
		context.cluster.api.update({ ...(held as object), spec: { ...held.spec, holderIdentity: '' } });
}

function runLeader(context: ProgramContext): void {
	const { cluster, pod } = context;
	const { api } = cluster;
	const version = versionOfImage(context.container.image);
	const minor = minorOf(version);
	context.after(context.between(400 * MILLISECOND, 1500 * MILLISECOND, 'crds'), () => {
		const config = one<ConfigMap>(api, 'configmaps', pod.metadata.namespace, 'cilium-config')?.data ?? {};
		for (const definition of ciliumDefinitions(version, featuresOf(config))) {
			const crd = definition as unknown as ApiObject & { readonly spec: { readonly names: { readonly kind: string } } };
			if (one(api, 'customresourcedefinitions', undefined, crd.metadata.name)) continue;
			api.create(definition);
			context.log(
				logrus('info', 'CRD (CustomResourceDefinition) is installed and up-to-date', {
					name: crd.spec.names.kind,
					subsys: 'k8s',
				}),
			);
		}
		const pools = (config['cluster-pool-ipv4-cidr'] ?? '10.0.0.0/8')
			.split(/[ ,]+/)
			.map((text) => parsePrefix(text))
			.filter((p) => p !== undefined);
		const mask = Number(config['cluster-pool-ipv4-mask-size'] ?? 24);
		const work = (): void => {
			pending = false;
			if (config.ipam === 'cluster-pool') assignCidrs(context, pools, mask);
			tendNodes(context, config, minor);
		};
		let pending = false;
		const soon = (): void => {
			if (pending) return;
			pending = true;
			context.after(context.between(50 * MILLISECOND, 400 * MILLISECOND, 'work'), work);
		};
		context.watch(({ object }) => {
			if (object.kind === 'CiliumNode' || object.kind === 'Node') soon();
			else if (object.kind === 'Pod' && object.metadata.labels?.['k8s-app'] === 'cilium') soon();
		});
		soon();
	});
}

/** Subnets in order, each node the next one; what nodes hold already is left to them. */
function assignCidrs(context: ProgramContext, pools: readonly Prefix[], mask: number): void {
	const { api } = context.cluster;
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
function tendNodes(context: ProgramContext, config: Readonly<Record<string, string>>, minor: number): void {
	const { api, timeline } = context.cluster;
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

/** Options of cilium-config that bring CRDs of their own. */
const FEATURES: readonly (readonly [option: string, feature: CiliumFeature])[] = [
	['enable-bgp-control-plane', 'bgp'],
	['enable-ipv4-egress-gateway', 'egress-gateway'],
	['enable-local-redirect-policy', 'local-redirect-policy'],
	['enable-envoy-config', 'envoy-config'],
	['enable-gateway-api', 'gateway-api'],
	['enable-cilium-endpoint-slice', 'endpoint-slice'],
];

const featuresOf = (config: Readonly<Record<string, string>>): readonly CiliumFeature[] =>
	FEATURES.filter(([option]) => config[option] === 'true').map(([, feature]) => feature);
