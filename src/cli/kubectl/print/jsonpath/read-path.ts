/**
 * Reading a path: fields, `[n]`, slices, unions, wildcards, recursive descent, filters.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/util/jsonpath/parser.go @ v0.24.0.
 */
import { JsonPathError, type Side, type Step } from './path.ts';

/** A text and how far it has been read. */
class Reader {
	at = 0;
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}

	fail(message: string): never {
		throw new JsonPathError(message);
	}

	/** A path up to a character that cannot belong to it. */
	steps(stop: string): Step[] {
		const out: Step[] = [];
		while (this.at < this.text.length) {
			const c = this.text[this.at]!;
			if (stop.includes(c)) break;
			if (c === ' ' || c === '\t' || c === '\n') this.at++;
			else if (c === '$' || c === '@') this.at++;
			else if (c === '.') {
				this.at++;
				if (this.text[this.at] === '.') {
					this.at++;
					out.push({ kind: 'descend' });
				}
				this.field(out, stop);
			} else if (c === '[') out.push(this.bracket());
			else if (/[\p{L}\p{N}_*\\-]/u.test(c)) this.field(out, stop);
			else
				this.fail(
					`unrecognized character in action: U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${c}'`,
				);
		}
		return out;
	}

	field(out: Step[], stop: string): void {
		let name = '';
		while (this.at < this.text.length) {
			const c = this.text[this.at]!;
			if (c === '\\') {
				name += this.text[this.at + 1] ?? '';
				this.at += 2;
				continue;
			}
			if (stop.includes(c) || ' \t\n.,[]$@{}()'.includes(c)) break;
			name += c;
			this.at++;
		}
		if (name === '*') out.push({ kind: 'all' });
		else if (name !== '') out.push({ kind: 'field', name });
	}

	bracket(): Step {
		const end = this.closing();
		const inner = this.text.slice(this.at + 1, end);
		this.at = end + 1;
		if (inner.startsWith('?(') && inner.endsWith(')')) return filter(inner.slice(2, -1));
		const plain = inner.trim();
		// Of a list only, other than `.*` (parseArray).
		if (plain === '*') return { kind: 'slice', single: false };
		const parts = splitOutside(plain, ',');
		if (parts.length > 1)
			return {
				kind: 'union',
				paths: parts.map((part) =>
					/^['"]/.test(part.trim()) || /^-?\d*(?::-?\d*){0,2}$/.test(part.trim())
						? [new Reader(`[${part.trim()}]`).bracket()]
						: new Reader(part.trim()).steps(''),
				),
			};
		const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(plain);
		// A quoted key is a path of its own (parseArray): dots in names are escaped here too.
		if (quoted) return { kind: 'union', paths: [new Reader(`.${quoted[1] ?? quoted[2]!}`).steps('')] };
		const slice = /^(-?\d+)?(?:(:)(-?\d+)?(?::(-?\d+)?)?)?$/.exec(plain);
		if (!slice) this.fail(`invalid array index ${plain}`);
		// Nothing between the brackets fits sliceOperatorRex too, and is the first.
		if (plain === '') return { kind: 'slice', single: true, from: 0 };
		const number = (text: string | undefined): { readonly value?: number } =>
			text === undefined ? {} : { value: Number(text) };
		const [, from, colon, to, step] = slice!;
		return {
			kind: 'slice',
			single: colon === undefined,
			...(number(from).value === undefined ? {} : { from: Number(from) }),
			...(number(to).value === undefined ? {} : { to: Number(to) }),
			...(number(step).value === undefined ? {} : { step: Number(step) }),
		};
	}

	/** The `]` that closes the `[` at the position. */
	closing(): number {
		let depth = 0;
		let quote = '';
		for (let i = this.at; i < this.text.length; i++) {
			const c = this.text[i]!;
			if (quote) {
				if (c === '\\') i++;
				else if (c === quote) quote = '';
			} else if (c === "'" || c === '"') quote = c;
			else if (c === '[') depth++;
			else if (c === ']' && --depth === 0) return i;
		}
		return this.fail('unterminated array');
	}
}

function splitOutside(text: string, at: string): string[] {
	const out = [''];
	let quote = '';
	let depth = 0;
	for (const c of text) {
		if (quote) quote = c === quote ? '' : quote;
		else if (c === "'" || c === '"') quote = c;
		else if ('([{'.includes(c)) depth++;
		else if (')]}'.includes(c)) depth--;
		if (c === at && !quote && depth === 0) out.push('');
		else out[out.length - 1] += c;
	}
	return out;
}

function filter(text: string): Step {
	let quote = '';
	for (let i = 0; i < text.length; i++) {
		const c = text[i]!;
		if (quote) {
			if (c === quote) quote = '';
			continue;
		}
		if (c === "'" || c === '"') {
			quote = c;
			continue;
		}
		const operator = ['==', '!=', '>=', '<=', '=~', '>', '<'].find((op) => text.startsWith(op, i));
		if (!operator) continue;
		if (operator === '=~') throw new JsonPathError('unrecognized filter operator =~');
		return { kind: 'filter', left: side(text.slice(0, i)), operator, right: side(text.slice(i + operator.length)) };
	}
	return { kind: 'filter', left: side(text), operator: 'exists', right: { literal: null } };
}

function side(text: string): Side {
	const plain = text.trim();
	const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(plain);
	if (quoted) return { literal: (quoted[1] ?? quoted[2]!).replace(/\\(.)/g, '$1') };
	if (/^-?\d+(?:\.\d+)?$/.test(plain)) return { literal: Number(plain) };
	if (plain === 'true' || plain === 'false') return { literal: plain === 'true' };
	return { path: new Reader(plain).steps('') };
}

/** All steps of a path. */
export const readSteps = (text: string): readonly Step[] => new Reader(text).steps('');
