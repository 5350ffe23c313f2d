/** Runs what `trap` was told to run. */
import type { LineRun } from './call.ts';
import type { State } from './just-bash.ts';
import type { Shell } from './shell.ts';
import type { RunOptions } from './shell-options.ts';

/** What is to run, by the signal's name. */
export const trapsOf = (state: State): Map<string, string> => {
	state.traps ??= new Map();
	return state.traps;
};

/** Traps of a subshell: what is ignored stays so; the others of its parent are only told of, until it has its own. */
export class SubshellTraps extends Map<string, string> {
	readonly outer: ReadonlyMap<string, string>;

	constructor(outer: ReadonlyMap<string, string>) {
		super([...outer].filter(([, text]) => text === ''));
		this.outer = outer;
	}
}

/** After Ctrl-C, and when a shell is left; answers the code it ends with. @param code of the line before */
export async function runTraps(shell: Shell, line: LineRun, options: RunOptions, code: number): Promise<number> {
	const traps = trapsOf(shell.state);
	const over =
		(!shell.interactive && !options.more) || shell.left !== undefined || (shell.state.options.errexit && code !== 0);
	let last = code;
	for (const name of [...(line.interrupted && !line.signal ? ['INT'] : []), ...(over ? ['EXIT'] : [])]) {
		const text = traps.get(name);
		if (!text) continue;
		// It runs once, and not in itself.
		traps.delete(name);
		const { left } = shell;
		shell.state.env.set('?', String(last));
		shell.state.lastExitCode = last;
		shell.saidCode = undefined;
		await shell.run(text, {
			routes: options.routes,
			tty: options.tty,
			parent: line,
			from: { ...shell.state, trapping: true },
		});
		shell.left = left;
		if (shell.saidCode !== undefined) {
			last = shell.saidCode;
			if (shell.left !== undefined) shell.left = last;
		}
		if (name === 'INT' && !over) traps.set(name, text);
	}
	return last;
}
