/**
 * What a syntax tree is made of before it runs, where just-bash would ask the browser or knows less than bash: `$RANDOM`
 * is drawn by the lab (a session could not be told again otherwise), `"${a[*]}"` outside of a command's words is joined
 * by `IFS`, and `${n:?words}` says of what it speaks.
 */
import { JOINED, RANDOM } from './programs/names.ts';

type Node = { type?: string; [key: string]: unknown };

/** Puts what our shell has in the place of what just-bash has, all over a syntax tree. @param version of bash */
export function random<T>(ast: T, version?: string): T {
	visit(ast as Node, new Set(), version, false);
	return ast;
}

/** Nodes in which a word is not split, and the key of that word. */
const WHOLE: Readonly<Record<string, string>> = { Assignment: 'value', Case: 'word', ConditionalCommand: 'expression' };

const isWhole = (node: Node, key: string): boolean =>
	(node.type !== undefined && WHOLE[node.type] === key) ||
	(key === 'target' && node.operator === '<<<') ||
	(node.type === 'HereDoc' && key === 'content');

function visit(node: unknown, seen: Set<object>, version: string | undefined, whole: boolean): void {
	if (typeof node !== 'object' || node === null || seen.has(node)) return;
	seen.add(node);
	if ((node as Node).type === 'ArithmeticCommand') asWritten(node as Node);
	for (const [key, value] of Object.entries(node)) {
		if (typeof value !== 'object' || value === null) continue;
		const inside = (whole && (node as Node).type !== 'CommandSubstitution') || isWhole(node as Node, key);
		if (Array.isArray(value)) {
			for (const [i, item] of value.entries()) {
				value[i] = instead(item, version, inside);
				visit(value[i], seen, version, inside);
			}
		} else {
			(node as Node)[key] = instead(value as Node, version, inside);
			visit((node as Node)[key], seen, version, inside);
		}
	}
}

/** `((i>=2))` has been read as `(( $((i>=2)) ))`. */
function asWritten(node: Node): void {
	const expression = node.expression as { originalText?: string; expression: Node };
	const inside = /^\$\(\(([\s\S]*)\)\)$/.exec(expression.originalText ?? '')?.[1];
	if (inside === undefined || expression.expression.type !== 'ArithNested') return;
	node.expression = { ...expression, originalText: inside, expression: expression.expression.expression };
}

function instead(node: Node, version: string | undefined, whole: boolean): Node {
	if (node?.type === 'ArithVariable' && node.name === 'RANDOM') return { type: 'ArithCommandSubst', command: RANDOM };
	if (node?.type !== 'ParameterExpansion') return node;
	const { parameter, operation } = node as { parameter?: unknown; operation?: Node | null };
	if (operation?.type === 'ErrorIfUnset') return { ...node, operation: named(String(parameter), operation) };
	// It counts parameters, not characters.
	if (operation?.type === 'Length' && (parameter === '@' || parameter === '*'))
		return { ...node, parameter: '#', operation: null };
	if (operation !== null) return node;
	if (parameter === 'RANDOM') return { type: 'CommandSubstitution', body: script(RANDOM), legacy: false };
	if (parameter === 'BASH_VERSION' && version !== undefined) return { type: 'Literal', value: version };
	const [, array] = /^(\w+)\[\*\]$/.exec(String(parameter)) ?? [];
	if (whole && array) return { type: 'CommandSubstitution', body: script(JOINED, array), legacy: false };
	return node;
}

const literal = (value: string): Node => ({ type: 'Literal', value });

/** The words of `${n:?words}`, behind the name. */
function named(parameter: string, operation: Node): Node {
	const parts = (operation.word as { parts?: readonly Node[] } | null)?.parts ?? [];
	const words =
		parts.length > 0 ? parts : [literal(operation.checkEmpty ? 'parameter null or not set' : 'parameter not set')];
	return { ...operation, word: { type: 'Word', parts: [literal(`${parameter}: `), ...words] } };
}

function script(name: string, ...args: readonly string[]): Node {
	const command = {
		type: 'SimpleCommand',
		assignments: [],
		name: { type: 'Word', parts: [literal(name)] },
		args: args.map((arg) => ({ type: 'Word', parts: [literal(arg)] })),
		redirections: [],
	};
	const pipeline = { type: 'Pipeline', commands: [command], negated: false };
	return {
		type: 'Script',
		statements: [{ type: 'Statement', pipelines: [pipeline], operators: [], background: false }],
	};
}
