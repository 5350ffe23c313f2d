/** Arithmetic as bash reckons it: whole numbers of 64 bits, read while they are reckoned (bash expr.c @ 5.2). */
import { Faulty, number } from './number.ts';

/** Where the names in an expression have their values. */
export interface Names {
	/** @throws Faulty for a subscript that is none */
	get(name: string, subscript: string | undefined): string | undefined;
	/** @throws Faulty for what is read-only */
	set(name: string, subscript: string | undefined, value: string): void;
}

/** Expressions in values of expressions, at most: fewer than expr.c's MAX_EXPR_RECURSION_LEVEL, for a browser's stack. */
const DEEPEST = 200;

const OPERATORS = /<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|\/=|%=|&=|\^=|\|=|[-+*/%<>=!~&|^?:,()]/y;

/** Of two operands, by how tightly they bind, loosest first; `&&`, `||` and `?` stand apart. */
const LEVELS: readonly (readonly string[])[] = [
	['|'],
	['^'],
	['&'],
	['==', '!='],
	['<', '>', '<=', '>='],
	['<<', '>>'],
	['+', '-'],
	['*', '/', '%'],
];

interface Place {
	readonly name: string;
	readonly subscript: string | undefined;
}

interface Token {
	/** An operator, `name`, `number`, or empty at the end. */
	readonly kind: string;
	readonly at: number;
	readonly place?: Place;
	readonly value?: bigint;
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

class Reckoner {
	readonly #text: string;
	readonly #names: Names;
	readonly #depth: number;
	#at = 0;
	/** Where the last token that is one begins. */
	#last = 0;
	#token: Token = { kind: '', at: 0 };
	/** What is only read: the other side of `?:`, `&&` and `||`. */
	#idle = 0;

	constructor(text: string, names: Names, depth: number) {
		this.#text = text;
		this.#names = names;
		this.#depth = depth;
	}

	value(): bigint {
		if (this.#text.trim() === '') return 0n;
		this.#next();
		const value = this.#comma();
		if (this.#token.kind !== '') throw this.#fault('syntax error in expression');
		return value;
	}

	#fault(what: string, from = this.#last, to = this.#text.length): Faulty {
		return new Faulty(
			`${this.#text.slice(0, to).trimStart()}: ${what} (error token is "${this.#text.slice(from, to)}")`,
		);
	}

	#next(): void {
		const text = this.#text;
		while (/\s/.test(text[this.#at] ?? '')) this.#at++;
		const at = this.#at;
		if (at >= text.length) {
			this.#token = { kind: '', at };
			return;
		}
		this.#last = at;
		const before = this.#token.kind;
		const char = text[at]!;
		if (/[A-Za-z_]/.test(char)) {
			this.#token = this.#name(at);
			return;
		}
		if (/\d/.test(char)) {
			const end = at + /^[\w#@]+/.exec(text.slice(at))![0].length;
			this.#at = end;
			const read = number(text.slice(at, end));
			if (typeof read === 'string') throw this.#fault(read, at, end);
			this.#token = { kind: 'number', at, value: read };
			return;
		}
		OPERATORS.lastIndex = at;
		let [kind] = OPERATORS.exec(text) ?? [];
		if (kind === undefined) {
			const operand = before === '' || !/^(?:name|number|\))$/.test(before);
			throw this.#fault(`syntax error: ${operand ? 'operand expected' : 'invalid arithmetic operator'}`);
		}
		// Two signs are one operator before or behind a name only.
		if (kind === '++' || kind === '--') {
			const behind = before === 'name';
			const name = /^\s*[A-Za-z_]/.test(text.slice(at + 2));
			if (!behind && !name) kind = kind[0]!;
		}
		this.#at = at + kind.length;
		this.#token = { kind, at };
	}

	#name(at: number): Token {
		const text = this.#text;
		const [name] = /^\w+/.exec(text.slice(at))!;
		this.#at = at + name.length;
		if (text[this.#at] !== '[') return { kind: 'name', at, place: { name, subscript: undefined } };
		let depth = 0;
		let end = this.#at;
		for (; end < text.length; end++) {
			if (text[end] === '[') depth++;
			else if (text[end] === ']' && --depth === 0) break;
		}
		if (end >= text.length) throw this.#fault('bad array subscript');
		const subscript = text.slice(this.#at + 1, end);
		this.#at = end + 1;
		return { kind: 'name', at, place: { name, subscript } };
	}

	#take(kind: string): boolean {
		if (this.#token.kind !== kind) return false;
		this.#next();
		return true;
	}

	#comma(): bigint {
		let value = this.#assign();
		while (this.#take(',')) value = this.#assign();
		return value;
	}

	#assign(): bigint {
		const { place } = this.#token;
		const left = place && this.#token;
		const from = this.#at;
		if (left && /^\s*(?:<<|>>|[-+*/%&^|])?=(?!=)/.test(this.#text.slice(from))) {
			this.#next();
			const operator = this.#token.kind;
			const before = operator === '=' ? 0n : this.#get(place!);
			this.#next();
			let value = this.#assign();
			if (operator !== '=') {
				if (value === 0n && (operator === '/=' || operator === '%=')) {
					if (this.#idle === 0) throw this.#fault('division by 0');
					value = 1n;
				}
				value = reckoned(operator.slice(0, -1), before, value);
			}
			this.#set(place!, value);
			return value;
		}
		const value = this.#choice();
		if (/^(?:<<|>>|[-+*/%&^|])?=$/.test(this.#token.kind)) throw this.#fault('attempted assignment to non-variable');
		return value;
	}

	#choice(): bigint {
		const condition = this.#or();
		if (!this.#take('?')) return condition;
		const yes = condition !== 0n;
		if (/^:?$/.test(this.#token.kind)) throw this.#fault('expression expected');
		const first = this.#unless(!yes, () => this.#comma());
		if (!this.#take(':')) throw this.#fault("`:' expected for conditional expression");
		if (this.#token.kind === '') throw this.#fault('expression expected');
		const second = this.#unless(yes, () => this.#choice());
		return yes ? first : second;
	}

	#unless(idle: boolean, read: () => bigint): bigint {
		if (idle) this.#idle++;
		const value = read();
		if (idle) this.#idle--;
		return value;
	}

	#behind(read: () => bigint): bigint {
		this.#next();
		return read();
	}

	#or(): bigint {
		let value = this.#and();
		while (this.#token.kind === '||') {
			const known = value !== 0n;
			const other = this.#unless(known, () => this.#behind(() => this.#and()));
			value = known || other !== 0n ? 1n : 0n;
		}
		return value;
	}

	#and(): bigint {
		let value = this.#level(0);
		while (this.#token.kind === '&&') {
			const known = value === 0n;
			const other = this.#unless(known, () => this.#behind(() => this.#level(0)));
			value = !known && other !== 0n ? 1n : 0n;
		}
		return value;
	}

	#level(level: number): bigint {
		if (level === LEVELS.length) return this.#power();
		let value = this.#level(level + 1);
		while (LEVELS[level]!.includes(this.#token.kind)) {
			const operator = this.#token.kind;
			const behind = this.#at;
			this.#next();
			let other = this.#level(level + 1);
			if (other === 0n && (operator === '/' || operator === '%')) {
				if (this.#idle === 0)
					throw this.#fault('division by 0', behind + /^\s*/.exec(this.#text.slice(behind))![0].length);
				other = 1n;
			}
			value = reckoned(operator, value, other);
		}
		return value;
	}

	#power(): bigint {
		const base = this.#sign();
		if (!this.#take('**')) return base;
		const exponent = this.#power();
		if (exponent < 0n) throw this.#fault('exponent less than 0');
		let value = 1n;
		let square = base;
		for (let left = exponent; left > 0n; left >>= 1n) {
			if (left & 1n) value = wrap(value * square);
			square = wrap(square * square);
		}
		return value;
	}

	#sign(): bigint {
		if (this.#take('!')) return this.#sign() === 0n ? 1n : 0n;
		if (this.#take('~')) return ~this.#sign();
		if (this.#take('-')) return wrap(-this.#sign());
		if (this.#take('+')) return this.#sign();
		return this.#operand();
	}

	#operand(): bigint {
		const { kind, place, value } = this.#token;
		if (kind === '++' || kind === '--') {
			this.#next();
			const { place: changed } = this.#token;
			if (!changed) throw this.#fault('identifier expected after pre-increment or pre-decrement');
			const now = wrap(this.#get(changed) + (kind === '++' ? 1n : -1n));
			this.#set(changed, now);
			this.#token = { kind: 'number', at: this.#token.at, value: now };
			this.#next();
			return now;
		}
		if (kind === '(') {
			this.#next();
			const inner = this.#comma();
			if (this.#token.kind !== ')') throw this.#fault("missing `)'");
			this.#next();
			return inner;
		}
		if (kind === 'number') {
			this.#next();
			return value!;
		}
		if (!place) throw this.#fault('syntax error: operand expected');
		const before = this.#get(place);
		this.#next();
		if (this.#token.kind === '++' || this.#token.kind === '--') {
			this.#set(place, wrap(before + (this.#token.kind === '++' ? 1n : -1n)));
			this.#token = { kind: 'number', at: this.#token.at };
			this.#next();
		}
		return before;
	}

	#get({ name, subscript }: Place): bigint {
		if (this.#idle > 0) return 0n;
		const text = this.#names.get(name, subscript) ?? '';
		if (/^\s*$/.test(text)) return 0n;
		const plain = /^\s*([-+]?(?:0|[1-9]\d{0,17}))\s*$/.exec(text);
		return plain ? BigInt(plain[1]!.replace('+', '')) : reckon(text, this.#names, this.#depth + 1);
	}

	#set({ name, subscript }: Place, value: bigint): void {
		if (this.#idle === 0) this.#names.set(name, subscript, String(value));
	}
}

function reckoned(operator: string, a: bigint, b: bigint): bigint {
	const is = (yes: boolean): bigint => (yes ? 1n : 0n);
	switch (operator) {
		case '+':
			return wrap(a + b);
		case '-':
			return wrap(a - b);
		case '*':
			return wrap(a * b);
		case '/':
			return wrap(a / b);
		case '%':
			return a % b;
		// As the processor shifts: by the lowest six bits.
		case '<<':
			return wrap(a << (b & 63n));
		case '>>':
			return a >> (b & 63n);
		case '<':
			return is(a < b);
		case '>':
			return is(a > b);
		case '<=':
			return is(a <= b);
		case '>=':
			return is(a >= b);
		case '==':
			return is(a === b);
		case '!=':
			return is(a !== b);
		case '&':
			return a & b;
		case '|':
			return a | b;
		default:
			return a ^ b;
	}
}

/**
 * The value of an expression in which nothing is left to expand.
 * @throws Faulty with bash's words, behind the name of what has reckoned
 */
export function reckon(text: string, names: Names, depth = 0): bigint {
	if (depth > DEEPEST)
		throw new Faulty(`${text.trimStart()}: expression recursion level exceeded (error token is "${text.trimStart()}")`);
	return new Reckoner(text, names, depth).value();
}
