/** The kind program: what it is asked, what it prints as it goes on, and what it has made. */
import type { Json } from '../../api/index.ts';

/** One line of `kind create cluster`: ` ✓ Preparing nodes 📦 📦  `. */
export interface KindStep {
	/** With its icons and the blanks kind prints after them. */
	readonly text: string;
	readonly started: number;
	readonly ended?: number;
	/** Set with `ended`. */
	readonly ok?: boolean;
	/** A line of its own after it: ` • Ready after 24s 💚`. */
	readonly note?: string;
}

/** A `kind create cluster` under way. Read it again as time passes. */
export interface KindRun {
	readonly name: string;
	readonly steps: readonly KindStep[];
	/** What kind warns of before it begins. */
	readonly warnings: readonly string[];
	readonly state: 'running' | 'done' | 'failed';
	/** After `ERROR: `: `failed to create cluster: node(s) already exist for a cluster with the name "basic"`. */
	readonly error?: string;
	/** What kind prints as `Command Output: …` after the error, when a command of its own failed. */
	readonly commandOutput?: string;
	/** The sentence kind says goodbye with. */
	readonly salutation: string;
}

export interface KindCreate {
	/** `--name`; over the config's. */
	readonly name?: string;
	/** `--image`; over the config's. */
	readonly image?: string;
	/** `kind.x-k8s.io/v1alpha4` Cluster as read from YAML. */
	readonly config?: unknown;
	/** Line of the YAML a path of keys stands on, for errors about it. */
	readonly lineOf?: (path: readonly (string | number)[]) => number | undefined;
	/** `--wait`, microseconds. */
	readonly wait?: number;
	/** `--retain` */
	readonly retain?: boolean;
}

/** The kind program: clusters as containers. */
export interface Kind {
	/** `v0.14.0`. */
	readonly release: string;
	/** Names, sorted. */
	clusters(): readonly string[];
	/** Container names of a cluster, sorted. */
	nodes(cluster: string): readonly string[];
	create(options: KindCreate): KindRun;
	/** Ctrl-C: the program ends where it is, and what it made stays. */
	abort(run: KindRun): void;
	/** Names of the containers that were deleted; none when there was no such cluster. */
	delete(cluster: string): readonly string[];
	/** `v1` Config; `internal` has the container's name for the server. Undefined when there is no such cluster. */
	kubeconfig(cluster: string, internal?: boolean): { readonly [key: string]: Json } | undefined;
	/** Copies an image of Docker onto nodes (all when absent); answers the nodes that did not have it, or an error. */
	load(
		image: string,
		cluster: string,
		nodes?: readonly string[],
	):
		| { readonly loaded: readonly string[]; readonly id: string; readonly error?: undefined }
		| { readonly error: string };
}
