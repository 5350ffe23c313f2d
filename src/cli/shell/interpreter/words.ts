/** What the words of a simple command look like before they are expanded. */
import type { CommandNode, Interpreter } from '../just-bash.ts';

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

/** Whether one of the words is a pattern with a slash at its end. */
export const trails = (node: CommandNode, key: 'args' | 'words' | 'array'): boolean => {
	const words = (node as unknown as Record<string, readonly NameWord[] | null | undefined>)[key];
	return (
		words?.some(
			({ parts }) =>
				parts.length > 1 &&
				(parts.at(-1) as { value?: unknown }).value?.toString().endsWith('/') &&
				parts.some(({ type }) => type === 'Glob'),
		) ?? false
	);
};

/** `local` with attributes is `declare`, in a function. */
export const declares = (node: CommandNode, { ctx }: Interpreter): CommandNode => {
	if (nameOf(node) !== 'local' || ctx.state.localScopes.length === 0) return node;
	const { args } = node as unknown as { readonly args: readonly NameWord[] };
	const flags = args.some(({ parts: [part] }) => /^-[Aailuntx]+$/.test((part as { value?: string })?.value ?? ''));
	return flags ? { ...node, name: { type: 'Word', parts: [{ type: 'Literal', value: 'declare' }] } } : node;
};

/** Builtins that may make tables of names (`declare -A`). */
export const MAKES = /^(?:declare|typeset|local)$/;
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
