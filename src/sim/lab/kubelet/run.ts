/** Starts a container's program and gives it its surroundings. */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type ConfigMap, keyOf, one, type Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { argvOf, type Ending, type ProgramContext } from '../software/program.ts';
import { programOf } from '../software/programs.ts';
import { SECOND } from '../time.ts';
import type { LogLine } from '../types.ts';
import type { ContainerRecord, Run } from './container.ts';

/** Lines kept of a run, as a log file that is rotated. */
const LOG_LINES = 2000;

export function startRun(options: {
	readonly cluster: ClusterContext;
	readonly machine: Machine;
	readonly pod: Pod;
	readonly record: ContainerRecord;
	readonly id: string;
	ended(code: number): void;
	/** The program's health changed. */
	probed(): void;
}): Run {
	const { cluster, machine, pod, record, id } = options;
	const { timeline } = cluster;
	const { spec } = record;
	const program = programOf(spec);
	const log: LogLine[] = [];
	const cancels: (() => void)[] = [];
	let over = false;
	let cleanup: ((how: Ending) => void) | undefined;
	let draws = 0;
	let connections = 0;
	const write = (text: string): void => {
		log.push({ at: timeline.now, text });
		if (log.length > LOG_LINES) log.splice(0, log.length - LOG_LINES);
	};

	const run: Run = {
		id,
		program,
		startedAt: timeline.now,
		healthy: false,
		complaint: '',
		log,
		served(access, at) {
			if (!program.access || over) return;
			const connection = ++connections;
			const lines = program.access(access, timeline.epoch * SECOND + at, connection);
			const act = (): void => {
				if (!over) for (const line of lines) write(line);
			};
			if (at <= timeline.now) act();
			else cancels.push(timeline.after(at - timeline.now, act));
		},
		stop(how) {
			if (over) return;
			over = true;
			for (const cancel of cancels) cancel();
			cleanup?.(how);
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
		env: (name) => environment(cluster, machine, pod, record, name),
		log: write,
		exit: run.exit,
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
				return pod.status?.podIP;
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
