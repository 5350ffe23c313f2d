/** `\n`, `\t`, `\x41` and their like (normalize_text of sed/compile.c @ v4.8). */

const LETTERS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The character that is meant by what stands behind a backslash, and where it ends; undefined when it means none. */
export function escapeAt(text: string, at: number): { readonly code: number; readonly to: number } | undefined {
	const letter = text[at] ?? '';
	if (Object.hasOwn(LETTERS, letter)) return { code: LETTERS[letter]!, to: at + 1 };
	if (letter === 'c') {
		const control = text[at + 1];
		if (control === undefined) return undefined;
		return { code: control.toUpperCase().charCodeAt(0) ^ 64, to: at + (control === '\\' ? 3 : 2) };
	}
	const base = { d: 10, o: 8, x: 16 }[letter];
	if (base === undefined) return undefined;
	const digits = (base === 16 ? /^[\da-fA-F]{1,2}/ : base === 8 ? /^[0-7]{1,3}/ : /^\d{1,3}/).exec(
		text.slice(at + 1, at + 4),
	)?.[0];
	if (digits === undefined) return { code: letter.charCodeAt(0), to: at + 1 };
	return { code: Number.parseInt(digits, base) & 255, to: at + 1 + digits.length };
}

/** A text with its escapes made characters and its other backslashes taken away. Octets. */
export function unescaped(text: string): string {
	let out = '';
	for (let i = 0; i < text.length; i++) {
		if (text[i] !== '\\' || i + 1 >= text.length) {
			out += text[i];
			continue;
		}
		const meant = escapeAt(text, i + 1);
		if (meant) {
			out += String.fromCharCode(meant.code);
			i = meant.to - 1;
		} else out += text[++i];
	}
	return out;
}

const NUMBERED = /\\(?:x([\da-fA-F]{1,2})|o([0-7]{1,3})|d(\d{1,3})|[\s\S])/g;

const numbered = (source: string, put: (octet: number, whole: string) => string): string =>
	source.replace(NUMBERED, (whole: string, hex?: string, octal?: string, decimal?: string) => {
		const digits = hex ?? octal ?? decimal;
		if (digits === undefined) return whole;
		return put(Number.parseInt(digits, hex ? 16 : octal ? 8 : 10) & 255, whole);
	});

/** Octets above ASCII that are given by their numbers, as themselves: several may be one character. */
export const numberedOctets = (source: string): string =>
	numbered(source, (octet, whole) => (octet > 127 ? String.fromCharCode(octet) : whole));

/** In a pattern all of them are: what they give means what it means there. */
export const numberedPattern = (source: string): string =>
	numbered(source, (octet) => {
		const letter = String.fromCharCode(octet);
		return letter === '[' || letter === ']' ? `\\${letter}` : letter;
	});
