/** Options that a builtin has not (bash builtins/bashgetopt.c, internal_getopt() @ 5.2): said with how it is called. */
import type { Result } from '../just-bash.ts';
import { topic } from './table.ts';

export const usageOf = (name: string): string => `${name}: usage: ${topic(name)?.usage ?? name}\n`;

export const refused = (name: string, said: string, exitCode = 2, usage = true): Result => ({
	stdout: '',
	stderr: `bash: ${name}: ${said}\n${usage ? usageOf(name) : ''}`,
	exitCode,
});

/** What is wrong with the options of a call; undefined when nothing is. */
export function wrongOption(name: string, args: readonly string[]): Result | undefined {
	const known = topic(name)?.options;
	if (known === undefined) return undefined;
	for (let i = 0; i < args.length; i++) {
		const word = args[i]!;
		if (!/^-./.test(word) || word === '--') return undefined;
		if (word === '--help') return undefined;
		for (let at = 1; at < word.length; at++) {
			const letter = word[at]!;
			const place = letter === ':' ? -1 : known.indexOf(letter);
			if (place < 0) return refused(name, `-${letter}: invalid option`);
			if (known[place + 1] !== ':') continue;
			if (at === word.length - 1 && args[++i] === undefined)
				return refused(name, `-${letter}: option requires an argument`);
			break;
		}
	}
	return undefined;
}
