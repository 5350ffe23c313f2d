/** Objects of the API as far as a packet can tell (`src/sim/kube`): pods that run, services, what stands behind them. */
import { parseSelector, selects } from '../../api/index.ts';
import type { KubeObject, Pod as KubePod, ServiceExposure, ServicePort } from '../../kube/index.ts';
import { type Ip, parseIp, parsePrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	type ContainerSpec,
	type EndpointSlice,
	isDone,
	isReady,
	keyOf,
	type ObjectView,
	one,
	type Pod,
	type Service,
} from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { packetSysctls } from '../kubelet/pod-sysctls.ts';
import { argvOf, type Listening } from '../software/program.ts';
import { programOf } from '../software/programs.ts';
import { projectEgressPolicies } from './egress.ts';
import { projectPolicies } from './policies.ts';
import { NAMESPACE_LABELS, POD_NAMESPACE } from './policy-selectors.ts';

type Protocol = ServicePort['protocol'];

const meta = (object: { readonly metadata: Pod['metadata'] }, owner?: string) => ({
	name: object.metadata.name,
	namespace: object.metadata.namespace ?? '',
	labels: object.metadata.labels ?? {},
	uid: object.metadata.uid,
	creationTimestamp: 0,
	...(owner === undefined ? {} : { owner }),
});

const addresses = (texts: readonly (string | undefined)[] | undefined): readonly Ip[] =>
	(texts ?? []).flatMap((text) => parseIp(text ?? '') ?? []);

/** Ports the programs of a pod's running containers answer on. */
export function listening(pod: Pod, machine: Machine): readonly Listening[] {
	const statuses = (pod.status?.containerStatuses ?? []) as readonly {
		readonly name: string;
		readonly containerID?: string;
		readonly state?: { readonly running?: unknown };
	}[];
	return pod.spec.containers.flatMap((written: ContainerSpec) => {
		const status = statuses.find((s) => s.name === written.name);
		if (!status?.state?.running) return [];
		const id = status.containerID?.replace(/^.*:\/\//, '') ?? '';
		const own = peoplesContainers()?.listensIn(machine, id);
		if (own) return own;
		// Its command line with the variables it names.
		const spec = peoplesContainers()?.specIn(machine, id) ?? written;
		const program = programOf(spec);
		return program.listens?.(spec, argvOf(program, spec)) ?? [];
	});
}

/** What the agent of its node made of a pod, or that it is of another plugin; undefined while nobody connected it. */
function connection(
	api: ClusterContext['api'],
	pod: Pod,
	machine: Machine,
): Pick<KubePod, 'endpoint' | 'unmanaged'> | undefined {
	if (pod.spec.hostNetwork) return {};
	const { namespace, name } = pod.metadata;
	const by = machine.connected.get(keyOf(pod));
	if (by === undefined) return undefined;
	if (by !== 'cilium') return machine.agent ? { unmanaged: true } : {};
	const endpoint = machine.agent?.endpoints.find((e) => e.namespace === namespace && e.pod === name);
	if (!endpoint) return {};
	const { id, identity, state } = endpoint;
	// What is made with a ready endpoint can only be missing when somebody deleted it.
	const untold = machine.agent!.state === 'ready' && state === 'ready' && !one(api, 'ciliumendpoints', namespace, name);
	return { endpoint: { id, identity, ...(untold && { untold }) } };
}

/** What a node does with a pod, it does by what its kubelet knows: the API server hears of it some moments later. */
function asItsKubelet(cluster: ClusterContext, pod: Pod): Pod {
	const status = cluster.kubeletStatus(pod.metadata.namespace ?? '', pod.metadata.name);
	return status ? { ...pod, status: { ...pod.status, ...(status as Pod['status']) } } : pod;
}

function podObject(cluster: ClusterContext, told: Pod, machine: Machine): KubePod | undefined {
	const pod = asItsKubelet(cluster, told);
	const podIP = parseIp(pod.status?.podIP ?? '');
	if (podIP === undefined || pod.spec.nodeName === undefined || isDone(told)) return undefined;
	const connected = connection(cluster.api, pod, machine);
	if (!connected) return undefined;
	const ports = listening(pod, machine);
	// Ports of the node that lead to the container: the portmap plugin's, or the agent's.
	const mapped = pod.spec.containers.flatMap(({ ports: declared = [] }) =>
		declared.filter(({ hostPort = 0 }) => hostPort > 0 && !pod.spec.hostNetwork),
	);
	const speaks = ports.find((p) => p.speaks)?.speaks;
	const sysctls = pod.spec.hostNetwork ? undefined : packetSysctls(pod);
	return {
		kind: 'Pod',
		// Who owns it decides how it speaks (`ClusterSpec.speaks`).
		metadata: meta(pod, speaks),
		nodeName: pod.spec.nodeName,
		hostNetwork: pod.spec.hostNetwork === true,
		podIP,
		ready: isReady(told),
		serving: isReady(told),
		ports: ports.map(({ port, protocol }) => {
			const host = mapped.find((p) => p.containerPort === port && (p.protocol ?? 'TCP') === protocol);
			const hostIP = parseIp(host?.hostIP ?? '') || undefined;
			const named = pod.spec.containers
				.flatMap(({ ports: declared = [] }) => declared)
				.find((p) => p.name !== undefined && p.containerPort === port && (p.protocol ?? 'TCP') === protocol);
			return {
				...(named ? { name: named.name! } : {}),
				containerPort: port,
				protocol,
				...(host ? { hostPort: host.hostPort!, ...(hostIP === undefined ? {} : { hostIP }) } : {}),
			};
		}),
		...connected,
		...(sysctls ? { sysctls } : {}),
	};
}

const TYPES: readonly string[] = ['ClusterIP', 'NodePort', 'LoadBalancer'];

/**
 * Annotations `service.cilium.io/…` of a service, by its cluster's nodes: pkg/loadbalancer/reflectors/conversions.go
 * CheckServiceNodeExposure(), NewSvcExposureType() @ v1.19.0. What they do not know, agents ignore.
 */
function exposureOf({ metadata }: Service, nodes: () => readonly ObjectView[]): ServiceExposure | undefined {
	const { annotations = {} } = metadata;
	const {
		type,
		node,
		'node-selector': selector,
		'src-ranges-policy': ranges,
	} = Object.fromEntries(
		Object.entries(annotations).flatMap(([key, value]) =>
			key.startsWith(EXPOSURE) ? [[key.slice(EXPOSURE.length), value]] : [],
		),
	);
	const namesOf = (which: (labels: Readonly<Record<string, string>>) => boolean): readonly string[] =>
		nodes().flatMap(({ metadata: { name, labels = {} } }) => (which(labels) ? [name] : []));
	const parsed = selector === undefined ? undefined : parseSelector(selector);
	const out: ServiceExposure = {
		...(type !== undefined && TYPES.includes(type) ? { type: type as never } : {}),
		...(node === undefined ? {} : { nodes: namesOf((labels) => labels[`${EXPOSURE}node`] === node) }),
		...(parsed?.value ? { selected: namesOf((labels) => selects(parsed.value, labels)) } : {}),
		...(ranges?.toLowerCase() === 'deny' ? { denies: true } : {}),
	};
	return Object.keys(out).length > 0 ? out : undefined;
}

const EXPOSURE = 'service.cilium.io/';

function serviceObject(service: Service, nodes: () => readonly ObjectView[]): KubeObject | undefined {
	const { spec } = service;
	const type = spec.type ?? 'ClusterIP';
	const clusterIP = parseIp(spec.clusterIP ?? '');
	if (type === 'ExternalName' || clusterIP === undefined) return undefined;
	const exposure = exposureOf(service, nodes);
	return {
		kind: 'Service',
		metadata: meta(service),
		type,
		clusterIP,
		ports: (spec.ports ?? []).map((port) => ({
			name: port.name ?? '',
			protocol: (port.protocol ?? 'TCP') as Protocol,
			port: port.port,
			targetPort: port.targetPort ?? port.port,
			nodePort: port.nodePort ?? 0,
		})),
		selector: spec.selector ?? {},
		externalIPs: addresses(spec.externalIPs),
		loadBalancerIngress: addresses(service.status?.loadBalancer?.ingress?.map((i) => i.ip)),
		loadBalancerSourceRanges: (spec.loadBalancerSourceRanges ?? []).flatMap((text) => parsePrefix(text) ?? []),
		externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
		internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
		sessionAffinity: spec.sessionAffinity ?? 'None',
		sessionAffinityTimeout: spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800,
		healthCheckNodePort: spec.healthCheckNodePort ?? 0,
		...(exposure && { exposure }),
	};
}

function sliceObject(slice: EndpointSlice): KubeObject | undefined {
	const service = slice.metadata.labels?.['kubernetes.io/service-name'];
	if (service === undefined || slice.addressType !== 'IPv4') return undefined;
	return {
		kind: 'EndpointSlice',
		metadata: meta(slice),
		service,
		ports: (slice.ports ?? []).map((p) => ({
			name: p.name ?? '',
			port: p.port ?? 0,
			protocol: (p.protocol ?? 'TCP') as Protocol,
		})),
		endpoints: (slice.endpoints ?? []).flatMap((endpoint) =>
			addresses(endpoint.addresses).map((ip) => {
				const { ready = true, serving, terminating = false } = endpoint.conditions ?? {};
				return {
					ip,
					nodeName: endpoint.nodeName ?? '',
					ready,
					serving: serving ?? ready,
					terminating,
					podName: endpoint.targetRef?.name ?? '',
				};
			}),
		),
	};
}

/** CiliumIdentity. */
interface Identity {
	readonly 'security-labels'?: Readonly<Record<string, string>>;
}

/** Those of an identity; where kindnetd looks at the pod and its namespace itself, in the words policies are written in here. */
function labelsFor({ api }: ClusterContext, pod: Pod, machine: Machine, identity: number | undefined) {
	if (identity !== undefined)
		return one<Identity>(api, 'ciliumidentities', undefined, String(identity))?.['security-labels'];
	if (machine.cni?.kind !== 'kindnet' || pod.spec.hostNetwork) return undefined;
	const namespace = pod.metadata.namespace ?? '';
	const space = one<ObjectView>(api, 'namespaces', undefined, namespace)?.metadata.labels ?? {};
	return Object.fromEntries([
		...Object.entries(pod.metadata.labels ?? {}).map(([key, value]) => [`k8s:${key}`, value]),
		...Object.entries(space).map(([key, value]) => [`${NAMESPACE_LABELS}${key}`, value]),
		[POD_NAMESPACE, namespace],
	]) as Readonly<Record<string, string>>;
}

/** All of them, by a key of kind, namespace and name. */
export function projectObjects(cluster: ClusterContext, nodes: ReadonlySet<string>): ReadonlyMap<string, KubeObject> {
	const { api, machines } = cluster;
	const out = new Map<string, KubeObject>();
	const policies = projectPolicies(cluster);
	const add = (object: KubeObject | undefined): void => {
		if (object) out.set(`${object.kind}\0${object.metadata.namespace}\0${object.metadata.name}`, object);
	};
	for (const pod of all<Pod>(api, 'pods')) {
		const machine = nodes.has(pod.spec.nodeName ?? '') && machines.get(pod.spec.nodeName ?? '');
		const object = machine && podObject(cluster, pod, machine);
		if (!object) continue;
		// Whom a policy means, it means by the labels of an identity.
		const labels = policies.length === 0 ? undefined : labelsFor(cluster, pod, machine, object.endpoint?.identity);
		add(labels ? { ...object, securityLabels: labels } : object);
	}
	for (const service of all<Service>(api, 'services')) add(serviceObject(service, () => all<ObjectView>(api, 'nodes')));
	for (const slice of all<EndpointSlice>(api, 'endpointslices')) add(sliceObject(slice));
	for (const policy of [...policies, ...projectEgressPolicies(cluster)]) add(policy);
	for (const { name, agent } of machines.values())
		if (agent?.options)
			add({
				kind: 'AgentOptions',
				metadata: { name, namespace: '', labels: {}, uid: '', creationTimestamp: 0 },
				...agent.options,
			});
	return out;
}
