/**
 * Quantities as the server reads and writes them.
 *
 * Source: apimachinery pkg/api/resource/quantity.go ParseQuantity(), CanonicalizeBytes(), suffix.go @ v0.24.0.
 */

const FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const SUFFIX = "unable to parse quantity's suffix";
const NUMERIC = 'unable to parse numeric part of quantity';

/** Nothing smaller is told apart. */
const NANO = 9;

const DECIMAL: Readonly<Record<string, number>> = {
	n: -9,
	u: -6,
	m: -3,
	'': 0,
	k: 3,
	M: 6,
	G: 9,
	T: 12,
	P: 15,
	E: 18,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

interface Read {
	readonly sign: bigint;
	/** In thousand-millionths. */
	readonly nano: bigint;
	readonly format: 'decimal' | 'binary' | 'exponent';
}

const power = (base: bigint, exponent: number): bigint => base ** BigInt(exponent);

const read = (written: string): Read | string => {
	const m = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(written);
	if (!m || written === '') return /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/.test(written) ? NUMERIC : FORMAT;
	const [, sign, whole = '', fraction = '', suffix = ''] = m;
	const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)?.[1];
	const [ten, two] = [DECIMAL[suffix], BINARY[suffix]];
	if (exponent === undefined && ten === undefined && two === undefined) return SUFFIX;
	if (whole === '' && fraction === '') return NUMERIC;
	const shift = NANO - fraction.length + (exponent === undefined ? (ten ?? 0) : Number(exponent));
	let nano = BigInt(whole + fraction) * (two === undefined ? 1n : power(2n, two));
	if (shift >= 0) nano *= power(10n, shift);
	else {
		// What is too fine is rounded away from nothing.
		const unit = power(10n, -shift);
		nano = (nano + unit - 1n) / unit;
	}
	return {
		sign: sign === '-' ? -1n : 1n,
		nano,
		format: two !== undefined ? 'binary' : exponent === undefined ? 'decimal' : 'exponent',
	};
};

const binaryText = (whole: bigint): string => {
	let [rest, unit] = [whole, 0];
	while (rest % 1024n === 0n && unit < 6) {
		rest /= 1024n;
		unit++;
	}
	return `${rest}${unit === 0 ? '' : `${'KMGTPE'[unit - 1]}i`}`;
};

const decimalText = (nano: bigint, exponents: boolean): string => {
	let [rest, exponent] = [nano, -NANO];
	while (rest % 1000n === 0n && (exponents || exponent < 18)) {
		rest /= 1000n;
		exponent += 3;
	}
	if (exponents) return `${rest}${exponent === 0 ? '' : `e${exponent}`}`;
	return `${rest}${Object.keys(DECIMAL).find((unit) => DECIMAL[unit] === exponent)}`;
};

/** Most are written as they are stored. */
const CANONICAL = /^(0|[1-9][0-9]{0,2}([mkMG]|[KMG]i)?)$/;

/** The text a quantity is stored as, or what Go says of one that is none. */
export const readQuantity = (value: unknown): { readonly text: string } | { readonly fault: string } => {
	const written = String(value).trim();
	if (CANONICAL.test(written)) return { text: written };
	const got = read(written);
	if (typeof got === 'string') return { fault: got };
	const { sign, nano, format } = got;
	if (nano === 0n) return { text: '0' };
	const minus = sign < 0n ? '-' : '';
	const unit = power(10n, NANO);
	const whole = nano % unit === 0n && nano >= 1024n * unit;
	return {
		text: `${minus}${format === 'binary' && whole ? binaryText(nano / unit) : decimalText(nano, format === 'exponent')}`,
	};
};
