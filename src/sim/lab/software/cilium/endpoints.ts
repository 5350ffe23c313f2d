/** Endpoints of one node: pods with an address, a number and an identity, and the objects that show them. */
import { identityOf } from '../../../cilium/index.ts';
import { formatIp, type Ip, type Prefix, parseIp } from '../../../wire/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import { all, keyOf, one, type Pod } from '../../cluster/kinds.ts';
import { createPool, type Machine } from '../../cluster/machine.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import type { CiliumAgentState } from '../../types.ts';

type Endpoint = CiliumAgentState['endpoints'][number];

export interface Endpoints {
	list(): readonly Endpoint[];
	/** The address, or undefined when none is left. The object comes a little later. */
	add(pod: {
		readonly namespace: string;
		readonly name: string;
		readonly labels: Readonly<Record<string, string>>;
	}): Ip | undefined;
	remove(namespace: string, name: string): void;
	/** An agent that starts writes the objects of the endpoints it finds. */
	takeOver(clusterName: string): void;
}

export function createEndpoints(
	cluster: ClusterContext,
	machine: Machine,
	cidr: Prefix,
	reserved: ReadonlyMap<Ip, string>,
): Endpoints {
	const { api, timeline } = cluster;
	const pool = createPool(cidr, reserved);
	// Pods another plugin connected keep their addresses.
	for (const pod of all<Pod>(api, 'pods')) {
		const ip = parseIp(pod.status?.podIP ?? '');
		if (ip !== undefined && pod.spec.nodeName === machine.name && !pod.spec.hostNetwork) pool.claim(ip, keyOf(pod));
	}
	const endpoints = new Map<string, Endpoint>();
	let clusterName = 'default';
	let draws = 0;

	const freeId = (key: string): number => {
		const used = new Set([...endpoints.values()].map((e) => e.id));
		for (let i = 0; ; i++) {
			const id = 1 + timeline.random('endpoint id', `${machine.name}\0${key}\0${i}`, 4095);
			if (!used.has(id)) return id;
		}
	};
	const publish = (endpoint: Endpoint): void => {
		const pod = one<Pod>(api, 'pods', endpoint.namespace, endpoint.pod);
		if (!pod || !api.find('ciliumendpoints') || !endpoints.has(`${endpoint.namespace}/${endpoint.pod}`)) return;
		const labels = identityLabels(pod, clusterName);
		if (!one(api, 'ciliumidentities', undefined, String(endpoint.identity)))
			api.create({
				apiVersion: 'cilium.io/v2',
				kind: 'CiliumIdentity',
				metadata: {
					name: String(endpoint.identity),
					labels: Object.fromEntries(
						Object.entries(labels)
							.filter(([key]) => !key.startsWith('k8s:io.cilium.k8s.namespace.labels'))
							.map(([key, value]) => [key.replace(/^k8s:/, ''), value]),
					),
				},
				'security-labels': labels,
			});
		const ports = pod.spec.containers.flatMap((c) =>
			(c.ports ?? []).flatMap((p) =>
				p.name === undefined ? [] : [{ name: p.name, port: p.containerPort, protocol: p.protocol ?? 'TCP' }],
			),
		);
		const object = {
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumEndpoint',
			metadata: {
				name: endpoint.pod,
				namespace: endpoint.namespace,
				labels: pod.metadata.labels ?? {},
				ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid }],
			},
			status: {
				encryption: {},
				'external-identifiers': {
					'k8s-namespace': endpoint.namespace,
					'k8s-pod-name': endpoint.pod,
					'pod-name': `${endpoint.namespace}/${endpoint.pod}`,
				},
				id: endpoint.id,
				identity: { id: endpoint.identity, labels: Object.entries(labels).map(([key, value]) => `${key}=${value}`) },
				...(ports.length > 0 ? { 'named-ports': ports } : {}),
				networking: { addressing: [{ ipv4: formatIp(endpoint.ip) }], node: formatIp(machine.ip ?? 0) },
				state: 'ready',
			},
		};
		const old = one<{ metadata: { uid: string } }>(api, 'ciliumendpoints', endpoint.namespace, endpoint.pod);
		if (!old) api.create(object);
		else api.update({ ...(old as object), status: object.status });
	};

	return {
		list: () => [...endpoints.values()],
		add({ namespace, name, labels }) {
			const key = `${namespace}/${name}`;
			const pin = cluster.pins.pods?.find((p) => p.name === name)?.ip;
			const start = timeline.random('pod address', `${machine.name}\0${key}`, 2 ** (32 - cidr.length) - 3);
			const ip = pin !== undefined && pool.claim(pin, key) ? pin : pool.take(start, key);
			if (ip === undefined) return undefined;
			const endpoint: Endpoint = {
				id: freeId(`${key}\0${draws++}`),
				namespace,
				pod: name,
				identity: identityOf(namespace, labels),
				ip,
			};
			endpoints.set(key, endpoint);
			timeline.after(timeline.between(400 * MILLISECOND, 1500 * MILLISECOND, 'cep', `${key}\0${draws}`), () =>
				publish(endpoint),
			);
			return ip;
		},
		remove(namespace, name) {
			endpoints.delete(`${namespace}/${name}`);
			pool.release(`${namespace}/${name}`);
		},
		takeOver(name) {
			clusterName = name;
			for (const [i, endpoint] of [...endpoints.values()].entries())
				timeline.after(SECOND + i * 20 * MILLISECOND, () => publish(endpoint));
		},
	};
}

/** Labels that make an identity, with their source (pkg/labelsfilter @ v1.12.1). */
export function identityLabels(pod: Pod, clusterName: string): Readonly<Record<string, string>> {
	const { namespace = '' } = pod.metadata;
	const out: Record<string, string> = {
		'k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': namespace,
		'k8s:io.cilium.k8s.policy.cluster': clusterName,
		'k8s:io.cilium.k8s.policy.serviceaccount': pod.spec.serviceAccountName ?? 'default',
		'k8s:io.kubernetes.pod.namespace': namespace,
	};
	for (const [key, value] of Object.entries(pod.metadata.labels ?? {}))
		if (!EXCLUDED.test(key)) out[`k8s:${key}`] = value;
	return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const EXCLUDED =
	/^(?:io\.kubernetes|kubernetes\.io|.*beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|statefulset\.kubernetes\.io\/pod-name|annotation\.|etcd_node)/;
