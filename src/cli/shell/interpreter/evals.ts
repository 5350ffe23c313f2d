/** `eval`, as it is read before it runs. */
import type { Interpreter, Result } from '../just-bash.ts';
import { deliver, type Routes } from '../routes.ts';

/** `eval` of what is no shell text runs what stands before. */
export async function partlyEvaluated(
	it: Interpreter,
	unread: { readonly before: string; readonly said: string; readonly code: number },
	[stdin, ...more]: readonly [string, ...unknown[]],
	own: Routes,
): Promise<Result> {
	const { before, said, code } = unread;
	const ran =
		before.trim() === '' ? undefined : deliver(await it.runCommand('eval', [before], [true], stdin, ...more), own);
	return { stdout: ran?.stdout ?? '', stderr: (ran?.stderr ?? '') + said, exitCode: code };
}

/** An `eval` of an `eval` of plain words is one: each reads again all that is behind it. */
export function plainly(args: string[]): string[] {
	const more = args.findIndex((word) => word !== 'eval');
	return more > 0 && args.every((word) => /^[\w./:@%+,-]+$/.test(word)) ? args.slice(more) : args;
}
