/** What the parts of a pod's worker share. */
import type { ClusterContext } from '../cluster/context.ts';
import type { Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import type { ContainerRecord } from './container.ts';
import type { Puller } from './pulls.ts';

export interface PodEnv {
	readonly cluster: ClusterContext;
	readonly machine: Machine;
	readonly puller: Puller;
	readonly uid: string;
	/** As the API has it now. */
	pod(): Pod;
	/** Address of the sandbox; empty without one. */
	ip(): string;
	/** The pod ends or is gone: nothing new begins. */
	over(): boolean;
	between(from: number, to: number, purpose: string): number;
	later(delay: number, act: () => void): void;
	/** Later, also of a pod that ends; not of one that is gone. */
	afterwards(delay: number, act: () => void): void;
	/** `logged`: what the kubelet's log says of it, where the event says less. */
	event(type: 'Normal' | 'Warning', reason: string, message: string, of?: ContainerRecord, logged?: string): void;
	/** 64 hexadecimal digits. */
	newId(purpose: string): string;
	/** Writes the status when it is another one. */
	report(): void;
	/** Goes on with whatever can go on. */
	sync(): void;
}

/** Why a kubelet ended a pod before its time. */
export interface Verdict {
	readonly reason: string;
	readonly message: string;
}

/** What those parts share that are no container's. */
export interface WorkerEnv extends PodEnv {
	everything(): readonly ContainerRecord[];
	/** On its way out of the API. */
	ending(): boolean;
	/** Its sandbox is there. */
	ready(): boolean;
	/** Nothing of it will run again: its sandbox went with its last container. */
	finished(): boolean;
	/** Looks again after a while; a look that is due sooner or later gives way. */
	again(delay: number): void;
	/** 64 hexadecimal digits for a sandbox that could not be made. */
	newSandboxId(): string;
}
