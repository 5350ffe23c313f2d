/** ls (coreutils src/ls.c @ v8.32; busybox coreutils/ls.c @ 1_35_0 where its shell is): whose files are, and where links lead. */
import { inodeOf } from './about.ts';
import { type Desk, type Given, octets } from './desk.ts';
import { byVersion } from './order.ts';

interface Entry {
	/** As it is shown. */
	readonly name: string;
	readonly path: string;
	readonly kind: 'file' | 'directory' | 'link';
	readonly mode: number;
	/** Numbers of a device that characters go through. */
	readonly device?: string;
	readonly links: number;
	readonly inode: number;
	readonly owner: string;
	readonly group: string;
	readonly size: number;
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly target?: string;
	/** Of what a link leads to. */
	readonly leads?: 'file' | 'directory' | 'nowhere';
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const HALF_YEAR = 15_778_476_000;

/** Linux's Documentation/admin-guide/devices.txt. */
const DEVICES: Readonly<Record<string, string>> = {
	'/dev/full': '1, 7',
	'/dev/null': '1, 3',
	'/dev/random': '1, 8',
	'/dev/tty': '5, 0',
	'/dev/urandom': '1, 9',
	'/dev/zero': '1, 5',
};

const bits = ({ kind, mode, device }: Entry): string => {
	const type = kind === 'directory' ? 'd' : kind === 'link' ? 'l' : device ? 'c' : '-';
	const three = (shift: number, special: number, set: string, bare: string): string => {
		const part = (mode >> shift) & 7;
		const x = (mode & special) !== 0 ? ((part & 1) !== 0 ? set : bare) : (part & 1) !== 0 ? 'x' : '-';
		return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${x}`;
	};
	return `${type}${three(6, 0o4000, 's', 'S')}${three(3, 0o2000, 's', 'S')}${three(0, 0o1000, 't', 'T')}`;
};

const SHORT = 'aAlhdR1tSrngoiFpLsCxUXkcufmQNH';
const LONG = [
	'all>a',
	'almost-all>A',
	'human-readable>h',
	'directory>d',
	'recursive>R',
	'reverse>r',
	'numeric-uid-gid>n',
	'no-group',
	'inode>i',
	'classify>F',
	'dereference>L',
	'size>s',
	'color?',
	'group-directories-first',
	'full-time',
	'time-style=',
	'sort=',
	'si',
];

export async function ls(desk: Desk): Promise<void> {
	const given = desk.options(SHORT, LONG, 2);
	const { files, core, facts } = desk.shell;
	const busybox = facts.sh === 'ash';
	const long = ['l', 'n', 'g', 'o', 'full-time'].some((name) => given.has(name));
	const now = core.lab.epoch * 1000 + core.lab.now / 1000;

	/** On the workstation what is at home is its user's; everywhere else all is root's that is nobody's. */
	const own = (path: string): readonly [string, string] =>
		facts.user !== 'root' && !facts.container && (path === facts.home || path.startsWith(`${facts.home}/`))
			? [facts.user, facts.user]
			: ['root', 'root'];
	const look = async (path: string, name: string, follow: boolean): Promise<Entry | undefined> => {
		const full = desk.resolve(path);
		let stat: Awaited<ReturnType<typeof files.lstat>>;
		try {
			stat = follow ? await files.stat(full) : await files.lstat(full);
		} catch {
			return undefined;
		}
		const real = follow ? await files.realpath(full).catch(() => full) : full;
		const kind = stat.isSymbolicLink ? 'link' : stat.isDirectory ? 'directory' : 'file';
		const [owner, group] = files.ownerOf(full) ?? own(full);
		const device = kind === 'file' ? DEVICES[full] : undefined;
		const inside = kind === 'directory' ? await files.readdirWithFileTypes(full).catch(() => []) : [];
		const leads =
			kind !== 'link'
				? undefined
				: await files.stat(full).then(
						(s) => (s.isDirectory ? ('directory' as const) : ('file' as const)),
						() => 'nowhere' as const,
					);
		return {
			name,
			path,
			kind,
			mode: device ? 0o666 : stat.mode & 0o7777,
			...(device ? { device } : {}),
			links: kind === 'directory' ? 2 + inside.filter((entry) => entry.isDirectory).length : files.linkCount(real),
			inode: inodeOf(files.sameFile(real)),
			owner,
			group,
			size: kind === 'directory' ? 4096 : stat.size,
			at: stat.mtime.getTime(),
			...(kind === 'link' ? { target: await files.readlink(full) } : {}),
			...(leads ? { leads } : {}),
		};
	};

	const follow = given.has('L');
	const plain: Entry[] = [];
	const folders: Entry[] = [];
	for (const word of given.operands.length > 0 ? given.operands : ['.']) {
		const own = await look(word, word, follow);
		if (!own) {
			const dangling = follow && (await look(word, word, false));
			desk.fault(
				dangling
					? `cannot access '${word}': No such file or directory`
					: busybox
						? `${word}: No such file or directory`
						: `cannot access '${word}': No such file or directory`,
				busybox ? 1 : 2,
			);
			continue;
		}
		const shown =
			own.kind === 'link' && !long && !given.has('F') && own.leads === 'directory'
				? { ...own, kind: 'directory' as const }
				: own;
		if (shown.kind === 'directory' && !given.has('d')) folders.push(shown);
		else plain.push(own);
	}
	if (plain.length > 0) desk.write(print(sorted(plain, given), given, now, busybox, columnsOf(desk)));
	const many = given.operands.length > 1 || given.has('R');
	let first = plain.length === 0;
	const list = async (folder: Entry): Promise<void> => {
		const full = desk.resolve(folder.path);
		let names: readonly string[];
		try {
			const fault = files.listFault(full);
			if (fault !== undefined) throw new Error(fault);
			names = await files.readdir(full);
		} catch {
			desk.fault(
				busybox
					? `can't open '${folder.path}': Permission denied`
					: `cannot open directory '${folder.path}': Permission denied`,
				busybox ? 1 : 2,
			);
			return;
		}
		const all = given.has('a') || given.has('f');
		const wanted = names.filter((name) => all || given.has('A') || !name.startsWith('.'));
		const entries: Entry[] = [];
		for (const name of [...(all ? ['.', '..'] : []), ...wanted]) {
			const path = `${folder.path.replace(/(.)\/$/, '$1')}/${name}`;
			const entry = (await look(path, name, follow)) ?? (await look(path, name, false));
			if (entry) entries.push(entry);
		}
		if (many) desk.write(octets(`${first ? '' : '\n'}${folder.path}:\n`));
		first = false;
		if (long || given.has('s')) desk.write(`total ${entries.reduce((sum, entry) => sum + blocks(entry), 0)}\n`);
		const inOrder = sorted(entries, given);
		if (entries.length > 0) desk.write(print(inOrder, given, now, busybox, columnsOf(desk)));
		if (given.has('R'))
			for (const entry of inOrder)
				if (entry.kind === 'directory' && entry.name !== '.' && entry.name !== '..') await list(entry);
	};
	for (const folder of sorted(folders, given)) await list(folder);
}

/** Kilobytes on the disk. */
const blocks = ({ kind, size }: Entry): number => (kind === 'link' ? 0 : Math.ceil(size / 4096) * 4);

function sorted(entries: readonly Entry[], given: Given): readonly Entry[] {
	if (given.has('U') || given.has('f')) return entries;
	const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	const ending = (name: string): string => /\.[^.]*$/.exec(name)?.[0] ?? '';
	const order = (a: Entry, b: Entry): number => {
		if (given.has('group-directories-first') && (a.kind === 'directory') !== (b.kind === 'directory'))
			return a.kind === 'directory' ? -1 : 1;
		const by = given.value('sort');
		if (given.has('t') || by === 'time') return b.at - a.at || byName(a, b);
		if (given.has('S') || by === 'size') return b.size - a.size || byName(a, b);
		if (given.has('X') || by === 'extension')
			return ending(a.name) < ending(b.name) ? -1 : ending(a.name) > ending(b.name) ? 1 : byName(a, b);
		if (by === 'version') return byVersion(a.name, b.name) || byName(a, b);
		return byName(a, b);
	};
	const out = [...entries].sort(order);
	return given.has('r') ? out.reverse() : out;
}

/** `1.5K`, rounded up. */
function human(size: number): string {
	if (size < 1024) return String(size);
	let value = size;
	let unit = -1;
	while (value >= 1024 && unit < 4) {
		value /= 1024;
		unit++;
	}
	const tenths = Math.ceil(value * 10);
	return `${tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : Math.ceil(value)}${'KMGTP'[unit]}`;
}

function when(at: number, now: number, given: Given): string {
	const iso = new Date(at).toISOString();
	const style = given.value('time-style');
	if (given.has('full-time') || style === 'full-iso') return `${iso.slice(0, 10)} ${iso.slice(11, 23)}000000 +0000`;
	if (style === 'long-iso') return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
	const day = `${MONTHS[Number(iso.slice(5, 7)) - 1]} ${String(Number(iso.slice(8, 10))).padStart(2)}`;
	return now - at > HALF_YEAR || at > now + 60_000 ? `${day}  ${iso.slice(0, 4)}` : `${day} ${iso.slice(11, 16)}`;
}

const mark = (entry: Entry, given: Given, long: boolean): string => {
	const { kind, mode } = entry;
	if (kind === 'directory' && (given.has('F') || given.has('p'))) return '/';
	if (!given.has('F')) return '';
	return kind === 'link' ? (long ? '' : '@') : (mode & 0o111) !== 0 ? '*' : '';
};

/** Characters across, where a terminal shows it. */
const columnsOf = (desk: Desk): number | undefined =>
	desk.shell.interactive && desk.tty ? Number(desk.call.state.env.get('COLUMNS') ?? 80) : undefined;

const number = (text: string): string =>
	({ root: '0', learner: '1000', nogroup: '65534', nobody: '65534', nginx: '101' })[text] ?? text;

function print(
	entries: readonly Entry[],
	given: Given,
	now: number,
	busybox: boolean,
	columns: number | undefined,
): string {
	const long = ['l', 'n', 'g', 'o', 'full-time'].some((name) => given.has(name));
	const wide = Math.max(0, ...entries.map(({ inode }) => String(inode).length));
	const before = (entry: Entry): string =>
		`${given.has('i') ? `${String(entry.inode).padStart(wide)} ` : ''}${given.has('s') ? `${blocks(entry)} ` : ''}`;
	if (!long) {
		const names = entries.map((entry) => `${before(entry)}${entry.name}${mark(entry, given, false)}`);
		if (given.has('m')) return octets(`${names.join(', ')}\n`);
		if (columns === undefined || given.has('1')) return octets(names.map((name) => `${name}\n`).join(''));
		return octets(inColumns(names, columns));
	}
	const owner = (entry: Entry): string => (given.has('n') ? number(entry.owner) : entry.owner);
	const group = (entry: Entry): string => (given.has('n') ? number(entry.group) : entry.group);
	const size = ({ size: octetsOf, device }: Entry): string =>
		device ?? (given.has('h') ? human(octetsOf) : String(octetsOf));
	const widest = (text: (entry: Entry) => string): number => Math.max(...entries.map((entry) => text(entry).length));
	const widths = {
		links: widest(({ links }) => String(links)),
		owner: widest(owner),
		group: widest(group),
		size: widest(size),
	};
	const line = (entry: Entry): string => {
		const words = busybox
			? `${bits(entry)} ${String(entry.links).padStart(4)} ${owner(entry).padEnd(8)} ${group(entry).padEnd(8)} ${size(entry).padStart(9)}`
			: [
					bits(entry),
					String(entry.links).padStart(widths.links),
					...(given.has('g') ? [] : [owner(entry).padEnd(widths.owner)]),
					...(given.has('o') || given.has('no-group') ? [] : [group(entry).padEnd(widths.group)]),
					size(entry).padStart(widths.size),
				].join(' ');
		const name =
			entry.target === undefined ? `${entry.name}${mark(entry, given, true)}` : `${entry.name} -> ${entry.target}`;
		return `${before(entry)}${words} ${when(entry.at, now, given)} ${name}\n`;
	};
	return octets(entries.map(line).join(''));
}

/** As few lines as fit, names going down. */
function inColumns(names: readonly string[], columns: number): string {
	for (let rows = 1; rows < names.length; rows++) {
		const count = Math.ceil(names.length / rows);
		const widths = Array.from({ length: count }, (_, i) =>
			Math.max(...names.slice(i * rows, (i + 1) * rows).map((name) => name.length)),
		);
		if (widths.reduce((sum, width) => sum + width + 2, -2) > columns) continue;
		return Array.from({ length: rows }, (_, row) => {
			const cells = widths.map((width, i) => (names[i * rows + row] ?? '').padEnd(width + 2));
			return `${cells.join('').trimEnd()}\n`;
		}).join('');
	}
	return names.map((name) => `${name}\n`).join('');
}
