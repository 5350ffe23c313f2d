/**
 * What a command of the learner's terminal is: a program that reads the lab and prints.
 *
 * Tools run inside the shell (`src/cli/shell`), as its custom commands. They hold no text that the lab could
 * contradict: a number, a name or a state printed is a number, a name or a state read.
 */
import type { Cluster, Lab } from '../sim/lab/index.ts';

/**
 * Where a shell runs: what is installed there, whose network it has, what its prompt says. `netns` is another namespace
 * than its own, which `nsenter` entered.
 */
export type Place = Somewhere & { readonly netns?: string };

type Somewhere =
	| { readonly kind: 'laptop' }
	/** `docker exec` into a node's container, or `kubectl node-shell`. */
	| { readonly kind: 'node'; readonly cluster: string; readonly node: string }
	/** `kubectl exec` into a container of a pod; agents are pods whose image is Cilium's. */
	| {
			readonly kind: 'pod';
			readonly cluster: string;
			readonly namespace: string;
			readonly pod: string;
			readonly container: string;
	  }
	/** `docker exec` into another container of the laptop's Docker, by its id. */
	| { readonly kind: 'container'; readonly id: string };

/** Files as the place's filesystem has them. Paths are absolute or relative to the working directory. */
export interface Files {
	/** Undefined when there is no such file; error text of the shell when it is a directory. */
	read(path: string): Promise<string | undefined>;
	readBytes(path: string): Promise<Uint8Array | undefined>;
	write(path: string, content: string | Uint8Array): Promise<void>;
	list(path: string): Promise<readonly string[] | undefined>;
	/** Permissions; undefined of what is not there. */
	mode?(path: string): Promise<number | undefined>;
	/** Where a symbolic link leads; undefined of all else. */
	link?(path: string): Promise<string | undefined>;
	makeLink?(path: string, target: string): Promise<void>;
	makeDirectory?(path: string): Promise<void>;
	setMode?(path: string, mode: number): Promise<void>;
}

/** As whom a program runs. */
export interface Person {
	readonly name: string;
	readonly uid: number;
	readonly gid: number;
	readonly groups: readonly number[];
	/** Name of the group that files of theirs have. */
	readonly group?: string;
}

/** One run of a tool. */
export interface Call {
	/** Without the tool's own name. */
	readonly args: readonly string[];
	/** Name it was called by: `cilium` or `cilium-dbg`. */
	readonly name: string;
	/** All of standard input, as text; empty when nothing is piped in. */
	readonly stdin: string;
	readonly env: ReadonlyMap<string, string>;
	/** Who runs it. */
	readonly who: Person;
	readonly cwd: string;
	readonly files: Files;
	/** Files of another place, with `/` for the working directory. */
	filesAt(place: Place): Files;
	readonly place: Place;
	readonly lab: Lab;
	/** Whether standard output is the terminal (`-it` matters, colours, progress). */
	readonly tty: boolean;
	/** Its terminal, as its kernel names it: `pts/0`. */
	readonly terminal?: string;
	/** Whether that is its standard input. */
	readonly typed?: boolean;
	out(text: string): void;
	/** Octets, for `tcpdump -w -`. */
	outBytes(bytes: Uint8Array): void;
	err(text: string): void;
	/** Lets virtual time pass; what was written until now is shown meanwhile. Rejects when interrupted. */
	sleep(microseconds: number): Promise<void>;
	/** Lets time pass until the condition holds or the timeout is over; answers whether it held. */
	until(done: () => boolean, timeout: number): Promise<boolean>;
	/**
	 * Runs a command line in another place and gives its exit code; output goes where this call's goes, which is a
	 * terminal there when it is one here, unless `tty` is false.
	 */
	runAt(
		place: Place,
		command: readonly string[],
		stdin?: string,
		as?: Person,
		tty?: boolean,
		/** Whether signals are handed on to it; as Ctrl-C is in a terminal when absent. */
		signals?: boolean,
	): Promise<number>;
	/** Whether a command of this name is installed there; what `docker exec` and `kubectl exec` say if not is theirs. */
	has(place: Place, command: string): boolean;
	/** Opens an interactive shell there when this one is interactive; with piped input, runs that as a script. */
	enter(place: Place, shell: string, as?: Person): Promise<number>;
	/**
	 * Opens an editor over the terminal; answers the saved text, or undefined when it was left without saving. Rejects
	 * when interrupted. Absent when there is no screen: a script, a pipe, a job in the background.
	 */
	edit?(file: {
		/** As its title has it. */
		readonly name: string;
		readonly text: string;
		/** Where the cursor begins, from 1. */
		readonly line?: number;
		readonly column?: number;
		/** Called with each text that is saved, while the editor stays open. */
		readonly save?: (text: string) => Promise<void>;
		/** Name of the command that opened it: what its user expects of the keys. */
		readonly as?: string;
	}): Promise<string | undefined>;
	/** The cluster of the current context of the kubeconfig in this place, or of the place itself. */
	cluster(): Cluster | undefined;
	/** By what it was interrupted: `INT`, `TERM`. */
	readonly signal: string;
	/** Throws `Interrupted` when the learner pressed Ctrl-C or the step budget is used up. */
	check(): void;
}

export interface Ended {
	readonly code: number;
	/** Signals that it hears: `INT`, `TERM`. */
	readonly upon: readonly string[];
}

/** Thrown out of a tool by `check`, `sleep` and `until`; the shell answers 128 and the signal's number. */
export class Interrupted extends Error {
	/** What a program exits with that ends itself upon some signals, rather than being ended by them. */
	readonly ended: Ended | undefined;

	constructor(ended?: Ended) {
		super();
		this.ended = ended;
	}
}

export interface Tool {
	readonly name: string;
	readonly aliases?: readonly string[];
	/** Whether it is installed in a place: `tcpdump` is not in a slim image. */
	at(place: Place, lab: Lab): boolean;
	/** Exit code. What it throws other than `Interrupted` is a defect, shown as such by the shell. */
	run(call: Call): Promise<number>;
	/** Words that may stand where the cursor is; `words` are what follows the tool's name, and end with the one begun. */
	complete?(
		words: readonly string[],
		call: Pick<Call, 'lab' | 'place' | 'cluster' | 'env'>,
	): readonly string[] | Promise<readonly string[]>;
}
