/**
 * Errors that end more than the command in which they are. just-bash ends its loops and functions with them but goes on
 * behind those; bash drops the whole command that was read, with all of its line, and a script does not outlive an
 * unset variable under `set -u` (subst.c exp_jump_to_top_level(), jmp_buf top_level @ 5.1).
 */
import type { Frame } from './frame.ts';
import type { Result, StatementNode } from './just-bash.ts';
import { deliver, type Routes } from './routes.ts';

/** What was dropped, on its way to the command that was read. */
const dropped = new WeakSet<Error>();

const lineOf = ({ pipelines: [first] }: StatementNode): number => first?.commands[0]?.line ?? 0;

type Ended = Error & { stdout?: string; stderr?: string; exitCode?: number; internalOutputAccounting?: unknown };

/** Runs a statement; what ends in it ends what bash ends with it. */
export async function withEndings(
	frame: Frame,
	statement: StatementNode,
	routes: Routes,
	/** just-bash's own way out, which passes loops and functions. */
	exit: (code: number) => Promise<Error>,
	run: () => Promise<Result>,
): Promise<Result> {
	const level = frame.level++;
	const own = level === 0 ? lineOf(statement) : 0;
	// The rest of a line of which something was dropped.
	if (own > 0 && own === frame.dropped) {
		frame.level--;
		return { stdout: '', stderr: '', exitCode: 1 };
	}
	if (level === 0) frame.dropped = undefined;
	try {
		return await run();
	} catch (error) {
		let ended = error as Ended;
		const unset = ended.name === 'NounsetError';
		const fixed = /: readonly variable\n$/.test(ended.stderr ?? '');
		const drops = fixed || /^(?:Arithmetic|BadSubstitution|Glob)Error$/.test(ended.name);
		if (!unset && !drops && !/^(?:Exit|Errexit)Error$/.test(ended.name)) throw error;
		// It is said where it happens, and not when all that follows has run.
		const { stdout = '', stderr = '' } = ended;
		const rest = deliver({ stdout, stderr, exitCode: 1 }, routes);
		// Of `export` and its like only the assignment fails.
		if (fixed && ended.name !== 'ArithmeticError' && statement.pipelines.at(-1)?.commands[0]?.name) return rest;
		if (unset || drops) ended = await exit(1);
		if (drops) dropped.add(ended);
		ended.stdout = rest.stdout;
		ended.stderr = rest.stderr;
		if (level > 0 || !dropped.has(ended)) throw ended;
		frame.dropped = own;
		return { stdout: rest.stdout, stderr: rest.stderr, exitCode: 1 };
	} finally {
		frame.level = level;
	}
}
