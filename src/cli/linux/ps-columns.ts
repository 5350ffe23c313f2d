/** Columns of ps (procps 3.3.17 ps/output.c). */
import { hashText } from '../../sim/linux/index.ts';
import type { Call } from '../tool.ts';
import type { Process } from './process-numbers.ts';
import { spaceOf } from './space.ts';
import { ctime, timeOfDay } from './words.ts';

interface Column {
	readonly head: string;
	readonly width: number;
	readonly left?: boolean;
	readonly value: (process: Process, call: Call) => string;
}

const unknown = (): string => '-';

/** Time of the processor: what people begin used less than a second of it; of daemons nobody here can say that. */
const used =
	(none: string) =>
	({ state, comm }: Process): string =>
		state.includes('l') || comm.startsWith('systemd') ? '-' : none;

export const at = (call: Call, micros: number): number => call.lab.epoch + micros / 1e6;

const startText = (process: Process, call: Call): string => timeOfDay(call.lab, process.startedAt);

/** `01:05`, `1-02:03:04` (ps/output.c pr_etime). */
const elapsed = (process: Process, call: Call): string => {
	const s = Math.max(0, Math.floor((call.lab.now - process.startedAt) / 1e6));
	const two = (n: number): string => String(n).padStart(2, '0');
	const [days, hours] = [Math.floor(s / 86_400), Math.floor(s / 3600) % 24];
	return `${days > 0 ? `${days}-` : ''}${days > 0 || hours > 0 ? `${two(hours)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};

/** Inode of a network namespace, as `/proc/PID/ns/net` names it. The machine's own is the first the kernel made. */
export const netnsInode = (ns: string): number => (ns === 'host' ? 4026531840 : 4026532200 + (hashText(23, ns) % 4000));

export const netnsOf = (process: Process, call: Call): string =>
	String(netnsInode(process.ns ?? spaceOf({ ...callPlace(call) })?.name ?? 'host'));

const callPlace = (call: Call) => ({ place: call.place, lab: call.lab, cluster: () => call.cluster() });

const number = (head: string, width: number, value: Column['value']): Column => ({ head, width, value });

export const text = (head: string, width: number, value: Column['value']): Column => ({
	head,
	width,
	left: true,
	value,
});

export const args = ({ argv }: Process): string => argv.join(' ');

/** By the names `-o` knows (ps/output.c format_array). */
export const COLUMNS: Readonly<Record<string, Column>> = {
	user: text('USER', 8, (p) => p.user),
	uid: number('UID', 5, (p) => (p.user === 'root' ? '0' : p.user === 'learner' ? '1000' : p.user)),
	pid: number('PID', 7, (p) => String(p.pid)),
	ppid: number('PPID', 7, (p) => String(p.ppid)),
	pcpu: number('%CPU', 4, unknown),
	pmem: number('%MEM', 4, unknown),
	vsz: number('VSZ', 6, unknown),
	rss: number('RSS', 5, unknown),
	c: number('C', 2, unknown),
	tty: text('TTY', 8, (p) => p.tty ?? '?'),
	stat: text('STAT', 4, (p) => p.state),
	s: text('S', 1, (p) => p.state[0]!),
	bsdstart: number('START', 5, startText),
	stime: number('STIME', 5, startText),
	bsdtime: number('TIME', 6, used('0:00')),
	time: number('TIME', 8, used('00:00:00')),
	etime: number('ELAPSED', 11, elapsed),
	etimes: number('ELAPSED', 7, (p, call) => String(Math.max(0, Math.floor((call.lab.now - p.startedAt) / 1e6)))),
	lstart: number('STARTED', 24, (p, call) => ctime(at(call, p.startedAt))),
	comm: text('COMMAND', 15, (p) => p.comm),
	args: text('COMMAND', 27, args),
	cmd: text('CMD', 27, args),
	ucmd: text('CMD', 15, (p) => p.comm),
	netns: number('NETNS', 10, netnsOf),
};

export const OTHER_NAMES: Readonly<Record<string, string>> = {
	euser: 'user',
	uname: 'user',
	command: 'args',
	tt: 'tty',
	tname: 'tty',
	state: 's',
	start_time: 'stime',
	'%cpu': 'pcpu',
	'%mem': 'pmem',
	ucomm: 'comm',
	rssize: 'rss',
	vsize: 'vsz',
	cputime: 'time',
};

export const AUX = ['user', 'pid', 'pcpu', 'pmem', 'vsz', 'rss', 'tty', 'stat', 'bsdstart', 'bsdtime', 'args'];

export const FULL = ['user', 'pid', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd'];
