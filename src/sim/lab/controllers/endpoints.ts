/** Endpoints and EndpointSlices of services with a selector. Source: kubernetes pkg/controller/endpoint{,slice} @ v1.24.0. */
import type { ApiMeta, WatchEvent } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	type EndpointSlice,
	isDone,
	isReady,
	keyOf,
	one,
	ownerRef,
	type Pod,
	removeOne,
	type Service,
	type ServicePort,
	same,
	splitKey,
} from '../cluster/kinds.ts';
import { suffix } from '../cluster/names.ts';
import { MILLISECOND } from '../time.ts';
import type { Controller } from './loop.ts';

const MANAGED = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const MAX = 100;

const selects = (service: Service, labels: ApiMeta['labels']): boolean => {
	const selector = Object.entries(service.spec.selector ?? {});
	return selector.length > 0 && selector.every(([key, value]) => labels?.[key] === value);
};

const servicesOf = (cluster: ClusterContext, pod: Pod): readonly string[] =>
	all<Service>(cluster.api, 'services', { namespace: pod.metadata.namespace ?? '' })
		.filter((service) => selects(service, pod.metadata.labels))
		.map(keyOf);

/** The pods behind a service: with an address, not over. */
const backends = (cluster: ClusterContext, service: Service): readonly Pod[] =>
	all<Pod>(cluster.api, 'pods', { namespace: service.metadata.namespace ?? '' }).filter(
		(pod) =>
			selects(service, pod.metadata.labels) &&
			pod.status?.podIP !== undefined &&
			pod.spec.nodeName !== undefined &&
			!isDone(pod),
	);

/** A port of the pod: by number, or by the name it has there. */
const targetOf = (port: ServicePort, pod: Pod): number | undefined => {
	const target = port.targetPort ?? port.port;
	if (typeof target === 'number') return target;
	for (const container of pod.spec.containers)
		for (const p of container.ports ?? [])
			if (p.name === target && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return p.containerPort;
	return undefined;
};

const portsOf = (service: Service, pod: Pod) =>
	(service.spec.ports ?? []).flatMap((port) => {
		const number = targetOf(port, pod);
		return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }];
	});

const reference = (pod: Pod) => ({
	kind: 'Pod',
	name: pod.metadata.name,
	namespace: pod.metadata.namespace,
	uid: pod.metadata.uid,
});

/** A pod has a name of its own under the service it names as its subdomain (endpointslice/util shouldSetHostname). */
const hostnameOf = (pod: Pod, service: Service): { readonly hostname?: string } =>
	pod.spec.hostname && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {};

/** Pods whose ports differ stand in groups of their own, in order of their ports' text. */
function grouped(
	service: Service,
	pods: readonly Pod[],
): readonly { ports: ReturnType<typeof portsOf>; pods: Pod[] }[] {
	const groups = new Map<string, { ports: ReturnType<typeof portsOf>; pods: Pod[] }>();
	for (const pod of pods) {
		const ports = portsOf(service, pod);
		const key = JSON.stringify(ports);
		const group = groups.get(key);
		if (group) group.pods.push(pod);
		else groups.set(key, { ports, pods: [pod] });
	}
	return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const handled = (service: Service): boolean =>
	service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0;

/** Services, what is behind them, and what somebody took away of a controller's own. */
const keysOf =
	(cluster: ClusterContext, own: (event: WatchEvent) => readonly string[]): Controller['keys'] =>
	(event) => {
		const { object } = event;
		if (object.kind === 'Service') return [keyOf(object)];
		return object.kind === 'Pod' ? servicesOf(cluster, as<Pod>(object)) : own(event);
	};

/** Endpoints come back when they are deleted (endpoints_controller.go onEndpointsDelete). */
const lostEndpoints = ({ type, object }: WatchEvent): readonly string[] =>
	type === 'DELETED' && object.kind === 'Endpoints' ? [keyOf(object)] : [];

/** Slices of the controller's own are made again when somebody else changes or deletes one (endpointslice_controller.go). */
const touchedSlice = ({ type, object: { kind, metadata } }: WatchEvent): readonly string[] =>
	type !== 'ADDED' && kind === 'EndpointSlice' && metadata.labels?.[MANAGED] === MANAGER
		? [`${metadata.namespace}/${metadata.labels['kubernetes.io/service-name']}`]
		: [];

export function endpointsController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	return {
		name: 'endpoints',
		keys: keysOf(cluster, lostEndpoints),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const service = one<Service>(api, 'services', namespace, name);
			if (!service) {
				removeOne(api, 'endpoints', namespace, name);
				return;
			}
			if (!handled(service)) return;
			const address = (pod: Pod) => ({
				...hostnameOf(pod, service),
				ip: pod.status!.podIP!,
				nodeName: pod.spec.nodeName!,
				targetRef: reference(pod),
			});
			const live = backends(cluster, service).filter((p) => p.metadata.deletionTimestamp === undefined);
			const subsets = grouped(service, live).map(({ ports, pods }) => {
				const sorted = [...pods].sort((a, b) => (a.status!.podIP! < b.status!.podIP! ? -1 : 1));
				const ready = sorted.filter((p) => service.spec.publishNotReadyAddresses || isReady(p)).map(address);
				const unready = sorted.filter((p) => !service.spec.publishNotReadyAddresses && !isReady(p)).map(address);
				return {
					...(ready.length > 0 ? { addresses: ready } : {}),
					...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
					ports: ports.map(({ name: portName, ...rest }) => (portName === '' ? rest : { name: portName, ...rest })),
				};
			});
			const old = one<{ subsets?: unknown; metadata: ApiMeta }>(api, 'endpoints', namespace, name);
			if (old && same(old.subsets ?? [], subsets)) return;
			const metadata = {
				name,
				namespace,
				labels: service.metadata.labels ?? {},
				annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': cluster.timeline.stamp() },
			};
			const object = { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length > 0 ? { subsets } : {}) };
			if (old) api.update({ ...object, metadata: { ...old.metadata, ...metadata } });
			else api.create(object);
		},
	};
}

export function endpointSliceController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	let made = 0;
	return {
		name: 'endpointslice',
		delay: [8 * MILLISECOND, 60 * MILLISECOND],
		keys: keysOf(cluster, touchedSlice),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const service = one<Service>(api, 'services', namespace, name);
			const mine = all<EndpointSlice>(api, 'endpointslices', { namespace }).filter(
				(s) => s.metadata.labels?.['kubernetes.io/service-name'] === name && s.metadata.labels?.[MANAGED] === MANAGER,
			);
			if (!service || !handled(service)) {
				for (const slice of mine) removeOne(api, 'endpointslices', namespace, slice.metadata.name);
				return;
			}
			const endpoint = (pod: Pod) => {
				const ready = isReady(pod) || service.spec.publishNotReadyAddresses === true;
				const terminating = pod.metadata.deletionTimestamp !== undefined;
				return {
					addresses: [pod.status!.podIP!],
					conditions: { ready: ready && !terminating, serving: ready, terminating },
					...hostnameOf(pod, service),
					nodeName: pod.spec.nodeName!,
					targetRef: reference(pod),
				};
			};
			const wanted = grouped(service, backends(cluster, service)).flatMap(({ ports, pods }) => {
				const sorted = [...pods].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
				return Array.from({ length: Math.ceil(sorted.length / MAX) }, (_, i) => ({
					ports,
					endpoints: sorted.slice(i * MAX, (i + 1) * MAX).map(endpoint),
				}));
			});
			if (wanted.length === 0) wanted.push({ ports: [], endpoints: [] });
			for (const [i, content] of wanted.entries()) {
				const old = mine[i];
				if (old) {
					if (!same(old.endpoints ?? [], content.endpoints) || !same(old.ports ?? [], content.ports))
						api.update({ ...as<object>(old as never), ...content });
					continue;
				}
				api.create({
					apiVersion: 'discovery.k8s.io/v1',
					kind: 'EndpointSlice',
					metadata: {
						name: `${name}-${suffix(timeline, `slice\0${key}\0${service.metadata.uid}\0${made++}`)}`,
						generateName: `${name}-`,
						namespace,
						labels: { ...service.metadata.labels, [MANAGED]: MANAGER, 'kubernetes.io/service-name': name },
						ownerReferences: [ownerRef(service)],
					},
					addressType: 'IPv4',
					...content,
				});
			}
			for (const slice of mine.slice(wanted.length)) removeOne(api, 'endpointslices', namespace, slice.metadata.name);
		},
	};
}
