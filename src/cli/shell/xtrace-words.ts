/**
 * Simple commands under `set -x`: just-bash writes some words, values and lists otherwise than bash does (bash print_cmd.c
 * xtrace_print_word_list() and xtrace_print_assignment(), lib/sh/shquote.c sh_contains_shell_metas() @ 5.2).
 */
import { nameOf } from './interpreter/words.ts';
import type { CommandNode, State } from './just-bash.ts';
import type { Word } from './words-of.ts';

const METAS = /[\s'"\\|&;()<>!{}*[\]?^$`]|^[~#]|[=:]~/;
const OPENS = /^(\w+\+?)=\(/;

const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A word as bash shows it. */
const shown = (word: string): string => (word === '' || METAS.test(word) ? single(word) : word);

/** A value as bash shows it: an empty one is nothing. */
export const valueShown = (value: string): string => (value === '' ? '' : shown(value));

/** What just-bash writes for control characters and backslashes between `$'` and `'`. */
const escaped = (char: string): string => {
	if (char === '\n') return '\\n';
	if (char === '\t') return '\\t';
	if (char === '\\') return '\\\\';
	return char < ' ' || char === '\x7f' ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char;
};

/** A word as just-bash shows it. */
function theirs(word: string): string {
	if (word === '') return "''";
	if (!/[\s'"\\$`!*?[\]{}|&;<>()~#]/.test(word)) return word;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
	if (/[\x00-\x1f\x7f\\]/.test(word)) return `$'${[...word].map(escaped).join('')}'`;
	return word.includes("'") ? `"${word.replace(/[$`"]/g, '\\$&')}"` : `'${word}'`;
}

interface Simple {
	readonly args?: readonly Word[];
	readonly assignments?: readonly {
		readonly name: string;
		readonly value: Word | null;
		readonly append: boolean;
		readonly array: unknown;
	}[];
}

/** A value that stands there as it is. */
const plain = (word: Word | null): string | undefined => {
	const parts = (word?.parts ?? []).flatMap((part) => (part.type === 'DoubleQuoted' ? (part.parts ?? []) : [part]));
	return parts.every(({ type }) => /^(?:Literal|SingleQuoted|Escaped)$/.test(type))
		? parts.map(({ value = '' }) => value).join('')
		: undefined;
};

/** The elements that a list has given to a name, as bash shows them. */
function elements(state: State, name: string): string {
	const array = state.arrays?.get(name);
	const all = [...(array?.elements ?? [])];
	const keys = array?.kind === 'associative' || all.some(([key], i) => Number(key) !== i);
	return all.map(([key, value]) => (keys ? `[${single(key)}]=${single(value)}` : single(value))).join(' ');
}

/**
 * What is traced of one command, in bash's words.
 *
 * @param words of the command, expanded; absent where it only assigns
 * @param stderr what the command wrote, its trace among it
 */
export function retold(node: CommandNode, state: State, words: readonly string[] | undefined, stderr: string): string {
	let all = stderr;
	const put = (line: string, ours: (mark: string) => string): void => {
		const at = all.indexOf(`${line}\n`);
		if (at < 0) return;
		const from = all.lastIndexOf('\n', at - 1) + 1;
		all = `${all.slice(0, from)}${ours(all.slice(from, at))}${all.slice(at + line.length + 1)}`;
	};
	const { args = [], assignments = [] } = node as unknown as Simple;
	for (const { name, value, append, array } of assignments) {
		if (array || name.includes('[')) continue;
		const sign = append ? '+=' : '=';
		const now = state.env.get(name) ?? '';
		const text = plain(value) ?? (append ? undefined : now);
		// just-bash tells what an addition comes to.
		if (text === undefined || (!append && valueShown(text) === text)) continue;
		put(`${name}=${append ? now : text}`, (mark) => `${mark}${name}${sign}${valueShown(text)}\n`);
	}
	if (!words) return all;
	const [first = ''] = words;
	const command = nameOf(node) || first;
	const lists = args.flatMap(({ parts }) => OPENS.exec(parts[0]?.value ?? '')?.[1] ?? []);
	const before: string[] = [];
	const after: string[] = [];
	const ours = words.map((word, i) => {
		if (i === 0) return shown(command);
		const opened = OPENS.exec(word)?.[1] ?? lists.find((one) => one === word || one === `${word}+`);
		if (opened !== undefined && lists.includes(opened)) {
			const name = opened.replace('+', '');
			before.push(`${opened}=(${elements(state, name)})`);
			return name;
		}
		const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
		if (name !== undefined && /^(?:export|readonly)$/.test(command)) after.push(`${name}=${valueShown(value!)}`);
		return shown(word);
	});
	const line = words.map(theirs).join(' ');
	if (before.length + after.length > 0 || ours.join(' ') !== line)
		put(line, (mark) => [...before, ours.join(' '), ...after].map((one) => `${mark}${one}\n`).join(''));
	return all;
}
