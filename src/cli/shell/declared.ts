/** What just-bash assigns in another way or order than bash: it is told that as it understands it. */
import { frameOf } from './frame.ts';
import { type CommandNode, type Interpreter, interpreterPrototype, type Result, type ScriptNode } from './just-bash.ts';
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

/**
 * `declare -A n=(["k"]="two words")`, `local -a a=($(seq 3) "x y")`: just-bash reads such a list as one word, splits what
 * quotation marks keep together, and has the name of a substitution for its text.
 */
export function declaresList(node: CommandNode): boolean {
	const { name, args } = simple(node);
	if (!name || !/^(?:declare|typeset|local|readonly|export)$/.test(literal(name) ?? '')) return false;
	const flags = args.map((arg) => literal(arg) ?? '').filter((word) => word.startsWith('-'));
	return !flags.some((word) => /[nilu]/.test(word)) && args.some(({ parts }) => OPENS.test(parts[0]?.value ?? ''));
}

/** How a list is written in the text of its statement, `name=(...)`. */
function listIn(source: string, name: string): string | undefined {
	const at = new RegExp(`(?<![\\w$])${name}\\+?=\\(`).exec(source);
	if (!at) return undefined;
	let open = 0;
	let quote = '';
	for (let i = at.index; i < source.length; i++) {
		const char = source[i]!;
		if (char === '\\' && quote !== "'") i++;
		else if (quote !== '') quote = char === quote ? '' : quote;
		else if (char === "'" || char === '"') quote = char;
		else if (char === '(') open++;
		else if (char === ')' && --open === 0) return source.slice(at.index, i + 1);
	}
	return undefined;
}

/** Its words, read as those of an assignment are; undefined where that cannot be had. */
function readList(it: Interpreter, source: string | undefined, name: string): readonly Word[] | undefined {
	const text = source && listIn(source, name);
	if (!text) return undefined;
	try {
		const { statements } = frameOf(it)!.host.parse(text) as ScriptNode;
		const [command] = statements[0]!.pipelines[0]!.commands as unknown as [{ assignments: [{ array: Word[] }] }];
		return command.assignments[0].array;
	} catch {
		return undefined;
	}
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

/** Declares the names, and gives them their elements; what may not be changed then is said last. */
export async function declareList(
	it: Interpreter,
	node: CommandNode,
	source: string | undefined,
	run: (one: CommandNode) => Promise<Result>,
): Promise<Result> {
	const { name, args } = simple(node);
	const named = (word: Word): RegExpExecArray | null => OPENS.exec(word.parts[0]?.value ?? '');
	const plain = (value: string): Word => ({ type: 'Word', parts: [{ type: 'Literal', value }] });
	const bare = args.map((word) => (named(word) ? plain(named(word)![1]!) : word));
	const flags = args.map((arg) => literal(arg) ?? '').filter((word) => /^-\w*r/.test(word));
	const makes = !/^(?:readonly|export)$/.test(literal(name!)!);
	const all = { stdout: '', stderr: '', exitCode: 0 };
	const take = async (one: object): Promise<boolean> => {
		const { stdout, stderr, exitCode } = await run({ ...node, ...one } as unknown as CommandNode);
		all.stdout += stdout;
		all.stderr += stderr;
		all.exitCode = exitCode;
		return exitCode === 0;
	};
	const table = args.some((arg) => /^-\w*A/.test(literal(arg) ?? ''));
	// An empty list makes it a list, of the function that it is in.
	const first = args.map((word, i) => {
		const [, name, add] = named(word) ?? [];
		if (name !== undefined) return table || add !== '' ? bare[i]! : plain(`${name}=()`);
		return flags.includes(literal(word) ?? '') ? plain(literal(word)!.replace('r', '')) : word;
	});
	if (makes && !(await take({ args: first.filter((word) => literal(word) !== '-') }))) return all;
	const isTable = (one: string): boolean => it.ctx.state.arrays?.get(one)?.kind === 'associative';
	const given = [];
	for (const word of args) {
		const [, one, add] = named(word) ?? [];
		if (one === undefined) continue;
		const words = readList(it, source, one) ?? elements(word);
		const array = isTable(one) ? ((await pairs(it, words)) ?? words) : words;
		given.push({ type: 'Assignment', name: one, value: null, append: add !== '', array });
	}
	if (!(await take({ name: null, args: [], assignments: given, redirections: [] }))) return all;
	if (!makes) await take({ args: bare });
	else if (flags.length > 0)
		await take({ name: plain('readonly'), args: given.map((one) => plain(one.name)), redirections: [] });
	return all;
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
