/**
 * What a syntax tree is made of before it runs, where just-bash would ask the browser or knows less than bash: `$RANDOM`
 * is drawn by the lab (a session could not be told again otherwise), `"${a[*]}"` outside of a command's words is joined
 * by `IFS`, and `${n:?words}` says of what it speaks.
 */
import { DECLARED, FLAGS, JOINED, RANDOM } from './programs/names.ts';

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
	for (const key of ['value', 'word', 'target', 'left', 'right']) atTilde((node as Node)[key] as Node | null);
	for (const key of ['args', 'words', 'array']) for (const word of listOf((node as Node)[key])) atTilde(word);
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

const listOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? (value as Node[]) : []);

/** `~+` and `~-` at the begin of a word (bash(1), Tilde Expansion). */
function atTilde(word: Node | null): void {
	if (word?.type !== 'Word') return;
	const [first, ...rest] = word.parts as readonly Node[];
	const { type, value, user } = first ?? {};
	const literal = type === 'Literal' ? /^~\+(?=\/|$)/.exec(String(value)) : null;
	if (!literal && !(type === 'TildeExpansion' && user === '-')) return;
	const [name, mark, behind] = literal ? ['PWD', '~+', String(value).slice(2)] : ['OLDPWD', '~-', ''];
	const operation = { type: 'DefaultValue', word: { type: 'Word', parts: [{ type: 'SingleQuoted', value: mark }] } };
	const expansion = { type: 'ParameterExpansion', parameter: name, operation: { ...operation, checkEmpty: false } };
	const quoted = { type: 'DoubleQuoted', parts: [expansion] };
	word.parts = [quoted, ...(behind === '' ? [] : [{ type: 'Literal', value: behind }]), ...rest];
}

/** `{A..c}`: all characters between, of which a backslash quotes nothing (bash braces.c, mkseq() @ 5.1). */
function ranged(item: Node): Node[] {
	const { type, start, end, step } = item as { type?: string; start?: unknown; end?: unknown; step?: number | null };
	const [from, to] = [String(start), String(end)];
	const letters = type === 'Range' && /^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to);
	if (!letters || /[a-z]/.test(from) === /[a-z]/.test(to)) return [item];
	const way = Math.max(1, Math.abs(step ?? 1)) * (from < to ? 1 : -1);
	const items: Node[] = [];
	for (let code = from.charCodeAt(0); way > 0 ? code <= to.charCodeAt(0) : code >= to.charCodeAt(0); code += way) {
		const char = String.fromCharCode(code);
		const part = char === '\\' ? { type: 'DoubleQuoted', parts: [] } : { type: 'SingleQuoted', value: char };
		items.push({ type: 'Word', word: { type: 'Word', parts: [part] } });
	}
	return items;
}

function instead(node: Node, version: string | undefined, whole: boolean): Node {
	if (node?.type === 'ArithVariable' && node.name === 'RANDOM') return { type: 'ArithCommandSubst', command: RANDOM };
	if (node?.type === 'CondBinary') return affirmed(node);
	if (node?.type === 'BraceExpansion') return { ...node, items: (node.items as Node[]).flatMap(ranged) };
	if (node?.type !== 'ParameterExpansion') return node;
	const { parameter, operation } = node as { parameter?: unknown; operation?: Node | null };
	if (operation?.type === 'ErrorIfUnset') return { ...node, operation: named(String(parameter), operation) };
	// It counts parameters, not characters.
	if (operation?.type === 'Length' && (parameter === '@' || parameter === '*'))
		return { ...node, parameter: '#', operation: null };
	if (operation?.type === 'PatternReplacement' && operation.all && operation.anchor)
		return { ...node, operation: unanchored(operation) };
	const [, listed] = /^(\w+)\[[@*]\]$/.exec(String(parameter)) ?? [];
	if (listed && operation?.type === 'Transform' && /^[AK]$/.test(String(operation.operator)))
		return { type: 'CommandSubstitution', body: script(DECLARED, listed, String(operation.operator)), legacy: false };
	if (operation?.type === 'BadSubstitution') return { ...node, operation: bad(String(operation.text)) };
	if (operation !== null) return node;
	if (parameter === '') return { ...node, operation: bad('') };
	if (parameter === '-') return { type: 'CommandSubstitution', body: script(FLAGS), legacy: false };
	if (parameter === 'RANDOM') return { type: 'CommandSubstitution', body: script(RANDOM), legacy: false };
	if (parameter === 'BASH_VERSION' && version !== undefined) return { type: 'Literal', value: version };
	const [, array] = /^(\w+)\[\*\]$/.exec(String(parameter)) ?? [];
	if (whole && array) return { type: 'CommandSubstitution', body: script(JOINED, array), legacy: false };
	return node;
}

/** `[[ a == !(b) ]]` as `[[ a != @(b) ]]`: RE2 has no way to say the first. */
function affirmed(node: Node): Node {
	const { operator, right } = node as {
		operator?: string;
		right?: { parts: readonly Partial<Record<'type' | 'pattern', string> & { parts: unknown[] }>[] };
	};
	// Empty quotation marks may stand before it (`grammar/rewrite.ts`).
	const [only, ...more] = (right?.parts ?? []).filter(
		({ type, parts }) => type !== 'DoubleQuoted' || parts?.length !== 0,
	);
	if (more.length > 0 || !only?.pattern?.startsWith('!(') || !/^[!=]?=$/.test(operator ?? '')) return node;
	const pattern = { ...only, pattern: `@${only.pattern.slice(1)}` };
	return { ...node, operator: operator === '!=' ? '==' : '!=', right: { ...right, parts: [pattern] } };
}

/** It is said with its braces. */
const bad = (text: string): Node => ({ type: 'BadSubstitution', text: /^\$\{/.test(text) ? text : `\${${text}}` });

/** `${n//%/x}`: where all are replaced, a mark of the begin or the end is a character (bash subst.c, pat_subst() @ 5.1). */
function unanchored(operation: Node): Node {
	const pattern = operation.pattern as { readonly parts: readonly Node[] };
	const mark = literal(operation.anchor === 'end' ? '%' : '#');
	return { ...operation, anchor: null, pattern: { ...pattern, parts: [mark, ...pattern.parts] } };
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
