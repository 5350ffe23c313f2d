/** Pods. Source: kubernetes pkg/printers/internalversion/printers.go printPod @ v1.24.0 and v1.34.0. */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { age, parseTime } from '../time.ts';
import { ageOf, NONE, type PrintContext, type Printer } from './printer.ts';

const isSidecar = (pod: ApiObject, name: unknown): boolean =>
	subs(pod, 'spec', 'initContainers').some((c) => c.name === name && c.restartPolicy === 'Always');

interface Seen {
	readonly reason: string;
	readonly ready: number;
	readonly total: number;
	readonly restarts: number;
	/** Time of the last restart. */
	readonly last: string | undefined;
}

const exitReason = (terminated: Draft): string =>
	text(terminated, 'reason') ||
	(number(terminated, 'signal') ? `Signal:${terminated.signal}` : `ExitCode:${number(terminated, 'exitCode') ?? 0}`);

const later = (a: string | undefined, b: string | undefined): string | undefined =>
	(parseTime(b) ?? 0) > (parseTime(a) ?? 0) ? b : a;

/** The cells that are computed from the containers' states; init containers first, they hide the others. */
const look = (pod: ApiObject, minor: number): Seen => {
	let reason = text(pod, 'status', 'reason') || text(pod, 'status', 'phase') || '';
	const conditions = subs(pod, 'status', 'conditions');
	if (conditions.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) reason = 'SchedulingGated';
	let ready = 0;
	let total = subs(pod, 'spec', 'containers').length;
	let restarts = 0;
	let sidecarRestarts = 0;
	let last: string | undefined;
	let lastSidecar: string | undefined;
	let initializing = false;
	const init = subs(pod, 'spec', 'initContainers');
	for (const container of init) if (container.restartPolicy === 'Always') total++;
	for (const [i, status] of subs(pod, 'status', 'initContainerStatuses').entries()) {
		const count = number(status, 'restartCount') ?? 0;
		const finished = text(status, 'lastState', 'terminated', 'finishedAt');
		restarts += count;
		last = later(last, finished);
		const sidecar = isSidecar(pod, status.name);
		if (sidecar) {
			sidecarRestarts += count;
			lastSidecar = later(lastSidecar, finished);
		}
		const { terminated, waiting } = sub(status, 'state');
		if (isRecord(terminated) && !number(terminated, 'exitCode')) continue;
		if (sidecar && status.started === true) {
			if (status.ready === true) ready++;
			continue;
		}
		if (isRecord(terminated)) reason = `Init:${exitReason(terminated)}`;
		else if (isRecord(waiting) && text(waiting, 'reason') && waiting.reason !== 'PodInitializing')
			reason = `Init:${String(waiting.reason)}`;
		else reason = `Init:${i}/${init.length}`;
		initializing = true;
		break;
	}
	const initialized = conditions.some((c) => c.type === 'Initialized' && c.status === 'True');
	if (!initializing || initialized) {
		restarts = sidecarRestarts;
		last = lastSidecar;
		let running = false;
		const statuses = subs(pod, 'status', 'containerStatuses');
		for (let i = statuses.length - 1; i >= 0; i--) {
			const status = statuses[i]!;
			restarts += number(status, 'restartCount') ?? 0;
			last = later(last, text(status, 'lastState', 'terminated', 'finishedAt'));
			const { terminated, waiting, running: runs } = sub(status, 'state');
			if (isRecord(waiting) && text(waiting, 'reason')) reason = String(waiting.reason);
			else if (isRecord(terminated)) reason = exitReason(terminated);
			else if (status.ready === true && isRecord(runs)) {
				running = true;
				ready++;
			}
		}
		// One container of several that ran to its end does not make the pod completed.
		if (reason === 'Completed' && running)
			reason = conditions.some((c) => c.type === 'Ready' && c.status === 'True') ? 'Running' : 'NotReady';
	}
	if (pod.metadata.deletionTimestamp !== undefined) {
		const phase = text(pod, 'status', 'phase');
		if (text(pod, 'status', 'reason') === 'NodeLost') reason = 'Unknown';
		// From 1.27 on a pod that is over keeps saying how it ended.
		else if (minor < 27 || (phase !== 'Succeeded' && phase !== 'Failed')) reason = 'Terminating';
	}
	return { reason, ready, total, restarts, last };
};

/** What STATUS says of a pod. */
export const podStatus = (pod: ApiObject, minor: number): string => look(pod, minor).reason;

const gates = (pod: ApiObject): string => {
	const wanted = subs(pod, 'spec', 'readinessGates');
	if (wanted.length === 0) return NONE;
	const holds = wanted.filter((gate) =>
		subs(pod, 'status', 'conditions').some((c) => c.type === gate.conditionType && c.status === 'True'),
	);
	return `${holds.length}/${wanted.length}`;
};

export const podPrinter: Printer = {
	columns: 'Ready,Status,Restarts,Age|IP,Node,Nominated Node,Readiness Gates',
	row(pod, context: PrintContext) {
		const { reason, ready, total, restarts, last } = look(pod, context.minor);
		const ago = restarts > 0 && last !== undefined ? ` (${age(context.now, last)} ago)` : '';
		return [
			`${ready}/${total}`,
			reason,
			`${restarts}${ago}`,
			ageOf(pod, context),
			text(pod, 'status', 'podIP') || NONE,
			text(pod, 'spec', 'nodeName') || NONE,
			text(pod, 'status', 'nominatedNodeName') || NONE,
			gates(pod),
		];
	},
};
