/** `.`: a file is read as bash reads it, and run by the shell that asks (bash builtins/source.def, evalfile.c @ 5.2). */
import { frameOf } from '../frame.ts';
import type { Interpreter, Result, ScriptNode, State } from '../just-bash.ts';
import { deliver, type Routes, STANDARD_INPUT } from '../routes.ts';

/** Files that read each other, at most. */
const DEEPEST = 20;

type Reading = State & { sourceDepth: number };

/** The file that a name means: the path, else what `PATH` has, else what stands here. */
async function fileOf({ ctx: { fs, state } }: Interpreter, name: string): Promise<string | undefined> {
	const directories = name.includes('/') ? [] : (state.env.get('PATH') ?? '').split(':').filter(Boolean);
	for (const path of [...directories.map((one) => `${one}/${name}`), name]) {
		const full = fs.resolvePath(state.cwd, path);
		if ((await fs.exists(full)) && !(await fs.stat(full)).isDirectory) return full;
	}
	return undefined;
}

/** The parameters are the file's own while it is read. */
function positional({ env }: State, args: readonly string[]): () => void {
	if (args.length === 0) return () => {};
	const count = Number(env.get('#') ?? 0);
	const names = ['#', '@', ...Array.from({ length: Math.max(count, args.length) }, (_, i) => String(i + 1))];
	const before = names.map((name) => [name, env.get(name)] as const);
	for (const name of names) env.delete(name);
	env.set('#', String(args.length));
	env.set('@', args.join(' '));
	for (const [i, word] of args.entries()) env.set(String(i + 1), word);
	return () => {
		for (const [name, value] of before) {
			if (value === undefined) env.delete(name);
			else env.set(name, value);
		}
	};
}

/** Reads a file; undefined where just-bash says what is wrong with it. @param words behind the name of the builtin */
export async function source(
	it: Interpreter,
	words: readonly string[],
	stdin: string,
	own: Routes,
): Promise<Result | undefined> {
	const [name, ...args] = words[0] === '--' ? words.slice(1) : words;
	const state = it.ctx.state as Reading;
	const frame = frameOf(it);
	const path = name === undefined ? undefined : await fileOf(it, name);
	const { fs } = it.ctx;
	const full = fs.resolvePath(state.cwd, name ?? '');
	if (name?.includes('/') && !path && (await fs.exists(full)))
		return { stdout: '', stderr: `bash: .: ${name}: is a directory\n`, exitCode: 1 };
	if (!frame || name === undefined || path === undefined || state.sourceDepth >= DEEPEST) return undefined;
	const { host, builtin, reads } = frame;
	// What it is given is no file of the place's.
	const given = STANDARD_INPUT.test(path);
	const text = given ? stdin || (state.groupStdin ?? '') : await fs.readFile(path);
	const { meant, before, said, code = 2 } = await host.evaluated(text, 1, name);
	const read = said === undefined ? meant : (before ?? '');
	const { currentSource, groupStdin } = state;
	if (stdin !== '') state.groupStdin = given ? '' : stdin;
	const back = positional(state, args);
	state.sourceDepth++;
	state.currentSource = name;
	try {
		frame.builtin = builtin;
		frame.reads = reads;
		const result = deliver(await it.executeScript(host.parse(read) as ScriptNode), own);
		return said === undefined ? result : { stdout: result.stdout, stderr: result.stderr + said, exitCode: code };
	} catch (error) {
		const { name: kind, stdout = '', stderr = '', exitCode = 0 } = error as Error & Partial<Result>;
		if (kind === 'ReturnError') return { stdout, stderr, exitCode };
		if (kind === 'ParseException')
			return { stdout: '', stderr: `bash: ${name}: ${(error as Error).message}\n`, exitCode: 1 };
		throw error;
	} finally {
		state.sourceDepth--;
		if (stdin !== '') state.groupStdin = groupStdin;
		if (currentSource === undefined) delete state.currentSource;
		else state.currentSource = currentSource;
		back();
	}
}
