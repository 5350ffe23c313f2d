/** Small programs that tell of the terminal and of the system: tput, stty, logname, groups, lsb_release, busybox. */
import { mark } from '../found.ts';
import type { OwnProgram } from '../programs/index.ts';
import { type Desk, Leave } from './desk.ts';

const sizeOf = (desk: Desk, name: 'COLUMNS' | 'LINES'): string =>
	desk.call.state.env.get(name) ?? (name === 'COLUMNS' ? '80' : '24');

/** ncurses progs/tput.c, with the strings of an xterm (terminfo). */
export async function tput(desk: Desk): Promise<void> {
	const [name, ...values] = desk.args.filter((word, i, all) => !/^-T/.test(word) && all[i - 1] !== '-T');
	if (name === undefined) throw new Leave('usage: tput [-V] [-S] [-T term] capname\n', 2);
	const STRINGS: Readonly<Record<string, string>> = {
		bold: '\x1b[1m',
		civis: '\x1b[?25l',
		clear: '\x1b[H\x1b[2J\x1b[3J',
		cnorm: '\x1b[?12l\x1b[?25h',
		dim: '\x1b[2m',
		el: '\x1b[K',
		home: '\x1b[H',
		rev: '\x1b[7m',
		rmso: '\x1b[27m',
		rmul: '\x1b[24m',
		sgr0: '\x1b(B\x1b[m',
		smso: '\x1b[7m',
		smul: '\x1b[4m',
	};
	const color = Number(values[0]);
	if (name === 'cols') desk.write(`${sizeOf(desk, 'COLUMNS')}\n`);
	else if (name === 'lines') desk.write(`${sizeOf(desk, 'LINES')}\n`);
	else if (name === 'colors') desk.write('256\n');
	else if (Object.hasOwn(STRINGS, name)) desk.write(STRINGS[name]!);
	else if ((name === 'setaf' || name === 'setab') && Number.isInteger(color)) {
		const first = name === 'setaf' ? 3 : 4;
		desk.write(
			`\x1b[${color < 8 ? first * 10 + color : color < 16 ? (first + 6) * 10 + color - 8 : `${first}8;5;${color}`}m`,
		);
	} else throw new Leave(`tput: the simulator does not have '${name}'\n`, 4);
}

/** coreutils src/stty.c: the size of the terminal; nothing of it can be set. */
export async function stty(desk: Desk): Promise<void> {
	if (!desk.shell.interactive || !(desk.call.run as { readonly tty?: boolean }).tty)
		throw new Leave("stty: 'standard input': Inappropriate ioctl for device\n");
	const [word] = desk.args;
	if (word === 'size') desk.write(`${sizeOf(desk, 'LINES')} ${sizeOf(desk, 'COLUMNS')}\n`);
	else if (word === 'speed') desk.write('38400\n');
	else if (word === undefined) desk.write('speed 38400 baud; line = 0;\n-brkint -imaxbel iutf8\n');
	else throw new Leave(`stty: the simulator's terminal cannot be set: ${desk.args.join(' ')}\n`);
}

export async function logname(desk: Desk): Promise<void> {
	desk.options('');
	if (desk.shell.facts.container || desk.shell.user === 'root') throw new Leave('logname: no login name\n');
	desk.write(`${desk.shell.user}\n`);
}

/** coreutils src/groups.c: of others by the place's files. */
export const groups: OwnProgram['run'] = async (call, { files }) => {
	if (call.args.length === 0) return call.instead('id', ['-Gn'], []);
	const rows = async (path: string): Promise<string[][]> =>
		(await files.exists(path)) ? (await files.readFile(path)).split('\n').map((line) => line.split(':')) : [];
	const [people, known] = [await rows('/etc/passwd'), await rows('/etc/group')];
	let stdout = '';
	let stderr = '';
	for (const name of call.args) {
		const person = people.find(([own]) => own === name);
		const of = known.filter(([, , gid, members]) => gid === person?.[3] || members?.split(',').includes(name));
		const first = of.filter(([, , gid]) => gid === person?.[3]);
		if (!person) stderr += `groups: ${mark(call.state, name)}: no such user\n`;
		else
			stdout += `${name} : ${[...first, ...of.filter((row) => !first.includes(row))].map(([own]) => own).join(' ')}\n`;
	}
	return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
};

/** lsb_release (Debian's lsb-release 11): by /etc/os-release. */
export async function lsbRelease(desk: Desk): Promise<void> {
	const given = desk.options('aidrcsv', ['all>a', 'id>i', 'description>d', 'release>r', 'codename>c', 'short>s']);
	const text = await desk.read('/etc/os-release');
	const value = (key: string): string => new RegExp(`^${key}="?([^"\n]*)`, 'm').exec(text ?? '')?.[1] ?? 'n/a';
	const id = value('ID');
	const rows: readonly (readonly [string, string, string])[] = [
		['i', 'Distributor ID', id[0]?.toUpperCase() + id.slice(1)],
		['d', 'Description', value('PRETTY_NAME')],
		['r', 'Release', value('VERSION_ID')],
		['c', 'Codename', value('VERSION_CODENAME')],
	];
	if (!['i', 'd', 'r', 'c'].some((o) => given.has(o)) || given.has('a')) desk.say('No LSB modules are available.\n');
	for (const [option, name, shown] of rows)
		if (given.has('a') || given.has(option)) desk.write(given.has('s') ? `${shown}\n` : `${name}:\t${shown}\n`);
}

/** busybox's own name: an applet by its first word, or all of them. */
export const busybox: OwnProgram['run'] = async (call, shell) => {
	const [applet, ...words] = call.args;
	const names = [...(shell.core.installed(shell.place) ?? [])]
		.filter(([path, file]) => file.link === '/bin/busybox' || (path.startsWith('/bin/') && (file.links ?? 1) > 1))
		.map(([path]) => path)
		.filter((path) => path !== '/bin/busybox')
		.sort((a, b) => (a.slice(a.lastIndexOf('/')) < b.slice(b.lastIndexOf('/')) ? -1 : 1));
	const plain = names.map((path) => path.slice(path.lastIndexOf('/') + 1));
	const banner =
		'BusyBox v1.35.0 (2022-08-01 15:14:44 UTC) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\n';
	if (applet === '--list') return { stdout: plain.map((name) => `${name}\n`).join(''), stderr: '', exitCode: 0 };
	if (applet === '--list-full')
		return { stdout: names.map((path) => `${path.slice(1)}\n`).join(''), stderr: '', exitCode: 0 };
	if (applet === undefined || applet === '--help') {
		const lines: string[] = [''];
		for (const [i, name] of plain.entries()) {
			const word = i < plain.length - 1 ? `${name}, ` : name;
			if (lines.at(-1)!.length + word.trimEnd().length > 72) lines.push('');
			lines[lines.length - 1] += word;
		}
		const usage =
			'Usage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: function [arguments]...\n\n\tBusyBox is a multi-call binary that combines many common Unix\n\tutilities into a single executable.  Most people will create a\n\tlink to busybox for each function they wish to use and BusyBox\n\twill act like whatever it was invoked as.\n\nCurrently defined functions:\n';
		return {
			stdout: `${banner}${usage}${lines.map((line) => `\t${line.trimEnd()}\n`).join('')}`,
			stderr: '',
			exitCode: 0,
		};
	}
	if (!plain.includes(applet)) return { stdout: '', stderr: `${applet}: applet not found\n`, exitCode: 127 };
	return call.instead(applet, words, []);
};
