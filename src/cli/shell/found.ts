/** Whether a program is there to be run, and what stands in the first line of a script. */
import { runTool } from './call.ts';
import type { Result, State } from './just-bash.ts';
import type { OwnProgram } from './programs/index.ts';
import { octetsOf } from './routes.ts';
import type { Shell } from './shell.ts';

const BIN = /^(?:\/usr)?(?:\/local)?\/s?bin\/[^/]+$/;

/** What is no file, but the shell itself. */
const BUILT_IN = new Set(
	'. : alias bg bind break builtin caller cd command complete continue declare dirs disown eval exec exit export fc fg getopts hash help history jobs let local logout mapfile popd pushd read readarray readonly return set shift shopt source suspend times trap type typeset ulimit umask unalias unset wait'.split(
		' ',
	),
);

/** Why a program cannot be run as a file, in kernel's words; undefined when it can. */
export async function notRun(shell: Shell, state: State, name: string): Promise<string | undefined> {
	const { core, place, files } = shell;
	if (name.includes('/')) {
		if (BIN.test(name) && core.has(place, name)) return undefined;
		const path = files.resolvePath(state.cwd, name);
		if (!(await files.exists(path))) return 'No such file or directory';
		const { isDirectory, mode } = await files.stat(path);
		return isDirectory || (mode & 0o111) === 0 ? 'Permission denied' : undefined;
	}
	if (core.has(place, name) && !BUILT_IN.has(name)) return undefined;
	for (const directory of (state.env.get('PATH') ?? '').split(':')) {
		const path = `${directory}/${name}`;
		if (BIN.test(path) || !(await files.exists(path))) continue;
		const { isDirectory, mode } = await files.stat(path);
		if (!isDirectory && (mode & 0o111) !== 0) return undefined;
	}
	return 'No such file or directory';
}

/**
 * Of a program that a place has and the simulator has not: one sentence, not as if the place lacked it. Undefined of what
 * is not there, of what somebody wrote, and of a program that runs.
 */
export async function unsimulated(shell: Shell, state: State, name: string): Promise<Result | OwnProgram | undefined> {
	const { files } = shell;
	const folders = name.includes('/') ? [''] : (state.env.get('PATH') ?? '').split(':');
	for (const folder of folders) {
		const path = files.resolvePath(state.cwd, folder === '' ? name : `${folder}/${name}`);
		const { there, file } = await files.programAt(path);
		if (!there) continue;
		if (!file || (file.mode ?? 0o755) % 2 === 0) return undefined;
		const plain = name.slice(name.lastIndexOf('/') + 1);
		const { core, place } = shell;
		const tool = await core.knower?.asFile?.(place, core.lab, plain);
		if (tool) return { name: plain, run: (call) => runTool(tool, call, shell.callHost()) };
		return {
			stdout: '',
			stderr: `${plain}: the program is here, but the simulator does not have it\n`,
			exitCode: 1,
		};
	}
	return undefined;
}

/** What bash says of a program that its place had and that somebody took away; undefined of any other. */
export async function takenAway({ files }: Shell, state: State, name: string): Promise<Result | undefined> {
	const folders = name.includes('/') ? [] : (state.env.get('PATH') ?? '').split(':');
	const paths = folders.length > 0 ? folders.map((folder) => `${folder}/${name}`) : [name];
	let taken = false;
	for (const path of paths) {
		const full = files.resolvePath(state.cwd, path);
		if (await files.takenAway(full)) taken = true;
		else if (taken && (await files.exists(full))) return undefined;
	}
	if (!taken) return undefined;
	const stderr = name.includes('/')
		? `bash: ${name}: No such file or directory\n`
		: `bash: ${name}: command not found\n`;
	return { stdout: '', stderr, exitCode: 127 };
}

/** What `name --version` writes, or a program that has not all options; undefined of one that answers for itself, or is not there. */
export async function versionOf(
	shell: Shell,
	state: State,
	name: string,
	args: readonly string[],
): Promise<Result | undefined> {
	const plain = name.slice(name.lastIndexOf('/') + 1);
	const { core, place } = shell;
	const answer = await core.knower?.versionOf?.(place, core.lab, plain, args);
	if (!answer || (await notRun(shell, state, name)) !== undefined) return undefined;
	return { ...answer, stdoutKind: 'text' };
}

/** `command -v` and `-V` (bash builtins/command.def @ 5.1): just-bash's answers for what is no program of the lab's. */
export async function commandAt(
	{ files }: Shell,
	state: State,
	args: readonly string[],
	one: (word: string) => Promise<Result>,
): Promise<Result> {
	const [flag = '', ...words] = args;
	let stdout = '';
	let stderr = '';
	let found = false;
	for (const word of words) {
		const plain = await one(word);
		let said = plain.exitCode === 0 ? plain.stdout : '';
		if (said === '' && word !== '' && !word.includes('/'))
			for (const folder of (state.env.get('PATH') ?? '').split(':')) {
				const path = files.resolvePath(state.cwd, `${folder}/${word}`);
				if (!(await files.exists(path))) continue;
				const { isDirectory, mode } = await files.stat(path);
				if (isDirectory || (mode & 0o111) === 0) continue;
				said = flag.includes('V') ? `${word} is ${path}\n` : `${path}\n`;
				break;
			}
		found ||= said !== '';
		stdout += said;
		if (said === '' && flag.includes('V')) stderr += `bash: command: ${word}: not found\n`;
	}
	return { stdout, stderr, exitCode: found ? 0 : 1 };
}

/** Quotation marks of GNU's messages, by the locale. */
export const mark = (state: State, word: string): string =>
	/utf-?8/i.test(state.env.get('LC_ALL') ?? state.env.get('LANG') ?? '') ? `‘${word}’` : `'${word}'`;

/**
 * How a file that was named with a slash is run: the words of its interpreter (execve(2), `#!`), or bash's word for what
 * cannot be run (execute_cmd.c, shell_execve() @ 5.1).
 */
export async function scriptWords(
	shell: Shell,
	state: State,
	name: string,
): Promise<readonly string[] | { readonly fault: string; readonly code: number } | undefined> {
	const { files } = shell;
	if (BIN.test(name)) return undefined;
	const path = files.resolvePath(state.cwd, name);
	if (!(await files.exists(path))) return undefined;
	const { isDirectory, mode } = await files.stat(path);
	if (isDirectory) return { fault: `bash: ${name}: Is a directory\n`, code: 126 };
	if ((mode & 0o111) === 0) return undefined;
	const text = await files.readFile(path, 'binary');
	if (text.startsWith('\x7fELF'))
		return {
			fault: `bash: ${name}: the simulator runs programs where they are installed, and no copies of them\n`,
			code: 126,
		};
	if (text.startsWith('\0'))
		return { fault: `bash: ${name}: cannot execute binary file: Exec format error\n`, code: 126 };
	const first = new TextDecoder().decode(octetsOf(/^#!.*/.exec(text)?.[0] ?? ''));
	const [interpreter, argument] = /^#![ \t]*(\S+)[ \t]*(.*?)[ \t]*$/.exec(first)?.slice(1) ?? [];
	if (interpreter === undefined) return ['bash', name];
	const wrong = await notRun(shell, state, interpreter);
	if (wrong !== undefined) return { fault: `bash: ${name}: ${interpreter}: bad interpreter: ${wrong}\n`, code: 126 };
	return [interpreter, ...(argument ? [argument] : []), name];
}
