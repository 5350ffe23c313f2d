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
	/** The first of its networks; empty when it was taken out of all. */
	readonly network: string;
	readonly ip?: Ip;
	readonly mac?: Mac;
	/** Addresses it asked for there (`--ip`, `--mac-address`), and its device, which is eth0 but for what came and went. */
	readonly wants?: { readonly ip?: Ip; readonly mac?: Mac };
	readonly device?: string;
	/** Networks it was connected to beside, in that order. */
	readonly more?: readonly Attachment[];
	readonly ports: readonly {
		readonly hostIp: string;
		readonly hostPort: number;
		readonly containerPort: number;
		readonly protocol: 'tcp' | 'udp' | 'sctp';
	}[];
}

/** A network that a container was connected to beside its first. */
export interface Attachment {
	readonly network: string;
	/** `eth1` */
	readonly device: string;
	readonly ip?: Ip;
	readonly mac?: Mac;
	readonly wants?: { readonly ip?: Ip };
	readonly aliases?: readonly string[];
}

/** What `docker network create` was told. */
export interface NetworkOptions {
	/** `10.9.0.0/24` */
	readonly subnet?: string;
	readonly gateway?: Ip;
	/** Addresses are given out of this part of the subnet. */
	readonly range?: string;
	/** Nothing leaves it. */
	readonly internal?: boolean;
	readonly attachable?: boolean;
	/** Whether the subnet is people's own: addresses may be asked for. */
	readonly own?: boolean;
	readonly options?: Readonly<Record<string, string>>;
	readonly labels?: Readonly<Record<string, string>>;
	readonly bridge?: string;
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
		/** What people asked for. */
		readonly asked?: NetworkOptions;
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
			'name' | 'image' | 'command' | 'labels' | 'network' | 'ports' | 'aliases' | 'hostname' | 'base' | 'wants'
		>,
		/** `docker create`: it is started later. */
		waits?: boolean,
	): Container | DockerError;
	/** Another name, frozen or not: what the lab keeps of a container is the container's from then on. */
	change(container: string, to: Partial<Container>): void;
	/** The lowest address of a network that is free, or the one asked for while nobody has it. */
	freeAddress(network: string, wanted?: Ip): { readonly ip: Ip; readonly mac: Mac } | DockerError;
	/** Gives an image another name. */
	tag(image: string, name: string): void;
	/** A bridge of its own; answers its id. */
	createNetwork(name: string, asked?: NetworkOptions): string | DockerError;
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
	/** Said besides, when it may be this lab's registries alone that have none. */
	readonly note?: string;
}
