/** Starts a container's program and gives it its surroundings. */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type ConfigMap, keyOf, one, type Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { argvOf, type Ending, type ProgramContext } from '../software/program.ts';
import { programOf } from '../software/programs.ts';
import { SECOND } from '../time.ts';
import type { GuestProcess, LogLine } from '../types.ts';
import type { ContainerRecord, Run } from './container.ts';

/** Characters kept of a run's log. A kubelet keeps 10 MiB on the node's disk, and kubectl shows what is there. */
const LOG_MOST = 2 * 1024 * 1024;
/** What a line takes besides its characters. */
const LINE = 40;
/** Of a file of last words (pkg/kubelet/container/helpers? MaxContainerTerminationMessageLength): octets of one container. */
const LAST_WORDS = 4096;
/** Of the log that stands in for it. */
const LAST_LINES = 80;
const LAST_OCTETS = 2048;

export function startRun(options: {
	readonly cluster: ClusterContext;
	readonly machine: Machine;
	readonly pod: Pod;
	readonly record: ContainerRecord;
	readonly id: string;
	/** Its pod's address, of which the API is told later. */
	readonly ip: string;
	ended(code: number): void;
	/** The program's health changed. */
	probed(): void;
	/** Its program was found and runs; told later where it is `pending`. */
	started(): void;
	/** It was not found. */
	failed(message: string): void;
}): Run {
	const { cluster, machine, pod, record, id } = options;
	const { timeline } = cluster;
	const spec = peoplesContainers()?.withVariables(cluster, pod, record.spec, options.ip) ?? record.spec;
	const program = programOf(spec);
	const log: LogLine[] = [];
	const cancels: (() => void)[] = [];
	let over = false;
	let cleanup: ((how: Ending) => void) | undefined;
	let draws = 0;
	let connections = 0;
	let size = 0;
	let guest: GuestProcess | undefined;
	let pending = false;
	let claimed = false;
	let lastWords = '';
	const filesListeners: (() => void)[] = [];
	let beforeEnd = (): number => 0;
	const place = {
		kind: 'pod',
		cluster: cluster.name,
		namespace: pod.metadata.namespace ?? '',
		pod: pod.metadata.name,
		container: spec.name,
	} as const;
	const write = (text: string): void => keep({ at: timeline.now, text }, text.length);
	const keep = (line: LogLine, length: number): void => {
		log.push(line);
		size += length + LINE;
		if (size <= LOG_MOST) return;
		let gone = 0;
		while (size > LOG_MOST / 2) size -= log[gone++]!.text.length + LINE;
		log.splice(0, gone);
	};
	/** pkg/kubelet/kuberuntime/kuberuntime_container.go getTerminationMessage() @ v1.24.0. */
	const ended = (code: number, message: string): void => {
		lastWords = message.slice(0, LAST_WORDS);
		if (lastWords === '' && code !== 0 && spec.terminationMessagePolicy === 'FallbackToLogsOnError')
			lastWords = log
				.slice(-LAST_LINES)
				.map(({ text }) => `${text}\n`)
				.join('')
				.slice(-LAST_OCTETS);
		run.exit(code);
	};
	const startGuest = (): void => {
		if (guest || over) return;
		claimed = true;
		guest = cluster.guests.start({
			place,
			id,
			argv,
			messagePath: spec.terminationMessagePath ?? '/dev/termination-log',
			log: (text) => {
				if (!over) write(text);
			},
			started() {
				if (over) return;
				run.healthy = true;
				const was = pending;
				pending = false;
				if (was) options.started();
				options.probed();
			},
			failed(message) {
				if (over) return;
				run.stop('exit');
				timeline.after(0, () => options.failed(message));
			},
			exited: (code, message) => {
				if (!over) ended(code, message);
			},
		});
	};

	/** Now, or when the lab has come to that time. */
	const at = (time: number, act: () => void): void => {
		if (time <= timeline.now) act();
		else
			cancels.push(
				timeline.after(time - timeline.now, () => {
					if (!over) act();
				}),
			);
	};

	const run: Run = {
		id,
		get pending() {
			return pending;
		},
		get lastWords() {
			return lastWords;
		},
		get attached() {
			return claimed && guest === undefined;
		},
		write,
		claim() {
			if (claimed || over || !program.guest) return false;
			claimed = true;
			return true;
		},
		signal(name) {
			if (over) return;
			if (name === 'KILL') run.exit(137);
			else if (guest) guest.signal(name);
			else if (program.stops && name !== 'HUP' && name !== 'USR1' && name !== 'USR2')
				context.after(beforeEnd() + context.between(program.stops[0], program.stops[1], 'stop'), () => {
					run.stop('term');
					timeline.after(0, () => options.ended(0));
				});
		},
		program,
		startedAt: timeline.now,
		healthy: false,
		complaint: '',
		log,
		served(access, time) {
			if (!program.access || over) return;
			const connection = ++connections;
			const lines = program.access(access, timeline.epoch * SECOND + time, connection);
			at(time, () => {
				for (const line of lines) write(line);
			});
		},
		filesChanged() {
			for (const listener of filesListeners) listener();
		},
		stop(how) {
			if (over) return;
			over = true;
			for (const cancel of cancels) cancel();
			cleanup?.(how);
			peoplesContainers()?.forgetContainer(machine, id);
			guest?.signal('KILL');
			cluster.guests.over?.(place);
		},
		exit(code) {
			if (over) return;
			run.stop('exit');
			// Not in the middle of the program's own steps.
			timeline.after(0, () => options.ended(code));
		},
	};
	const argv = argvOf(program, spec);
	const context: ProgramContext = {
		cluster,
		machine,
		pod,
		container: spec,
		restarts: record.restarts,
		argv,
		id,
		env: (name) => environment(cluster, machine, pod, record, name, options.ip),
		log: write,
		logAt: (time, text) => at(time, () => write(text)),
		logLater: (text) =>
			keep(
				{
					at: timeline.now,
					get text() {
						return text();
					},
				},
				LINE,
			),
		onFiles(listener) {
			filesListeners.push(listener);
		},
		onTerm(listener) {
			beforeEnd = listener;
		},
		guest: () => {
			if (!claimed) startGuest();
		},
		exit: (code) => ended(code, ''),
		after(delay, act) {
			cancels.push(
				timeline.after(delay, () => {
					if (!over) act();
				}),
			);
		},
		between: (from, to, purpose) =>
			timeline.between(
				from,
				to,
				`program ${purpose}`,
				`${keyOf(pod)}\0${pod.metadata.uid}\0${spec.name}\0${record.restarts}\0${draws++}`,
			),
		healthy() {
			run.healthy = true;
			run.complaint = '';
			options.probed();
		},
		unhealthy(message) {
			run.healthy = false;
			run.complaint = message;
			options.probed();
		},
		watch(listener) {
			cancels.push(
				cluster.api.watch((event) => {
					if (!over) listener(event);
				}),
			);
		},
	};
	const state = peoplesContainers()?.containerState(cluster, machine, pod, record.spec, id, options.ip);
	cluster.guests.renew(place);
	pending = program.guest === true && spec.stdin !== true && cluster.guests.attached;
	const mountFault = state && peoplesContainers()?.mountFault(state);
	if (mountFault !== undefined) {
		pending = true;
		timeline.after(20_000, () => {
			if (over) return;
			run.stop('exit');
			options.failed(mountFault);
		});
		return run;
	}
	const answer = program.start(context);
	if (typeof answer === 'function') {
		cleanup = answer;
		if (over) answer('exit');
	}
	return run;
}

interface ValueFrom {
	readonly fieldRef?: { readonly fieldPath: string };
	readonly configMapKeyRef?: { readonly name: string; readonly key: string };
}

/** An environment variable of a container: its own, or those of services (kubelet_pods.go makeEnvironmentVariables). */
function environment(
	cluster: ClusterContext,
	machine: Machine,
	pod: Pod,
	{ spec }: ContainerRecord,
	name: string,
	ip: string,
): string | undefined {
	const own = spec.env?.find((variable) => variable.name === name);
	if (own) {
		if (own.value !== undefined) return own.value;
		const from = own.valueFrom as ValueFrom | undefined;
		if (from?.configMapKeyRef)
			return one<ConfigMap>(cluster.api, 'configmaps', pod.metadata.namespace, from.configMapKeyRef.name)?.data?.[
				from.configMapKeyRef.key
			];
		switch (from?.fieldRef?.fieldPath) {
			case 'spec.nodeName':
				return machine.name;
			case 'metadata.name':
				return pod.metadata.name;
			case 'metadata.namespace':
				return pod.metadata.namespace;
			case 'status.podIP':
				return ip || pod.status?.podIP;
			case 'status.hostIP':
				return formatIp(machine.ip ?? 0);
			default:
				return undefined;
		}
	}
	if (name === 'KUBERNETES_SERVICE_HOST') return formatIp(cluster.config.serviceSubnet.address + 1);
	if (name === 'KUBERNETES_SERVICE_PORT') return '443';
	return undefined;
}
