/** What the parts of one cluster share. */
import type { ApiServer } from '../../api/index.ts';
import type { Ip } from '../../wire/index.ts';
import type { Guests } from '../guests.ts';
import type { KindConfig } from '../kind/config.ts';
import type { DockerHost } from '../machine/docker.ts';
import type { NodeImage } from '../machine/node-images.ts';
import type { Timeline } from '../timeline.ts';
import type { Components } from './components.ts';
import type { EventRecorder } from './events.ts';
import type { Machine } from './machine.ts';

/** What is not left to chance because the seed material printed it. */
export interface Pins {
	/** Containers in the order they start. */
	readonly startOrder?: readonly string[];
	/** Workers in the order they join. */
	readonly joinOrder?: readonly string[];
	/** Pod CIDRs by node: nodes that join together are served by several workers at once. */
	readonly podCIDRs?: Readonly<Record<string, string>>;
	/** By `<namespace>/<deployment>`. */
	readonly templateHash?: Readonly<Record<string, string>>;
	/** By what would else be drawn. */
	readonly pods?: readonly {
		/** Name of the ReplicaSet, DaemonSet or Deployment. */
		readonly owner: string;
		readonly name: string;
		readonly node?: string;
		readonly ip?: Ip;
	}[];
	readonly clusterIPs?: Readonly<Record<string, Ip>>;
	readonly nodePorts?: Readonly<Record<string, number>>;
}

/** Nobody listens at etcd's port, or its members have no leader. */
export type EtcdState = 'gone' | 'leaderless';

export interface ClusterContext {
	readonly name: string;
	/** The name, and a number when there was a cluster of that name before. */
	readonly instance: string;
	/** When its control plane came up first, microseconds: its certificates begin then. */
	readonly begun: number;
	readonly timeline: Timeline;
	readonly api: ApiServer;
	readonly config: KindConfig;
	/** Of the first control plane. */
	readonly image: NodeImage;
	readonly docker: DockerHost;
	/** By name, in the order they were made. */
	readonly machines: ReadonlyMap<string, Machine>;
	readonly record: EventRecorder;
	readonly pins: Pins;
	/** Kernel of the machine that runs Docker: `5.15.0-46-generic`. */
	readonly kernel: string;
	readonly components: Components;
	/** Who runs commands in containers. */
	readonly guests: Guests;
	/** Whether something in a pod listens on a port now, whatever its program is. */
	listens(namespace: string, pod: string, port: number): boolean;
	/** A pod's status as the kubelet that has it knows it, which the API server is told later, or cannot be told. */
	kubeletStatus(namespace: string, pod: string): { readonly [key: string]: unknown } | undefined;
	/** False while the API server's container is down: controllers and kubelets wait. */
	reachable(): boolean;
	/** What ails etcd as an API server of a machine sees it, by its own member; undefined when nothing does. */
	etcdState(machine: string): EtcdState | undefined;
	/** Calls the listener when the API server can be reached again. */
	onReachable(listener: () => void): void;
	/** Something the packets can see may have changed. */
	packetsChanged(): void;
}
