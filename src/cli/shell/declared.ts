/** What just-bash assigns in another way or order than bash: it is told that as it understands it. */
import { type CommandNode, type Interpreter, interpreterPrototype, type Result } from './just-bash.ts';
import { WORDS } from './programs/names.ts';

interface Part {
	readonly type: string;
	readonly value?: string;
	readonly pattern?: string;
}
interface Word {
	readonly type: 'Word';
	readonly parts: readonly Part[];
}
interface Simple {
	readonly name: Word | null;
	readonly args: readonly Word[];
	readonly assignments: readonly { readonly name: string }[];
}

const simple = (node: CommandNode): Simple => node as unknown as Simple;
const literal = ({ parts }: Word): string | undefined =>
	parts.length === 1 && parts[0]!.type === 'Literal' ? parts[0]!.value : undefined;
const OPENS = /^(\w+)(\+?)=\(/;

/** `declare -A n=(["k"]="two words")`: just-bash splits what the quotation marks keep together. */
export function declaresTable(node: CommandNode): boolean {
	const { name, args } = simple(node);
	if (!name || !/^(?:declare|typeset|local)$/.test(literal(name) ?? '')) return false;
	const flags = args.map((arg) => literal(arg) ?? '').filter((word) => word.startsWith('-'));
	return (
		flags.some((word) => /^-\w*A/.test(word)) &&
		!flags.some((word) => word.includes('r')) &&
		args.some(({ parts }) => OPENS.test(parts[0]?.value ?? ''))
	);
}

/** The words between the brackets. */
function elements({ parts }: Word): Word[] {
	const words: Part[][] = [[]];
	for (const [i, part] of parts.entries()) {
		if (part.type !== 'Literal') {
			words.at(-1)!.push(part);
			continue;
		}
		let text = part.value ?? '';
		if (i === 0) text = text.replace(OPENS, '');
		if (i === parts.length - 1) text = text.replace(/\)$/, '');
		const [first = '', ...others] = text.split(/\s+/);
		if (first !== '') words.at(-1)!.push({ type: 'Literal', value: first });
		for (const other of others) words.push(other === '' ? [] : [{ type: 'Literal', value: other }]);
	}
	return words.filter((one) => one.length > 0).map((one) => ({ type: 'Word', parts: one }));
}

/** `h=(k v)`: of a table, words without brackets are keys and values in turn (arrayfunc.c, assign_assoc_from_kvlist() @ 5.2). */
async function pairs(it: Interpreter, words: readonly Word[]): Promise<Word[] | undefined> {
	const [first] = words;
	const [{ value, pattern }] = (first?.parts[0] ? first.parts : [{}]) as readonly [Partial<Part>];
	if (!first || (value ?? pattern)?.startsWith('[')) return undefined;
	const whole = words.map(({ parts }) => ({ type: 'Word', parts: [{ type: 'DoubleQuoted', parts }] }));
	const list = { type: 'SimpleCommand', assignments: [], redirections: [], name: named(WORDS), args: whole };
	const { stdout } = await interpreterPrototype().executeSimpleCommand.call(it, list as unknown as CommandNode, '');
	const texts = stdout.split('\0').slice(0, -1);
	return texts.flatMap((key, i) => (i % 2 === 0 ? [element(key, texts[i + 1] ?? '')] : []));
}

const named = (value: string): Word => ({ type: 'Word', parts: [{ type: 'Literal', value }] });
const element = (key: string, value: string): Word => ({
	type: 'Word',
	parts: [
		{ type: 'Glob', pattern: '[' },
		{ type: 'SingleQuoted', value: key },
		{ type: 'Literal', value: ']=' },
		{ type: 'SingleQuoted', value },
	],
});

/** An assignment with the pairs of a table; itself where it has brackets. */
export async function withPairs(it: Interpreter, assignment: CommandNode): Promise<CommandNode> {
	const { array } = assignment as unknown as { readonly array: readonly Word[] };
	const meant = await pairs(it, array);
	return meant ? ({ ...assignment, array: meant } as unknown as CommandNode) : assignment;
}

/** Declares the names, and then gives them their elements. */
export async function declareTable(
	it: Interpreter,
	node: CommandNode,
	run: (one: CommandNode) => Promise<Result>,
): Promise<Result> {
	const { args } = simple(node);
	const tables = args.filter(({ parts }) => OPENS.test(parts[0]?.value ?? ''));
	const name = (word: Word): RegExpExecArray => OPENS.exec(word.parts[0]!.value!)!;
	const result = await run({
		...node,
		args: args.map((word) =>
			tables.includes(word) ? { type: 'Word', parts: [{ type: 'Literal', value: name(word)[1] }] } : word,
		),
	} as unknown as CommandNode);
	if (result.exitCode !== 0) return result;
	const given = [];
	for (const word of tables)
		given.push({
			type: 'Assignment',
			name: name(word)[1],
			value: null,
			append: name(word)[2] !== '',
			array: (await pairs(it, elements(word))) ?? elements(word),
		});
	return run({ ...node, name: null, args: [], assignments: given, redirections: [] } as unknown as CommandNode);
}

/** `x=2 echo $x`: words are expanded before what stands before the command is assigned (bash(1), SIMPLE COMMAND EXPANSION). */
export function readsItsOwn(node: CommandNode): boolean {
	const { name, args, assignments } = simple(node);
	if (assignments.length === 0 || !name || args.length === 0) return false;
	const text = JSON.stringify(args);
	return assignments.some((one) => text.includes(`"parameter":"${one.name}"`));
}

/** The same command with its words as they are before. */
export async function expandedFirst(
	it: Interpreter,
	node: CommandNode,
	run: Interpreter['executeSimpleCommand'],
): Promise<CommandNode> {
	const list = {
		...node,
		assignments: [],
		redirections: [],
		name: { type: 'Word', parts: [{ type: 'Literal', value: WORDS }] },
	};
	const { stdout } = await run.call(it, list as unknown as CommandNode, '');
	const args = stdout
		.split('\0')
		.slice(0, -1)
		.map((value) => ({ type: 'Word', parts: [{ type: 'SingleQuoted', value }] }));
	return { ...node, args } as unknown as CommandNode;
}
