/**
 * Mends just-bash's own commands and builtins, one at a time, where they differ from those of a real machine. The
 * interpreter runs each of them in three steps:
 *
 * 1. `mend` rewrites the words it was called with, so that just-bash's command understands them (`xargs -n1`);
 * 2. just-bash runs it;
 * 3. `mended` rewrites what it wrote (names before errors, columns of `ls -l`).
 *
 * Commands that would need more than that are written anew, in `coreutils`, `programs`, `grep` and beside.
 */
import { arithmeticFault, arithmeticWords } from './arithmetic.ts';
import type { CommandNode, Result } from './just-bash.ts';

/** What bash says is wrong in the arithmetic that `let` or `eval` would read; undefined when nothing is. */
export function evaluated(name: string, args: readonly string[]): string | undefined {
	const fault = arithmeticFault(name === 'eval' ? args.join(' ') : `$((${args.join(', ')}))`);
	return fault && arithmeticWords(fault);
}

/** `ls` says what it did not find before it lists what it found. */
export function listsFirst(node: CommandNode): boolean {
	const parts = (node.name as { parts?: readonly { value?: string }[] } | null | undefined)?.parts;
	return parts?.length === 1 && parts[0]!.value === 'ls';
}

/** `TIMEFORMAT` filled (bash execute_cmd.c, print_formatted_time() @ 5.1). */
function timeBy(format: string, milliseconds: number): string {
	if (format === '') return '';
	let wrong: string | undefined;
	const text = format.replace(
		/%(%|([0-9]*)(l?)([RUSP])|.?)/g,
		(_, what: string, digits: string, long: string, letter?: string) => {
			if (what === '%') return '%';
			if (letter === undefined) {
				wrong ??= what.slice(-1);
				return '';
			}
			const size = Math.min(3, Number((digits || '3')[0]));
			const value = letter === 'R' ? milliseconds / 1000 : 0;
			if (letter === 'P') return '0.00';
			return long ? `${Math.floor(value / 60)}m${(value % 60).toFixed(size)}s` : value.toFixed(size);
		},
	);
	return wrong === undefined ? `${text}\n` : `bash: TIMEFORMAT: \`${wrong}': invalid format character\n`;
}

/** What `time` says: the lab's time, and no time of a processor, which the lab has none of. @param format `TIMEFORMAT` */
export function timeText(milliseconds: number, posix: boolean, format?: string): string {
	const seconds = (milliseconds / 1000).toFixed(posix ? 2 : 3);
	if (format !== undefined && !posix) return timeBy(format, milliseconds);
	if (posix) return `real ${seconds}\nuser 0.00\nsys 0.00\n`;
	const minutes = Math.floor(milliseconds / 60_000);
	return `\nreal\t${minutes}m${((milliseconds % 60_000) / 1000).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}

/** Short options that just-bash's commands know only apart from each other or from their value. */
const APART: Readonly<Record<string, RegExp>> = { paste: /^-(s)?(d)(.+)$/ };

/** The words of a call, rewritten for just-bash's command of that name; the same words where nothing is to do. */
export function mend(name: string, args: string[]): string[] {
	if (name === 'echo' && /^-[neE]*E[neE]*$/.test(args[0] ?? '')) return echoed(args);
	const pattern = Object.hasOwn(APART, name) ? APART[name]! : undefined;
	if (!pattern) return args;
	const words: string[] = [];
	for (const [i, word] of args.entries()) {
		// The command that xargs runs has options of its own.
		if (!word.startsWith('-') && !/^-[nIPLds]$/.test(args[i - 1] ?? '')) return [...words, ...args.slice(i)];
		const parts = pattern.exec(word)?.slice(1).filter(Boolean);
		if (parts) words.push(...parts.slice(0, -1).map((letter) => `-${letter}`), parts.at(-1)!);
		else words.push(word);
	}
	// Without a file it is standard input.
	if (name === 'paste' && !/^[^-]/.test(words.at(-1) ?? '-') && words.at(-1) !== '-') words.push('-');
	else if (name === 'paste' && words.length > 1 && words.at(-2) === '-d') words.push('-');
	return words;
}

/** `echo -nE`: of `e` and `E` the last one counts; just-bash takes an `E` by itself only. */
function echoed(args: readonly string[]): string[] {
	const behind = args.findIndex((word) => !/^-[neE]+$/.test(word));
	const options = (behind < 0 ? args : args.slice(0, behind)).join('').replaceAll('-', '');
	const last = options.replaceAll('n', '').at(-1);
	return [
		...(options.includes('n') ? ['-n'] : []),
		last === 'e' ? '-e' : '-E',
		...(behind < 0 ? [] : args.slice(behind)),
	];
}

/** Builtins whose errors just-bash begins with their own name only. */
const OF_BASH = new Set(['alias', 'complete', 'printf', 'shopt', 'unalias']);

/** The result of just-bash's command of that name, as a machine's would have written it. */
export function mended(name: string, args: readonly string[], result: Result, user: string): Result {
	// just-bash knows names of programs that it leaves to Node.
	if (result.stderr.includes('not available in browser environments'))
		return { ...result, stderr: `bash: ${name}: command not found\n`, exitCode: 127 };
	if (OF_BASH.has(name) && result.stderr.startsWith(`${name}: `))
		return { ...result, stderr: result.stderr.replace(new RegExp(`^${name}: `, 'gm'), `bash: ${name}: `) };
	if (name === '[' || name === 'test') return tested(name, args, result);
	return name === 'ls' ? listed(args, result, user) : result;
}

/** `[` says whose error it is, and which operand is no number (bash test.c integer_expected_error() @ 5.1). */
function tested(name: string, args: readonly string[], result: Result): Result {
	if (result.stderr !== '')
		return { ...result, stderr: result.stderr.replace(/^(?:bash: )?(?:test|\[): /gm, `bash: ${name}: `) };
	const at = args.findIndex((word) => /^-(?:eq|ne|lt|le|gt|ge)$/.test(word));
	const wrong =
		at < 1
			? undefined
			: [args[at - 1]!, args[at + 1]].find((word) => word !== undefined && !/^\s*[-+]?\d+\s*$/.test(word));
	if (wrong === undefined) return result;
	return { ...result, stderr: `bash: ${name}: ${wrong}: integer expression expected\n`, exitCode: 2 };
}

/** just-bash's `ls` parts files by empty lines; its `-l` has one owner for all, directories of no size, and a slash behind them. */
function listed(args: readonly string[], result: Result, user: string): Result {
	const text = result.stdout.replace(/\n\n(?![^\n]*:\n)/g, '\n');
	if (!text.includes(' user user ')) return text === result.stdout ? result : { ...result, stdout: text };
	const marks = args.some((word) => /^-[a-zA-Z]*[Fp]/.test(word));
	const stdout = text
		.replace(/^([a-z-]{10} +\d+) user user /gm, `$1 ${user} ${user} `)
		.replace(/^(d\S+ +\d+ \S+ \S+) {4} 0 /gm, '$1  4096 ');
	return { ...result, stdout: marks ? stdout : stdout.replace(/^(d.*[^/])\/$/gm, '$1') };
}
