/**
 * What goes into a World and what comes out: scenarios, actions, outcomes. All plain data.
 */
import type { KubeObject, ProxyGeneration } from '../kube/index.ts';
import type { Decision } from '../trace/index.ts';
import type { Ip } from '../wire/index.ts';

/** Software that went together; what a learner switches (DESIGN "Settings, by version"). */
export interface Bundle {
	readonly id: string;
	/** `1.24.0` */
	readonly kubernetes: string;
	/** `5.15.0` */
	readonly kernel: string;
	/** kube-proxy's rule generation. */
	readonly proxy: ProxyGeneration;
	/**
	 * Who connects pods: `bare` is veth and routes, nothing else; `cilium` is Cilium in that version; with `none` no pod
	 * is connected.
	 */
	readonly cni: 'bare' | 'cilium' | 'none';
	/** Present when `cni` is `cilium`. */
	readonly cilium?: string;
}

/** What the learner's switches set; every field has a default in the preset. */
export interface Settings {
	readonly bundle: string;
	/**
	 * Whether kube-proxy runs is a property of the cluster, not of Cilium. `none`: it never ran, or its rules were
	 * flushed with it. `stale`: it was deleted, and its rules stay on the nodes as they were.
	 */
	readonly kubeProxy: 'iptables' | 'none' | 'stale';
	readonly externalTrafficPolicy: 'Cluster' | 'Local';
	readonly internalTrafficPolicy: 'Cluster' | 'Local';
	readonly sessionAffinity: 'None' | 'ClientIP';
	readonly replicas: number;
	/** Protocol of the subject service's port: the echo pods answer both. */
	readonly protocol: 'TCP' | 'UDP';
	/** Node of the pod when `replicas` is 1; undefined lets the scheduler choose. */
	readonly podOn?: string;
	/** Helm values, as `key=value` of `--set`. */
	readonly helm: Readonly<Record<string, string>>;
}

/**
 * What went wrong, as a value. Words are added above `sim`; `where` is what the caller knows the place by: a
 * settings field, a Helm key, `line:column` of a file, a namespace.
 */
export interface SimError {
	readonly code: SimErrorCode;
	readonly params: Readonly<Record<string, string | number | readonly string[]>>;
	readonly where?: string;
}

/** Every error that leaves the World's door. */
export type SimErrorCode =
	| 'bad-number' // params: name, value, min, max
	| 'bad-value' // params: name, value, known
	| 'bad-address' // params: name, value
	| 'bad-ruleset' // params: namespace, line, column, text
	| 'bad-object' // params: reason
	| 'bad-topology' // params: reason
	| 'bad-helm-value' // params: reason, and key and value where one is to blame
	| 'bad-link' // params: reason
	| 'budget' // params: events; a loop or a storm
	| 'internal' // params: message; a defect of the simulator
	| 'no-address-left' // params: node
	| 'not-modelled' // params: key, value; true in life, not in the simulator
	| 'unknown-bundle'
	| 'unknown-deployment'
	| 'unknown-helm-key'
	| 'unknown-namespace'
	| 'unknown-node'
	| 'unknown-object'
	| 'unknown-scenario'; // params of the unknown ones: name, known

/** One connection attempt. */
export interface Probe {
	/** `host`, `node/<name>` or `pod/<name>` (namespace default), `pod/<namespace>/<name>`. */
	readonly from: string;
	readonly to: { readonly ip: Ip; readonly port: number };
	readonly protocol: 'tcp' | 'udp';
	/** Source port; chosen from the ephemeral range when absent. */
	readonly sport?: number;
	/** How long the program waits, microseconds; as long as the kernel tries when absent (UDP: 2 s). */
	readonly deadline?: number;
}

export type Action =
	| { readonly kind: 'apply'; readonly objects: readonly KubeObject[] }
	| {
			readonly kind: 'delete';
			readonly object: { readonly kind: KubeObject['kind']; readonly namespace: string; readonly name: string };
	  }
	| { readonly kind: 'scale'; readonly deployment: string; readonly replicas: number }
	| { readonly kind: 'set'; readonly settings: Partial<Settings> }
	| { readonly kind: 'connect'; readonly probe: Probe }
	| { readonly kind: 'advance' /** microseconds */; readonly by: number };

/** A place a packet was, in the form `lab --json` prints. */
export interface Hop {
	readonly namespace: string;
	readonly device: string;
	readonly direction: 'rx' | 'tx';
	readonly src: string;
	readonly dst: string;
	readonly ttl: number;
	readonly inner?: { readonly src: string; readonly dst: string; readonly ttl: number };
}

/** What one connection came to. */
export interface Outcome {
	readonly probe: Probe;
	/** RST or ICMP 3/3 is refused; no answer is timeout; EHOSTUNREACH and the like unreachable. */
	readonly result: 'connected' | 'refused' | 'timeout' | 'unreachable';
	/** As connect() returned it, when it failed: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EPERM. */
	readonly errno?: string;
	/** Source address and port that the server's accept() (or recvfrom()) saw. */
	readonly observedSource?: { readonly ip: Ip; readonly port: number };
	/** Local address and port of the client's socket. */
	readonly clientSource?: { readonly ip: Ip; readonly port: number };
	/** Name of the pod that answered (or of the node, for a host process). */
	readonly server?: string;
	/** First packet's id (the SYN, or the datagram) and the id of the first packet back, if any. */
	readonly firstPacket: number;
	readonly firstReply?: number;
	/** Octets the server answered with; empty when it answered none. */
	readonly reply: Uint8Array;
	readonly hops: readonly Hop[];
	readonly replyHops: readonly Hop[];
	/** Every decision about every packet of this connection, in order; empty when records were off. */
	readonly trace: readonly Decision[];
}
