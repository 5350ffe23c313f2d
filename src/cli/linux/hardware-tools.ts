/** Programs that tell of the machine: processors, memory, disk, how long it runs and who is there. */
import type { Call, Tool } from '../tool.ts';
import {
	CPUS,
	cpuinfo,
	DISK,
	diskOf,
	fixed,
	loadOf,
	MEMORY,
	type Memory,
	MODEL,
	memoryOf,
	swap,
	uptimeOf,
} from './hardware.ts';
import { isBusybox } from './images.ts';
import { getopt, getoptText } from './words.ts';

const withTry = (call: Call, text: string): number => {
	call.err(`${text}Try '${call.name} --help' for more information.\n`);
	return 1;
};

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

const UNITS = ['B', 'Ki', 'Mi', 'Gi', 'Ti'];

/** procps 3.3.17 free.c, `scale_size`: as few digits as fit four columns. */
function human(ki: number): string {
	let n = ki * 1024;
	let unit = 0;
	while (n >= 1000 && unit < UNITS.length - 1) {
		n /= 1024;
		unit++;
	}
	return `${n < 10 && unit > 0 ? fixed(n, 1) : fixed(Math.floor(n), 0)}${UNITS[unit]}`;
}

const free = async (call: Call): Promise<number> => {
	const busybox = isBusybox('uname', call.place, call.lab);
	const parsed = getopt(call.args, {
		short: busybox ? 'bkmgh' : 'bkmghtlws:c:',
		long: ['bytes=>b', 'kibi=>k', 'mebi=>m', 'gibi=>g', 'human=>h', 'total=>t', 'wide=>w', 'lohi=>l'],
	});
	if ('fault' in parsed) {
		call.err(`${getoptText('free', parsed.fault)}\nUsage:\n free [options]\n`);
		return 1;
	}
	const has = (o: string): boolean => parsed.values.has(o);
	const shown = (ki: number): string =>
		has('h')
			? human(ki)
			: String(has('b') ? ki * 1024 : has('m') ? Math.floor(ki / 1024) : has('g') ? Math.floor(ki / 1024 ** 2) : ki);
	const m: Memory = memoryOf(call.lab);
	const row = (name: string, values: readonly number[]): string =>
		`${name.padEnd(8)}${values.map((v) => shown(v).padStart(12)).join('')}\n`;
	const wide = has('w');
	const head = ['total', 'used', 'free', 'shared', ...(wide ? ['buffers', 'cache'] : ['buff/cache']), 'available'];
	const buffers = Math.floor(m.cache / 20);
	call.out(
		`${' '.repeat(8)}${head.map((word) => word.padStart(12)).join('')}\n` +
			row('Mem:', [
				m.total,
				m.used,
				m.free,
				m.shared,
				...(wide ? [buffers, m.cache - buffers] : [m.cache]),
				m.available,
			]) +
			row('Swap:', [swap.total, swap.used, swap.free]) +
			(has('t') ? row('Total:', [m.total + swap.total, m.used + swap.used, m.free + swap.free]) : ''),
	);
	return 0;
};

/** `up 2:05`, `up 3 min`, `up 1 day,  4:10` (procps proc/whattime.c). */
function upText(seconds: number): string {
	const minutes = Math.floor(seconds / 60) % 60;
	const hours = Math.floor(seconds / 3600) % 24;
	const days = Math.floor(seconds / 86_400);
	const day = days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : '';
	return `up ${day}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`}`;
}

function clockText(call: Call): string {
	const seconds = Math.floor(call.lab.epoch + call.lab.now / 1e6);
	const at = (n: number): string => String(n).padStart(2, '0');
	return `${at(Math.floor(seconds / 3600) % 24)}:${at(Math.floor(seconds / 60) % 60)}:${at(seconds % 60)}`;
}

function uptimeLine(call: Call): string {
	const users = call.place.kind === 'laptop' ? 1 : 0;
	const load = loadOf(call.lab).map((n) => fixed(n, 2));
	if (isBusybox('uname', call.place, call.lab))
		return ` ${clockText(call)} ${upText(uptimeOf(call.lab))},  ${users} users,  load average: ${load.join(', ')}\n`;
	return ` ${clockText(call)} ${upText(uptimeOf(call.lab))},  ${users} user${users === 1 ? '' : 's'},  load average: ${load.join(', ')}\n`;
}

const uptime = async (call: Call): Promise<number> => {
	const [word] = call.args;
	const seconds = uptimeOf(call.lab);
	if (word === '-p' || word === '--pretty') {
		const part = (n: number, name: string): string[] => (n > 0 ? [`${n} ${name}${n > 1 ? 's' : ''}`] : []);
		const minutes = Math.floor(seconds / 60);
		call.out(
			`up ${[...part(Math.floor(minutes / 1440), 'day'), ...part(Math.floor(minutes / 60) % 24, 'hour'), ...part(minutes % 60, 'minute')].join(', ')}\n`,
		);
	} else if (word === '-s' || word === '--since') {
		const at = new Date((call.lab.epoch + call.lab.now / 1e6 - seconds) * 1000);
		call.out(`${at.toISOString().slice(0, 19).replace('T', ' ')}\n`);
	} else if (word !== undefined) {
		call.err(`uptime: invalid option -- '${word.replace(/^-+/, '').slice(0, 1)}'\n\nUsage:\n uptime [options]\n`);
		return 1;
	} else call.out(uptimeLine(call));
	return 0;
};

interface Mount {
	readonly source: string;
	readonly type: string;
	readonly at: string;
	readonly options: string;
	readonly size?: { readonly total: number; readonly used: number; readonly available: number };
}

/** What is mounted: the laptop's disk, and in a container an overlay over it. */
function mountsOf(call: Call): readonly Mount[] {
	const laptop = call.place.kind === 'laptop';
	const disk = diskOf(call.lab);
	const none = (total: number) => ({ total, used: 0, available: total });
	const half = Math.floor(MEMORY / 2);
	const root: Mount = laptop
		? { source: '/dev/nvme0n1p2', type: 'ext4', at: '/', options: 'rw,relatime,errors=remount-ro', size: disk }
		: { source: 'overlay', type: 'overlay', at: '/', options: 'rw,relatime', size: disk };
	const proc: readonly Mount[] = [
		{ source: 'proc', type: 'proc', at: '/proc', options: 'rw,nosuid,nodev,noexec,relatime' },
		{
			source: 'sysfs',
			type: 'sysfs',
			at: '/sys',
			options: `${laptop || call.place.kind === 'node' ? 'rw' : 'ro'},nosuid,nodev,noexec,relatime`,
		},
	];
	if (laptop)
		return [
			...proc,
			{
				source: 'udev',
				type: 'devtmpfs',
				at: '/dev',
				options: 'rw,nosuid,relatime,mode=755',
				size: none(half - 51_200),
			},
			{
				source: 'tmpfs',
				type: 'tmpfs',
				at: '/run',
				options: 'rw,nosuid,nodev,noexec,relatime,mode=755',
				size: { total: Math.floor(MEMORY / 10), used: 2164, available: Math.floor(MEMORY / 10) - 2164 },
			},
			root,
			{ source: 'tmpfs', type: 'tmpfs', at: '/dev/shm', options: 'rw,nosuid,nodev', size: none(half) },
			{ source: 'cgroup2', type: 'cgroup2', at: '/sys/fs/cgroup', options: 'rw,nosuid,nodev,noexec,relatime' },
			{
				source: '/dev/nvme0n1p1',
				type: 'vfat',
				at: '/boot/efi',
				options: 'rw,relatime,fmask=0077,dmask=0077',
				size: { total: 523_248, used: 6220, available: 517_028 },
			},
		];
	const disked = (at: string, options = 'rw,relatime'): Mount => ({
		source: '/dev/nvme0n1p2',
		type: 'ext4',
		at,
		options,
		size: disk,
	});
	return [
		root,
		...proc,
		{ source: 'tmpfs', type: 'tmpfs', at: '/dev', options: 'rw,nosuid,size=65536k,mode=755', size: none(65_536) },
		{
			source: 'shm',
			type: 'tmpfs',
			at: '/dev/shm',
			options: 'rw,nosuid,nodev,noexec,relatime,size=65536k',
			size: none(65_536),
		},
		{
			source: 'cgroup',
			type: 'cgroup2',
			at: '/sys/fs/cgroup',
			options: `${call.place.kind === 'node' ? 'rw' : 'ro'},nosuid,nodev,noexec,relatime`,
		},
		...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'].map((at) => disked(at)),
		...(call.place.kind === 'node' ? [disked('/var')] : []),
	];
}

/** coreutils src/df.c: sizes in 1024 octets, or rounded up for people (`-h`). */
const df = async (call: Call): Promise<number> => {
	const parsed = getopt(call.args, {
		short: 'ahHiklPTt:x:m',
		long: ['all=>a', 'human-readable=>h', 'si=>H', 'inodes=>i', 'print-type=>T', 'portability=>P', 'local=>l'],
	});
	if ('fault' in parsed) return withTry(call, getoptText('df', parsed.fault));
	const has = (o: string): boolean => parsed.values.has(o);
	let code = 0;
	const all = mountsOf(call).filter((m) => m.size !== undefined);
	const mounts: Mount[] = [];
	if (parsed.args.length === 0) {
		// A disk that is mounted in several places stands once.
		const seen = new Set<string>();
		for (const mount of all) {
			const own = mount.source.startsWith('/') ? mount.source : mount.at;
			if (!seen.has(own)) mounts.push(mount);
			seen.add(own);
		}
	}
	for (const path of parsed.args) {
		if ((await call.files.list(path)) === undefined && (await call.files.read(path).catch(() => '')) === undefined) {
			call.err(`df: ${path}: No such file or directory\n`);
			code = 1;
			continue;
		}
		const full = path.startsWith('/') ? path : `${call.cwd}/${path}`;
		const under = all.filter((m) => full === m.at || full.startsWith(m.at === '/' ? '/' : `${m.at}/`));
		mounts.push(under.sort((a, b) => b.at.length - a.at.length)[0]!);
	}
	const step = has('H') ? 1000 : 1024;
	const size = (ki: number): string => {
		if (!has('h') && !has('H')) return String(has('m') ? Math.ceil(ki / 1024) : ki);
		let n = ki * 1024;
		let unit = 0;
		while (n >= step && unit < 4) {
			n /= step;
			unit++;
		}
		if (n === 0) return '0';
		const digits = n < 10 && unit > 0 ? fixed(Math.ceil(n * 10) / 10, 1) : String(Math.ceil(n));
		return `${digits}${['', 'K', 'M', 'G', 'T'][unit]}`;
	};
	const percent = (used: number, available: number): string =>
		used + available === 0 ? '-' : `${Math.ceil((used * 100) / (used + available))}%`;
	const inodes = (total: number): number => Math.floor(total / 16);
	const forPeople = has('h') || has('H');
	const titles = [
		'Filesystem',
		...(has('T') ? ['Type'] : []),
		...(has('i')
			? ['Inodes', 'IUsed', 'IFree', 'IUse%']
			: [
					forPeople ? 'Size' : has('P') ? '1024-blocks' : has('m') ? '1M-blocks' : '1K-blocks',
					'Used',
					forPeople ? 'Avail' : 'Available',
					has('P') ? 'Capacity' : 'Use%',
				]),
		'Mounted on',
	];
	const rows = mounts.map(({ source, type, at, size: s }) => [
		source,
		...(has('T') ? [type] : []),
		...(has('i')
			? [
					String(inodes(s!.total)),
					String(inodes(s!.used)),
					String(inodes(s!.total) - inodes(s!.used)),
					percent(inodes(s!.used), inodes(s!.total) - inodes(s!.used)),
				]
			: [size(s!.total), size(s!.used), size(s!.available), percent(s!.used, s!.available)]),
		at,
	]);
	if (rows.length > 0) call.out(table([titles, ...rows], has('T') ? 2 : 1));
	return code;
};

/** Columns a blank apart: names to the left, numbers to the right, the last one as it is (gl/lib/mbsalign). */
function table(rows: readonly (readonly string[])[], left: number): string {
	const widths = rows[0]!.map((_, i) =>
		Math.max(...rows.map((r) => r[i]!.length), i === 0 ? 14 : rows[0]![i] === 'Use%' || i < left ? 4 : 5),
	);
	return rows
		.map((r) =>
			r
				.map((word, i) => (i < left ? word.padEnd(widths[i]!) : i === r.length - 1 ? word : word.padStart(widths[i]!)))
				.join(' '),
		)
		.map((line) => `${line}\n`)
		.join('');
}

const mount = async (call: Call): Promise<number> => {
	const words = call.args.filter((word) => word !== '-l');
	if (words.length > 0 && !(words[0] === '-t' && words.length === 2)) {
		call.err(
			call.place.kind === 'laptop' && !call.env.has('SUDO_USER')
				? 'mount: only root can do that\n'
				: 'mount: permission denied\n',
		);
		return 32;
	}
	for (const m of mountsOf(call))
		if (words.length === 0 || words[1] === m.type) call.out(`${m.source} on ${m.at} type ${m.type} (${m.options})\n`);
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
	if (call.place.kind === 'laptop' && !call.env.has('SUDO_USER')) {
		// kernel.dmesg_restrict is 1 on Ubuntu since 20.10.
		call.err('dmesg: read kernel buffer failed: Operation not permitted\n');
		return 1;
	}
	if (call.place.kind === 'pod' || call.place.kind === 'container') {
		call.err('dmesg: read kernel buffer failed: Operation not permitted\n');
		return 1;
	}
	call.err('dmesg: the lab keeps no messages of its kernel\n');
	return 1;
};

const who = async (call: Call): Promise<number> => {
	if (call.place.kind !== 'laptop') return 0;
	const at = new Date((call.lab.epoch + call.lab.now / 1e6 - uptimeOf(call.lab) + 60) * 1000);
	if (call.name === 'users') call.out('learner\n');
	else if (call.name === 'w')
		call.out(
			`${uptimeLine(call)}USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\nlearner  pts/0    -                ${at.toISOString().slice(11, 16)}    0.00s  0.00s  0.00s w\n`,
		);
	else call.out(`learner  pts/0        ${at.toISOString().slice(0, 16).replace('T', ' ')}\n`);
	return 0;
};

const tty = async (call: Call): Promise<number> => {
	const silent = call.args.includes('-s') || call.args.includes('--silent');
	if (!silent) call.out(call.tty ? '/dev/pts/0\n' : 'not a tty\n');
	return call.tty ? 0 : 1;
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
	tool('lsblk', lsblk),
	tool('lscpu', lscpu),
	tool('man', man),
	tool('mount', mount),
	tool('nproc', nproc),
	tool('tty', tty),
	tool('uptime', uptime),
	tool('w', who),
	tool('who', who),
	tool('users', who),
];
