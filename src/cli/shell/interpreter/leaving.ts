/** What ends a shell: `exit`, and `exec` of a command. */
import { frameOf } from '../frame.ts';
import type { Interpreter, Result } from '../just-bash.ts';
import { deliver, type Routes } from '../routes.ts';
import { leaveSubshell } from '../trap-runs.ts';
import { trapsOf } from '../traps.ts';

/** What the builtin `exit` threw. */
export const leaving = new WeakSet<Error>();

/** `exec` of a command: the shell becomes it, and ends with it. */
export async function become(
	it: Interpreter,
	args: readonly string[],
	stdin: string,
	more: readonly unknown[],
	own: Routes,
): Promise<Result> {
	const frame = frameOf(it)!;
	const { state } = it.ctx;
	const words = [...args];
	let name: string | undefined;
	const stray = /^-[acl]*([^acl])/.exec(words[0] ?? '')?.[1];
	if (stray !== undefined && words[0] !== '--')
		return (await import('../builtins/options.ts')).refused('exec', `-${stray}: invalid option`);
	while (/^-[acl]+$/.test(words[0] ?? '')) if (words.shift()!.includes('a')) name = words.shift();
	const [command = '', ...rest] = words;
	const wrong = await frame.host.notRun(command, state);
	let result: Result;
	if (wrong !== undefined) {
		const why = command.includes('/') ? `${command}: ${wrong}` : `exec: ${command}: not found`;
		result = { stdout: '', stderr: `bash: ${why}\n`, exitCode: wrong.startsWith('Perm') ? 126 : 127 };
		if (frame.host.interactive) return result;
	} else {
		trapsOf(state).delete('EXIT');
		frame.waiting = own;
		frame.becomes = true;
		const before = state.env.get('BASH_ARGV0');
		if (name !== undefined) state.env.set('BASH_ARGV0', name);
		const quoted = rest.map(() => true);
		result = deliver(await it.runCommand(command, rest, quoted, stdin, true, ...more.slice(1)), own);
		if (name !== undefined && before === undefined) state.env.delete('BASH_ARGV0');
	}
	frame.become = result.exitCode;
	return result;
}

/** A subshell that says `exit` runs its trap first. */
export async function leaveBy(it: Interpreter, args: readonly string[], own: Routes): Promise<Result> {
	const code = /^\d+$/.test(args[0] ?? '') ? Number(args[0]) & 255 : it.ctx.state.lastExitCode;
	return deliver(await leaveSubshell(it, code), own);
}

/** It ends once its output went where it was sent. */
export async function ends(it: Interpreter, code: number, { stdout, stderr }: Result): Promise<Result> {
	try {
		return await it.runCommand('exit', [String(code)], [true], '');
	} catch (error) {
		throw Object.assign(error as object, { stdout, stderr });
	}
}
