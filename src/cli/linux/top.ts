/** `top`, once and to a file. */
import type { Call } from '../tool.ts';
import { fixed, loadOf, memoryOf, swap } from './hardware.ts';
import { isBusybox } from './images.ts';
import { processesOf } from './processes.ts';
import { uptimeLine } from './uptime.ts';

/**
 * top in its batch manner, once (procps 3.3.17 top/top.c; busybox 1.35 procps/top.c). What it would say of a processor's time
 * has a dash.
 */
export const top = async (call: Call): Promise<number> => {
	const list = processesOf(call);
	const rest = '-'.padStart(5);
	const memory = memoryOf(call.lab);
	if (isBusybox('uname', call.place, call.lab)) {
		const buffers = Math.floor(memory.cache / 20);
		const load = loadOf(call.lab).map((n) => fixed(n, 2));
		call.out(
			`Mem: ${memory.used}K used, ${memory.free}K free, ${memory.shared}K shrd, ${buffers}K buff, ${memory.cache - buffers}K cached\nCPU:   -% usr   -% sys   -% nic   -% idle   -% io   -% irq   -% sirq\nLoad average: ${load.join(' ')} 1/${list.length} ${list.at(-1)?.pid ?? 1}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n`,
		);
		for (const p of list)
			call.out(
				`${String(p.pid).padStart(5)} ${String(p.ppid).padStart(5)} ${p.user.padEnd(8)} ${p.state[0]!.padEnd(4)} ${rest}    -   -    - ${p.argv.join(' ')}\n`,
			);
		return 0;
	}
	const three = (n: number): string => String(n).padStart(3);
	const mebi = (ki: number): string => fixed(ki / 1024, 1).padStart(8);
	call.out(
		`top -${uptimeLine(call)}Tasks: ${three(list.length)} total, ${three(1)} running, ${three(list.length - 1)} sleeping, ${three(0)} stopped, ${three(0)} zombie\n%Cpu(s): -\nMiB Mem : ${mebi(memory.total)} total, ${mebi(memory.free)} free, ${mebi(memory.used)} used, ${mebi(memory.cache)} buff/cache\nMiB Swap: ${mebi(swap.total)} total, ${mebi(swap.free)} free, ${mebi(swap.used)} used. ${mebi(memory.available)} avail Mem \n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n`,
	);
	for (const p of list)
		call.out(
			`${String(p.pid).padStart(7)} ${p.user.padEnd(8)}  20   0 ${'-'.padStart(7)} ${'-'.padStart(6)} ${'-'.padStart(6)} ${p.state[0]} ${rest} ${rest} ${'-'.padStart(9)} ${p.comm}\n`,
		);
	return 0;
};
