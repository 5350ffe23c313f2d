/**
 * A scenario as data: what is cabled to what, which cluster runs on it, and what a learner may switch.
 *
 * Presets (`src/sim/scenarios`) and scenario files (`tools/lab`) are both this. Nothing here is computed: pods'
 * addresses, routes to pods and rules come from the software that makes them in life (`build.ts`).
 */
import type { ServiceNumbers } from '../cilium/index.ts';
import type { Deployment, EndpointSlice, Pod, ServiceRequest } from '../kube/index.ts';
import type { Ruleset } from '../linux/index.ts';
import type { Ip, Mac, Prefix } from '../wire/index.ts';
import type { Bundle, Settings } from './types.ts';

/** One end of a cable: a namespace and a device name in it. */
export interface End {
	readonly ns: string;
	readonly dev: string;
	readonly mac?: Mac;
}

/** A cable between two devices: veth pairs and wires alike. */
export interface LinkSpec {
	readonly ends: readonly [End, End];
	/** Octets; 1500 by default. */
	readonly mtu?: number;
	/** Microseconds, one way. */
	readonly delay?: number;
	/** `veth` by default. */
	readonly kind?: 'veth' | 'physical';
}

/** A Linux bridge and the devices that are its ports. */
export interface BridgeSpec {
	readonly ns: string;
	readonly dev: string;
	readonly ports: readonly string[];
	readonly mac?: Mac;
}

export interface AddressSpec {
	readonly dev: string;
	readonly ip: Ip;
	readonly length: number;
	/** `global` by default. */
	readonly scope?: 'global' | 'link' | 'host';
}

/** A route as `ip route add` takes it. Connected and local routes come with the addresses. */
export interface RouteSpec {
	readonly dst: Prefix;
	readonly type?: 'unicast' | 'unreachable' | 'blackhole' | 'prohibit';
	readonly via?: Ip;
	readonly dev?: string;
	readonly src?: Ip;
	readonly scope?: 'global' | 'link' | 'host';
	readonly metric?: number;
	readonly mtu?: number;
	readonly onlink?: boolean;
}

/** A process that answers in a namespace that is no pod. */
export interface ServerSpec {
	readonly port: number;
	readonly protocol: 'tcp' | 'udp';
}

/** A namespace that is not a pod's: `host`, `node/<name>`, `router/<name>`, `world`, or a free name. */
export interface HostSpec {
	readonly ns: string;
	/** Kernel version; that of the bundle when absent. */
	readonly kernel?: string;
	readonly addresses: readonly AddressSpec[];
	readonly routes: readonly RouteSpec[];
	/** Nodes and routers forward; others do not. */
	readonly forward: boolean;
	/** net.ipv4.conf.all.rp_filter; 0 when absent. */
	readonly rpFilter?: 0 | 1 | 2;
	/** bridge-nf-call-iptables. */
	readonly bridgeNetfilter?: boolean;
	/**
	 * All the rules there are (then kube-proxy, the kubelet and Cilium write none here): as objects in presets, as
	 * `iptables-save` text in scenario files.
	 */
	readonly iptables?: string | Ruleset;
	readonly servers?: readonly ServerSpec[];
}

/** A machine of the cluster; its namespace is `node/<name>`. Listed in the order they joined. */
export interface NodeSpec {
	readonly name: string;
	readonly internalIP: Ip;
	/** The device that holds `internalIP`. */
	readonly device: string;
	readonly podCIDR: Prefix;
	readonly labels: Readonly<Record<string, string>>;
	readonly controlPlane: boolean;
	/** The endpoint Cilium's agents probe, where they do. */
	readonly health?: { readonly ip: Ip; readonly id: number };
	/** What Kubernetes gave it, where kindnetd runs: its pods' and routes', whatever agents came since. */
	readonly kindnetCIDR?: Prefix;
	/** No CiliumNode tells other nodes' agents of it. */
	readonly untold?: boolean;
	/** Who connects its pods, where that is not what the bundle and the switches say: agents change node by node. */
	readonly cni?: NodeCni;
}

export type NodeCni =
	/** `known`: its agent is only away, and the others keep what they know of the node. */
	| {
			readonly kind: 'none' | 'bare';
			readonly known?: boolean;
			/** The plugin is a kindnet that enforces network policies. */
			readonly enforces?: boolean;
	  }
	/** Version and Helm values its agent started with. */
	| { readonly kind: 'cilium'; readonly version: string; readonly helm: Readonly<Record<string, string>> };

/** What a learner is not free to choose because the seed material printed it. */
export interface Pin {
	/** Name of the Deployment. */
	readonly deployment: string;
	readonly node: string;
	readonly name: string;
	readonly ip: Ip;
}

export interface ClusterSpec {
	readonly name: string;
	readonly nodes: readonly NodeSpec[];
	readonly podCIDR: Prefix;
	readonly serviceCIDR: Prefix;
	readonly deployments: readonly Deployment[];
	/** Pods nobody owns: static pods, and the pods of scenario files. */
	readonly pods: readonly Pod[];
	/** Addresses of pods that a file fixes, by `<namespace>/<name>`. */
	readonly podAddresses?: Readonly<Record<string, Ip>>;
	/** `iptables-save` text of pods, by namespace (`pod/<namespace>/<name>`). */
	readonly podRulesets?: Readonly<Record<string, string>>;
	/** As applied: what they do not ask for is allocated when the World is made. */
	readonly services: readonly ServiceRequest[];
	/** Slices no controller makes from a selector: that of `kubernetes`, written by the API server. */
	readonly endpointSlices: readonly EndpointSlice[];
	readonly pins: readonly Pin[];
	/** Pods say themselves which endpoints they are (`Pod.endpoint`), and which are none (`Pod.unmanaged`). */
	readonly explicitEndpoints?: boolean;
	/** What Cilium's agents numbered services and backends before this World was made. */
	readonly serviceNumbers?: ServiceNumbers;
	/** Part of the names of a Deployment's pods: `7ccc684445`. */
	readonly replicaSetHash: Readonly<Record<string, string>>;
	/** Pods, by name or owner, that are no echo server: they speak TLS, or DNS and are silent to anything else. */
	readonly speaks: Readonly<Record<string, 'tls' | 'dns'>>;
}

/** Which objects the learner's switches act on. */
export interface Subject {
	/** `<namespace>/<name>`, or undefined when a file has none. */
	readonly deployment?: string | undefined;
	readonly services: readonly string[];
	/** Services whose ports take the protocol of the switch. */
	readonly protocol: readonly string[];
}

/** Where the picture of the topology puts a namespace: a grid of lanes, any unit. */
export interface Place {
	readonly ns: string;
	readonly x: number;
	readonly y: number;
}

export interface Scenario {
	/** ASCII, permanent: permalinks name it. */
	readonly id: string;
	/** Raised when a change gives another result for the same actions. */
	readonly version: number;
	/** Seed of every stream of chance. */
	readonly seed: number;
	/** Of hardware addresses; `seed` when absent. */
	readonly macSeed?: number;
	readonly bundles: readonly Bundle[];
	readonly start: Settings;
	readonly hosts: readonly HostSpec[];
	readonly bridges: readonly BridgeSpec[];
	readonly links: readonly LinkSpec[];
	readonly cluster: ClusterSpec;
	readonly subject: Subject;
	readonly places: readonly Place[];
}
