/** Sums of quantities, and how the server writes them. */
import { quantity } from '../values.ts';

/** What is written in powers of 1024 stays so, and what is in powers of 1000 too: `1Ki` and `1024` are two texts. */
export interface Amount {
	/** Thousandths of cores, octets or pieces. */
	readonly milli: number;
	readonly binary: boolean;
}

/** By resource. */
export type Amounts = Readonly<Record<string, Amount>>;

/** `500m` is 500, `1Gi` 1024³·1000; 0 for what is no quantity. */
export const milli = (value: unknown): number => Math.round((quantity(value) ?? 0) * 1000);

export const amountOf = (value: unknown): Amount => ({ milli: milli(value), binary: /i$/.test(String(value)) });

export const NONE: Amount = { milli: 0, binary: false };

/** The sum is written as the first of both is, unless that is nothing (apimachinery pkg/api/resource Quantity.Add()). */
export const plus = (a: Amount, b: Amount): Amount => ({
	milli: a.milli + b.milli,
	binary: a.milli === 0 ? b.binary : a.binary,
});

const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const DECIMAL = ['k', 'M', 'G', 'T', 'P'];

function suffixed(amount: number, base: number, units: readonly string[]): string {
	let whole = amount;
	let unit = '';
	for (const next of units) {
		if (whole === 0 || whole % base !== 0) break;
		whole /= base;
		unit = next;
	}
	return `${whole}${unit}`;
}

/** The canonical text: `500m`, `2`, `128Mi`, `1G` (apimachinery pkg/api/resource/quantity.go CanonicalizeBytes() @ v0.24.0). */
export const amountText = ({ milli: thousandths, binary }: Amount): string => {
	if (thousandths % 1000 !== 0) return `${thousandths}m`;
	const whole = thousandths / 1000;
	return binary && whole >= 1024 ? suffixed(whole, 1024, BINARY) : suffixed(whole, 1000, DECIMAL);
};
