/**
 * The small language of computed sentences: one string per reason and language, pieces out.
 *
 * - `{name}` is a value: what a machine would print, set as code (a number is set as text);
 * - `{~name}` is a value set as plain text (a node's name in a sentence);
 * - `{name|one|other}` picks a form by a number, by the rules of the language;
 * - `` `text` `` is code that does not depend on values.
 *
 * Nothing here knows of HTML: widgets draw the pieces, `plain` joins them.
 */
import type { Language } from './languages.ts';

export interface Piece {
	readonly kind: 'text' | 'code';
	readonly text: string;
	/** True when the text came from a parameter. */
	readonly value?: true;
}

export type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** French counts 0 as one; Chinese and Korean have one form. */
function isOne(language: Language, n: number): boolean {
	return language === 'fr' ? Math.abs(n) < 2 : n === 1;
}

const TOKEN = /\{(~?)(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}|`([^`]*)`/g;

/** Splits a template into pieces. A name without a value stays as written, so that a mistake is seen. */
export function rich(template: string, values: Values, language: Language): Piece[] {
	const pieces: Piece[] = [];
	const text = (s: string) => {
		if (s === '') return;
		const last = pieces.at(-1);
		if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + s };
		else pieces.push({ kind: 'text', text: s });
	};
	let from = 0;
	for (const m of template.matchAll(TOKEN)) {
		text(template.slice(from, m.index));
		from = m.index + m[0].length;
		const [whole, tilde, name, one, other, code] = m;
		if (code !== undefined) {
			pieces.push({ kind: 'code', text: code });
			continue;
		}
		const value = values[name!];
		if (value === undefined) text(whole);
		else if (one !== undefined && other !== undefined) text(isOne(language, Number(value)) ? one : other);
		else if (tilde === '~' || typeof value === 'number') text(String(value));
		else pieces.push({ kind: 'code', text: String(value), value: true });
	}
	text(template.slice(from));
	return pieces;
}

/** The sentence without any setting: for titles, labels of controls and tests. */
export function plain(template: string, values: Values, language: Language): string {
	return rich(template, values, language)
		.map((p) => p.text)
		.join('');
}

/** Names a template asks for. */
export function namesIn(template: string): string[] {
	return [...template.matchAll(TOKEN)].flatMap((m) => (m[2] ? [m[2]] : []));
}
