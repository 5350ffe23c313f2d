/** What is run in the place of a command: a function, a file, a program, or another command with other variables. */
import type { Program, ProgramCall } from '../frame.ts';
import type { Interpreter, Result, State } from '../just-bash.ts';

/** Runs a function, or what a file has, and knows meanwhile what is being read (bash variables.c, `FUNCNAME`). */
export async function called(state: State, file: string | undefined, run: () => Promise<Result>): Promise<Result> {
	const { funcNameStack = [], callLineStack = [], sourceStack = [], readNames = [], localReadonly } = state;
	const before = { funcNameStack, callLineStack, sourceStack, readNames, localReadonly };
	const { loopDepth } = state;
	if (file === undefined) {
		state.localReadonly = [];
		// A function is in no loop of its caller's.
		state.loopDepth = 0;
	}
	// Names are known inside of functions only.
	const inFunction = funcNameStack.length > 0;
	const names = inFunction ? funcNameStack : sourceStack.length > readNames.length ? [...readNames, 'main'] : readNames;
	state.callLineStack = [...callLineStack];
	state.sourceStack = [...sourceStack];
	if (file === undefined) state.funcNameStack = [...names];
	else {
		if (inFunction) state.funcNameStack = ['source', ...names];
		else state.readNames = ['source', ...readNames];
		state.callLineStack.unshift(state.currentLine ?? 1);
		state.sourceStack.unshift(file);
	}
	try {
		return await run();
	} finally {
		for (const name of (file === undefined && state.localReadonly) || []) state.readonlyVars?.delete(name);
		Object.assign(state, before, { loopDepth });
	}
}

/** Runs something with more exported variables, and without some. */
export async function withVariables<T>(
	state: State,
	variables: readonly (readonly [string, string])[],
	gone: readonly string[],
	run: () => Promise<T>,
): Promise<T> {
	const names = [...gone, ...variables.map(([name]) => name)];
	const before = names.map((name) => [name, state.env.get(name), state.exportedVars.has(name)] as const);
	for (const name of gone) {
		state.env.delete(name);
		state.exportedVars.delete(name);
	}
	for (const [name, value] of variables) {
		state.env.set(name, value);
		state.exportedVars.add(name);
	}
	try {
		return await run();
	} finally {
		for (const [name, value, exported] of before) {
			if (value === undefined) state.env.delete(name);
			else state.env.set(name, value);
			if (exported) state.exportedVars.add(name);
			else state.exportedVars.delete(name);
		}
	}
}

export async function runProgram(program: Program, call: Omit<ProgramCall, 'stdin'>, stdin: string): Promise<Result> {
	let used = false;
	const read = (): string => {
		used = true;
		return stdin || (call.state.groupStdin ?? '');
	};
	const result = await program.run({ ...call, stdin: read });
	return { ...result, internalStdinConsumed: used ? stdin.length : 0 };
}

/** Writes a file for a filter; answers what is wrong with the path. */
export async function writeFile(
	{ ctx }: Interpreter,
	path: string,
	octets: string,
	add: boolean,
): Promise<string | undefined> {
	const full = ctx.fs.resolvePath(ctx.state.cwd, path);
	try {
		if (add) await ctx.fs.appendFile(full, octets, 'binary');
		else await ctx.fs.writeFile(full, octets, 'binary');
		return undefined;
	} catch (error) {
		const { message } = error as Error;
		if (/^EROFS/.test(message)) return 'Read-only file system';
		return /EISDIR/.test(message) ? 'Is a directory' : 'No such file or directory';
	}
}
