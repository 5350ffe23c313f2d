/**
 * The frontends of a cluster's services as the agents number them: one for each address and port a service answers
 * on, with what the maps say of it. The same on every node, so it is made once and shared.
 *
 * To 1.17 pkg/k8s/watchers/watcher.go datapathSVCs(), pkg/service/service.go; from 1.18
 * pkg/loadbalancer/reconciler/bpf_reconciler.go updateFrontend(). Real agents number as events come in; here what was
 * there when they looked first comes in the order of names, on every node alike, and what comes later after it.
 */
import type { ProxyEndpoint, ProxyState, ServicePortInfo } from '../../kube/index.ts';
import type { Ip } from '../../wire/index.ts';
import { minorOf } from '../features.ts';
import type { CiliumSettings } from '../settings.ts';
import {
	BE_ACTIVE,
	BE_QUARANTINED,
	BE_TERMINATING,
	SCOPE_EXT,
	SCOPE_INT,
	type Scope4,
	SVC_AFFINITY,
	SVC_EXT_LOCAL_SCOPE,
	SVC_EXTERNAL_IP,
	SVC_HOSTPORT,
	SVC_LOADBALANCER,
	SVC_NODEPORT,
	SVC_ROUTABLE,
	SVC_SOURCE_RANGE,
	SVC2_FWD_MODE_DSR,
	SVC2_INT_LOCAL_SCOPE,
	SVC2_LOOPBACK,
	SVC2_SOURCE_RANGE_DENY,
	SVC2_TWO_SCOPES,
} from './services.ts';

export type FrontendType = 'ClusterIP' | 'NodePort' | 'ExternalIPs' | 'LoadBalancer' | 'HostPort';

/** A pod's hostPort on one node. */
export interface HostPort {
	readonly nodeName: string;
	/** 0: all addresses of the node. */
	readonly hostIP: Ip;
	readonly hostPort: number;
	readonly proto: number;
	readonly podIP: Ip;
	readonly containerPort: number;
}

/** A backend as the maps know it. */
export interface Backend {
	readonly id: number;
	readonly ip: Ip;
	readonly port: number;
	readonly proto: number;
	readonly nodeName: string;
	/** BE_*. */
	readonly state: number;
}

/** Which backends a frontend may use: those that may be chosen, and those that only keep what they have. */
export interface Slots {
	readonly active: readonly Backend[];
	readonly quarantined: readonly Backend[];
}

export interface Frontend {
	readonly type: FrontendType;
	/** `node` stands for each address of each node; 0 is the surrogate. */
	readonly address: Ip | 'node';
	readonly port: number;
	readonly proto: number;
	readonly scope: Scope4;
	readonly revNatIndex: number;
	readonly flags: number;
	readonly flags2: number;
	/** Seconds; 0 without affinity. */
	readonly affinityTimeout: number;
	/** Only backends of the same node. */
	readonly local: boolean;
	readonly maglev: boolean;
	/** Only on these nodes: host ports, and services that say so. */
	readonly onlyOn: readonly string[] | undefined;
	readonly service: ServicePortInfo | undefined;
	/** Backends on all nodes. */
	readonly slots: Slots;
}

/**
 * Numbers given so far. One that was given is not given again to another, as the allocator goes on from the highest
 * (pkg/service/id_local.go @ v1.12.1, pkg/loadbalancer/reconciler/id_allocator.go @ v1.18.3).
 */
export interface ServiceNumbers {
	readonly services: Readonly<Record<string, number>>;
	readonly backends: Readonly<Record<string, number>>;
	/** The next ones to give. */
	readonly nextService: number;
	readonly nextBackend: number;
}

export interface FrontendTable {
	/** By rev_nat_index. */
	readonly frontends: readonly Frontend[];
	/** The same, to look one up. */
	readonly byIndex: ReadonlyMap<number, Frontend>;
	/** By id. */
	readonly backends: ReadonlyMap<number, Backend>;
	/** Of those that are there now. */
	readonly numbers: ServiceNumbers;
	/** Backends that nodes other than their own never use. */
	readonly localOnly: ReadonlySet<number>;
}

const TYPE_FLAG: Readonly<Record<FrontendType, number>> = {
	ClusterIP: 0,
	NodePort: SVC_NODEPORT,
	ExternalIPs: SVC_EXTERNAL_IP,
	LoadBalancer: SVC_LOADBALANCER,
	HostPort: SVC_HOSTPORT,
};

/** rev_nat_index has 16 bits. */
const MAX_SERVICE_ID = 65535;

/**
 * Active ones in the order of their addresses, then those that only keep what they have: ending ones and, where
 * something checks backends' health, quarantined ones. When none is active, those that still serve at their end take
 * their place (KEP 1669) from 1.13 on: 1.12 has no backend for new connections then (segregateBackends() of
 * pkg/service/service.go @ v1.12.1, v1.13.9). Backends in maintenance are in no slot.
 */
export const slotsOf = (backends: readonly Backend[], keepsOthers: boolean, lastResort = true): Slots => {
	const active = backends.filter((b) => b.state === BE_ACTIVE);
	const terminating = backends.filter((b) => b.state === BE_TERMINATING);
	const quarantined = backends.filter((b) => b.state === BE_QUARANTINED);
	const steps = lastResort && active.length === 0;
	const last = steps ? [] : terminating;
	return {
		active: steps ? terminating : active,
		quarantined: keepsOthers ? [...last, ...quarantined] : [],
	};
};

const stateOf = (endpoint: ProxyEndpoint): number | undefined =>
	endpoint.ready ? BE_ACTIVE : endpoint.serving && endpoint.terminating ? BE_TERMINATING : undefined;

interface Draft {
	readonly type: FrontendType;
	readonly address: Ip | 'node';
	readonly port: number;
	readonly scope: Scope4;
}

/** Addresses in the order the agent of this version takes them up. */
const draftsOf = (info: ServicePortInfo, settings: CiliumSettings): Draft[] => {
	const minor = minorOf(settings.version);
	const cluster: Draft = { type: 'ClusterIP', address: info.clusterIP, port: info.port, scope: SCOPE_EXT };
	// NewSvcExposureType(): external addresses are always there.
	const only = minor >= 17 ? info.exposure?.type : undefined;
	const exposed = (drafts: Draft[]): Draft[] =>
		only ? drafts.filter(({ type }) => type === only || type === 'ExternalIPs') : drafts;
	if (!settings.nodePort) return exposed([cluster]);
	// To 1.12 nothing is known of internal policies.
	const internalLocal = minor >= 13 && info.internalPolicyLocal;
	const two = info.externalPolicyLocal !== internalLocal;
	const scopes: readonly Scope4[] = two ? [SCOPE_EXT, SCOPE_INT] : [SCOPE_EXT];
	const each = (type: FrontendType, address: Draft['address'], port: number): Draft[] =>
		scopes.map((scope) => ({ type, address, port, scope }));
	const balancers = info.loadBalancerVIPs.flatMap((ip) => each('LoadBalancer', ip, info.port));
	const external = settings.externalIPs ? info.externalIPs.flatMap((ip) => each('ExternalIPs', ip, info.port)) : [];
	if (minor <= 17)
		return exposed([
			cluster,
			...balancers,
			...external,
			...(info.nodePort ? [...each('NodePort', 'node', info.nodePort), ...each('NodePort', 0, info.nodePort)] : []),
		]);
	const others = exposed([cluster, ...balancers, ...external].sort((a, b) => (a.address as Ip) - (b.address as Ip)));
	if (!info.nodePort) return others;
	const ports = scopes.flatMap((scope): Draft[] => [
		{ type: 'NodePort', address: 0, port: info.nodePort, scope },
		{ type: 'NodePort', address: 'node', port: info.nodePort, scope },
	]);
	return exposed([...ports, ...others]);
};

export const frontendTable = (
	settings: CiliumSettings,
	state: ProxyState,
	hostPorts: readonly HostPort[] = [],
	before?: ServiceNumbers,
): FrontendTable => {
	const minor = minorOf(settings.version);
	const protocolInKey = minor >= 17;
	const keepsTerminating = minor >= 15;
	const lastResort = minor >= 13;
	const frontends: Frontend[] = [];
	const backends = new Map<number, Backend>();
	const ids = new Map<string, Backend>();
	const services: Record<string, number> = {};
	const backendNumbers: Record<string, number> = {};
	let { nextService = 1, nextBackend = 1 } = before ?? {};
	const usedAnywhere = new Set<number>();
	const backendOf = (text: string, draft: Omit<Backend, 'id' | 'state'>, beState: number): Backend => {
		const key = `${text}/${draft.proto}`;
		const known = ids.get(key);
		// One backend of two services is active while one of them says so.
		if (known && (known.state === beState || known.state === BE_ACTIVE)) return known;
		const id = known?.id ?? before?.backends[key] ?? nextBackend++;
		const backend = { ...draft, id, state: beState };
		backends.set(id, backend);
		backendNumbers[key] = id;
		ids.set(key, backend);
		return backend;
	};
	const taken = new Set<string>();
	/** Without the protocol in the key, TCP and UDP of one port are one frontend (pkg/loadbalancer Hash() @ v1.16.15). */
	const push = (frontend: Omit<Frontend, 'revNatIndex'>): void => {
		const { address, port, proto, scope, onlyOn, service } = frontend;
		// A host port is each node's own; a service is one, wherever it is.
		const key = `${address}:${port}/${proto}/${scope}/${service ? '' : (onlyOn ?? '')}`;
		if (frontends.length >= MAX_SERVICE_ID || taken.has(key)) return;
		taken.add(key);
		const revNatIndex = before?.services[key] ?? nextService++;
		services[key] = revNatIndex;
		frontends.push({ ...frontend, revNatIndex });
	};
	const routable = (type: FrontendType, address: Ip | 'node'): boolean =>
		address !== 0 && (type !== 'ClusterIP' || settings.externalClusterIP);
	// ToSVCForwardingMode(): hybrid says so from 1.19.
	const dsr = (proto: number): boolean =>
		settings.nodePort &&
		((settings.lbMode === 'dsr' && minor >= 17) || (settings.lbMode === 'hybrid' && proto === 6 && minor >= 19));

	for (const info of state.ports) {
		const proto = info.l4.number;
		const all: Backend[] = [];
		for (const endpoint of info.endpoints) {
			const beState = stateOf(endpoint);
			if (beState === undefined) continue;
			const { ip, port, nodeName } = endpoint;
			all.push(backendOf(endpoint.text, { ip, port, proto: protocolInKey ? proto : 0, nodeName }, beState));
		}
		const slots = slotsOf(all, keepsTerminating, lastResort);
		const internalLocal = minor >= 13 && info.internalPolicyLocal;
		const affinityTimeout = settings.sessionAffinity ? (info.affinitySeconds ?? 0) : 0;
		const exposure = minor >= 17 ? info.exposure : undefined;
		const onlyOn = (minor >= 18 ? exposure?.selected : undefined) ?? exposure?.nodes;
		for (const { type, address, port, scope } of draftsOf(info, settings)) {
			const isCluster = type === 'ClusterIP';
			const local = isCluster || scope === SCOPE_INT ? internalLocal : info.externalPolicyLocal;
			// 1.12 says "Local" of the external scope; 1.13 to 1.17 of all but ClusterIPs; 1.18 of all.
			const extLocal = info.externalPolicyLocal && (minor >= 18 || !isCluster) && (minor >= 13 || scope === SCOPE_EXT);
			const two = minor >= 13 && !isCluster && info.externalPolicyLocal !== internalLocal;
			const ranges =
				settings.sourceRangeCheck &&
				info.sourceRanges.length > 0 &&
				(type === 'LoadBalancer' || minor === 18 || settings.sourceRangeAllTypes);
			const open = routable(type, address);
			push({
				type,
				address,
				port,
				proto: protocolInKey ? proto : 0,
				scope,
				flags:
					TYPE_FLAG[type] |
					(extLocal ? SVC_EXT_LOCAL_SCOPE : 0) |
					(affinityTimeout > 0 ? SVC_AFFINITY : 0) |
					(open ? SVC_ROUTABLE : 0) |
					(ranges ? SVC_SOURCE_RANGE : 0),
				flags2:
					(internalLocal ? SVC2_INT_LOCAL_SCOPE : 0) |
					(two ? SVC2_TWO_SCOPES : 0) |
					(ranges && exposure?.denies ? SVC2_SOURCE_RANGE_DENY : 0) |
					(dsr(proto) ? SVC2_FWD_MODE_DSR : 0),
				affinityTimeout,
				local,
				maglev: settings.lb.algorithm === 'maglev' && open,
				onlyOn,
				service: info,
				slots,
			});
			if (!local) for (const { id } of all) usedAnywhere.add(id);
		}
	}
	if (settings.hostPort)
		for (const { nodeName, hostIP, hostPort: port, proto, podIP, containerPort } of hostPorts) {
			const loopback = hostIP >>> 24 === 127;
			const backend = backendOf(
				`${podIP}:${containerPort}`,
				{ ip: podIP, port: containerPort, proto: protocolInKey ? proto : 0, nodeName },
				BE_ACTIVE,
			);
			const addresses: (Ip | 'node')[] = loopback ? [0] : hostIP === 0 ? [0, 'node'] : [0, hostIP];
			for (const address of addresses)
				push({
					type: 'HostPort',
					address,
					port,
					proto: protocolInKey ? proto : 0,
					scope: SCOPE_EXT,
					flags: SVC_HOSTPORT | (routable('HostPort', address) ? SVC_ROUTABLE : 0),
					flags2: loopback ? SVC2_LOOPBACK : 0,
					affinityTimeout: 0,
					local: false,
					maglev: settings.lb.algorithm === 'maglev' && address !== 0,
					onlyOn: [nodeName],
					service: undefined,
					slots: { active: [backend], quarantined: [] },
				});
		}
	if (before) frontends.sort((a, b) => a.revNatIndex - b.revNatIndex);
	const localOnly = new Set<number>();
	for (const id of backends.keys()) if (!usedAnywhere.has(id)) localOnly.add(id);
	return {
		frontends,
		byIndex: new Map(frontends.map((frontend) => [frontend.revNatIndex, frontend])),
		backends: before ? new Map([...backends].sort(([a], [b]) => a - b)) : backends,
		numbers: { services, backends: backendNumbers, nextService, nextBackend },
		localOnly,
	};
};
