/**
 * Guests: commands of containers that the lab has no program for. A shell runs them (`GuestHost`, attached to
 * `Lab.guests`); the kubelet asks it to, and hands it signals.
 */

import type { CalledOut } from '../../api/index.ts';

/** A container of a pod, as commands that run in it name it. */
export interface GuestPlace {
	readonly kind: 'pod';
	readonly cluster: string;
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
}

/** Where a command of a container runs: in a pod, or in a container of the machine's Docker, by its id. */
/** Where people have shells beside containers. */
export type TypedAt =
	| { readonly kind: 'laptop' }
	| { readonly kind: 'node'; readonly cluster: string; readonly node: string };

export type GuestAt = GuestPlace | { readonly kind: 'container'; readonly id: string };

export type GuestSignal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'TERM';

/** The first process of a container, for whoever has a shell to run it in. */
export interface Guest {
	readonly place: GuestAt;
	/** Of the container: each of its runs has another. */
	readonly id: string;
	readonly argv: readonly string[];
	/** Where its last words are, which it hands over at its end; empty where nobody asks for any. */
	readonly messagePath: string;
	/** All of its input; nothing when absent. */
	readonly stdin?: string;
	/** A whole line it wrote. */
	log(text: string): void;
	/** What it wrote, as it writes it, for who is attached. */
	output?(text: string, stream: 'out' | 'err'): void;
	/** Its program was found, and runs. */
	started(): void;
	/** The runtime found no such program: what runc says of it. */
	failed(message: string): void;
	exited(code: number, message: string): void;
}

/** A command that is run in a container: of a probe, of a hook. */
export interface GuestCommand {
	readonly place: GuestAt;
	readonly argv: readonly string[];
	/** Its exit code and what it wrote, or what the runtime says when there is no such program. */
	done(ended: { readonly code: number; readonly output: string } | { readonly error: string }): void;
}

/** A connection of a kubelet to something in a pod: what it writes, and what comes back. */
export interface GuestRequest {
	readonly cluster: string;
	readonly node: string;
	/** Dotted, and a port. */
	readonly address: string;
	readonly port: number;
	/** Nothing is sent when absent: whether it connects is all that is asked. */
	readonly text?: string;
	/** Microseconds it may take. */
	readonly timeout: number;
	/** What was read, to the end of the connection; or the error's name in the kernel, `ETIMEDOUT` when time was over. */
	done(answer: { readonly text: string } | { readonly errno: string }): void;
}

/** A connection of an API server within TLS, from its node, while who asked it waits. */
export interface GuestCall {
	readonly cluster: string;
	readonly node: string;
	/** Address or name. */
	readonly host: string;
	readonly port: number;
	readonly text: string;
	/** Microseconds it may take. */
	readonly timeout: number;
}

export interface GuestProcess {
	/** What has no handler for it ends, the first process of a container excepted; of KILL, everything. */
	signal(name: GuestSignal): void;
}

/** Who runs the commands of containers. What it tells the lab of, it tells in the lab's time, while that stands. */
export interface GuestHost {
	/** A container begins: its files are those of its image and of its volumes. */
	renew(place: GuestAt): void;
	start(guest: Guest): GuestProcess;
	exec(command: GuestCommand): GuestProcess;
	/** Connects from a node. */
	request?(request: GuestRequest): void;
	/** Connects from a node at once; undefined where nobody runs packets. */
	call?(call: GuestCall): CalledOut | undefined;
	/** A container ended: whoever came into it from outside ends with it. */
	over?(place: GuestAt): void;
	/**
	 * Processes below the first one, oldest first, and then those that came in from outside; on the laptop and on nodes
	 * the shells that somebody types into, and their jobs.
	 */
	processes(place: GuestAt | TypedAt): readonly GuestProcessView[];
}

export interface GuestProcessView {
	readonly argv: readonly string[];
	readonly startedAt: number;
	/** Nobody in the container started it: `kubectl exec`, `docker exec`. */
	readonly entered?: boolean;
	/** What `$!` says it is, in the container. */
	readonly pid?: number;
	/** Number of what began it, where that is none of the place's own. */
	readonly ppid?: number;
	/** Terminal it has: `pts/0`. */
	readonly tty?: string;
	/** It runs while it looks at what runs. */
	readonly looks?: boolean;
	readonly cwd?: string;
	/** Its variables, each with a NUL behind it. */
	readonly environ?: () => string;
	signal(name: GuestSignal): void;
}
