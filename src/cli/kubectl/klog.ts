/** Lines of kubectl's log. Source: k8s.io/klog/v2 klog.go (formatHeader) @ v2.60.1. */
import type { Run } from '../cobra/index.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** A line of klog: severity, date, time, process, where from. */
export function klog(run: Run, severity: 'W' | 'E' | 'I', where: string, text: string): void {
	const { lab } = run.call;
	const micros = lab.epoch * 1e6 + lab.now;
	const d = new Date(Math.floor(micros / 1000));
	const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
	const fraction = String(Math.floor(micros % 1e6)).padStart(6, '0');
	const pid = 2000 + lab.random('kubectl', `pid ${lab.now}`, 30_000);
	run.call.err(
		`${severity}${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${time}.${fraction} ${String(pid).padStart(7)} ${where}] ${text}\n`,
	);
}
