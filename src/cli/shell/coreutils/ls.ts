/** ls (coreutils src/ls.c @ v8.32; busybox coreutils/ls.c @ 1_35_0 where its shell is): whose files are, and where links lead. */

import { zoneOf } from '../date/zone.ts';
import { inodeOf } from './about.ts';
import { type Desk, octets } from './desk.ts';
import { glob } from './find-tests.ts';
import { paletteOf } from './ls-names.ts';
import { wanted } from './ls-options.ts';
import { type Entry, listing, sorted } from './ls-print.ts';

/** Linux's Documentation/admin-guide/devices.txt. */
const DEVICES: Readonly<Record<string, string>> = {
	'/dev/full': '1, 7',
	'/dev/null': '1, 3',
	'/dev/random': '1, 8',
	'/dev/tty': '5, 0',
	'/dev/urandom': '1, 9',
	'/dev/zero': '1, 5',
};

export async function ls(desk: Desk): Promise<void> {
	const { files, core, facts } = desk.shell;
	const busybox = facts.sh === 'ash';
	const { tty } = desk;
	const want = wanted(desk, tty);
	const long = want.format === 'long';
	const env = desk.call.state.env;
	const print = listing(want, {
		busybox,
		now: core.lab.epoch * 1000 + core.lab.now / 1000,
		zone: zoneOf(env.get('TZ'), desk.shell.place.kind === 'laptop'),
		// Spaces look the same there, and what is copied stays as wide.
		tab: tty ? 0 : want.tab,
		palette: want.color ? paletteOf(env.get('LS_COLORS')) : undefined,
	});
	const fault = (what: string, code: number): void => desk.fault(what, Math.max(code, desk.code));

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
		const led = kind === 'link' ? await files.stat(full).catch(() => undefined) : undefined;
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
			...(kind === 'link'
				? {
						target: await files.readlink(full),
						leads: led
							? { kind: led.isDirectory ? 'directory' : 'file', mode: led.mode & 0o7777 }
							: { kind: 'nowhere', mode: 0 },
					}
				: {}),
		};
	};

	const plain: Entry[] = [];
	const folders: Entry[] = [];
	for (const word of want.given.operands.length > 0 ? want.given.operands : ['.']) {
		const bare = await look(word, word, want.follow === 'always');
		if (!bare) {
			const wrong = await desk.missing(word);
			fault(busybox ? `${word}: ${wrong}` : `cannot access '${word}': ${wrong}`, busybox ? 1 : 2);
			continue;
		}
		const leads =
			bare.kind === 'link' &&
			(want.follow === 'line' || (want.follow === 'folders' && bare.leads?.kind === 'directory'));
		const entry = (leads ? await look(word, word, true) : undefined) ?? bare;
		if (entry.kind === 'directory' && !want.itself) folders.push(entry);
		else plain.push(entry);
	}
	if (plain.length > 0) desk.write(octets(print.entries(sorted(plain, want))));
	const many = want.given.operands.length > 1 || want.recursive;
	let first = plain.length === 0;
	const matches = (patterns: readonly string[]): ((name: string) => boolean) => {
		const tests = patterns.map((pattern) => [pattern.startsWith('.'), glob(pattern, false)] as const);
		// A wildcard does not stand for a period in front.
		return (name) => tests.some(([period, test]) => (period || !name.startsWith('.')) && test(name));
	};
	const ignored = matches(want.ignored);
	const veiled = want.hidden === 'none' ? matches(want.veiled) : () => false;
	const list = async (folder: Entry, named: boolean): Promise<void> => {
		const full = desk.resolve(folder.path);
		let names: readonly string[];
		try {
			if (files.listFault(full) !== undefined) throw new Error();
			names = await files.readdir(full);
		} catch {
			const wrong = (await files.refusal(full, 'read')) ?? 'Permission denied';
			fault(
				busybox ? `can't open '${folder.path}': ${wrong}` : `cannot open directory '${folder.path}': ${wrong}`,
				busybox || !named ? 1 : 2,
			);
			return;
		}
		const all = want.hidden === 'all';
		const shown = [...(all ? ['.', '..'] : []), ...names].filter(
			(name) => (want.hidden !== 'none' || !name.startsWith('.')) && !ignored(name) && !veiled(name),
		);
		const entries: Entry[] = [];
		for (const name of shown) {
			const path = `${folder.path.replace(/(.)\/$/, '$1')}/${name}`;
			const entry = (await look(path, name, want.follow === 'always')) ?? (await look(path, name, false));
			if (entry) entries.push(entry);
		}
		if (many) desk.write(octets(`${first ? '' : '\n'}${print.name(folder.path)}:\n`));
		first = false;
		if (long || want.blocks) desk.write(`${print.total(entries)}${want.end}`);
		const inOrder = sorted(entries, want);
		if (entries.length > 0) desk.write(octets(print.entries(inOrder)));
		if (want.recursive)
			for (const entry of inOrder)
				if (entry.kind === 'directory' && entry.name !== '.' && entry.name !== '..') await list(entry, false);
	};
	for (const folder of sorted(folders, want)) await list(folder, true);
}
