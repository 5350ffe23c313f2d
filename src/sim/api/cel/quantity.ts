/** Quantities in expressions (apiserver pkg/cel/library/quantity.go @ v1.33.0), in billionths. */
const NANO = 1_000_000_000n;
const POWERS: Readonly<Record<string, bigint>> = {
	n: 1n,
	u: 1000n,
	m: 1_000_000n,
	'': NANO,
	k: NANO * 1000n,
	M: NANO * 1000n ** 2n,
	G: NANO * 1000n ** 3n,
	T: NANO * 1000n ** 4n,
	P: NANO * 1000n ** 5n,
	E: NANO * 1000n ** 6n,
	Ki: NANO * 1024n,
	Mi: NANO * 1024n ** 2n,
	Gi: NANO * 1024n ** 3n,
	Ti: NANO * 1024n ** 4n,
	Pi: NANO * 1024n ** 5n,
	Ei: NANO * 1024n ** 6n,
};

export class Quantity {
	readonly nano: bigint;
	constructor(nano: bigint) {
		this.nano = nano;
	}
}

export const readQuantity = (text: string): Quantity | undefined => {
	const [whole, sign, digits = '', fraction = '', unit = '', exponent] =
		/^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(text) ?? [];
	if (whole === undefined || digits + fraction === '') return undefined;
	const base = BigInt(digits + fraction);
	let top = base * (exponent === undefined ? POWERS[unit]! : NANO);
	let below = 10n ** BigInt(fraction.length);
	if (exponent !== undefined) {
		const power = Number(exponent);
		if (power >= 0) top *= 10n ** BigInt(power);
		else below *= 10n ** BigInt(-power);
	}
	// What is finer than a billionth counts as one.
	const nano = (top + below - 1n) / below;
	return new Quantity(sign === '-' ? -nano : nano);
};

export const isWhole = ({ nano }: Quantity): boolean => nano % NANO === 0n;

export const wholeOf = ({ nano }: Quantity): bigint => nano / NANO;

export const floatOf = ({ nano }: Quantity): number => Number(nano) / 1e9;
