/** Runs what `trap` was told to run. */
import type { LineRun } from './call.ts';
import type { State } from './just-bash.ts';
import type { RunOptions, Shell } from './shell.ts';

/** What is to run, by the signal's name. */
export const trapsOf = (state: State): Map<string, string> => {
	state.traps ??= new Map();
	return state.traps;
};

/** After Ctrl-C, and when a shell is left. @param code of the line before */
export async function runTraps(shell: Shell, line: LineRun, options: RunOptions, code: number): Promise<void> {
	const traps = trapsOf(shell.state);
	const over = !shell.interactive || shell.left !== undefined;
	for (const name of [...(line.interrupted ? ['INT'] : []), ...(over ? ['EXIT'] : [])]) {
		const text = traps.get(name);
		if (!text) continue;
		// It runs once, and not in itself.
		traps.delete(name);
		const { left } = shell;
		shell.state.env.set('?', String(code));
		shell.state.lastExitCode = code;
		await shell.run(text, { routes: options.routes, tty: options.tty, parent: line, from: shell.state });
		shell.left = left;
		if (name === 'INT' && !over) traps.set(name, text);
	}
}
