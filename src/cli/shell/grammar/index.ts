/** bash's grammar (parse.y @ 5.2), as far as it says what is no shell text and in which words. */
import { read } from './read.ts';
import { rewritten } from './rewrite.ts';
import type { Wrong } from './tokens.ts';

export interface Fault {
	/** bash's words, behind its name and the line. */
	readonly said: string;
	/** The same of a message of two lines. */
	readonly also?: string;
	/** Line of the text, from 1. */
	readonly line: number;
	/** Text of that line, where bash shows it. */
	readonly shown?: string;
	/** Code of the line, or of `eval`. */
	readonly code: number;
	/** Where what cannot be read begins: all before it has been run by then. */
	readonly from: number;
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;

function worded(text: string, wrong: Wrong): Omit<Fault, 'from' | 'code'> {
	const last = text.replace(/\n$/, '').split('\n').length + 1;
	if (wrong.kind === 'end') {
		if (wrong.mark === undefined) return { said: 'syntax error: unexpected end of file', line: last };
		const line = wrong.mark === '$)' ? last : lineAt(text, wrong.at);
		return { said: `unexpected EOF while looking for matching \`${wrong.mark.at(-1)}'`, line };
	}
	const line = lineAt(text, wrong.at);
	if (wrong.kind === 'said') return { said: wrong.said, ...(wrong.also ? { also: wrong.also } : {}), line };
	return {
		said: `syntax error near unexpected token \`${wrong.token}'`,
		line,
		shown: text.split('\n')[line - 1] ?? '',
	};
}

/** A text as it is run, or what is wrong with it. */
export function understood(text: string, extglob: boolean): { readonly text: string; readonly fault?: Fault } {
	const { wrong, from, ...seen } = read(text, extglob);
	const fault = faultOf(text, wrong, from);
	const some = rewritten(text, seen);
	return fault ? { text: some, fault } : { text: some };
}

/** What is wrong with a text; undefined when bash can read it. */
export function grammarFault(text: string, extglob = false): Fault | undefined {
	const { wrong, from } = read(text, extglob);
	return faultOf(text, wrong, from);
}

function faultOf(text: string, wrong: Wrong | undefined, from: number): Fault | undefined {
	return wrong && { ...worded(text, wrong), from, code: wrong.kind === 'end' && wrong.list ? 1 : 2 };
}
