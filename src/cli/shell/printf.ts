/** printf(3)'s formats, as awk, printf(1) and others use them. Texts are octets of one character each. */

export interface Reading<T> {
	number(value: T | undefined): number;
	text(value: T | undefined): string;
	/** The character of `%c`; the first of the text when absent. */
	char?(value: T | undefined): string;
}

/** Characters that a width or a precision may ask for. */
const WIDEST = 1_000_000;

/** What a format asks for is too wide. */
export class TooWide extends Error {}

/** A conversion that there is none of. */
export class BadConversion extends Error {}

const CONVERSION = /%([-+ 0#']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|ll|[hlLqjzt])?([a-zA-Z%])?/g;

/** Fills a format once. Answers its text and how many values it used. @throws TooWide, BadConversion */
export function formatted<T>(
	format: string,
	values: readonly T[],
	read: Reading<T>,
): { readonly text: string; readonly used: number } {
	let used = 0;
	const next = (): T | undefined => values[used++];
	const size = (word: string | undefined): number | undefined => {
		if (word === undefined) return undefined;
		const n = word === '*' ? Math.trunc(read.number(next())) : Number(word);
		if (Math.abs(n) > WIDEST) throw new TooWide();
		return n;
	};
	const text = format.replace(CONVERSION, (whole, flags: string, wide?: string, precise?: string, letter?: string) => {
		if (letter === '%') return '%';
		let width = size(wide);
		const precision = size(precise);
		const left = flags.includes('-') || (width ?? 0) < 0;
		width = Math.abs(width ?? 0);
		const pad = (body: string, zeros: boolean): string => {
			if (left) return body.padEnd(width!);
			if (!zeros || !flags.includes('0')) return body.padStart(width!);
			const sign = /^[-+ ]?(?:0[xX])?/.exec(body)![0];
			return sign + body.slice(sign.length).padStart(width! - sign.length, '0');
		};
		switch (letter) {
			case 'd':
			case 'i':
				return pad(whole10(read.number(next()), flags, precision), precision === undefined);
			case 'o':
			case 'x':
			case 'X':
			case 'u':
				return pad(unsigned(read.number(next()), letter, flags, precision), precision === undefined);
			case 'e':
			case 'E':
			case 'f':
			case 'F':
			case 'g':
			case 'G': {
				const n = read.number(next());
				return pad(
					signed(n, flags, (m) => floating(m, letter, precision ?? 6, flags)),
					Number.isFinite(n),
				);
			}
			case 'c': {
				const value = next();
				return pad((read.char ?? ((v) => read.text(v).slice(0, 1)))(value), false);
			}
			case 's': {
				const body = read.text(next());
				return pad(precision === undefined ? body : body.slice(0, precision), false);
			}
			default:
				throw new BadConversion(letter ?? whole);
		}
	});
	return { text, used };
}

function signed(n: number, flags: string, digits: (magnitude: number) => string): string {
	const negative = n < 0 || Object.is(n, -0);
	const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	return sign + digits(Math.abs(n));
}

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** As a C `long`: what is beyond it is its end. */
function long(n: number): bigint {
	if (Number.isNaN(n)) return LEAST;
	if (n === Infinity) return MOST;
	if (n === -Infinity) return LEAST;
	const whole = BigInt(Math.trunc(n));
	return whole > MOST ? MOST : whole < LEAST ? LEAST : whole;
}

function whole10(n: number, flags: string, precision: number | undefined): string {
	const value = long(n);
	const digits = (value < 0n ? -value : value).toString().padStart(precision ?? 1, '0');
	const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	return sign + (precision === 0 && value === 0n ? '' : digits);
}

function unsigned(n: number, letter: string, flags: string, precision: number | undefined): string {
	const value = BigInt.asUintN(64, n > 2 ** 63 ? BigInt(Math.min(Math.trunc(n), 2 ** 64 - 2048)) : long(n));
	const digits = value.toString(letter === 'u' ? 10 : letter === 'o' ? 8 : 16).padStart(precision ?? 1, '0');
	const before = flags.includes('#') && value !== 0n ? (letter === 'o' ? '0' : letter === 'u' ? '' : '0x') : '';
	return letter === 'X' ? (before + digits).toUpperCase() : before + digits;
}

/** @param n not negative */
function floating(n: number, letter: string, precision: number, flags: string): string {
	const upper = letter === letter.toUpperCase();
	const cased = (text: string): string => (upper ? text.toUpperCase() : text);
	if (!Number.isFinite(n)) return cased(Number.isNaN(n) ? 'nan' : 'inf');
	const exponential = (digits: number): string => exact(n, digits, true).replace(/e([-+])(\d)$/, 'e$10$2');
	switch (letter.toLowerCase()) {
		case 'e':
			return cased(exponential(precision));
		case 'f':
			return exact(n, precision, false);
		default: {
			const significant = precision === 0 ? 1 : precision;
			const power = n === 0 ? 0 : Number(/e(.*)$/.exec(exact(n, significant - 1, true))![1]);
			const plain = power >= -4 && power < significant;
			const text = plain ? exact(n, significant - 1 - power, false) : exponential(significant - 1);
			return cased(
				flags.includes('#') ? text : text.replace(/\.?0+(?=e|$)/, (zeros) => (text.includes('.') ? '' : zeros)),
			);
		}
	}
}

/** Digits behind the point beyond which the host's own formatting does not go. */
const HOST = 100;

function exact(n: number, digits: number, exponential: boolean): string {
	const some = Math.min(digits, HOST);
	const text = exponential
		? n.toExponential(some)
		: n < 1e21
			? n.toFixed(some)
			: `${BigInt(n)}${some > 0 ? `.${'0'.repeat(some)}` : ''}`;
	if (digits <= HOST) return text;
	const [body, power = ''] = text.split('e');
	return `${body}${'0'.repeat(digits - HOST)}${power && `e${power}`}`;
}
