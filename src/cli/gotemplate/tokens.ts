/** A Go template's text, its actions, and the tokens of those (text/template/parse/lex.go @ go1.21). */

/** `template: :1: unexpected "}" in command`. */
export class TemplateError extends Error {}

export const fail = (line: number, text: string): never => {
	throw new TemplateError(`template: :${line}: ${text}`);
};

interface Piece {
	readonly text?: string;
	readonly action?: string;
	readonly line: number;
	/** Where the text of the action begins. */
	readonly at: number;
}

/** Text and actions, with `{{-` and `-}}` applied. */
export function pieces(source: string): Piece[] {
	const out: Piece[] = [];
	let at = 0;
	let line = 1;
	let trim = false;
	while (at <= source.length) {
		const open = source.indexOf('{{', at);
		let text = open < 0 ? source.slice(at) : source.slice(at, open);
		const raw = text;
		if (trim) text = text.trimStart();
		if (open >= 0 && /^\{\{-\s/.test(source.slice(open))) text = text.trimEnd();
		if (text) out.push({ text, line, at });
		line += raw.split('\n').length - 1;
		if (open < 0) break;
		const start = open + 2;
		const comment = /^(?:-\s)?\s*\/\*/.test(source.slice(start));
		const close = comment ? source.indexOf('*/', start) : endOfAction(source, start);
		if (close < 0) fail(line, comment ? 'unclosed comment' : 'unclosed action');
		if (comment) {
			const end = source.indexOf('}}', close);
			if (end < 0) fail(line, 'comment ends before closing delimiter');
			trim = /\s-$/.test(source.slice(close + 2, end)) || source.slice(close + 2, end) === ' -';
			at = end + 2;
			continue;
		}
		let action = source.slice(start, close);
		const dash = /^-\s/.test(action);
		if (dash) action = action.slice(1);
		trim = /\s-$/.test(action);
		if (trim) action = action.slice(0, -1);
		out.push({ action, line, at: start + (dash ? 1 : 0) });
		line += action.split('\n').length - 1;
		at = close + 2;
	}
	return out;
}

/** The `}}` that is not in a string. */
function endOfAction(source: string, from: number): number {
	let quote = '';
	for (let i = from; i < source.length; i++) {
		const c = source[i]!;
		if (quote) {
			if (c === '\\' && quote === '"') i++;
			else if (c === quote) quote = '';
		} else if (c === '"' || c === '`') quote = c;
		else if (c === '}' && source[i + 1] === '}') return i;
	}
	return -1;
}

const TOKEN =
	/\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)'|:=|[|()=,]|\$[A-Za-z0-9_]*|(?:\.[A-Za-z_][A-Za-z0-9_]*)+|\.|[-+]?0[xX][0-9a-fA-F]+|[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|./gy;

export interface Tokens {
	/** Blanks are one blank. */
	readonly list: string[];
	/** Where each begins. */
	readonly spots: number[];
}

/** `U+002D '-'` (%#U). */
const characterOf = (text: string): string => {
	const point = text.codePointAt(0)!;
	return `U+${point.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(point)}'`;
};

/** Throws what Go's lexer says of a text that is no action: `{{ .Values.a-b }}` has a bad character. */
export function tokens(action: string, line: number, from: number): Tokens {
	const list: string[] = [];
	const spots: number[] = [];
	// Whether a name has just ended.
	let named = false;
	for (const match of action.matchAll(TOKEN)) {
		const [token] = match;
		const next = action[match.index + token.length] ?? ' ';
		// lex.go atTerminator(): what may stand right behind a name; lexInsideAction(); scanNumber().
		if (named && !/^[\s.,|:()]/.test(token)) fail(line, `bad character ${characterOf(token)}`);
		if (token === ':') fail(line, 'expected :=');
		if (/^[-+]?\d/.test(token) && /[A-Za-z_]/.test(next))
			fail(line, `bad number syntax: ${JSON.stringify(token + next)}`);
		named = /^(?:\$|\.[A-Za-z_]|[A-Za-z_])/.test(token);
		if (/^\s/.test(token)) list.push(' ');
		else if (/^["'`|()=,$.A-Za-z0-9_:+-]/.test(token)) list.push(token);
		else fail(line, `unexpected ${JSON.stringify(token)} in command`);
		spots.push(from + match.index);
	}
	return { list, spots };
}

export function unquote(token: string, line: number): string {
	try {
		return JSON.parse(
			token
				.replace(/\\'/g, "'")
				.replace(/\\a/g, '\\u0007')
				.replace(/\\v/g, '\\u000b')
				.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1'),
		) as string;
	} catch {
		return fail(line, `bad string ${token}`);
	}
}
