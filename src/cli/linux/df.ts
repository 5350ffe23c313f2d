/** File systems that are mounted: `mount` lists them, `df` tells how full they are. */
import { knownDocker, type Lab, usage } from '../../sim/lab/index.ts';
import type { Call, Place } from '../tool.ts';
import { heldAt } from './container-files.ts';
import { diskOf, fixed, MEMORY } from './hardware.ts';
import { getopt, getoptText, withTry } from './words.ts';

export interface Mount {
	readonly source: string;
	readonly type: string;
	readonly at: string;
	readonly options: string;
	/** KiB. */
	readonly size?: { readonly total: number; readonly used: number; readonly available: number };
}

/** What is mounted: the laptop's disk, and in a container an overlay over it. */
export function mountsAt(place: Place, lab: Lab): readonly Mount[] {
	const laptop = place.kind === 'laptop';
	const disk = diskOf(lab);
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
			options: `${laptop || place.kind === 'node' ? 'rw' : 'ro'},nosuid,nodev,noexec,relatime`,
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
			options: `${place.kind === 'node' ? 'rw' : 'ro'},nosuid,nodev,noexec,relatime`,
		},
		...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'].map((at) => disked(at)),
		...(place.kind === 'node' ? [disked('/var')] : []),
		...(place.kind === 'container' ? mountedIn(place, lab, disked) : []),
		...(place.kind === 'pod' ? volumesOf(place, lab, disked) : []),
	];
}

/** Volumes, the learner's files and memory in a container of Docker's. */
function mountedIn(place: Place, lab: Lab, disked: (at: string, options?: string) => Mount): readonly Mount[] {
	const entry = place.kind === 'container' ? knownDocker(lab, place.id) : undefined;
	return (entry?.settings.mounts ?? []).map(({ type, target, readOnly, limit, node }) => {
		const mode = readOnly ? 'ro' : 'rw';
		if (type !== 'tmpfs') return disked(target, `${mode},relatime`);
		const total = limit === undefined ? Math.floor(MEMORY / 2) : Math.ceil(limit / 4096) * 4;
		const used = Math.ceil(usage(node) / 1024);
		return {
			source: 'tmpfs',
			type: 'tmpfs',
			at: target,
			options: `${mode},nosuid,nodev,noexec,relatime`,
			size: { total, used, available: total - used },
		};
	});
}

/** Volumes of a pod's container: those in memory by themselves, the others on the node's disk. */
function volumesOf(place: Place, lab: Lab, disked: (at: string, options?: string) => Mount): readonly Mount[] {
	return (heldAt(place, lab)?.disk.mounts() ?? [])
		.filter(({ path }) => !/^\/etc\/(?:hosts|hostname|resolv\.conf)$|^\/(?:dev|proc|sys)(?:\/|$)/.test(path))
		.map(({ path, type, readOnly, limit, node }) => {
			const mode = readOnly ? 'ro' : 'rw';
			if (type !== 'tmpfs') return disked(path, `${mode},relatime`);
			const total = limit === undefined ? MEMORY : Math.ceil(limit / 4096) * 4;
			const used = Math.ceil(usage(node) / 4096) * 4;
			return {
				source: 'tmpfs',
				type,
				at: path,
				options: `${mode},relatime,size=${total}k`,
				size: { total, used, available: total - used },
			};
		});
}

/** coreutils src/df.c: sizes in 1024 octets, or rounded up for people (`-h`). */
export const df = async (call: Call): Promise<number> => {
	const parsed = getopt(call.args, {
		short: 'ahHiklPTt:x:mB:',
		long: [
			'all=>a',
			'human-readable=>h',
			'si=>H',
			'inodes=>i',
			'print-type=>T',
			'portability=>P',
			'local=>l',
			'type=>t',
			'exclude-type=>x',
			'total=>total',
			'block-size=>B',
		],
	});
	if ('fault' in parsed) return withTry(call, getoptText('df', parsed.fault));
	const has = (o: string): boolean => parsed.values.has(o);
	if (has('B')) {
		call.err('df: --block-size is not simulated; -k, -m, -h and -H are\n');
		return 1;
	}
	let code = 0;
	// Types that are wanted, or not.
	const of = (o: string): readonly string[] => parsed.all(o);
	const all = mountsAt(call.place, call.lab).filter(
		({ size, type }) =>
			size !== undefined && (of('t').length === 0 || of('t').includes(type)) && !of('x').includes(type),
	);
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
		const found = under.sort((a, b) => b.at.length - a.at.length)[0];
		if (found !== undefined) mounts.push(found);
	}
	if (has('total') && mounts.length > 0) {
		const sum = (of: (size: NonNullable<Mount['size']>) => number): number =>
			mounts.reduce((n, { size }) => n + of(size!), 0);
		mounts.push({
			source: 'total',
			type: '-',
			at: '-',
			options: '',
			size: { total: sum((s) => s.total), used: sum((s) => s.used), available: sum((s) => s.available) },
		});
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
	if (rows.length === 0 && code === 0) {
		call.err('df: no file systems processed\n');
		return 1;
	}
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

/** util-linux `mount`, to list; nobody may mount anything. */
export const mount = async (call: Call): Promise<number> => {
	const words = call.args.filter((word) => word !== '-l');
	if (words.length > 0 && !(words[0] === '-t' && words.length === 2)) {
		call.err(
			call.place.kind === 'laptop' && call.who.uid !== 0
				? 'mount: only root can do that\n'
				: 'mount: permission denied\n',
		);
		return 32;
	}
	for (const m of mountsAt(call.place, call.lab))
		if (words.length === 0 || words[1] === m.type) call.out(`${m.source} on ${m.at} type ${m.type} (${m.options})\n`);
	return 0;
};
