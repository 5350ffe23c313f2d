/** `-t FD` of `test`, `[` and `[[`: whether a terminal is open there (bash test.c unary_test() @ 5.1, isatty(3)). */
import type { LineRun } from './call.ts';
import { type Frame, isFed } from './frame.ts';
import { asksForTerminal } from './interpreter/words.ts';
import type { CommandNode, Interpreter, State } from './just-bash.ts';
import { expanded, type Word } from './words-of.ts';

interface Cond {
	readonly type: string;
	readonly operator?: string;
	readonly operand?: Cond & Word;
	readonly [key: string]: unknown;
}

type Moved = State & {
	readonly fileDescriptors?: ReadonlyMap<number, string>;
	readonly closedStandardFds?: ReadonlySet<number>;
};

export function isTerminal(fd: string, frame: Frame, state: State): boolean {
	const number = /^\s*\+?\d+\s*$/.test(fd) ? Number(fd) : -1;
	const { fileDescriptors, closedStandardFds } = state as Moved;
	const { tty, terminal } = frame.run as LineRun;
	if (!terminal || fileDescriptors?.has(number) || closedStandardFds?.has(number)) return false;
	if (number === 0) return !isFed(frame);
	return (number === 1 && tty && frame.shown.out !== undefined) || (number === 2 && frame.shown.err !== undefined);
}

const OPERATORS = /^(?:==?|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/** The words of `test` or `[` with the answer in the place of each such question. */
export function answered(words: readonly string[], is: (fd: string) => boolean): readonly string[] {
	const out = [...words];
	for (let i = 0; i + 1 < out.length; i++) {
		const asks = out[i] === '-t' && out[i + 1] !== ']' && !OPERATORS.test(out[i - 1] ?? '');
		if (!asks || (OPERATORS.test(out[i + 1]!) && out[i + 2] !== undefined && out[i + 2] !== ']')) continue;
		out[i] = '-n';
		out[i + 1] = is(out[i + 1]!) ? 'x' : '';
	}
	return out;
}

/** A `[[` with the answer in the place of each such question. */
export async function withAnswers<T extends CommandNode>(
	it: Interpreter,
	node: T,
	is: (fd: string) => boolean,
): Promise<T> {
	const one = async (value: unknown): Promise<unknown> => {
		if (!asksForTerminal(value)) return value;
		if (Array.isArray(value)) return Promise.all(value.map(one));
		const cond = value as Cond;
		if (cond.type === 'CondUnary' && cond.operator === '-t') {
			const [fd = ''] = await expanded(it, [cond.operand!]);
			return {
				...cond,
				operator: '-n',
				operand: { type: 'Word', parts: [{ type: 'SingleQuoted', value: is(fd) ? 'x' : '' }] },
			};
		}
		const parts: [string, unknown][] = [];
		for (const [key, part] of Object.entries(cond)) parts.push([key, await one(part)]);
		return Object.fromEntries(parts);
	};
	return (await one(node)) as T;
}
