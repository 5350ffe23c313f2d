/** `fc`: lists lines that were typed, and runs one again (bash builtins/fc.def @ 5.2). */
import type { Result } from '../just-bash.ts';
import type { Asked } from './index.ts';
import { refused } from './options.ts';

/** Lines that `fc -l` shows when nobody says. */
const SHOWN = 16;

export async function fc({ args, interactive, history, run }: Asked): Promise<Result> {
	// The line that asks is not among them.
	const lines = interactive ? history.slice(0, -1) : history;
	let [list, plain, reverse, again] = [false, false, false, false];
	let i = 0;
	for (; /^-[elnrs]+$/.test(args[i] ?? ''); i++) {
		const word = args[i]!;
		list ||= word.includes('l');
		plain ||= word.includes('n');
		reverse ||= word.includes('r');
		again ||= word.includes('s');
		if (word.endsWith('e') && args[++i] === '-') again = true;
	}
	if (/^-[^0-9-]/.test(args[i] ?? '')) return refused('fc', `${args[i]!.slice(0, 2)}: invalid option`);
	const words = args.slice(i).filter((word) => word !== '--');
	const done = (stdout: string, stderr = '', exitCode = stderr === '' ? 0 : 1): Result => ({
		stdout,
		stderr,
		exitCode,
		stdoutKind: 'text',
	});
	if (lines.length === 0) return done('');
	/** Place of a line by number, by its distance from the end, or by how it begins. */
	const place = (word: string): number => {
		if (/^-?\d+$/.test(word)) {
			const n = Number(word);
			return n > 0 ? Math.min(n, lines.length) - 1 : n === 0 ? lines.length - 1 : Math.max(0, lines.length + n);
		}
		return lines.findLastIndex((line) => line.startsWith(word));
	};
	if (again) {
		const changes = words.filter((word) => word.includes('='));
		const [wanted] = words.filter((word) => !word.includes('='));
		const at = wanted === undefined ? lines.length - 1 : place(wanted);
		let line = lines[at];
		if (line === undefined) return done('', 'bash: fc: no command found\n');
		for (const change of changes) {
			const [from = '', to = ''] = [change.slice(0, change.indexOf('=')), change.slice(change.indexOf('=') + 1)];
			line = line.replaceAll(from, () => to);
		}
		const ran = await run('eval', [line]);
		return { ...ran, stderr: `${line}\n${ran.stderr}` };
	}
	if (!list) return done('', 'bash: fc: lines are edited where they are typed; no editor opens for them here\n');
	let from = words[0] === undefined ? Math.max(0, lines.length - SHOWN) : place(words[0]);
	let to = words[1] === undefined ? lines.length - 1 : place(words[1]);
	if (from < 0 || to < 0) return done('', 'bash: fc: history specification out of range\n');
	const backwards = from > to;
	if (backwards) [from, to] = [to, from];
	const rows = lines.slice(from, to + 1).map((line, n) => `${plain ? '' : from + n + 1}\t ${line}\n`);
	return done((backwards !== reverse ? rows.reverse() : rows).join(''));
}
