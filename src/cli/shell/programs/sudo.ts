/**
 * Who becomes somebody else: `sudo` (sudo 1.9.9, plugins/sudoers/{env,parse}.c, src/parse_args.c) and `su` (util-linux
 * 2.37 login-utils/su-common.c; busybox loginutils/su.c). No password is ever asked for that would fit: the workstation's
 * sudoers asks for none, and nobody has one.
 */
import { type LineRun, Output } from '../call.ts';
import { exported } from '../exported.ts';
import type { ProgramCall } from '../frame.ts';
import { type Identity, identityOf, personNamed, personOf, setIdentity } from '../identity.ts';
import type { Result } from '../just-bash.ts';
import { isShown } from '../routes.ts';
import type { Shell } from '../shell.ts';
import type { OwnProgram } from './index.ts';
import { quoted, typed } from './nested.ts';
import { assignments, failure } from './wrappers.ts';

const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin';

/** Of whoever installed this workstation (plugins/sudoers/parse.c, display_privs(), @ 1.9.9). */
const ALLOWED = `Matching Defaults entries for learner on laptop:
    env_reset, mail_badpass, secure_path=${SECURE_PATH.replaceAll(':', '\\:')}, use_pty

User learner may run the following commands on laptop:
    (ALL) NOPASSWD: ALL
`;

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-AknS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-AknS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command]
usage: sudo [-AbEHknPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i|-s] [<command>]
usage: sudo -e [-AknS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...
`;

/** What env_reset leaves of one's variables (plugins/sudoers/env.c, initial_keepenv_table and initial_checkenv_table). */
const KEPT =
	/^(?:COLORS|COLORTERM|DISPLAY|HOSTNAME|KRB5CCNAME|LANG|LANGUAGE|LC_\w+|LINGUAS|LS_COLORS|PS1|PS2|TERM|TZ|XAUTHORITY|XDG_CURRENT_DESKTOP)$/;

/** Long options of sudo by their letters. */
const LONG: Readonly<Record<string, string>> = {
	askpass: 'A',
	background: 'b',
	'preserve-env': 'E',
	edit: 'e',
	group: 'g',
	'set-home': 'H',
	help: 'h',
	login: 'i',
	'remove-timestamp': 'K',
	'reset-timestamp': 'k',
	list: 'l',
	'non-interactive': 'n',
	'preserve-groups': 'P',
	prompt: 'p',
	chroot: 'R',
	chdir: 'D',
	shell: 's',
	stdin: 'S',
	user: 'u',
	'other-user': 'U',
	version: 'V',
	validate: 'v',
	'close-from': 'C',
	'command-timeout': 'T',
};

interface Asked {
	readonly has: ReadonlySet<string>;
	readonly values: ReadonlyMap<string, string>;
	readonly words: string[];
}

/** getopt_long() over sudo's options, which end at the first word that is none. */
function optionsOf(args: readonly string[], valued: string, flags: string): Asked | { readonly fault: string } {
	const words = [...args];
	const has = new Set<string>();
	const values = new Map<string, string>();
	while (words[0]?.startsWith('-') && words[0] !== '-') {
		const word = words.shift()!;
		if (word === '--') break;
		if (word.startsWith('--')) {
			const [name = '', value] = word.slice(2).split(/=(.*)/s);
			const letter = LONG[name];
			if (letter === undefined) return { fault: `unrecognized option '${word}'` };
			has.add(letter);
			if (value !== undefined) values.set(letter, value);
			else if (valued.includes(letter)) values.set(letter, words.shift() ?? '');
			continue;
		}
		for (let i = 1; i < word.length; i++) {
			const letter = word[i]!;
			if (valued.includes(letter)) {
				has.add(letter);
				const rest = word.slice(i + 1);
				if (rest === '' && words.length === 0) return { fault: `option requires an argument -- '${letter}'` };
				values.set(letter, rest === '' ? words.shift()! : rest);
				break;
			}
			if (!flags.includes(letter)) return { fault: `invalid option -- '${letter}'` };
			has.add(letter);
		}
	}
	return { has, values, words };
}

/** Runs a command, or a shell, as somebody; what the command line's words already are is run in the line's own place. */
async function become(
	call: ProgramCall,
	shell: Shell,
	as: Identity,
	what: {
		readonly argv: readonly string[] | undefined;
		readonly env: ReadonlyMap<string, string>;
		readonly cwd?: string;
		/** Who says that something cannot be run. */
		readonly name: string;
	},
): Promise<Result> {
	const { state } = call;
	const { files } = shell;
	const before = identityOf(state);
	const { cwd } = state;
	const run = call.run as LineRun;
	const gone = [...exported(state).keys()].filter((name) => !what.env.has(name));
	setIdentity(state, as);
	if (what.cwd !== undefined) state.cwd = what.cwd;
	// The files do not know who asks: what runs beside a job is not the job's.
	const alone = run.pid === undefined;
	try {
		if (what.argv === undefined && run.interactive && isShown(call.routes) && call.stdin() === '')
			return await interactive(call, shell, what.env);
		if (alone) files.asked.push(as);
		const [program = as.shell.slice(as.shell.lastIndexOf('/') + 1), ...args] = what.argv ?? [];
		if (what.argv) {
			const { notRun } = await import('../found.ts');
			const why = await notRun(shell, { ...state, env: new Map([...state.env, ...what.env]) }, program);
			if (why?.startsWith('Perm')) return failure(`${what.name}: ${program}: command not found\n`, 1);
			if (why !== undefined && what.name === 'sudo') return failure(`sudo: ${program}: command not found\n`, 1);
		}
		return await call.instead(program, args, [...what.env], gone);
	} finally {
		if (alone && files.asked.includes(as)) files.asked.splice(files.asked.lastIndexOf(as), 1);
		state.cwd = cwd;
		setIdentity(state, before);
	}
}

/** A shell to type into, with other variables than its parent's. */
async function interactive(call: ProgramCall, shell: Shell, env: ReadonlyMap<string, string>): Promise<Result> {
	const output = new Output(call.routes);
	const { state } = call;
	const kept = [new Map(state.env), new Set(state.exportedVars)] as const;
	state.exportedVars.clear();
	for (const [name, value] of env) {
		state.env.set(name, value);
		state.exportedVars.add(name);
	}
	try {
		return output.result(await typed(call, shell, 'bash'));
	} finally {
		state.env.clear();
		for (const [name, value] of kept[0]) state.env.set(name, value);
		for (const name of kept[1]) state.exportedVars.add(name);
	}
}

const NOLOGIN = /\/(?:nologin|false)$/;

/** Where a program is. */
async function pathOf({ files }: Shell, name: string): Promise<string | undefined> {
	if (name.includes('/')) return name;
	for (const folder of SECURE_PATH.split(':')) if (await files.exists(`${folder}/${name}`)) return `${folder}/${name}`;
	return undefined;
}

export const sudo: OwnProgram['run'] = async (call, shell) => {
	if (call.args.length === 1 && /^(?:-h|--help)$/.test(call.args[0]!))
		return { ...failure('', 0), stdout: `sudo - execute a command as another user\n\n${USAGE}` };
	const asked = optionsOf(call.args, 'ugpCDhRTUrt', 'AbeEHiKklnPsSVv');
	if ('fault' in asked) return failure(`sudo: ${asked.fault}\n${USAGE}`, 1);
	const { has, values, words } = asked;
	const self = identityOf(call.state) ?? personOf(shell.facts);
	if (has.has('V')) return { ...failure('', 0), stdout: 'Sudo version 1.9.9\n' };
	if (self.uid !== 0 && self.name !== 'learner')
		return failure(`${self.name} is not in the sudoers file.  This incident will be reported.\n`, 1);
	if (has.has('v') || ((has.has('k') || has.has('K')) && words.length === 0)) return failure('', 0);
	if (has.has('l')) {
		if (words.length === 0)
			return {
				...failure('', 0),
				stdout: self.uid === 0 ? ALLOWED.replaceAll('learner', 'root').replace('NOPASSWD: ', '') : ALLOWED,
			};
		const path = await pathOf(shell, words[0]!);
		if (path !== undefined) return { ...failure('', 0), stdout: `${[path, ...words.slice(1)].join(' ')}\n` };
		return failure(`sudo: ${words[0]}: command not found\n`, 1);
	}
	for (const letter of ['e', 'R', 'r', 't', 'T', 'C', 'U'])
		if (has.has(letter)) return failure(`sudo: the simulator has not -${letter} of sudo\n`, 1);
	const wanted = (values.get('u') ?? 'root').replace(/^#/, '');
	const found = await personNamed(shell.files, wanted);
	if (!found)
		return failure(`sudo: unknown user ${values.get('u')}\nsudo: error initializing audit plugin sudoers_audit\n`, 1);
	let as = found;
	const group = values.get('g');
	if (group !== undefined) {
		const rows = (await shell.files.readFile('/etc/group')).split('\n').map((line) => line.split(':'));
		const row = rows.find(([name, , gid]) => name === group || `#${gid}` === group);
		if (!row) return failure(`sudo: unknown group ${group}\nsudo: error initializing audit plugin sudoers_audit\n`, 1);
		// A group alone leaves one who one is.
		const gid = Number(row[2]);
		as = {
			...(has.has('u') ? found : self),
			gid,
			groups: [gid, ...(has.has('u') ? found : self).groups.filter((n) => n !== gid)],
		};
	}
	const login = has.has('i');
	const shelled = has.has('s') || login;
	const given = assignments(words);
	if (words.length === 0 && !shelled) return failure(USAGE, 1);
	if (login && has.has('s')) return failure(`sudo: you may not specify both the -i and -s options\n${USAGE}`, 1);
	const own = exported(call.state);
	const env = new Map<string, string>();
	const list = values.get('E')?.split(',');
	for (const [name, value] of own)
		if (KEPT.test(name) || (has.has('E') && (list === undefined || list.includes(name)))) env.set(name, value);
	const all = has.has('E') && list === undefined;
	env.set('PATH', SECURE_PATH);
	for (const [name, value] of [
		['MAIL', `/var/mail/${as.name}`],
		['LOGNAME', as.name],
		['USER', as.name],
		['HOME', as.home],
		['SHELL', as.shell],
	] as const)
		if (!all || (name === 'HOME' && (has.has('H') || login))) env.set(name, value);
	if (all) for (const name of ['LOGNAME', 'USER']) env.set(name, as.name);
	for (const [name, value] of given) env.set(name, value);
	const line = words.map(quoted).join(' ');
	const shellName = as.shell.slice(as.shell.lastIndexOf('/') + 1);
	const argv = shelled ? (words.length > 0 ? [shellName, '-c', line] : undefined) : words;
	if (shelled && NOLOGIN.test(as.shell))
		return { ...failure('', 1), stdout: 'This account is currently not available.\n' };
	const [program = as.shell, ...args] = argv ?? [];
	env.set('SUDO_COMMAND', [(await pathOf(shell, program)) ?? program, ...args].join(' '));
	env.set('SUDO_USER', self.name);
	env.set('SUDO_UID', String(self.uid));
	env.set('SUDO_GID', String(self.gid));
	const cwd = values.get('D') ?? (login ? as.home : undefined);
	if (cwd !== undefined && !(await shell.files.exists(cwd)))
		return failure(`sudo: unable to change directory to ${cwd}: No such file or directory\n`, 1);
	return become(call, shell, as, { argv, env, name: 'sudo', ...(cwd === undefined ? {} : { cwd }) });
};

export const su: OwnProgram['run'] = async (call, shell) => {
	const words: string[] = [];
	let [login, keep] = [false, false];
	let [command, program]: (string | undefined)[] = [];
	const args = [...call.args];
	while (args.length > 0) {
		const word = args.shift()!;
		if (word === '-' || word === '-l' || word === '--login') login = true;
		else if (word === '-c' || word === '--command') command = args.shift();
		else if (word.startsWith('--command=')) command = word.slice('--command='.length);
		else if (word === '-s' || word === '--shell') program = args.shift();
		else if (word.startsWith('--shell=')) program = word.slice('--shell='.length);
		else if (/^-(?:m|p|-preserve-environment)$/.test(word)) keep = true;
		else if (word === '--') words.push(...args.splice(0));
		else if (word.startsWith('-'))
			return failure(
				`su: invalid option -- '${word.replace(/^-+/, '').slice(0, 1)}'\nTry 'su --help' for more information.\n`,
				1,
			);
		else words.push(word);
	}
	const self = identityOf(call.state) ?? personOf(shell.facts);
	const [name = 'root', ...rest] = words;
	const found = await personNamed(shell.files, name);
	if (!found || found.name !== name)
		return failure(
			shell.facts.sh === 'ash'
				? `su: unknown user ${name}\n`
				: `su: user ${name} does not exist or the user entry does not contain all the required fields\n`,
			1,
		);
	// In the place's /etc/shadow nobody has a password that fits.
	if (self.uid !== 0)
		return {
			...failure(shell.facts.sh === 'ash' ? 'su: incorrect password\n' : 'su: Authentication failure\n', 1),
			stdout: 'Password: \n',
		};
	const as = { ...found, shell: program ?? found.shell };
	if (NOLOGIN.test(as.shell)) return { ...failure('', 1), stdout: 'This account is currently not available.\n' };
	const own = exported(call.state);
	const env = new Map<string, string>(login ? [] : own);
	if (login) {
		const term = own.get('TERM');
		if (term !== undefined) env.set('TERM', term);
		env.set(
			'PATH',
			as.uid === 0
				? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
				: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
		);
		env.set('MAIL', `/var/mail/${as.name}`);
	}
	if (!keep) {
		env.set('HOME', as.home);
		env.set('SHELL', as.shell);
		if (as.uid !== 0 || login) for (const key of ['USER', 'LOGNAME']) env.set(key, as.name);
	}
	const shellName = as.shell.slice(as.shell.lastIndexOf('/') + 1);
	const argv =
		command === undefined ? (rest.length > 0 ? [shellName, ...rest] : undefined) : [shellName, '-c', command, ...rest];
	const cwd = login && (await shell.files.exists(as.home)) ? as.home : undefined;
	return become(call, shell, as, { argv, env, name: 'su', ...(cwd === undefined ? {} : { cwd }) });
};
