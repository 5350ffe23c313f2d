/** Builtins about the shell's own state where just-bash has none of its own, or not all of it. */
import type { ProgramCall } from '../frame.ts';
import type { CommandNode, Result, State } from '../just-bash.ts';

const answer = (exitCode: number, stdout = '', stderr = ''): Result => ({
	stdout,
	stderr,
	exitCode,
	stdoutKind: 'text',
});

/** Who called the function that runs (builtins/caller.def @ 5.1). */
export async function caller({ args, state }: ProgramCall): Promise<Result> {
	const { funcNameStack: names = [], callLineStack: lines = [], sourceStack: files = [] } = state;
	if (/^-/.test(args[0] ?? ''))
		return answer(2, '', `bash: caller: ${args[0]}: invalid option\ncaller: usage: caller [expr]\n`);
	if (lines.length === 0 || files.length === 0) return answer(1);
	if (args[0] === undefined) return answer(0, `${lines[0]} ${files[1] ?? 'NULL'}\n`);
	if (!/^\d+$/.test(args[0]))
		return answer(2, '', `bash: caller: ${args[0]}: invalid number\ncaller: usage: caller [expr]\n`);
	const n = Number(args[0]);
	const [line, name, file] = [lines[n], names[n + 1], files[n + 1]];
	return line === undefined || name === undefined || file === undefined
		? answer(1)
		: answer(0, `${line} ${name} ${file}\n`);
}

/** Builtins of which some uses are ours, by a pattern of their words. */
const OURS: Readonly<Record<string, RegExp>> = {
	declare: /^-\w*f/,
	export: /^-\w*f/,
	local: /^-\w*r/,
	type: /^(?!-)/,
	typeset: /^-\w*f/,
	unset: /^-\w*n|^\w+\[/,
};

export const isOurs = (name: string, args: readonly string[]): boolean =>
	Object.hasOwn(OURS, name) && args.some((arg) => OURS[name]!.test(arg));

/** A function's text, or a sentence where there is none to show. */
async function textOf(name: string, state: State): Promise<{ readonly text: string } | { readonly fault: string }> {
	const { functionText, Unwritten } = await import('../print-function.ts');
	try {
		return { text: functionText(name, state.functions.get(name)! as unknown as CommandNode) };
	} catch (error) {
		if (!(error instanceof Unwritten)) throw error;
		return { fault: `${name}: the simulator cannot write this function out (it has a here-document or the like)\n` };
	}
}

/** `declare -f`: functions as they are written. */
async function showFunctions(name: string, names: readonly string[], state: State): Promise<Result> {
	let out = '';
	let err = '';
	let code = 0;
	const all = names.length > 0 ? names : [...state.functions.keys()].sort();
	for (const one of all) {
		const found = state.functions.has(one) ? await textOf(one, state) : undefined;
		if (found === undefined || 'fault' in found) code = 1;
		if (found && 'text' in found) out += found.text;
		else if (found) err += `bash: ${name}: ${found.fault}`;
	}
	return answer(code, out, err);
}

/** `type`, of which functions are ours. */
async function type(
	args: readonly string[],
	state: State,
	other: (words: string[]) => Promise<Result>,
): Promise<Result> {
	const flags = args.filter((word) => word.startsWith('-'));
	if (/[tpP]/.test(flags.join(''))) return other([...args]);
	let [stdout, stderr, exitCode] = ['', '', 0];
	for (const word of args.filter((one) => !one.startsWith('-'))) {
		const found = state.functions.has(word) && !flags.includes('-f') ? await textOf(word, state) : undefined;
		if (found && 'text' in found) stdout += `${word} is a function\n${found.text}`;
		else if (found) stderr += `bash: type: ${found.fault}`;
		else {
			const result = await other([...flags, word]);
			stdout += result.stdout;
			stderr += result.stderr;
			exitCode ||= result.exitCode;
		}
	}
	return answer(exitCode, stdout, stderr);
}

/** `export -f` and `-fn`: functions that shells inside get. */
function exportFunctions(name: string, args: readonly string[], state: State): Result {
	const names = args.filter((arg) => !arg.startsWith('-'));
	const off = name === 'export' && args.some((arg) => /^-\w*n/.test(arg));
	let wrong = '';
	for (const one of names) {
		if (!state.functions.has(one)) wrong += `bash: ${name}: ${one}: not a function\n`;
		else if (off) state.exportedFunctions?.delete(one);
		else state.exportedFunctions = new Set([...(state.exportedFunctions ?? []), one]);
	}
	return answer(wrong ? 1 : 0, '', wrong);
}

/** Elements, and names of names. */
async function unset(
	args: readonly string[],
	state: State,
	other: (words: string[]) => Promise<Result>,
): Promise<Result> {
	const refs = state as { namerefs?: Set<string>; boundNamerefs?: Set<string>; invalidNamerefs?: Set<string> };
	if (/^-\w*n/.test(args[0] ?? '')) {
		for (const name of args.slice(1)) {
			for (const set of [refs.namerefs, refs.boundNamerefs, refs.invalidNamerefs]) set?.delete(name);
			state.env.delete(name);
		}
		return answer(0);
	}
	const rest: string[] = [];
	for (const word of args) {
		const [, name = '', key = ''] = /^(\w+)\[(.*)\]$/s.exec(word) ?? [];
		const array = state.arrays?.get(name);
		if (array?.kind === 'associative' && key !== '@' && key !== '*') array.elements.delete(key);
		else rest.push(word);
	}
	return rest.length > 0 ? other(rest) : answer(0);
}

/** Runs what is ours of a builtin; `other` is just-bash's with other words. */
export async function builtin(
	name: string,
	args: readonly string[],
	state: State,
	other: (words: string[]) => Promise<Result>,
): Promise<Result> {
	if (name === 'unset') return unset(args, state, other);
	if (name === 'type') return type(args, state, other);
	if (/^(?:declare|typeset)$/.test(name) && !args.some((arg) => /^-\w*x/.test(arg)))
		return args.some((arg) => /^-\w*F/.test(arg))
			? other([...args])
			: showFunctions(
					name,
					args.filter((arg) => !arg.startsWith('-')),
					state,
				);
	if (name !== 'local') return exportFunctions(name, args, state);
	const words = args.map((word) => (/^-\w*r/.test(word) ? word.replace('r', '') : word)).filter((word) => word !== '-');
	const result = await other(words);
	for (const word of words.filter((one) => !one.startsWith('-'))) {
		const variable = /^\w+/.exec(word)?.[0];
		if (variable === undefined || result.exitCode !== 0) continue;
		state.readonlyVars = new Set([...(state.readonlyVars ?? []), variable]);
		state.localReadonly?.push(variable);
	}
	return result;
}
