/**
 * Functions that Kubernetes adds to the language, as far as they are here; `LACKING` names the others.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/cel/library/{lists,regex,urls,quantity,ip,cidr}.go,
 * pkg/cel/environment/base.go @ v1.33.0; cel-go ext/{strings,sets}.go @ v0.23.
 */
import { formatIp, parseInterface, parseIp } from '../../wire/index.ts';
import type { Environment } from './language.ts';
import { floatOf, isWhole, Quantity, readQuantity, wholeOf } from './quantity.ts';

/** Functions of Kubernetes that the simulator does not have: who uses one is told. */
export const LACKING =
	/\bmath\.\w+|\b(?:url|isURL|isSemver|semver|strings\.quote)\(|\bformat\.\w+\(|\bjsonpatch\.\w+|\.(?:transformList|transformMap|transformMapEntry|flatten|reverse|quote)\(|`/;

class Sets {}
class Address {
	readonly value: number;
	constructor(value: number) {
		this.value = value;
	}
}
class Range {
	readonly base: number;
	readonly length: number;
	constructor(base: number, length: number) {
		this.base = base;
		this.length = length;
	}
}

type Ordered = bigint | number | string | boolean;

const same = (a: unknown, b: unknown): boolean => {
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
	// Whole numbers equal those with a point.
	// biome-ignore lint/suspicious/noDoubleEquals: 1n == 1 as CEL has it
	return a === b || (typeof a !== typeof b && ['bigint', 'number'].includes(typeof b) && a == b);
};

const holds = (list: readonly unknown[], item: unknown): boolean => list.some((one) => same(one, item));

const fail = (words: string): never => {
	throw new Error(words);
};

/** RE2's notation is ECMAScript's but for what hardly anybody writes. */
const pattern = (text: string, flags = ''): RegExp => {
	const [, insensitive = '', rest = text] = /^(\(\?i\))?([\s\S]*)$/.exec(text) ?? [];
	try {
		return new RegExp(rest.replaceAll('(?P<', '(?<'), `u${flags}${insensitive === '' ? '' : 'i'}`);
	} catch {
		return fail(`error parsing regexp: ${text}`);
	}
};

const least = (list: readonly Ordered[], below: (a: Ordered, b: Ordered) => boolean, name: string): Ordered => {
	const [first, ...rest] = list;
	if (first === undefined) return fail(`${name} called on empty list`);
	return rest.reduce((best, item) => (below(item, best) ? item : best), first);
};

const addLists = (env: Environment): void => {
	env
		.registerFunction('list.isSorted(): bool', (list: readonly Ordered[]) =>
			list.every((item, i) => i === 0 || list[i - 1]! <= item),
		)
		.registerFunction('list.sum(): dyn', (list: readonly (bigint | number)[]) =>
			list.length === 0
				? 0n
				: list.reduce((a, b) => (typeof a === 'bigint' && typeof b === 'bigint' ? a + b : Number(a) + Number(b))),
		)
		.registerFunction('list.min(): dyn', (list: readonly Ordered[]) => least(list, (a, b) => a < b, 'min'))
		.registerFunction('list.max(): dyn', (list: readonly Ordered[]) => least(list, (a, b) => a > b, 'max'))
		.registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
			BigInt(list.findIndex((one) => same(one, item))),
		)
		.registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
			BigInt(list.findLastIndex((one) => same(one, item))),
		)
		.registerType('sets', { ctor: Sets })
		.registerConstant('sets', 'sets', new Sets())
		.registerFunction('sets.contains(list, list): bool', (_: Sets, a: readonly unknown[], b: readonly unknown[]) =>
			b.every((item) => holds(a, item)),
		)
		.registerFunction(
			'sets.equivalent(list, list): bool',
			(_: Sets, a: readonly unknown[], b: readonly unknown[]) =>
				b.every((item) => holds(a, item)) && a.every((item) => holds(b, item)),
		)
		.registerFunction('sets.intersects(list, list): bool', (_: Sets, a: readonly unknown[], b: readonly unknown[]) =>
			b.some((item) => holds(a, item)),
		);
};

/** `%s` of a value (cel-go ext/formatting.go). */
const shown = (value: unknown, within = false): string => {
	if (typeof value === 'string') return within ? JSON.stringify(value) : value;
	if (value === null) return 'null';
	if (Array.isArray(value)) return `[${value.map((item) => shown(item, true)).join(', ')}]`;
	if (typeof value !== 'object') return String(value);
	const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, item]) => `${JSON.stringify(key)}: ${shown(item, true)}`).join(', ')}}`;
};

const formatted = (text: string, values: readonly unknown[]): string => {
	let next = 0;
	return text.replace(/%(%|\.?\d*[a-zA-Z])/g, (whole, clause: string) => {
		if (clause === '%') return '%';
		if (next >= values.length) return fail(`index ${next} out of range`);
		const value = values[next++];
		if (clause === 's') return shown(value);
		if (clause === 'd' && ['bigint', 'number'].includes(typeof value)) return String(value);
		if (typeof value === 'bigint' && ['x', 'X', 'o', 'b'].includes(clause)) {
			const digits = value.toString({ x: 16, X: 16, o: 8, b: 2 }[clause]);
			return clause === 'X' ? digits.toUpperCase() : digits;
		}
		return fail(`the simulator's CEL has no ${whole} of this value`);
	});
};

const addTexts = (env: Environment): void => {
	env
		.registerFunction(
			'string.find(string): string',
			(text: string, wanted: string) => pattern(wanted).exec(text)?.[0] ?? '',
		)
		.registerFunction('string.findAll(string): list<string>', (text: string, wanted: string) =>
			[...text.matchAll(pattern(wanted, 'g'))].map(([found]) => found),
		)
		.registerFunction('string.findAll(string, int): list<string>', (text: string, wanted: string, most: bigint) =>
			[...text.matchAll(pattern(wanted, 'g'))].map(([found]) => found).slice(0, most < 0n ? undefined : Number(most)),
		)
		.registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
			const chars = [...text];
			return at < 0n || at > chars.length ? fail(`index out of range: ${at}`) : (chars[Number(at)] ?? '');
		})
		.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
			text.replaceAll(from, () => to),
		)
		.registerFunction(
			'string.replace(string, string, int): string',
			(text: string, from: string, to: string, most: bigint) => {
				let left = most < 0n ? Number.POSITIVE_INFINITY : Number(most);
				return text.replaceAll(from, () => (left-- > 0 ? to : from));
			},
		)
		.registerFunction('string.format(list): string', formatted);
};

const quantityOf = (text: string): Quantity =>
	readQuantity(text) ??
	fail("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");

const addQuantities = (env: Environment): void => {
	const compare = (a: Quantity, b: Quantity): bigint => (a.nano < b.nano ? -1n : a.nano > b.nano ? 1n : 0n);
	const whole = (value: unknown): Quantity => new Quantity((value as bigint) * 1_000_000_000n);
	env
		.registerType('Quantity', { ctor: Quantity })
		.registerFunction('isQuantity(string): bool', (text: string) => readQuantity(text) !== undefined)
		.registerFunction('quantity(string): Quantity', quantityOf)
		.registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => compare(a, b) > 0n)
		.registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => compare(a, b) < 0n)
		.registerFunction('Quantity.compareTo(Quantity): int', compare)
		.registerFunction('Quantity.add(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nano + b.nano))
		.registerFunction('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => new Quantity(a.nano - b.nano))
		.registerFunction('Quantity.add(int): Quantity', (a: Quantity, b: bigint) => new Quantity(a.nano + whole(b).nano))
		.registerFunction('Quantity.sub(int): Quantity', (a: Quantity, b: bigint) => new Quantity(a.nano - whole(b).nano))
		.registerFunction('Quantity.sign(): int', (a: Quantity) => (a.nano < 0n ? -1n : a.nano > 0n ? 1n : 0n))
		.registerFunction('Quantity.isInteger(): bool', isWhole)
		.registerFunction('Quantity.asInteger(): int', (a: Quantity) =>
			isWhole(a) ? wholeOf(a) : fail('cannot convert value to integer'),
		)
		.registerFunction('Quantity.asApproximateFloat(): double', floatOf)
		.registerOperator('Quantity == Quantity', (a: Quantity, b: Quantity) => a.nano === b.nano);
};

const rangeOf = (text: string): Range | undefined => {
	const read = text.includes('/') ? parseInterface(text) : undefined;
	return read && new Range(read.address, read.length);
};

const inside = ({ base, length }: Range, address: number): boolean =>
	length === 0 || base >>> (32 - length) === address >>> (32 - length);

const addAddresses = (env: Environment): void => {
	const ip = (text: string): Address => {
		const value = parseIp(text);
		return value === undefined
			? fail(`IP Address ${JSON.stringify(text)} parse error: the simulator has IPv4 only`)
			: new Address(value);
	};
	const cidr = (text: string): Range =>
		rangeOf(text) ?? fail(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
	env
		.registerType('net.IP', { ctor: Address })
		.registerType('net.CIDR', { ctor: Range })
		.registerFunction('isIP(string): bool', (text: string) => parseIp(text) !== undefined)
		.registerFunction('isCIDR(string): bool', (text: string) => rangeOf(text) !== undefined)
		.registerFunction('ip(string): net.IP', ip)
		.registerFunction('cidr(string): net.CIDR', cidr)
		.registerFunction('net.IP.family(): int', () => 4n)
		.registerFunction('net.IP.isLoopback(): bool', ({ value }: Address) => value >>> 24 === 127)
		.registerFunction('net.IP.isUnspecified(): bool', ({ value }: Address) => value === 0)
		.registerFunction('net.CIDR.prefixLength(): int', ({ length }: Range) => BigInt(length))
		.registerFunction('net.CIDR.ip(): net.IP', ({ base }: Range) => new Address(base))
		.registerFunction('net.CIDR.containsIP(string): bool', (range: Range, text: string) =>
			inside(range, ip(text).value),
		)
		.registerFunction('net.CIDR.containsIP(net.IP): bool', (range: Range, { value }: Address) => inside(range, value))
		.registerFunction('net.CIDR.containsCIDR(string): bool', (range: Range, text: string) => {
			const other = cidr(text);
			return other.length >= range.length && inside(range, other.base);
		})
		.registerFunction('string(net.IP): string', ({ value }: Address) => formatIp(value))
		.registerOperator('net.IP == net.IP', (a: Address, b: Address) => a.value === b.value);
};

/** Puts them into a language. */
export const addFunctions = (env: Environment): void => {
	addLists(env);
	addTexts(env);
	addQuantities(env);
	addAddresses(env);
};
