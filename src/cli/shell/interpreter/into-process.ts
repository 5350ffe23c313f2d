/**
 * Output that goes into a process, `> >(…)` (bash(1), Process Substitution): it is kept until what writes it is over, and
 * the process reads it then. just-bash forgets it where something leaves by `exit`, and behind `exec`.
 */
import { frameOf } from '../frame.ts';
import type { CommandNode, Interpreter, Result, StatementNode } from '../just-bash.ts';
import { HIDDEN } from '../programs/names.ts';
import { deliver, type Routes } from '../routes.ts';
import { isInto, wordOf } from './words.ts';

/** What is still to be read, by a process each. */
interface Kept {
	readonly path: string;
	readonly statements: readonly StatementNode[];
}

const literal = (value: string) => ({ type: 'Word', parts: [{ type: 'Literal', value }] });
let count = 0;

/** The command with files in the place of processes. */
function withFiles<T extends CommandNode>(node: T): { readonly node: T; readonly kept: readonly Kept[] } {
	const kept: Kept[] = [];
	const redirections = node.redirections!.map((one) => {
		if (!isInto(one)) return one;
		const path = `/tmp/.${HIDDEN}${count++}`;
		kept.push({ path, statements: wordOf(one)[0]!.body!.statements });
		return { ...one, target: literal(path) };
	});
	return { node: { ...node, redirections }, kept };
}

/** Each process reads what was kept for it; the last that was named first, as the others may write into it. */
async function read(it: Interpreter, kept: readonly Kept[], routes: Routes): Promise<Result> {
	const { state, fs } = it.ctx;
	const { lastExitCode } = state;
	const frame = frameOf(it)!;
	const { routes: outer } = frame;
	frame.routes = routes;
	const all = { stdout: '', stderr: '', exitCode: lastExitCode };
	try {
		for (const { path, statements } of [...kept].reverse()) {
			if (!(await fs.exists(path))) continue;
			const input = { type: 'Redirection', fd: null, operator: '<', target: literal(path) };
			const node = { type: 'Subshell', body: statements, redirections: [input] };
			const { stdout, stderr } = deliver(await it.executeCommand(node as unknown as CommandNode, ''), routes);
			all.stdout += stdout;
			all.stderr += stderr;
			await fs.rm(path, { force: true });
		}
	} finally {
		frame.routes = outer;
		state.lastExitCode = lastExitCode;
	}
	return all;
}

type Run<T> = (node: T) => Promise<Result>;

/** Runs a command whose output goes into processes. @param routes of what they write */
export async function intoProcesses<T extends CommandNode>(
	it: Interpreter,
	written: T,
	routes: Routes,
	run: Run<T>,
): Promise<Result> {
	const { node, kept } = withFiles(written);
	const add = <R extends { stdout?: string; stderr?: string }>(to: R, { stdout, stderr }: Result): R =>
		Object.assign(to, { stdout: (to.stdout ?? '') + stdout, stderr: (to.stderr ?? '') + stderr });
	let result: Result;
	try {
		result = await run(node);
	} catch (error) {
		throw add(error as Error & Partial<Result>, await read(it, kept, routes));
	}
	return add(result, await read(it, kept, routes));
}

const shells = new WeakMap<object, Kept[]>();

type Moved = Interpreter['ctx']['state'] & { readonly fileDescriptors?: Map<number, string> };

/** `exec > >(…)`: the processes read when the script ends. Nobody would wait for that in a shell that is typed into. */
export async function turned<T extends CommandNode>(
	it: Interpreter,
	written: T,
	_routes: Routes,
	run: Run<T>,
): Promise<Result> {
	const { host } = frameOf(it)!;
	if (host.interactive) {
		const stderr = 'bash: exec: output of this terminal cannot be turned into a process here\n';
		return { stdout: '', stderr, exitCode: 1 };
	}
	const { node, kept } = withFiles(written);
	shells.set(host, [...(shells.get(host) ?? []), ...kept]);
	it.ctx.state.turned = true;
	return await run(node);
}

/** The script is over. */
export async function turnedBack(it: Interpreter): Promise<void> {
	const { host, run } = frameOf(it)!;
	const kept = shells.get(host);
	if (!kept) return;
	shells.delete(host);
	const { state } = it.ctx;
	state.turned = false;
	// What they write goes where the shell's output went before.
	for (const fd of [1, 2]) (state as Moved).fileDescriptors?.delete(fd);
	await read(it, kept, run.routes);
}
