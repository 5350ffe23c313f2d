/**
 * Error messages of `sh`. One interpreter runs all shells and speaks as bash; in a container whose `sh` is dash (Debian)
 * or busybox's ash (Alpine) its messages are put into their words: `bash: x: command not found` is `sh: 1: x: not found`
 * there. What differs besides words is not here.
 *
 * Source: dash src/error.c, exec.c, redir.c @ v0.5.11; busybox shell/ash.c @ 1_35_0, which has no numbers of lines in a
 * line that was typed.
 */

/** A pattern of bash's message behind `bash: `, then what dash and what ash say instead. */
const SAID: readonly (readonly [RegExp, string, string])[] = [
	[/^(\S+): command not found$/, '$1: not found', '$1: not found'],
	[
		/^cd: (.*): (?:No such file or directory|Not a directory)$/,
		"cd: can't cd to $1",
		"cd: can't cd to $1: No such file or directory",
	],
	[/^((?:\.\/|\/).*): No such file or directory$/, '$1: not found', '$1: not found'],
	[
		/^([^:]+): No such file or directory$/,
		'cannot open $1: No such file',
		"can't open '$1': No such file or directory",
	],
	[
		/^([^:]+): Read-only file system$/,
		'cannot create $1: Read-only file system',
		"can't create $1: Read-only file system",
	],
	[/^syntax error near unexpected token `(.*)'$/, 'Syntax error: "$1" unexpected', 'syntax error: unexpected "$1"'],
	[
		/^syntax error: unexpected end of file$/,
		'Syntax error: end of file unexpected',
		'syntax error: unexpected end of file',
	],
];

/** A text of bash's on standard error, one or more lines, as dash or ash writes it; other lines stay. */
export function inSh(text: string, sh: 'ash' | 'dash'): string {
	return text.replace(/^bash: (.*)$/gm, (_, said: string) => {
		let words = said;
		for (const [pattern, dash, ash] of SAID) {
			if (!pattern.test(said)) continue;
			words = said.replace(pattern, sh === 'ash' ? ash : dash);
			break;
		}
		return sh === 'ash' ? `sh: ${words}` : `sh: 1: ${words}`;
	});
}
