/** Reads JSON as jq does: one value behind the other, with its words for what is wrong (jq 1.6, jv_parse.c). */
import type { Value } from './values.ts';

/** Arrays and objects inside each other. */
const DEEPEST = 256;
const LITERALS: Readonly<Record<string, Value>> = { true: true, false: false, null: null, nan: Number.NaN };
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const ESCAPED: Readonly<Record<string, string>> = {
	'"': '"',
	'\\': '\\',
	'/': '/',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
};

export class ReadFault extends Error {}

type Open = Value[] | Map<string, Value>;

/** @throws ReadFault behind the values that could be read */
export function* valuesIn(text: string): Generator<{ readonly value: Value; readonly lines: number }> {
	let line = 1;
	let column = 0;
	const where = (what: string, end = false): ReadFault =>
		new ReadFault(`${what} at ${end ? 'EOF at ' : ''}line ${line}, column ${column}`);
	const open: { readonly inside: Open; key?: string }[] = [];
	let next: Value | undefined;
	let token = '';

	const take = (value: Value): void => {
		if (next !== undefined) throw where('Expected separator between values');
		next = value;
	};
	const literal = (end = false): void => {
		if (token === '') return;
		if (/^[tfn]/.test(token)) {
			if (!Object.hasOwn(LITERALS, token))
				throw where(/^(?:t|f|nu)/.test(token) || token === 'n' ? 'Invalid literal' : 'Invalid literal', end);
			take(LITERALS[token]!);
		} else if (NUMBER.test(token)) take(Number(token));
		else throw where('Invalid numeric literal', end);
		token = '';
	};
	const put = (top: { readonly inside: Open; key?: string }): void => {
		if (top.inside instanceof Map) {
			if (top.key === undefined) throw where('Objects must consist of key:value pairs');
			top.inside.set(top.key, next!);
			delete top.key;
		} else top.inside.push(next!);
		next = undefined;
	};
	const sign = (char: string): void => {
		const top = open.at(-1);
		if (char === '[' || char === '{') {
			if (open.length >= DEEPEST) throw where('Exceeds depth limit for parsing');
			if (next !== undefined) throw where('Expected separator between values');
			open.push({ inside: char === '[' ? [] : new Map() });
		} else if (char === ':') {
			if (!(top?.inside instanceof Map) || top.key !== undefined) throw where("':' not as part of an object");
			if (next === undefined) throw where("Expected string key before ':'");
			if (typeof next !== 'string') throw where('Object keys must be strings');
			top.key = next;
			next = undefined;
		} else if (char === ',') {
			if (next === undefined) throw where("Expected value before ','");
			if (!top) throw where("',' not as part of an object or array");
			put(top);
		} else if (char === ']') {
			if (!top || top.inside instanceof Map) throw where("Unmatched ']'");
			if (next !== undefined) put(top);
			else if (top.inside.length > 0) throw where('Expected another array element');
			open.pop();
			next = top.inside;
		} else {
			if (!(top?.inside instanceof Map)) throw where("Unmatched '}'");
			if (next !== undefined) put(top);
			else if (top.key !== undefined) throw where("Unmatched '}'");
			else if (top.inside.size > 0) throw where('Expected another key-value pair');
			open.pop();
			next = top.inside;
		}
	};
	/** A text from behind its quote; answers where its last quote stands. */
	const string = (from: number): number => {
		let value = '';
		for (let i = from; i < text.length; i++) {
			const char = text[i]!;
			column++;
			if (char === '\n') {
				line++;
				column = 0;
			}
			if (char === '"') {
				take(value);
				return i;
			}
			if (char !== '\\') {
				value += char;
				continue;
			}
			const mark = text[++i] ?? '';
			column++;
			const code = /^u([0-9a-fA-F]{4})/.exec(text.slice(i, i + 5))?.[1];
			if (mark === 'u' && code === undefined) throw where('Invalid escape');
			if (code !== undefined) {
				value += String.fromCharCode(Number.parseInt(code, 16));
				i += 4;
				column += 4;
			} else if (ESCAPED[mark] === undefined) throw where('Invalid escape');
			else value += ESCAPED[mark];
		}
		throw where('Unfinished string', true);
	};

	for (let i = text.startsWith('\ufeff') ? 1 : 0; i < text.length; i++) {
		const char = text[i]!;
		column++;
		if (char === '\n') {
			line++;
			column = 0;
		}
		if (' \t\r\n'.includes(char)) literal();
		else if ('[]{}:,'.includes(char)) {
			literal();
			if (open.length === 0 && next !== undefined) {
				yield { value: next, lines: line - 1 };
				next = undefined;
			}
			sign(char);
		} else if (char === '"') {
			literal();
			i = string(i + 1);
		} else token += char;
		if (open.length === 0 && next !== undefined && token === '') {
			// The line that it ends in is read by then.
			yield { value: next, lines: char === '\n' || text.indexOf('\n', i) < 0 ? line - 1 : line };
			next = undefined;
		}
	}
	literal(true);
	if (open.length > 0) throw where('Unfinished JSON term', true);
	if (next !== undefined) yield { value: next, lines: line - 1 };
}

/** One value. @throws ReadFault */
export function oneValue(text: string): Value | undefined {
	const all = [...valuesIn(text)];
	if (all.length > 1) throw new ReadFault('Unexpected extra JSON values');
	return all[0]?.value;
}
