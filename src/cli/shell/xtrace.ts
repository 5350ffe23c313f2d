/**
 * `set -x` of what is no simple command: loops, `case`, `((` and `[[`, which just-bash does not show (bash print_cmd.c
 * xtrace_print_for_command_head() and its like @ 5.1).
 */
import type { CommandNode, Interpreter, Result, State, StatementNode } from './just-bash.ts';
import { expanded, type Word } from './words-of.ts';
import { valueShown } from './xtrace-words.ts';

interface Cond {
	readonly type: string;
	readonly operator?: string;
	readonly left?: Cond & Word;
	readonly right?: Cond & Word;
	readonly operand?: Cond & Word;
	readonly expression?: Cond;
	readonly word?: Word;
}
interface Loop extends CommandNode {
	readonly body: readonly StatementNode[];
	readonly variable?: string;
	readonly init?: Written;
	readonly condition?: Written;
	readonly update?: Written;
}
interface Written {
	readonly originalText: string;
}

/** Statements of ours that only show a text. */
const shown = new WeakMap<StatementNode, string>();

export const shownBy = (statement: StatementNode): string | undefined => shown.get(statement);

function showing(text: string): StatementNode {
	const node = { type: 'Statement', pipelines: [], operators: [], background: false } as StatementNode;
	shown.set(node, text);
	return node;
}

const QUOTED = /^(?:SingleQuoted|DoubleQuoted)$/;

/** A word as it stands in `[[`: an empty one between quotation marks, a quoted pattern with backslashes. */
const inTest = (text: string, word: Word, pattern: boolean): string =>
	text === ''
		? "''"
		: pattern && word.parts.length === 1 && QUOTED.test(word.parts[0]!.type)
			? text.replace(/[\s\S]/g, '\\$&')
			: text;

/** A part of a word whose value is known. */
const known = (text: string, word: Word): Word =>
	word.parts.some(({ type }) => type === 'CommandSubstitution')
		? { type: 'Word', parts: [{ type: 'SingleQuoted', value: text }] }
		: word;

/** Tests what stands in `[[`, and shows each part of it. */
async function test(
	it: Interpreter,
	cond: Cond,
	mark: string,
	say: (text: string) => void,
	run: (cond: Cond) => Promise<Result>,
): Promise<Result> {
	const more = (one: Cond): Promise<Result> => test(it, one, mark, say, run);
	if (cond.type === 'CondGroup') return more(cond.expression!);
	if (cond.type === 'CondAnd' || cond.type === 'CondOr') {
		const left = await more(cond.left!);
		return left.exitCode > 1 || (left.exitCode === 0) === (cond.type === 'CondOr') ? left : more(cond.right!);
	}
	const not = cond.type === 'CondNot' ? cond.operand! : undefined;
	const leaf = not ?? cond;
	if (leaf.type === 'CondNot' || leaf.type === 'CondGroup' || leaf.type === 'CondAnd' || leaf.type === 'CondOr') {
		const result = await more(leaf);
		return result.exitCode > 1 ? result : { ...result, exitCode: 1 - result.exitCode };
	}
	const words = (leaf.type === 'CondBinary' ? [leaf.left!, leaf.right!] : [leaf.operand ?? leaf.word!]) as Word[];
	const texts = await expanded(it, words);
	const patterns = /^(?:==?|!=|=~)$/.test(leaf.operator ?? '');
	const said = texts.map((text, i) => inTest(text, words[i]!, patterns && i === 1));
	const text =
		leaf.type === 'CondBinary' ? `${said[0]} ${leaf.operator} ${said[1]}` : `${leaf.operator ?? '-n'} ${said[0]}`;
	say(`${mark}[[ ${not ? '! ' : ''}${text} ]]\n`);
	const [first, second] = words.map((word, i) => known(texts[i] ?? '', word));
	const plain =
		leaf.type === 'CondBinary'
			? { ...leaf, left: first, right: second }
			: leaf.operand
				? { ...leaf, operand: first }
				: { ...leaf, word: first };
	return run((not ? { ...cond, operand: plain } : plain) as Cond);
}

/**
 * Runs a command under `set -x`; undefined when just-bash shows all there is of it.
 * @param source text of the statement
 * @param say shows a line, or keeps it for the result
 */
export async function tracing(
	it: Interpreter,
	node: CommandNode,
	source: string | undefined,
	say: (text: string) => void,
	run: (node: CommandNode) => Promise<Result>,
): Promise<Result | undefined> {
	const { state } = it.ctx;
	const mark = markOf(state);
	const loop = node as Loop;
	const arithmetic = (written: Written | undefined): string =>
		written ? `${mark}(( ${written.originalText} ))\n` : '';
	switch (node.type) {
		case 'For': {
			const words = /^\s*for\s+\w+\s+in\s+(.*?)\s*(?:;|\n)\s*do\b/s.exec(source ?? '')?.[1] ?? '"$@"';
			return run({
				...node,
				body: [showing(`${mark}for ${loop.variable} in ${words}\n`), ...loop.body],
			} as CommandNode);
		}
		case 'CStyleFor':
			say(arithmetic(loop.init) + arithmetic(loop.condition));
			return run({
				...node,
				body: [...loop.body, showing(arithmetic(loop.update) + arithmetic(loop.condition))],
			} as CommandNode);
		case 'Case':
			say(`${mark}case ${/^\s*case\s+(.*?)\s+in\b/s.exec(source ?? '')?.[1] ?? ''} in\n`);
			return undefined;
		case 'ArithmeticCommand':
			say(arithmetic((node as { expression?: Written }).expression));
			return undefined;
		case 'ConditionalCommand':
			return test(it, (node as unknown as { expression: Cond }).expression, mark, say, (expression) =>
				run({ ...node, expression } as CommandNode),
			);
		default:
			return undefined;
	}
}

interface Assigned {
	readonly name: string;
	readonly value: Word | null;
	readonly append: boolean;
	readonly array: readonly Word[] | null;
}

/**
 * Assignments to arrays and elements, of which just-bash says nothing: lists as they are written, elements with the value
 * they get, which is then not asked for again (bash subst.c do_assignment_internal() @ 5.2).
 */
export async function assigning<T extends CommandNode>(
	it: Interpreter,
	node: T,
): Promise<{ readonly node: T; readonly said: string }> {
	const mark = markOf(it.ctx.state);
	const { Unwritten, wordText } = await import('./print-function.ts');
	const listed = (words: readonly Word[]): string => {
		try {
			return words.map((word) => wordText(word as never)).join(' ');
		} catch (error) {
			if (error instanceof Unwritten) return '…';
			throw error;
		}
	};
	const plain: Assigned[] = [];
	let said = '';
	for (const one of (node as unknown as { readonly assignments: readonly Assigned[] }).assignments) {
		const sign = one.append ? '+=' : '=';
		if (one.array) said += `${mark}${one.name}${sign}(${listed(one.array)})\n`;
		else if (one.name.includes('[')) {
			const [value = ''] = one.value ? await expanded(it, [one.value]) : [];
			said += `${mark}${one.name}${sign}${valueShown(value)}\n`;
			plain.push({ ...one, value: { type: 'Word', parts: [{ type: 'SingleQuoted', value }] } });
			continue;
		}
		plain.push(one);
	}
	return { node: { ...node, assignments: plain }, said };
}

/** What stands before each line: `PS4`, as far as it is text. */
function markOf(state: State): string {
	const mark = state.env.get('PS4') ?? '+ ';
	return mark.replace(/\$(?:LINENO\b|\{LINENO\})/g, String(state.currentLine ?? 1));
}
