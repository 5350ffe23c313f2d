/** With what a shell begins a line, what it lends to tools, and how it words what is no shell text. */
import type { CallHost } from './call.ts';
import { personOf } from './identity.ts';
import type { Shell } from './shell.ts';
import type { RunOptions } from './shell-options.ts';

/** Variables and working directory of a line that does not begin with the shell's. */
export function startOf({ positional, from }: RunOptions): { env?: Record<string, string>; cwd?: string } {
	const env: Record<string, string> = from ? Object.fromEntries(from.env) : {};
	if (positional) {
		const [name, ...words] = positional;
		Object.assign(env, { 0: name, '#': String(words.length), '@': words.join(' '), '*': words.join(' ') });
		for (const [i, word] of words.entries()) env[i + 1] = word;
	}
	if (!from) return positional ? { env } : {};
	return { env, cwd: from.cwd };
}

export function callHostOf(shell: Shell): CallHost {
	const { core } = shell;
	return {
		lab: core.lab,
		clock: core.clock,
		place: shell.place,
		who: personOf(shell.facts),
		files: shell.files,
		filesAt: (place) => core.files(place),
		touched: () => shell.touched(),
		runAt: (place, command, stdin, from, as) => core.runAt(place, command, stdin, from, as),
		enter: (place, name, stdin, from, as) => core.enter(place, name, stdin, from, { as }),
		has: (place, command) => core.has(place, command),
		cluster: (place, env) => core.cluster(place, env),
	};
}
