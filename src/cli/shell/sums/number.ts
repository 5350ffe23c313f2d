/** Numbers as an expression has them: `010`, `0x1f`, `2#101`, `64#_@` (bash expr.c, strlong() @ 5.2). */

/** What is wrong with an expression, in bash's words. */
export class Faulty extends Error {}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';

/** A number of 64 bits, or what is wrong with it. */
export function number(text: string): bigint | string {
	let base = 10;
	let digits = text;
	const hash = text.indexOf('#');
	if (/^0[xX]/.test(text)) {
		base = 16;
		digits = text.slice(2);
	} else if (hash > 0) {
		if (/^0/.test(text)) return 'invalid number';
		const given = text.slice(0, hash);
		if (!/^\d+$/.test(given)) return 'value too great for base';
		base = Number(given);
		digits = text.slice(hash + 1);
		if (base < 2 || base > 64) return 'invalid arithmetic base';
		if (digits === '') return 'invalid integer constant';
	} else if (/^0./.test(text)) {
		base = 8;
		digits = text.slice(1);
	}
	let value = 0n;
	for (const char of digits) {
		if (char === '#') return 'invalid number';
		let digit = DIGITS.indexOf(char);
		// Up to 36 the letters have one value.
		if (base <= 36 && digit >= 36 && digit < 62) digit -= 26;
		if (digit < 0 || digit >= base) return 'value too great for base';
		value = BigInt.asIntN(64, value * BigInt(base) + BigInt(digit));
	}
	return value;
}
