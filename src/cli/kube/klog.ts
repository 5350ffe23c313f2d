/** Lines of the log that programs in Go write to standard error. Source: k8s.io/klog/v2 klog.go (formatHeader) @ v2.60.1. */
import type { Run } from '../cobra/index.ts';
import type { Call } from '../tool.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** Number of the process that runs: one from its first line to its last. */
const pids = new WeakMap<Call, number>();

function pidOf({ call }: Run): number {
	const pid = pids.get(call) ?? 2000 + call.lab.random('kubectl', `pid ${call.lab.now}`, 30_000);
	pids.set(call, pid);
	return pid;
}

/** A line of klog: severity, date, time (`later` microseconds from now), process, where from. */
export function klog(run: Run, severity: 'W' | 'E' | 'I', where: string, text: string, later = 0): void {
	const { lab } = run.call;
	const micros = lab.epoch * 1e6 + lab.now + later;
	const d = new Date(Math.floor(micros / 1000));
	const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
	const fraction = String(Math.floor(micros % 1e6)).padStart(6, '0');
	run.call.err(
		`${severity}${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${time}.${fraction} ${String(pidOf(run)).padStart(7)} ${where}] ${text}\n`,
	);
}
