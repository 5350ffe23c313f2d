/**
 * A shell whose script comes on standard input reads it a line at a time, and what it runs reads on behind that (bash
 * input.c, b_fill_buffer() of what cannot be sought back, and sync_buffered_stream() @ 5.2).
 */
import type { Shell } from './shell.ts';
import type { RunOptions } from './shell-options.ts';
import { trapsOf } from './traps.ts';
import { unfinished } from './unfinished.ts';

/** Commands that read when nobody gives them a file; without them there is nothing to be read away. */
const READERS =
	/(?:^|[\s;|&({`])(?:read|readarray|mapfile|cat|head|tail|sed|awk|grep|sort|wc|tr|cut|uniq|tee|xargs|jq|nl|tac|rev|base64|sh|bash|dash|ash|kubectl|docker|ssh)(?=$|[\s;|&)}`])/m;

/** Lines of the text's first command. */
function firstCommand(lines: readonly string[], shell: Shell): number {
	let count = 1;
	while (count < lines.length && unfinished(`${lines.slice(0, count).join('\n')}\n`, shell)) count++;
	return count;
}

/** Runs such a script to its end, and answers its code. */
export async function runInput(shell: Shell, text: string, options: RunOptions): Promise<number> {
	// dash and ash read blocks: what is as short as this is all theirs (dash input.c BUFSIZ; busybox 1.35 was asked).
	if (shell.name !== 'bash') return shell.run(text, { ...options, stdin: '' });
	if (!READERS.test(text)) return shell.run(text, options);
	let code = 0;
	let rest = text;
	let line = 0;
	const { positional: _, read: __, file: ___, ...later } = options;
	for (let first = true; rest !== '' && shell.left === undefined; first = false) {
		const lines = rest.split('\n');
		const count = firstCommand(lines, shell);
		const command = lines.slice(0, count).join('\n');
		const behind = lines.slice(count).join('\n');
		if (command.trim() !== '') {
			// Lines keep their numbers.
			const meant = '\n'.repeat(line) + command;
			shell.unread = undefined;
			code = await shell.run(meant, { ...(first ? options : later), stdin: behind, more: true });
			// What is no shell text ends it.
			if (shell.lastStarted?.interrupted || shell.unread === undefined) break;
		}
		// What a command read is no line of the script's.
		line += count;
		rest = command.trim() === '' ? behind : shell.unread!;
	}
	if (shell.left === undefined && trapsOf(shell.state).get('EXIT'))
		await shell.run(`(exit ${code})`, { ...later, stdin: '' });
	return code;
}
