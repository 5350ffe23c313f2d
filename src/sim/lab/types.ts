/**
 * The learner's lab: a machine with Docker, the kind clusters on it, and what runs in them as time goes by.
 *
 * Time is virtual (microseconds since the lab began) and moves only by `run`. Everything that happens later stands in
 * one queue, ordered by time and sequence, so the same calls give the same lab. Undo and links replay calls.
 */
import type { ApiObject, ApiServer } from '../api/index.ts';
import type { CiliumSettings } from '../cilium/index.ts';
import type { AgentOptions } from '../kube/index.ts';
import type { Ip, Prefix } from '../wire/index.ts';
import type { World } from '../world/index.ts';
import type { Kind } from './kind/types.ts';
import type { KubeletFault } from './kubelet/own-config.ts';
import type { Docker } from './machine/types.ts';
import type { GuestHost, GuestSignal } from './software/guest-types.ts';

export type * from './kind/types.ts';
export type * from './machine/types.ts';
export type * from './software/guest-types.ts';

/** A process of a container on a node, as `kubectl logs` and `crictl` see it. */
export interface RunningContainer {
	readonly id: string;
	readonly name: string;
	readonly pod: { readonly namespace: string; readonly name: string };
	readonly node: string;
	readonly image: string;
	readonly startedAt: number;
	readonly restarts: number;
	/** The pod as its kubelet saw it last, and the UID it had when its sandbox was made: a static pod is shown by one object after another. */
	readonly seen: { readonly [key: string]: unknown };
	readonly madeAs: string;
}

/** A request a program answered, as its access log has it. */
export interface HttpAccess {
	/** Address it saw. */
	readonly client: string;
	readonly method: string;
	/** Path and query. */
	readonly target: string;
	/** `HTTP/1.1` */
	readonly version: string;
	readonly host?: string | undefined;
	readonly referer?: string | undefined;
	readonly agent?: string | undefined;
	readonly forwarded?: string | undefined;
	readonly status: number;
	/** Octets of the body that was sent. */
	readonly length: number;
	/** What an error log has of it, without time and client: a line each. */
	readonly complaint?: string | undefined;
	/** Name of the server it was for. */
	readonly server?: string | undefined;
	/** Not in the access log. */
	readonly quiet?: boolean | undefined;
	/** What the server itself writes of it, where its configuration says how. */
	readonly lines?: ((at: number, connection: number) => readonly string[]) | undefined;
}

/** A line a program wrote, with its virtual time. */
export interface LogLine {
	readonly at: number;
	readonly text: string;
}

/** A container of kind that is a node, and what is on it. */
export interface NodeMachine {
	readonly name: string;
	/** Docker's container id. */
	readonly container: string;
	readonly role: 'control-plane' | 'worker' | 'external-load-balancer';
	readonly ip: Ip | undefined;
	readonly running: boolean;
	/** Images in containerd, as `crictl images` has them. */
	readonly images: readonly {
		readonly name: string;
		readonly id: string;
		/** Of the manifest: SHA-256 of the reference where that names none. */
		readonly digest: string;
		readonly size: number;
	}[];
	/** Whether its kubelet runs. */
	readonly kubelet: boolean;
	/** What the API server's connection to it ends with when somebody broke the network between: `i/o timeout`. */
	readonly unreachable?: string | undefined;
	/** What a kubelet of this machine says as it ends whenever systemd starts it, and since when. */
	readonly kubeletFault?: KubeletFault | undefined;
	/** The same of times that are over. */
	readonly kubeletFaults: readonly (KubeletFault & { readonly until: number })[];
	/** How systemd starts its kubelet, since somebody changed that. */
	readonly kubeletLine?: string | undefined;
	/**
	 * Each time its kubelet's process ran, oldest first, virtual microseconds: `boot` is when its machine had been started
	 * (undefined the first time), `halted` whether that ended with it.
	 */
	readonly kubeletRuns: readonly {
		readonly from: number;
		readonly to: number | undefined;
		readonly boot: number | undefined;
		readonly halted: boolean;
		/** Whom it asked in vain for the API, by its kubeconfig. */
		readonly astray: { readonly server: string; readonly why: string } | undefined;
		/** What it said of settings that make no difference here. */
		readonly unheeded: string | undefined;
	}[];
	/** What its kubelet's file changed, and since when that holds: virtual microseconds. */
	readonly kubeletConfig?:
		| {
				readonly maxPods?: number;
				readonly clusterDNS?: readonly string[];
				readonly clusterDomain?: string;
				readonly since: number;
		  }
		| undefined;
	/** Files of /etc/kubernetes/manifests by name, as pods. */
	readonly manifests: Readonly<Record<string, { readonly [key: string]: unknown }>>;
	/** Files of /etc/cni/net.d by name. */
	readonly cniConfig: Readonly<Record<string, string>>;
	/** kube-proxy's rules: there and kept up to date, left behind, or not there. */
	readonly proxyRules: 'live' | 'stale' | 'none';
	/** What its kubelet told of, oldest first. */
	readonly journal: readonly JournalEntry[];
	/** Files of /etc/kubernetes/manifests that its kubelet could make nothing of, and when it said so. */
	/** Times somebody had deleted its Node, in virtual microseconds. */
	readonly absences: readonly { readonly from: number; readonly to?: number }[];
	readonly manifestFaults: readonly {
		readonly path: string;
		readonly words: string;
		readonly since: number;
		readonly watched: boolean;
		readonly looks: number;
		readonly until?: number | undefined;
	}[];
}

/** Something a kubelet did or met, as in its events, but each time and without an end. */
export interface JournalEntry {
	readonly at: number;
	/** `Pod` or `Node`, with its names. */
	readonly kind: string;
	readonly name: string;
	readonly namespace?: string | undefined;
	readonly uid: string;
	readonly reason: string;
	readonly message: string;
	/** `spec.containers{agent}` */
	readonly fieldPath?: string | undefined;
	/** What the log says of it, where the event says less. */
	readonly logged?: string | undefined;
}

/** A Cilium agent that has started at least once on a node. What it left in the kernel outlives it. */
export interface CiliumAgentState {
	readonly node: string;
	readonly pod: string;
	/** Whether the process runs and has finished its start. */
	readonly state: 'starting' | 'ready' | 'gone';
	/** `1.12.1`: the release whose behaviour it has. */
	readonly version: string;
	/** What it calls itself, by its image's tag: `1.13.0-rc5` of version `1.13.0`. */
	readonly release: string;
	/** cilium-config as it was when the agent last started. */
	readonly config: Readonly<Record<string, string>>;
	/** What the agent made of it, from its last start that went well. */
	readonly settings: CiliumSettings;
	readonly podCIDR: Prefix;
	readonly routerIP: Ip;
	readonly healthIP: Ip;
	/** Numbers of the endpoints that are no pods': the host's and the one for probes. */
	readonly hostEndpoint: number;
	readonly healthEndpoint: number;
	/** Virtual microseconds. */
	readonly startedAt: number;
	/** What it goes by besides: of its configuration, or told by somebody (`cilium config`, `cilium endpoint config`). */
	readonly options?: Omit<AgentOptions, 'kind' | 'metadata'>;
	/** Of its policy repository: one more with each policy that comes, changes or goes. */
	readonly policyRevision: number;
	/** Endpoints of the node: pods, and `health`. */
	readonly endpoints: readonly {
		readonly id: number;
		readonly namespace: string;
		readonly pod: string;
		readonly identity: number;
		readonly ip: Ip;
		readonly state: 'waiting-for-identity' | 'waiting-to-regenerate' | 'regenerating' | 'ready';
		/** What happened to it, oldest first; virtual microseconds. */
		readonly log: readonly { readonly at: number; readonly state: string; readonly message: string }[];
	}[];
}

/** A revision of a Helm release, as its Secret has it. */
export interface HelmRelease {
	readonly name: string;
	readonly namespace: string;
	readonly revision: number;
	readonly chart: string;
	readonly chartVersion: string;
	readonly appVersion: string;
	readonly status:
		| 'deployed'
		| 'superseded'
		| 'failed'
		| 'uninstalled'
		| 'pending-install'
		| 'pending-upgrade'
		| 'pending-rollback';
	/** When its first revision was, of a later one. */
	readonly firstDeployed?: number;
	/** Virtual microseconds. */
	readonly updated: number;
	readonly description: string;
	/** What the user gave. */
	readonly values: Readonly<Record<string, unknown>>;
	readonly manifests: readonly ApiObject[];
	readonly notes: string;
	/** Of a chart of somebody's own: what its files say. */
	readonly own?: {
		/** As the templates gave it, with where each part comes from. */
		readonly manifest: string;
		readonly hooks: readonly unknown[];
		readonly metadata: Readonly<Record<string, unknown>>;
		/** Values of the chart itself, with those of the charts below. */
		readonly defaults: Readonly<Record<string, unknown>>;
	};
}

/** A cluster of kind: its API server, its nodes and what runs on them. */
export interface Cluster {
	/** `basic`. */
	readonly name: string;
	readonly api: ApiServer;
	/** In the order they were made. */
	nodes(): readonly NodeMachine[];
	/** Containers of all nodes that run now, as `crictl ps` on each. */
	running(of?: { readonly namespace: string; readonly name: string }): readonly RunningContainer[];
	agents(): readonly CiliumAgentState[];
	/** Tells a node's agent to go by other options, until it starts again. */
	tellAgent(node: string, options: NonNullable<CiliumAgentState['options']>): void;
	/** A pod's status as its kubelet knows it, whether the API server can be told or not. */
	kubeletStatus?(namespace: string, pod: string): { readonly [key: string]: unknown } | undefined;
	/** What its pods are given by the control plane. */
	readonly podSubnet: Prefix;
	readonly serviceSubnet: Prefix;
	/** False while the control plane is down: kubectl then says that the connection was refused. */
	readonly reachable: boolean;
	/** Set while an API server runs whose etcd is away: what requests end with, and after how many microseconds. */
	readonly etcdFault?: { readonly message: string; readonly read: number; readonly write: number } | undefined;
	/**
	 * Times its API server was away, or without its etcd, while its nodes ran; the last one may still go on. Microseconds.
	 * `faults`: from when on it answered with a message, or not at all.
	 */
	silences(): readonly {
		readonly from: number;
		readonly to?: number;
		readonly faults: readonly { readonly from: number; readonly message: string | undefined }[];
	}[];
	/** `https://0.0.0.0:6443`, as in kubeconfig. */
	readonly server: string;
	/** The packets' view: namespaces `host`, `node/<n>`, `pod/<ns>/<n>`, with all that runs there now. */
	world(): World;
	/** Replaces the packets' view after packets went or a kernel table was changed by hand. */
	setWorld(world: World): void;
	/** Somebody changed devices, addresses, routes or rules by hand: which kubelets reach the API server is seen anew. */
	networkChanged?(): void;
	logs(namespace: string, pod: string, container: string, previous?: boolean): readonly LogLine[];
	/** A container's program answered a request at that virtual time, not before now: it logs what its image logs. */
	served(namespace: string, pod: string, container: string, access: HttpAccess, at: number): void;
	/**
	 * The first process of a container ends with this code: the shell somebody was attached to was left. False when
	 * there is no such container running.
	 */
	exit(namespace: string, pod: string, container: string, code: number): boolean;
	/**
	 * Somebody attaches to a container that waits for input: it is theirs to run. False when it runs for itself.
	 */
	claim(namespace: string, pod: string, container: string): boolean;
	/** Whether somebody has, and their shell or program is the container's first process. */
	attached(namespace: string, pod: string, container: string): boolean;
	/** A signal for the first process of a container, as `kill 1` in it sends. False when there is no such container. */
	signal(namespace: string, pod: string, container: string, name: GuestSignal): boolean;
	/** Somebody attached wrote to the container's output: its log has it. */
	wrote(namespace: string, pod: string, container: string, line: string): void;
	/** `systemctl stop kubelet`, `start kubelet`: containers go on, and nobody looks after them or tells of the node. */
	setKubelet(node: string, up: boolean): void;
	/** A node's /var/lib/kubelet/config.yaml says something else now, which its kubelet reads when it starts. */
	setKubeletFile(
		node: string,
		file:
			| { readonly value: unknown; readonly written?: unknown }
			| { readonly error: string }
			| { readonly gone: true },
	): void;
	/** Another file of a node was written or is gone: what its kubelet missed may be there now. */
	nodeFileChanged(node: string): void;
	/** `systemctl daemon-reload`: the kubelet's unit is read anew. */
	reloadUnits(node: string): void;
	/** Whether files of the kubelet's unit changed since that. */
	unitsChanged(node: string): boolean;
	/** The same of the API server that its /etc/kubernetes/kubelet.conf leads to; null when it leads nowhere. */
	setKubeletServer(node: string, server: string | null): void;
	/**
	 * A file of a node's /etc/kubernetes/manifests is another pod, or gone (undefined). Of what is no pod the kubelet says
	 * so; `unread` is why it is no YAML.
	 */
	setManifest(node: string, file: string, pod: unknown, unread?: string): void;
	/** A file of a node's /etc/cni/net.d is another, or gone (undefined): containerd looks at the folder anew. */
	setCniFile(node: string, file: string, text: string | undefined): void;
	/** Helm releases in Secrets of the cluster, decoded; all revisions, oldest first. */
	releases(): readonly HelmRelease[];
	/** Stores a release in a Secret of its namespace, as helm does (`sh.helm.release.v1.<name>.v<revision>`). */
	saveRelease(release: HelmRelease): void;
}

/** What stopped `run` before its time: more events than a lab may take at once (a storm). */
export interface LabError {
	readonly code: 'budget' | 'internal';
	readonly params: Readonly<Record<string, string | number>>;
}

export interface Lab {
	readonly kind: Kind;
	/** Virtual microseconds since the lab began. */
	readonly now: number;
	/** Seconds since 1970 when `now` is 0. */
	readonly epoch: number;
	readonly docker: Docker;
	/** Who runs the commands of containers; until somebody is attached, they wait. */
	readonly guests: GuestHost & { attach(host: GuestHost): void };
	clusters(): readonly Cluster[];
	cluster(name: string): Cluster | undefined;
	/** Advances to `until`, doing what falls due; stops early when `done` answers true after an event. */
	run(until: number, done?: () => boolean): LabError | undefined;
	/** When the next thing happens, if anything is going to. */
	next(): number | undefined;
	/** Does something later. */
	after(microseconds: number, act: () => void): void;
	/** A draw below `bound` that depends on the seed, the purpose and the key only. */
	random(purpose: string, key: string, bound: number): number;
}
