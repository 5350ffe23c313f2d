/** A text as a shell begins to run it: whose it is, where it is typed, what it reads. */
import { bounded, type LineRun } from './call.ts';
import { filled } from './pipe.ts';
import type { Shell } from './shell.ts';
import type { RunOptions } from './shell-options.ts';
import { threadOf } from './thread.ts';

/** @param limit when who waits on a command line has waited long enough @param depth of shells inside of each other */
export function lineOf(
	shell: Shell,
	text: string,
	options: RunOptions,
	limit: number | undefined,
	depth: number,
): LineRun {
	const { parent } = options;
	const foreground = options.foreground ?? parent?.foreground ?? true;
	const line = threadOf(
		shell.core,
		{
			text,
			tty: options.tty,
			terminal: options.terminal ?? options.tty,
			...(options.fed ? { fed: true } : {}),
			interactive: shell.interactive && foreground,
			foreground,
			keeps: options.from === undefined,
			screen: options.screen ?? parent?.screen,
			...(parent ? { whole: parent.whole ?? parent } : {}),
			interruptAt: limit ?? parent?.interruptAt,
			depth,
			family: parent?.family ?? (shell.life ? undefined : options.family) ?? { jobs: 0 },
			...(shell.life ? { life: shell.life } : {}),
			...(options.pid === undefined ? {} : { pid: options.pid }),
		},
		(run) => bounded(options.routes, run),
		parent,
	);
	if (foreground && options.stdin === undefined) {
		// What runs inside of a line has its terminal, in another place only when that is given to it.
		line.where = shell.place;
		line.input = parent ? (parent.where === shell.place ? parent.input : undefined) : line.screen?.keyboard?.(line);
	}
	if (options.stdin !== undefined) line.input = filled(options.stdin, shell.core.clock, line);
	return line;
}
