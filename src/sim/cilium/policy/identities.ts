/**
 * Everybody a policy of one node may mean, by identity: reserved ones, pods', and those of the CIDRs that policies
 * name. pkg/identity/{numericidentity,reserved}.go, pkg/labels/cidr/cidr.go, pkg/ipcache/cidr.go @ v1.12.1, v1.18.3.
 */
import { list, type NetworkPolicy, type Pod, type Snapshot } from '../../kube/index.ts';
import { type Ip, maskOf, type Prefix } from '../../wire/index.ts';
import { ID_HEALTH, ID_HOST, ID_KUBE_APISERVER, ID_REMOTE_NODE, ID_WORLD, identityOf } from '../identity.ts';
import type { Labels } from './selector.ts';

/** IdentityScopeLocal: what a node numbers for itself. */
export const LOCAL_IDENTITY = 1 << 24;

export interface Identities {
	readonly labels: ReadonlyMap<number, Labels>;
	/** Of local identities, and the world's: the network. */
	readonly cidrs: ReadonlyMap<number, Prefix>;
}

const reserved = (...names: readonly string[]): Labels => new Map(names.map((name) => [`reserved:${name}`, '']));

/** Labels a pod's identity is of; without somebody who knows better, those that come with its name. */
export const labelsOf = (pod: Pod): Labels => {
	if (pod.securityLabels) return new Map(Object.entries(pod.securityLabels));
	const { namespace, labels } = pod.metadata;
	return new Map([
		...Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value] as const),
		['k8s:io.kubernetes.pod.namespace', namespace],
		['k8s:io.cilium.k8s.policy.cluster', 'default'],
	]);
};

export const identityOfPod = (pod: Pod): number =>
	pod.endpoint?.identity ?? identityOf(pod.metadata.namespace, pod.metadata.labels);

export const POLICY_KINDS = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;

export const policiesOf = (snapshot: Snapshot): readonly NetworkPolicy[] =>
	POLICY_KINDS.flatMap((kind) => list(snapshot, kind) as readonly NetworkPolicy[]);

/** Networks that policies name, the ones they leave out too, in order. */
export const cidrsOf = (policies: readonly NetworkPolicy[]): readonly Prefix[] => {
	const found = new Map<string, Prefix>();
	for (const { rules } of policies)
		for (const rule of rules)
			for (const direction of [rule.ingress, rule.egress, rule.ingressDeny, rule.egressDeny])
				for (const { peers = [] } of direction ?? [])
					for (const peer of peers)
						if (peer.kind === 'cidr')
							for (const prefix of [peer.prefix, ...peer.except])
								if (prefix.length > 0) found.set(`${prefix.address}/${prefix.length}`, prefix);
	return [...found.values()].sort((a, b) => a.address - b.address || a.length - b.length);
};

/** Whether a network is all inside another. */
export const isWithin = (inner: Prefix, outer: Prefix): boolean =>
	inner.length >= outer.length && (inner.address & maskOf(outer.length)) >>> 0 === outer.address;

/** `apiServerHere`: an API server runs on this node, so the host is "kube-apiserver" too. */
export const identitiesOf = (
	pods: readonly Pod[],
	cidrs: ReadonlyMap<number, Prefix>,
	apiServerHere: boolean,
): Identities => {
	const labels = new Map<number, Labels>([
		[ID_HOST, apiServerHere ? reserved('host', 'kube-apiserver') : reserved('host')],
		[ID_WORLD, reserved('world')],
		[ID_HEALTH, reserved('health')],
		[ID_REMOTE_NODE, reserved('remote-node')],
		[ID_KUBE_APISERVER, reserved('kube-apiserver', 'remote-node')],
	]);
	const known = new Map<number, Prefix>([[ID_WORLD, { address: 0 as Ip, length: 0 }]]);
	for (const pod of pods) if (!pod.hostNetwork) labels.set(identityOfPod(pod), labelsOf(pod));
	for (const [identity, prefix] of cidrs) {
		labels.set(identity, reserved('world'));
		known.set(identity, prefix);
	}
	return { labels, cidrs: known };
};
