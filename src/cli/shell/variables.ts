/** Variables that bash itself keeps (bash(1), Shell Variables; variables.c @ 5.1). */
import type { Host } from './frame.ts';
import type { State } from './just-bash.ts';

/** Those that nobody assigns to. */
const READ_ONLY = ['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'PPID', 'SHELLOPTS', 'UID'];

const indexed = (words: readonly string[]) => ({
	kind: 'indexed' as const,
	elements: new Map(words.map((word, i) => [String(i), word])),
});

/** What a shell begins with. @param version as `BASH_VERSION` has it */
export function begin(state: State, version: string | undefined, groups: readonly number[]): void {
	const { env } = state;
	const [, major = '5', minor = '1', patch = '16'] = /^(\d+)\.(\d+)\.(\d+)/.exec(version ?? '') ?? [];
	state.arrays ??= new Map();
	state.arrays.set('BASH_VERSINFO', indexed([major, minor, patch, '1', 'release', 'x86_64-pc-linux-gnu']));
	state.arrays.set('GROUPS', indexed(groups.map(String)));
	state.arrays.set('DIRSTACK', indexed([state.cwd]));
	env.set('BASH', '/usr/bin/bash');
	env.set('OPTERR', '1');
	env.set('PS4', '+ ');
	env.set('BASH_SUBSHELL', '0');
	state.readonlyVars = new Set([...(state.readonlyVars ?? []), ...READ_ONLY]);
}

/** What changes from command to command. */
export function refresh(state: State, host: Host, text: string | undefined): void {
	const { env } = state;
	if (!env.has('BASH')) return;
	const now = host.now();
	env.set('EPOCHSECONDS', String(Math.floor(now)));
	env.set('EPOCHREALTIME', now.toFixed(6));
	env.set('BASH_SUBSHELL', String(state.subshell ?? 0));
	if (text !== undefined && !state.trapping) env.set('BASH_COMMAND', text);
	if (text?.includes('SRANDOM'))
		env.set('SRANDOM', String(Math.floor(host.draw() * 32_768) * 131_072 + Math.floor(host.draw() * 32_768) * 4));
	const stack = state.arrays?.get('DIRSTACK');
	const { directoryStack = [] } = state;
	if (stack && (stack.elements.get('0') !== state.cwd || stack.elements.size !== directoryStack.length + 1))
		state.arrays!.set('DIRSTACK', indexed([state.cwd, ...directoryStack]));
}

/** bash's own draws, once somebody has said from where (variables.c and lib/sh/random.c @ 5.1). */
export class Draws {
	#seed: number;
	#last = 0;

	constructor(seed: string) {
		this.#seed = Number(BigInt.asUintN(32, BigInt(/^\s*-?\d+\s*$/.test(seed) ? seed.trim() : '0')));
	}

	next(): number {
		for (;;) {
			const seed = this.#seed === 0 ? 123_459_876 : this.#seed;
			const high = Math.trunc((seed | 0) / 127_773);
			const low = (seed | 0) - 127_773 * high;
			const drawn = 16_807 * low - 2836 * high;
			this.#seed = (drawn < 0 ? drawn + 0x7fffffff : drawn) >>> 0;
			const value = ((this.#seed >>> 16) ^ (this.#seed & 65_535)) & 32_767;
			if (value !== this.#last) {
				this.#last = value;
				return value;
			}
		}
	}
}
