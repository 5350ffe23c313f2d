/** What builtins of bash do that just-bash has none of, or does otherwise: asked before each of them runs. */
import type { Result, State } from '../just-bash.ts';
import { printed } from './declared.ts';
import { directories } from './directories.ts';
import { enable, enabled, FILES, typeOf } from './enable.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { fc } from './lines.ts';
import { mapfile } from './mapfile.ts';
import { refused, wrongOption } from './options.ts';
import { setOptions, shopt } from './settings.ts';
import { topic } from './table.ts';
import { testFault } from './test.ts';

/** Of whom and with what it is asked. */
export interface Asked {
	readonly name: string;
	readonly args: readonly string[];
	readonly state: State;
	readonly interactive: boolean;
	/** The words of a test, with whether a terminal is open there in the place of each `-t`. */
	terminals(words: readonly string[]): Promise<readonly string[]>;
	/** Lines that were typed, which it may change. */
	readonly history: string[];
	/** Runs it, with other words. */
	other(args: readonly string[]): Promise<Result>;
	/** Text of a file; undefined when there is none. */
	readFile(path: string): Promise<string | undefined>;
	/** Writes a file, or answers why it cannot. */
	writeFile(path: string, text: string, add: boolean): Promise<string | undefined>;
	/** Runs another command. */
	run(name: string, args: readonly string[]): Promise<Result>;
}

const answer = (exitCode: number, stderr = '', stdout = ''): Result => ({
	stdout,
	stderr,
	exitCode,
	stdoutKind: 'text',
});

/** The answer of a builtin; undefined where just-bash's own, or the program of this name, is to run. */
export async function builtin(asked: Asked): Promise<Result | undefined> {
	const { name, args, state, interactive } = asked;
	// The file of this name, which does the same.
	if (!enabled(state, name)) return FILES.has(name) ? undefined : answer(127, `bash: ${name}: command not found\n`);
	if (args[0] === '--help' && name !== 'test' && name !== '[' && name !== 'echo' && name !== 'true' && name !== 'false')
		if (topic(name)) return { ...help([name], state), exitCode: 2 };
	const wrong = wrongOption(name, args);
	if (wrong) return wrong;
	switch (name) {
		case '[':
		case 'test': {
			const fault = testFault(name, args);
			if (fault !== undefined) return answer(2, `bash: ${name}: ${fault}\n`);
			return args.includes('-t') ? asked.other(await asked.terminals(args)) : undefined;
		}
		case 'break':
		case 'continue':
			if (state.loopDepth > 0) return /^(?:[-+]?0+|-\d+)$/.test(args[0] ?? '') ? outOfLoops(asked) : undefined;
			return answer(0, `bash: ${name}: only meaningful in a \`for', \`while', or \`until' loop\n`);
		case 'bind':
			if (!interactive) return answer(0, 'bash: bind: warning: line editing not enabled\n');
			return answer(1, 'bash: bind: the keys of this terminal are the page’s own and cannot be bound\n');
		case 'cd':
			return cd(asked);
		case 'compopt':
			return answer(1, 'bash: compopt: not currently executing completion function\n');
		case 'declare':
		case 'typeset':
		case 'export':
		case 'readonly':
		case 'local':
			return declared(asked);
		case 'dirs':
		case 'popd':
		case 'pushd':
			return directories(asked);
		case 'enable':
			return enable(asked);
		case 'exit':
			if (args.length > 1 && /^[-+]?\d+$/.test(args[0]!)) return answer(1, 'bash: exit: too many arguments\n');
			return undefined;
		case 'fc':
			return fc(asked);
		case 'getopts': {
			const told = await asked.other(args);
			const usage = /^bash: (?=getopts: usage: )/m.test(told.stderr);
			const stderr = told.stderr
				.replace(/^bash: (?=getopts: usage: )/gm, '')
				.replace(
					/^bash: (?=(?:option requires an argument|illegal option) -- )/gm,
					`${state.env.get('0') ?? 'bash'}: `,
				);
			return { ...told, stderr, exitCode: usage ? 2 : told.exitCode };
		}
		case 'return': {
			const told = await asked.other(args);
			return told.stderr.includes('can only `return') ? { ...told, exitCode: 2 } : told;
		}
		case 'help':
			return help(args, state);
		case 'history':
			return history(asked);
		case 'let':
			return args.some((word) => /[<>]/.test(word)) ? sums(asked) : undefined;
		case 'logout':
			return answer(1, "bash: logout: not login shell: use `exit'\n");
		case 'mapfile':
		case 'readarray':
			return mapfile(asked);
		case 'set':
			return setOptions(asked);
		case 'shift':
			return /^-\d/.test(args[0] ?? '') ? answer(1, `bash: shift: ${args[0]}: shift count out of range\n`) : undefined;
		case 'shopt':
			return shopt(asked);
		case 'source':
		case '.':
			return args.length === 0 ? refused(name, 'filename argument required') : undefined;
		case 'suspend':
			if (!interactive) return answer(1, 'bash: suspend: cannot suspend: no job control\n');
			return answer(1, 'bash: suspend: nothing is above this terminal that would go on with it\n');
		case 'type':
			return typeOf(asked);
		case 'unset':
			return unset(asked);
		case 'fg':
		case 'bg':
			return interactive || state.options.monitor ? undefined : answer(1, `bash: ${name}: no job control\n`);
		default:
			return undefined;
	}
}

/** `break 0`: it fails, and ends all loops (bash builtins/break.def @ 5.2). */
async function outOfLoops({ name, args, state, run }: Asked): Promise<Result> {
	const stderr = `bash: ${name}: ${args[0]}: loop count out of range\n`;
	try {
		return await run('break', ['999']);
	} catch (error) {
		state.loopsFailed = true;
		throw Object.assign(error as object, { stderr });
	}
}

/** What only lists variables, and words that are no names. */
function declared({ name, args, state }: Asked): Result | undefined {
	const behind = args.findIndex((word) => !/^[-+]\w/.test(word));
	const flags = (behind < 0 ? args : args.slice(0, behind)).join('').replaceAll('-', '');
	const names = (behind < 0 ? [] : args.slice(behind)).filter((word) => word !== '--');
	if (/f/.test(flags) && /r/.test(name === 'readonly' ? 'r' : flags) && names.length > 0)
		return fixFunctions(name, names, state);
	if (/[fF]/.test(flags)) return undefined;
	if (flags.includes('c')) return answer(1, `bash: ${name}: -c: the simulator's shell capitalizes no values\n`);
	const lists =
		flags.includes('p') || (names.length === 0 && (flags !== '' || name === 'export' || name === 'readonly'));
	if (lists && name !== 'local') {
		const own = name === 'export' ? 'x' : name === 'readonly' ? 'r' : '';
		const wanted = [...own, ...flags.replace(/[pg]/g, '')];
		if (names.length > 0 && own !== '') return undefined;
		return printed(name, names, state, (letters) => wanted.every((letter) => letters.includes(letter)));
	}
	if (name === 'local' && state.localScopes.length === 0) return undefined;
	const wrong = names.filter((word) => !/^[A-Za-z_]\w*(?:\[.*\])?(?:\+?=|$)/s.test(word));
	if (wrong.length === 0) return undefined;
	return answer(1, wrong.map((word) => `bash: ${name}: \`${word}': not a valid identifier\n`).join(''));
}

/** `readonly -f`: functions that are neither defined anew nor unset. */
function fixFunctions(name: string, names: readonly string[], state: State): Result {
	const wrong = names.filter((one) => !state.functions.has(one));
	state.fixedFunctions = new Set([...(state.fixedFunctions ?? []), ...names.filter((one) => state.functions.has(one))]);
	return answer(wrong.length > 0 ? 1 : 0, wrong.map((one) => `bash: ${name}: ${one}: not a function\n`).join(''));
}

/** `unset` of such functions. */
function unset({ args, state }: Asked): Result | undefined {
	if (args.includes('-v') || args.includes('-n')) return undefined;
	const only = args.includes('-f');
	const fixed = args.filter((one) => state.fixedFunctions?.has(one) && (only || !state.env.has(one)));
	if (fixed.length === 0) return undefined;
	return answer(1, fixed.map((one) => `bash: unset: ${one}: cannot unset: readonly function\n`).join(''));
}

/** `let`, where just-bash would take a part of it for a redirection. */
async function sums({ args, run }: Asked): Promise<Result> {
	let result = answer(1);
	for (const word of args) {
		result = await run('eval', [`((${word}))`]);
		if (result.stderr !== '') return { ...result, stderr: result.stderr.replace(/^bash: /gm, 'bash: let: ') };
	}
	return result;
}

/** What `cd` is not given (bash builtins/cd.def @ 5.2). */
async function cd({ args, state }: Asked): Promise<Result | undefined> {
	const words = args.filter((word, i) => !(/^-[LPe@]+$/.test(word) || (word === '--' && args.indexOf('--') === i)));
	if (words.length > 1) return answer(1, 'bash: cd: too many arguments\n');
	if (words.length === 0 && !state.env.has('HOME')) return answer(1, 'bash: cd: HOME not set\n');
	if (words.length === 0 && state.env.get('HOME') === '') return answer(0);
	if (words[0] === '-' && !state.env.has('OLDPWD')) return answer(1, 'bash: cd: OLDPWD not set\n');
	return undefined;
}
