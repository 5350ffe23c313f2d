/**
 * Processes of a container's nginx: the master, and the workers it has begun so far, as its log numbers them.
 *
 * Source: nginx src/os/unix/ngx_process.c ngx_signal_handler(), ngx_process_cycle.c ngx_worker_process_cycle() @ 1.23.
 */
import type { ContainerState } from '../states.ts';
import { WORKER } from './worker.ts';

export interface NginxWorker {
	readonly pid: number;
	/** Virtual microseconds. */
	readonly since: number;
}

export interface NginxProcesses {
	readonly master: number;
	workers: NginxWorker[];
	/** Number of the next worker. */
	take(): number;
	/** Processors of its machine. */
	readonly cpus: number;
}

const books = new WeakMap<ContainerState, NginxProcesses>();

/** How many workers a configuration asks for. */
function wanted({ web }: ContainerState, cpus: number): number {
	const asked = web?.config?.main.findLast(({ name }) => name === 'worker_processes')?.args[0] ?? '1';
	return asked === 'auto' ? cpus : Number(asked) || 1;
}

/** Those of a container; begun now, where nobody asked before. */
export function nginxProcesses(state: ContainerState, since: number, cpus: number): NginxProcesses {
	let book = books.get(state);
	if (!book) {
		const { processes, id } = state;
		const master = processes?.first(id) ?? 1;
		let next = WORKER;
		// What the entrypoint's scripts ran had the numbers between.
		processes?.from(master + WORKER - 1);
		book = { master, workers: [], take: () => processes?.take() ?? next++, cpus };
		books.set(state, book);
		beginWorkers(state, book, since);
	}
	return book;
}

/** Begins workers in the place of those there are, which it answers. */
export function beginWorkers(state: ContainerState, book: NginxProcesses, since: number): readonly NginxWorker[] {
	const old = book.workers;
	book.workers = Array.from({ length: wanted(state, book.cpus) }, () => ({ pid: book.take(), since }));
	return old;
}

/** Number of the worker that answers: the first there is. */
export const answeringWorker = (state: ContainerState): number => books.get(state)?.workers[0]?.pid ?? WORKER;

export interface NginxLine {
	readonly pid: number;
	readonly text: string;
	readonly level?: 'alert' | 'emerg';
}

/** What a worker says that was told to end. */
export const workerLeaves = (pid: number, gracefully: boolean): readonly NginxLine[] =>
	[...(gracefully ? ['gracefully shutting down'] : []), 'exiting', 'exit'].map((text) => ({ pid, text }));

/** What master and workers say when all of them end. */
export const allLeave = ({ master, workers }: NginxProcesses, gracefully: boolean): readonly NginxLine[] => [
	...workers.flatMap(({ pid }, i) => [
		...workerLeaves(pid, gracefully),
		{ pid: master, text: `signal 17 (SIGCHLD) received from ${pid}` },
		{ pid: master, text: `worker process ${pid} exited with code 0` },
		...(i < workers.length - 1 ? [{ pid: master, text: 'signal 29 (SIGIO) received' }] : []),
	]),
	{ pid: master, text: 'exit' },
];

/** `2022/08/31 10:00:05 [notice] 1#1: exit`. */
export const nginxLine = (time: string, { pid, text, level }: NginxLine): string =>
	`${time} [${level ?? 'notice'}] ${pid}#${pid}: ${text}`;
