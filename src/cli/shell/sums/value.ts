/** The value of an expression: what is to expand in it is expanded first, as between double quotes (bash subst.c @ 5.2). */
import { asWritten } from '../arithmetic.ts';
import { frameOf } from '../frame.ts';
import { type CommandNode, type Interpreter, interpreterPrototype, type State } from '../just-bash.ts';
import { WORDS } from '../programs/names.ts';
import { type Word, expanded as wordsExpanded } from '../words-of.ts';
import { type Names, reckon } from './evaluate.ts';
import { Faulty } from './number.ts';

/** Variables that have a new value each time, or are no entries of the table. */
const KEPT = /(?<![\w$#])(RANDOM|SECONDS|LINENO|BASHPID|PPID|UID|EUID|COLUMNS|LINES)\b/g;

/** What `set -u` says of a name. */
class Unset extends Error {}

const CAPTURE = { type: 'SimpleCommand', assignments: [], redirections: [] };
const literal = (text: string) => ({ type: 'Word', parts: [{ type: 'Literal', value: text }] });
const words = new Map<string, unknown>();

/** What a text between double quotes becomes. */
async function expanded(it: Interpreter, text: string): Promise<string> {
	let word = words.get(text);
	if (word === undefined) {
		const script = frameOf(it)?.host.parse(`: "${text}"`) as
			| { statements: readonly { pipelines: readonly { commands: readonly { args: readonly unknown[] }[] }[] }[] }
			| undefined;
		word = script?.statements[0]?.pipelines[0]?.commands[0]?.args[0];
		if (word === undefined) return text;
		if (words.size > 500) words.clear();
		words.set(text, word);
	}
	const { state } = it.ctx;
	const { lastArg } = state;
	const { xtrace } = state.options;
	state.options.xtrace = false;
	try {
		const node = { ...CAPTURE, name: literal(WORDS), args: [word] } as unknown as CommandNode;
		const { stdout } = await interpreterPrototype().executeSimpleCommand.call(it, node, '');
		return stdout.slice(0, -1);
	} finally {
		state.options.xtrace = xtrace ?? false;
		state.lastArg = lastArg;
	}
}

/** Without the quotes that stand outside of expansions. */
function unquoted(text: string): string {
	let depth = 0;
	let left = '';
	for (let i = 0; i < text.length; i++) {
		const char = text[i]!;
		if (char === '$' && /[{(]/.test(text[i + 1] ?? '')) {
			depth++;
			left += char + text[++i];
			continue;
		}
		if (depth > 0 && /[{(]/.test(char)) depth++;
		else if (depth > 0 && /[})]/.test(char)) depth--;
		if (char !== '"' || depth > 0) left += char;
	}
	return left;
}

/** All that stands for something else, in its place. */
async function plain(it: Interpreter, text: string): Promise<string> {
	if (!/[$`"\\]/.test(text)) return text;
	const { env, namerefs } = it.ctx.state;
	const bare = unquoted(text);
	if (/\$\(|`/.test(bare)) return expanded(it, bare);
	const some = bare.replace(/\$(?:([A-Za-z_]\w*|[1-9](?!\d))|\{([A-Za-z_]\w*)\})/g, (whole, one, other) => {
		const name = (one ?? other) as string;
		return namerefs?.has(name) ? whole : (env.get(name) ?? whole);
	});
	return /[$`\\]/.test(some) ? expanded(it, some) : some;
}

function namesOf(state: State, drawn: ReadonlyMap<string, string[]>, depth = 0): Names {
	const meant = (name: string): string => (state.namerefs?.has(name) ? (state.env.get(name) ?? name) : name);
	const place = (given: string, subscript: string | undefined): { name: string; key: string | undefined } => {
		const [, name = given, inner] = /^(\w+)\[(.*)\]$/.exec(meant(given)) ?? [undefined, meant(given)];
		const array = state.arrays?.get(name);
		const index = subscript ?? inner;
		if (index === undefined) return { name, key: array ? '0' : undefined };
		if (array?.kind === 'associative') return { name, key: index };
		if (index.trim() === '') throw new Faulty(`${name}[${index}]: bad array subscript`);
		let at = reckon(index, namesOf(state, drawn, depth + 1), depth + 1);
		if (at < 0n) {
			const last = Math.max(-1, ...[...(array?.elements.keys() ?? [])].map(Number));
			at += BigInt(last + 1);
			if (at < 0n) throw new Faulty(`${name}: bad array subscript`);
		}
		return { name, key: String(at) };
	};
	return {
		get(given, subscript) {
			const value = drawn.get(given)?.shift();
			if (value !== undefined) return value;
			const { name, key } = place(given, subscript);
			const array = state.arrays?.get(name);
			const found = key === undefined || (!array && key === '0') ? state.env.get(name) : array?.elements.get(key);
			if (found === undefined && state.options.nounset)
				throw new Unset(key === undefined || !array ? name : `${name}[${subscript}]`);
			return found;
		},
		set(given, subscript, value) {
			const { name, key } = place(given, subscript);
			if (state.readonlyVars?.has(name)) throw new Faulty(`${name}: readonly variable`);
			if (key === undefined) {
				state.env.set(name, value);
				return;
			}
			state.arrays ??= new Map();
			let array = state.arrays.get(name);
			if (!array) {
				const scalar = state.env.get(name);
				array = { kind: 'indexed', elements: new Map(scalar === undefined ? [] : [['0', scalar]]) };
				state.arrays.set(name, array);
				state.env.delete(name);
			}
			array.elements.set(key, value);
		},
	};
}

async function draw(it: Interpreter, text: string): Promise<Map<string, string[]>> {
	const drawn = new Map<string, string[]>();
	for (const [, name] of text.matchAll(KEPT)) {
		if (it.ctx.state.env.has(name!)) continue;
		drawn.set(name!, [...(drawn.get(name!) ?? []), await expanded(it, `$${name}`)]);
	}
	return drawn;
}

/** @throws Faulty, and what expansions throw */
export async function sumOf(it: Interpreter, written: string): Promise<bigint> {
	const text = await plain(it, asWritten(written));
	const drawn = await draw(it, text);
	try {
		return reckon(text, namesOf(it.ctx.state, drawn));
	} catch (error) {
		// It is said as of any other variable.
		if (error instanceof Unset) await expanded(it, `\${${error.message}}`);
		throw error;
	}
}

type ArithmeticError = new (message: string) => Error;
let kind: ArithmeticError | undefined;

/** What just-bash throws for arithmetic, which it catches by its class. */
async function errorOf(it: Interpreter): Promise<ArithmeticError> {
	if (kind) return kind;
	const expression = { type: 'ArithmeticExpression', expression: { type: 'ArithSyntaxError', message: '' } };
	const word = { type: 'Word', parts: [{ type: 'ArithmeticExpansion', expression }] };
	try {
		const node = { ...CAPTURE, name: literal(WORDS), args: [word] } as unknown as CommandNode;
		await interpreterPrototype().executeSimpleCommand.call(it, node, '');
	} catch (error) {
		kind = (error as Error).constructor as ArithmeticError;
	}
	return kind!;
}

/** The value for just-bash. @throws just-bash's error of arithmetic, in bash's words */
export async function reckoned(it: Interpreter, text: string): Promise<bigint> {
	try {
		return await sumOf(it, text);
	} catch (error) {
		if (!(error instanceof Faulty)) throw error;
		throw new (await errorOf(it))(error.message);
	}
}

/** How two words of `[[` compare: -1, 0 or 1. Both are expanded first, then reckoned (bash test.c arithcomp() @ 5.2). */
export async function compared(it: Interpreter, left: unknown, right: unknown): Promise<string> {
	const [first = '', second = ''] = await wordsExpanded(it, [left as Word, right as Word]);
	try {
		const one = await sumOf(it, first);
		const other = await sumOf(it, second);
		return one < other ? '-1' : one > other ? '1' : '0';
	} catch (error) {
		if (!(error instanceof Faulty)) throw error;
		throw new (await errorOf(it))(`[[: ${error.message}`);
	}
}

/** `let`: the code of the last expression (bash builtins/let.def @ 5.2). */
export async function letBuiltin(
	it: Interpreter,
	args: readonly string[],
): Promise<{ stderr: string; exitCode: number }> {
	const expressions = args[0] === '--' ? args.slice(1) : args;
	if (expressions.length === 0) return { stderr: 'bash: let: expression expected\n', exitCode: 1 };
	let last = 0n;
	try {
		for (const one of expressions) {
			const drawn = await draw(it, one);
			last = reckon(one, namesOf(it.ctx.state, drawn));
		}
	} catch (error) {
		if (error instanceof Unset) await expanded(it, `\${${error.message}}`);
		if (!(error instanceof Faulty)) throw error;
		return { stderr: `bash: let: ${error.message}\n`, exitCode: 1 };
	}
	return { stderr: '', exitCode: last === 0n ? 1 : 0 };
}
