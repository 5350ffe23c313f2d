/** What the machine's Docker lists and does: containers, images, networks, pulls. */
import type { Ip, Mac } from '../../wire/index.ts';

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
	/** When it was started and when it ended last, virtual microseconds. */
	readonly started?: number;
	readonly finished?: number;
	/** Of a container that ended: `docker stop` sends SIGRTMIN+3 to a node, which ends by 130. */
	readonly exitCode?: number;
	/** What its image is, where its name is one that somebody gave it. */
	readonly base?: string;
	/** Frozen: its processes do nothing, and its packets wait. */
	readonly paused?: boolean;
	/** Its policy starts it again soon. */
	readonly restarting?: boolean;
	/** Names it has on its network beside its own, and what it calls itself. */
	readonly aliases?: readonly string[];
	readonly hostname?: string;
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

/** `docker` refused: the text after `Error response from daemon: `. */
export interface DockerError {
	readonly error: string;
}

export interface Docker {
	/** Newest first, as `docker ps -a` lists them. */
	containers(): readonly Container[];
	images(): readonly {
		readonly repository: string;
		readonly tag: string;
		readonly id: string;
		readonly digest: string;
		readonly created: number;
		readonly size: number;
		/** The name it came by, where it has another one now. */
		readonly of?: string;
	}[];
	networks(): readonly {
		readonly id: string;
		readonly name: string;
		readonly driver: string;
		readonly scope: string;
		/** Virtual microseconds. */
		readonly created: number;
		readonly subnet?: string;
		readonly gateway?: Ip;
		readonly bridge?: string;
	}[];
	/** By name, id, or a beginning of the id that no other container has. */
	find(container: string): Container | undefined;
	/** Processes end, devices and addresses go; a node's control plane with it. */
	stop(container: string): DockerError | undefined;
	/** Addresses are given anew, in the order of starting. */
	start(container: string): DockerError | undefined;
	remove(container: string, force: boolean): DockerError | undefined;
	/** Starts a pull; the image is there some virtual seconds later. */
	pull(image: string): ImagePull;
	/** `docker run`: made and started. What a container on the networks `host` and `container:ID` has is another's. */
	run(
		spec: Pick<
			Container,
			'name' | 'image' | 'command' | 'labels' | 'network' | 'ports' | 'aliases' | 'hostname' | 'base'
		>,
		/** `docker create`: it is started later. */
		waits?: boolean,
	): Container | DockerError;
	/** Another name, frozen or not: what the lab keeps of a container is the container's from then on. */
	change(container: string, to: Partial<Pick<Container, 'name' | 'paused' | 'restarting'>>): void;
	/** Gives an image another name. */
	tag(image: string, name: string): void;
	/** A bridge of its own; answers its id. */
	createNetwork(name: string): string | DockerError;
	removeNetwork(name: string): DockerError | undefined;
	/** The first process of a container ended by itself. */
	ended(container: string, exitCode: number): void;
}

export interface ImagePull {
	readonly image: string;
	readonly state: 'running' | 'done' | 'failed';
	/** Octets over the network. */
	readonly size: number;
	/** Of a registry that knows no such image. */
	readonly error?: string;
}
