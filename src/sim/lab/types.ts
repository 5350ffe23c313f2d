/**
 * The learner's lab: a machine with Docker, the kind clusters on it, and what runs in them as time goes by.
 *
 * Time is virtual (microseconds since the lab began) and moves only by `run`. Everything that happens later stands in
 * one queue, ordered by time and sequence, so the same calls give the same lab. Undo and links replay calls.
 */
import type { ApiObject, ApiServer } from '../api/index.ts';
import type { Ip, Mac } from '../wire/index.ts';
import type { World } from '../world/index.ts';

/** A container as Docker lists it. */
export interface Container {
	/** 64 hex digits. */
	readonly id: string;
	readonly name: string;
	readonly image: string;
	readonly command: string;
	/** Virtual microseconds. */
	readonly created: number;
	readonly state: 'created' | 'running' | 'exited';
	readonly labels: Readonly<Record<string, string>>;
	readonly network: string;
	readonly ip?: Ip;
	readonly mac?: Mac;
	readonly ports: readonly {
		readonly hostIp: string;
		readonly hostPort: number;
		readonly containerPort: number;
		readonly protocol: 'tcp' | 'udp' | 'sctp';
	}[];
}

export interface Docker {
	containers(): readonly Container[];
	images(): readonly {
		readonly repository: string;
		readonly tag: string;
		readonly id: string;
		readonly created: number;
		readonly size: number;
	}[];
	networks(): readonly {
		readonly id: string;
		readonly name: string;
		readonly driver: string;
		readonly scope: string;
		readonly subnet?: string;
		readonly gateway?: Ip;
		readonly bridge?: string;
	}[];
}

/** A process of a container on a node, as `kubectl logs` and `crictl` see it. */
export interface RunningContainer {
	readonly id: string;
	readonly name: string;
	readonly pod: { readonly namespace: string; readonly name: string };
	readonly node: string;
	readonly image: string;
	readonly startedAt: number;
	readonly restarts: number;
}

/** A line a program wrote, with its virtual time. */
export interface LogLine {
	readonly at: number;
	readonly text: string;
}

export interface Cluster {
	/** `basic`. */
	readonly name: string;
	readonly api: ApiServer;
	/** False while the control plane is down: kubectl then says that the connection was refused. */
	readonly reachable: boolean;
	/** `https://0.0.0.0:6443`, as in kubeconfig. */
	readonly server: string;
	/** The packets' view: namespaces `host`, `node/<n>`, `pod/<ns>/<n>`, with all that runs there now. */
	world(): World;
	/** Replaces the packets' view after packets went or a kernel table was changed by hand. */
	setWorld(world: World): void;
	logs(namespace: string, pod: string, container: string, previous?: boolean): readonly LogLine[];
	/** Helm releases in Secrets of the cluster, decoded. */
	releases(): readonly HelmRelease[];
}

export interface HelmRelease {
	readonly name: string;
	readonly namespace: string;
	readonly revision: number;
	readonly chart: string;
	readonly chartVersion: string;
	readonly appVersion: string;
	readonly status: 'deployed' | 'superseded' | 'failed' | 'uninstalled' | 'pending-install' | 'pending-upgrade';
	/** Virtual microseconds. */
	readonly updated: number;
	readonly description: string;
	/** What the user gave. */
	readonly values: Readonly<Record<string, unknown>>;
	readonly manifests: readonly ApiObject[];
	readonly notes: string;
}

export interface Lab {
	/** Virtual microseconds since the lab began. */
	readonly now: number;
	/** Seconds since 1970 when `now` is 0. */
	readonly epoch: number;
	readonly docker: Docker;
	clusters(): readonly Cluster[];
	cluster(name: string): Cluster | undefined;
	/** Advances to `until`, doing what falls due; stops early when `done` answers true after an event. */
	run(until: number, done?: () => boolean): void;
	/** When the next thing happens, if anything is going to. */
	next(): number | undefined;
	/** A draw below `bound` that depends on the seed, the purpose and the key only. */
	random(purpose: string, key: string, bound: number): number;
}
