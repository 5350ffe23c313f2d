/** expr (coreutils src/expr.c @ v8.32): numbers of any size, patterns as basic regular expressions. */
import { Machine } from '../grep/machine.ts';
import { PosixReader } from '../grep/posix.ts';
import { PatternError } from '../grep/tree.ts';
import { asText, type Desk, Leave, octets } from './desk.ts';

const isNumber = (text: string): boolean => /^-?\d+$/.test(text);
const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);
/** Parentheses inside each other. */
const MOST_DEEP = 200;
/** Digits of a number. */
const LONGEST = 10_000;

class Expr {
	readonly #words: readonly string[];
	#at = 0;
	#depth = 0;

	constructor(words: readonly string[]) {
		this.#words = words;
	}

	value(): string {
		const value = this.#or();
		const rest = this.#words[this.#at];
		if (rest !== undefined) throw new Leave(`expr: syntax error: unexpected argument ‘${rest}’\n`, 2);
		return value;
	}

	#take(...operators: string[]): string | undefined {
		const word = this.#words[this.#at];
		if (word === undefined || !operators.includes(word)) return undefined;
		this.#at++;
		return word;
	}

	#need(): string {
		const word = this.#words[this.#at++];
		if (word === undefined) throw new Leave(`expr: syntax error: missing argument after ‘${this.#words.at(-1)}’\n`, 2);
		return word;
	}

	#or(): string {
		let left = this.#and();
		while (this.#take('|')) {
			const right = this.#and();
			if (isNull(left)) left = isNull(right) ? '0' : right;
		}
		return left;
	}

	#and(): string {
		let left = this.#compared();
		while (this.#take('&')) {
			const right = this.#compared();
			if (isNull(left) || isNull(right)) left = '0';
		}
		return left;
	}

	#compared(): string {
		let left = this.#sum();
		for (;;) {
			const how = this.#take('<', '<=', '=', '==', '!=', '>=', '>');
			if (how === undefined) return left;
			const right = this.#sum();
			const both = isNumber(left) && isNumber(right);
			const order = both ? Number(BigInt(left) - BigInt(right)) : left < right ? -1 : left > right ? 1 : 0;
			const holds = {
				'<': order < 0,
				'<=': order <= 0,
				'=': order === 0,
				'==': order === 0,
				'!=': order !== 0,
				'>=': order >= 0,
				'>': order > 0,
			}[how]!;
			left = holds ? '1' : '0';
		}
	}

	#numbers(left: string, right: string): [bigint, bigint] {
		if (!isNumber(left) || !isNumber(right)) throw new Leave('expr: non-integer argument\n', 2);
		if (left.length + right.length > LONGEST) throw new Leave('expr: the number is too large\n', 2);
		return [BigInt(left), BigInt(right)];
	}

	#sum(): string {
		let left = this.#product();
		for (;;) {
			const how = this.#take('+', '-');
			if (how === undefined) return left;
			const [a, b] = this.#numbers(left, this.#product());
			left = String(how === '+' ? a + b : a - b);
		}
	}

	#product(): string {
		let left = this.#matched();
		for (;;) {
			const how = this.#take('*', '/', '%');
			if (how === undefined) return left;
			const [a, b] = this.#numbers(left, this.#matched());
			if (how !== '*' && b === 0n) throw new Leave('expr: division by zero\n', 2);
			left = String(how === '*' ? a * b : how === '/' ? a / b : a % b);
		}
	}

	#matched(): string {
		let left = this.#word();
		while (this.#take(':')) left = matched(left, this.#word());
		return left;
	}

	#word(): string {
		const word = this.#need();
		if (word === '(') {
			if (++this.#depth > MOST_DEEP) throw new Leave('expr: nested too deeply\n', 2);
			const value = this.#or();
			this.#depth--;
			if (!this.#take(')')) {
				const rest = this.#words[this.#at];
				throw new Leave(
					rest === undefined
						? `expr: syntax error: expecting ')' after ‘${this.#words.at(-1)}’\n`
						: `expr: syntax error: expecting ')' instead of ‘${rest}’\n`,
					2,
				);
			}
			return value;
		}
		if (word === ')') throw new Leave("expr: syntax error: unexpected ')'\n", 2);
		// What follows `+` is a text, even if it is a keyword.
		if (word === '+') return this.#need();
		switch (word) {
			case 'length':
				return String([...asText(this.#word())].length);
			case 'match':
				return matched(this.#word(), this.#word());
			case 'index': {
				const text = [...asText(this.#word())];
				const any = asText(this.#word());
				return String(text.findIndex((c) => any.includes(c)) + 1);
			}
			case 'substr': {
				const text = [...asText(this.#word())];
				const [from, count] = [Number(this.#word()), Number(this.#word())];
				return from >= 1 && count >= 1 ? octets(text.slice(from - 1, from - 1 + count).join('')) : '';
			}
			default:
				return word;
		}
	}
}

/** From the start: what the first parentheses found, or how many characters matched. */
function matched(text: string, pattern: string): string {
	const source = asText(pattern).replace(/^\^/, '');
	const line = asText(text);
	try {
		const machine = new Machine(new PosixReader(source, false, false).read(), true);
		const found = machine.at(line, 0);
		if (/\\\(/.test(source)) {
			const [from = -1, to = -1] = found?.slots.slice(2, 4) ?? [];
			return from < 0 || to < 0 ? '' : octets(line.slice(from, to));
		}
		return String([...line.slice(0, found?.to ?? 0)].length);
	} catch (error) {
		if (error instanceof PatternError) throw new Leave(`expr: ${error.message}\n`, 2);
		if (error instanceof RangeError) throw new Leave('expr: nested too deeply\n', 2);
		throw error;
	}
}

export async function expr(desk: Desk): Promise<void> {
	const words = desk.call.args.map(octets);
	if (words[0] === '--') words.shift();
	if (words.length === 0) throw desk.usage('missing operand', 2);
	const value = new Expr(words).value();
	desk.write(`${value}\n`);
	desk.code = isNull(value) ? 1 : 0;
}
