/**
 * How shells begin and word their messages. One interpreter runs all shells and speaks as a bash that somebody types
 * into: `bash: x: command not found`. A script says where: `./s.sh: line 3: x: command not found`; `sh` is dash (Debian)
 * or busybox's ash (Alpine) and has words of its own.
 *
 * Source: bash error.c error_prolog() and variables.c get_name_for_error() @ 5.1; dash src/error.c, exec.c, redir.c @
 * v0.5.11; busybox shell/ash.c ash_vmsg() @ 1_35_0.
 */
import type { State } from './just-bash.ts';

/** What is not there, whatever it was wanted for. */
const MISSING = /^(.*): No such file or directory$/;

/** A pattern of bash's message behind `bash: `, then what dash and what ash say instead. */
const SAID: readonly (readonly [RegExp, string, string])[] = [
	[/^(\S+): command not found$/, '$1: not found', '$1: not found'],
	[
		/^cd: (.*): (?:No such file or directory|Not a directory)$/,
		"cd: can't cd to $1",
		"cd: can't cd to $1: No such file or directory",
	],
	[
		/^\.: ([^:]+): No such file or directory$/,
		'.: cannot open $1: No such file',
		".: can't open '$1': No such file or directory",
	],
	[MISSING, '$1: not found', '$1: not found'],
	[
		/^([^:]+): (Read-only file system|Permission denied|Is a directory)$/,
		'cannot create $1: $2',
		"can't create $1: $2",
	],
	[
		/^([^:]+): Directory nonexistent$/,
		'cannot create $1: Directory nonexistent',
		"can't create $1: nonexistent directory",
	],
	[/^([^:]+): unbound variable$/, '$1: parameter not set', '$1: parameter not set'],
	[/^(?:\w+: )?([^:]+): (?:cannot unset: )?readonly variable$/, '$1: is read only', '$1: is read only'],
	[/^(\w+): `(.*)': not a valid identifier$/, '$1: $2: bad variable name', '$1: $2: bad variable name'],
	[/^\[: (.*): integer expression expected$/, '[: Illegal number: $1', '$1: bad number'],
	[/^(.*): division by 0 .*$/, 'arithmetic expression: division by zero: "$1"', 'divide by zero'],
	[/^exit: (.*): numeric argument required$/, 'exit: Illegal number: $1', 'exit: Illegal number: $1'],
	[/^(local): can only be used in a function$/, '$1: not in a function', '$1: not in a function'],
	[/^syntax error near unexpected token `(.*)'$/, 'Syntax error: "$1" unexpected', 'syntax error: unexpected "$1"'],
	[
		/^syntax error: unexpected end of file$/,
		'Syntax error: end of file unexpected',
		'syntax error: unexpected end of file',
	],
	[/^Bad for loop variable$/, 'Syntax error: Bad for loop variable', 'syntax error: bad for loop variable'],
	[/^redirection unexpected$/, 'Syntax error: redirection unexpected', 'syntax error: unexpected redirection'],
	[/^.*: bad substitution$/, 'Bad substitution', 'syntax error: bad substitution'],
];

/** The same of files that a redirection or `.` did not find. */
const NOT_FOUND: Readonly<Record<Deed, readonly [string, string]>> = {
	read: ['cannot open $1: No such file', "can't open $1: no such file"],
	script: ['.: cannot open $1: No such file', ".: can't open '$1': No such file or directory"],
	write: ['cannot create $1: Directory nonexistent', "can't create $1: nonexistent directory"],
};

/** What was to be done with a file. */
export type Deed = 'read' | 'script' | 'write';

/** What ash names before the number of the line. */
const OF_ASH = /^(cd|\.|export|unset|exit|local|trap): /;

export interface Speaker {
	/** Of `sh`; bash when absent. */
	readonly sh?: 'ash' | 'dash' | undefined;
	/** Somebody types. */
	readonly interactive: boolean;
	/** What `$0` is, and whether that is a file that is run. */
	readonly name: string;
	readonly file: boolean;
	/** It reads what it runs from its input. */
	readonly reads?: boolean;
}

/** What a message of bash's is in a shell: `said` stands behind `bash: `. */
function spoken(
	said: string,
	{ sh, interactive, name, file }: Speaker,
	line: number,
	source: string,
	deed?: Deed,
): string {
	if (sh === undefined) {
		if (interactive) return `bash: ${said}`;
		// It says its own line.
		if (/^eval: line \d+: /.test(said)) return `${source || name}: ${said}`;
		// Of what was read with `bash -c`, nothing has a name.
		return `${source || name}: line ${line}: ${said}`;
	}
	let words = said;
	const found = SAID.find(([pattern]) => pattern.test(said));
	const missing = deed && found?.[0] === MISSING ? NOT_FOUND[deed] : undefined;
	const [dash, ash] = missing ?? found?.slice(1) ?? [];
	if (found) words = said.replace(found[0], (sh === 'ash' ? ash : dash) as string);
	if (sh === 'dash') return `${name}: ${line}: ${words}`;
	const by = OF_ASH.exec(words)?.[0] ?? '';
	if (file || (by !== '' && !interactive)) return `${name}: ${by}line ${line}: ${words.slice(by.length)}`;
	return `${name}: ${words}`;
}

/** Lines that begin with `bash: ` as the shell says them; others stay. */
export function inWords(text: string, speaker: Speaker, line: number, state?: State, deed?: Deed): string {
	const source = state?.sourceStack?.[0] ?? '';
	return text.replace(/^bash: (?!line \d+: |stopped: )(.*)$/gm, (_, said: string) =>
		spoken(said, speaker, line, source, deed),
	);
}
