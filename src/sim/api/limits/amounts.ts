/** Sums of quantities, in thousandths, and how the server writes them. */
import { quantity } from '../values.ts';

/** By resource: thousandths of cores, octets or pieces. */
export type Amounts = Readonly<Record<string, number>>;

/** `500m` is 500, `1Gi` 1024³·1000; 0 for what is no quantity. */
export const milli = (value: unknown): number => Math.round((quantity(value) ?? 0) * 1000);

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

/**
 * The canonical text: `500m`, `2`, `128Mi`, `1G` (apimachinery pkg/api/resource/quantity.go @ v0.24.0). A server remembers
 * whether octets were written in powers of 1000 or of 1024; here it is what makes the shorter text.
 */
export const amountText = (name: string, thousandths: number): string => {
	if (thousandths % 1000 !== 0) return `${thousandths}m`;
	const whole = thousandths / 1000;
	if (!/memory|storage/.test(name)) return String(whole);
	const [binary, decimal] = [suffixed(whole, 1024, BINARY), suffixed(whole, 1000, DECIMAL)];
	return decimal.length < binary.length ? decimal : binary;
};
