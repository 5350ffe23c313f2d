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
	type ObjectView,
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
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND } from '../time.ts';
import type { Controller } from './loop.ts';
import { triggerTimes, withTriggerTime } from './trigger-time.ts';

const MANAGED = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const MAX = 100;
const ZONE = 'topology.kubernetes.io/zone';

const selects = (service: Service, labels: ApiMeta['labels']): boolean => {
	const selector = Object.entries(service.spec.selector ?? {});
	return selector.length > 0 && selector.every(([key, value]) => labels?.[key] === value);
};

const servicesOf = (cluster: ClusterContext, pod: Pod): readonly string[] =>
	all<Service>(cluster.api, 'services', { namespace: pod.metadata.namespace ?? '' })
		.filter((service) => selects(service, pod.metadata.labels))
		.map(keyOf);

const selected = (cluster: ClusterContext, service: Service): readonly Pod[] =>
	all<Pod>(cluster.api, 'pods', { namespace: service.metadata.namespace ?? '' }).filter((pod) =>
		selects(service, pod.metadata.labels),
	);

/** The pods behind a service: with an address, not over. */
const backends = (pods: readonly Pod[]): readonly Pod[] =>
	pods.filter((pod) => pod.status?.podIP !== undefined && pod.spec.nodeName !== undefined && !isDone(pod));

/** A headless service's say so (v1.IsHeadlessService). */
const HEADLESS = 'service.kubernetes.io/headless';
const headlessLabel = ({ spec: { clusterIP } }: Service) => (clusterIP === 'None' ? { [HEADLESS]: '' } : {});

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

/** A service that has a selector no longer, or leads elsewhere now, keeps what it had (syncService() of both controllers). */
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
	const times = triggerTimes();
	return {
		name: 'endpoints',
		keys: keysOf(cluster, lostEndpoints),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const service = one<Service>(api, 'services', namespace, name);
			if (!service) {
				times.forget(key);
				removeOne(api, 'endpoints', namespace, name);
				return;
			}
			if (!handled(service)) return;
			const pods = selected(cluster, service);
			const time = times.of(key, service, pods);
			const address = (pod: Pod) => ({
				...hostnameOf(pod, service),
				ip: pod.status!.podIP!,
				nodeName: pod.spec.nodeName!,
				targetRef: reference(pod),
			});
			const live = backends(pods).filter((p) => p.metadata.deletionTimestamp === undefined);
			// A pod without any of the service's ports is not told of; a headless service may have none.
			const groups = grouped(service, live).filter(
				({ ports }) => ports.length > 0 || (service.spec.ports ?? []).length === 0,
			);
			const subsets = groups.map(({ ports, pods }) => {
				const sorted = [...pods].sort((a, b) => (a.status!.podIP! < b.status!.podIP! ? -1 : 1));
				const ready = sorted.filter((p) => service.spec.publishNotReadyAddresses || isReady(p)).map(address);
				const unready = sorted.filter((p) => !service.spec.publishNotReadyAddresses && !isReady(p)).map(address);
				return {
					...(ready.length > 0 ? { addresses: ready } : {}),
					...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
					...(ports.length > 0
						? { ports: ports.map(({ name: port, ...rest }) => (port === '' ? rest : { name: port, ...rest })) }
						: {}),
				};
			});
			const old = one<{ subsets?: unknown; metadata: ApiMeta }>(api, 'endpoints', namespace, name);
			const labels = {
				...service.metadata.labels,
				...headlessLabel(service),
				// Servers warn of Endpoints that somebody else made (@ v1.33.0).
				...(minorOf(api.version) >= 33 ? { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } : {}),
			};
			if (old && same(old.subsets ?? [], subsets) && same(old.metadata.labels ?? {}, labels)) return;
			const { annotations: annotated, ...kept } = old?.metadata ?? {};
			const metadata = { ...kept, name, namespace, labels, ...withTriggerTime(annotated, time) };
			const object = { apiVersion: 'v1', kind: 'Endpoints', metadata, ...(subsets.length > 0 ? { subsets } : {}) };
			if (old) api.update(object as never);
			else api.create(object);
		},
	};
}

export function endpointSliceController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const times = triggerTimes();
	const minor = minorOf(api.version);
	let made = 0;
	const zoneOf = (pod: Pod): { readonly zone?: string } => {
		const zone = one<ObjectView>(api, 'nodes', undefined, pod.spec.nodeName!)?.metadata.labels?.[ZONE];
		return zone === undefined ? {} : { zone };
	};
	/** Who should use it (endpointslice/trafficdist @ v1.31.0; the node itself @ v1.34.0). */
	const hintsFor = ({ spec }: Service, pod: Pod, ready: boolean): { readonly hints?: object } => {
		const { zone } = zoneOf(pod);
		const near = minor >= 31 ? spec.trafficDistribution : undefined;
		if (!ready || near === undefined) return {};
		const forZones = zone === undefined ? {} : { forZones: [{ name: zone }] };
		if (near === 'PreferSameNode' && minor >= 34)
			return { hints: { forNodes: [{ name: pod.spec.nodeName! }], ...forZones } };
		return zone === undefined ? {} : { hints: forZones };
	};
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
			if (!service) {
				times.forget(key);
				for (const slice of mine) removeOne(api, 'endpointslices', namespace, slice.metadata.name);
				return;
			}
			if (!handled(service)) return;
			const behind = selected(cluster, service);
			const time = times.of(key, service, behind);
			const labels = {
				...service.metadata.labels,
				[MANAGED]: MANAGER,
				'kubernetes.io/service-name': name,
				...headlessLabel(service),
			};
			const endpoint = (pod: Pod) => {
				const ready = isReady(pod) || service.spec.publishNotReadyAddresses === true;
				const terminating = pod.metadata.deletionTimestamp !== undefined;
				return {
					addresses: [pod.status!.podIP!],
					conditions: { ready: ready && !terminating, serving: ready, terminating },
					...hostnameOf(pod, service),
					...hintsFor(service, pod, ready && !terminating),
					nodeName: pod.spec.nodeName!,
					targetRef: reference(pod),
					...zoneOf(pod),
				};
			};
			const wanted = grouped(service, backends(behind)).flatMap(({ ports, pods }) => {
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
					const { annotations, ...kept } = old.metadata;
					const metadata = { ...kept, labels, ...withTriggerTime(annotations, time) };
					const isOld =
						same(old.endpoints ?? [], content.endpoints) &&
						same(old.ports ?? [], content.ports) &&
						same(old.metadata.labels, labels);
					if (!isOld) api.update({ ...as<object>(old as never), metadata, ...content } as never);
					continue;
				}
				api.create({
					apiVersion: 'discovery.k8s.io/v1',
					kind: 'EndpointSlice',
					metadata: {
						name: `${name}-${suffix(timeline, `slice\0${key}\0${service.metadata.uid}\0${made++}`)}`,
						generateName: `${name}-`,
						namespace,
						labels,
						...withTriggerTime(undefined, time),
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
