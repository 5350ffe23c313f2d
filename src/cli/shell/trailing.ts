/**
 * Patterns that just-bash does not match as bash does: with a slash at their end, `!(…)`, which RE2 has no way to say, and
 * those with a quoted backslash where nothing matches.
 */
import { askedOf, keepsBackslash } from './interpreter/words.ts';
import type { CommandNode, Interpreter } from './just-bash.ts';
import { WORDS } from './programs/names.ts';

interface Part {
	readonly type: string;
	readonly value?: string;
	readonly pattern?: string;
	/** Of what stands in double quotes. */
	readonly parts?: readonly Part[];
}
interface Word {
	readonly type: 'Word';
	readonly parts: readonly Part[];
}

const text = ({ parts }: Word): string => parts.map(({ value, pattern }) => value ?? pattern ?? '\0').join('');

/** Whether a word is a pattern with a slash at its end. */
export const trails = ({ parts }: Word): boolean =>
	parts.at(-1)?.type === 'Literal' && parts.at(-1)!.value!.endsWith('/') && parts.some(({ type }) => type === 'Glob');

/** Words as they are expanded, each quoted. */
async function expanded(it: Interpreter, word: Word, run: Interpreter['executeSimpleCommand']): Promise<string[]> {
	const list = {
		type: 'SimpleCommand',
		assignments: [],
		redirections: [],
		name: { type: 'Word', parts: [{ type: 'Literal', value: WORDS }] },
		args: [word],
	};
	const { stdout } = await run.call(it, list as unknown as CommandNode, '');
	return stdout.split('\0').slice(0, -1);
}

async function matched(it: Interpreter, word: Word, run: Interpreter['executeSimpleCommand']): Promise<Word[]> {
	const { fs, state } = it.ctx;
	const last = word.parts.at(-1)!;
	const before = last.value!.replace(/\/+$/, '');
	const bare = {
		type: 'Word' as const,
		parts: [...word.parts.slice(0, -1), ...(before ? [{ ...last, value: before }] : [])],
	};
	const literal = (value: string): Word => ({ type: 'Word', parts: [{ type: 'SingleQuoted', value }] });
	const found: Word[] = [];
	for (const one of await expanded(it, bare, run)) {
		const path = fs.resolvePath(state.cwd, one);
		if ((await fs.exists(path)) && (await fs.stat(path)).isDirectory) found.push(literal(`${one}/`));
	}
	if (found.length > 0 || state.shoptOptions.nullglob) return found;
	return [literal(text(word))];
}

const NOT = /^!\((.*)\)$/s;

/** Whether one part of a word, and nothing else in it, is a pattern of what is not. */
const negates = ({ parts }: Word): boolean => {
	const patterns = parts.filter(({ type }) => type === 'Glob');
	return patterns.length === 1 && NOT.test(patterns[0]!.pattern ?? '');
};

/** All names but those that are meant. */
async function others(it: Interpreter, word: Word, run: Interpreter['executeSimpleCommand']): Promise<Word[]> {
	const { state } = it.ctx;
	const instead = (of: (pattern: string) => string): Word => ({
		type: 'Word',
		parts: word.parts.map((part) =>
			part.type === 'Glob' ? { ...part, pattern: of(NOT.exec(part.pattern!)![1]!) } : part,
		),
	});
	const not = new Set(
		await expanded(
			it,
			instead((some) => `@(${some})`),
			run,
		),
	);
	const all = instead(() => '*');
	const [one, ...more] = await expanded(it, all, run);
	const names = one === text(all) && more.length === 0 ? [] : [one!, ...more];
	const found = names.filter((name) => !not.has(name));
	if (found.length === 0 && !state.shoptOptions.nullglob) found.push(text(word));
	return found.map((value) => ({ type: 'Word', parts: [{ type: 'SingleQuoted', value }] }));
}

/** What a word is without expansions; undefined where it has some. */
const plainText = (parts: readonly Part[]): string | undefined =>
	parts.reduce<string | undefined>((before, part) => {
		const own = part.type === 'DoubleQuoted' ? plainText(part.parts ?? []) : (part.value ?? part.pattern);
		return before === undefined || own === undefined ? undefined : before + own;
	}, '');

/** A word that matched nothing stays as it is, with its backslashes (bash(1), Pathname Expansion). */
async function unmatched(it: Interpreter, word: Word, run: Interpreter['executeSimpleCommand']): Promise<Word[]> {
	const whole = plainText(word.parts);
	if (whole === undefined) return [word];
	const found = await expanded(it, askedOf(word), run);
	const kept = found.length === 1 && found[0] === whole.replace(/\\(.)/gs, '$1') ? [whole] : found;
	return kept.map((value) => ({ type: 'Word', parts: [{ type: 'SingleQuoted', value }] }));
}

/** The same command, with such patterns as what they match. */
export async function withTrailing<T extends CommandNode>(
	it: Interpreter,
	node: T,
	key: 'args' | 'words' | 'array',
	run: Interpreter['executeSimpleCommand'],
): Promise<T> {
	const words: Word[] = [];
	for (const word of (node as unknown as Record<string, readonly Word[]>)[key]!)
		words.push(
			...(trails(word)
				? await matched(it, word, run)
				: negates(word)
					? await others(it, word, run)
					: keepsBackslash(word)
						? await unmatched(it, word, run)
						: [word]),
		);
	return { ...node, [key]: words };
}
