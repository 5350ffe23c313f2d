/**
 * nginx's master and its workers: which run, what a signal does to them, and what the log says of it.
 *
 * Source: nginx src/os/unix/ngx_process.c, ngx_process_cycle.c @ 1.23.
 */
import {
	allLeave,
	beginWorkers,
	type Cluster,
	contextOf,
	dockerWrote,
	type GuestSignal,
	knownDocker,
	type Lab,
	type NginxLine,
	type NginxProcesses,
	type NginxWorker,
	type NodeMachine,
	nginxLine,
	nginxProcesses,
	reloadDockerWeb,
	reloadNginx,
	stateOf,
	workerLeaves,
} from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import { CPUS } from './hardware.ts';

/** From the signal until the master is gone, microseconds. */
const GONE = 30_000;
const NUMBER: Readonly<Record<GuestSignal, number>> = {
	HUP: 1,
	INT: 2,
	QUIT: 3,
	KILL: 9,
	USR1: 10,
	USR2: 12,
	TERM: 15,
};

type NginxPlace = Extract<Place, { kind: 'pod' | 'container' }>;

type State = Parameters<typeof nginxProcesses>[0];

function stateWithId(lab: Lab, id: string): State | undefined {
	const docker = knownDocker(lab, id)?.state;
	if (docker) return docker;
	for (const cluster of lab.clusters()) {
		const running = cluster.running().find((container) => container.id === id);
		if (running) return stateOf(cluster, running);
	}
	return undefined;
}

/** Numbers of a container's master and workers; undefined of one that has ended. */
function nginxIn(lab: Lab, id: string, startedAt: number, cpus: number): NginxProcesses | undefined {
	const state = stateWithId(lab, id);
	return state && nginxProcesses(state, startedAt, cpus);
}

/** Workers of a container's nginx. */
export const workersOf = (lab: Lab, id: string, startedAt: number, cpus: number): readonly NginxWorker[] =>
	nginxIn(lab, id, startedAt, cpus)?.workers ?? [];

/** Processors of a node. */
export const cpusOf = (cluster: Cluster, machine: NodeMachine): number => {
	const nodes = cluster.api.find?.('nodes');
	const node = nodes && cluster.api.get(nodes, undefined, machine.name);
	const { capacity } = (node as { status?: { capacity?: { cpu?: string } } } | undefined)?.status ?? {};
	return Number(capacity?.cpu ?? 1) || 1;
};

/**
 * Number of a process that begins beside a container's nginx, or where a pod's containers have one process namespace: all have
 * theirs out of the same row.
 */
export function numberBesideNginx(place: Place, lab: Lab): number | undefined {
	let book: NginxProcesses | undefined;
	if (place.kind === 'container') {
		const container = knownDocker(lab, place.id);
		if (container?.state.web?.config) book = nginxIn(lab, place.id, lab.now, CPUS);
	} else if (place.kind === 'pod') {
		const cluster = lab.cluster(place.cluster);
		const beside = cluster?.running({ namespace: place.namespace, name: place.pod });
		const pods = cluster?.api.find?.('pods');
		const spec = (pods && cluster?.api.get(pods, place.namespace, place.pod)?.spec) as
			| { ephemeralContainers?: readonly { name: string; targetContainerName?: string }[] }
			| undefined;
		// `kubectl debug --target` is in the process namespace of that container.
		const target = spec?.ephemeralContainers?.find(({ name }) => name === place.container)?.targetContainerName;
		const running = beside?.find(({ name }) => name === target) ?? beside?.find(({ name }) => name === place.container);
		const machine = cluster?.nodes().find(({ name }) => name === running?.node);
		const state = cluster && running && stateOf(cluster, running);
		if (state?.processes) return state.processes.take();
		if (cluster && running && machine && state?.web?.config)
			book = nginxIn(lab, running.id, running.startedAt + 60_000, cpusOf(cluster, machine));
	}
	return book?.take();
}

/** `2022/08/31 10:00:05`. */
export const stamp = (lab: Lab): string =>
	new Date(lab.epoch * 1000 + lab.now / 1000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');

/** What its image's configuration logs: errors, and notices. */
function logTo(lab: Lab, place: NginxPlace, master: number): (line: string | NginxLine | readonly NginxLine[]) => void {
	const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
	return (said) => {
		const lines = typeof said === 'string' ? [{ pid: master, text: said }] : [said].flat();
		for (const line of lines as readonly NginxLine[]) {
			const text = nginxLine(stamp(lab), line);
			if (place.kind === 'container') dockerWrote(lab, place.id, text);
			else cluster?.wrote(place.namespace, place.pod, place.container, text);
		}
	};
}

/** `signal 3 (SIGQUIT) received from 40`: who sent it from outside of its process namespace has no number there. */
const received = (name: GuestSignal, from: number): string =>
	`signal ${NUMBER[name]} (SIG${name}) received${from === 0 ? '' : ` from ${from}`}`;

/** A signal for one worker: the master starts another in its place. */
export function workerHears(
	lab: Lab,
	place: NginxPlace,
	id: string,
	pid: number,
	name: GuestSignal,
	from: number,
): void {
	const state = stateWithId(lab, id);
	const book = state && nginxProcesses(state, lab.now, 1);
	const at = book?.workers.findIndex((worker) => worker.pid === pid) ?? -1;
	if (!book || at < 0) return;
	const log = logTo(lab, place, book.master);
	const heard = received(name, from);
	if (name === 'HUP' || name === 'USR2') {
		log({ pid, text: `${heard}, ignoring` });
		return;
	}
	if (name === 'USR1') {
		log([
			{ pid, text: `${heard}, reopening logs` },
			{ pid, text: 'reopening logs' },
		]);
		return;
	}
	if (name !== 'KILL') {
		const quits = name === 'QUIT';
		log({ pid, text: `${heard}, ${quits ? 'shutting down' : 'exiting'}` });
		log(workerLeaves(pid, quits));
	}
	const next = book.take();
	book.workers[at] = { pid: next, since: lab.now };
	log(`signal 17 (SIGCHLD) received from ${pid}`);
	if (name === 'KILL') log({ pid: book.master, text: `worker process ${pid} exited on signal 9`, level: 'alert' });
	else log(`worker process ${pid} exited with code 0`);
	log(`start worker process ${next}`);
	log('signal 29 (SIGIO) received');
}

/** A signal for the master. @param from number of who sent it */
export function masterHears(lab: Lab, place: NginxPlace, id: string, name: GuestSignal, from: number): void {
	const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
	const state = stateWithId(lab, id);
	const book = state && nginxProcesses(state, lab.now, 1);
	if (!state || !book) return;
	const log = logTo(lab, place, book.master);
	const heard = received(name, from);
	if (name === 'HUP') {
		log(`${heard}, reconfiguring`);
		log('reconfiguring');
		const context = cluster && contextOf(cluster);
		const container = place.kind === 'container' ? lab.docker.find(place.id) : undefined;
		const refused = container ? reloadDockerWeb(lab, container) : context && reloadNginx(context, state);
		if (refused !== undefined) {
			log({ pid: book.master, text: refused, level: 'emerg' });
			return;
		}
		log('using the "epoll" event method');
		log('start worker processes');
		const old = beginWorkers(state, book, lab.now);
		for (const { pid } of book.workers) log(`start worker process ${pid}`);
		for (const { pid } of old) {
			log(workerLeaves(pid, true));
			log(`signal 17 (SIGCHLD) received from ${pid}`);
			log(`worker process ${pid} exited with code 0`);
			log('signal 29 (SIGIO) received');
		}
		return;
	}
	if (name === 'USR1') {
		log(`${heard}, reopening logs`);
		log('reopening logs');
		return;
	}
	if (name === 'USR2') {
		log(`${heard}, changing binary`);
		return;
	}
	if (name !== 'KILL') {
		const quits = name === 'QUIT';
		log(`${heard}, ${quits ? 'shutting down' : 'exiting'}`);
		log(allLeave(book, quits));
	}
	const code = name === 'KILL' ? 137 : 0;
	const end = (): void => {
		if (place.kind === 'container') knownDocker(lab, place.id)?.over?.(code);
		else if (cluster?.running().some((c) => c.id === id))
			cluster.exit(place.namespace, place.pod, place.container, code);
	};
	if (name === 'KILL') end();
	// It waits for its workers first.
	else lab.after(GONE, end);
}
