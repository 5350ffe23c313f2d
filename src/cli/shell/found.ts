/** Whether a program is there to be run, and what stands in the first line of a script. */
import type { State } from './just-bash.ts';
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
	if (text.startsWith('\x7fELF') || text.startsWith('\0'))
		return { fault: `bash: ${name}: cannot execute binary file: Exec format error\n`, code: 126 };
	const first = new TextDecoder().decode(octetsOf(/^#!.*/.exec(text)?.[0] ?? ''));
	const [interpreter, argument] = /^#![ \t]*(\S+)[ \t]*(.*?)[ \t]*$/.exec(first)?.slice(1) ?? [];
	if (interpreter === undefined) return ['bash', name];
	const wrong = await notRun(shell, state, interpreter);
	if (wrong !== undefined) return { fault: `bash: ${name}: ${interpreter}: bad interpreter: ${wrong}\n`, code: 126 };
	return [interpreter, ...(argument ? [argument] : []), name];
}
