/** `enable`: which builtins run (bash builtins/enable.def @ 5.2). */
import type { Result, State } from '../just-bash.ts';
import type { Asked } from './index.ts';
import { BUILTINS, SPECIAL } from './table.ts';

type Disabled = State & { disabled?: readonly string[] };

export const enabled = (state: State, name: string): boolean => !(state as Disabled).disabled?.includes(name);

/** Builtins that are files as well. */
export const FILES: ReadonlySet<string> = new Set('[ echo false kill printf pwd test true'.split(' '));

/** `type` of builtins that do not run; undefined where all of them do. */
export async function typeOf({ args, state, other }: Asked): Promise<Result | undefined> {
	const flags = args.filter((word) => /^-\w/.test(word));
	const names = args.filter((word) => !/^-\w/.test(word));
	const plain = (name: string): boolean => !state.functions.has(name) && !enabled(state, name);
	if (!names.some(plain)) return undefined;
	const all = { stdout: '', stderr: '', exitCode: 0, stdoutKind: 'text' as const };
	for (const name of names) {
		const path = `/usr/bin/${name}`;
		const says = flags.some((word) => word.includes('t')) ? 'file' : `${name} is ${path}`;
		const found = flags.some((word) => /p/i.test(word)) ? path : says;
		if (!plain(name)) {
			const { stdout, stderr, exitCode } = await other([...flags, name]);
			all.stdout += stdout;
			all.stderr += stderr;
			all.exitCode ||= exitCode;
		} else if (FILES.has(name)) all.stdout += `${found}\n`;
		else {
			if (flags.length === 0) all.stderr += `bash: type: ${name}: not found\n`;
			all.exitCode = 1;
		}
	}
	return all;
}

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
