/** Values of awk: numbers, texts, what was read and looks like a number, and what nothing was put into. */

import { STOPPED } from '../limits.ts';
import { formatted } from '../printf.ts';

/** A text of the input: a number as well when it looks like one (POSIX.1-2017 awk, "Expressions in awk"). */
export class Read {
	readonly text: string;
	#number: number | undefined;

	constructor(text: string) {
		this.text = text;
	}

	/** NaN when it looks like none. */
	get number(): number {
		this.#number ??= looksNumeric(this.text) ? Number(this.text.trim()) : Number.NaN;
		return this.#number;
	}
}

export type Value = number | string | Read | undefined;

const NUMERIC = /^[ \t\n\r\f\v]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n\r\f\v]*$/;
const looksNumeric = (text: string): boolean => NUMERIC.test(text);
const LEADING = /^[ \t\n\r\f\v]*([-+]?(?:0[xX][\da-fA-F]+|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;

export function numberOf(value: Value): number {
	if (typeof value === 'number') return value;
	if (value === undefined) return 0;
	if (value instanceof Read && !Number.isNaN(value.number)) return value.number;
	const text = typeof value === 'string' ? value : value.text;
	const found = LEADING.exec(text);
	if (!found) return 0;
	// mawk reads its input with strtod(3), which knows hexadecimal numbers; JavaScript knows them without a sign.
	const [, sign, hex] = /^([-+])(0[xX].*)$/.exec(found[1]!) ?? [];
	return hex ? (sign === '-' ? -Number(hex) : Number(hex)) : Number(found[1]);
}

/** @param format `CONVFMT` or `OFMT`, for what is not whole */
export function textOf(value: Value, format = '%.6g'): string {
	if (typeof value === 'string') return value;
	if (value === undefined) return '';
	if (value instanceof Read) return value.text;
	// As glibc prints what x86 makes of 0/0.
	if (Number.isNaN(value)) return '-nan';
	if (Number.isInteger(value) && Math.abs(value) < 2 ** 63)
		return Object.is(value, -0) ? '-0' : BigInt(value).toString();
	return formatted(format, [value], { number: (v) => Number(v), text: String }).text;
}

export function truthOf(value: Value): boolean {
	if (value === undefined) return false;
	if (typeof value === 'number') return value !== 0;
	if (typeof value === 'string') return value !== '';
	return Number.isNaN(value.number) ? value.text !== '' : value.number !== 0;
}

/** Below 0, 0 or above 0: as numbers when both are some, else as texts. */
export function compared(left: Value, right: Value): number {
	const numeric = (v: Value): boolean =>
		typeof v === 'number' || v === undefined || (v instanceof Read && !Number.isNaN(v.number));
	if (numeric(left) && numeric(right)) return numberOf(left) - numberOf(right);
	const [a, b] = [textOf(left), textOf(right)];
	return a < b ? -1 : a > b ? 1 : 0;
}

/** A line used up what it may use. */
export class UsedUp extends Error {
	constructor(what: string) {
		super(STOPPED(what));
	}
}

/** Characters of one text. */
export const MOST_TEXT = 4 * 1024 * 1024;

export function joined(parts: readonly string[]): string {
	let size = 0;
	for (const part of parts) size += part.length;
	if (size > MOST_TEXT) throw new UsedUp('the output is too large');
	return parts.join('');
}
