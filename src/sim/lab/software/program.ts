/** What runs in a container: a program is started, says what it does, and may end. */
import type { ClusterContext } from '../cluster/context.ts';
import type { ContainerSpec, Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import type { HttpAccess } from '../types.ts';

export interface ProgramContext {
	readonly cluster: ClusterContext;
	readonly machine: Machine;
	readonly pod: Pod;
	readonly container: ContainerSpec;
	/** Of the container. */
	readonly id: string;
	/** How often it was started before in this pod. */
	readonly restarts: number;
	/** Command and arguments: the pod's, or the image's where the pod gives none. */
	readonly argv: readonly string[];
	env(name: string): string | undefined;
	log(text: string): void;
	/** A line at a virtual time that is not past: what the network is ahead of the lab. */
	logAt(at: number, text: string): void;
	/** A line that is written out when somebody reads it. */
	logLater(text: () => string): void;
	/** Files of its volumes are other ones now. */
	onFiles(listener: () => void): void;
	/** Told of SIGTERM; answers how long it goes on before it ends as `stops` says, microseconds. */
	onTerm(listener: () => number): void;
	/** From now on it is a command that runs in the container's own shell. */
	guest(): void;
	/** Ends the program. */
	exit(code: number): void;
	/** Later, if it still runs. */
	after(delay: number, act: () => void): void;
	between(from: number, to: number, purpose: string): number;
	/** Probes pass from now on, or fail with a message. */
	healthy(): void;
	unhealthy(message: string): void;
	/** Told when the API server's objects change, while the program runs. */
	watch(listener: (event: import('../../api/index.ts').WatchEvent) => void): void;
}

/** It ended by itself, was told to end, or its machine was switched off. */
export type Ending = 'exit' | 'term' | 'crash';

export interface Program {
	/** Starts it. What it answers is done when it ends, whatever ended it. */
	// biome-ignore lint/suspicious/noConfusingVoidType: most programs have nothing to do at their end
	start(context: ProgramContext): ((how: Ending) => void) | undefined | void;
	/** From SIGTERM to the end, microseconds; undefined when it does not listen to it. */
	readonly stops?: readonly [from: number, to: number];
	/** The image's entrypoint, and what follows it unless the pod gives arguments. */
	readonly entrypoint?: readonly string[];
	readonly cmd?: readonly string[];
	/** Ports it answers on, given its command line and environment. */
	listens?(container: ContainerSpec, argv: readonly string[]): readonly Listening[];
	/** Lines it writes of a request: at microseconds since 1970, of its so many-th connection. */
	access?(access: HttpAccess, at: number, connection: number): readonly string[];
	/** It answers requests itself (`containers`): probes ask for pages, and it logs each. */
	readonly answers?: true;
	/** Its commands are run by whoever has a shell (`GuestHost`). */
	readonly guest?: true;
	/** Commands in it, of probes and hooks, are not known here. */
	readonly closed?: true;
	/** It needs nothing of a cluster: Docker's containers run it too. */
	readonly alone?: true;
	/** Names of its program, which a pod may give as its command too. */
	readonly names?: readonly string[];
	/** What starts it as a pod's command: its image has it there, and nothing else. */
	readonly paths?: readonly string[];
	/** Nothing else listens in it: a probe of another port is refused. */
	readonly listensOnly?: boolean;
}

/** The command line of a container: a command replaces entrypoint and arguments, arguments replace those of the image. */
export const argvOf = (program: Program, { command, args }: ContainerSpec): readonly string[] =>
	command && command.length > 0
		? [...command, ...(args ?? [])]
		: [...(program.entrypoint ?? []), ...(args ?? program.cmd ?? [])];

export interface Listening {
	readonly port: number;
	readonly protocol: 'TCP' | 'UDP';
	readonly speaks?: 'tls' | 'dns';
}
