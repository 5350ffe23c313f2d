/** File systems that are mounted: `mount` lists them, `df` tells how full they are. */
import { knownDocker, type Lab, usage } from '../../sim/lab/index.ts';
import type { Call, Place } from '../tool.ts';
import { BPF_FS, ciliumMounts } from './cilium-mounts.ts';
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
	const memory = (at: string): Mount => ({
		source: 'tmpfs',
		type: 'tmpfs',
		at,
		options: 'rw,nosuid,nodev,noexec,relatime',
		size: none(half),
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
		// What kind asks Docker for (provision.go commonArgs() @ v0.14.0); /lib is /usr/lib.
		...(place.kind === 'node'
			? [
					memory('/run'),
					memory('/tmp'),
					disked('/usr/lib/modules', 'ro,relatime'),
					disked('/var'),
					...ciliumMounts(lab, place.cluster, place.node),
				]
			: []),
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
function volumesOf(
	place: Extract<Place, { kind: 'pod' }>,
	lab: Lab,
	disked: (at: string, options?: string) => Mount,
): readonly Mount[] {
	const held = heldAt(place, lab);
	const volumes = held?.disk.mounts() ?? [];
	// A folder of its node that has another file system mounted on it.
	const node = held?.state?.pod.spec.nodeName ?? '';
	const bpf = volumes.some(({ path, source }) => path === BPF_FS && source === BPF_FS)
		? ciliumMounts(lab, place.cluster, node).filter(({ at }) => at === BPF_FS)
		: [];
	const others = volumes
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
	return [...bpf, ...others];
}

/** Fields of `--output`, in order, and their titles. */
const FIELDS: Readonly<Record<string, string>> = {
	source: 'Filesystem',
	fstype: 'Type',
	itotal: 'Inodes',
	iused: 'IUsed',
	iavail: 'IFree',
	ipcent: 'IUse%',
	size: '1K-blocks',
	used: 'Used',
	avail: 'Avail',
	pcent: 'Use%',
	file: 'File',
	target: 'Mounted on',
};
/** Those that stand to the left. */
const NAMES: ReadonlySet<string> = new Set(['source', 'fstype', 'file', 'target']);
/** What a file system without a size has (`-a`). */
const NOTHING = { total: 0, used: 0, available: 0 };

/** coreutils src/df.c: sizes in 1024 octets, or rounded up for people (`-h`). */
export const df = async (call: Call): Promise<number> => {
	const output = call.args.filter((word) => /^--output(=|$)/.test(word));
	const parsed = getopt(
		call.args.filter((word) => !output.includes(word)),
		{
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
				'sync=>sync',
				'no-sync=>no-sync',
			],
		},
	);
	if ('fault' in parsed) return withTry(call, getoptText('df', parsed.fault));
	const has = (o: string): boolean => parsed.values.has(o);
	if (has('B')) {
		call.err('df: --block-size is not simulated; -k, -m, -h and -H are\n');
		return 1;
	}
	const fields = output.flatMap((word) => word.split('=')[1]?.split(',') ?? Object.keys(FIELDS));
	const wrong =
		fields
			.map((field, i) =>
				Object.hasOwn(FIELDS, field)
					? fields.indexOf(field) < i
						? `option --output: field ‘${field}’ used more than once`
						: ''
					: `option --output: field ‘${field}’ unknown`,
			)
			.find((text) => text !== '') ??
		['i', 'T', 'P'].filter(has).map((o) => `options -${o} and --output are mutually exclusive`)[0];
	if (output.length > 0 && wrong !== undefined) return withTry(call, `df: ${wrong}\n`);
	let code = 0;
	// Types that are wanted, or not.
	const of = (o: string): readonly string[] => parsed.all(o);
	const all = mountsAt(call.place, call.lab).filter(
		({ size, type }) =>
			(size !== undefined || has('a')) && (of('t').length === 0 || of('t').includes(type)) && !of('x').includes(type),
	);
	const mounts: Mount[] = [];
	const files: string[] = [];
	if (parsed.args.length === 0) {
		// A disk that is mounted in several places stands once, where it was first, as the one nearest to the root: but for
		// a pod's volumes, which are further below on their disk (coreutils src/df.c filter_mount_list() @ v8.32).
		const seen = new Map<string, number>();
		for (const mount of all) {
			const own = mount.source.startsWith('/') ? mount.source : mount.at;
			const first = seen.get(own);
			if (has('a') || first === undefined) seen.set(own, mounts.push(mount) - 1);
			else if (call.place.kind !== 'pod' && mounts[first]!.at.length > mount.at.length) mounts[first] = mount;
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
		if (found !== undefined) {
			mounts.push(found);
			files.push(path);
		}
	}
	if (has('total') && mounts.length > 0) {
		const sum = (of: (size: NonNullable<Mount['size']>) => number): number =>
			mounts.reduce((n, { size = NOTHING }) => n + of(size), 0);
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
	const blocks = forPeople ? 'Size' : has('P') ? '1024-blocks' : has('m') ? '1M-blocks' : '1K-blocks';
	const shown =
		fields.length > 0
			? fields
			: [
					'source',
					...(has('T') ? ['fstype'] : []),
					...(has('i') ? ['itotal', 'iused', 'iavail', 'ipcent'] : ['size', 'used', 'avail', 'pcent']),
					'target',
				];
	const title = (field: string): string => {
		if (field === 'size') return blocks;
		if (field === 'avail' && !forPeople && fields.length === 0) return 'Available';
		return field === 'pcent' && has('P') ? 'Capacity' : FIELDS[field]!;
	};
	const rows = mounts.map(({ source, type, at, size: s = NOTHING }, i) => {
		const free = inodes(s.total) - inodes(s.used);
		const values: Readonly<Record<string, string>> = {
			source,
			fstype: type,
			itotal: String(inodes(s.total)),
			iused: String(inodes(s.used)),
			iavail: String(free),
			ipcent: percent(inodes(s.used), free),
			size: size(s.total),
			used: size(s.used),
			avail: size(s.available),
			pcent: percent(s.used, s.available),
			file: files[i] ?? '-',
			target: at,
		};
		return shown.map((field) => values[field]!);
	});
	if (rows.length === 0 && code === 0) {
		call.err('df: no file systems processed\n');
		return 1;
	}
	if (rows.length > 0) call.out(table(shown, [shown.map(title), ...rows]));
	return code;
};

/** Columns a blank apart: names to the left, numbers to the right, nothing behind the last (gl/lib/mbsalign). */
function table(fields: readonly string[], rows: readonly (readonly string[])[]): string {
	const least = (field: string): number =>
		field === 'source' ? 14 : ['fstype', 'pcent', 'ipcent', 'file'].includes(field) ? 4 : 5;
	const widths = fields.map((field, i) => Math.max(...rows.map((row) => row[i]!.length), least(field)));
	const cell = (word: string, i: number): string =>
		NAMES.has(fields[i]!) ? word.padEnd(i === fields.length - 1 ? 0 : widths[i]!) : word.padStart(widths[i]!);
	return rows.map((row) => `${row.map(cell).join(' ')}\n`).join('');
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
