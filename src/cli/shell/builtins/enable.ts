/** `enable`: which builtins run (bash builtins/enable.def @ 5.2). */
import type { Result, State } from '../just-bash.ts';
import type { Asked } from './index.ts';
import { BUILTINS, SPECIAL } from './table.ts';

type Disabled = State & { disabled?: readonly string[] };

export const enabled = (state: State, name: string): boolean => !(state as Disabled).disabled?.includes(name);

export function enable({ args, state, interactive }: Asked): Result {
	const flags = args.filter((word) => /^-\w/.test(word)).join('');
	const names = args.filter((word) => !word.startsWith('-'));
	const has = (letter: string): boolean => flags.includes(letter);
	const told = state as Disabled;
	if (has('f') || has('d')) return { stdout: '', stderr: 'bash: enable: dynamic loading not available\n', exitCode: 1 };
	if (names.length === 0 || has('p')) {
		const all = BUILTINS.filter((name) => !has('s') || SPECIAL.has(name));
		const shown = all.filter((name) => has('a') || enabled(state, name) !== has('n'));
		const stdout = shown.map((name) => `enable ${enabled(state, name) ? '' : '-n '}${name}\n`).join('');
		return { stdout, stderr: '', exitCode: 0, stdoutKind: 'text' };
	}
	let stderr = '';
	for (const name of names) {
		if (!BUILTINS.includes(name)) stderr += `bash: enable: ${name}: not a shell builtin\n`;
		else if (has('n')) told.disabled = [...(told.disabled ?? []), name];
		else told.disabled = told.disabled?.filter((one) => one !== name) ?? [];
	}
	void interactive;
	return { stdout: '', stderr, exitCode: stderr === '' ? 0 : 1 };
}
