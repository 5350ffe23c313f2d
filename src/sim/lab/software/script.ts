/**
 * Shell scripts as containers are given them (`sh -c '…'`): read whole, or not at all. What is understood are lists,
 * `&&`, `||`, `while`, `until`, `for`, `if`, variables, `$((…))`, `$(…)` and the commands of `script-run.ts`; pipes,
 * files, functions and other programs are not, and then nothing is said of the script's doings.
 * Source of the grammar: POSIX.1-2017, 2.9 Shell Commands.
 */

/** A piece of a word: text, or something to be put in its place. */
export type Piece =
	| { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
	| { readonly kind: 'variable' | 'sum'; readonly text: string; readonly quoted: boolean }
	| { readonly kind: 'command'; readonly list: readonly Step[]; readonly quoted: boolean };
export type Word = readonly Piece[];

export type Command =
	| { readonly kind: 'simple'; readonly words: readonly Word[]; readonly silent: boolean }
	| { readonly kind: 'loop'; readonly until: boolean; readonly test: readonly Step[]; readonly body: readonly Step[] }
	| { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: readonly Step[] }
	| { readonly kind: 'if'; readonly arms: readonly Arm[]; readonly otherwise: readonly Step[] };
export interface Arm {
	readonly test: readonly Step[];
	readonly body: readonly Step[];
}
/** A command, and whether it runs always, after success, or after failure of the one before. */
export interface Step {
	readonly when: 'always' | 'success' | 'failure';
	readonly command: Command;
}

/** Thrown inside this file only: the script says something that is not understood. */
const UNKNOWN = new Error('not understood');

type Token = { readonly word: Word } | { readonly sign: string };

const NAME = /^[A-Za-z_]\w*/;

/** What stands between brackets that begin at `from`, and where it ends. */
function bracketed(text: string, from: number): readonly [inner: string, end: number] {
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		if (text[at] === '(') depth++;
		else if (text[at] === ')' && --depth === 0) return [text.slice(from + 1, at), at + 1];
	}
	throw UNKNOWN;
}

/** The piece a `$` at `at` begins. */
function dollar(text: string, at: number, quoted: boolean): readonly [piece: Piece, end: number] {
	const rest = text.slice(at + 1);
	if (rest.startsWith('((')) {
		const [inner, end] = bracketed(text, at + 1);
		if (!inner.endsWith(')')) throw UNKNOWN;
		return [{ kind: 'sum', text: inner.slice(1, -1), quoted }, end];
	}
	if (rest[0] === '(') {
		const [inner, end] = bracketed(text, at + 1);
		return [{ kind: 'command', list: read(inner), quoted }, end];
	}
	const braced = /^\{([A-Za-z_]\w*|\?)\}/.exec(rest);
	if (braced) return [{ kind: 'variable', text: braced[1]!, quoted }, at + 1 + braced[0].length];
	const name = NAME.exec(rest)?.[0] ?? (rest[0] === '?' ? '?' : undefined);
	if (name !== undefined) return [{ kind: 'variable', text: name, quoted }, at + 1 + name.length];
	if (rest[0] !== undefined && !/[\s"]/.test(rest[0])) throw UNKNOWN;
	return [{ kind: 'text', text: '$', quoted: true }, at + 1];
}

/** One word from `at` on. */
function wordAt(text: string, from: number): readonly [word: Word, end: number] {
	const pieces: Piece[] = [];
	const add = (letters: string, quoted: boolean): void => {
		const last = pieces.at(-1);
		if (last?.kind === 'text' && last.quoted === quoted)
			pieces[pieces.length - 1] = { ...last, text: last.text + letters };
		else pieces.push({ kind: 'text', text: letters, quoted });
	};
	let at = from;
	let inside = false;
	for (;;) {
		const letter = text[at];
		if (letter === undefined) {
			if (inside) throw UNKNOWN;
			break;
		}
		if (letter === '"') {
			if (!inside) add('', true);
			inside = !inside;
			at++;
		} else if (letter === '$') {
			const [piece, end] = dollar(text, at, inside);
			pieces.push(piece);
			at = end;
		} else if (letter === '\\') {
			const next = text[at + 1];
			if (next === undefined) throw UNKNOWN;
			if (inside && !/[$`"\\\n]/.test(next)) add('\\', true);
			if (next !== '\n') add(next, true);
			at += 2;
		} else if (letter === '`') throw UNKNOWN;
		else if (inside) {
			add(letter, true);
			at++;
		} else if (letter === "'") {
			const end = text.indexOf("'", at + 1);
			if (end < 0) throw UNKNOWN;
			add(text.slice(at + 1, end), true);
			at = end + 1;
		} else if (/[\s;&|<>()]/.test(letter)) break;
		else if (/[*?{}~]/.test(letter) && !(letter === '{' || letter === '}')) throw UNKNOWN;
		else {
			add(letter, false);
			at++;
		}
	}
	return [pieces, at];
}

/** Where output may go without a file: to the log, by either stream, or nowhere. */
const REDIRECTION = /^(?:1?>&2|2>&1|[12]?>\s*\/dev\/(?:stderr|stdout|null))(?=[\s;&|)]|$)/;

function tokens(text: string): Token[] {
	const out: Token[] = [];
	for (let at = 0; at < text.length; ) {
		const rest = text.slice(at);
		const blank = /^(?:[ \t]|\\\n)+/.exec(rest)?.[0];
		const note = /^#[^\n]*/.exec(rest)?.[0];
		const away = REDIRECTION.exec(rest)?.[0];
		if (blank !== undefined) at += blank.length;
		else if (note !== undefined) at += note.length;
		else if (away !== undefined) {
			out.push({ sign: /^1?>\s*\/dev\/null/.test(away) ? 'silent' : 'loud' });
			at += away.length;
		} else if (rest.startsWith('&&') || rest.startsWith('||')) {
			out.push({ sign: rest.slice(0, 2) });
			at += 2;
		} else if (rest[0] === ';' || rest[0] === '\n') {
			out.push({ sign: ';' });
			at++;
		} else if (/[&|<>()]/.test(rest[0]!)) throw UNKNOWN;
		else {
			const [word, end] = wordAt(text, at);
			out.push({ word });
			at = end;
		}
	}
	return out;
}

/** A word without quotes or variables: what a reserved word must be. */
const plain = (token: Token | undefined): string | undefined => {
	const [piece, ...more] = token && 'word' in token ? token.word : [];
	return piece?.kind === 'text' && !piece.quoted && more.length === 0 ? piece.text : undefined;
};

const RESERVED = /^(?:do|done|then|elif|else|fi)$/;

function read(text: string): readonly Step[] {
	const all = tokens(text);
	let at = 0;
	const sign = (): string | undefined => {
		const token = all[at];
		return token && 'sign' in token ? token.sign : undefined;
	};
	const separators = (): void => {
		while (sign() === ';') at++;
	};
	const expect = (word: string): void => {
		if (plain(all[at++]) !== word) throw UNKNOWN;
	};
	const words = (): { readonly words: Word[]; readonly silent: boolean } => {
		const out: Word[] = [];
		let silent = false;
		for (; at < all.length; at++) {
			const token = all[at]!;
			if ('word' in token) out.push(token.word);
			else if (token.sign === 'silent' || token.sign === 'loud') silent ||= token.sign === 'silent';
			else break;
		}
		return { words: out, silent };
	};
	const block = (): readonly Step[] => {
		expect('do');
		const body = list();
		expect('done');
		return body;
	};
	const command = (): Command => {
		const first = plain(all[at]);
		if (first === 'while' || first === 'until') {
			at++;
			const test = list();
			return { kind: 'loop', until: first === 'until', test, body: block() };
		}
		if (first === 'for') {
			at++;
			const name = plain(all[at++]);
			expect('in');
			const { words: values } = words();
			separators();
			if (name === undefined) throw UNKNOWN;
			return { kind: 'for', name, words: values, body: block() };
		}
		if (first === 'if') {
			const arms: Arm[] = [];
			do {
				at++;
				const test = list();
				expect('then');
				arms.push({ test, body: list() });
			} while (plain(all[at]) === 'elif');
			let otherwise: readonly Step[] = [];
			if (plain(all[at]) === 'else') {
				at++;
				otherwise = list();
			}
			expect('fi');
			return { kind: 'if', arms, otherwise };
		}
		const simple = words();
		if (simple.words.length === 0) throw UNKNOWN;
		return { kind: 'simple', ...simple };
	};
	const list = (): readonly Step[] => {
		const out: Step[] = [];
		let when: Step['when'] = 'always';
		for (separators(); at < all.length && !RESERVED.test(plain(all[at]) ?? ''); separators()) {
			out.push({ when, command: command() });
			when = 'always';
			const next = sign();
			if (next === '&&' || next === '||') {
				when = next === '&&' ? 'success' : 'failure';
				at++;
				if (at >= all.length) throw UNKNOWN;
			} else if (at < all.length && next === undefined && !RESERVED.test(plain(all[at]) ?? '')) throw UNKNOWN;
		}
		return out;
	};
	const out = list();
	if (at < all.length) throw UNKNOWN;
	return out;
}

/** The steps of a script; undefined when it says something that is not understood. */
export function readScript(text: string): readonly Step[] | undefined {
	try {
		return read(text);
	} catch (error) {
		if (error === UNKNOWN) return undefined;
		throw error;
	}
}
