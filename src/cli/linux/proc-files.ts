/**
 * /proc of a place: a folder for each process that `ps` shows there, what is mounted, and what the kernel was begun with
 * (fs/proc/array.c, fs/proc/base.c, fs/proc_namespace.c @ 5.15). Processes of the lab have no memory and no time of a
 * processor; lines about those are left out, or 0 where a format has a place for them.
 */
import type { Lab } from '../../sim/lab/index.ts';
import { hashText } from '../../sim/linux/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { mountsAt } from './df.ts';
import { executableOf } from './first-process.ts';
import { programSurroundings } from './installed-later.ts';
import { otherRoot, otherRootFault } from './other-roots.ts';
import type { Process } from './process-numbers.ts';
import { processesAt } from './processes.ts';
import { netnsInode } from './ps-columns.ts';

type Files = Record<string, MadeFile>;

const ALL_CAPABILITIES = '000001ffffffffff';
/** What containerd and Docker leave a container's root (oci/spec.go, defaultUnixCaps). */
const OF_CONTAINERS = '00000000a80425fb';
const NONE = '0'.repeat(16);
const uidOf = (user: string): number =>
	({ root: 0, learner: 1000, nobody: 65534, nginx: 101, 'www-data': 33, daemon: 1 })[user] ?? (Number(user) || 0);

const letter = ({ state }: Process): string => state[0] ?? 'S';

function status(process: Process, container: boolean): string {
	const uid = uidOf(process.user);
	const words: Readonly<Record<string, string>> = {
		S: 'sleeping',
		R: 'running',
		D: 'disk sleep',
		Z: 'zombie',
		T: 'stopped',
	};
	const four = `${uid}\t${uid}\t${uid}\t${uid}`;
	const bounding = container ? OF_CONTAINERS : ALL_CAPABILITIES;
	const held = uid === 0 ? bounding : NONE;
	return [
		`Name:\t${process.comm}`,
		'Umask:\t0022',
		`State:\t${letter(process)} (${words[letter(process)] ?? 'sleeping'})`,
		`Tgid:\t${process.pid}`,
		'Ngid:\t0',
		`Pid:\t${process.pid}`,
		`PPid:\t${process.ppid}`,
		'TracerPid:\t0',
		`Uid:\t${four}`,
		`Gid:\t${four}`,
		'FDSize:\t64',
		`Groups:\t${uid === 0 ? ' ' : `${uid} `}`,
		`NStgid:\t${process.pid}`,
		`NSpid:\t${process.pid}`,
		`CapInh:\t${NONE}`,
		`CapPrm:\t${held}`,
		`CapEff:\t${held}`,
		`CapBnd:\t${bounding}`,
		`CapAmb:\t${NONE}`,
		'NoNewPrivs:\t0',
		'Seccomp:\t0',
		'',
	].join('\n');
}

/** Its 52 fields; the time it began in hundredths of a second since the machine was started. */
function stat(process: Process): string {
	const began = Math.max(0, Math.floor(process.startedAt / 10_000) + 60_000);
	const before = [process.pid, `(${process.comm})`, letter(process), process.ppid, process.pid, process.pid, 0, -1];
	return `${[...before, 4194560, ...Array<number>(8).fill(0), 20, 0, 1, 0, began, ...Array<number>(30).fill(0)].join(' ')}\n`;
}

const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const;

/** Of the machine the first that the kernel made; a container has its own, but for the user's and the time's. */
function namespaceLink(kind: (typeof NAMESPACES)[number], place: Place, process: Process, own: string): string {
	const first = { cgroup: 835, ipc: 839, mnt: 841, net: 840, pid: 836, time: 834, user: 837, uts: 838 }[kind];
	const shared = place.kind === 'laptop' && process.container === undefined && process.ns === undefined;
	if (kind === 'net') return `net:[${netnsInode(process.ns ?? own)}]`;
	if (shared || kind === 'user' || kind === 'time') return `${kind}:[${4026531000 + first}]`;
	const of = process.container ?? `${own} ${JSON.stringify(place)}`;
	return `${kind}:[${4026532200 + (hashText(29, `${kind} ${of}`) % 4000)}]`;
}

/** fs/proc/base.c, proc_pid_limits(): what systemd and Docker leave a process. */
function limits(place: Place, process: Process): string {
	const files = place.kind === 'laptop' ? ['1024', '1048576'] : ['1048576', '1048576'];
	const open = process.pid === 1 && place.kind !== 'container' && place.kind !== 'pod' ? ['1048576', '1048576'] : files;
	const row = (name: string, soft: string, hard: string, unit: string): string =>
		`${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
	const none = 'unlimited';
	return [
		row('Limit', 'Soft Limit', 'Hard Limit', 'Units'),
		row('Max cpu time', none, none, 'seconds'),
		row('Max file size', none, none, 'bytes'),
		row('Max data size', none, none, 'bytes'),
		row('Max stack size', '8388608', none, 'bytes'),
		row('Max core file size', '0', none, 'bytes'),
		row('Max resident set', none, none, 'bytes'),
		row('Max processes', none, none, 'processes'),
		row('Max open files', open[0]!, open[1]!, 'files'),
		row('Max locked memory', '65536', '65536', 'bytes'),
		row('Max address space', none, none, 'bytes'),
		row('Max file locks', none, none, 'locks'),
		row('Max pending signals', '63357', '63357', 'signals'),
		row('Max msgqueue size', '819200', '819200', 'bytes'),
		row('Max nice priority', '0', '0', ''),
		row('Max realtime priority', '0', '0', ''),
		row('Max realtime timeout', none, none, 'us'),
	].join('');
}

function cgroupOf(place: Place, process: Process): string {
	if (place.kind === 'pod' || place.kind === 'container') return '0::/\n';
	if (process.typed || process.environ)
		return place.kind === 'laptop' ? '0::/user.slice/user-1000.slice/session-1.scope\n' : '0::/\n';
	if (process.container !== undefined) return `0::/kubelet/kubepods/${process.container}\n`;
	return `0::${process.pid === 1 ? '/init.scope' : `/${process.comm === 'kubelet' ? 'kubelet' : 'system'}.slice/${process.comm}.service`}\n`;
}

const mounts = (place: Place, lab: Lab): string =>
	mountsAt(place, lab)
		.map((m) => `${m.source} ${m.at} ${m.type} ${m.options} 0 0\n`)
		.join('');

const mountinfo = (place: Place, lab: Lab): string =>
	mountsAt(place, lab)
		.map(
			(m, i) =>
				`${600 + i} ${m.at === '/' ? 500 : 600} ${m.source.startsWith('/dev/') ? `259:${m.source.at(-1)}` : `0:${40 + i}`} / ${m.at} ${m.options.split(',').slice(0, 4).join(',')} - ${m.type} ${m.source} ${m.options.split(',')[0]}\n`,
		)
		.join('');

/** Variables of a container's first process. */
export interface Begun {
	readonly env: Readonly<Record<string, string>>;
	/** Name of the place's network namespace. */
	readonly ns: string;
	readonly release: string;
}

/**
 * Which processes have another root than who looks: on a node those of containers; in a container those of others, which it sees
 * with `hostPID`, `shareProcessNamespace` or as one that debugs another.
 */
function foreign(place: Place, lab: Lab): (process: Process) => boolean {
	if (place.kind === 'container') return () => false;
	if (place.kind !== 'pod') return ({ container }) => container !== undefined;
	const own = lab
		.cluster(place.cluster)
		?.running({ namespace: place.namespace, name: place.pod })
		.find(({ name }) => name === place.container)?.id;
	return ({ container }) => own !== undefined && container !== own;
}

/** What is wrong with a path that leads into such a root. `uid` is who asks, where that is not who is there anyway. */
export function rootFault(place: Place, lab: Lab, path: string, uid?: number): string | undefined {
	const known = otherRootFault(place, lab, path, uid);
	if (known !== undefined) return known === 'here' ? undefined : known;
	const pid = /^\/proc\/(\d+)\/root(?:\/|$)/.exec(path)?.[1];
	const another = foreign(place, lab);
	return pid !== undefined && processesAt(lab, place).some((p) => p.pid === Number(pid) && another(p))
		? 'EROOT'
		: undefined;
}

export function processFiles(place: Place, lab: Lab, begun: Begun): Files {
	const out: Files = {};
	const link = (target: string): MadeFile => Object.assign(() => '', { link: target });
	const folderOf = (mode: number): MadeFile => Object.assign(() => '', { mode });
	const leads = (path: string): string | undefined => {
		const file = programSurroundings.programs?.(place, lab)?.get(path);
		if (file?.link === undefined) return file && path;
		return file.link.startsWith('/') ? file.link : `${path.slice(0, path.lastIndexOf('/') + 1)}${file.link}`;
	};
	const processes = processesAt(lab, place);
	const inside = place.kind === 'pod' || place.kind === 'container';
	const another = foreign(place, lab);
	const first = processes.find((process) => !another(process));
	/** A container tells of what has its user itself (`container-files.ts`), with what its security context says. */
	const told = (process: Process): boolean => inside && !another(process) && process.user === first?.user;
	const descriptor = ({ tty, container }: Process, fd: 0 | 1 | 2): string => {
		if (tty !== undefined) return `/dev/${tty}`;
		if (fd === 0 || container === undefined) return '/dev/null';
		return `pipe:[${39_999 + fd + (hashText(31, container) % 90_000)}]`;
	};
	const each = (folder: string, process: Process): void => {
		out[`${folder}/ns/`] = folderOf(0o511);
		out[`${folder}/fd/`] = folderOf(0o500);
		for (const kind of NAMESPACES) out[`${folder}/ns/${kind}`] = link(namespaceLink(kind, place, process, begun.ns));
		Object.assign(out, {
			[`${folder}/mounts`]: () => mounts(place, lab),
			[`${folder}/mountinfo`]: () => mountinfo(place, lab),
			...(told(process) ? {} : { [`${folder}/status`]: () => status(process, inside) }),
			[`${folder}/cmdline`]: () => process.argv.map((word) => `${word}\0`).join(''),
			[`${folder}/comm`]: () => `${process.comm}\n`,
			[`${folder}/stat`]: () => stat(process),
			[`${folder}/cgroup`]: () => cgroupOf(place, process),
			[`${folder}/environ`]: Object.assign(
				() =>
					process.environ?.() ??
					(process.pid === 1
						? Object.entries(begun.env)
								.map(([name, value]) => `${name}=${value}\0`)
								.join('')
						: ''),
				{ mode: 0o400 },
			),
			[`${folder}/limits`]: () => limits(place, process),
			[`${folder}/task/${process.pid}/comm`]: () => `${process.comm}\n`,
			[`${folder}/loginuid`]: () => '4294967295\n',
			[`${folder}/oom_score_adj`]: () => `${process.comm === 'kubelet' || process.comm === 'containerd' ? -999 : 0}\n`,
			[`${folder}/fd/0`]: link(descriptor(process, 0)),
			[`${folder}/fd/1`]: link(descriptor(process, 1)),
			[`${folder}/fd/2`]: link(descriptor(process, 2)),
			[`${folder}/exe`]: link(executableOf(process.argv, process.comm, leads)),
			[`${folder}/cwd`]: link(process.cwd ?? '/'),
		});
	};
	for (const process of processes) {
		const folder = `/proc/${process.pid}`;
		each(folder, process);
		if (!another(process)) {
			out[`${folder}/root`] = link('/');
			continue;
		}
		// Whose root is another one: that of a container of the same pod is shown, no other is (`surroundings.ts` says so).
		out[`${folder}/root/`] = Object.assign(() => '', { mode: 0o755, writes: 'told' as const });
		for (const [path, file] of Object.entries(otherRoot(place, lab, process) ?? {}))
			out[`${folder}/root${path}`] = file;
	}
	// A program has itself there (`shell/self.ts`). What the shell opens for one, or completes, it opens itself.
	const self = processes.findLast(({ typed, argv: [name = ''] }) => typed || /^(?:.*\/)?(?:ba|da|a)?sh$/.test(name));
	const looker = self ?? processes[0];
	if (looker) {
		each('/proc/self', looker);
		if (told(looker)) out['/proc/self/status'] = link(`../${looker.pid}/status`);
	}
	out['/proc/self/root'] = link('/');
	Object.assign(out, {
		'/proc/mounts': link('self/mounts'),
		'/proc/cmdline': () =>
			`BOOT_IMAGE=/boot/vmlinuz-${begun.release} root=UUID=5b1f6d0e-2f1c-4d0e-9c55-7a1c0f3e8b21 ro quiet splash\n`,
		'/proc/filesystems': () => FILE_SYSTEMS,
		'/proc/swaps': () =>
			'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/swapfile                               file\t\t2097148\t\t0\t\t-2\n',
	});
	if (place.kind === 'laptop' || place.kind === 'node')
		out['/sys/fs/cgroup/cgroup.controllers'] = () => 'cpuset cpu io memory hugetlb pids rdma misc\n';
	return out;
}

/** fs/filesystems.c: those without a disk first. */
const FILE_SYSTEMS = [
	...'sysfs tmpfs bdev proc cgroup cgroup2 cpuset devtmpfs configfs debugfs tracefs securityfs sockfs bpf pipefs ramfs hugetlbfs devpts mqueue pstore autofs overlay'
		.split(' ')
		.map((name) => `nodev\t${name}\n`),
	...'ext3 ext2 ext4 squashfs vfat fuseblk'.split(' ').map((name) => `\t${name}\n`),
].join('');
