/** Programs that tell of the machine, those of processors, disks and terminals among them. */
import { kernelLog, printkTime } from '../../sim/lab/index.ts';
import type { Call, Tool } from '../tool.ts';
import { df, mount } from './df.ts';
import { free } from './free.ts';
import { getconf } from './getconf.ts';
import { CPUS, cpuinfo, DISK, fixed, MODEL, uptimeOf } from './hardware.ts';
import { top } from './top.ts';
import { uptime, who } from './uptime.ts';
import { withTry } from './words.ts';

/** coreutils src/nproc.c; busybox has none of its options but these. */
const nproc = async (call: Call): Promise<number> => {
	let ignore = 0;
	for (const word of call.args) {
		const [, n] = /^--ignore=(\d+)$/.exec(word) ?? [];
		if (n !== undefined) ignore = Number(n);
		else if (word !== '--all')
			return withTry(
				call,
				word.startsWith('--') ? `nproc: unrecognized option '${word}'\n` : `nproc: extra operand ‘${word}’\n`,
			);
	}
	call.out(`${Math.max(1, CPUS - ignore)}\n`);
	return 0;
};

/** util-linux 2.37 lscpu. */
const lscpu = async (call: Call): Promise<number> => {
	if (call.args.length > 0) {
		call.err(`lscpu: this terminal knows lscpu without options only\n`);
		return 1;
	}
	const flags = /^flags\t\t: (.*)$/m.exec(cpuinfo())![1]!;
	const rows: [string, string][] = [
		['Architecture:', 'x86_64'],
		['  CPU op-mode(s):', '32-bit, 64-bit'],
		['  Byte Order:', 'Little Endian'],
		['CPU(s):', String(CPUS)],
		['  On-line CPU(s) list:', `0-${CPUS - 1}`],
		['Vendor ID:', 'GenuineIntel'],
		['  Model name:', MODEL],
		['    CPU family:', '6'],
		['    Model:', '142'],
		['    Thread(s) per core:', '2'],
		['    Core(s) per socket:', String(CPUS / 2)],
		['    Socket(s):', '1'],
		['    Stepping:', '12'],
		['    BogoMIPS:', '4608.00'],
		['    Flags:', flags],
	];
	call.out(rows.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join(''));
	return 0;
};

const lsblk = async (call: Call): Promise<number> => {
	if (call.args.length > 0) {
		call.err('lsblk: this terminal knows lsblk without options only\n');
		return 1;
	}
	const size = (ki: number): string => `${fixed(ki / 1024 ** 2, 1)}G`;
	const at = call.place.kind === 'laptop' ? ['/boot/efi', '/'] : ['', '/var'];
	call.out(
		[
			'NAME        MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS',
			`nvme0n1     259:0    0 ${size(DISK + 526_336).padStart(6)}  0 disk `,
			`├─nvme0n1p1 259:1    0   512M  0 part ${at[0]}`,
			`└─nvme0n1p2 259:2    0 ${size(DISK).padStart(6)}  0 part ${at[1]}`,
			'',
		].join('\n'),
	);
	return 0;
};

const dmesg = async (call: Call): Promise<number> => {
	if (call.who.uid !== 0) {
		// kernel.dmesg_restrict is 1 on Ubuntu since 20.10.
		call.err('dmesg: read kernel buffer failed: Operation not permitted\n');
		return 1;
	}
	if (call.place.kind === 'pod' || call.place.kind === 'container') {
		call.err('dmesg: read kernel buffer failed: Operation not permitted\n');
		return 1;
	}
	// One machine, one kernel: what happened in any cluster is there.
	const lines = call.lab.clusters().flatMap((cluster) => kernelLog(cluster));
	if (lines.length === 0) {
		call.err('dmesg: the lab keeps no messages of its kernel but those of memory that ran out\n');
		return 1;
	}
	const human = call.args.some((word) => word === '-T' || word === '--ctime');
	for (const { at, text } of [...lines].sort((a, b) => a.at - b.at)) {
		const up = Math.round(uptimeOf(call.lab) * 1e6) - (call.lab.now - at);
		const stamp = human
			? new Date(call.lab.epoch * 1000 + at / 1000)
					.toUTCString()
					.replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*/, '$1 $3 $2 $5 $4')
			: printkTime(up).padStart(12);
		call.out(`[${stamp}] ${text}\n`);
	}
	return 0;
};

const tty = async (call: Call): Promise<number> => {
	const SILENT = ['-s', '--silent', '--quiet'];
	if (call.args.includes('--help')) {
		call.out(
			'The simulator does not have the help text of tty; these are the options it takes here:\n  -s, --silent, --quiet\n',
		);
		return 0;
	}
	const wrong = call.args.find((word) => !SILENT.includes(word));
	if (wrong !== undefined) {
		const said = wrong.startsWith('--')
			? `unrecognized option '${wrong}'`
			: wrong.startsWith('-') && wrong !== '-'
				? `invalid option -- '${wrong[1]}'`
				: `extra operand ‘${wrong}’`;
		withTry(call, `tty: ${said}\n`);
		return 2;
	}
	const silent = call.args.length > 0;
	if (!silent) call.out(call.typed ? `/dev/${call.terminal ?? 'pts/0'}\n` : 'not a tty\n');
	return call.typed ? 0 : 1;
};

/** Ubuntu's in an image that was made small (/usr/bin/man of `unminimize`). */
const MINIMIZED = `This system has been minimized by removing packages and content that are
not required on a system that users do not log into.

To restore this content, including manpages, you can run the 'unminimize'
command. You will still need to ensure the 'man-db' package is installed.
`;

const man = async (call: Call): Promise<number> => {
	call.out(MINIMIZED);
	return 0;
};

/** `hardware-later.ts` says where they are installed. */
const tool = (name: string, run: (call: Call) => Promise<number>): Tool => ({ name, at: () => true, run });

export const tools: readonly Tool[] = [
	tool('arch', async (call) => {
		call.out('x86_64\n');
		return 0;
	}),
	tool('df', df),
	tool('dmesg', dmesg),
	tool('free', free),
	tool('getconf', getconf),
	tool('lsblk', lsblk),
	tool('lscpu', lscpu),
	tool('man', man),
	tool('mount', mount),
	tool('nproc', nproc),
	tool('top', top),
	tool('tty', tty),
	tool('uptime', uptime),
	tool('w', who),
	tool('who', who),
	tool('users', who),
];
