/**
 * Where traps run inside a line: EXIT of a subshell, ERR behind what failed, RETURN behind functions and scripts that
 * were read (bash(1), `trap`; trap.c and execute_cmd.c @ 5.1). A subshell begins without its parent's traps, a function
 * without ERR (`set -E`) and RETURN (`set -T`).
 */
import type { Interpreter, Result, State, StatementNode } from './just-bash.ts';
import { SubshellTraps, trapsOf } from './traps.ts';

/** Those that a function does not have of its caller. */
const OF_CALLER = [
	['ERR', 'errtrace'],
	['RETURN', 'functrace'],
] as const;

/** Kinds of commands whose failing is an error of its own, and not of one inside. */
const SIMPLE: ReadonlySet<string> = new Set(['SimpleCommand', 'Subshell', 'ArithmeticCommand', 'ConditionalCommand']);

/** At the end of a subshell stands this, where its trap runs. */
const lasts = new WeakSet<object>();

export function last(): StatementNode {
	const node = { type: 'Statement', pipelines: [], operators: [], background: false } as StatementNode;
	lasts.add(node);
	return node;
}

export const isLast = (statement: StatementNode): boolean => lasts.has(statement);

/** Runs something as a subshell, with traps of its own. */
export async function asSubshell<T>(state: State, run: () => Promise<T>): Promise<T> {
	const outer = trapsOf(state);
	const { subshell = 0 } = state;
	state.traps = new SubshellTraps(outer);
	state.subshell = subshell + 1;
	try {
		return await run();
	} finally {
		state.traps = outer;
		state.subshell = subshell;
	}
}

async function runTrap(it: Interpreter, text: string): Promise<Result> {
	const { state } = it.ctx;
	const { lastExitCode } = state;
	// The line is that of what happened, not of the trap's own text.
	const told = text.replace(/\$(?:LINENO\b|\{LINENO\})/g, String(state.currentLine ?? 1));
	state.env.set('?', String(lastExitCode));
	const { trapping = false } = state;
	state.trapping = true;
	try {
		const result = await it.runCommand('eval', [told], [true], '');
		return { ...result, exitCode: lastExitCode };
	} finally {
		state.trapping = trapping;
		state.lastExitCode = lastExitCode;
	}
}

const nothing = (exitCode: number): Result => ({ stdout: '', stderr: '', exitCode });

/** The EXIT trap of a subshell, once. */
export async function leaveSubshell(it: Interpreter, code = it.ctx.state.lastExitCode): Promise<Result> {
	const { state } = it.ctx;
	const { traps } = state;
	const text = traps instanceof SubshellTraps ? traps.get('EXIT') : undefined;
	if (!text) return nothing(code);
	traps!.delete('EXIT');
	state.lastExitCode = code;
	return runTrap(it, text);
}

/** Whether an error of a statement is one for the trap ERR. */
function failed(statement: StatementNode, code: number, state: State): boolean {
	if (code === 0 || state.inCondition || state.errexitSafe) return false;
	const { commands } = statement.pipelines.at(-1) ?? { commands: [] };
	return commands.length > 1 || SIMPLE.has(commands[0]?.type ?? '');
}

/** Runs a statement, and the traps of its failing. */
export async function withErrors(
	it: Interpreter,
	statement: StatementNode,
	run: () => Promise<Result>,
): Promise<Result> {
	const { state } = it.ctx;
	const trap = async (code: number): Promise<Result> => {
		const traps = trapsOf(state);
		const text = traps.get('ERR');
		if (!text || !failed(statement, code, state)) return nothing(code);
		traps.delete('ERR');
		const { commands } = statement.pipelines.at(-1)!;
		const called = state.functions.has(/^[^\s;&|()]+/.exec(statement.sourceText ?? '')?.[0] ?? '');
		if (statement.pipelines.length === 1 && commands.length === 1 && statement.sourceText && !called)
			state.env.set('BASH_COMMAND', statement.sourceText);
		state.lastExitCode = code;
		const { line } = commands.at(-1)!;
		if (line !== undefined) state.currentLine = line;
		try {
			return await runTrap(it, text);
		} finally {
			if (!traps.has('ERR')) traps.set('ERR', text);
		}
	};
	let result: Result;
	try {
		result = await run();
	} catch (error) {
		const ended = error as { name?: string; exitCode?: number; stdout?: string; stderr?: string };
		if (ended.name !== 'ErrexitError') throw error;
		state.errexitSafe = false;
		const seen = handled.has(error as Error) ? nothing(0) : await trap(ended.exitCode!);
		handled.add(error as Error);
		const left = await leaveSubshell(it, ended.exitCode);
		ended.stdout = `${ended.stdout ?? ''}${seen.stdout}${left.stdout}`;
		ended.stderr = `${ended.stderr ?? ''}${seen.stderr}${left.stderr}`;
		throw error;
	}
	const { stdout, stderr } = await trap(result.exitCode);
	return stdout + stderr === ''
		? result
		: { ...result, stdout: result.stdout + stdout, stderr: result.stderr + stderr };
}

const handled = new WeakSet<Error>();

/** Runs a function or what `source` reads, and the trap of its return. */
export async function withReturn(it: Interpreter, reads: boolean, run: () => Promise<Result>): Promise<Result> {
	const { state } = it.ctx;
	const held: (readonly [string, string])[] = [];
	for (const [name, flag] of reads ? [] : OF_CALLER) {
		const text = state.traps?.get(name);
		if (text === undefined || state.traced?.[flag]) continue;
		held.push([name, text]);
		state.traps!.delete(name);
	}
	const before = state.traps;
	try {
		const result = await run();
		const text = state.traps?.get('RETURN');
		if (!text) return result;
		const { stdout, stderr } = await runTrap(it, text);
		if (!reads && !state.traced?.functrace) state.traps!.delete('RETURN');
		return { ...result, stdout: result.stdout + stdout, stderr: result.stderr + stderr };
	} finally {
		for (const [name, text] of held) if (!before!.has(name)) before!.set(name, text);
	}
}

/** `set -E`, `set -T` and their long names, which just-bash takes and forgets. */
export function traced(state: State, args: readonly string[]): void {
	const set = (name: 'errtrace' | 'functrace', on: boolean): void => {
		state.traced = { ...state.traced, [name]: on };
	};
	for (const [i, word] of args.entries()) {
		if (word === '--') return;
		const on = word.startsWith('-');
		if (!on && !word.startsWith('+')) continue;
		if (word.includes('E')) set('errtrace', on);
		if (word.includes('T')) set('functrace', on);
		const long = word.endsWith('o') ? args[i + 1] : undefined;
		if (long === 'errtrace' || long === 'functrace') set(long, on);
	}
}
