/**
 * Reading a template: text, expressions in braces, `range … end`, quoted text.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/util/jsonpath/parser.go @ v0.24.0.
 */
import { JsonPathError, type Piece } from './path.ts';
import { readSteps } from './read-path.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

/** The pieces of a template, in order. Throws JsonPathError for one that cannot be read. */
export function readTemplate(source: string): readonly Piece[] {
	const out: Piece[] = [];
	let at = 0;
	while (at < source.length) {
		const open = source.indexOf('{', at);
		if (open < 0 || open > at) out.push({ kind: 'text', text: source.slice(at, open < 0 ? undefined : open) });
		if (open < 0) break;
		let close = -1;
		let quote = '';
		let bracket = false;
		for (let i = open + 1; i < source.length; i++) {
			const c = source[i]!;
			if (quote) {
				if (c === '\\') i++;
				else if (c === quote) quote = '';
			} else if (c === "'" || c === '"') quote = c;
			else if (c === '[') bracket = true;
			else if (c === ']') bracket = false;
			else if (c === '}') {
				close = i;
				break;
			}
		}
		if (close < 0)
			throw new JsonPathError(
				bracket ? 'unterminated array' : quote ? 'unterminated quoted string' : 'unclosed action',
			);
		out.push(...action(source.slice(open + 1, close).trim()));
		at = close + 1;
	}
	return out;
}

/** What stands between two braces: quoted text and paths, one after the other. */
function action(text: string): Piece[] {
	if (text === 'end') return [{ kind: 'end' }];
	const range = /^range\s+/.exec(text);
	if (range) return [{ kind: 'range', steps: readSteps(text.slice(range[0].length)) }];
	const quoted = /^(["'])((?:(?!\1)[^\\]|\\.)*)\1$/s.exec(text);
	if (quoted) return [{ kind: 'text', text: quoted[2]!.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) }];
	return [{ kind: 'path', steps: readSteps(text) }];
}
