/**
 * Network policies as Cilium's agents keep them (pkg/policy/api/rule.go @ v1.18.3), whichever of the three kinds of
 * objects they come from: networking.k8s.io/v1 NetworkPolicy, cilium.io/v2 CiliumNetworkPolicy and
 * CiliumClusterwideNetworkPolicy.
 */
import type { Prefix } from '../wire/index.ts';
import type { ObjectMeta } from './objects.ts';

/** A requirement on labels. Keys have their source in front: `k8s:app`, `any:app`, `reserved:host`. */
export interface LabelRequirement {
	readonly key: string;
	readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
	readonly values: readonly string[];
}

/** All of them hold; none at all selects everything. */
export type LabelSelector = readonly LabelRequirement[];

/** Entities of pkg/policy/api/entity.go. */
export type PolicyEntity =
	| 'all'
	| 'world'
	| 'cluster'
	| 'host'
	| 'init'
	| 'ingress'
	| 'unmanaged'
	| 'remote-node'
	| 'health'
	| 'none'
	| 'kube-apiserver';

export type PolicyPeer =
	| { readonly kind: 'endpoints'; readonly selector: LabelSelector }
	| { readonly kind: 'entity'; readonly entity: PolicyEntity }
	| { readonly kind: 'cidr'; readonly prefix: Prefix; readonly except: readonly Prefix[] };

export interface PolicyPort {
	/** ANY: TCP and UDP (and SCTP where it is enabled). */
	readonly protocol: 'ANY' | 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
	/** A number (0: all of the protocol), the type of an ICMP message, or the name of a container's port. */
	readonly port: number | string;
	/** Last port of a range; from Cilium 1.16. */
	readonly endPort?: number;
}

/** Who may (or may not) talk, and where to. */
export interface PolicyDirection {
	/** Any of them; undefined: everybody. */
	readonly peers?: readonly PolicyPeer[];
	/** Any of them; undefined: all. */
	readonly ports?: readonly PolicyPort[];
}

export interface PolicyRule {
	readonly endpointSelector: LabelSelector;
	/** Undefined: says nothing of the direction. */
	readonly ingress?: readonly PolicyDirection[];
	readonly egress?: readonly PolicyDirection[];
	readonly ingressDeny?: readonly PolicyDirection[];
	readonly egressDeny?: readonly PolicyDirection[];
	/** enableDefaultDeny, from 1.16: whether what is not allowed is denied. True when absent. */
	readonly defaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
}

interface PolicyObject<K extends string> {
	readonly kind: K;
	readonly metadata: ObjectMeta;
	readonly rules: readonly PolicyRule[];
}

/** What one of Cilium's agents goes by, besides its settings; named after its node. */
export interface AgentOptions {
	readonly kind: 'AgentOptions';
	readonly metadata: ObjectMeta;
	/** PolicyEnforcement, where somebody changed it while the agent ran. */
	readonly enforcement?: 'default' | 'always' | 'never';
	/** PolicyAuditMode: of endpoints by their number, and of all others. */
	readonly audits: { readonly [endpoint: number]: boolean; readonly others: boolean };
}

export type NetworkPolicy =
	| PolicyObject<'NetworkPolicy'>
	| PolicyObject<'CiliumNetworkPolicy'>
	| PolicyObject<'CiliumClusterwideNetworkPolicy'>;
