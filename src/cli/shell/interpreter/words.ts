/** What the words of a simple command look like before they are expanded. */
import type { CommandNode, Interpreter, Redirection, StatementNode } from '../just-bash.ts';

/** `$K get pods`: what stands for the command is split into words, as all that is not quoted; so are `"$@"` and `"${a[@]}"`. */
export const splitsName = ({ name }: CommandNode): boolean =>
	((name as NameWord | null | undefined)?.parts ?? []).some(
		({ type, parts = [] }) =>
			type === 'ParameterExpansion' ||
			type === 'CommandSubstitution' ||
			(type === 'DoubleQuoted' && parts.some(({ parameter = '' }) => parameter === '@' || parameter.endsWith('[@]'))),
	);

/** Its assignments. */
export const listsOf = (node: CommandNode): readonly CommandNode[] =>
	(node as unknown as { readonly assignments?: readonly CommandNode[] }).assignments ?? [];

/** Parts of words of which just-bash is asked what matches. */
const asked = new WeakSet<object>();

/** The same word for just-bash itself. */
export function askedOf<T extends { readonly parts: readonly object[] }>(word: T): T {
	const parts = [...word.parts];
	asked.add(parts);
	return { ...word, parts };
}

/** Whether a word is a pattern with a backslash that is quoted, which just-bash forgets where nothing matches. */
export const keepsBackslash = ({ parts }: { readonly parts: readonly { readonly type: string }[] }): boolean =>
	!asked.has(parts) &&
	parts.some(({ type }) => type === 'Glob') &&
	parts.some((part) => part.type !== 'Glob' && part.type !== 'Literal' && JSON.stringify(part).includes('\\\\'));

/** Whether one of the words is a pattern with a slash at its end, or of what is not, or with such a backslash. */
export const trails = (node: CommandNode, key: 'args' | 'words' | 'array'): boolean => {
	const words = (node as unknown as Record<string, readonly NameWord[] | null | undefined>)[key];
	return (
		words?.some(
			({ parts }) =>
				keepsBackslash({ parts }) ||
				parts.some((part) => (part as { pattern?: string }).pattern?.startsWith('!(')) ||
				(parts.length > 1 &&
					(parts.at(-1) as { value?: unknown }).value?.toString().endsWith('/') &&
					parts.some(({ type }) => type === 'Glob')),
		) ?? false
	);
};

export interface Substitution {
	readonly type: string;
	readonly direction?: string;
	readonly body?: { readonly statements: readonly StatementNode[] };
}

export const wordOf = ({ target }: Redirection): readonly Substitution[] =>
	(target as { readonly parts?: readonly Substitution[] } | undefined)?.parts ?? [];

export const isInto = (one: Redirection): boolean => {
	const [only, ...more] = wordOf(one);
	return more.length === 0 && only?.type === 'ProcessSubstitution' && only.direction === 'output';
};

/** Whether something of what a command writes goes into a process. */
export const goesInto = ({ redirections }: CommandNode): boolean => redirections?.some(isInto) ?? false;

/** Whether all that a shell writes from now on does. */
export const turnsInto = (node: CommandNode): boolean =>
	goesInto(node) && nameOf(node) === 'exec' && (node as { readonly args?: readonly unknown[] }).args?.length === 0;

interface BracePart {
	readonly type: string;
	readonly items?: readonly {
		readonly word?: { readonly parts: readonly BracePart[] };
		readonly start?: unknown;
		readonly startStr?: string;
		readonly end?: unknown;
		readonly endStr?: string;
		readonly step?: unknown;
	}[];
}

/** Parts of a word in which braces are characters (`set +B`). */
const unbraced = (parts: readonly BracePart[]): BracePart[] =>
	parts.flatMap((part) => {
		if (part.type !== 'BraceExpansion') return [part];
		const literal = (value: string): BracePart => ({ type: 'Literal', value }) as BracePart;
		const inside = part.items!.flatMap(({ word, start, startStr, end, endStr, step }, i) => {
			const range = [startStr ?? start, endStr ?? end, ...(step === undefined || step === null ? [] : [step])];
			const one = word ? unbraced(word.parts) : [literal(range.join('..'))];
			return i === 0 ? one : [literal(','), ...one];
		});
		return [literal('{'), ...inside, literal('}')];
	});

/** A command in whose words braces are characters. */
export const withoutBraces = (node: CommandNode, key: 'args' | 'words'): CommandNode => {
	const words = (node as unknown as Record<string, readonly NameWord[] | null | undefined>)[key];
	return words ? { ...node, [key]: words.map((word) => ({ ...word, parts: unbraced(word.parts) })) } : node;
};

/** `local` with attributes is `declare`, in a function. */
export const declares = (node: CommandNode, { ctx }: Interpreter): CommandNode => {
	if (nameOf(node) !== 'local' || ctx.state.localScopes.length === 0) return node;
	const { args } = node as unknown as { readonly args: readonly NameWord[] };
	const flags = args.some(({ parts: [part] }) => /^-[Aailuntx]+$/.test((part as { value?: string })?.value ?? ''));
	return flags ? { ...node, name: { type: 'Word', parts: [{ type: 'Literal', value: 'declare' }] } } : node;
};

/** Builtins that may make tables of names (`declare -A`). */
export const MAKES = /^(?:declare|typeset|local|readonly|export)$/;
export const nameOf = ({ name }: CommandNode): string =>
	(name as { parts?: readonly { value?: string }[] } | null | undefined)?.parts?.[0]?.value ?? '';

/** just-bash splits words behind the command alone; of a name that is nothing, the first of them is the command. */
export const nameAmongWords = (node: CommandNode): CommandNode => {
	const { name, args } = node as unknown as { readonly name: NameWord; readonly args: readonly NameWord[] };
	return { ...node, name: { type: 'Word', parts: [] }, args: [name, ...args] } as unknown as CommandNode;
};

export interface NameWord {
	readonly type: 'Word';
	readonly parts: readonly {
		readonly type: string;
		/** Of what stands in double quotes. */
		readonly parts?: readonly { readonly parameter?: string }[];
	}[];
}

const asking = new WeakMap<object, boolean>();

/** Whether a `[[` asks for a terminal by `-t`. */
export function asksForTerminal(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const before = asking.get(value);
	if (before !== undefined) return before;
	const { type, operator } = value as { readonly type?: string; readonly operator?: string };
	const found = (type === 'CondUnary' && operator === '-t') || Object.values(value).some(asksForTerminal);
	asking.set(value, found);
	return found;
}
