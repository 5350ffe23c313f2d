/**
 * Arithmetic that stands in a command's words and heads, reckoned by us instead of by just-bash, whose numbers are those
 * of JavaScript. The command is run with nodes that ask for the value when just-bash comes to them, so that all is
 * reckoned in order and in the shell that runs it.
 */
import type { CommandNode, Interpreter } from '../just-bash.ts';

type Node = { readonly type?: string; readonly [key: string]: unknown };

/** What runs as commands of its own. */
const APART: ReadonlySet<string> = new Set(['CommandSubstitution', 'FunctionDef', 'ProcessSubstitution', 'Statement']);

const known = new WeakMap<object, boolean>();

/** Of `[[`: numbers of 64 bits are compared. */
const COMPARES = /^-(?:eq|ne|lt|le|gt|ge)$/;
const compares = ({ type, operator }: Node): boolean =>
	type === 'CondBinary' && typeof operator === 'string' && COMPARES.test(operator);

function hasSums(value: unknown): value is object {
	if (typeof value !== 'object' || value === null) return false;
	const before = known.get(value);
	if (before !== undefined) return before;
	const { type, originalText } = value as Node;
	const found =
		!APART.has(type ?? '') &&
		((type === 'ArithmeticExpression' && typeof originalText === 'string') ||
			compares(value as Node) ||
			Object.values(value).some(hasSums));
	known.set(value, found);
	return found;
}

let value: typeof import('./value.ts') | undefined;

/** A node whose value is asked for once just-bash reads its type. @param as how just-bash goes on with the value */
function sum(it: Interpreter, text: string, as: 'text' | 'number'): Node {
	const reckon = async (): Promise<string | number> => {
		value ??= await import('./value.ts');
		const result = await value.reckoned(it, text);
		return as === 'text' ? String(result) : Number(result);
	};
	let asked: Promise<string | number> | undefined;
	return {
		get type() {
			asked = reckon();
			return 'ArithNumber';
		},
		get value() {
			return asked;
		},
	};
}

/** Whether JavaScript's numbers do for an operand that is plain to see. */
function isSmall(word: Node, it: Interpreter): boolean {
	const [part, ...more] = word.parts as readonly Node[];
	const text =
		more.length > 0 || part === undefined
			? undefined
			: part.type === 'Literal'
				? part.value
				: part.type === 'ParameterExpansion' && part.operation === null
					? it.ctx.state.env.get(part.parameter as string)
					: undefined;
	return typeof text === 'string' && /^-?\d{1,15}$/.test(text) && !/^-?0\d/.test(text);
}

/** `a -eq b` as the sign of their difference beside 0. */
function compared(node: Node, it: Interpreter): Node {
	const { left, right } = node as { left: Node; right: Node };
	if (isSmall(left, it) && isSmall(right, it)) return node;
	let asked: Promise<string> | undefined;
	const sign = async (): Promise<string> => {
		value ??= await import('./value.ts');
		return value.compared(it, left, right);
	};
	const expression = {
		get type() {
			asked = sign();
			return 'ArithNumber';
		},
		get value() {
			return asked;
		},
	};
	const word = (part: object) => ({ type: 'Word', parts: [part] });
	return {
		...node,
		left: word({ type: 'ArithmeticExpansion', expression: { type: 'ArithmeticExpression', expression } }),
		right: word({ type: 'Literal', value: '0' }),
	};
}

function copied(node: unknown, it: Interpreter, as: 'text' | 'number'): unknown {
	if (!hasSums(node)) return node;
	if (Array.isArray(node)) return node.map((one) => copied(one, it, as));
	const { type, originalText } = node as Node;
	if (compares(node as Node)) return compared(node as Node, it);
	if (type === 'ArithmeticExpression') return { type, expression: sum(it, originalText as string, as) };
	const inside = type === 'ArithmeticExpansion' ? 'text' : 'number';
	return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, copied(part, it, inside)]));
}

/** The command, with all arithmetic that is its own asked for by this interpreter. */
export const bound = <T extends CommandNode>(node: T, it: Interpreter): T => copied(node, it, 'number') as T;
