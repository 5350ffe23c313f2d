/** stat (coreutils src/stat.c @ v8.32). What no file system here knows (`-f`) is said. */
import { type About, about, blocksOf, modeText, timeText } from './about.ts';
import { type Desk, Leave, octets } from './desk.ts';

const KINDS = { directory: 'directory', link: 'symbolic link', file: 'regular file' } as const;

const kindOf = ({ kind, size }: About): string => (kind === 'file' && size === 0 ? 'regular empty file' : KINDS[kind]);

const when = (at: number): string => timeText('%Y-%m-%d %H:%M:%S.%N %z', at);

/** Where a file is: its device's number, and where that is mounted. */
interface Mounted {
	readonly device: number;
	readonly mount: string;
}

function directive(letter: string, name: string, file: About, on: Mounted): string | undefined {
	switch (letter) {
		case 'n':
			return name;
		case 'N':
			return file.target === undefined ? `'${name}'` : `'${name}' -> '${file.target}'`;
		case 'F':
			return kindOf(file);
		case 'a':
			return file.mode.toString(8);
		case 'A':
			return modeText(file);
		case 'f':
			return ((file.kind === 'directory' ? 0x4000 : file.kind === 'link' ? 0xa000 : 0x8000) | file.mode).toString(16);
		case 'U':
			return file.owner;
		case 'G':
			return file.group;
		case 'u':
			return String(file.uid);
		case 'g':
			return String(file.gid);
		case 's':
			return String(file.size);
		case 'b':
			return String(blocksOf(file));
		case 'B':
			return '512';
		case 'o':
			return '4096';
		case 'h':
			return String(file.links);
		case 'i':
			return String(file.inode);
		case 'd':
			return String(on.device);
		case 'D':
			return on.device.toString(16);
		case 't':
		case 'T':
			return '0';
		case 'm':
			return on.mount;
		case 'w':
			return '-';
		case 'W':
			return '0';
		case 'x':
		case 'y':
		case 'z':
			return when(file.at);
		case 'X':
		case 'Y':
		case 'Z':
			return String(Math.floor(file.at / 1000));
		case 'C':
			return '?';
	}
	return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
	n: '\n',
	t: '\t',
	r: '\r',
	a: '\x07',
	b: '\b',
	f: '\f',
	v: '\v',
	'\\': '\\',
	'"': '"',
};

/** @param escapes whether backslashes mean something (`--printf`) */
function filled(format: string, escapes: boolean, name: string, file: About, on: Mounted): string {
	const plain = escapes
		? format.replace(/\\([0-7]{1,3}|[ntrabfv\\"])/g, (_, what: string) =>
				/\d/.test(what) ? String.fromCharCode(Number.parseInt(what, 8)) : ESCAPES[what]!,
			)
		: format;
	return plain.replace(/%([-0#+ ]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g, (whole, flags: string, width, precision, letter) => {
		if (letter === '%') return '%';
		let text = directive(letter, name, file, on);
		if (text === undefined) return whole === `%${letter}` ? '?' : whole;
		if (letter === 'a' && flags.includes('#')) text = `0${text}`;
		if (precision !== undefined && !/[XYZW]/.test(letter)) text = text.slice(0, Number(precision));
		const to = Number(width || 0);
		return flags.includes('-') ? text.padEnd(to) : text.padStart(to, flags.includes('0') ? '0' : ' ');
	});
}

function whole(name: string, file: About, on: Mounted): string {
	const column = (text: string | number): string => String(text).padEnd(10);
	const mode = `${file.mode.toString(8).padStart(4, '0')}/${modeText(file)}`;
	const id = (number: number, of: string): string => `(${String(number).padStart(5)}/${of.padStart(8)})`;
	return [
		`  File: ${file.target === undefined ? name : `${name} -> ${file.target}`}`,
		`  Size: ${column(file.size)}\tBlocks: ${column(blocksOf(file))} IO Block: 4096   ${kindOf(file)}`,
		`Device: ${on.device.toString(16)}h/${on.device}d\tInode: ${String(file.inode).padEnd(11)} Links: ${file.links}`,
		`Access: (${mode})  Uid: ${id(file.uid, file.owner)}   Gid: ${id(file.gid, file.group)}`,
		...['Access', 'Modify', 'Change'].map((word) => `${word}: ${when(file.at)}`),
		' Birth: -',
		'',
	].join('\n');
}

/** Of the last file system that is mounted above a path (proc_pid_mountinfo(5)); makedev(3) of its two numbers. */
async function mounted({ shell }: Desk, path: string): Promise<Mounted> {
	const lines = (await shell.files.readFile('/proc/self/mountinfo').catch(() => '')).split('\n');
	let found: Mounted = { device: 0, mount: '/' };
	for (const line of lines) {
		const [, , number = '', , mount = ''] = line.split(' ');
		if (mount === '' || !(mount === '/' || path === mount || path.startsWith(`${mount}/`))) continue;
		const [major = 0, minor = 0] = number.split(':').map(Number);
		if (mount.length >= found.mount.length) found = { device: major * 256 + minor, mount };
	}
	return found;
}

export async function stat(desk: Desk): Promise<void> {
	const given = desk.options('c:Lft', ['format=>c', 'printf=', 'dereference>L', 'file-system>f', 'terse>t']);
	if (given.operands.length === 0) throw desk.usage('missing operand');
	if (given.has('f') || given.has('t'))
		throw new Leave(`${desk.name}: the files of this terminal are in no file system that it could tell of\n`);
	const format = given.value('printf') ?? given.value('c');
	for (const name of given.operands) {
		const file = await about(desk, name, given.has('L'));
		if (!file) {
			desk.fault(`cannot stat '${name}': ${await desk.missing(name)}`);
			continue;
		}
		const on = await mounted(desk, file.path);
		if (format === undefined) desk.write(octets(whole(name, file, on)));
		else desk.write(octets(filled(format, given.has('printf'), name, file, on) + (given.has('printf') ? '' : '\n')));
	}
}
