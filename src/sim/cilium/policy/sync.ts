/**
 * The agent's part, on one node: the policy map of each endpoint, and the identities of networks that policies name.
 * pkg/endpoint/policy.go, pkg/ipcache/cidr.go @ v1.12.1, v1.18.3.
 *
 * Not modelled: how long an endpoint's regeneration takes.
 */
import { type AgentOptions, list, type Pod, type Snapshot } from '../../kube/index.ts';
import type { Namespace } from '../../linux/index.ts';
import type { Ip, Prefix } from '../../wire/index.ts';
import { minorOf } from '../features.ts';
import { ID_HEALTH } from '../identity.ts';
import type { CiliumMaps } from '../maps/index.ts';
import { ALLOW_ALL } from '../maps/policy.ts';
import type { CiliumNode } from '../plan.ts';
import type { CiliumSettings } from '../settings.ts';
import { cidrsOf, identitiesOf, LOCAL_IDENTITY, labelsOf, policiesOf } from './identities.ts';
import { type EndpointPolicy, type EnforcementMode, type PolicyContext, resolvePolicy } from './resolve.ts';
import type { Labels } from './selector.ts';

const textOf = ({ address, length }: Prefix): string => `${address}/${length}`;

/**
 * Numbers for networks: who has one keeps it. An address or network that somebody else has told of is theirs. Answers
 * the networks by number.
 */
const syncCidrs = (ns: Namespace, maps: CiliumMaps, wanted: readonly Prefix[]): ReadonlyMap<number, Prefix> => {
	const { ipcache } = maps;
	const known = new Map<string, number>();
	const wants = new Set(wanted.map(textOf));
	for (const [prefix, { identity }] of [...ipcache.dump(ns)]) {
		if (identity < LOCAL_IDENTITY) continue;
		if (wants.has(textOf(prefix))) known.set(textOf(prefix), identity);
		else ipcache.remove(ns, prefix);
	}
	const out = new Map<number, Prefix>();
	const used = new Set(known.values());
	let next = LOCAL_IDENTITY + 1;
	for (const prefix of wanted) {
		let identity = known.get(textOf(prefix));
		if (identity === undefined) {
			if (ipcache.peek(ns, prefix)) continue;
			while (used.has(next)) next++;
			identity = next;
			used.add(identity);
			ipcache.update(ns, prefix, { identity, tunnelEndpoint: 0, encryptKey: 0, skipTunnel: false });
		}
		out.set(identity, prefix);
	}
	return out;
};

const modeOf = ({ configMap }: CiliumSettings, told?: AgentOptions): EnforcementMode => {
	const mode = told?.enforcement ?? configMap.get('enable-policy');
	return mode === 'always' || mode === 'never' ? mode : 'default';
};

/** What a node's agent goes by. `apiServerHere`: the host's address is an API server's. */
const policyContext = (
	settings: CiliumSettings,
	snapshot: Snapshot,
	cidrs: ReadonlyMap<number, Prefix>,
	apiServerHere: boolean,
	told?: AgentOptions,
): PolicyContext => {
	const pods = list(snapshot, 'Pod');
	return {
		minor: minorOf(settings.version),
		mode: modeOf(settings, told),
		rules: policiesOf(snapshot).flatMap(({ rules }) => rules),
		identities: identitiesOf(pods, cidrs, apiServerHere),
		named: pods.flatMap(({ ports }) => ports.filter(({ name }) => name !== undefined)),
		sctp: settings.configMap.get('enable-sctp') === 'true',
	};
};

const HEALTH_LABELS: Labels = new Map([['reserved:health', '']]);

/** The policy of one pod as its node's agent works it out. */
const policyOfPod = (pod: Pod, context: PolicyContext): EndpointPolicy =>
	resolvePolicy({ labels: labelsOf(pod), ports: pod.ports }, context);

/** An address behind default/kubernetes gets the label "kube-apiserver": pkg/k8s/watchers @ v1.12.1. */
const isApiServer = (snapshot: Snapshot, internalIP: Ip): boolean =>
	list(snapshot, 'EndpointSlice', 'default').some(
		({ service, endpoints }) => service === 'kubernetes' && endpoints.some(({ ip }) => ip === internalIP),
	);

/** The context of a node as its maps have it now, for tools. */
export const nodePolicyContext = (
	settings: CiliumSettings,
	snapshot: Snapshot,
	maps: CiliumMaps,
	ns: Namespace,
	internalIP: Ip,
): PolicyContext => {
	const cidrs = new Map<number, Prefix>();
	for (const [prefix, { identity }] of maps.ipcache.dump(ns))
		if (identity >= LOCAL_IDENTITY) cidrs.set(identity, prefix);
	return policyContext(settings, snapshot, cidrs, isApiServer(snapshot, internalIP));
};

/** Writes the maps of a node's endpoints. */
export const syncPolicies = (
	ns: Namespace,
	node: CiliumNode,
	settings: CiliumSettings,
	maps: CiliumMaps,
	snapshot: Snapshot,
): void => {
	const policies = policiesOf(snapshot);
	const cidrs = syncCidrs(ns, maps, cidrsOf(policies));
	const told = list(snapshot, 'AgentOptions').find(({ metadata }) => metadata.name === node.name);
	const idle = policies.length === 0 && modeOf(settings, told) === 'default';
	const context = idle
		? undefined
		: policyContext(settings, snapshot, cidrs, isApiServer(snapshot, node.internalIP), told);
	/** `of` works out what an endpoint may. */
	const write = (lxcId: number, of: (context: PolicyContext) => EndpointPolicy): void => {
		const map = maps.policy(lxcId);
		if (context)
			// Entries that stay keep what they counted.
			map.replace(
				ns,
				of(context).entries.map(([key, entry]) => {
					const { packets, bytes } = map.peek(ns, key) ?? {};
					return [key, packets === undefined ? entry : { ...entry, packets, bytes: bytes! }] as const;
				}),
			);
		else if (map.size(ns) !== ALLOW_ALL.length || [...map.dump(ns)].some(([, entry]) => entry.derived))
			map.replace(ns, ALLOW_ALL);
	};
	const pods = new Map<Ip, Pod>();
	for (const pod of list(snapshot, 'Pod'))
		if (pod.nodeName === node.name && !pod.hostNetwork && pod.podIP !== undefined) pods.set(pod.podIP, pod);
	for (const [ip, ep] of [...maps.lxc.dump(ns)]) {
		if (ep.host) continue;
		const audits = told?.audits[ep.lxcId] ?? told?.audits.others;
		if (ep.audits !== audits) maps.lxc.update(ns, ip, { ...ep, audits });
		const pod = pods.get(ip);
		if (pod) write(ep.lxcId, (made) => policyOfPod(pod, made));
		// An endpoint of the agent's own is selected and enforced as others are.
		else if (maps.ipcache.peek(ns, { address: ip, length: 32 })?.identity === ID_HEALTH)
			write(ep.lxcId, (made) => resolvePolicy({ labels: HEALTH_LABELS, ports: [] }, made));
	}
};
