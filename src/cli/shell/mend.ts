/** Where just-bash's commands and builtins differ from what they are elsewhere: their words and their results, mended. */
import { arithmeticFault, arithmeticWords } from './arithmetic.ts';
import type { CommandNode, Result } from './just-bash.ts';

/** What is wrong in the arithmetic that a builtin would read. */
export function evaluated(name: string, args: readonly string[]): string | undefined {
	const fault = arithmeticFault(name === 'eval' ? args.join(' ') : `$((${args.join(', ')}))`);
	return fault && arithmeticWords(fault);
}

/** `ls` says what it did not find before it lists what it found. */
export function listsFirst(node: CommandNode): boolean {
	const parts = (node.name as { parts?: readonly { value?: string }[] } | null | undefined)?.parts;
	return parts?.length === 1 && parts[0]!.value === 'ls';
}

/** What `time` says: the lab's time, and no time of a processor, which the lab has none of. */
export function timeText(milliseconds: number, posix: boolean): string {
	const seconds = (milliseconds / 1000).toFixed(posix ? 2 : 3);
	if (posix) return `real ${seconds}\nuser 0.00\nsys 0.00\n`;
	const minutes = Math.floor(milliseconds / 60_000);
	return `\nreal\t${minutes}m${((milliseconds % 60_000) / 1000).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}

/** Short options that just-bash's commands know only apart from each other or from their value. */
const APART: Readonly<Record<string, RegExp>> = { xargs: /^-([nIPLds])(.+)$/, paste: /^-(s)?(d)(.+)$/ };

/** Words of a command, so that just-bash's reads them. */
export function mend(name: string, args: string[]): string[] {
	// just-bash's tr knows no octal numbers.
	if (name === 'tr')
		return args.map((word) =>
			word.replace(/\\([0-7]{1,3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
		);
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
	return words;
}

/** just-bash's `ls -l` has one owner for all, directories of no size, and a slash behind them. */
export function mended(name: string, args: readonly string[], result: Result, user: string): Result {
	// just-bash knows names of programs that it leaves to Node.
	if (result.stderr.includes('not available in browser environments'))
		return { ...result, stderr: `bash: ${name}: command not found\n`, exitCode: 127 };
	if (name !== 'ls' || !result.stdout.includes(' user user ')) return result;
	const marks = args.some((word) => /^-[a-zA-Z]*[Fp]/.test(word));
	const stdout = result.stdout
		.replace(/^([a-z-]{10} +\d+) user user /gm, `$1 ${user} ${user} `)
		.replace(/^(d\S+ +\d+ \S+ \S+) {4} 0 /gm, '$1  4096 ');
	return { ...result, stdout: marks ? stdout : stdout.replace(/^(d.*[^/])\/$/gm, '$1') };
}
