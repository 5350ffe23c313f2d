/**
 * Names that stand for others (`declare -n`): just-bash follows them to variables, but neither to arrays nor in the words
 * of builtins that assign (bash variables.c, find_variable_nameref() @ 5.1).
 */
import type { CommandNode, State } from '../just-bash.ts';

/** What runs as commands of its own, and is looked at then. */
const APART: ReadonlySet<string> = new Set(['CommandSubstitution', 'FunctionDef', 'ProcessSubstitution', 'Statement']);

/** Keys of words that a command has itself. */
const OWN = ['words', 'word', 'expression', 'redirections', 'args', 'name', 'assignments'];

/** Builtins whose words are names of variables. */
const ASSIGNS: ReadonlySet<string> = new Set(['mapfile', 'printf', 'read', 'readarray', 'unset']);

/** Whether there is such a name. */
export const hasNames = ({ namerefs }: State): boolean => namerefs !== undefined && namerefs.size > 0;

/** A name, with a subscript or not, as what it stands for. */
function meant(name: string, state: State): string {
	const [, mark = '', plain = '', rest = ''] = /^([!#]?)([A-Za-z_]\w*)(.*)$/s.exec(name) ?? [];
	const target = state.namerefs!.has(plain) ? state.env.get(plain) : undefined;
	return target !== undefined && /^[A-Za-z_]\w*$/.test(target) ? `${mark}${target}${rest}` : name;
}

function followed(node: unknown, state: State): unknown {
	if (typeof node !== 'object' || node === null) return node;
	if (Array.isArray(node)) return node.map((one) => followed(one, state));
	const { type } = node as { readonly type?: string };
	if (APART.has(type ?? '')) return node;
	const copy: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(node)) {
		const assigned = type === 'Assignment' && key === 'name' && typeof value === 'string';
		const { array, append } = node as { readonly array?: unknown; readonly append?: boolean };
		const listed =
			typeof value === 'string' &&
			((key === 'parameter' && value.includes('[')) || (key === 'array' && type !== 'Assignment'));
		const follows = listed || (assigned && (array || append || value.includes('[')));
		copy[key] = follows ? meant(value as string, state) : followed(value, state);
	}
	return copy;
}

/** A command whose own words speak of what names stand for. */
export function throughNames<T extends CommandNode>(node: T, state: State): T {
	const copy: Record<string, unknown> = { ...(node as object) };
	for (const key of OWN) if (key in copy) copy[key] = followed(copy[key], state);
	return copy as unknown as T;
}

/** The words of a builtin that assigns to some of them. */
export function namesMeant(name: string, args: string[], state: State): string[] {
	if (!ASSIGNS.has(name) || (name === 'unset' && args[0] === '-n')) return args;
	if (name !== 'printf') return args.map((word) => (word.startsWith('-') ? word : meant(word, state)));
	return args[0] === '-v' && args[1] !== undefined ? ['-v', meant(args[1], state), ...args.slice(2)] : args;
}
