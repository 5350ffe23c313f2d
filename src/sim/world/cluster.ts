/**
 * The control plane between two looks at it: from objects as they were written to objects as they settle.
 * Deployments get their pods, pods their node and address, services their slices.
 */
import {
	admitService,
	allocatePodIp,
	checkClusterIp,
	checkNodePort,
	type Deployment,
	EMPTY_SNAPSHOT,
	type EndpointSlice,
	endpointSlices,
	get,
	type KubeError,
	keyOf,
	list,
	type Node,
	POD_TEMPLATE_HASH,
	type Pod,
	put,
	type Random,
	reconcileDeployment,
	remove,
	type Service,
	type ServiceRequest,
	type Snapshot,
	schedule,
	takenBy,
} from '../kube/index.ts';
import type { Ip, Prefix } from '../wire/index.ts';
import type { Pin, Scenario } from './scenario.ts';
import { bundleOf } from './settings.ts';
import type { Settings, SimError } from './types.ts';

/** What the controllers need to know beside the objects. */
export interface ClusterContext {
	readonly scenario: Scenario;
	readonly settings: Settings;
	/** Chance that does not depend on what was drawn before. */
	readonly random: Random;
	/** Virtual time, microseconds. */
	readonly now: number;
	/** Addresses of a node's pod CIDR that its CNI holds itself. */
	readonly reserved: ReadonlyMap<string, readonly Ip[]>;
	/** Whether the CNI's agents work: pods they cannot connect stay without an address (ContainerCreating). */
	readonly agents: boolean;
}

export type ClusterResult = { readonly snapshot: Snapshot } | { readonly error: SimError };

/** An error of the API server as the World hands it on. */
export const fromKubeError = (error: KubeError): SimError => ({
	code: error.code === 'pod-ip.exhausted' ? 'no-address-left' : 'bad-object',
	params: { ...error.params, reason: error.code },
	where: error.position,
});

const nodeObject = (scenario: Scenario, index: number): Node => {
	const spec = scenario.cluster.nodes[index]!;
	return {
		kind: 'Node',
		metadata: { name: spec.name, namespace: '', labels: spec.labels, uid: spec.name, creationTimestamp: 0 },
		podCIDR: spec.podCIDR,
		internalIP: spec.internalIP,
		ready: true,
		unschedulable: false,
		taints: spec.controlPlane ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : [],
	};
};

/**
 * The objects a cluster starts with, settled. `from`: objects that outlive their cluster (a switch made it anew):
 * manifests stay, pods are made again.
 */
export function startCluster(ctx: ClusterContext, from?: Snapshot): ClusterResult {
	if (from) return settle(withoutPods(from), ctx);
	const { cluster } = ctx.scenario;
	const fixed = cluster.services.filter((s) => s.clusterIP !== undefined && !needsPort(s));
	const asked = cluster.services.filter((s) => s.clusterIP === undefined || needsPort(s));
	const services = fixed.map((s): Service => ({ ...s, clusterIP: s.clusterIP === 'None' ? undefined : s.clusterIP }));
	const clash = faultInFixed(services, cluster.serviceCIDR);
	if (clash) return { error: fromKubeError(clash) };
	for (const request of asked) {
		const admitted = admitService(request, {
			cidr: cluster.serviceCIDR,
			taken: takenBy(services),
			version: bundleOf(ctx.scenario, ctx.settings).kubernetes,
			random: ctx.random,
		});
		if (admitted.error) return { error: fromKubeError(admitted.error) };
		services.push(admitted.value);
	}
	return settle(
		put(EMPTY_SNAPSHOT, [
			...cluster.nodes.map((_, i) => nodeObject(ctx.scenario, i)),
			...cluster.deployments,
			...cluster.pods,
			...services,
			...cluster.endpointSlices,
		]),
		ctx,
	);
}

/** What the API server would refuse of services that ask for nothing: addresses and ports outside, or taken. */
function faultInFixed(services: readonly Service[], cidr: Prefix): KubeError | undefined {
	const clusterIPs = new Set<Ip>();
	const nodePorts = new Set<string>();
	for (const { clusterIP, ports, metadata } of services) {
		const position = `Service ${metadata.namespace}/${metadata.name}`;
		const taken = clusterIP === undefined ? undefined : checkClusterIp(cidr, clusterIPs, clusterIP, position);
		if (taken) return taken;
		if (clusterIP !== undefined) clusterIPs.add(clusterIP);
		for (const { nodePort, protocol } of ports) {
			const error = nodePort === 0 ? undefined : checkNodePort(nodePorts, protocol, nodePort, position);
			if (error) return error;
			if (nodePort !== 0) nodePorts.add(`${nodePort}/${protocol}`);
		}
	}
	return undefined;
}

function withoutPods(from: Snapshot): Snapshot {
	let snapshot = from;
	const again: Pod[] = [];
	for (const pod of list(from, 'Pod')) {
		const { namespace, name, owner } = pod.metadata;
		if (owner !== undefined && get(from, 'Deployment', namespace, owner))
			snapshot = remove(snapshot, 'Pod', namespace, name);
		else again.push({ ...pod, podIP: undefined });
	}
	return put(snapshot, again);
}

const needsPort = (service: ServiceRequest): boolean =>
	(service.type === 'NodePort' || service.type === 'LoadBalancer') && service.ports.some((p) => p.nodePort === 0);

/** Writes the switches into the objects they act on, then lets every controller run until nothing changes. */
export function settle(from: Snapshot, ctx: ClusterContext): ClusterResult {
	let snapshot = followSettings(from, ctx);
	for (const deployment of list(snapshot, 'Deployment')) snapshot = followDeployment(snapshot, deployment, ctx);
	const placed = placePods(snapshot, ctx);
	if ('error' in placed) return placed;
	return { snapshot: followServices(placed.snapshot) };
}

/** Puts only what differs, so that an unchanged cluster keeps its generation. */
function putChanged(snapshot: Snapshot, object: Deployment | Service): Snapshot {
	const { namespace, name } = object.metadata;
	const old = get(snapshot, object.kind, namespace, name);
	return old && JSON.stringify(old) === JSON.stringify(object) ? snapshot : put(snapshot, [object]);
}

function followSettings(from: Snapshot, { scenario, settings }: ClusterContext): Snapshot {
	let snapshot = from;
	const [namespace, name] = splitKey(scenario.subject.deployment);
	const deployment = name === undefined ? undefined : get(snapshot, 'Deployment', namespace, name);
	if (deployment) snapshot = putChanged(snapshot, { ...deployment, replicas: settings.replicas });
	for (const key of scenario.subject.services) {
		const [ns, serviceName] = splitKey(key);
		const service = serviceName === undefined ? undefined : get(snapshot, 'Service', ns, serviceName);
		if (!service) continue;
		const { externalTrafficPolicy, internalTrafficPolicy, sessionAffinity, protocol } = settings;
		const ports = scenario.subject.protocol.includes(key)
			? service.ports.map((port) => ({ ...port, protocol }))
			: service.ports;
		snapshot = putChanged(snapshot, {
			...service,
			ports,
			externalTrafficPolicy,
			internalTrafficPolicy,
			sessionAffinity,
		});
	}
	return snapshot;
}

const splitKey = (key: string | undefined): readonly [string, string] | readonly ['', undefined] => {
	if (key === undefined) return ['', undefined];
	const slash = key.indexOf('/');
	return [key.slice(0, slash), key.slice(slash + 1)];
};

/** The Deployment and ReplicaSet controllers, and the switch that says where the first pod goes. */
function followDeployment(from: Snapshot, deployment: Deployment, ctx: ClusterContext): Snapshot {
	const { namespace, name } = deployment.metadata;
	const isSubject = ctx.scenario.subject.deployment === `${namespace}/${name}`;
	const podOn = isSubject ? ctx.settings.podOn : undefined;
	let snapshot = from;
	const owned = () => list(snapshot, 'Pod', namespace).filter((p) => p.metadata.owner === name);
	if (podOn !== undefined && owned().length > 0 && !owned().some((p) => p.nodeName === podOn)) {
		// Moved by the switch: the pods are made anew, as a change of the template would make them.
		for (const pod of owned()) snapshot = remove(snapshot, 'Pod', namespace, pod.metadata.name);
	}
	const { create, remove: gone } = reconcileDeployment(deployment, list(snapshot, 'Pod', namespace), ctx);
	const kept = podOn === undefined ? gone : keepOn(podOn, gone, owned());
	for (const pod of kept) snapshot = remove(snapshot, 'Pod', namespace, pod.metadata.name);
	const hash = ctx.scenario.cluster.replicaSetHash[name];
	const bindFirst = podOn !== undefined && !owned().some((p) => p.nodeName === podOn);
	return put(
		snapshot,
		create.map((pod, i) => {
			const own = pod.metadata.labels[POD_TEMPLATE_HASH]!;
			const podName = hash === undefined ? pod.metadata.name : pod.metadata.name.replace(`-${own}-`, `-${hash}-`);
			return {
				...pod,
				metadata: { ...pod.metadata, name: podName, uid: `${namespace}/${podName}` },
				...(bindFirst && i === 0 ? { nodeName: podOn } : {}),
			};
		}),
	);
}

/** Scaling down leaves a pod on the node of the switch: another one goes in its place. */
function keepOn(node: string, gone: readonly Pod[], owned: readonly Pod[]): readonly Pod[] {
	const stays = owned.filter((p) => !gone.includes(p));
	const held = gone.find((p) => p.nodeName === node);
	if (!held || stays.length === 0 || stays.some((p) => p.nodeName === node)) return gone;
	return [...gone.filter((p) => p !== held), stays[0]!];
}

/** Scheduler, CNI's IPAM and kubelet: nodes, addresses, and then the pods are ready. */
function placePods(from: Snapshot, ctx: ClusterContext): ClusterResult {
	const before = list(from, 'Pod');
	const pending = before.filter((p) => p.nodeName === undefined || p.podIP === undefined);
	if (pending.length === 0) return { snapshot: from };
	const nodes = list(from, 'Node');
	const byName = new Map(nodes.map((n) => [n.metadata.name, n]));
	const taken = new Set<Ip>();
	for (const pod of before) if (pod.podIP !== undefined) taken.add(pod.podIP);
	for (const addresses of ctx.reserved.values()) for (const ip of addresses) taken.add(ip);
	const names = new Set(before.map(keyOf));
	const fixed = ctx.scenario.cluster.podAddresses ?? {};
	for (const ip of Object.values(fixed)) taken.add(ip);
	const cilium = bundleOf(ctx.scenario, ctx.settings).cni === 'cilium';
	const changed: Pod[] = [];
	let snapshot = from;
	for (const [i, pod] of schedule(before, nodes).entries()) {
		const node = pod.nodeName === undefined ? undefined : byName.get(pod.nodeName);
		if (!node || pod.podIP !== undefined || (!ctx.agents && !pod.hostNetwork)) continue;
		const pin = findPin(ctx.scenario.cluster.pins, pod, taken, names);
		const named: Pod = pin
			? { ...pod, metadata: { ...pod.metadata, name: pin.name, uid: `${pod.metadata.namespace}/${pin.name}` } }
			: pod;
		let ip = pod.hostNetwork ? node.internalIP : (pin?.ip ?? fixed[keyOf(pod)]);
		if (ip === undefined) {
			const got = allocatePodIp(node.podCIDR, taken, keyOf(pod), cilium ? ctx.random : undefined);
			if (got.error) return { error: fromKubeError(got.error) };
			ip = got.value;
		}
		taken.add(ip);
		if (pin) snapshot = remove(snapshot, 'Pod', pod.metadata.namespace, before[i]!.metadata.name);
		const declared = pod.metadata.owner === undefined;
		changed.push({ ...named, podIP: ip, ready: declared ? pod.ready : true, serving: declared ? pod.serving : true });
	}
	return { snapshot: put(snapshot, changed) };
}

function findPin(pins: readonly Pin[], pod: Pod, taken: ReadonlySet<Ip>, names: ReadonlySet<string>): Pin | undefined {
	return pins.find(
		(pin) =>
			pin.deployment === pod.metadata.owner &&
			pin.node === pod.nodeName &&
			!taken.has(pin.ip) &&
			!names.has(`${pod.metadata.namespace}/${pin.name}`),
	);
}

/** The EndpointSlice controller. Slices of services without a selector are somebody else's and stay. */
function followServices(from: Snapshot): Snapshot {
	const byNamespace = new Map<string, Pod[]>();
	for (const pod of list(from, 'Pod')) {
		const pods = byNamespace.get(pod.metadata.namespace);
		if (pods) pods.push(pod);
		else byNamespace.set(pod.metadata.namespace, [pod]);
	}
	const wanted: EndpointSlice[] = [];
	const managed = new Set<string>();
	for (const service of list(from, 'Service')) {
		if (Object.keys(service.selector).length === 0) continue;
		managed.add(keyOf(service));
		wanted.push(...endpointSlices(service, byNamespace.get(service.metadata.namespace) ?? []));
	}
	const keys = new Set(wanted.map(keyOf));
	let snapshot = from;
	for (const slice of list(from, 'EndpointSlice')) {
		if (keys.has(keyOf(slice))) continue;
		const owner = `${slice.metadata.namespace}/${slice.service}`;
		const orphan = get(from, 'Service', slice.metadata.namespace, slice.service) === undefined;
		if (managed.has(owner) || orphan)
			snapshot = remove(snapshot, 'EndpointSlice', slice.metadata.namespace, slice.metadata.name);
	}
	const changed = wanted.filter((slice) => {
		const old = get(from, 'EndpointSlice', slice.metadata.namespace, slice.metadata.name);
		return !old || JSON.stringify(old) !== JSON.stringify(slice);
	});
	return put(snapshot, changed);
}
