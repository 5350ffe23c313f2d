/**
 * Kubernetes API objects, as far as a packet can tell. Field names are the API's (core/v1, discovery/v1);
 * addresses are 32-bit numbers because they are compared more often than printed.
 */
import type { Sysctls } from '../linux/index.ts';
import type { Ip, Prefix } from '../wire/index.ts';
import type { AgentOptions, NetworkPolicy } from './policy.ts';

export interface ObjectMeta {
	readonly name: string;
	/** Empty for cluster-scoped objects. */
	readonly namespace: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	readonly uid: string;
	/** Virtual microseconds. */
	readonly creationTimestamp: number;
	readonly deletionTimestamp?: number;
	/** Name of the owner, for pods of a Deployment. */
	readonly owner?: string;
}

export interface Node {
	readonly kind: 'Node';
	readonly metadata: ObjectMeta;
	readonly podCIDR: Prefix;
	readonly internalIP: Ip;
	readonly ready: boolean;
	readonly unschedulable: boolean;
	readonly taints: readonly {
		readonly key: string;
		readonly value?: string;
		readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
	}[];
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface ContainerPort {
	readonly name?: string;
	readonly containerPort: number;
	readonly protocol: Protocol;
	/** The node's port that is this one too, where something on the node sees to it (Cilium, the portmap plugin). */
	readonly hostPort?: number;
	/** Of which of the node's addresses; all when absent. */
	readonly hostIP?: Ip;
}

export interface Pod {
	readonly kind: 'Pod';
	readonly metadata: ObjectMeta;
	/** Set by the scheduler, or by hand. */
	readonly nodeName?: string;
	readonly hostNetwork: boolean;
	/** Set when the sandbox is up. */
	readonly podIP?: Ip;
	readonly ready: boolean;
	/** True after deletionTimestamp while the process still answers (endpoint condition `serving`). */
	readonly serving: boolean;
	readonly ports: readonly ContainerPort[];
	readonly nodeSelector?: Readonly<Record<string, string>>;
	/** Labels its identity is of, with their sources (`k8s:app`), where somebody knows its namespace's and the rest. */
	readonly securityLabels?: Readonly<Record<string, string>>;
	/** What Cilium's agent made of it, where somebody keeps agents (`src/sim/lab`); else both are drawn. */
	readonly endpoint?: {
		readonly id: number;
		readonly identity: number;
		/** No CiliumEndpoint tells of it. */
		readonly untold?: boolean;
	};
	/** Connected by another plugin than its node has now, and known to nobody since. */
	readonly unmanaged?: boolean;
	/** What its network namespace begins with, over the kernel's defaults. */
	readonly sysctls?: Partial<Sysctls>;
}

export interface Deployment {
	readonly kind: 'Deployment';
	readonly metadata: ObjectMeta;
	readonly replicas: number;
	readonly selector: Readonly<Record<string, string>>;
	readonly template: {
		readonly labels: Readonly<Record<string, string>>;
		readonly ports: readonly ContainerPort[];
		readonly nodeSelector?: Readonly<Record<string, string>>;
	};
}

export interface ServicePort {
	/** Empty when the only port is unnamed. */
	readonly name: string;
	readonly protocol: Protocol;
	readonly port: number;
	readonly targetPort: number | string;
	/** Allocated, or chosen. 0 when the type has none. */
	readonly nodePort: number;
}

export interface Service {
	readonly kind: 'Service';
	readonly metadata: ObjectMeta;
	readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
	/** Undefined for headless services. */
	readonly clusterIP?: Ip;
	readonly ports: readonly ServicePort[];
	readonly selector: Readonly<Record<string, string>>;
	readonly externalIPs: readonly Ip[];
	readonly loadBalancerIngress: readonly Ip[];
	readonly loadBalancerSourceRanges: readonly Prefix[];
	readonly externalTrafficPolicy: 'Cluster' | 'Local';
	readonly internalTrafficPolicy: 'Cluster' | 'Local';
	readonly sessionAffinity: 'None' | 'ClientIP';
	/** Seconds; 10800 by default. */
	readonly sessionAffinityTimeout: number;
	readonly healthCheckNodePort: number;
	readonly exposure?: ServiceExposure;
}

/** What annotations `service.cilium.io/…` say; kube-proxy does not look at them. */
export interface ServiceExposure {
	/** `…/type`, from 1.17: the only type of frontend it gets. */
	readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
	/** `…/node`, from 1.17: names of the nodes that have the service. */
	readonly nodes?: readonly string[];
	/** `…/node-selector`, from 1.18, which goes before `…/node`. */
	readonly selected?: readonly string[];
	/** `…/src-ranges-policy: deny`, from 1.17. */
	readonly denies?: true;
}

/** discovery/v1 Endpoint with its conditions. */
export interface Endpoint {
	readonly ip: Ip;
	readonly nodeName: string;
	readonly ready: boolean;
	readonly serving: boolean;
	readonly terminating: boolean;
	readonly podName: string;
}

export interface EndpointSlice {
	readonly kind: 'EndpointSlice';
	readonly metadata: ObjectMeta;
	readonly service: string;
	readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: Protocol }[];
	readonly endpoints: readonly Endpoint[];
}

/** cilium.io/v2, cluster-scoped, from Cilium 1.12. Selectors are their matchLabels; none selects everything. */
export interface CiliumEgressGatewayPolicy {
	readonly kind: 'CiliumEgressGatewayPolicy';
	readonly metadata: ObjectMeta;
	readonly selectors: readonly {
		readonly podSelector?: Readonly<Record<string, string>>;
		readonly namespaceSelector?: Readonly<Record<string, string>>;
		/** From 1.17. */
		readonly nodeSelector?: Readonly<Record<string, string>>;
	}[];
	readonly destinationCIDRs: readonly Prefix[];
	/** From 1.14. */
	readonly excludedCIDRs: readonly Prefix[];
	readonly egressGateway: {
		readonly nodeSelector: Readonly<Record<string, string>>;
		/** At most one of the two; without, the interface of the default route. */
		readonly interface?: string;
		readonly egressIP?: Ip;
	};
}

export type KubeObject =
	| Node
	| Pod
	| Deployment
	| Service
	| EndpointSlice
	| CiliumEgressGatewayPolicy
	| NetworkPolicy
	| AgentOptions;

/** Generations of kube-proxy's iptables rules that differ (facts/RULINGS "rule generations of kube-proxy"). */
export type ProxyGeneration = '1.23' | '1.24' | '1.26' | '1.33';
