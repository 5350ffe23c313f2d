/** Words of a command that is no simple one, as the shell expands them. */
import type { CommandNode, Interpreter } from './just-bash.ts';
import { WORDS } from './programs/names.ts';

export interface Part {
	readonly type: string;
	readonly value?: string;
	readonly parts?: readonly Part[];
}
export interface Word {
	readonly type: 'Word';
	readonly parts: readonly Part[];
}

/** The words of a command, expanded and not split. */
export async function expanded(it: Interpreter, words: readonly Word[]): Promise<readonly string[]> {
	const { options } = it.ctx.state;
	const whole = (word: Word): Word => ({ type: 'Word', parts: [{ type: 'DoubleQuoted', parts: word.parts }] });
	const name: Word = { type: 'Word', parts: [{ type: 'Literal', value: WORDS }] };
	const node = { type: 'SimpleCommand', assignments: [], name, args: words.map(whole), redirections: [] };
	const { xtrace } = options;
	options.xtrace = false;
	try {
		return (await it.executeSimpleCommand(node as unknown as CommandNode, '')).stdout.split('\0').slice(0, -1);
	} finally {
		options.xtrace = xtrace!;
	}
}
