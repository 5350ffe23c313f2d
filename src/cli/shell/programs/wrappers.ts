/**
 * Programs that run another one in their place: `env` (and `printenv`, which only lists), `stdbuf`, `nice`; and `less` and `more`, which show all
 * there is, as `less -FX` does with what fits on the screen: the terminal scrolls by itself.
 */
import { exported } from '../exported.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import type { Shell } from '../shell.ts';
import type { OwnProgram } from './index.ts';

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/** Leaves out options; `valued` are letters of those that take a value. */
function behindOptions(args: readonly string[], valued: string): string[] {
	const words = [...args];
	while (words[0]?.startsWith('-') && words[0] !== '-') {
		const word = words.shift()!;
		if (word === '--') break;
		if (/^-\w+$/.test(word) && valued.includes(word.at(-1)!)) words.shift();
	}
	return words;
}

/** Leading `NAME=value` words, taken off. */
export function assignments(words: string[]): [string, string][] {
	const env: [string, string][] = [];
	for (let match = ASSIGNMENT.exec(words[0] ?? ''); match; match = ASSIGNMENT.exec(words[0] ?? '')) {
		env.push([match[1]!, match[2]!]);
		words.shift();
	}
	return env;
}

export const failure = (text: string, exitCode: number): Result => ({ stdout: '', stderr: text, exitCode });

const lines = (env: Iterable<readonly [string, string]>, end: string): Result => ({
	stdout: [...env].map(([name, value]) => `${name}=${value}${end}`).join(''),
	stderr: '',
	exitCode: 0,
	stdoutKind: 'text',
});

/** coreutils env(1): runs a command with other variables, or lists what a program would get. */
export const env: OwnProgram = {
	name: 'env',
	reads: 'itself',
	async run(call: ProgramCall, shell) {
		const words = [...call.args];
		const variables = new Map(exported(call.state));
		let end = '\n';
		let directory: string | undefined;
		while (words[0]?.startsWith('-')) {
			const word = words.shift()!;
			if (word === '--') break;
			if (word === '-' || word === '-i' || word === '--ignore-environment') variables.clear();
			else if (word === '-0' || word === '--null') end = '\0';
			else if (word === '-u' || word === '--unset') variables.delete(words.shift() ?? '');
			else if (word.startsWith('-u')) variables.delete(word.slice(2));
			else if (word.startsWith('--unset=')) variables.delete(word.slice('--unset='.length));
			else if (word === '-C' || word === '--chdir') directory = words.shift();
			else if (word.startsWith('--chdir=')) directory = word.slice('--chdir='.length);
			else if (word === '-S' || word === '--split-string') words.unshift(...splitString(words.shift() ?? ''));
			else if (/^-S./.test(word)) words.unshift(...splitString(word.slice(2)));
			else if (word.startsWith('--split-string=')) words.unshift(...splitString(word.slice('--split-string='.length)));
			else if (word === '-v' || word === '--debug') continue;
			else {
				const what = word.startsWith('--') ? `unrecognized option '${word}'` : `invalid option -- '${word[1]}'`;
				return failure(`env: ${what}\nTry 'env --help' for more information.\n`, 125);
			}
		}
		const given = assignments(words);
		const [name, ...args] = words;
		if (name === undefined) return lines(new Map([...variables, ...given]), end);
		if (end === '\0')
			return failure("env: cannot specify --null (-0) with command\nTry 'env --help' for more information.\n", 125);
		const gone = [...exported(call.state).keys()].filter((key) => !variables.has(key));
		const { state } = call;
		const { cwd } = state;
		if (directory !== undefined) {
			const path = shell.files.resolvePath(cwd, directory);
			const there = (await shell.files.exists(path)) && (await shell.files.stat(path)).isDirectory;
			if (!there) return failure(`env: cannot change directory to '${directory}': No such file or directory\n`, 125);
			state.cwd = path;
		}
		try {
			return (await notStarted('env', call, shell, name)) ?? (await call.instead(name, args, given, gone));
		} finally {
			state.cwd = cwd;
		}
	},
};

/** coreutils printenv(1). */
export const printenv: OwnProgram = {
	name: 'printenv',
	reads: 'itself',
	async run(call: ProgramCall) {
		const variables = exported(call.state);
		const end = call.args.includes('-0') || call.args.includes('--null') ? '\0' : '\n';
		const names = call.args.filter((word) => !/^-/.test(word));
		if (names.length === 0) return lines(variables, end);
		const found = names.flatMap((name) => (variables.has(name) ? [`${variables.get(name)}${end}`] : []));
		return { stdout: found.join(''), stderr: '', exitCode: found.length === names.length ? 0 : 1, stdoutKind: 'text' };
	},
};

/** Words of `env -S`, which a script's first line has as one (coreutils src/env.c, build_argv()). */
const splitString = (text: string): string[] =>
	(text.match(/(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? []).map((word) =>
		word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double, single) =>
			single === undefined ? (double as string).replace(/\\(.)/g, '$1') : single,
		),
	);

/** What coreutils say of a command that is not there (src/{env,nice,stdbuf}.c), busybox in its place. */
export async function notStarted(
	name: string,
	call: ProgramCall,
	shell: Shell,
	command: string,
): Promise<Result | undefined> {
	const { mark, notRun } = await import('../found.ts');
	const why = await notRun(shell, call.state, command);
	if (why === undefined) return undefined;
	const text =
		shell.facts.sh === 'ash'
			? `${name}: can't execute '${command}': ${why}`
			: name === 'stdbuf' || name === 'timeout'
				? `${name}: failed to run command ${mark(call.state, command)}: ${why}`
				: `${name}: ${mark(call.state, command)}: ${why}`;
	return failure(`${text}\n`, why.startsWith('Perm') ? 126 : 127);
}

const runs = (name: string, valued: string): OwnProgram => ({
	name,
	reads: 'itself',
	async run(call, shell) {
		const [command, ...args] = behindOptions(call.args, valued);
		if (command === undefined)
			return failure(`${name}: missing operand\nTry '${name} --help' for more information.\n`, 125);
		return (await notStarted(name, call, shell, command)) ?? call.instead(command, args, []);
	},
});

export const stdbuf = runs('stdbuf', 'ioe');
export const nice = runs('nice', 'n');

const pager = (name: string): OwnProgram => ({
	name,
	reads: 'itself',
	run: (call) =>
		call.instead(
			'cat',
			call.args.filter((word) => !/^[-+]./.test(word)),
			[],
		),
});

export const less = pager('less');
export const more = pager('more');
