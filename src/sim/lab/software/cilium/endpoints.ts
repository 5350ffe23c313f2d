/**
 * Endpoints of one node: pods with an address, a number and an identity, and the objects that show them.
 *
 * Source: cilium pkg/endpoint/{endpoint,events}.go, pkg/endpoint/watchdog, pkg/k8s/watchers/{pod,namespace}.go,
 * daemon/cmd/endpoint.go @ v1.12.1.
 */
import { asManager, type WatchEvent } from '../../../api/index.ts';
import { formatIp, type Ip, type Prefix, parseIp } from '../../../wire/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import { all, as, keyOf, type Labels, one, type Pod, removeOne, same } from '../../cluster/kinds.ts';
import { createPool, type Machine } from '../../cluster/machine.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import type { CiliumAgentState } from '../../types.ts';
import type { EndpointEvent, ToldEndpoint } from './agent-log.ts';
import { ensureIdentity, identityFor, type SecurityLabels, securityLabels } from './identities.ts';
import { durationOf } from './identity-gc.ts';

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
	/** An agent that starts writes the objects of the endpoints it finds, and looks at their labels. */
	takeOver(minor: number, config: Readonly<Record<string, string>>, tell: Tell): void;
	/** What the agent watches: pods and namespaces, for their labels. */
	see(event: WatchEvent): void;
}

/** The agent's log. */
type Tell = (events: readonly EndpointEvent[], endpoint: ToldEndpoint) => void;

/** Newest last; the agent keeps as many (pkg/endpoint/status.go EndpointStatusLog). */
const LOG_LENGTH = 256;

const UNTOLD = '<status disabled>';

/**
 * An endpoint's policy in its object: without `endpoint-status`, which charts leave out, agents from 1.13 on say that
 * they do not tell it (pkg/endpoint/api.go getEndpointPolicyStateDisabled()); annotations for visibility ended with 1.16.
 */
const policyStatus = (minor: number): object => {
	if (minor < 13) return {};
	const side = { enforcing: false, state: UNTOLD };
	return {
		policy: { ingress: side, egress: side },
		...(minor < 17 ? { 'visibility-policy-status': UNTOLD } : {}),
	};
};

export function createEndpoints(
	cluster: ClusterContext,
	machine: Machine,
	cidr: Prefix,
	reserved: ReadonlyMap<Ip, string>,
	/** Numbers of endpoints that are no pods'. */
	taken: ReadonlySet<number>,
	changed: () => void,
): Endpoints {
	const { timeline } = cluster;
	const api = asManager(cluster.api, 'cilium-agent');
	const pool = createPool(cidr, reserved);
	// Pods another plugin connected keep their addresses.
	for (const pod of all<Pod>(api, 'pods')) {
		const ip = parseIp(pod.status?.podIP ?? '');
		if (ip !== undefined && pod.spec.nodeName === machine.name && !pod.spec.hostNetwork) pool.claim(ip, keyOf(pod));
	}
	const endpoints = new Map<string, Endpoint>();
	/** Labels each endpoint's identity was asked for with. */
	const asked = new Map<string, SecurityLabels>();
	let agent: { readonly minor: number; readonly config: Readonly<Record<string, string>> } = { minor: 12, config: {} };
	let draws = 0;
	let write: Tell = () => undefined;
	const revision = (): number => machine.agent?.policyRevision ?? 0;
	/** `change`: what it had not yet, or no longer has, at that moment. */
	const tell = (key: string, events: readonly EndpointEvent[], change: Partial<ToldEndpoint> = {}): void => {
		const endpoint = endpoints.get(key);
		if (!endpoint) return;
		const { id, namespace, pod: name, ip, identity } = endpoint;
		const pod = one<Pod>(api, 'pods', namespace, name);
		const uid = pod?.metadata.uid ?? uids.get(key) ?? '';
		uids.set(key, uid);
		const labels = Object.entries(asked.get(key) ?? {}).map(([label, value]) => `${label}=${value}`);
		const now = revision();
		write(events, { id, namespace, pod: name, uid, ip, identity, labels, revision: now, desired: now, ...change });
	};
	const uids = new Map<string, string>();
	/** How often a pod of each name came. */
	const adds = new Map<string, number>();

	const freeId = (key: string): number => {
		const used = new Set([...endpoints.values()].map((e) => e.id));
		for (let i = 0; ; i++) {
			const id = 1 + timeline.random('endpoint id', `${machine.name}\0${key}\0${i}`, 4095);
			if (!used.has(id) && !taken.has(id)) return id;
		}
	};
	const labelsOf = (pod: Pod): SecurityLabels => {
		const space = one<{ metadata: { labels?: Labels } }>(api, 'namespaces', undefined, pod.metadata.namespace ?? '');
		const { config, minor } = agent;
		return securityLabels(pod, space?.metadata.labels ?? {}, config['cluster-name'] ?? 'default', minor, config.labels);
	};
	/** Changes an endpoint, unless its pod has gone. Each state it passes is a line of its log. */
	const set = (key: string, id: number, change: Partial<Endpoint>, why: string): Endpoint | undefined => {
		const old = endpoints.get(key);
		if (old?.id !== id) return undefined;
		const state = change.state ?? old.state;
		const log = [...old.log, { at: timeline.now, state, message: why }].slice(-LOG_LENGTH);
		const next = { ...old, ...change, log };
		endpoints.set(key, next);
		changed();
		return next;
	};

	/** The CiliumEndpoint, as the endpoint is now. */
	const publish = (key: string): void => {
		const endpoint = endpoints.get(key);
		const pod = endpoint && one<Pod>(api, 'pods', endpoint.namespace, endpoint.pod);
		if (!pod || !api.find('ciliumendpoints')) return;
		const labels = asked.get(key) ?? labelsOf(pod);
		ensureIdentity(cluster, endpoint.identity, labels);
		const ports = pod.spec.containers.flatMap((c) =>
			(c.ports ?? []).flatMap((p) =>
				p.name === undefined ? [] : [{ name: p.name, port: p.containerPort, protocol: p.protocol ?? 'TCP' }],
			),
		);
		const metadata = {
			name: endpoint.pod,
			namespace: endpoint.namespace,
			labels: pod.metadata.labels ?? {},
			ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid }],
		};
		const status = {
			encryption: {},
			'external-identifiers': {
				'k8s-namespace': endpoint.namespace,
				'k8s-pod-name': endpoint.pod,
				'pod-name': `${endpoint.namespace}/${endpoint.pod}`,
			},
			id: endpoint.id,
			identity: { id: endpoint.identity, labels: Object.entries(labels).map(([name, value]) => `${name}=${value}`) },
			...(ports.length > 0 ? { 'named-ports': ports } : {}),
			networking: { addressing: [{ ipv4: formatIp(endpoint.ip) }], node: formatIp(machine.ip ?? 0) },
			...policyStatus(agent.minor),
			state: endpoint.state,
		};
		const old = one<{ metadata: Pod['metadata'] }>(api, 'ciliumendpoints', endpoint.namespace, endpoint.pod);
		if (!old) api.create({ apiVersion: 'cilium.io/v2', kind: 'CiliumEndpoint', metadata, status });
		else api.update({ ...(old as object), metadata: { ...old.metadata, labels: metadata.labels }, status } as never);
	};

	/** Labels that make an identity are others: a new one is asked for, and used after a while that is for the others. */
	const relabel = (key: string): void => {
		const endpoint = endpoints.get(key);
		const pod = endpoint && one<Pod>(api, 'pods', endpoint.namespace, endpoint.pod);
		if (!pod || pod.metadata.deletionTimestamp !== undefined) return;
		const labels = labelsOf(pod);
		if (same(labels, asked.get(key))) return;
		asked.set(key, labels);
		tell(key, ['resolve']);
		const { id } = endpoint;
		const current = (): boolean => same(labels, asked.get(key));
		const why = `${key}\0${draws++}`;
		set(key, id, { state: 'waiting-for-identity' }, 'Triggering identity resolution due to updated identity labels');
		timeline.after(timeline.between(20 * MILLISECOND, 200 * MILLISECOND, 'identity', why), () => {
			if (!current() || !endpoints.has(key)) return;
			const identity = identityFor(cluster, endpoint.namespace, labels);
			ensureIdentity(cluster, identity, labels);
			const grace =
				identity === endpoints.get(key)?.identity
					? 0
					: (durationOf(agent.config['identity-change-grace-period']) ?? GRACE);
			timeline.after(grace, () => {
				if (!current()) return;
				set(key, id, { state: 'ready' }, 'Set identity for this endpoint');
				const before = endpoints.get(key)?.identity;
				if (before !== identity) tell(key, ['identity'], { identity, before });
				set(
					key,
					id,
					{ state: 'waiting-to-regenerate' },
					'Triggering endpoint regeneration due to updated security labels',
				);
				set(key, id, { state: 'regenerating' }, 'Regenerating endpoint: updated security labels');
				timeline.after(timeline.between(200 * MILLISECOND, 900 * MILLISECOND, 'regenerate', why), () => {
					if (!current()) return;
					set(
						key,
						id,
						{ state: 'ready', identity },
						'Completed endpoint regeneration with no pending regeneration requests',
					);
					set(key, id, {}, 'Successfully regenerated endpoint program (Reason: updated security labels)');
					tell(key, ['program']);
					cluster.packetsChanged();
					publish(key);
				});
			});
		});
	};

	return {
		list: () => [...endpoints.values()],
		add({ namespace, name, labels: plain }) {
			const key = `${namespace}/${name}`;
			const pin = cluster.pins.pods?.find((p) => p.name === name)?.ip;
			// By chance each time (pkg/ipam/allocator/allocator.go randomScanStrategy): a name says nothing of the address.
			const times = adds.get(key) ?? 0;
			adds.set(key, times + 1);
			const draw = `${machine.name}\0${key}${times === 0 ? '' : `\0${times}`}`;
			const start = timeline.random('pod address', draw, 2 ** (32 - cidr.length) - 3);
			const ip = pin !== undefined && pool.claim(pin, key) ? pin : pool.take(start, key);
			if (ip === undefined) return undefined;
			const pod = one<Pod>(api, 'pods', namespace, name);
			const labels = pod ? labelsOf(pod) : plain;
			asked.set(key, labels);
			const id = freeId(`${key}\0${draws++}`);
			const identity = identityFor(cluster, namespace, labels);
			const known = one(api, 'ciliumidentities', undefined, String(identity)) !== undefined;
			endpoints.set(key, {
				id,
				namespace,
				pod: name,
				identity,
				ip,
				state: 'waiting-for-identity',
				log: [{ at: timeline.now, state: 'waiting-for-identity', message: 'Endpoint creation' }],
			});
			const fresh = { revision: 0, desired: 0 };
			tell(key, ['create', 'new', 'resolve'], { ...fresh, identity: undefined });
			tell(key, ['key', 'identity'], { ...fresh, known });
			tell(key, ['wait'], fresh);
			timeline.after(timeline.between(400 * MILLISECOND, 1500 * MILLISECOND, 'cep', `${key}\0${draws}`), () => {
				if (endpoints.get(key)?.id !== id) return;
				for (const [state, message] of CREATED) set(key, id, { state }, message);
				tell(key, ['program', 'created'], { revision: 0 });
				publish(key);
			});
			return ip;
		},
		remove(namespace, name) {
			const key = `${namespace}/${name}`;
			tell(key, ['delete', 'release', 'removed']);
			// Who deletes an endpoint deletes its object (pkg/k8s/watchers/endpointsynchronizer.go @ v1.12.1).
			if (endpoints.has(key) && machine.agent?.state === 'ready')
				removeOne(api, 'ciliumendpoints', namespace, name, { gracePeriodSeconds: 0 });
			endpoints.delete(key);
			asked.delete(key);
			uids.delete(key);
			pool.release(key);
		},
		takeOver(minor, config, log) {
			agent = { minor, config };
			write = log;
			for (const key of endpoints.keys()) {
				tell(key, ['new'], { revision: 0, desired: 0 });
				tell(key, ['program'], { revision: 0 });
			}
			for (const [i, key] of [...endpoints.keys()].entries())
				timeline.after(SECOND + i * 20 * MILLISECOND, () => {
					publish(key);
					relabel(key);
				});
		},
		see({ type, object }) {
			if (type === 'DELETED') {
				// An agent makes a missing identity of its endpoints again (pkg/allocator/cache.go onDeleteLocked() @ v1.12.1).
				const own = [...endpoints].find(([, { identity }]) => String(identity) === object.metadata.name);
				if (object.kind === 'CiliumIdentity' && own)
					timeline.after(50 * MILLISECOND, () => {
						const [key, { identity }] = own;
						if (endpoints.get(key)?.identity === identity) ensureIdentity(cluster, identity, asked.get(key)!);
					});
				return;
			}
			if (object.kind === 'Pod') {
				const pod = as<Pod>(object);
				if (pod.spec.nodeName === machine.name && endpoints.has(keyOf(pod))) relabel(keyOf(pod));
			} else if (object.kind === 'Namespace')
				for (const [key, endpoint] of endpoints) if (endpoint.namespace === object.metadata.name) relabel(key);
		},
	};
}

const CREATED: readonly (readonly [Endpoint['state'], string])[] = [
	['ready', 'Set identity for this endpoint'],
	['waiting-to-regenerate', 'Triggering endpoint regeneration due to updated security labels'],
	['regenerating', 'Regenerating endpoint: updated security labels'],
	['ready', 'Completed endpoint regeneration with no pending regeneration requests'],
	['ready', 'Successfully regenerated endpoint program (Reason: updated security labels)'],
];

/** Unless the configuration says otherwise (pkg/defaults IdentityChangeGracePeriod @ v1.12.1). */
const GRACE = 5 * SECOND;
