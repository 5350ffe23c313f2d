/** Formats of `seq -f` (coreutils src/seq.c @ v8.32 long_double_format) and how C writes decimals by them. */
import { Leave } from '../coreutils/desk.ts';

/** `units` tenths to the power of `places`. */
export interface Decimal {
	readonly units: bigint;
	readonly places: number;
}

export interface Shape {
	readonly before: string;
	readonly after: string;
	readonly flags: string;
	readonly width: number;
	readonly precision: number | undefined;
	readonly kind: 'e' | 'f' | 'g' | 'E' | 'F' | 'G';
}

/** @throws Leave when it is none */
export function shapeOf(format: string, quote: (word: string) => string): Shape {
	const wrong = (what: string): Leave => new Leave(`seq: format ${quote(format)} ${what}\n`);
	const start = /^(?:[^%]|%%)*/.exec(format)![0];
	if (start.length === format.length) throw wrong('has no % directive');
	const rest = format.slice(start.length + 1);
	const [head, flags = '', width = '', precision] = /^([-+#0 ']*)(\d*)(?:\.(\d*))?L?/.exec(rest)!;
	const kind = rest[head!.length];
	if (kind === undefined) throw wrong('ends in %');
	if (!'efgaEFGA'.includes(kind)) throw wrong(`has unknown %${kind} directive`);
	const after = rest.slice(head!.length + 1);
	if (!/^(?:[^%]|%%)*$/.test(after)) throw wrong('has too many % directives');
	if (kind === 'a' || kind === 'A')
		throw new Leave(`seq: the simulator does not write hexadecimal fractions (%${kind})\n`);
	const one = (text: string): string => text.replaceAll('%%', '%');
	return {
		before: one(start),
		after: one(after),
		flags,
		width: Number(width),
		precision: precision === undefined ? undefined : Number(precision),
		kind: kind as Shape['kind'],
	};
}

/** Rounded to so many places, half to even. */
function rounded(units: bigint, places: number, wanted: number): bigint {
	if (wanted >= places) return units * 10n ** BigInt(wanted - places);
	const scale = 10n ** BigInt(places - wanted);
	const [whole, rest] = [units / scale, (units % scale) * 2n];
	return whole + (rest > scale || (rest === scale && whole % 2n === 1n) ? 1n : 0n);
}

function fixed(units: bigint, places: number, precision: number): string {
	const digits = rounded(units, places, precision)
		.toString()
		.padStart(precision + 1, '0');
	const whole = digits.slice(0, digits.length - precision);
	return precision > 0 ? `${whole}.${digits.slice(-precision)}` : whole;
}

/** Digits with one before the point, and the power of ten. */
function scientific(units: bigint, places: number, precision: number): readonly [string, number] {
	if (units === 0n) return [fixed(0n, 0, precision), 0];
	let power = units.toString().length - 1 - places;
	let digits = rounded(units, places, Math.max(precision - power, 0)).toString();
	if (precision < power) digits = rounded(units, places + power - precision, 0).toString();
	if (digits.length > precision + 1) {
		power++;
		digits = digits.slice(0, -1);
	}
	return [precision > 0 ? `${digits[0]}.${digits.slice(1)}` : digits, power];
}

const exponent = (power: number): string => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** A number by a format, without what stands around it. */
export function written({ units, places }: Decimal, { flags, width, precision, kind }: Shape): string {
	const size = units < 0n ? -units : units;
	const lower = kind.toLowerCase();
	let text: string;
	if (lower === 'f') text = fixed(size, places, precision ?? 6);
	else if (lower === 'e') {
		const [digits, power] = scientific(size, places, precision ?? 6);
		text = digits + exponent(power);
	} else {
		const most = (precision ?? 6) || 1;
		const [digits, power] = scientific(size, places, most - 1);
		const plain = power >= -4 && power < most;
		const shown = plain ? fixed(size, places, most - 1 - power) : digits;
		text = (flags.includes('#') ? shown : trimmed(shown)) + (plain ? '' : exponent(power));
	}
	if (flags.includes('#') && !text.includes('.')) text = text.replace(/^\d+/, '$&.');
	if (kind !== lower) text = text.toUpperCase();
	const sign = units < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	if (flags.includes('-')) return (sign + text).padEnd(width);
	return flags.includes('0') ? sign + text.padStart(width - sign.length, '0') : (sign + text).padStart(width);
}
