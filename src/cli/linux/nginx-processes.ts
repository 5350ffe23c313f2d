/**
 * nginx's master and its workers: which run, what a signal does to them, and what the log says of it.
 *
 * Source: nginx src/os/unix/ngx_process.c, ngx_process_cycle.c @ 1.23.
 */
import {
	contextOf,
	dockerWrote,
	type GuestSignal,
	knownDocker,
	type Lab,
	reloadDockerWeb,
	reloadNginx,
	stateAt,
} from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';

/** Number of the first worker: what the entrypoint's scripts started came before. */
const FIRST_WORKER = 29;
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

interface Worker {
	readonly pid: number;
	readonly since: number;
}

const books = new WeakMap<Lab, Map<string, { workers: Worker[]; next: number }>>();

function bookOf(lab: Lab, id: string, startedAt: number, count: number): { workers: Worker[]; next: number } {
	let all = books.get(lab);
	if (!all) {
		all = new Map();
		books.set(lab, all);
	}
	let book = all.get(id);
	if (!book) {
		const workers = Array.from({ length: count }, (_, i) => ({ pid: FIRST_WORKER + i, since: startedAt }));
		book = { workers, next: FIRST_WORKER + count };
		all.set(id, book);
	}
	return book;
}

/** Workers of a container's nginx. */
export const workersOf = (lab: Lab, id: string, startedAt: number, count: number): readonly Worker[] =>
	bookOf(lab, id, startedAt, count).workers;

/** `2022/08/31 10:00:05`. */
export const stamp = (lab: Lab): string =>
	new Date(lab.epoch * 1000 + lab.now / 1000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');

/** What its image's configuration logs: errors, and notices. */
function logTo(lab: Lab, place: NginxPlace): (text: string, pid?: number, level?: string) => void {
	if (place.kind === 'container')
		return (text, pid = 1, level = 'notice') =>
			dockerWrote(lab, place.id, `${stamp(lab)} [${level}] ${pid}#${pid}: ${text}`);
	const cluster = lab.cluster(place.cluster);
	return (text, pid = 1, level = 'notice') =>
		cluster?.wrote(place.namespace, place.pod, place.container, `${stamp(lab)} [${level}] ${pid}#${pid}: ${text}`);
}

/** A signal for one worker: the master starts another in its place. */
export function workerHears(
	lab: Lab,
	place: NginxPlace,
	id: string,
	pid: number,
	name: GuestSignal,
	from: number,
): void {
	const book = books.get(lab)?.get(id);
	const at = book?.workers.findIndex((worker) => worker.pid === pid) ?? -1;
	if (!book || at < 0) return;
	const log = logTo(lab, place);
	if (name === 'HUP' || name === 'USR2') {
		log(`signal ${NUMBER[name]} (SIG${name}) received from ${from}, ignoring`, pid);
		return;
	}
	if (name === 'USR1') {
		log(`signal 10 (SIGUSR1) received from ${from}, reopening logs`, pid);
		log('reopening logs', pid);
		return;
	}
	if (name !== 'KILL') {
		const quits = name === 'QUIT';
		log(`signal ${NUMBER[name]} (SIG${name}) received from ${from}, ${quits ? 'shutting down' : 'exiting'}`, pid);
		leave(log, pid, quits);
	}
	const next = book.next++;
	book.workers[at] = { pid: next, since: lab.now };
	log(`signal 17 (SIGCHLD) received from ${pid}`);
	if (name === 'KILL') log(`worker process ${pid} exited on signal 9`, 1, 'alert');
	else log(`worker process ${pid} exited with code 0`);
	log(`start worker process ${next}`);
	log('signal 29 (SIGIO) received');
}

function leave(log: ReturnType<typeof logTo>, pid: number, quits: boolean): void {
	if (quits) log('gracefully shutting down', pid);
	log('exiting', pid);
	log('exit', pid);
}

/** A signal for the master. @param from number of who sent it */
export function masterHears(lab: Lab, place: NginxPlace, id: string, name: GuestSignal, from: number): void {
	const log = logTo(lab, place);
	const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
	const book = books.get(lab)?.get(id);
	const container = place.kind === 'container' ? lab.docker.find(place.id) : undefined;
	if (name === 'HUP') {
		log(`signal 1 (SIGHUP) received from ${from}, reconfiguring`);
		log('reconfiguring');
		const context = cluster && contextOf(cluster);
		const state = place.kind === 'pod' && cluster && stateAt(cluster, place.namespace, place.pod, place.container);
		const refused = container
			? reloadDockerWeb(lab, container)
			: context && state
				? reloadNginx(context, state)
				: undefined;
		if (refused !== undefined) {
			log(refused, 1, 'emerg');
			return;
		}
		log('using the "epoll" event method');
		log('start worker processes');
		const old = book?.workers ?? [];
		if (book) {
			book.workers = old.map(() => ({ pid: book.next++, since: lab.now }));
			for (const { pid } of book.workers) log(`start worker process ${pid}`);
		}
		for (const { pid } of old) {
			leave(log, pid, true);
			log(`signal 17 (SIGCHLD) received from ${pid}`);
			log(`worker process ${pid} exited with code 0`);
			log('signal 29 (SIGIO) received');
		}
		return;
	}
	if (name === 'USR1') {
		log(`signal 10 (SIGUSR1) received from ${from}, reopening logs`);
		log('reopening logs');
		return;
	}
	if (name === 'USR2') {
		log(`signal 12 (SIGUSR2) received from ${from}, changing binary`);
		return;
	}
	if (name !== 'KILL') {
		const quits = name === 'QUIT';
		log(`signal ${NUMBER[name]} (SIG${name}) received from ${from}, ${quits ? 'shutting down' : 'exiting'}`);
		for (const { pid } of book?.workers ?? []) {
			leave(log, pid, quits);
			log(`signal 17 (SIGCHLD) received from ${pid}`);
			log(`worker process ${pid} exited with code 0`);
		}
		log('exit');
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
