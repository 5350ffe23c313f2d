/**
 * What `[` and `test` say is wrong with their words (bash test.c @ 5.2). By how many there are, up to four; more are read
 * by precedence. What is right is asked of just-bash.
 */

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = /^(?:==?|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;
const NUMERIC = /^-(?:eq|ne|lt|le|gt|ge)$/;

class Wrong extends Error {}

const LARGEST = 2n ** 63n;

function number(word: string): void {
	const digits = /^\s*([-+]?\d+)\s*$/.exec(word)?.[1];
	const value = digits === undefined ? undefined : BigInt(digits.replace('+', ''));
	if (value === undefined || value >= LARGEST || value < -LARGEST)
		throw new Wrong(`${word}: integer expression expected`);
}

function binary([left = '', operator = '', right = '']: readonly string[]): void {
	if (!NUMERIC.test(operator)) return;
	number(left);
	number(right);
}

function two([first = '', second = '']: readonly string[]): void {
	if (first === '!') return;
	if (!UNARY.test(first)) throw new Wrong(`${first}: unary operator expected`);
	void second;
}

function three(words: readonly string[]): void {
	const [first = '', operator = '', last = ''] = words;
	if (BINARY.test(operator)) binary(words);
	else if (operator === '-a' || operator === '-o') return;
	else if (first === '!') two(words.slice(1));
	else if (first === '(' && last === ')') return;
	else throw new Wrong(`${operator}: binary operator expected`);
}

/** More than four: `-o` over `-a` over `!`. */
class Expression {
	readonly #words: readonly string[];
	#at = 0;

	constructor(words: readonly string[]) {
		this.#words = words;
	}

	check(): void {
		this.#or();
		if (this.#at < this.#words.length) throw new Wrong('too many arguments');
	}

	#or(): void {
		this.#and();
		while (this.#words[this.#at] === '-o') {
			this.#at++;
			this.#and();
		}
	}

	#and(): void {
		this.#term();
		while (this.#words[this.#at] === '-a') {
			this.#at++;
			this.#term();
		}
	}

	#term(): void {
		const words = this.#words;
		if (this.#at >= words.length) throw new Wrong('argument expected');
		const word = words[this.#at]!;
		if (word === '!') {
			this.#at++;
			this.#term();
		} else if (word === '(') {
			this.#at++;
			this.#or();
			if (words[this.#at] === undefined) throw new Wrong("`)' expected");
			if (words[this.#at] !== ')') throw new Wrong(`\`)' expected, found ${words[this.#at]}`);
			this.#at++;
		} else if (this.#at + 2 < words.length && BINARY.test(words[this.#at + 1]!)) {
			binary(words.slice(this.#at, this.#at + 3));
			this.#at += 3;
		} else if (UNARY.test(word)) {
			if (this.#at + 1 >= words.length) throw new Wrong('argument expected');
			this.#at += 2;
		} else if (/^-.$/.test(word) && this.#at + 1 < words.length) throw new Wrong(`${word}: unary operator expected`);
		else this.#at++;
	}
}

/** What is wrong; undefined when nothing is. */
export function testFault(name: string, args: readonly string[]): string | undefined {
	const words = [...args];
	if (name === '[' && words.pop() !== ']') return "missing `]'";
	try {
		if (words.length === 2) two(words);
		else if (words.length === 3) three(words);
		else if (words.length === 4 && words[0] === '!') three(words.slice(1));
		else if (words.length >= 4) new Expression(words).check();
		return undefined;
	} catch (error) {
		if (!(error instanceof Wrong)) throw error;
		return error.message;
	}
}
