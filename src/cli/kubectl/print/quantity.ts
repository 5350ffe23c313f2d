/**
 * Quantities as numbers, and back: `100m`, `70Mi`, `1e3`.
 *
 * Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/{quantity,suffix}.go @ v0.24.0.
 */
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['k', 'M', 'G', 'T', 'P', 'E'];
const SMALL: Readonly<Record<string, number>> = { n: 1e-9, u: 1e-6, m: 1e-3 };

const PATTERN = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** The value; undefined when the text is no quantity. */
export function quantityOf(text: string): number | undefined {
	const match = PATTERN.exec(text);
	if (!match) return undefined;
	const value = Number(match[1]);
	const suffix = match[2] ?? '';
	if (suffix === '') return value;
	if (/^[eE][+-]?\d/.test(suffix)) return value * 10 ** Number(suffix.slice(1));
	const binary = BINARY.indexOf(suffix);
	if (binary >= 0) return value * 1024 ** (binary + 1);
	const decimal = DECIMAL.indexOf(suffix);
	return decimal >= 0 ? value * 1000 ** (decimal + 1) : value * SMALL[suffix]!;
}

type Format = 'binary' | 'decimal';

/** How a quantity is written: with `Ki`, or with `k` and the like. */
export const formatOf = (text: string): Format => (/[KMGTPE]i$/.test(text) ? 'binary' : 'decimal');

/** Canonical form: the greatest suffix that leaves a whole number. */
export function quantityText(value: number, format: Format): string {
	if (value === 0) return '0';
	const step = format === 'binary' ? 1024 : 1000;
	const names = format === 'binary' ? BINARY : DECIMAL;
	if (!Number.isInteger(value)) {
		const milli = Math.ceil(Math.round(value * 1e6) / 1e3);
		return milli % 1000 === 0 ? quantityText(milli / 1000, format) : `${milli}m`;
	}
	let rest = value;
	let times = 0;
	while (times < names.length && rest % step === 0) {
		rest /= step;
		times++;
	}
	return times === 0 ? String(rest) : `${rest}${names[times - 1]}`;
}

/** A written quantity in canonical form, as the API's own printing does; texts that are none stay. */
export function canonical(text: string): string {
	const value = quantityOf(text);
	return value === undefined ? text : quantityText(value, formatOf(text));
}
