/** `set -x` of more than simple commands, from when it is first on. */
import type { CommandNode } from '../just-bash.ts';

type Xtrace = typeof import('../xtrace.ts');

let loaded: Xtrace | undefined;

/** What traces; undefined until something was to be traced. */
export const xtrace = (): Xtrace | undefined => loaded;

export async function loadXtrace(): Promise<Xtrace> {
	loaded ??= await import('../xtrace.ts');
	return loaded;
}

/** What stands in the text for each command. */
export const sources = new WeakMap<CommandNode, string>();
