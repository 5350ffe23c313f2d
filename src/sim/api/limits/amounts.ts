/** Sums of quantities, in thousandths, and how the server writes them. */
import { quantity } from '../values.ts';

/** By resource: thousandths of cores, octets or pieces. */
export type Amounts = Readonly<Record<string, number>>;

/** `500m` is 500, `1Gi` 1024³·1000; 0 for what is no quantity. */
export const milli = (value: unknown): number => Math.round((quantity(value) ?? 0) * 1000);

const UNITS = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** The canonical text: `500m`, `2`, `128Mi` (apimachinery pkg/api/resource/quantity.go @ v0.24.0). */
export const amountText = (name: string, thousandths: number): string => {
	if (thousandths % 1000 !== 0) return `${thousandths}m`;
	let whole = thousandths / 1000;
	if (!/memory|storage/.test(name)) return String(whole);
	let unit = '';
	for (const next of UNITS) {
		if (whole === 0 || whole % 1024 !== 0) break;
		whole /= 1024;
		unit = next;
	}
	return `${whole}${unit}`;
};
